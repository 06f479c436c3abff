//! The data of the selected experiment: every row, what is known of each column, what should be
//! looked at before training, and how the file was read.

mod card;
mod grid;
mod known;
mod loading;
mod look;
mod menu;
mod reading;
mod scroll;
mod search;

use std::sync::Arc;
use std::time::Duration;

use egui::{Frame, Key, Margin, Modifiers, Ui};

use super::axes::empty_ui;
use super::quantity::menu as words_menu;
use super::subject::first_rows;
use super::{View, ViewContext};
use crate::app::theme::{Theme, small, space, strong};
use crate::app::words;
use crate::data::{CsvSource, Loaded, Source, Task};
use crate::experiment::Experiment;
use crate::session::{DataState, SessionCommand, Severity};
use card::{CardSize, Role};
use grid::{Grid, Sheet};
use known::Known;
use loading::{failed_ui, loading_ui};
use look::{Wish, look_link, look_ui, quoted};
use menu::Action;
use reading::{ReadingPage, set_type};
use search::Search;

/// A file that is read sooner is not worth a picture of its own.
const SOON: Duration = Duration::from_millis(150);

/// What is shown of the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Table,
    Look,
    Reading,
}

impl Page {
    const ALL: [Self; 3] = [Self::Table, Self::Look, Self::Reading];

    fn title(self, n_findings: usize) -> String {
        match self {
            Self::Table => "Table".to_owned(),
            Self::Look if n_findings > 0 => format!("To look at: {n_findings}"),
            Self::Look => "To look at".to_owned(),
            Self::Reading => "Reading".to_owned(),
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Table => "Every row and column",
            Self::Look => "What should be looked at before training, and what can be done about it",
            Self::Reading => "How the file was read, and what was left out or repaired",
        }
    }
}

/// The data of the selected experiment: every row, and for each column its type, missing values,
/// statistics and histogram; sorted, searched, copied.
///
/// Costs what is in view, however large the table; what takes a look at all rows is computed in the
/// background.
#[derive(Default)]
pub(super) struct DataTable {
    page: Page,
    known: Option<Known>,
    grid: Grid,
    search: Search,
    reading: ReadingPage,
    /// The first rows, while the others are being read.
    head: Grid,
    /// Whether there is room for a tab for each page, which says what there is to look at.
    has_tabs: bool,
}

/// The settings of the file, where the data are one.
fn file(experiment: &Experiment) -> Option<&CsvSource> {
    match &experiment.data {
        Source::Csv(csv) => Some(csv),
        _ => None,
    }
}

fn role(csv: Option<&CsvSource>, loaded: &Loaded, index: usize) -> Role {
    let name = loaded.table.columns.get(index).map_or("", |column| column.name.as_str());
    match csv {
        _ if index == loaded.target => Role::Target,
        Some(csv) if csv.weights == name && !name.is_empty() => Role::Weights,
        Some(csv) if csv.is_left_out(name) => Role::Ignored,
        _ => Role::Feature,
    }
}

