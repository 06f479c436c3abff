use std::sync::Arc;

use egui::{Align, Layout, Rect, Sense, Ui, pos2, vec2};
use egui_extras::{Column, TableBuilder};

use super::axes::{empty_ui, quiet_table};
use super::pictures::{Subject, front, subjects};
use super::{View, ViewContext};
use crate::analysis::{Coefficient, INTERCEPT, coefficients, format_value};
use crate::app::theme::{Theme, small};
use crate::models::Model;
use crate::session::Session;
use crate::training::Plan;

/// Significant digits of a coefficient.
const DIGITS: usize = 5;

/// The coefficients of the selected experiment's linear, logistic or multinomial model, in the units
/// of the data, live; with the best weights once the run has ended.
///
/// Reveals what the model has learnt from each feature, and which features matter.
#[derive(Default)]
pub(super) struct Coefficients {
    by_size: bool,
    known: Option<Known>,
}

/// The coefficients that were computed last.
struct Known {
    plan: Arc<Plan>,
    step: u64,
    is_best: bool,
    rows: Vec<Coefficient>,
    /// The places of the rows, largest scaled coefficient first.
    ranked: Vec<usize>,
    /// The largest scaled coefficient of a feature.
    largest: f64,
    has_outputs: bool,
}

impl Known {
    fn new(subject: &Subject<'_>) -> Self {
        let run = subject.run;
        let snapshot = run.snapshot();
        let best = run.best_params().filter(|params| params.len() == run.plan().n_params());
        let rows = coefficients(run.plan(), best.unwrap_or(&snapshot.params));
        let size = |row: &Coefficient| match row.feature.as_str() {
            INTERCEPT => 0.0,
            _ => row.scaled.abs(),
        };
        let mut ranked: Vec<usize> = (0..rows.len()).collect();
        ranked.sort_by(|a, b| size(&rows[*b]).total_cmp(&size(&rows[*a])));
        Self {
            plan: Arc::clone(run.plan()),
            step: snapshot.step,
            is_best: best.is_some(),
            largest: rows.iter().map(size).fold(0.0, f64::max),
            has_outputs: rows.windows(2).any(|pair| pair[0].output != pair[1].output),
            rows,
            ranked,
        }
    }

    fn is_of(&self, subject: &Subject<'_>) -> bool {
        Arc::ptr_eq(&self.plan, subject.run.plan())
            && self.step == subject.run.snapshot().step
            && self.is_best == subject.run.best_params().is_some()
    }
}

/// Whether some experiment trains a model whose weights can be read.
pub(super) fn suits(session: &Session) -> bool {
    session.entries().iter().any(|entry| {
        entry.experiment.data.surface().is_none() && is_linear(&entry.experiment.model)
    })
}

fn is_linear(model: &Model) -> bool {
    matches!(model, Model::Linear(_) | Model::Logistic(_) | Model::Multinomial(_))
}

/// The runs whose coefficients can be shown; of these the selected one comes first.
fn subject<'a>(context: &ViewContext<'a>) -> Option<Subject<'a>> {
    let mut found = subjects(context.session, |_| true);
    found.retain(|subject| is_linear(&subject.run.plan().experiment.model));
    front(context, &found)
}

