use std::sync::Arc;
use std::time::Duration;

use egui::{Id, Key, Modifiers, TextEdit, Ui, WidgetInfo, vec2};

use crate::analysis::table::{Found, Matcher, Task, find};
use crate::app::theme::{Theme, small, space};
use crate::app::words;
use crate::data::Loaded;

/// News of the background are drawn this long after they came, several at once.
const PAUSE: Duration = Duration::from_millis(30);

/// A text that is searched for in all cells, in the background.
#[derive(Default)]
pub(super) struct Search {
    pub(super) is_open: bool,
    text: String,
    matcher: Matcher,
    task: Option<Task<Found>>,
    /// Which of the matches was gone to last.
    current: Option<usize>,
    wants_focus: bool,
}

impl Search {
    /// Opens the field, with a text where one is given.
    pub(super) fn open(&mut self, text: Option<String>) {
        self.is_open = true;
        self.wants_focus = true;
        if let Some(text) = text {
            self.text = text;
        }
    }

    pub(super) fn close(&mut self) {
        self.is_open = false;
        self.text.clear();
        self.forget();
    }

    /// Searches anew: the table or the order of its rows is another.
    pub(super) fn forget(&mut self) {
        (self.task, self.matcher, self.current) = (None, Matcher::default(), None);
    }

    pub(super) fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// The match that was gone to last.
    pub(super) fn current(&self) -> Option<(u32, u32)> {
        let (task, current) = (self.task.as_ref()?, self.current?);
        task.look(|found| found.cells.get(current).copied())
    }

    /// Starts another search where the text has changed.
    fn update(&mut self, ui: &Ui, loaded: &Arc<Loaded>, order: Option<&Arc<Vec<u32>>>) {
        let matcher = Matcher::new(&self.text);
        if matcher == self.matcher {
            return;
        }
        (self.current, self.task) = (None, None);
        self.matcher = matcher.clone();
        if matcher.is_empty() {
            return;
        }
        let (ctx, loaded, order) = (ui.ctx().clone(), Arc::clone(loaded), order.cloned());
        self.task = Some(Task::start(
            "search",
            move || ctx.request_repaint_after(PAUSE),
            move |desk| {
                let order = order.as_ref().map(|order| order.as_slice());
                find(&loaded, order, &matcher, desk);
            },
        ));
    }

    /// Draws the field with its count and buttons; the cell to go to.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        loaded: &Arc<Loaded>,
        order: Option<&Arc<Vec<u32>>>,
    ) -> Option<[usize; 2]> {
        let mut step: Option<isize> = None;
        let mut closes = false;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::TIGHT;
            let width = (ui.available_width() - 190.0).clamp(80.0, 260.0);
            let field = TextEdit::singleline(&mut self.text)
                .id(Id::unique("search in the data"))
                .hint_text("Search in all cells")
                .desired_width(width)
                .min_size(vec2(0.0, space::FIELD))
                .margin(egui::Margin::symmetric(8, 4));
            let response = ui.add(field);
            response.widget_info(|| {
                WidgetInfo::labeled(egui::Role::TextInput, true, "Search in all cells")
            });
            if std::mem::take(&mut self.wants_focus) {
                response.request_focus();
            }
            let shift = ui.input(|input| input.modifiers.shift);
            if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
                step = Some(if shift { -1 } else { 1 });
                response.request_focus();
            }
            if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
                closes = true;
            }
            let press = |ui: &mut Ui, sign: &str, name: &str| {
                let button = egui::Button::new(sign).min_size(vec2(24.0, 24.0)).frame(false);
                let response = ui.add(button).on_hover_text(name);
                response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, name));
                response.clicked()
            };
            if press(ui, "▴", "Previous match") {
                step = Some(-1);
            }
            if press(ui, "▾", "Next match") {
                step = Some(1);
            }
            if press(ui, "✕", "Close the search") {
                closes = true;
            }
            let text = self.count(loaded);
            ui.add(egui::Label::new(small(text).color(theme.dim)).truncate());
        });
        if closes {
            self.close();
            return None;
        }
        self.update(ui, loaded, order);
        self.go(step)
    }

    /// `3 of 120`.
    fn count(&self, loaded: &Loaded) -> String {
        let Some(task) = &self.task else { return String::new() };
        let (n, is_cut, n_rows) =
            task.look(|found| (found.cells.len(), found.is_cut, found.n_rows));
        let more = if is_cut { "+" } else { "" };
        let found = words::count(n as u64);
        if !task.is_done() {
            let percent = 100.0 * n_rows as f64 / loaded.table.n_rows().max(1) as f64;
            return format!("{found} so far, {percent:.0} %");
        }
        match (n, self.current) {
            (0, _) => "nowhere".to_owned(),
            (_, Some(current)) => {
                format!("{} of {found}{more}", words::count(current as u64 + 1))
            }
            _ => format!("{found}{more}"),
        }
    }

    /// Goes to another match; to the first as soon as there is one.
    fn go(&mut self, step: Option<isize>) -> Option<[usize; 2]> {
        let n = self.task.as_ref()?.look(|found| found.cells.len());
        if n == 0 {
            return None;
        }
        let next = match (self.current, step) {
            (None, _) => 0,
            (Some(_), None) => return None,
            (Some(now), Some(step)) => (now as isize + step).rem_euclid(n as isize) as usize,
        };
        self.current = Some(next);
        self.current().map(|(place, column)| [place as usize, column as usize])
    }
}
