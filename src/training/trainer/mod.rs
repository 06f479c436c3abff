//! The trainer: takes one step at a time through a plan, and records what it sees on the way.

mod evaluation;
mod recording;
mod starts;

use self::starts::initial_params;
use std::ops::Range;
use std::sync::Arc;

use super::checkpoint::{BestCheckpoint, Checkpoint, StartCheckpoint};
use super::objective::{DataObjective, EvaluatedPart, Objective, ObjectiveValue, SurfaceObjective};
use super::stopwatch::Stopwatch;
use super::{Ending, Evaluation, Outcome, Plan, StartOutcome};
use crate::data::batches::BatchOrder;
use crate::data::sampling::Classes;
use crate::data::{Prepared, TargetColumn};
use crate::experiment::{Experiment, Precision};
use crate::math::random::{Purpose, Stream};
use crate::math::team::Team;
use crate::math::{Scalar, reduce};
use crate::optimizers::{Arrival, OptimizerState, Search, Update};
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

    /// One update, unless this step is a reason to end.
    fn update(&mut self, team: &Team) -> Option<Ending> {
        let (step, local_step) = (self.clocks.step, self.local_step());
        let learning_rate = self.learning_rate();
        let samples = self.order.as_mut().map(BatchOrder::next_batch);
        let n_samples = samples.map_or(self.plan.batch_size, <[u32]>::len) as u64;
        let objective = &mut *self.objective;
        objective.begin_step(self.clocks.step);
        // On the same batch as before, what a search found where it ended still holds.
        let holds = samples.is_none() && objective.is_exact();
        let arrival = self.arrival.as_mut().filter(|_| holds);
        let known = arrival.and_then(|arrival| {
            let total = arrival.value.take()?;
            std::mem::swap(&mut arrival.gradient, &mut self.gradient);
            let penalty = objective.penalty(&self.params);
            Some((ObjectiveValue { loss: total - penalty, penalty }, total))
        });
        // How often this batch was seen whole, in so many micro-batches each time.
        let n_micro_batches = n_samples.div_ceil(self.plan.micro_batch_size.max(1) as u64).max(1);
        let is_counted = std::mem::take(&mut self.is_counted) || known.is_some();
        let mut n_passes = u64::from(!is_counted);
        let (value, total) = known.unwrap_or_else(|| {
            let value =
                objective.value_and_gradient(&self.params, samples, &mut self.gradient, team);
            (value, value.total())
        });
        let count = |clocks: &mut Clocks, n_passes: u64| {
            clocks.evaluations += n_passes * n_micro_batches;
            clocks.samples += n_passes * n_samples;
        };
        if !total.is_finite() {
            count(&mut self.clocks, n_passes);
            return Some(Ending::Diverged { step });
        }
        let Experiment { clip, gradient_noise, stopping, .. } = &self.plan.experiment;
        let recorded = step.is_multiple_of(self.plan.record_stride);
        if recorded {
            self.previous.copy_from_slice(&self.params);
        }
        let gradient_norm = match recorded || self.clips || stopping.gradient_norm.is_some() {
            true => reduce::norm(&self.gradient),
            false => T::ZERO,
        };
        if stopping.gradient_norm.is_some_and(|least| gradient_norm.to_f64() <= least) {
            count(&mut self.clocks, n_passes);
            return Some(Ending::Converged { step, gradient_norm: gradient_norm.to_f64() });
        }
        if self.clips {
            self.n_clipped += u64::from(clip.rule().limit(&mut self.gradient, gradient_norm));
        }
        if !gradient_noise.is_off() {
            let deviation = gradient_noise.rule().deviation(local_step);
            let mut stream = Stream::numbered(self.plan.seed, Purpose::GradientNoise, step);
            for slope in &mut self.gradient {
                *slope += T::from_f64(deviation * stream.normal());
            }
        }
        self.state.step += 1;
        let mut evaluate = |params: &[T], gradient: &mut [T]| {
            n_passes += 1;
            objective.value_and_gradient(params, samples, gradient, team).total()
        };
        let search = self.arrival.as_mut().map(|arrival| {
            arrival.value = None;
            Search { value: total, evaluate: &mut evaluate, arrival }
        });
        self.plan.experiment.optimizer.rule::<T>().update(
            &mut self.state,
            Update {
                params: &mut self.params,
                gradient: &self.gradient,
                learning_rate,
                team,
                blocks: &self.blocks,
                search,
            },
        );
        self.average();
        if recorded {
            let gradient_norm = gradient_norm.to_f64();
            let update_norm = reduce::distance(&self.params, &self.previous).to_f64();
            let metrics = [
                value.loss.to_f64(),
                value.penalty.to_f64(),
                gradient_norm,
                update_norm,
                learning_rate,
            ];
            self.record_step(&metrics, step + 1);
        }
        self.clocks.step += 1;
        count(&mut self.clocks, n_passes);
        None
    }

    /// Takes the parameters after a step into their average.
    fn average(&mut self) {
        let Some(averaged) = &mut self.averaged else { return };
        let rule = self.plan.experiment.averaging.rule();
        let weight = rule.weight(self.state.step, self.plan.steps_per_epoch);
        if weight == 1.0 {
            return averaged.copy_from_slice(&self.params);
        }
        let weight = T::from_f64(weight);
        for (mean, param) in averaged.iter_mut().zip(&self.params) {
            *mean += weight * (*param - *mean);
        }
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
        Checkpoint {
            clocks: self.clocks,
            params: Self::widen(&self.params),
            optimizer_step: self.state.step,
            optimizer_vectors: self.state.vectors.iter().map(|x| Self::widen(x)).collect(),
            optimizer_scalars: self.state.scalars.clone(),
            arrived: self.order.is_none()
                && self.objective.is_exact()
                && self.arrival.as_ref().is_some_and(|arrival| arrival.value.is_some()),
            order: self.order.as_ref().map(BatchOrder::position),
            best: self.best.as_ref().map(|best| BestCheckpoint {
                evaluation: best.evaluation,
                params: Self::widen(&best.params),
            }),
            start: self.start,
            starts: self.starts.clone(),
            averaged: self.averaged.as_ref().map_or_else(Vec::new, |mean| Self::widen(mean)),
            plateau: self.plateau,
            n_clipped: self.n_clipped,
        }
    }

    fn restore(&mut self, checkpoint: &Checkpoint) {
        let narrow = |params: &[f64]| params.iter().map(|x| T::from_f64(*x)).collect::<Vec<T>>();
        self.clocks = checkpoint.clocks;
        self.stopwatch = Stopwatch::at(checkpoint.clocks.seconds);
        self.params = narrow(&checkpoint.params);
        self.state.step = checkpoint.optimizer_step;
        self.state.vectors = checkpoint.optimizer_vectors.iter().map(|x| narrow(x)).collect();
        self.state.scalars.clone_from(&checkpoint.optimizer_scalars);
        if let Some(arrival) = &mut self.arrival {
            arrival.value = None;
        }
        self.is_counted = checkpoint.arrived;
        if let (Some(order), Some(position)) = (&mut self.order, checkpoint.order) {
            order.set_position(position);
        }
        self.best = checkpoint
            .best
            .as_ref()
            .map(|best| Best { evaluation: best.evaluation, params: narrow(&best.params) });
        self.start = checkpoint.start;
        self.starts.clone_from(&checkpoint.starts);
        self.plateau = checkpoint.plateau;
        self.n_clipped = checkpoint.n_clipped;
        if let Some(averaged) = &mut self.averaged {
            *averaged = narrow(&checkpoint.averaged);
        }
        // What falls due at this step was done before the checkpoint was taken.
        self.begun = self.best.is_some();
        self.hashes_until = self.begun.then_some(checkpoint.clocks.step);
        self.evaluated_until = self.hashes_until;
        self.ending = None;
        self.outcome = None;
        if self.begun {
            self.stopwatch.start();
        }
    }
}

/// The order in which the batches of a plan are dealt.
fn batch_order(plan: &Plan, data: &Prepared) -> BatchOrder {
    let Experiment { shuffle, sampling, .. } = &plan.experiment;
    let classes = match &data.train.targets {
        TargetColumn::Classes(classes) if sampling.rule().needs_classes() => Classes::new(classes),
        _ => Classes::default(),
    };
    match shuffle {
        true => {
            BatchOrder::new(plan.n_train, plan.batch_size, sampling.clone(), classes, plan.seed)
        }
        false => BatchOrder::in_order(plan.n_train, plan.batch_size),
    }
}