impl View for Coefficients {
    fn title(&self) -> String {
        "Coefficients".to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let sorted = ui.selectable_label(self.by_size, small("largest first"));
        if sorted.on_hover_text("Those that weigh most, scaled, at the top").clicked() {
            self.by_size = !self.by_size;
        }
        let roomy = ui.available_width() > 360.0;
        if let Some(subject) = subject(context).filter(|_| roomy) {
            let of = match self.known.as_ref().is_some_and(|known| known.is_best) {
                true => "best weights".to_owned(),
                false => format!("step {}", subject.run.snapshot().step),
            };
            let text = format!("{} · {of}", subject.entry.label);
            ui.add(egui::Label::new(small(text).color(context.theme.dim)).truncate());
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some(subject) = subject(context) else {
            let text = "What each feature adds to the prediction, in the units of the data, stands \
                here for linear, logistic and multinomial models, when one runs.";
            empty_ui(ui, theme, "No coefficients yet", text);
            return;
        };
        let known = match self.known.take().filter(|known| known.is_of(&subject)) {
            Some(known) => known,
            None => Known::new(&subject),
        };
        let color = theme.run(subject.entry.color);
        egui::Frame::NONE.inner_margin(egui::Margin::symmetric(8, 0)).show(ui, |ui| {
            table_ui(ui, theme, &known, self.by_size, color);
        });
        self.known = Some(known);
    }
}

fn table_ui(ui: &mut Ui, theme: &Theme, known: &Known, by_size: bool, color: egui::Color32) {
    quiet_table(ui, theme);
    let mut table = TableBuilder::new(ui)
        .sense(Sense::hover())
        .cell_layout(Layout::left_to_right(Align::Center))
        .auto_shrink([false, false]);
    if known.has_outputs {
        table = table.column(Column::initial(110.0).at_least(60.0).clip(true).resizable(true));
    }
    table
        .column(Column::initial(160.0).at_least(70.0).clip(true).resizable(true))
        .column(Column::initial(104.0).at_least(70.0))
        .column(Column::initial(84.0).at_least(60.0))
        .column(Column::remainder().at_least(60.0).clip(true))
        .header(26.0, |mut header| {
            let mut titles = vec!["feature", "coefficient", "scaled", "how much it weighs, scaled"];
            if known.has_outputs {
                titles.insert(0, "output");
            }
            for title in titles {
                header.col(|ui| {
                    ui.add(egui::Label::new(small(title).color(theme.dim)).truncate());
                });
            }
        })
        .body(|body| {
            body.rows(24.0, known.rows.len(), |mut row| {
                let index = if by_size { known.ranked[row.index()] } else { row.index() };
                let coefficient = &known.rows[index];
                if known.has_outputs {
                    row.col(|ui| {
                        ui.add(egui::Label::new(small(&coefficient.output)).truncate());
                    });
                }
                row.col(|ui| {
                    ui.add(egui::Label::new(&coefficient.feature).truncate());
                });
                row.col(|ui| value_ui(ui, theme, coefficient));
                row.col(|ui| {
                    let text = small(format_value(coefficient.scaled, 3)).color(theme.dim);
                    ui.add(egui::Label::new(text).truncate());
                });
                row.col(|ui| {
                    if coefficient.feature != INTERCEPT {
                        bar_ui(ui, theme, coefficient.scaled / known.largest, color);
                    }
                });
            });
        });
}

/// The coefficient, marked where it is not in the unit of the file.
fn value_ui(ui: &mut Ui, theme: &Theme, coefficient: &Coefficient) {
    let text = format_value(coefficient.value, DIGITS);
    let plain = coefficient.in_original_units && coefficient.note.is_empty();
    let text = if plain { text } else { format!("{text} *") };
    let color = if coefficient.in_original_units { theme.text } else { theme.dim };
    let response = ui.add(egui::Label::new(egui::RichText::new(text).color(color)).truncate());
    if plain {
        return;
    }
    response.on_hover_text(match (coefficient.feature.as_str(), coefficient.in_original_units) {
        (INTERCEPT, _) => "with features that have no unit of the file any more".to_owned(),
        (_, true) => format!("per unit of the file, {}", coefficient.note),
        (_, false) => format!("not in the unit of the file; {}", coefficient.note),
    });
}

/// A bar to the left or to the right of the middle; `share` is from −1 to 1.
fn bar_ui(ui: &mut Ui, theme: &Theme, share: f64, color: egui::Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 12.0), Sense::hover());
    let middle = rect.center().x;
    let share = if share.is_finite() { share.clamp(-1.0, 1.0) as f32 } else { 0.0 };
    let end = middle + share * 0.5 * rect.width();
    let bar = Rect::from_two_pos(pos2(middle, rect.top()), pos2(end, rect.bottom()));
    ui.painter().rect_filled(bar, 2, color);
    let axis = egui::Stroke::new(1.0, theme.faint);
    ui.painter().vline(middle, rect.y_range(), axis);
}
