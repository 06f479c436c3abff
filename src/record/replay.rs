use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::{ENGINE, ExperimentProblem, Inputs, Record, RunRecord, inputs, plan_study};
use crate::experiment::{Study, StudyError};
use crate::training::{Executor, Plan, Run};

/// How one run went the second time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayedRun {
    /// The label of the experiment.
    pub experiment: String,
    /// The seed.
    pub seed: u64,
    /// Recorded hashes compared.
    pub n_compared: usize,
    /// Where it went another way; `None` where all is equal, or nothing was compared.
    pub difference: Option<Difference>,
}

impl ReplayedRun {
    /// Whether hashes were compared and all are equal.
    pub fn is_equal(&self) -> bool {
        self.n_compared > 0 && self.difference.is_none()
    }
}

/// `Adam, seed 1: equal (41 hashes)`, or where it went another way, or that there are no hashes.
impl std::fmt::Display for ReplayedRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, seed {}: ", self.experiment, self.seed)?;
        match &self.difference {
            None if self.n_compared == 0 => write!(f, "nothing to compare, it left no hashes"),
            None => write!(f, "equal ({} hashes)", self.n_compared),
            Some(Difference { step, equal_at: None }) => {
                write!(f, "first differing recorded step {step}; the start differs already")
            }
            Some(Difference { step, equal_at: Some(equal) }) => {
                write!(f, "first differing recorded step {step}; equal at {equal}")
            }
        }
    }
}

/// The first recorded step at which two runs differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The step.
    pub step: u64,
    /// The recorded step before it, where all was equal; `None` where the start differs.
    pub equal_at: Option<u64>,
}

/// A record that cannot be replayed.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// The record or its study cannot be read.
    #[error(transparent)]
    File(#[from] StudyError),
    /// The record was made by another version of the arithmetic.
    #[error(
        "the record was made with version {found} of the arithmetic, this program has version \
         {ENGINE}; the bits would differ, use {software}"
    )]
    Engine {
        /// The version in the record.
        found: u32,
        /// The program that made it.
        software: String,
    },
    /// The data is not what it was.
    #[error(
        "in “{experiment}”: the {what} changed since: its fingerprint was {was}, now it is {is}"
    )]
    Changed {
        /// The label of the experiment.
        experiment: String,
        /// Data or initial parameters.
        what: &'static str,
        /// The fingerprint in the record.
        was: String,
        /// The fingerprint now.
        is: String,
    },
    /// The experiments cannot be planned, for these reasons.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Experiments(Vec<ExperimentProblem>),
    /// The record's runs are not those of its study.
    #[error("the record is damaged: its runs are not those of its study")]
    Runs,
}

/// Trains all runs of a record again and compares the hashes. `path` is the record's file.
///
/// # Errors
/// Before anything is trained: where the arithmetic, the runs, the data or the initial parameters
/// are not those of the record.
pub fn replay(
    record: &Record,
    path: &Path,
    executor: &Executor,
) -> Result<Vec<ReplayedRun>, ReplayError> {
    check_engine(record)?;
    let study = record.study(path)?;
    check_runs(record, &study)?;
    let folder = record.folder(path);
    let now = inputs(&study, &folder).map_err(ReplayError::Experiments)?;
    compare_inputs(&record.inputs, &now)?;
    let planned = plan_study(&study, &folder).map_err(ReplayError::Experiments)?;
    let pairs = planned.plans.iter().zip(&record.runs);
    let plans = pairs.map(|(plan, run)| plan_again(plan, run)).collect();
    let mut runs = executor.start_all(plans, false, Arc::new(|| ()));
    Ok(runs
        .iter_mut()
        .zip(&record.runs)
        .map(|(run, recorded)| {
            run.wait();
            compare(run, recorded)
        })
        .collect())
}

/// Refuses a record that was made with another arithmetic: its bits would differ.
///
/// # Errors
/// [`ReplayError::Engine`], with the program that made it.
pub fn check_engine(record: &Record) -> Result<(), ReplayError> {
    if record.engine == ENGINE {
        return Ok(());
    }
    Err(ReplayError::Engine { found: record.engine, software: record.software.clone() })
}

/// Refuses a record whose runs are not those of its study, one by one: all seeds of the first
/// experiment, then all of the second, and so on.
///
/// # Errors
/// [`ReplayError::Runs`].
pub fn check_runs(record: &Record, study: &Study) -> Result<(), ReplayError> {
    let experiments = study.experiments();
    let runs =
        experiments.iter().flat_map(|(label, _)| study.seeds.iter().map(move |s| (label, s)));
    let recorded = record.runs.iter().map(|run| (&run.experiment, &run.seed));
    if record.inputs.len() == experiments.len() && runs.eq(recorded) {
        return Ok(());
    }
    Err(ReplayError::Runs)
}

