use egui::{Painter, Shape, Ui};
use egui_plot::FilledArea;

use super::axes::{Axes, Bounds, Frame, empty_ui};
use super::curve::{Curve, Look, log10};
use super::endings;
use super::hover::{self, Row};
use super::quantity::{lower_first, menu, quantity_name, recorded};
use super::series::{Quantity, Series, diverged_at};
use super::stroke::Pen;
use super::{View, ViewContext};
use crate::analysis;
use crate::record::{Clock, Metric, Part};
use crate::session::{ExperimentEntry, Session, SessionCommand};

/// Curves from which on a column is two points wide: nobody can tell more of so many.
const MANY: usize = 12;
/// Weights of the past that the smoothing menu offers.
const SMOOTHINGS: [f64; 6] = [0.0, 0.3, 0.6, 0.9, 0.97, 0.99];

/// Curves of one metric of all visible experiments, laid over each other. Several seeds give a mean
/// with the 95 % interval of the mean as a band.
///
/// Reveals which optimizer is fastest along the chosen clock, and where one diverges or stalls.
pub(super) struct Curves {
    chosen: Option<(Part, Metric)>,
    preferred: fn(&Session) -> Vec<(Part, Metric)>,
    clock: Clock,
    log: [bool; 2],
    smoothing: f64,
    axes: Axes,
    series: Vec<Series>,
    n_points: usize,
    shown: (Part, Metric),
    /// The title until it is known what is recorded.
    name: &'static str,
    settled: bool,
}

impl Curves {
    /// Curves that show the first of `preferred` that is recorded, until a person chooses.
    fn new(
        name: &'static str,
        preferred: fn(&Session) -> Vec<(Part, Metric)>,
        log_y: bool,
    ) -> Self {
        Self {
            chosen: None,
            preferred,
            clock: Clock::Step,
            log: [false, log_y],
            smoothing: 0.0,
            axes: Axes::default(),
            series: Vec::new(),
            n_points: 0,
            shown: (Part::Validation, Metric::Loss),
            name,
            settled: false,
        }
    }

    /// Curves of the loss, on validation where there is such a part.
    pub(super) fn loss() -> Self {
        let order = |_: &Session| {
            [Part::Validation, Part::Train, Part::Batch].map(|part| (part, Metric::Loss)).to_vec()
        };
        Self::new("Loss", order, true)
    }

    /// Curves of accuracy or R².
    pub(super) fn quality() -> Self {
        let order = |session: &Session| {
            let metric =
                if super::pictures::has_classes(session) { Metric::Accuracy } else { Metric::R2 };
            vec![(Part::Validation, metric), (Part::Train, metric)]
        };
        Self::new("Accuracy or R²", order, false)
    }

    /// Curves of the gradient's norm.
    pub(super) fn gradient_norm() -> Self {
        Self::new("Gradient norm", |_| vec![(Part::Batch, Metric::GradientNorm)], true)
    }

    /// How many points were handed to the plot in the last frame.
    #[cfg(test)]
    fn n_points(&self) -> usize {
        self.n_points
    }

