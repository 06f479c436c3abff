//! The view of curves: which metric is drawn over which clock, and the menus that choose them.

mod menus;
mod plot;

use egui::Ui;

use super::axes::{Axes, empty_ui};
use super::quantity::{lower_first, quantity_name, recorded};
use super::series::{Quantity, Series};
use super::{View, ViewContext};
use crate::record::{Clock, Metric, Part};
use crate::session::{ExperimentEntry, Session};

/// Curves of one metric of all visible experiments, laid over each other. Several seeds give a mean
/// with the 95 % interval of the mean as a band.
///
/// Reveals which optimizer is fastest along the chosen clock, and where one diverges or stalls.
pub(super) struct Curves {
    chosen: Option<(Part, Metric)>,
    preferred: fn(&Session) -> Vec<(Part, Metric)>,
    clock: Clock,
    log: [bool; 2],
    /// Whether y is logarithmic as long as nobody has chosen; `None` once somebody has.
    usual_log_y: Option<bool>,
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
            usual_log_y: Some(log_y),
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

    /// Curves that go below zero are linear until a person chooses otherwise.
    fn settle_log(&mut self, entries: &[ExperimentEntry]) {
        let Some(usual) = self.usual_log_y else { return };
        let is_negative = |(entry, series): (&ExperimentEntry, &Series)| {
            entry.visible && series.lowest(entry).is_some_and(|low| low < 0.0)
        };
        let log = usual && !entries.iter().zip(&self.series).any(is_negative);
        if log != self.log[1] {
            self.log[1] = log;
            self.axes.reset();
        }
    }

    /// A person's choice of the y axis.
    fn choose_log_y(&mut self, log: bool) {
        self.log[1] = log;
        self.usual_log_y = None;
        self.axes.reset();
    }
}

impl View for Curves {
    fn title(&self) -> String {
        if self.settled { quantity_name(self.shown.0, self.shown.1) } else { self.name.to_owned() }
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        self.settle(context.session);
        self.menus_ui(ui, context.session);
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
        self.settle_log(entries);
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
    use crate::session::SessionCommand;
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
