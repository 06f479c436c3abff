//! Recorded runs as runs: with the plan they followed, they can be looked at like any other.

use std::sync::Arc;

use super::{Clocks, History, RunRecord, Track};
use crate::training::{Ending, Outcome, Plan, Recorded, Run, Snapshot};

impl RunRecord {
    /// The run that followed `plan`, as it was recorded.
    ///
    /// # Errors
    /// Says what is damaged where the parts do not fit together, or do not fit the plan.
    pub fn run(&self, plan: Arc<Plan>) -> Result<Run, String> {
        let damaged = |what: &str| {
            let (experiment, seed) = (&self.experiment, self.seed);
            format!("the record is damaged: {experiment}, seed {seed}: {what}")
        };
        if !self.history.tracks.iter().all(Track::is_whole) {
            return Err(damaged("its series are not all equally long"));
        }
        let n_params = plan.n_params();
        let values = |params: &super::Parameters, which: &str| {
            let values = params.values().ok_or_else(|| damaged("its parameters cannot be read"))?;
            // What failed, or was stopped before it began, has none.
            match values.len() {
                n if n == n_params || n == 0 => Ok(values),
                n => Err(damaged(&format!(
                    "it has {n} {which} parameters, and the model {n_params}"
                ))),
            }
        };
        let (last, best) = (values(&self.last, "last")?, values(&self.best, "best")?);
        let hash = |(step, digits): &(u64, String)| {
            u64::from_str_radix(digits, 16).ok().map(|hash| (*step, hash))
        };
        let hashes: Option<Vec<_>> = self.hashes.iter().map(hash).collect();
        let hashes = hashes.ok_or_else(|| damaged("a hash is not a hexadecimal number"))?;
        let mut clocks = self.history.last_clocks();
        clocks.step = clocks.step.max(hashes.last().map_or(0, |(step, _)| *step));
        let step = clocks.step;
        let open = || Outcome::of(Ending::Stopped { step });
        Ok(Run::recorded(
            plan,
            Recorded {
                history: self.history.clone(),
                outcome: self.outcome.clone().unwrap_or_else(open),
                clocks,
                hashes,
                last: Snapshot { step, params: last },
                best,
            },
        ))
    }
}

impl Track {
    /// Whether every column has a value for every moment.
    fn is_whole(&self) -> bool {
        let n = self.len();
        self.metrics.len() == self.values.len()
            && self.clocks.iter().chain(&self.values).all(|column| column.len() == n)
    }
}

impl History {
    /// How far the clocks had come when something was recorded last.
    fn last_clocks(&self) -> Clocks {
        let last = |index: usize| {
            let readings = self.tracks.iter().filter_map(|track| track.clocks[index].last());
            readings.fold(0.0_f64, |most, reading| most.max(*reading))
        };
        Clocks {
            step: last(0) as u64,
            epoch: last(1),
            evaluations: last(2) as u64,
            samples: last(3) as u64,
            seconds: last(4),
        }
    }
}
