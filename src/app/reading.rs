//! How far the reading of a file is: in the card of the data and in the view of it.

use egui::{Label, Ui, vec2};

use super::theme::{Theme, small};
use super::widgets::{bar, link};
use super::words;
use crate::data::Stage;
use crate::session::Reading;

/// `12.5 MB`.
fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    match megabytes {
        m if m >= 1e3 => format!("{:.2} GB", m / 1e3),
        m if m >= 10.0 => format!("{m:.0} MB"),
        m => format!("{m:.1} MB"),
    }
}

/// `120 of 540 MB · 85 MB a second · 0:05 left`.
fn state(reading: &Reading) -> String {
    let progress = &reading.progress;
    let (done, all) = (progress.bytes_done(), progress.n_bytes());
    if progress.is_cancelled() {
        return "stopping…".to_owned();
    }
    if all == 0 {
        return "being opened".to_owned();
    }
    let seconds = progress.stage_secs();
    let what = match progress.stage() {
        Stage::Unpacking => "unpacking ",
        Stage::Reading => "",
        Stage::Fitting => "fitting ",
        Stage::Preparing => "preparing ",
    };
    let mut parts = vec![format!("{what}{} of {}", megabytes(done), megabytes(all))];
    // The first moments say nothing about the rest.
    if seconds > 0.5 && done > 0 {
        let rate = done as f64 / seconds;
        parts.push(format!("{} a second", megabytes(rate as u64)));
        parts.push(format!("{} left", words::duration((all - done.min(all)) as f64 / rate)));
    }
    if progress.n_rows() > 0 {
        parts.push(words::counted(progress.n_rows(), "row", "rows"));
    }
    parts.join(" · ")
}

/// Draws a bar with rate and time left; whether the reading is to end.
pub(super) fn progress_ui(ui: &mut Ui, theme: &Theme, reading: &Reading) -> bool {
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(80));
    let fraction = reading.progress.fraction() as f32;
    let mut is_cancelled = false;
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 56.0).max(40.0);
        let response = bar(ui, vec2(width, 6.0), fraction, theme.accent, theme.field);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Reading")
        });
        is_cancelled = link(ui, theme, "Cancel").clicked();
    });
    ui.add(Label::new(small(state(reading)).color(theme.dim)).wrap());
    is_cancelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_digits() {
        let sizes = [0, 1_240_000, 85_300_000, 2_345_000_000].map(megabytes);
        assert_eq!(sizes, ["0.0 MB", "1.2 MB", "85 MB", "2.35 GB"]);
    }
}
