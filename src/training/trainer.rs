//! The trainer: takes one step at a time through a plan, and records what it sees on the way.

use std::ops::Range;
use std::sync::Arc;

use super::checkpoint::{BestCheckpoint, Checkpoint};
use super::objective::{DataObjective, EvaluatedPart, Objective, ObjectiveValue, SurfaceObjective};
use super::plan::MAX_COORDINATES;
use super::stopwatch::Stopwatch;
use super::{Ending, Evaluation, Outcome, Plan};
use crate::data::batches::BatchOrder;
use crate::experiment::Precision;
use crate::math::fingerprint::fingerprint_of_parameters;
use crate::math::random::{Purpose, Stream};
use crate::math::team::Team;
use crate::math::{Scalar, reduce};
use crate::optimizers::{Arrival, OptimizerState, Search, Update};
use crate::record::{Clocks, History, Part};
use crate::schedules::learning_rate_factor;

/// A run of any number type, one step at a time.
pub trait Trainer: Send {
    /// Does one step, with all evaluations and records that fall due. The first call also records
    /// the start; when the run ends, the last also records the end. Does nothing after the end.
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
    evaluations_since: u64,
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
    /// The blocks of the parameters.
    blocks: Vec<Range<usize>>,
    warmup_steps: u64,
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
        let params = initial_params(&plan);
        let rule = experiment.optimizer.rule::<T>();
        let state = OptimizerState::new(rule, n_params);
        let arrival =
            rule.searches().then(|| Arrival { value: None, gradient: vec![T::ZERO; n_params] });
        let blocks = plan.layout.blocks().iter().map(|block| block.range.clone()).collect();
        let (objective, order): (Box<dyn Objective<T>>, _) = match (&plan.data, &plan.surface) {
            (Some(data), _) => {
                let n_train = data.train.n_samples();
                let batch_size = experiment.batch.size(n_train);
                let objective = DataObjective::<T>::new(
                    experiment,
                    data,
                    &plan.layout,
                    plan.n_outputs,
                    batch_size,
                );
                let order = (batch_size < n_train).then(|| {
                    BatchOrder::new(n_train, experiment.batch, experiment.shuffle, plan.seed)
                });
                (Box::new(objective), order)
            }
            (None, Some(surface)) => (Box::new(SurfaceObjective::new(surface.clone())), None),
            (None, None) => unreachable!("a plan has data or a surface"),
        };
        let history = History::new(&plan.tracks());
        Self {
            warmup_steps: plan.warmup_steps(),
            objective,
            order,
            gradient: vec![T::ZERO; n_params],
            previous: vec![T::ZERO; n_params],
            params,
            state,
            arrival,
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
        let experiment = &self.plan.experiment;
        experiment.optimizer.rule::<T>().learning_rate()
            * learning_rate_factor(
                &experiment.schedule,
                self.warmup_steps,
                self.clocks.step,
                self.plan.total_steps,
                self.plan.steps_per_epoch,
            )
    }

