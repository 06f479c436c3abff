//! What the pictures of data have in common: whose data they show, the choice of columns and parts,
//! and what one of them asks of another.

use std::sync::Arc;

use egui::{Color32, Rect, Ui, vec2};

use super::ViewContext;
use super::axes::empty_ui;
use crate::analysis::{LazyMembers, PARTS, Wake};
use crate::app::theme::{Theme, small};
use crate::app::words;
use crate::data::prepare::Loaded;
use crate::data::{Cells, Prepared, Source, Table};
use crate::session::DataState;

/// Entries from which on a list can be searched.
const WORTH_A_SEARCH: usize = 12;
/// Letters of a choice that are shown.
const MOST_LETTERS: usize = 22;
/// How wide a list is at most.
const MENU: f32 = 320.0;
/// Levels that an axis has room for.
pub(super) const MOST_LEVELS: usize = 50;

/// The data of the selected experiment as a picture of them needs it.
#[derive(Clone)]
pub(super) struct Shown {
    /// The table.
    pub loaded: Arc<Loaded>,
    /// As the first seed divides and scales it.
    pub prepared: Arc<Prepared>,
    /// To which part and class each row belongs.
    pub members: Arc<LazyMembers>,
    /// Columns that are no features.
    pub left_out: Vec<String>,
}

impl Shown {
    /// Whether this is the very same table.
    pub(super) fn is_on(&self, loaded: &Arc<Loaded>) -> bool {
        Arc::ptr_eq(&self.loaded, loaded)
    }

    /// The table.
    pub(super) fn table(&self) -> &Table {
        &self.loaded.table
    }

    /// The name of a column; nothing where there is none.
    pub(super) fn name(&self, column: usize) -> &str {
        self.table().columns.get(column).map_or("", |column| column.name.as_str())
    }

    /// The column of that name.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.table().columns.iter().position(|column| column.name == name)
    }

    /// Columns that can stand along an axis.
    pub(super) fn drawable(&self) -> Vec<usize> {
        let columns = self.table().columns.iter().enumerate();
        columns
            .filter(|(_, column)| match &column.cells {
                Cells::Numeric(_) => true,
                Cells::Nominal { levels, .. } => levels.len() <= MOST_LEVELS,
            })
            .map(|(index, _)| index)
            .collect()
    }
}

/// Follows the selection, and remembers what it has found out about the data.
#[derive(Default)]
pub(super) struct DataSubject {
    shown: Option<Shown>,
}

impl DataSubject {
    /// The data of the selected experiment; where there are none, says why in all of `ui`.
    pub(super) fn get(&mut self, ui: &mut Ui, context: &ViewContext<'_>) -> Option<Shown> {
        let theme = context.theme;
        let Some(entry) = context.session.selected_entry() else {
            empty_ui(ui, theme, "No experiment selected", "Its data appear here.");
            return None;
        };
        let (loaded, prepared) = match &entry.data {
            DataState::Ready { loaded, prepared, .. } => (loaded, prepared),
            DataState::None => {
                let text = "The selected experiment descends a test surface.";
                empty_ui(ui, theme, "No data", text);
                return None;
            }
            DataState::Failed(reason) => {
                empty_ui(ui, theme, "The data cannot be used", reason);
                return None;
            }
            DataState::Loading => {
                empty_ui(ui, theme, "Reading the data…", "They appear here.");
                return None;
            }
        };
        let left_out = match &entry.experiment.data {
            Source::Csv(csv) => {
                let mut names = csv.ignore.clone();
                names.extend((!csv.weights.is_empty()).then(|| csv.weights.clone()));
                names
            }
            _ => Vec::new(),
        };
        let is_known = self.shown.as_ref().is_some_and(|shown| {
            shown.is_on(loaded)
                && Arc::ptr_eq(&shown.prepared, prepared)
                && shown.left_out == left_out
        });
        if !is_known {
            let n_rows = loaded.table.n_rows();
            self.shown = Some(Shown {
                loaded: Arc::clone(loaded),
                prepared: Arc::clone(prepared),
                members: Arc::new(LazyMembers::new(Arc::clone(prepared), n_rows)),
                left_out,
            });
        }
        self.shown.clone()
    }

