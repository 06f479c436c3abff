//! The trainer: takes one step at a time through a plan, and records what it sees on the way.

mod evaluation;
mod recording;
mod resumption;
mod starts;
mod update;

use std::ops::Range;
use std::sync::Arc;

use self::starts::initial_params;
use super::checkpoint::{Checkpoint, StartCheckpoint};
use super::objective::{DataObjective, EvaluatedPart, Objective, SurfaceObjective};
use super::stopwatch::Stopwatch;
use super::{Ending, Evaluation, Outcome, Plan, StartOutcome};
use crate::data::batches::BatchOrder;
use crate::data::sampling::Classes;
use crate::data::store::unreadable;
use crate::data::{Prepared, TargetColumn};
use crate::experiment::{Experiment, Precision};
use crate::math::Scalar;
use crate::math::team::Team;
use crate::optimizers::{Arrival, OptimizerState};
use crate::record::{Clocks, History};
use crate::schedules::{Course, Plateau};

/// A run of any number type, one step at a time.
pub trait Trainer: Send {
    /// Begins the run, or the next of several starts, where that is due, with all evaluations and
    /// records of it. Does nothing in the midst of a start.
    fn begin(&mut self, team: &Team);

    /// Does one step, with all evaluations and records that fall due, beginning before it what is to
    /// be [begun](Self::begin). When the run ends, the last also records the end. Does nothing after
    /// the end.
    fn step(&mut self, team: &Team);

    /// Ends the run where it stands, for this reason, unless it has ended already.
    fn end(&mut self, ending: Ending, team: &Team);

    /// Why the run ended; `None` while it goes on.
    fn ending(&self) -> Option<&Ending>;

    /// How far it has come.
    fn clocks(&self) -> Clocks;

    /// Takes out what was recorded since the last call.
    fn take_history(&mut self) -> History;

    /// Takes out the hashes of the parameters since the last call, with their steps.
    fn take_hashes(&mut self) -> Vec<(u64, u64)>;

    /// What the run came to, once it has ended.
    fn outcome(&self) -> Option<&Outcome>;

    /// Writes the current parameters, widened.
    fn copy_params(&self, to: &mut Vec<f64>);

    /// The best parameters seen in an evaluation, widened; the current ones before the first.
    fn best_params(&self) -> Vec<f64>;

    /// Writes the gradient that the last step gave to the optimizer, widened.
    fn copy_gradient(&self, to: &mut Vec<f64>);

    /// The objective, penalty included, over the whole training part at the current parameters.
    fn objective(&mut self, team: &Team) -> f64;

    /// Stops and restarts the clock of seconds; pauses do not count.
    fn set_clock_running(&mut self, running: bool);

    /// Everything needed to go on from here.
    fn checkpoint(&self) -> Checkpoint;

    /// Goes (back) to a checkpoint of a run of the same plan.
    fn restore(&mut self, checkpoint: &Checkpoint);
}

/// The trainer of a plan, at its start.
pub fn trainer(plan: Arc<Plan>) -> Box<dyn Trainer> {
    match plan.experiment.precision {
        Precision::F32 => Box::new(TypedTrainer::<f32>::new(plan)),
        Precision::F64 => Box::new(TypedTrainer::<f64>::new(plan)),
    }
}

/// The smallest loss seen in an evaluation, and its weights.
struct Best<T> {
    evaluation: Evaluation,
    params: Vec<T>,
}

struct TypedTrainer<T: Scalar> {
    plan: Arc<Plan>,
    objective: Box<dyn Objective<T>>,
    order: Option<BatchOrder>,
    params: Vec<T>,
    gradient: Vec<T>,
    /// The parameters before a recorded step, for the norm of the update.
    previous: Vec<T>,
    state: OptimizerState<T>,
    /// Where the last step of a rule that searches ended; `None` for other rules.
    arrival: Option<Arrival<T>>,
    /// Whether a checkpoint was restored that had arrived: the coming evaluation is counted already.
    is_counted: bool,
    /// The blocks of the parameters.
    blocks: Vec<Range<usize>>,
    /// The average of the parameters, where one is kept.
    averaged: Option<Vec<T>>,
    course: Course,
    plateau: Plateau,
    /// Which of several random starts this is.
    start: StartCheckpoint,
    /// What those before it came to.
    starts: Vec<StartOutcome>,
    n_clipped: u64,
    clips: bool,
    clocks: Clocks,
    stopwatch: Stopwatch,
    history: History,
    hashes: Vec<(u64, u64)>,
    best: Option<Best<T>>,
    begun: bool,
    /// The last step that was hashed.
    hashes_until: Option<u64>,
    /// The last step that was evaluated.
    evaluated_until: Option<u64>,
    ending: Option<Ending>,
    outcome: Option<Outcome>,
}

