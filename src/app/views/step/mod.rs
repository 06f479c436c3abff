//! One step of a run from inside: the optimizer's formula with the numbers of one parameter, and how
//! gradient, update and state lie over all parameters.

mod controls;
mod lines;
mod parameter;
mod spreads;

use std::sync::Arc;

use egui::{Align, Key, Layout, Margin, Modifiers, ScrollArea, Ui};

use super::axes::{empty_ui, swatch_ui};
use super::{View, ViewContext};
use crate::analysis::{Anatomies, Dissection, StepAnswer, StepQuestion};
use crate::app::help::plain;
use crate::app::theme::{Theme, small, space};
use crate::app::widgets::{bar, button, note};
use crate::app::words;
use crate::optimizers::Equation;
use crate::session::ExperimentEntry;
use crate::training::{Plan, Run};

/// Below this height, what chooses the parameter scrolls with the rest.
const LOW: f32 = 240.0;

/// Which step is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Chosen {
    /// The last that the run has done, as it goes on.
    #[default]
    Latest,
    /// This one, 1 being the first.
    Step(u64),
}

/// A step of the selected experiment, taken apart.
///
/// Reveals what makes a step long or short: the gradient, an average that remembers, a division, a
/// correction for the start, or the schedule.
#[derive(Default)]
pub(super) struct StepView {
    anatomies: Option<Anatomies>,
    chosen: Chosen,
    /// What was asked last.
    asked: Option<StepQuestion>,
    /// The parameter shown, by its place in the flat vector.
    parameter: usize,
    /// The run for which a parameter was chosen to begin with.
    begun_with: Option<Arc<Plan>>,
    /// The lines of a step for a parameter, as long as both stay the same.
    lines: Option<(Arc<Dissection>, usize, Vec<Equation>)>,
}

/// The selected experiment with its first run.
fn subject<'a>(context: &ViewContext<'a>) -> Option<(&'a ExperimentEntry, &'a Run)> {
    let entry = context.session.selected_entry()?;
    Some((entry, entry.runs.first()?))
}

impl StepView {
    fn anatomies(&mut self, ctx: &egui::Context) -> &Anatomies {
        self.anatomies.get_or_insert_with(|| {
            let ctx = ctx.clone();
            Anatomies::new(move || ctx.request_repaint())
        })
    }

    /// The step to show of a run that has done `n_done`.
    fn step(&self, n_done: u64) -> u64 {
        match self.chosen {
            Chosen::Latest => n_done,
            Chosen::Step(step) => step.clamp(1, n_done),
        }
    }

    /// Asks for a step; while a run goes on, its latest step is that of the question before until
    /// that one is answered.
    fn ask(&mut self, ctx: &egui::Context, plan: &Arc<Plan>, n_done: u64) -> (u64, StepAnswer) {
        let step = self.step(n_done);
        let asked = self.asked.clone().filter(|asked| Arc::ptr_eq(&asked.plan, plan));
        if let (Chosen::Latest, Some(asked)) = (self.chosen, asked) {
            let answer = self.anatomies(ctx).ask(asked.clone());
            if asked.step <= step && !matches!(answer, StepAnswer::Ready(_)) {
                return (asked.step, answer);
            }
        }
        let question = StepQuestion { plan: plan.clone(), step };
        self.asked = Some(question.clone());
        (step, self.anatomies(ctx).ask(question))
    }

    fn lines(&mut self, dissection: &Arc<Dissection>) -> &[Equation] {
        let is_known = self.lines.as_ref().is_some_and(|(known, parameter, _)| {
            Arc::ptr_eq(known, dissection) && *parameter == self.parameter
        });
        if !is_known {
            let lines = dissection.anatomy.equations(self.parameter);
            self.lines = Some((dissection.clone(), self.parameter, lines));
        }
        self.lines.as_ref().map_or(&[], |(_, _, lines)| lines)
    }

    /// The arrow keys, where the pointer is over the view and no control has them.
    fn take_keys(&mut self, ui: &Ui, n_done: u64) {
        let is_ours = ui.rect_contains_pointer(ui.max_rect())
            && ui.memory(|memory| memory.focused().is_none());
        if !is_ours {
            return;
        }
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let step = self.step(n_done);
        if pressed(Key::ArrowLeft) {
            self.choose(step.saturating_sub(1), n_done);
        } else if pressed(Key::ArrowRight) {
            self.choose(step + 1, n_done);
        } else if pressed(Key::Home) {
            self.choose(1, n_done);
        } else if pressed(Key::End) {
            self.chosen = Chosen::Latest;
        }
    }

    fn choose(&mut self, step: u64, n_done: u64) {
        self.chosen = Chosen::Step(step.clamp(1, n_done));
    }
}