    /// Settles what is shown: what a person chose, or the best of what is recorded.
    fn settle(&mut self, session: &Session) {
        let shown = self.chosen.unwrap_or_else(|| {
            let preferred = (self.preferred)(session);
            let recorded = recorded(session);
            let first = preferred.iter().find(|wanted| recorded.contains(wanted));
            *first.or(preferred.first()).unwrap_or(&self.shown)
        });
        self.settled = true;
        if shown != self.shown {
            self.shown = shown;
            self.axes.reset();
        }
    }

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
    fn whole(&self, entries: &[ExperimentEntry], quantity: Quantity) -> Option<Bounds> {
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

    fn plot_ui(
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

    fn smoothing_ui(&mut self, ui: &mut Ui) {
        for beta in SMOOTHINGS {
            let name =
                if beta == 0.0 { "No smoothing".to_owned() } else { format!("Smooth {beta}") };
            if ui.selectable_label(self.smoothing == beta, name).clicked() {
                self.smoothing = beta;
            }
        }
    }

    fn clock_ui(&mut self, ui: &mut Ui) {
        for clock in Clock::ALL {
            if ui.selectable_label(self.clock == clock, clock.label()).clicked() {
                self.clock = clock;
                self.axes.reset();
            }
        }
        ui.separator();
        if ui.checkbox(&mut self.log[0], "Logarithmic x axis").changed() {
            self.axes.reset();
        }
    }

    fn metric_ui(&mut self, ui: &mut Ui, session: &Session) {
        let mut offered = recorded(session);
        for wanted in (self.preferred)(session) {
            if !offered.contains(&wanted) {
                offered.push(wanted);
            }
        }
        for (part, metric) in offered {
            let name = quantity_name(part, metric);
            if ui.selectable_label(self.shown == (part, metric), name).clicked() {
                self.chosen = Some((part, metric));
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

impl View for Curves {
    fn title(&self) -> String {
        if self.settled { quantity_name(self.shown.0, self.shown.1) } else { self.name.to_owned() }
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        self.settle(context.session);
        // Everything where there is room; else one menu, so that the tabs stay readable.
        let roomy = ui.available_width() > 620.0;
        if roomy {
            let smoothing = match self.smoothing {
                0.0 => "smooth ▾".to_owned(),
                beta => format!("smooth {beta} ▾"),
            };
            menu(ui, smoothing, |ui| self.smoothing_ui(ui));
            menu(ui, format!("x: {} ▾", self.clock.label()), |ui| self.clock_ui(ui));
            menu(ui, "metric ▾".to_owned(), |ui| self.metric_ui(ui, context.session));
        } else {
            menu(ui, "show ▾".to_owned(), |ui| {
                ui.menu_button("Metric", |ui| self.metric_ui(ui, context.session));
                ui.menu_button("Clock of the x axis", |ui| self.clock_ui(ui));
                ui.menu_button("Smoothing", |ui| self.smoothing_ui(ui));
                if ui.checkbox(&mut self.log[1], "Logarithmic y axis").changed() {
                    self.axes.reset();
                }
            });
        }
        if ui.available_width() > 400.0 {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (name, log, help) in [
                ("linear", false, "Linear y axis"),
                ("log", true, "Logarithmic y axis: equal ratios are equal distances"),
            ] {
                let text = crate::app::theme::small(name);
                if ui.selectable_label(self.log[1] == log, text).on_hover_text(help).clicked() {
                    self.log[1] = log;
                    self.axes.reset();
                }
            }
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let session = context.session;
        self.settle(session);
        let (part, metric) = self.shown;
        let quantity = Quantity { part, metric, clock: self.clock };
        let entries = session.entries();
        self.series.resize_with(entries.len(), Series::default);
        for (entry, series) in entries.iter().zip(&mut self.series) {
            if entry.visible {
                series.update(entry, quantity, self.smoothing);
            }
        }
        let name = quantity_name(part, metric);
        let Some(whole) = self.whole(entries, quantity) else {
            self.n_points = 0;
            let theme = context.theme;
            if self.log[1]
                && entries.iter().zip(&self.series).any(|(e, s)| e.visible && s.has_not_positive(e))
            {
                empty_ui(
                    ui,
                    theme,
                    "Nothing above zero",
                    "A logarithmic axis shows values above zero only. Switch to linear.",
                );
            } else if session.is_busy() {
                empty_ui(
                    ui,
                    theme,
                    "Waiting for the first values",
                    &format!("{name} appears here as soon as a run records it."),
                );
            } else {
                empty_ui(
                    ui,
                    theme,
                    "No curves yet",
                    &format!(
                        "Press Run: {} of every visible experiment appears here, live.",
                        lower_first(&name)
                    ),
                );
            }
            return;
        };
        self.plot_ui(ui, context, quantity, whole, &name);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::data::Source;
    use crate::experiment::{Cadence, Experiment, Study};
    use crate::optimizers::Optimizer;
    use crate::settings::{Span, Value};
    use crate::surfaces::Surface;
    use crate::training::Executor;

    /// A session with one run of so many recorded steps.
    fn session(n_steps: u64) -> Session {
        let mut session = Session::new(Executor::new(Some(1)), Arc::new(|| {}));
        let mut optimizer = Optimizer::named("GradientDescent").expect("an optimizer of that name");
        optimizer.set("learning_rate", Value::Number(1e-4)).expect("a permitted rate");
        let base = Experiment {
            optimizer,
            data: Source::Surface(Surface::named("Rosenbrock").expect("a surface of that name")),
            budget: Span::Steps(n_steps),
            record_every: Cadence::Steps(1),
            ..Experiment::default()
        };
        let study = Study { base, ..Study::default() };
        session.apply(SessionCommand::OpenStudy(Box::new(study)));
        session.apply(SessionCommand::RunAll);
        let deadline = Instant::now() + Duration::from_secs(60);
        while session.entries()[0].runs.first().is_none_or(|run| run.outcome().is_none()) {
            session.update();
            assert!(Instant::now() < deadline, "{:?}", session.messages());
            std::thread::yield_now();
        }
        session
    }

    #[test]
    fn a_frame_costs_pixels_whatever_the_length_of_the_run() {
        const WIDTH: f32 = 600.0;
        for n_steps in [500, 5_000, 50_000] {
            let session = session(n_steps);
            let recorded = session.entries()[0].runs[0].history().track(Part::Batch).len();
            assert!(recorded as u64 >= n_steps);
            let mut view = Curves::gradient_norm();
            let ctx = egui::Context::default();
            let input = egui::RawInput {
                screen_rect: Some(egui::Rect::from_min_size(
                    egui::Pos2::ZERO,
                    egui::vec2(WIDTH, 400.0),
                )),
                ..egui::RawInput::default()
            };
            let mut output = ctx.run_ui(input, |ui| {
                let (mut hover, mut commands) = (None, Vec::new());
                let mut context = ViewContext {
                    session: &session,
                    theme: &crate::app::theme::Theme::LIGHT,
                    hovered: None,
                    hover: &mut hover,
                    commands: &mut commands,
                };
                view.ui(ui, &mut context);
            });
            output.textures_delta.clear();
            let most = 2 * WIDTH as usize + 2;
            assert!(view.n_points() <= most, "{} points for {recorded}", view.n_points());
            assert!(view.n_points() >= recorded.min(WIDTH as usize) / 2);
        }
    }
}