    /// One update. Where the objective is not finite, the run has diverged at this step.
    fn update(&mut self, team: &Team) {
        let learning_rate = self.learning_rate();
        let samples = self.order.as_mut().map(BatchOrder::next_batch);
        let n_samples = samples.map_or(self.plan.batch_size, <[u32]>::len) as u64;
        let objective = &mut *self.objective;
        // On the same batch as before, what a search found where it ended still holds.
        let arrival = self.arrival.as_mut().filter(|_| samples.is_none());
        let known = arrival.and_then(|arrival| {
            let total = arrival.value.take()?;
            std::mem::swap(&mut arrival.gradient, &mut self.gradient);
            let penalty = objective.penalty(&self.params);
            Some(ObjectiveValue { loss: total - penalty, penalty })
        });
        let mut n_evaluations = u64::from(known.is_none());
        let value = known.unwrap_or_else(|| {
            objective.value_and_gradient(&self.params, samples, &mut self.gradient, team)
        });
        if !value.total().is_finite() {
            self.diverge(team);
            return;
        }
        let recorded = self.clocks.step.is_multiple_of(self.plan.record_stride);
        if recorded {
            self.previous.copy_from_slice(&self.params);
        }
        self.state.step += 1;
        let mut evaluate = |params: &[T], gradient: &mut [T]| {
            n_evaluations += 1;
            objective.value_and_gradient(params, samples, gradient, team).total()
        };
        let search = self.arrival.as_mut().map(|arrival| {
            arrival.value = None;
            Search { value: value.total(), evaluate: &mut evaluate, arrival }
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
        if recorded {
            let gradient_norm = reduce::norm(&self.gradient).to_f64();
            let update_norm = reduce::distance(&self.params, &self.previous).to_f64();
            let metrics = [
                value.loss.to_f64(),
                value.penalty.to_f64(),
                gradient_norm,
                update_norm,
                learning_rate,
            ];
            self.record_step(&metrics);
        }
        self.clocks.step += 1;
        self.clocks.evaluations += n_evaluations;
        self.clocks.samples += n_samples;
    }

    /// Records the metrics of a step at the parameters before it.
    fn record_step(&mut self, metrics: &[f64; 5]) {
        self.read_clock();
        let track = &mut self.history.tracks[Part::Batch as usize];
        let n_coordinates = track.metrics.len() - metrics.len();
        let mut row = [f64::NAN; 5 + MAX_COORDINATES];
        row[..5].copy_from_slice(metrics);
        for (value, coordinate) in row[5..].iter_mut().zip(&self.previous[..n_coordinates]) {
            *value = coordinate.to_f64();
        }
        track.push(self.clocks, &row[..5 + n_coordinates]);
    }

    /// Records where a path on a surface ends: no update follows there, so no norm of one either.
    fn record_last_point(&mut self, team: &Team) {
        if self.plan.surface.is_none() {
            return;
        }
        // The gradient of the last step stays what it was.
        let value = self.objective.value_and_gradient(&self.params, None, &mut self.previous, team);
        let gradient_norm = reduce::norm(&self.previous).to_f64();
        self.previous.copy_from_slice(&self.params);
        let loss = value.loss.to_f64();
        self.record_step(&[loss, 0.0, gradient_norm, f64::NAN, self.learning_rate()]);
    }

    fn read_clock(&mut self) {
        self.clocks.seconds = self.stopwatch.seconds();
        self.clocks.epoch = match &self.plan.data {
            Some(_) => self.clocks.samples as f64 / self.plan.n_train as f64,
            None => self.clocks.step as f64,
        };
    }

    fn hash(&mut self) {
        self.hashes_until = Some(self.clocks.step);
        self.hashes.push((self.clocks.step, fingerprint_of_parameters(&self.params)));
    }

    fn diverge(&mut self, team: &Team) {
        self.end(Ending::Diverged { step: self.clocks.step }, team);
    }

    /// Evaluates the whole training and validation part, keeps the best weights, and ends the run
    /// where a stopping rule says so.
    fn evaluate(&mut self, team: &Team) {
        let was_running = self.stopwatch.stop();
        self.read_clock();
        self.evaluated_until = Some(self.clocks.step);
        let train = self.objective.evaluate(&self.params, EvaluatedPart::Train, team);
        let validation = self.objective.evaluate(&self.params, EvaluatedPart::Validation, team);
        for (part, seen) in [(Part::Train, &train), (Part::Validation, &validation)] {
            let Some(seen) = seen else { continue };
            let row = [
                seen.value.loss.to_f64(),
                seen.value.penalty.to_f64(),
                seen.quality.unwrap_or(f64::NAN),
            ];
            let track = &mut self.history.tracks[part as usize];
            track.push(self.clocks, &row[..track.metrics.len()]);
        }
        if was_running {
            self.stopwatch.start();
        }
        let Some(train) = train else { return };
        if !train.value.total().is_finite() {
            return self.diverge(team);
        }
        let (watched_loss, quality) = match &validation {
            Some(validation) => (validation.value.loss, validation.quality),
            None => (train.value.total(), train.quality),
        };
        self.keep_if_best(watched_loss.to_f64(), quality.unwrap_or(f64::NAN));
        let stopping = self.plan.experiment.stopping;
        let (step, loss) = (self.clocks.step, train.value.total().to_f64());
        if stopping.target_loss.is_some_and(|target| loss <= target) {
            return self.end(Ending::TargetReached { step, loss }, team);
        }
        if let (Some(patience), Some(best)) = (stopping.patience, &self.best)
            && best.evaluations_since >= patience
        {
            let best_step = best.evaluation.step;
            self.end(Ending::EarlyStopped { step, best_step }, team);
        }
    }

    fn keep_if_best(&mut self, loss: f64, quality: f64) {
        let evaluation = Evaluation { step: self.clocks.step, loss, quality };
        match &mut self.best {
            Some(best) if loss < best.evaluation.loss => {
                best.evaluation = evaluation;
                best.params.copy_from_slice(&self.params);
                best.evaluations_since = 0;
            }
            Some(best) => best.evaluations_since += 1,
            None => {
                let params = self.params.clone();
                self.best = Some(Best { evaluation, params, evaluations_since: 0 });
            }
        }
    }

    fn test(&mut self, params: &[T], step: u64, team: &Team) -> Option<Evaluation> {
        let seen = self.objective.evaluate(params, EvaluatedPart::Test, team)?;
        let quality = seen.quality.unwrap_or(f64::NAN);
        Some(Evaluation { step, loss: seen.value.loss.to_f64(), quality })
    }

    /// Whether a stride falls on the current step, or the budget ends there.
    fn is_due(&self, stride: u64) -> bool {
        self.clocks.step.is_multiple_of(stride) || self.clocks.step == self.plan.total_steps
    }

    fn widen(params: &[T]) -> Vec<f64> {
        params.iter().map(|param| param.to_f64()).collect()
    }
}

impl<T: Scalar> Trainer for TypedTrainer<T> {
    fn step(&mut self, team: &Team) {
        if !self.begun {
            self.begun = true;
            self.hash();
            self.evaluate(team);
            self.stopwatch.start();
        }
        if self.ending.is_none() && self.clocks.step < self.plan.total_steps {
            self.update(team);
        }
        if self.ending.is_none() && self.is_due(self.plan.hash_stride) {
            self.hash();
        }
        if self.ending.is_none() && self.is_due(self.plan.evaluation_stride) {
            self.evaluate(team);
        }
        if self.ending.is_none() && self.clocks.step >= self.plan.total_steps {
            self.end(Ending::BudgetSpent { step: self.clocks.step }, team);
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
        if self.hashes_until.is_none_or(|last| last < step) {
            self.hash();
        }
        let mut outcome = Outcome { ending, best: None, test_last: None, test_best: None };
        if self.begun && !matches!(outcome.ending, Ending::Diverged { .. }) {
            if self.evaluated_until.is_none_or(|last| last < step) {
                self.evaluate(team);
            }
            self.record_last_point(team);
            let params = std::mem::take(&mut self.params);
            outcome.test_last = self.test(&params, step, team);
            self.params = params;
        }
        if let Some(best) = self.best.take() {
            outcome.best = Some(best.evaluation);
            outcome.test_best = self.test(&best.params, best.evaluation.step, team);
            self.best = Some(best);
        }
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
            order: self.order.as_ref().map(BatchOrder::position),
            best: self.best.as_ref().map(|best| BestCheckpoint {
                evaluation: best.evaluation,
                params: Self::widen(&best.params),
                evaluations_since: best.evaluations_since,
            }),
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
        if let (Some(order), Some(position)) = (&mut self.order, checkpoint.order) {
            order.set_position(position);
        }
        self.best = checkpoint.best.as_ref().map(|best| Best {
            evaluation: best.evaluation,
            params: narrow(&best.params),
            evaluations_since: best.evaluations_since,
        });
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

/// The parameters at the start, rounded from values drawn in `f64`.
fn initial_params<T: Scalar>(plan: &Plan) -> Vec<T> {
    match &plan.start {
        Some(start) => start.iter().map(|x| T::from_f64(*x)).collect(),
        None => {
            let mut params = vec![T::ZERO; plan.n_params()];
            let mut stream = Stream::new(plan.seed, Purpose::Initialization);
            let drawn = plan.experiment.initialization.fill(&plan.layout, &mut stream, &mut params);
            drawn.expect("a plan keeps explicit values as its start, and drawing cannot fail");
            params
        }
    }
}
