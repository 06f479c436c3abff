use egui::{Stroke, Ui};

use super::ViewContext;
use super::axes::Drawn;
use super::curve::log10;
use super::series::{Quantity, Series, diverged_at, reading};

/// A cross where a run diverged, at the edge of the plot where the curve has left it.
pub(super) fn ui(
    ui: &Ui,
    context: &ViewContext<'_>,
    all: &[Series],
    quantity: Quantity,
    log_x: bool,
    drawn: &Drawn,
) {
    let frame = *drawn.transform.frame();
    let painter = ui.painter().with_clip_rect(frame.expand(7.0));
    for (entry, series) in context.session.entries().iter().zip(all) {
        if !entry.visible {
            continue;
        }
        for run in entry.runs.iter().filter(|run| diverged_at(run).is_some()) {
            let x = reading(run, quantity.clock);
            let x = if log_x { log10(x) } else { x };
            let last = series.main().points().last().map_or(f64::INFINITY, |point| point.y);
            let place = egui_plot::PlotPoint::new(x, last);
            let mut at = drawn.transform.position_from_point(&place);
            if !at.x.is_finite() || !frame.x_range().contains(at.x) {
                continue;
            }
            let room = frame.shrink(7.0).y_range();
            at.y = if at.y.is_nan() { room.min } else { room.clamp(at.y) };
            let color = context.theme.run(entry.color);
            let arm = 4.5;
            for (dx, dy) in [(arm, arm), (arm, -arm)] {
                let ends = [at - egui::vec2(dx, dy), at + egui::vec2(dx, dy)];
                painter.line_segment(ends, Stroke::new(4.0, context.theme.plot));
                painter.line_segment(ends, Stroke::new(2.0, color));
            }
        }
    }
}
