//! The command palette: everything that can be done, found by typing a few letters of it.

use egui::{Key, Ui};

use super::centre::Centre;
use super::help;
use super::orders::{Action, Order};
use super::theme::{Theme, small};
use crate::optimizers::Optimizer;
use crate::session::{Session, SessionCommand, ThemeChoice, presets};

const SHOWN: usize = 12;

/// The open palette.
#[derive(Debug, Default)]
pub(super) struct Palette {
    query: String,
    chosen: usize,
}

/// Something in the palette.
struct Item {
    text: String,
    kind: &'static str,
    shortcut: String,
    order: Order,
}

impl Palette {
    /// Draws the palette over the window; whether it stays open.
    pub(super) fn ui(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
        session: &Session,
        centre: &Centre,
        orders: &mut Vec<Order>,
    ) -> bool {
        let mut stays = true;
        let area = egui::Modal::default_area(egui::Id::unique("palette"))
            .anchor(egui::Align2::CENTER_TOP, egui::vec2(0.0, 84.0));
        let modal = egui::Modal::new(egui::Id::unique("palette")).area(area).show(ctx, |ui| {
            ui.set_width(520.0);
            let found = self.found(ctx, session, centre);
            self.chosen = self.chosen.min(found.len().saturating_sub(1));
            if let Some(order) = self.keys(ui, &found) {
                orders.push(order);
                stays = false;
            }
            let field = egui::TextEdit::singleline(&mut self.query)
                .hint_text("Search or run a command")
                .desired_width(f32::INFINITY)
                .margin(egui::Margin::symmetric(10, 7));
            let response = ui.add(field).on_hover_text("Search or run a command");
            if response.changed() {
                self.chosen = 0;
            }
            response.request_focus();
            ui.add_space(4.0);
            if found.is_empty() {
                ui.weak("Nothing is called so.");
            }
            for (index, item) in found.iter().enumerate() {
                if self.row(ui, theme, index, item) {
                    orders.push(item.order.clone());
                    stays = false;
                }
            }
        });
        stays && !modal.should_close()
    }

    fn row(&self, ui: &mut Ui, theme: &Theme, index: usize, item: &Item) -> bool {
        let mut button = egui::Button::selectable(index == self.chosen, item.text.as_str())
            .min_size(egui::vec2(ui.available_width(), 28.0))
            .truncate();
        let right = if item.shortcut.is_empty() { item.kind } else { &item.shortcut };
        button = button.right_text(small(right).color(theme.faint));
        ui.add(button).clicked()
    }

    /// The order that Enter gives, after the arrows have moved.
    fn keys(&mut self, ui: &Ui, found: &[Item]) -> Option<Order> {
        let none = egui::Modifiers::NONE;
        let (down, up, enter) = ui.input_mut(|input| {
            (
                input.consume_key(none, Key::ArrowDown),
                input.consume_key(none, Key::ArrowUp),
                input.consume_key(none, Key::Enter),
            )
        });
        let n = found.len().max(1);
        if down {
            self.chosen = (self.chosen + 1) % n;
        }
        if up {
            self.chosen = (self.chosen + n - 1) % n;
        }
        found.get(self.chosen).filter(|_| enter).map(|item| item.order.clone())
    }

    /// What fits the query, best first.
    fn found(&self, ctx: &egui::Context, session: &Session, centre: &Centre) -> Vec<Item> {
        let query = self.query.trim().to_lowercase();
        let mut scored: Vec<(usize, Item)> = items(ctx, session, centre)
            .into_iter()
            .filter_map(|item| Some((score(&item.text.to_lowercase(), &query)?, item)))
            .collect();
        scored.sort_by_key(|(score, _)| *score);
        // Letters in order are a last resort.
        let has_words = scored.first().is_some_and(|(score, _)| *score < LETTERS);
        scored.retain(|(score, _)| !has_words || *score < LETTERS);
        scored.into_iter().map(|(_, item)| item).take(SHOWN).collect()
    }
}

/// The score of letters that only come in the right order.
const LETTERS: usize = 10;

/// How well a text fits a query, 0 being best; `None` where it does not.
fn score(text: &str, query: &str) -> Option<usize> {
    if query.is_empty() {
        return Some(0);
    }
    if let Some(place) = text.find(query) {
        let starts_word = place == 0 || text[..place].ends_with([' ', ':']);
        return Some(if starts_word { place.min(1) } else { 2 });
    }
    let all_words = query.split_whitespace().all(|word| text.contains(word));
    if all_words {
        return Some(3);
    }
    let mut letters = text.chars();
    let in_order = query.chars().filter(|letter| !letter.is_whitespace());
    in_order.into_iter().all(|letter| letters.any(|other| other == letter)).then_some(LETTERS)
}

fn items(ctx: &egui::Context, session: &Session, centre: &Centre) -> Vec<Item> {
    let plain = |text: String, kind, order| Item { text, kind, shortcut: String::new(), order };
    let mut items = Vec::new();
    for action in Action::all().filter(|action| action.is_enabled(session)) {
        if action == Action::Palette {
            continue;
        }
        let shortcut = action.shortcut().map(|key| ctx.format_shortcut(&key)).unwrap_or_default();
        let text = action.label().to_owned();
        items.push(Item { text, kind: "", shortcut, order: Order::Act(action) });
    }
    for (index, entry) in session.entries().iter().enumerate() {
        let order = Order::Session(SessionCommand::Select(index));
        items.push(plain(format!("Select {}", entry.label), "experiment", order));
    }
    for (kind, is_open) in centre.open_views() {
        let verb = if is_open { "Close" } else { "Open" };
        let text = format!("{verb} view: {}", kind.title);
        items.push(plain(text, "view", Order::ToggleView(kind.name)));
    }
    if let Some(entry) = session.selected_entry() {
        for member in Optimizer::members() {
            let mut experiment = entry.experiment.clone();
            experiment.optimizer = (member.default)();
            let command = SessionCommand::Add(member.page.title.to_owned(), Box::new(experiment));
            let text = format!("Add experiment: {}", member.page.title);
            items.push(plain(text, "experiment", Order::Session(command)));
        }
    }
    for (index, (_, title)) in presets::titles().into_iter().enumerate() {
        items.push(plain(format!("Example: {title}"), "study", Order::OpenPreset(index)));
    }
    for path in session.recent_files() {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        items.push(plain(format!("Open {name}"), "recent file", Order::OpenFile(path.clone())));
    }
    for (choice, name) in [
        (ThemeChoice::Light, "light"),
        (ThemeChoice::Dark, "dark"),
        (ThemeChoice::System, "system"),
    ] {
        items.push(plain(format!("Theme: {name}"), "view", Order::Theme(choice)));
    }
    for (family, pages) in help::families() {
        for (name, page) in pages {
            items.push(plain(format!("Help: {}", page.title), family, Order::Help(family, name)));
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn beginnings_come_before_middles_and_letters_in_order_last() {
        assert_eq!(score("run all", "run"), Some(0));
        assert!(score("run all", "all") < score("overall", "all"));
        assert!(score("reset layout", "layout reset") < score("reset layout", "rsl"));
        assert_eq!(score("run all", "xyz"), None);
        assert_eq!(score("anything", ""), Some(0));
    }
}
