//! A small drawing of the learning rate over the whole budget.

use egui::{Pos2, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::app::theme::Theme;
use crate::app::words;
use crate::experiment::Experiment;
use crate::schedules::{Course, Plateau};
use crate::settings::Value;

/// Draws how the learning rate goes, warm-up included.
pub(super) fn schedule_drawing(
    ui: &mut Ui,
    theme: &Theme,
    experiment: &Experiment,
    total_steps: u64,
    steps_per_epoch: u64,
) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 52.0), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(egui::Role::Image, true, "Learning rate over the budget")
    });
    let total_steps = total_steps.max(1);
    let warmup = experiment.warmup.steps(steps_per_epoch);
    let course = Course::new(&experiment.schedule, warmup, total_steps, steps_per_epoch)
        .chained(&experiment.then, experiment.schedule_per);
    let factor = |step: u64| course.factor(step, &Plateau::default());
    let columns = (rect.width() as u64).clamp(2, 600);
    let step_at = |column: u64| column * (total_steps - 1) / (columns - 1);
    let factors: Vec<f64> = (0..columns).map(|column| factor(step_at(column))).collect();
    let highest = factors.iter().copied().fold(1e-300, f64::max);
    let inner = rect.shrink2(vec2(1.0, 4.0));
    let floor = [inner.left_bottom(), inner.right_bottom()];
    ui.painter().line_segment(floor, Stroke::new(1.0, theme.line));
    let place = |column: u64| -> Pos2 {
        let share = column as f32 / (columns - 1) as f32;
        let height = (factors[column as usize] / highest) as f32;
        pos2(inner.left() + share * inner.width(), inner.bottom() - height * inner.height())
    };
    let points: Vec<Pos2> = (0..columns).map(place).collect();
    ui.painter().line(points, Stroke::new(1.8, theme.accent));
    if let Some(pointer) = response.hover_pos() {
        let share = ((pointer.x - inner.left()) / inner.width()).clamp(0.0, 1.0);
        let step = (f64::from(share) * (total_steps - 1) as f64).round() as u64;
        let rate = match experiment.optimizer.get("learning_rate") {
            Some(Value::Number(rate)) => {
                format!("learning rate {}", words::number(rate * factor(step)))
            }
            _ => format!("factor {}", words::number(factor(step))),
        };
        response.on_hover_text(format!("step {}: {rate}", words::count(step)));
    }
}