impl<T: Scalar> TypedTrainer<T> {
    fn new(plan: Arc<Plan>) -> Self {
        let experiment = &plan.experiment;
        let n_params = plan.n_params();
        let params = initial_params(&plan, 0);
        let rule = experiment.optimizer.rule::<T>();
        let state = OptimizerState::new(rule, n_params);
        let arrival =
            rule.searches().then(|| Arrival { value: None, gradient: vec![T::ZERO; n_params] });
        let blocks = plan.layout.blocks().iter().map(|block| block.range.clone()).collect();
        let (objective, order): (Box<dyn Objective<T>>, _) = match (&plan.data, &plan.surface) {
            (Some(data), _) => {
                let n_train = data.train.n_samples();
                let objective = DataObjective::<T>::new(
                    experiment,
                    data,
                    &plan.layout,
                    plan.n_outputs,
                    plan.batch_size,
                    plan.micro_batch_size,
                    plan.seed,
                );
                let is_usual = experiment.sampling.is_usual();
                let order =
                    (plan.batch_size < n_train || !is_usual).then(|| batch_order(&plan, data));
                (Box::new(objective), order)
            }
            (None, Some(surface)) => {
                let objective = SurfaceObjective::new(surface.clone());
                (Box::new(objective.observed(experiment.data.noise(), plan.seed)), None)
            }
            (None, None) => unreachable!("a plan has data or a surface"),
        };
        let history = History::new(&plan.tracks());
        Self {
            averaged: plan.averages().then(|| params.clone()),
            course: plan.course(),
            plateau: Plateau::default(),
            start: StartCheckpoint::default(),
            starts: Vec::new(),
            n_clipped: 0,
            clips: plan.clips(),
            objective,
            order,
            gradient: vec![T::ZERO; n_params],
            previous: vec![T::ZERO; n_params],
            params,
            state,
            arrival,
            is_counted: false,
            blocks,
            clocks: Clocks::default(),
            stopwatch: Stopwatch::default(),
            history,
            hashes: Vec::new(),
            best: None,
            begun: false,
            hashes_until: None,
            evaluated_until: None,
            ending: None,
            outcome: None,
            plan,
        }
    }

    /// The learning rate of the coming step.
    fn learning_rate(&self) -> f64 {
        self.plan.experiment.optimizer.rule::<T>().learning_rate()
            * self.course.factor(self.local_step(), &self.plateau)
    }

    /// Steps done since the latest start.
    fn local_step(&self) -> u64 {
        self.clocks.step - self.start.first_step
    }

    /// Whether a stride falls on the current step, or the budget ends there.
    fn is_due(&self, stride: u64) -> bool {
        self.clocks.step.is_multiple_of(stride) || self.local_step() == self.plan.steps_per_start
    }

    fn widen(params: &[T]) -> Vec<f64> {
        params.iter().map(|param| param.to_f64()).collect()
    }
}

impl<T: Scalar> Trainer for TypedTrainer<T> {
    fn begin(&mut self, team: &Team) {
        if self.ending.is_some() || (self.begun && !self.start.is_closed) {
            return;
        }
        let ending = match self.begun {
            true => self.begin_start(team),
            false => {
                self.begun = true;
                self.hash();
                self.evaluate(team)
            }
        };
        self.stopwatch.start();
        if let Some(ending) = ending {
            self.close(ending, team);
        }
    }

