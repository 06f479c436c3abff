//! The page of the reference check: what this build makes of the stored references, member by
//! member.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use egui::{Align, Layout, Ui, vec2};
use egui_extras::{Column, TableBuilder};

use super::theme::{Theme, small, space, strong};
use super::views::quiet_table;
use super::widgets::{bar, button, note};
use super::words::{count, counted};
use crate::verification::{self, Background, Finding};

/// Titles of the columns, and what they say.
const COLUMNS: [(&str, &str); 8] = [
    ("family", "What kind of thing is checked"),
    ("member", "The name, as in study files"),
    ("compared", "What is compared"),
    ("values", "How many numbers"),
    (
        "largest deviation",
        "Of one number from its reference: relative, or in units in the last place (ulp)",
    ),
    ("tolerance", "The largest deviation that passes"),
    ("source", "Where the reference values come from"),
    ("result", "Whether all numbers passed"),
];

/// Columns of numbers, flush right.
const NUMBERS: std::ops::RangeInclusive<usize> = 3..=5;

/// The time between two frames while it runs: drawing does not hold it up.
const FRAME: Duration = Duration::from_millis(40);

/// Problems shown above the table; the others stand in the tooltips of their rows.
const MAX_PROBLEMS: usize = 3;

/// The page, and the check that runs while it is open.
#[derive(Debug)]
pub(super) struct ReferenceCheck {
    background: Background,
    was_cancelled: bool,
    /// The column sorted by, and whether from large to small; `None` for the order of the families.
    sorted: Option<(usize, bool)>,
    /// The findings so far as they stand in the table, and how they were sorted.
    rows: Vec<Finding>,
    rows_sorted: Option<(usize, bool)>,
}

impl ReferenceCheck {
    /// Begins to check.
    pub(super) fn start(ctx: &egui::Context) -> Self {
        let waker = ctx.clone();
        let wake = Arc::new(move || waker.request_repaint_after(FRAME));
        let background = Background::start(None, wake);
        Self { background, was_cancelled: false, sorted: None, rows: Vec::new(), rows_sorted: None }
    }

    /// Draws the page.
    pub(super) fn ui(&mut self, ui: &mut Ui, theme: &Theme) {
        self.background.update();
        self.update_rows();
        ui.heading("Reference check");
        let build = verification::build();
        let about = "beside values computed elsewhere: by other libraries, from papers, by central \
            differences.";
        note(ui, theme, &format!("This build on this machine ({build}) {about}"));
        ui.horizontal(|ui| self.status_ui(ui, theme));
        let problems = self.background.findings().filter_map(|finding| {
            let problem = finding.problem.as_deref()?;
            Some(format!("{} {}: {problem}", finding.family.name(), finding.member))
        });
        for problem in problems.take(MAX_PROBLEMS) {
            let text = small(problem).color(theme.bad);
            ui.add(egui::Label::new(text).wrap().selectable(true));
        }
        let height = (ui.ctx().content_rect().height() - 300.0).clamp(160.0, 560.0);
        ui.scope(|ui| {
            ui.set_height(height);
            self.table_ui(ui, theme, height);
        });
    }