impl View for DataTable {
    fn title(&self) -> String {
        "Data".to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let Some(entry) = context.session.selected_entry() else { return };
        let loaded = match &entry.data {
            DataState::Ready { loaded, .. } => Some(loaded),
            DataState::Failed(_) if file(&entry.experiment).is_some() => entry.loaded.as_ref(),
            _ => return,
        };
        let n = self.known.as_ref().and_then(Known::findings).map_or(0, <[_]>::len);
        self.has_tabs = ui.available_width() > 380.0;
        if self.has_tabs {
            ui.spacing_mut().item_spacing.x = 2.0;
            for page in Page::ALL.into_iter().rev() {
                let text = small(page.title(n));
                let response = ui.selectable_label(self.page == page, text);
                if response.on_hover_text(page.help()).clicked() {
                    self.page = page;
                }
            }
        } else {
            words_menu(ui, format!("{} ▾", self.page.title(n).to_lowercase()), |ui| {
                for page in Page::ALL {
                    if ui.selectable_label(self.page == page, page.title(n)).clicked() {
                        self.page = page;
                    }
                }
            });
        }
        let Some(loaded) = loaded else { return };
        let text = format!(
            "{} · {} × {}",
            loaded.name,
            words::counted(loaded.n_rows() as u64, "row", "rows"),
            words::counted(loaded.table.columns.len() as u64, "column", "columns")
        );
        // Only where the tabs have room beside it.
        if ui.available_width() > 420.0 {
            ui.add_space(space::NORMAL);
            ui.add(egui::Label::new(small(text).color(context.theme.dim)).truncate());
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some(entry) = context.session.selected_entry() else {
            empty_ui(ui, theme, "No experiment selected", "Its data appear here.");
            return;
        };
        // A file that takes a while is shown as far as it is there.
        let folder = context.session.document().folder();
        let reading = context.session.reading();
        let reading = reading.filter(|reading| {
            reading.is_of(&entry.experiment.data, folder) && reading.since.elapsed() > SOON
        });
        if let Some(reading) = reading {
            return loading_ui(ui, context, &mut self.head, &reading);
        }
        let is_file = file(&entry.experiment).is_some();
        let loaded = match &entry.data {
            DataState::Ready { loaded, .. } => Arc::clone(loaded),
            DataState::None => {
                let text = "The selected experiment descends a test surface.";
                return empty_ui(ui, theme, "No data", text);
            }
            DataState::Loading => {
                return empty_ui(ui, theme, "Reading the data…", "The table appears here.");
            }
            DataState::Failed(reason) if is_file && self.page == Page::Reading => {
                return self.reading.ui(ui, context, entry.loaded.as_ref(), Some(reason));
            }
            // Another target may be all it takes.
            DataState::Failed(reason) if let Some(loaded) = &entry.loaded => {
                Frame::NONE.inner_margin(Margin::symmetric(8, 4)).show(ui, |ui| {
                    let problem = egui::RichText::new(reason).color(theme.bad);
                    ui.add(egui::Label::new(problem).wrap());
                });
                Arc::clone(loaded)
            }
            DataState::Failed(reason) => {
                if failed_ui(ui, context, reason, is_file) {
                    self.page = Page::Reading;
                }
                return;
            }
        };
        if self.known.as_ref().is_none_or(|known| !known.is_of_table(&loaded)) {
            self.grid.reset(&loaded);
            self.search.forget();
            self.known = Some(Known::new(ui.ctx(), &loaded));
        }
        if let Some(known) = &mut self.known {
            known.update(ui.ctx(), &loaded, &entry.experiment);
        }
        match self.page {
            Page::Table => self.table_ui(ui, context, &loaded),
            Page::Look => {
                if let Some(text) = first_rows(&loaded) {
                    Frame::NONE.inner_margin(Margin::symmetric(12, 2)).show(ui, |ui| {
                        let text = format!("{text} were looked at; the others are in a file.");
                        ui.label(small(text).color(theme.dim));
                    });
                }
                let wish = self.known.as_ref().and_then(|known| look_ui(ui, theme, known));
                self.grant(wish, context);
            }
            Page::Reading => self.reading.ui(ui, context, Some(&loaded), None),
        }
    }
}

impl DataTable {
    fn grant(&mut self, wish: Option<Wish>, context: &mut ViewContext<'_>) {
        match wish {
            None => {}
            Some(Wish::Show(column)) => {
                self.page = Page::Table;
                self.grid.show_column(column);
            }
            Some(Wish::Change(change)) => {
                let Some(entry) = context.session.selected_entry() else { return };
                if let Some(changed) = change.apply(&entry.experiment) {
                    context.commands.push(context.session.shared_edit(changed));
                    let told = SessionCommand::Tell(Severity::Info, quoted(&change.done()));
                    context.commands.push(told);
                }
            }
        }
    }

