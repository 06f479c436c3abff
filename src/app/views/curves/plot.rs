use egui::{Painter, Shape, Ui};
use egui_plot::FilledArea;

use super::Curves;
use crate::analysis;
use crate::app::views::ViewContext;
use crate::app::views::axes::{Bounds, Frame};
use crate::app::views::curve::{Curve, Look, log10};
use crate::app::views::endings;
use crate::app::views::hover::{self, Row};
use crate::app::views::series::{Quantity, diverged_at};
use crate::app::views::stroke::Pen;
use crate::record::Clock;
use crate::session::{ExperimentEntry, SessionCommand};

/// Curves from which on a column is two points wide: nobody can tell more of so many.
const MANY: usize = 12;

impl Curves {
    fn rows(&self, context: &ViewContext<'_>, at: f64) -> Vec<Row> {
        let entries = context.session.entries().iter();
        let mut rows = Vec::new();
        for (index, (entry, series)) in entries.zip(&self.series).enumerate() {
            let (xs, values) = (series.xs(entry), series.values(entry));
            if !entry.visible || xs.is_empty() {
                continue;
            }
            let after = xs.partition_point(|x| *x < at).min(xs.len() - 1);
            let before = after.saturating_sub(1);
            let moment = if at - xs[before] < xs[after] - at { before } else { after };
            let value = values[moment];
            let shown = |x: f64, log: bool| if log { log10(x) } else { x };
            let note = match entry.runs.iter().find_map(diverged_at) {
                Some(step) => format!("diverged at step {step}"),
                None => String::new(),
            };
            rows.push(Row {
                experiment: index,
                label: entry.label.clone(),
                color: context.theme.run(entry.color),
                clock: xs[moment],
                place: [shown(xs[moment], self.log[0]), shown(value, self.log[1])],
                value,
                interval: (entry.runs.len() > 1).then(|| series.interval(moment)).flatten(),
                note,
            });
        }
        rows
    }

    /// The stretch of all curves that can be shown, in the coordinates of the axes.
    pub(super) fn whole(&self, entries: &[ExperimentEntry], quantity: Quantity) -> Option<Bounds> {
        let [log_x, log_y] = self.log;
        let mut x: Option<[f64; 2]> = None;
        let mut y: Option<[f64; 2]> = None;
        let mut strayed: Option<[f64; 2]> = None;
        for (entry, series) in entries.iter().zip(&self.series).filter(|(entry, _)| entry.visible) {
            let xs = series.xs(entry);
            let first = if log_x { xs.partition_point(|x| *x <= 0.0) } else { 0 };
            let Some((low, high)) = series.bounds(entry, log_y) else { continue };
            let (Some(from), Some(to)) = (xs.get(first), xs.last()) else { continue };
            x = Some(x.map_or([*from, *to], |[a, b]| [a.min(*from), b.max(*to)]));
            let wild = entry.runs.iter().any(|run| diverged_at(run).is_some());
            let range = if wild { &mut strayed } else { &mut y };
            *range = Some(range.map_or([low, high], |[a, b]| [a.min(low), b.max(high)]));
        }
        // One experiment that diverged must not flatten the others.
        let y = match (y, strayed) {
            (Some([low, high]), Some([lowest, highest])) => {
                let room = if log_y { high * 30.0 } else { high + 2.0 * (high - low).abs() };
                [
                    low.min(lowest.max(if log_y { low / 30.0 } else { low })),
                    high.max(highest.min(room)),
                ]
            }
            (Some(range), None) | (None, Some(range)) => range,
            (None, None) => return None,
        };
        let axis = |[low, high]: [f64; 2], log: bool, margin: f64| {
            let [low, high] = if log { [log10(low), log10(high)] } else { [low, high] };
            let width = if high > low { high - low } else { low.abs().max(1.0) };
            [low - margin * width, high + margin * width]
        };
        let mut x = axis(x?, log_x, 0.0);
        if x[1] <= x[0] + f64::EPSILON {
            x[1] = x[0] + 1.0;
        }
        x[1] += 0.01 * (x[1] - x[0]);
        if !log_x && quantity.clock != Clock::Seconds && x[0] < 0.05 * x[1] {
            x[0] = x[0].min(0.0);
        }
        Some([x, axis(y, log_y, 0.05)])
    }

