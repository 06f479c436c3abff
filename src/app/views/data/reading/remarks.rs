use egui::{Label, Ui};

use super::title;
use crate::app::theme::{Theme, small};
use crate::app::views::data::look::quoted;
use crate::app::widgets::{link, note};
use crate::app::words;
use crate::data::ReadReport;

/// Remarks shown; a copy has all.
const SHOWN: usize = 300;

/// All that is to be said about the reading, as text.
fn in_words(report: &ReadReport) -> String {
    let mut text = String::new();
    for warning in &report.warnings {
        text.push_str(&format!("{warning}\n"));
    }
    for (kind, lines) in [("left out", &report.skipped), ("repaired", &report.repaired)] {
        for (line, what) in lines {
            text.push_str(&format!("line {line} {kind}: {what}\n"));
        }
    }
    text
}

/// What was left out, repaired and remarked.
pub(super) fn report_ui(ui: &mut Ui, theme: &Theme, report: &ReadReport) {
    let text = in_words(report);
    let n = report.warnings.len() + report.skipped.len() + report.repaired.len();
    ui.horizontal(|ui| {
        title(ui, theme, "Remarks");
        if n > 0 && link(ui, theme, "Copy all").clicked() {
            ui.ctx().copy_text(text.clone());
        }
    });
    if n == 0 {
        return note(ui, theme, "Every line of the file was read as it is.");
    }
    let count = |n: usize, what: &str| format!("{} {what}", words::count(n as u64));
    let counts = [
        (report.warnings.len(), "on the whole file"),
        (report.skipped.len(), "left out"),
        (report.repaired.len(), "repaired"),
    ];
    let counts = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(*n, what));
    note(ui, theme, &counts.collect::<Vec<_>>().join(" · "));
    for line in text.lines().take(SHOWN) {
        ui.add(Label::new(small(quoted(line))).wrap().selectable(true));
    }
    if n > SHOWN {
        note(
            ui,
            theme,
            &format!("… and {} more; a copy has all.", words::count((n - SHOWN) as u64)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_copied_with_their_lines() {
        let report = ReadReport {
            warnings: vec!["odd".into()],
            skipped: vec![(3, "short".into())],
            repaired: vec![(9, "filled".into())],
            ..ReadReport::default()
        };
        assert_eq!(in_words(&report), "odd\nline 3 left out: short\nline 9 repaired: filled\n");
    }
}