/// The plan that trains a recorded run again: what a person or the clock stopped goes as far as it
/// went then.
pub fn plan_again(plan: &Plan, recorded: &RunRecord) -> Arc<Plan> {
    let cut_at = recorded.outcome.as_ref().and_then(|outcome| outcome.ending.cut_at());
    Arc::new(plan.again(cut_at))
}

/// Refuses inputs that are not what they were.
///
/// # Errors
/// [`ReplayError::Changed`] for the first that differs; [`ReplayError::Runs`] where there are more
/// or fewer.
pub fn compare_inputs(then: &[Inputs], now: &[Inputs]) -> Result<(), ReplayError> {
    if then.len() != now.len() {
        return Err(ReplayError::Runs);
    }
    for (then, now) in then.iter().zip(now) {
        // Old records hold the fingerprint of the bytes alone.
        let data = if then.bytes.is_empty() && then.data == now.bytes {
            ("data", &then.data, &now.bytes)
        } else if !then.bytes.is_empty() && then.bytes == now.bytes {
            ("way in which the data is read", &then.data, &now.data)
        } else {
            ("data", &then.data, &now.data)
        };
        let pairs =
            [data, ("file of initial parameters", &then.initialization, &now.initialization)];
        for (what, was, is) in pairs {
            if was != is {
                let experiment = now.experiment.clone();
                let (was, is) = (was.clone(), is.clone());
                return Err(ReplayError::Changed { experiment, what, was, is });
            }
        }
    }
    Ok(())
}

/// Compares a run that has ended with what was recorded of it.
pub fn compare(run: &Run, recorded: &RunRecord) -> ReplayedRun {
    // What has no end, or was stopped before it began, is compared as far as it went.
    let is_open = recorded.outcome.is_none() || recorded.hashes.is_empty();
    let again: Vec<_> =
        run.hashes().iter().map(|(step, hash)| (*step, format!("{hash:016x}"))).collect();
    let (n_compared, difference) = first_difference(&recorded.hashes, &again, is_open);
    let (experiment, seed) = (recorded.experiment.clone(), recorded.seed);
    ReplayedRun { experiment, seed, n_compared, difference }
}

/// The number of hashes that were compared, and where they differ first. Where the record `is_open`,
/// its last hash may lie between two regular ones, and `again` may go on.
fn first_difference(
    recorded: &[(u64, String)],
    again: &[(u64, String)],
    is_open: bool,
) -> (usize, Option<Difference>) {
    let mut equal_at = None;
    let mut n_compared = 0;
    for (step, hash) in recorded {
        let other = again.iter().find(|(other, _)| other == step);
        match other {
            Some((_, other)) if other == hash => equal_at = Some(*step),
            None if is_open => continue,
            _ => return (n_compared + 1, Some(Difference { step: *step, equal_at })),
        }
        n_compared += 1;
    }
    let further = again.iter().find(|(step, _)| recorded.iter().all(|(known, _)| known != step));
    let difference =
        further.filter(|_| !is_open).map(|(step, _)| Difference { step: *step, equal_at });
    (n_compared, difference)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(list: &[(u64, &str)]) -> Vec<(u64, String)> {
        list.iter().map(|(step, hash)| (*step, (*hash).to_owned())).collect()
    }

    #[test]
    fn the_first_step_that_differs_is_found() {
        let recorded = hashes(&[(0, "a"), (4, "b"), (8, "c"), (12, "d")]);
        let differ =
            |again: &[(u64, &str)], stopped| first_difference(&recorded, &hashes(again), stopped).1;
        let at = |step, equal_at| Some(Difference { step, equal_at });
        assert_eq!(differ(&[(0, "a"), (4, "b"), (8, "c"), (12, "d")], false), None);
        assert_eq!(differ(&[(0, "a"), (4, "b"), (8, "x"), (12, "y")], false), at(8, Some(4)));
        assert_eq!(differ(&[(0, "x"), (4, "b"), (8, "c"), (12, "d")], false), at(0, None));
        assert_eq!(differ(&[(0, "a"), (4, "b")], false), at(8, Some(4)));
        let longer = [(0, "a"), (4, "b"), (8, "c"), (12, "d"), (16, "e")];
        assert_eq!(differ(&longer, false), at(16, Some(12)));
        assert_eq!(differ(&longer, true), None);
        assert_eq!(differ(&[(0, "a"), (4, "b"), (8, "c"), (16, "e")], true), None);
    }
}
