//! What a run leaves behind on the way: metrics of steps, readings of the clocks, hashes.

use super::TypedTrainer;
use crate::math::fingerprint::fingerprint_of_parameters;
use crate::math::team::Team;
use crate::math::{Scalar, reduce};
use crate::record::{Metric, Part};
use crate::training::plan::MAX_COORDINATES;

impl<T: Scalar> TypedTrainer<T> {
    /// Records the metrics of a step at the parameters before it; `n_steps` may have been clipped.
    pub(super) fn record_step(&mut self, metrics: &[f64; 5], n_steps: u64) {
        self.read_clock();
        let track = &mut self.history.tracks[Part::Batch as usize];
        let mut row = [f64::NAN; 5 + 2 + MAX_COORDINATES];
        row[..5].copy_from_slice(metrics);
        for (value, metric) in row.iter_mut().zip(&track.metrics).skip(5) {
            *value = match metric {
                Metric::ClippedShare => self.n_clipped as f64 / n_steps.max(1) as f64,
                Metric::Start => (self.start.index + 1) as f64,
                Metric::Coordinate(index) => self.previous[*index as usize].to_f64(),
                _ => f64::NAN,
            };
        }
        track.push(self.clocks, &row[..track.metrics.len()]);
    }

    /// Records where a path on a surface ends: no update follows there, so no norm of one either.
    pub(super) fn record_last_point(&mut self, team: &Team) {
        if self.plan.surface.is_none() {
            return;
        }
        // The gradient of the last step stays what it was.
        self.objective.begin_step(self.clocks.step);
        let value = self.objective.value_and_gradient(&self.params, None, &mut self.previous, team);
        let gradient_norm = reduce::norm(&self.previous).to_f64();
        self.previous.copy_from_slice(&self.params);
        let loss = value.loss.to_f64();
        let metrics = [loss, 0.0, gradient_norm, f64::NAN, self.learning_rate()];
        self.record_step(&metrics, self.clocks.step);
    }

    pub(super) fn read_clock(&mut self) {
        self.clocks.seconds = self.stopwatch.seconds();
        self.clocks.epoch = match &self.plan.data {
            Some(_) => self.clocks.samples as f64 / self.plan.n_train as f64,
            None => self.clocks.step as f64,
        };
    }

    pub(super) fn hash(&mut self) {
        self.hashes_until = Some(self.clocks.step);
        self.hashes.push((self.clocks.step, fingerprint_of_parameters(&self.params)));
    }

    /// Hashes the parameters, where that was not done at this step.
    pub(super) fn hash_once(&mut self) {
        if self.hashes_until.is_none_or(|last| last < self.clocks.step) {
            self.hash();
        }
    }
}
