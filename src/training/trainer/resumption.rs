//! Checkpoints: what a trainer saves of itself, and how it goes on from there to the same bits.

use super::{Best, TypedTrainer};
use crate::data::batches::BatchOrder;
use crate::math::Scalar;
use crate::training::checkpoint::{BestCheckpoint, Checkpoint};
use crate::training::stopwatch::Stopwatch;

impl<T: Scalar> TypedTrainer<T> {
    /// Everything needed to go on from here.
    pub(super) fn saved(&self) -> Checkpoint {
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

    /// Goes (back) to a checkpoint.
    pub(super) fn resume(&mut self, checkpoint: &Checkpoint) {
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
