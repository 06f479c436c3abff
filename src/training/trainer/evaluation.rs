//! Evaluations of whole parts, the best weights, and the reasons to end that they show.

use super::{Best, TypedTrainer};
use crate::math::Scalar;
use crate::math::team::Team;
use crate::record::{Metric, Part};
use crate::training::objective::{EvaluatedPart, PartValue};
use crate::training::{Ending, Evaluation};

impl<T: Scalar> TypedTrainer<T> {
    /// Evaluates, where that was not done at this step.
    pub(super) fn evaluate_once(&mut self, team: &Team) {
        if self.evaluated_until.is_none_or(|last| last < self.clocks.step) {
            let _ = self.evaluate(team);
        }
    }

    /// Evaluates the whole training and validation part and keeps the best weights; the reason to end
    /// where there is one.
    pub(super) fn evaluate(&mut self, team: &Team) -> Option<Ending> {
        let was_running = self.stopwatch.stop();
        self.read_clock();
        self.evaluated_until = Some(self.clocks.step);
        let train = self.objective.evaluate(&self.params, EvaluatedPart::Train, team);
        let validation = self.objective.evaluate(&self.params, EvaluatedPart::Validation, team);
        let parts = [
            (Part::Train, EvaluatedPart::Train, &train),
            (Part::Validation, EvaluatedPart::Validation, &validation),
        ];
        for (part, evaluated, seen) in parts {
            let Some(seen) = seen else { continue };
            let averaged = self.averaged.as_ref();
            let averaged =
                averaged.and_then(|averaged| self.objective.evaluate(averaged, evaluated, team));
            let quality = |seen: PartValue<T>| seen.quality.unwrap_or(f64::NAN);
            let track = &mut self.history.tracks[part as usize];
            let mut row = [f64::NAN; 5];
            for (value, metric) in row.iter_mut().zip(&track.metrics) {
                *value = match (metric, averaged) {
                    (Metric::Loss, _) => seen.value.loss.to_f64(),
                    (Metric::Penalty, _) => seen.value.penalty.to_f64(),
                    (Metric::AveragedLoss, Some(averaged)) => averaged.value.loss.to_f64(),
                    (Metric::AveragedAccuracy | Metric::AveragedR2, Some(averaged)) => {
                        quality(averaged)
                    }
                    _ => quality(*seen),
                };
            }
            track.push(self.clocks, &row[..track.metrics.len()]);
        }
        if was_running {
            self.stopwatch.start();
        }
        let (step, train) = (self.clocks.step, train?);
        if !train.value.total().is_finite() {
            return Some(Ending::Diverged { step });
        }
        let (watched_loss, quality) = match &validation {
            Some(validation) => (validation.value.loss, validation.quality),
            None => (train.value.total(), train.quality),
        };
        let watched_loss = watched_loss.to_f64();
        self.course.observe(self.local_step(), watched_loss, &mut self.plateau);
        self.keep_if_best(watched_loss, quality.unwrap_or(f64::NAN));
        let stopping = self.plan.experiment.stopping;
        let loss = train.value.total().to_f64();
        if stopping.target_loss.is_some_and(|target| loss <= target) {
            return Some(Ending::TargetReached { step, loss });
        }
        let has_stalled =
            stopping.patience.is_some_and(|patience| self.start.evaluations_since >= patience);
        let best_step = self.start.best_step;
        has_stalled.then_some(Ending::EarlyStopped { step, best_step })
    }

    fn keep_if_best(&mut self, loss: f64, quality: f64) {
        let start = &mut self.start;
        if start.best_loss.is_none_or(|best| loss < best) {
            (start.best_loss, start.best_step) = (Some(loss), self.clocks.step);
            start.evaluations_since = 0;
        } else {
            start.evaluations_since += 1;
        }
        let evaluation = Evaluation { step: self.clocks.step, loss, quality };
        match &mut self.best {
            Some(best) if loss < best.evaluation.loss => {
                best.evaluation = evaluation;
                best.params.copy_from_slice(&self.params);
            }
            Some(_) => {}
            None => self.best = Some(Best { evaluation, params: self.params.clone() }),
        }
    }

    pub(super) fn test(&mut self, params: &[T], step: u64, team: &Team) -> Option<Evaluation> {
        let seen = self.objective.evaluate(params, EvaluatedPart::Test, team)?;
        let quality = seen.quality.unwrap_or(f64::NAN);
        Some(Evaluation { step, loss: seen.value.loss.to_f64(), quality })
    }
}