    fn status_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let background = &self.background;
        let (n_done, n_checks) = (background.findings().count(), background.n_checks());
        let n_failed = background.findings().filter(|finding| !finding.passed).count();
        let n_values: usize = background.findings().map(|finding| finding.n_values).sum();
        let of_values = format!("{} values", count(n_values as u64));
        let checks = counted(n_checks as u64, "check", "checks");
        ui.set_min_height(space::CONTROL);
        if background.is_running() {
            let fraction = n_done as f32 / n_checks.max(1) as f32;
            bar(ui, vec2(160.0, 6.0), fraction, theme.accent, theme.line);
            ui.label(format!("{n_done} of {checks}"));
            if n_failed > 0 {
                ui.label(strong(format!("✖ {n_failed} failed")).color(theme.bad));
            }
        } else if n_failed > 0 {
            let text = format!("✖ {n_failed} of {checks} failed");
            ui.label(strong(text).color(theme.bad));
        } else if n_done == n_checks && n_done > 0 {
            let text = format!("✔ All {checks} passed");
            ui.label(strong(text).color(theme.ok));
        } else {
            let text = format!("Stopped after {n_done} of {checks}");
            ui.label(strong(text).color(theme.warn));
        }
        let took = format!("{of_values}, {:.1} s", background.elapsed_secs());
        ui.label(small(took).color(theme.dim));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if self.background.is_running() {
                if ui.add_enabled(!self.was_cancelled, button("Cancel")).clicked() {
                    self.background.cancel();
                    self.was_cancelled = true;
                }
                return;
            }
            if ui.add(button("Run again")).clicked() {
                *self = Self { sorted: self.sorted, ..Self::start(ui.ctx()) };
            }
            let copy = button("Copy as text");
            if ui
                .add(copy)
                .on_hover_text("A line for each check, columns separated by tabs")
                .clicked()
            {
                let findings: Vec<_> = self.background.findings().cloned().collect();
                let summary = verification::summary(&findings, self.background.elapsed_secs());
                ui.ctx().copy_text(format!("{summary}\n{}", verification::as_text(&findings)));
            }
        });
    }

    /// Takes what was found since into the table; sorts where that or the order is new.
    fn update_rows(&mut self) {
        let n_found = self.background.findings().count();
        if n_found == self.rows.len() && self.rows_sorted == self.sorted {
            return;
        }
        // From the order of the families, so that rows that are alike stay in it.
        self.rows = self.background.findings().cloned().collect();
        self.rows_sorted = self.sorted;
        match self.sorted {
            // What failed comes first.
            None => self.rows.sort_by_key(|finding| finding.passed),
            Some((column, falling)) => self.rows.sort_by(|a, b| {
                let order = compare(a, b, column);
                if falling { order.reverse() } else { order }
            }),
        }
    }

    fn table_ui(&mut self, ui: &mut Ui, theme: &Theme, height: f32) {
        // Heads change the order, which the rows follow in the next frame.
        let findings = std::mem::take(&mut self.rows);
        quiet_table(ui, theme);
        ui.spacing_mut().item_spacing.y = 0.0;
        let is_wide = ui.available_width() > 980.0;
        let column =
            |narrow: f32, wide: f32| Column::exact(if is_wide { wide } else { narrow }).clip(true);
        TableBuilder::new(ui)
            .id_salt(("reference check", is_wide))
            .cell_layout(Layout::left_to_right(Align::Center))
            .auto_shrink([false, false])
            .max_scroll_height(height - 30.0)
            .min_scrolled_height(height - 30.0)
            .column(column(72.0, 80.0))
            .column(column(122.0, 132.0))
            .column(Column::remainder().at_least(120.0).clip(true))
            .column(column(44.0, 52.0))
            .column(column(102.0, 104.0))
            .column(column(60.0, 64.0))
            .column(column(168.0, 176.0))
            .column(column(58.0, 64.0))
            .header(26.0, |mut header| {
                for column in 0..COLUMNS.len() {
                    header.col(|ui| self.head_ui(ui, theme, column));
                }
            })
            .body(|body| {
                body.rows(25.0, findings.len(), |mut row| {
                    let finding = &findings[row.index()];
                    for column in 0..COLUMNS.len() {
                        row.col(|ui| cell_ui(ui, theme, finding, column));
                    }
                });
            });
        self.rows = findings;
    }

    fn head_ui(&mut self, ui: &mut Ui, theme: &Theme, column: usize) {
        let (title, help) = COLUMNS[column];
        ui.with_layout(layout(column), |ui| {
            let mark = match self.sorted {
                Some((sorted, true)) if sorted == column => " ▾",
                Some((sorted, false)) if sorted == column => " ▴",
                _ => "",
            };
            let text = small(format!("{title}{mark}")).color(theme.dim);
            let head = egui::Button::new(text).frame(false).truncate();
            if ui.add(head).on_hover_text(format!("{help}. A click sorts.")).clicked() {
                self.sorted = match self.sorted {
                    Some((sorted, false)) if sorted == column => Some((column, true)),
                    Some((sorted, true)) if sorted == column => None,
                    _ => Some((column, false)),
                };
            }
        });
    }
}

fn layout(column: usize) -> Layout {
    match NUMBERS.contains(&column) {
        true => Layout::right_to_left(Align::Center),
        false => Layout::left_to_right(Align::Center),
    }
}

fn compare(a: &Finding, b: &Finding, column: usize) -> Ordering {
    match column {
        0 => a.family.cmp(&b.family),
        1 => a.member.cmp(&b.member),
        2 => a.what.cmp(&b.what),
        3 => a.n_values.cmp(&b.n_values),
        // Units in the last place do not compare with other numbers.
        4 => (a.measure.cmp(&b.measure)).then(a.largest_deviation.total_cmp(&b.largest_deviation)),
        5 => (a.measure.cmp(&b.measure)).then(a.tolerance.total_cmp(&b.tolerance)),
        6 => a.source.cmp(&b.source),
        _ => a.passed.cmp(&b.passed),
    }
}

fn cell_ui(ui: &mut Ui, theme: &Theme, finding: &Finding, column: usize) {
    let (text, color) = match column {
        0 => (finding.family.name().to_owned(), theme.dim),
        1 => (finding.member.clone(), theme.text),
        2 => (finding.what.clone(), theme.dim),
        3 => (count(finding.n_values as u64), theme.dim),
        4 => (finding.measure.short(finding.largest_deviation), theme.text),
        5 => (finding.measure.short(finding.tolerance), theme.dim),
        6 => (finding.source.clone(), theme.dim),
        _ if finding.passed => ("✔ ok".to_owned(), theme.ok),
        _ => ("✖ failed".to_owned(), theme.bad),
    };
    ui.with_layout(layout(column), |ui| {
        let label = egui::Label::new(small(text.as_str()).color(color)).truncate();
        let response = ui.add(label);
        match (&finding.problem, column) {
            (Some(problem), _) => drop(response.on_hover_text(problem)),
            (None, 4) => {
                let exact = format!("{:e}, {}", finding.largest_deviation, finding.measure);
                response.on_hover_text(exact);
            }
            _ => {}
        }
    });
}