    /// The same for a picture of the rows at hand, which says so where there are more.
    pub(super) fn get_rows(&mut self, ui: &mut Ui, context: &ViewContext<'_>) -> Option<Shown> {
        let shown = self.get(ui, context)?;
        if let Some(text) = first_rows(&shown.loaded) {
            egui::Frame::NONE.inner_margin(egui::Margin::symmetric(8, 2)).show(ui, |ui| {
                ui.add(egui::Label::new(small(text).color(context.theme.dim)).truncate());
            });
        }
        Some(shown)
    }
}

/// `The first 10,000 of 2,000,000 rows`, where the others are in a file.
pub(super) fn first_rows(loaded: &Loaded) -> Option<String> {
    let [shown, all] = [loaded.table.n_rows(), loaded.n_rows()].map(|n| n as u64);
    (shown < all)
        .then(|| format!("The first {} of {} rows", words::count(shown), words::count(all)))
}

/// What a background thread calls to have its answer drawn.
pub(super) fn waker(ctx: &egui::Context) -> Wake {
    let ctx = ctx.clone();
    Box::new(move || ctx.request_repaint())
}

/// Says that something is on its way, or why it will not come.
pub(super) fn waiting_ui(ui: &mut Ui, theme: &Theme, has_failed: bool) {
    if has_failed {
        let text = "A fault of the program; the other views are not affected.";
        empty_ui(ui, theme, "This could not be computed", text);
    } else {
        empty_ui(ui, theme, "Computing…", "Large tables take a moment.");
    }
}

/// The row of choices above a picture.
pub(super) fn controls_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::Frame::NONE.inner_margin(egui::Margin::symmetric(8, 3)).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = 22.0;
        ui.spacing_mut().button_padding = vec2(5.0, 2.0);
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        ui.horizontal_wrapped(add);
    });
}

/// A list to choose from, with a search where it is long. It looks like text: `prefix` and what is
/// chosen; `label` is for people who cannot see it.
pub(super) fn chooser<T: Copy + PartialEq>(
    ui: &mut Ui,
    label: &str,
    prefix: &str,
    entries: &[(T, &str)],
    current: T,
) -> Option<T> {
    let text = entries.iter().find(|(value, _)| *value == current).map_or("", |(_, name)| *name);
    let shown = small(format!("{prefix}{} ▾", shortened(text, MOST_LETTERS)));
    let response = ui.add(egui::Button::new(shown).frame_when_inactive(false));
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::ComboBox, true, label);
        info.current_text_value = Some(text.to_owned());
        info
    });
    let mut chosen = None;
    let search_id = response.id.with("search");
    let popup = egui::Popup::menu(&response)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            let mut search: String = ui.data(|data| data.get_temp(search_id)).unwrap_or_default();
            ui.set_min_width(180.0);
            ui.set_max_width(MENU);
            if entries.len() > WORTH_A_SEARCH {
                let field = egui::TextEdit::singleline(&mut search).hint_text("Search");
                ui.add(field.desired_width(f32::INFINITY));
            }
            let lower = search.to_lowercase();
            let found: Vec<&(T, &str)> = entries
                .iter()
                .filter(|(_, name)| lower.is_empty() || name.to_lowercase().contains(&lower))
                .collect();
            if found.is_empty() {
                ui.weak("Nothing of this name");
            }
            let height = ui.spacing().interact_size.y;
            let area = egui::ScrollArea::vertical().max_height(280.0);
            area.show_rows(ui, height, found.len(), |ui, range| {
                for (value, name) in &found[range] {
                    let text = shortened(name, 2 * MOST_LETTERS);
                    let button = egui::Button::selectable(*value == current, text);
                    if ui.add(button.min_size(vec2(ui.available_width(), height))).clicked() {
                        chosen = Some(*value);
                        ui.close();
                    }
                }
            });
            ui.data_mut(|data| data.insert_temp(search_id, search));
        });
    if popup.is_none() {
        ui.data_mut(|data| data.remove_temp::<String>(search_id));
        response.on_hover_text(label);
    }
    chosen
}

