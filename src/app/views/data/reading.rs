use egui::{Frame, Margin, ScrollArea, Ui};

use crate::app::theme::{Theme, small};
use crate::app::widgets::note;
use crate::data::Loaded;

/// How the file was read, with everything that was left out or repaired.
pub(super) fn reading_ui(ui: &mut Ui, theme: &Theme, loaded: &Loaded) {
    let report = &loaded.report;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        Frame::NONE.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            note(ui, theme, &report.encoding);
            for warning in &report.warnings {
                ui.label(small(warning));
            }
        });
    });
}
