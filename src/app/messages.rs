//! The message line at the bottom, and the list behind it.

use egui::{Align, Layout, Sense, Ui, Vec2};

use super::orders::{Action, Order};
use super::theme::{Theme, small, space};
use super::widgets::link;
use super::words;
use crate::session::{Message, Session, Severity};

fn color(theme: &Theme, severity: Severity) -> egui::Color32 {
    match severity {
        Severity::Info => theme.ok,
        Severity::Warning => theme.warn,
        Severity::Error => theme.bad,
    }
}

fn dot(ui: &mut Ui, color: egui::Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
    ui.painter().circle_filled(rect.center(), 4.0, color);
}

/// The latest message; a click shows all.
pub(super) fn line(ui: &mut Ui, theme: &Theme, session: &Session, orders: &mut Vec<Order>) {
    ui.horizontal_centered(|ui| {
        let Some(message) = session.messages().last() else {
            let hint = "Ready. Run all trains every experiment of the study side by side.";
            ui.label(small(hint).color(theme.faint));
            return;
        };
        dot(ui, color(theme, message.severity));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let n = session.messages().len();
            let all = link(ui, theme, &words::counted(n as u64, "message", "messages"));
            if all.on_hover_text("Shows what happened so far").clicked() {
                orders.push(Order::Act(Action::Messages));
            }
            if let Some(remedy) = &message.remedy
                && link(ui, theme, &remedy.label).clicked()
            {
                orders.extend(remedy.commands.iter().cloned().map(Order::Session));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let text = one_line(&message.text);
                let is_bad = message.severity == Severity::Error;
                let text = small(text).color(if is_bad { theme.bad } else { theme.dim });
                let label = egui::Label::new(text).truncate().sense(Sense::click());
                let response = ui.add(label).on_hover_text(&message.text);
                if response.clicked() {
                    orders.push(Order::Act(Action::Messages));
                }
            });
        });
    });
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All messages, the latest first.
pub(super) fn list(ui: &mut Ui, theme: &Theme, session: &Session, orders: &mut Vec<Order>) {
    if session.messages().is_empty() {
        ui.weak("Nothing happened yet.");
    }
    egui::ScrollArea::vertical().max_height(420.0).auto_shrink([false, true]).show(ui, |ui| {
        for message in session.messages().iter().rev() {
            entry(ui, theme, message, orders);
        }
    });
}

fn entry(ui: &mut Ui, theme: &Theme, message: &Message, orders: &mut Vec<Order>) {
    ui.horizontal_top(|ui| {
        ui.add_space(2.0);
        dot(ui, color(theme, message.severity));
        ui.vertical(|ui| {
            ui.add(egui::Label::new(&message.text).wrap().selectable(true));
            let age = message.at.elapsed().unwrap_or_default().as_secs();
            let ago = match age {
                0..60 => "just now".to_owned(),
                60..3600 => format!("{} min ago", age / 60),
                _ => format!("{} h ago", age / 3600),
            };
            ui.horizontal(|ui| {
                ui.label(small(ago).color(theme.faint));
                if let Some(remedy) = &message.remedy
                    && link(ui, theme, &remedy.label).clicked()
                {
                    orders.extend(remedy.commands.iter().cloned().map(Order::Session));
                }
            });
        });
    });
    ui.add_space(space::TIGHT);
}