/// At most so many letters of a text, with dots where there are more.
pub(super) fn shortened(text: &str, n_most: usize) -> String {
    match text.char_indices().nth(n_most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A small label before a field.
pub(super) fn caption(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.label(small(text).color(theme.dim));
}

/// Which part is shown: one of [`PARTS`], or all with those in none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PartFilter(pub Option<usize>);

impl PartFilter {
    /// The choice of the part.
    pub(super) fn ui(&mut self, ui: &mut Ui, data: &Prepared) {
        let samples = [&data.train, &data.validation, &data.test];
        let parts = (0..PARTS.len()).filter(|part| !samples[*part].rows.is_empty());
        let mut entries = vec![(None, "all parts")];
        entries.extend(parts.map(|part| (Some(part), PARTS[part])));
        if let Some(part) = chooser(ui, "Part of the data", "", &entries, self.0) {
            self.0 = part;
        }
    }

    /// For each part, and for rows in none, whether it is shown.
    pub(super) fn flags(self) -> [bool; 4] {
        std::array::from_fn(|part| self.0.is_none_or(|only| only == part))
    }
}

/// What is under the pointer, beside it and at once.
pub(super) fn beside_pointer(ui: &Ui, response: &egui::Response, add: impl FnOnce(&mut Ui)) {
    let id = response.id.with("under the pointer");
    let anchor = egui::PopupAnchor::Pointer;
    let tooltip = egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, anchor);
    tooltip.gap(14.0).show(add);
}

/// Colours and words in the corner of a plot.
pub(super) fn legend_ui(ui: &Ui, theme: &Theme, frame: Rect, lines: &[(Option<Color32>, String)]) {
    let mut at = frame.left_top() + vec2(8.0, 6.0);
    let font = egui::FontId::proportional(11.0);
    let painter = ui.painter().with_clip_rect(frame);
    for (color, text) in lines {
        let galley = painter.layout(text.clone(), font.clone(), theme.dim, frame.width() - 34.0);
        if at.y + galley.size().y > frame.bottom() {
            break;
        }
        let left = if color.is_some() { 14.0 } else { 0.0 };
        let size = galley.size() + vec2(left, 0.0);
        let back = Rect::from_min_size(at, size).expand2(vec2(3.0, 0.5));
        painter.rect_filled(back, 2, theme.plot.gamma_multiply(0.8));
        if let Some(color) = color {
            painter.circle_filled(at + vec2(5.0, 0.5 * size.y), 3.5, *color);
        }
        painter.galley(at + vec2(left, 0.0), galley, theme.dim);
        at.y += size.y + 1.0;
    }
}

/// A wish that one view leaves for another: the scatter of two columns, by name.
#[derive(Clone, Default)]
struct WantedPair([String; 2]);

fn wish() -> egui::Id {
    egui::Id::unique("the scatter of two columns is wanted")
}

/// Asks for the scatter of two columns.
pub(super) fn want_pair(ctx: &egui::Context, pair: [String; 2]) {
    ctx.data_mut(|data| data.insert_temp(wish(), WantedPair(pair)));
    ctx.request_repaint();
}

/// Whether someone has asked for it and nobody has shown it yet.
pub(in crate::app) fn pair_is_wanted(ctx: &egui::Context) -> bool {
    ctx.data(|data| data.get_temp::<WantedPair>(wish()).is_some())
}

/// The two columns that were asked for, once.
pub(super) fn take_wanted_pair(ctx: &egui::Context) -> Option<[String; 2]> {
    ctx.data_mut(|data| data.remove_temp::<WantedPair>(wish())).map(|wanted| wanted.0)
}