    fn step(&mut self, team: &Team) {
        if self.ending.is_none() && self.plan.stop_at == Some(self.clocks.step) {
            self.end(Ending::Stopped { step: self.clocks.step }, team);
        }
        self.begin(team);
        // A start may end as it begins: the next step begins the next one.
        if self.ending.is_some() || self.start.is_closed {
            return;
        }
        if let Some(limit) = self.plan.experiment.stopping.seconds {
            let seconds = self.stopwatch.seconds();
            if seconds >= limit {
                return self.end(Ending::TimeSpent { step: self.clocks.step, seconds }, team);
            }
        }
        if let Some(ending) = self.update(team) {
            return self.close(ending, team);
        }
        if self.is_due(self.plan.hash_stride) {
            self.hash();
        }
        if self.is_due(self.plan.evaluation_stride)
            && let Some(ending) = self.evaluate(team)
        {
            return self.close(ending, team);
        }
        if self.local_step() >= self.plan.steps_per_start {
            self.close(Ending::BudgetSpent { step: self.clocks.step }, team);
        }
    }

    fn end(&mut self, ending: Ending, team: &Team) {
        if self.ending.is_some() {
            return;
        }
        self.stopwatch.stop();
        self.read_clock();
        self.ending = Some(ending.clone());
        let step = self.clocks.step;
        self.hash_once();
        let mut outcome = Outcome::of(ending.clone());
        if self.begun && !matches!(outcome.ending, Ending::Diverged { .. }) {
            self.evaluate_once(team);
            if !self.start.is_closed {
                self.record_last_point(team);
            }
            let params = std::mem::take(&mut self.params);
            outcome.test_last = self.test(&params, step, team);
            self.params = params;
            if let Some(averaged) = self.averaged.take() {
                outcome.test_averaged = self.test(&averaged, step, team);
                self.averaged = Some(averaged);
            }
        }
        if let Some(best) = self.best.take() {
            outcome.best = Some(best.evaluation);
            outcome.test_best = self.test(&best.params, best.evaluation.step, team);
            self.best = Some(best);
        }
        if self.plan.experiment.starts > 1 && self.begun && !self.start.is_closed {
            self.close_start(ending);
        }
        outcome.starts.clone_from(&self.starts);
        self.outcome = Some(outcome);
    }

    fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    fn clocks(&self) -> Clocks {
        self.clocks
    }

    fn take_history(&mut self) -> History {
        self.read_clock();
        let empty = History::new(&self.plan.tracks());
        std::mem::replace(&mut self.history, empty)
    }

    fn take_hashes(&mut self) -> Vec<(u64, u64)> {
        std::mem::take(&mut self.hashes)
    }

    fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    fn copy_params(&self, to: &mut Vec<f64>) {
        to.clear();
        to.extend(self.params.iter().map(|param| param.to_f64()));
    }

    fn copy_gradient(&self, to: &mut Vec<f64>) {
        to.clear();
        to.extend(self.gradient.iter().map(|slope| slope.to_f64()));
    }

    fn best_params(&self) -> Vec<f64> {
        Self::widen(self.best.as_ref().map_or(&self.params, |best| &best.params))
    }

    fn objective(&mut self, team: &Team) -> f64 {
        let seen = self.objective.evaluate(&self.params, EvaluatedPart::Train, team);
        seen.map_or(f64::NAN, |seen| seen.value.total().to_f64())
    }

    fn set_clock_running(&mut self, running: bool) {
        if running && self.begun && self.ending.is_none() {
            self.stopwatch.start();
        } else {
            self.stopwatch.stop();
        }
    }

    fn checkpoint(&self) -> Checkpoint {
        self.saved()
    }

    fn restore(&mut self, checkpoint: &Checkpoint) {
        self.resume(checkpoint);
    }
}

/// The order in which the batches of a plan are dealt.
fn batch_order(plan: &Plan, data: &Prepared) -> BatchOrder {
    let Experiment { shuffle, sampling, .. } = &plan.experiment;
    let classes = match &data.train.targets {
        TargetColumn::Classes(classes) if sampling.rule().needs_classes() => {
            Classes::new(classes).unwrap_or_else(|error| unreadable(&error))
        }
        _ => Classes::default(),
    };
    match shuffle {
        true => {
            BatchOrder::new(plan.n_train, plan.batch_size, sampling.clone(), classes, plan.seed)
        }
        false => BatchOrder::in_order(plan.n_train, plan.batch_size),
    }
}
