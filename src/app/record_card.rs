//! The left panel's card of the open record: what was recorded, where, and how its replay goes.

use egui::{Ui, vec2};

use super::orders::{Action, Order};
use super::theme::{Theme, small, strong};
use super::views::ViewContext;
use super::widgets::{bar, card, heading, link, note};
use super::words::counted;
use crate::session::{OpenRecord, SessionCommand};

/// Runs that went another way are listed up to so many.
const MAX_DIFFERENT: usize = 5;

/// Draws the card, where a record is open.
pub(super) fn record_ui(ui: &mut Ui, context: &mut ViewContext<'_>, orders: &mut Vec<Order>) {
    let theme = context.theme;
    let Some(open) = context.session.record() else { return };
    let problem = open.problem();
    heading(ui, theme, "Record", |ui| {
        if open.replaying().is_busy() {
            if link(ui, theme, "Stop the replay").clicked() {
                orders.push(Order::Session(SessionCommand::StopReplay));
            }
        } else if problem.is_none()
            && link(ui, theme, "Replay").on_hover_text(Action::Replay.help()).clicked()
        {
            orders.push(Order::Act(Action::Replay));
        }
    });
    card(ui, theme, |ui| {
        let name = open.path().file_name().unwrap_or_default().to_string_lossy();
        ui.add(egui::Label::new(strong(name)).truncate())
            .on_hover_text(open.path().display().to_string());
        let record = open.record();
        let runs = counted(record.runs.len() as u64, "run", "runs");
        note(ui, theme, &format!("{runs}, recorded by {} on {}", record.software, record.machine));
        match problem {
            Some(problem) => {
                let text = format!("It cannot be replayed: {problem}.");
                ui.add(egui::Label::new(small(text).color(theme.warn)).wrap());
            }
            None => replay_ui(ui, theme, open),
        }
    });
    ui.add_space(super::theme::space::NORMAL);
}

fn replay_ui(ui: &mut Ui, theme: &Theme, open: &OpenRecord) {
    let replaying = open.replaying();
    let (n_compared, n) = replaying.n_compared();
    if replaying.is_busy() {
        let size = vec2(ui.available_width(), 4.0);
        bar(ui, size, replaying.fraction(), theme.accent, theme.line);
        note(ui, theme, &format!("{n_compared} of {} compared", counted(n as u64, "run", "runs")));
        return;
    }
    let Some(verdict) = replaying.verdict() else { return };
    let different = || replaying.compared().filter(|run| run.difference.is_some());
    let n_different = different().count();
    if n_different == 0 {
        let text = match replaying.is_equal() {
            true => small(format!("✔ {verdict}")).color(theme.ok),
            false => small(verdict).color(theme.warn),
        };
        ui.add(egui::Label::new(text).wrap());
        return;
    }
    let text = small(format!("✖ {n_different} of {n} differ")).color(theme.bad);
    ui.add(egui::Label::new(text).wrap());
    for run in different().take(MAX_DIFFERENT) {
        note(ui, theme, &run.to_string());
    }
    if n_different > MAX_DIFFERENT {
        note(ui, theme, &format!("and {} more", n_different - MAX_DIFFERENT));
    }
}
