use egui::text::LayoutJob;
use egui::{Frame, Label, Margin, ScrollArea, Stroke, Ui};

use super::known::Known;
use crate::analysis::table::Change;
use crate::app::fonts::STRONG;
use crate::app::theme::{Theme, small, space};
use crate::app::views::axes::empty_ui;
use crate::app::widgets::{button, link, note};
use crate::app::words;

/// What came of a click.
pub(super) enum Wish {
    /// To have a change made.
    Change(Change),
    /// To see a column.
    Show(usize),
}

/// What should be looked at before training, each with what can be done about it.
pub(super) fn look_ui(ui: &mut Ui, theme: &Theme, known: &Known) -> Option<Wish> {
    let Some(findings) = known.findings() else {
        let text = match known.n_missing() {
            0 => "The columns are being compared.".to_owned(),
            n => format!("{} to go.", words::counted(n as u64, "column", "columns")),
        };
        empty_ui(ui, theme, "Looking at the columns…", &text);
        return None;
    };
    if findings.is_empty() {
        let text = "No empty, constant or repeated columns, no missing values, no rare classes.";
        empty_ui(ui, theme, "Nothing stands out", text);
        return None;
    }
    let mut wish = None;
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        Frame::NONE.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            for (index, finding) in findings.iter().enumerate() {
                if index > 0 {
                    let y = ui.cursor().top() + 4.0;
                    ui.painter().hline(ui.max_rect().x_range(), y, Stroke::new(1.0, theme.line));
                    ui.add_space(space::NORMAL);
                }
                ui.add(Label::new(with_names(ui, theme, &finding.text)).wrap());
                ui.horizontal_wrapped(|ui| {
                    for change in &finding.remedies {
                        let response = ui.add(button(change.label()));
                        if response.on_hover_text(quoted(&change.help())).clicked() {
                            wish = Some(Wish::Change(change.clone()));
                        }
                    }
                    let name = finding.columns.first().and_then(|index| {
                        known.loaded.table.columns.get(*index).map(|column| &column.name)
                    });
                    let show = name.map(|name| link(ui, theme, &format!("Show {}", short(name))));
                    if let (Some(true), Some(column)) =
                        (show.map(|show| show.clicked()), finding.columns.first())
                    {
                        wish = Some(Wish::Show(*column));
                    }
                });
                ui.add_space(space::TIGHT);
            }
            ui.add_space(space::NORMAL);
            note(ui, theme, "Every change can be taken back with Ctrl Z. The file stays as it is.");
        });
    });
    wish
}

/// A sentence in which names, which stand between backticks, are strong.
pub(super) fn with_names(ui: &Ui, theme: &Theme, text: &str) -> LayoutJob {
    let plain = egui::TextStyle::Body.resolve(ui.style());
    let strong = egui::FontId::new(plain.size, egui::FontFamily::Name(STRONG.into()));
    let mut job = LayoutJob::default();
    for (place, part) in text.split('`').enumerate() {
        let font = if place % 2 == 1 { &strong } else { &plain };
        job.append(part, 0.0, egui::TextFormat::simple(font.clone(), theme.text));
    }
    job
}

/// A sentence with its names in quotation marks instead of backticks.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for (place, part) in text.split('`').enumerate() {
        if place > 0 {
            quoted.push(if place % 2 == 1 { '“' } else { '”' });
        }
        quoted.push_str(part);
    }
    quoted
}

fn short(name: &str) -> String {
    const MOST: usize = 24;
    let short: String = name.chars().take(MOST).collect();
    if short.len() < name.len() { format!("{short}…") } else { short }
}

/// `3 things to look at`, to be clicked.
pub(super) fn look_link(ui: &mut Ui, theme: &Theme, known: &Known) -> bool {
    let n = known.findings().map_or(0, <[_]>::len);
    if n == 0 {
        return false;
    }
    let text = words::counted(n as u64, "thing to look at", "things to look at");
    let button = egui::Button::new(small(text).color(theme.warn)).frame(false).small();
    ui.add(button).on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_quotation_marks() {
        assert_eq!(quoted("`a` and `b c` are empty."), "“a” and “b c” are empty.");
        assert_eq!(quoted("no names"), "no names");
    }
}
