use std::sync::Arc;

use egui::{Frame, Margin, Ui};

use super::card::{CardSize, Role};
use super::grid::{Grid, Sheet};
use crate::analysis::table::Matcher;
use crate::app::reading::progress_ui;
use crate::app::theme::{Theme, small, strong};
use crate::app::views::ViewContext;
use crate::app::views::axes::empty_ui;
use crate::app::widgets::{button, note, primary_button};
use crate::data::Stage;
use crate::session::{CANCELLED, Reading, SessionCommand};

/// How far the reading is, above the first rows.
pub(super) fn loading_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    grid: &mut Grid,
    reading: &Reading,
) {
    let theme = context.theme;
    let whole = ui.max_rect();
    Frame::NONE.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        if progress_ui(ui, theme, reading) {
            context.commands.push(SessionCommand::CancelReading);
        }
    });
    let Some(head) = &reading.head else { return };
    let is_read = matches!(reading.progress.stage(), Stage::Fitting | Stage::Preparing);
    let others = if is_read { "made samples of" } else { "read" };
    head_ui(ui, theme, grid, head, others, whole);
}

/// The first rows of a file, before the others are there.
fn head_ui(
    ui: &mut Ui,
    theme: &Theme,
    grid: &mut Grid,
    head: &Arc<crate::data::Loaded>,
    others: &str,
    whole: egui::Rect,
) {
    let sheet = Sheet {
        theme,
        loaded: head,
        summary: &|_| None,
        role: &|_| Role::Feature,
        is_file: false,
        matcher: &Matcher::default(),
        current: None,
    };
    Frame::NONE.inner_margin(Margin::symmetric(12, 0)).show(ui, |ui| {
        let text = format!("The first rows; the others are being {others}.");
        ui.label(small(text).color(theme.faint));
    });
    let area = ui.available_rect_before_wrap().intersect(whole);
    ui.scope_builder(egui::UiBuilder::new().max_rect(area).id_salt("head"), |ui| {
        // What can be done with a table waits until all of it is there.
        grid.ui(ui, &sheet, CardSize::Low, &mut Vec::new());
    });
}

/// Why there is no table, with ways out. Whether the settings of the reading are to be shown.
pub(super) fn failed_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    reason: &str,
    is_file: bool,
) -> bool {
    let theme = context.theme;
    if !is_file {
        empty_ui(ui, theme, "The data cannot be used", reason);
        return false;
    }
    let mut shows = false;
    let area = ui.available_rect_before_wrap();
    let width = (area.width() - 32.0).clamp(80.0, 460.0);
    let size = egui::vec2(width, (area.height() - 16.0).clamp(60.0, 190.0));
    let place = egui::Rect::from_center_size(area.center(), size);
    ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
        egui::ScrollArea::vertical().show(ui, |ui| {
            let is_cancelled = reason == CANCELLED;
            let title = if is_cancelled {
                strong("Reading was cancelled")
            } else {
                strong("The file cannot be used as it is read").color(theme.bad)
            };
            ui.label(title);
            ui.add_space(4.0);
            if !is_cancelled {
                note(ui, theme, reason);
                ui.add_space(4.0);
                let text = "Say otherwise how it is read, or mend the file and read it again.";
                note(ui, theme, text);
                ui.add_space(8.0);
            }
            ui.horizontal_wrapped(|ui| {
                // First what is more likely to help.
                if is_cancelled {
                    if ui.add(primary_button(theme, "Read again", "")).clicked() {
                        context.commands.push(SessionCommand::ReadAgain);
                    }
                    shows = ui.add(button("How it is read")).clicked();
                } else {
                    shows = ui.add(primary_button(theme, "How it is read", "")).clicked();
                    if ui.add(button("Read again")).clicked() {
                        context.commands.push(SessionCommand::ReadAgain);
                    }
                }
            });
        });
    });
    shows
}