impl View for StepView {
    fn title(&self) -> String {
        "One step".to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let Some((entry, run)) = subject(context) else { return };
        // The tabs need the room first.
        if ui.available_width() < 240.0 {
            return;
        }
        let seed = run.plan().seed_in_words();
        let text = match entry.runs.len() {
            1 => entry.label.clone(),
            _ => format!("{} · seed {seed}", entry.label),
        };
        ui.add(egui::Label::new(small(text).color(context.theme.dim)).truncate());
        swatch_ui(ui, context.theme.run(entry.color));
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some((entry, run)) = subject(context) else {
            let text = "Run an experiment to look inside its steps: the formula of its optimizer \
                with the numbers of each step, one parameter at a time.";
            empty_ui(ui, theme, "No step yet", text);
            return;
        };
        let (plan, n_done) = (run.plan(), run.clocks().step);
        if n_done == 0 || plan.n_params() == 0 {
            let text = "The steps of the selected experiment can be looked into as soon as it has \
                done one.";
            empty_ui(ui, theme, "No step yet", text);
            return;
        }
        self.parameter = self.parameter.min(plan.n_params() - 1);
        self.take_keys(ui, n_done);
        let (_, answer) = self.ask(ui.ctx(), plan, n_done);
        let shown = match &answer {
            StepAnswer::Ready(dissection) => Some(dissection.clone()),
            // What was shown stays, faded, until there is something newer.
            _ => self.anatomies(ui.ctx()).latest(),
        };
        let shown = shown.filter(|shown| Arc::ptr_eq(&shown.anatomy.plan, plan));
        if let Some(shown) = &shown
            && !self.begun_with.as_ref().is_some_and(|known| Arc::ptr_eq(known, plan))
        {
            // The first of many may be one that nothing happens to: a pixel that is always black.
            if shown.anatomy.gradient[self.parameter] == 0.0 {
                self.parameter = parameter::largest(&shown.anatomy.gradient);
            }
            self.begun_with = Some(plan.clone());
        }
        let color = theme.run(entry.color);
        egui::Frame::NONE.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::NORMAL;
            self.step_row(ui, theme, n_done, plan.total_steps);
            let is_low = ui.available_height() < LOW;
            if !is_low {
                self.parameter_row(ui, theme, plan, shown.as_deref());
            }
            let is_faded = !matches!(answer, StepAnswer::Ready(_));
            self.answer_ui(ui, theme, &answer, shown.is_some());
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                // Room for the bar that floats over the right edge.
                ui.set_width(ui.available_width() - space::NORMAL);
                if is_low {
                    self.parameter_row(ui, theme, plan, shown.as_deref());
                }
                if let Some(shown) = shown {
                    if is_faded {
                        ui.set_opacity(0.45);
                    }
                    self.shown_ui(ui, theme, &shown, color);
                }
            });
        });
    }
}

impl StepView {
    fn shown_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        shown: &Arc<Dissection>,
        color: egui::Color32,
    ) {
        let parameter = self.parameter;
        let optimizer = &shown.anatomy.plan.experiment.optimizer;
        lines::given_ui(ui, theme, &shown.anatomy, parameter);
        lines::table_ui(ui, theme, color, self.lines(shown), &shown.anatomy, parameter);
        note(ui, theme, &plain(&optimizer.page().summary()));
        ui.add_space(space::TIGHT);
        let chosen = spreads::ui(ui, theme, color, shown, parameter);
        if let Some(chosen) = chosen {
            self.parameter = chosen;
        }
    }

    /// What there is to say while a step is trained again, and where it cannot be.
    fn answer_ui(&mut self, ui: &mut Ui, theme: &Theme, answer: &StepAnswer, is_shown: bool) {
        let text = match answer {
            StepAnswer::Ready(_) => return,
            StepAnswer::Working(done, all) => {
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
                // Most steps are there before the eye could read this.
                if *all == 0 {
                    return;
                }
                let (done, all) = (*done, (*all).max(1));
                if !is_shown {
                    note(ui, theme, "The run is trained again up to this step, to the same bits.");
                }
                ui.horizontal(|ui| {
                    ui.set_height(space::CONTROL);
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        if ui.add(button("Cancel")).clicked() {
                            self.anatomies(ui.ctx()).cancel();
                        }
                        let words =
                            format!("{} of {} steps", words::count(done), words::count(all));
                        ui.label(small(words).color(theme.dim));
                        let size = egui::vec2(ui.available_width(), 4.0);
                        let part = done as f32 / all as f32;
                        let progress = bar(ui, size, part, theme.accent, theme.line);
                        let help = "The run is trained again, to the same bits, up to this step";
                        progress.on_hover_text(help);
                    });
                });
                return;
            }
            StepAnswer::Cancelled => "Training again up to this step was given up.",
            StepAnswer::Impossible => "This step cannot be trained again: the run ended before it.",
        };
        let is_cancelled = matches!(answer, StepAnswer::Cancelled);
        ui.horizontal_wrapped(|ui| {
            ui.label(small(text).color(theme.dim));
            if is_cancelled && ui.add(button("Go on")).clicked() {
                self.anatomies(ui.ctx()).resume();
            }
            if is_shown {
                let shown = self.anatomies(ui.ctx()).latest();
                let step = shown.map_or(0, |shown| shown.anatomy.step);
                let text = format!("Below is step {}.", words::count(step));
                ui.label(small(text).color(theme.faint));
            }
        });
    }
}
