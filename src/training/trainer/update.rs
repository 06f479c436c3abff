//! One step: from the batch by its gradient to the update of the parameters and their average.

use super::TypedTrainer;
use crate::data::batches::BatchOrder;
use crate::experiment::Experiment;
use crate::math::random::{Purpose, Stream};
use crate::math::team::Team;
use crate::math::{Scalar, reduce};
use crate::optimizers::{Search, Update};
use crate::record::Clocks;
use crate::training::Ending;
use crate::training::objective::ObjectiveValue;

impl<T: Scalar> TypedTrainer<T> {
    /// One update, unless this step is a reason to end.
    pub(super) fn update(&mut self, team: &Team) -> Option<Ending> {
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
}