    fn table_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>, loaded: &Arc<Loaded>) {
        let theme = context.theme;
        if self.grid.update() {
            self.search.forget();
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F)) {
            self.search.open(None);
        }
        let whole = ui.max_rect().with_min_y(ui.cursor().top());
        let height = whole.height();
        let mut goal = None;
        Frame::NONE.inner_margin(Margin::symmetric(8, 2)).show(ui, |ui| {
            ui.set_height(space::FIELD);
            if self.search.is_open {
                goal = self.search.ui(ui, theme, loaded, self.grid.order());
            } else {
                self.target_ui(ui, context, loaded);
            }
        });
        let size = CardSize::for_height(height);
        let has_line = height >= 180.0;
        let below = if has_line { 22.0 } else { 0.0 };
        let mut actions = Vec::new();
        let Some(entry) = context.session.selected_entry() else { return };
        let csv = file(&entry.experiment);
        let known = self.known.as_ref();
        let sheet = Sheet {
            theme,
            loaded,
            summary: &|index| known.and_then(|known| known.summary(index)),
            role: &|index| role(csv, loaded, index),
            is_file: csv.is_some(),
            matcher: self.search.matcher(),
            current: self.search.current(),
        };
        let area = ui.available_rect_before_wrap().intersect(whole);
        let area = area.with_max_y((area.bottom() - below).max(area.top()));
        ui.scope_builder(egui::UiBuilder::new().max_rect(area), |ui| {
            if let Some(cell) = goal {
                self.grid.go_to(ui, cell, size);
            }
            self.grid.ui(ui, &sheet, size, &mut actions);
        });
        for action in &actions {
            if let Action::Copy(with_names) = action {
                let mut told = Vec::new();
                self.grid.copy(ui, &sheet, *with_names, &mut told);
                context.commands.extend(told.into_iter().filter_map(tell));
            }
        }
        if has_line {
            self.status_ui(ui, theme, loaded, whole.with_min_y(area.bottom()));
        }
        for action in actions {
            self.act(ui, context, loaded, action);
        }
    }

    /// What is selected, and by what the rows are sorted.
    fn status_ui(&self, ui: &Ui, theme: &Theme, loaded: &Loaded, rect: egui::Rect) {
        let font = egui::TextStyle::Small.resolve(ui.style());
        let painter = ui.painter();
        painter.hline(rect.x_range(), rect.top(), egui::Stroke::new(1.0, theme.line));
        let text = match (self.grid.selected_words(loaded), self.grid.sorted) {
            (Some(selected), _) => selected,
            (None, Some((column, _))) => {
                let name = loaded.table.columns.get(column).map_or("", |column| &column.name);
                format!("sorted by {name}")
            }
            (None, None) => {
                "Click a name to sort, a cell to select; Ctrl F searches, Ctrl C copies".to_owned()
            }
        };
        let text = match first_rows(loaded) {
            Some(first) => format!("{first}: the table, its cards, sorting and search · {text}"),
            None => text,
        };
        let response = ui.interact(rect, ui.scope_id().with("status"), egui::Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
        let mut job = egui::text::LayoutJob::simple_singleline(text, font, theme.dim);
        job.wrap = egui::text::TextWrapping::truncate_at_width((rect.width() - 16.0).max(8.0));
        let galley = painter.layout_job(job);
        let y = rect.center().y - 0.5 * galley.size().y;
        painter.galley(egui::pos2(rect.left() + 8.0, y), galley, theme.dim);
    }

    fn act(
        &mut self,
        ui: &Ui,
        context: &mut ViewContext<'_>,
        loaded: &Arc<Loaded>,
        action: Action,
    ) {
        let name = |index: usize| {
            loaded.table.columns.get(index).map_or_else(String::new, |column| column.name.clone())
        };
        match action {
            Action::Sort(column, direction) => {
                let by = direction.map(|direction| (column, direction));
                self.grid.sort(ui.ctx(), loaded, by);
                self.search.forget();
            }
            Action::Search(text) => self.search.open(Some(text)),
            Action::Copy(_) => {}
            Action::Target(index) => edit_file(context, |csv| set_target(csv, &name(index))),
            Action::Ignore(index, ignored) => edit_file(context, |csv| {
                csv.ignore.retain(|other| *other != name(index));
                if ignored {
                    csv.ignore.push(name(index));
                }
            }),
            Action::Type(index, kind) => {
                edit_file(context, |csv| set_type(csv, &name(index), kind));
            }
            Action::Weights(index, weighs) => edit_file(context, |csv| {
                csv.weights = if weighs { name(index) } else { String::new() };
            }),
            told @ Action::Tell(_) => context.commands.extend(tell(told)),
        }
    }

    /// The target and the task; both can be changed where the data are a file.
    fn target_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>, loaded: &Loaded) {
        let theme = context.theme;
        let columns = &loaded.table.columns;
        let target = columns.get(loaded.target).map_or("", |column| column.name.as_str());
        let Some(entry) = context.session.selected_entry() else { return };
        ui.horizontal_centered(|ui| {
            // In a narrow view the fields say by themselves what they are.
            let has_labels = ui.available_width() > NARROW;
            let caption = |ui: &mut Ui, text: &str| {
                has_labels.then(|| ui.label(small(text).color(theme.dim)).id)
            };
            let label = caption(ui, "Target");
            let Some(source) = file(&entry.experiment) else {
                ui.add(egui::Label::new(strong(target)).truncate());
                self.beside_ui(ui, theme);
                return;
            };
            let mut changed = source.clone();
            let beside = if ui.available_width() > BESIDE { 190.0 } else { 0.0 };
            let taken = if has_labels { 92.0 } else { 44.0 };
            let width = (0.5 * (ui.available_width() - taken - beside)).clamp(40.0, 170.0);
            let target_field = egui::ComboBox::from_id_salt("target column")
                .selected_text(target)
                .width(width)
                .truncate()
                .show_ui(ui, |ui| {
                    for column in columns.iter().take(MOST_OFFERED) {
                        let chosen = column.name == target;
                        if ui.selectable_label(chosen, &column.name).clicked() {
                            set_target(&mut changed, &column.name);
                        }
                    }
                    if columns.len() > MOST_OFFERED {
                        ui.label(small("Others: click a column with the second button."));
                    }
                })
                .response;
            named(target_field, label, "Target");
            let label = caption(ui, "Task");
            let name = |task| match task {
                Task::Auto => "as it looks",
                Task::Regression => "regression",
                Task::Classification => "classification",
            };
            let task_field = egui::ComboBox::from_id_salt("task")
                .selected_text(name(changed.task))
                .width(width.min(120.0))
                .truncate()
                .show_ui(ui, |ui| {
                    for task in [Task::Auto, Task::Regression, Task::Classification] {
                        ui.selectable_value(&mut changed.task, task, name(task));
                    }
                })
                .response;
            named(task_field, label, "Task");
            self.beside_ui(ui, theme);
            if changed != *source {
                edit_file(context, |csv| *csv = changed);
            }
        });
    }

    /// What should be looked at, and the search, at the right end.
    fn beside_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.with_layout(layout, |ui| {
            let room = ui.available_width();
            if room > 52.0 {
                let search = crate::app::widgets::link(ui, theme, "Search");
                if search.on_hover_text("Search in all cells (Ctrl F)").clicked() {
                    self.search.open(None);
                }
            }
            if room > 190.0
                && !self.has_tabs
                && self.known.as_ref().is_some_and(|known| look_link(ui, theme, known))
            {
                self.page = Page::Look;
            }
        });
    }
}

