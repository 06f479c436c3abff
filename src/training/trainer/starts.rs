//! Where one start ends and the next begins.

use super::{Trainer, TypedTrainer};
use crate::math::Scalar;
use crate::math::random::{Purpose, Stream};
use crate::math::team::Team;
use crate::optimizers::OptimizerState;
use crate::schedules::Plateau;
use crate::training::checkpoint::StartCheckpoint;
use crate::training::{Ending, Plan, StartOutcome};

impl<T: Scalar> TypedTrainer<T> {
    /// Ends the current start, and with the last one, or once the target is reached, the run.
    pub(super) fn close(&mut self, ending: Ending, team: &Team) {
        let n_starts = self.plan.experiment.starts as u64;
        if n_starts == 1 {
            return self.end(ending, team);
        }
        if !matches!(ending, Ending::Diverged { .. }) {
            self.evaluate_once(team);
            self.record_last_point(team);
        }
        self.close_start(ending.clone());
        if matches!(ending, Ending::TargetReached { .. }) {
            return self.end(ending, team);
        }
        if self.start.index + 1 == n_starts {
            let diverged = |start: &StartOutcome| matches!(start.ending, Ending::Diverged { .. });
            // A start that went well outweighs a last one that did not.
            let ending = match diverged(&self.starts[self.starts.len() - 1]) {
                true if !self.starts.iter().all(diverged) => {
                    Ending::BudgetSpent { step: self.clocks.step }
                }
                _ => ending,
            };
            return self.end(ending, team);
        }
        self.hash_once();
    }

    pub(super) fn close_start(&mut self, ending: Ending) {
        self.start.is_closed = true;
        let best_loss = self.start.best_loss.unwrap_or(f64::NAN);
        self.starts.push(StartOutcome { ending, best_loss });
    }

    /// Begins the next of several starts; a reason to end at once where there is one.
    pub(super) fn begin_start(&mut self, team: &Team) -> Option<Ending> {
        let index = self.start.index + 1;
        let first_step = self.clocks.step;
        self.start = StartCheckpoint { index, first_step, ..StartCheckpoint::default() };
        self.params = initial_params(&self.plan, index);
        self.state = OptimizerState::new(self.plan.experiment.optimizer.rule(), self.params.len());
        self.plateau = Plateau::default();
        if let Some(arrival) = &mut self.arrival {
            arrival.value = None;
        }
        if let Some(averaged) = &mut self.averaged {
            averaged.copy_from_slice(&self.params);
        }
        self.evaluate(team)
    }
}

/// The parameters at the start of this number (from 0), rounded from values drawn in `f64`. Further
/// starts on a surface lie anywhere in the part of it that is worth drawing.
pub(super) fn initial_params<T: Scalar>(plan: &Plan, index: u64) -> Vec<T> {
    let mut stream = Stream::numbered(plan.seed, Purpose::Initialization, index);
    if let Some(surface) = plan.surface.as_ref().filter(|_| index > 0) {
        let domain = surface.rule::<f64>().domain();
        let ranges = domain.iter().chain(std::iter::repeat(&domain[1]));
        let draw = |&[low, high]: &[f64; 2]| T::from_f64(stream.uniform_in(low, high));
        return ranges.map(draw).take(plan.n_params()).collect();
    }
    match &plan.start {
        Some(start) => start.iter().map(|x| T::from_f64(*x)).collect(),
        None => {
            let mut params = vec![T::ZERO; plan.n_params()];
            let drawn = plan.experiment.initialization.fill(&plan.layout, &mut stream, &mut params);
            drawn.expect("a plan keeps explicit values as its start, and drawing cannot fail");
            params
        }
    }
}