    pub(super) fn plot_ui(
        &mut self,
        ui: &mut Ui,
        context: &mut ViewContext<'_>,
        quantity: Quantity,
        whole: Bounds,
        name: &str,
    ) {
        let theme = context.theme;
        let entries = context.session.entries();
        let [x, y] = self.axes.bounds(whole);
        let [log_x, log_y] = self.log;
        let value = |at: f64| if log_x { analysis::power_of_ten(at) } else { at };
        let n_visible = entries.iter().filter(|entry| entry.visible).count();
        let n_columns = match n_visible {
            MANY.. => 0.5 * ui.available_width(),
            _ => ui.available_width() * ui.pixels_per_point(),
        } as usize;
        let look = Look {
            view: analysis::View {
                from: value(x[0]),
                to: value(x[1]),
                n_columns: n_columns.max(16),
                log_x,
            },
            log_y,
        };
        let bottom = y[0].min(whole[1][0]) - (y[1] - y[0]);
        for (entry, series) in entries.iter().zip(&mut self.series) {
            if entry.visible {
                series.look(entry, look, bottom);
            }
        }
        let frame = Frame {
            name,
            whole,
            log: self.log,
            labels: [self.clock.label(), ""],
            grid: true,
            theme,
        };
        let mut order: Vec<usize> = (0..entries.len()).filter(|i| entries[*i].visible).collect();
        let front = |index: usize| {
            u8::from(context.session.selected() == index)
                + 2 * u8::from(context.hovered == Some(index))
        };
        order.sort_by_key(|index| front(*index));
        let series = &self.series;
        let faded = |index: usize| context.hovered.is_some_and(|hovered| hovered != index);
        let color = |index: usize| {
            let color = theme.run(entries[index].color);
            if faded(index) { color.gamma_multiply(0.3) } else { color }
        };
        let banded = |index: usize| entries[index].runs.len() > 1;
        let drawn = self.axes.show(ui, &frame, |plot| {
            for index in order.iter().copied().filter(|index| banded(*index)) {
                let [xs, lows, highs] = series[index].band();
                if xs.len() > 1 {
                    let band = FilledArea::new(format!("band {index}"), xs, lows, highs)
                        .fill_color(color(index).gamma_multiply(0.15))
                        .allow_hover(false);
                    plot.add(band);
                }
            }
        });
        let pen = Pen {
            frame: *drawn.transform.frame(),
            bounds: [x, y],
            n_columns: look.view.n_columns,
            color: theme.text,
            width: 1.6,
            pixel: 1.0 / ui.pixels_per_point(),
        };
        let painter = ui.painter().with_clip_rect(pen.frame);
        self.n_points = 0;
        for index in &order {
            let color = color(*index);
            let width = if context.hovered == Some(*index) { 2.5 } else { 1.6 };
            let (main, smooth) = self.series[*index].curves();
            self.n_points += draw(
                &painter,
                main,
                match smooth {
                    Some(_) => Pen { color: color.gamma_multiply(0.25), width: 1.0, ..pen },
                    None => Pen { color, width, ..pen },
                },
            );
            if let Some(smooth) = smooth {
                self.n_points += draw(&painter, smooth, Pen { color, width, ..pen });
            }
        }
        endings::ui(ui, context, &self.series, quantity, log_x, &drawn);
        if self.log[1]
            && entries.iter().zip(&self.series).any(|(e, s)| e.visible && s.has_not_positive(e))
        {
            let corner = drawn.transform.frame().right_top() + egui::vec2(-4.0, 2.0);
            let text = "values at or below 0 are not on this axis";
            let font = egui::FontId::proportional(11.0);
            ui.painter().text(corner, egui::Align2::RIGHT_TOP, text, font, theme.dim);
        }
        if let Some(at) = drawn.response.hover_pos().filter(|_| !drawn.response.dragged()) {
            let point = drawn.transform.value_from_position(at);
            let at_value = if log_x { analysis::power_of_ten(point.x) } else { point.x };
            let rows = self.rows(context, at_value);
            let clock = self.clock;
            if let Some(nearest) = hover::ui(ui, theme, &drawn, at, clock, rows) {
                *context.hover = Some(nearest);
                if drawn.response.clicked() {
                    context.commands.push(SessionCommand::Select(nearest));
                }
            }
        }
    }
}

/// Draws a curve; returns its number of points.
fn draw(painter: &Painter, curve: &mut Curve, pen: Pen) -> usize {
    if let [point] = curve.points() {
        painter.circle_filled(pen.place(point), 3.0, pen.color);
    } else {
        painter.add(Shape::Mesh(curve.mesh(pen)));
    }
    curve.points().len()
}