/// Says what a field is for, by the label before it or else in words.
fn named(field: egui::Response, label: Option<egui::Id>, name: &str) {
    match label {
        Some(label) => drop(field.labelled_by(label)),
        None => {
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name));
            field.on_hover_text(name);
        }
    }
}

/// Up to this width there is no room for labels before target and task.
const NARROW: f32 = 280.0;
/// From this width on there is room for more beside target and task.
const BESIDE: f32 = 420.0;
/// Columns in the menu of targets; with more, a menu is no help.
const MOST_OFFERED: usize = 300;

fn set_target(csv: &mut CsvSource, name: &str) {
    csv.target = name.to_owned();
    csv.ignore.retain(|ignored| ignored != name);
    if csv.weights == name {
        csv.weights.clear();
    }
}

fn tell(action: Action) -> Option<SessionCommand> {
    match action {
        Action::Tell(text) => Some(SessionCommand::Tell(Severity::Warning, text)),
        _ => None,
    }
}

/// Changes how the file of the selected experiment is used, and of those that share it.
fn edit_file(context: &mut ViewContext<'_>, change: impl FnOnce(&mut CsvSource)) {
    let Some(entry) = context.session.selected_entry() else { return };
    let mut experiment = entry.experiment.clone();
    let Source::Csv(csv) = &mut experiment.data else { return };
    change(csv);
    if experiment != entry.experiment {
        context.commands.push(context.session.shared_edit(experiment));
    }
}
