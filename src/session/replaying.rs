//! Replay: the runs of the open record, trained again, and compared as they end.

use super::opening::name_of;
use super::{Session, Severity};
use crate::record::{ReplayedRun, compare, plan_again};
use crate::training::{Run, RunState};

/// How far the runs of a record are trained again. They are not those that the views show.
#[derive(Debug, Default)]
pub struct Replaying {
    /// The runs, while they train.
    runs: Vec<Run>,
    /// How each went, in the order of the record; empty before a replay.
    compared: Vec<Option<ReplayedRun>>,
}

impl Replaying {
    /// Whether runs are being trained again.
    pub fn is_busy(&self) -> bool {
        !self.runs.is_empty()
    }

    /// Runs compared, and all that are to be.
    pub fn n_compared(&self) -> (usize, usize) {
        (self.compared.iter().flatten().count(), self.compared.len())
    }

    /// The share of all steps that is done.
    pub fn fraction(&self) -> f32 {
        let share = |run: &Run| match run.state() {
            RunState::Ended(_) => 1.0,
            _ => run.clocks().step as f32 / run.plan().total_steps.max(1) as f32,
        };
        self.runs.iter().map(share).sum::<f32>() / self.runs.len().max(1) as f32
    }

    /// How those went that were compared.
    pub fn compared(&self) -> impl Iterator<Item = &ReplayedRun> {
        self.compared.iter().flatten()
    }

    /// What came of it, in a sentence; `None` before all are compared.
    pub fn verdict(&self) -> Option<String> {
        let (n_compared, n) = self.n_compared();
        if n == 0 || n_compared < n {
            return None;
        }
        let differ: Vec<_> = self.compared().filter(|run| run.difference.is_some()).collect();
        let n_hashes: usize = self.compared().map(|run| run.n_compared).sum();
        let n_equal = self.compared().filter(|run| run.is_equal()).count();
        Some(match (differ.first(), n_equal) {
            (Some(first), _) => format!("{} of {n} differ. {first}.", differ.len()),
            (None, 0) => {
                "There is nothing to compare: the recorded runs left no hashes.".to_owned()
            }
            (None, 1) if n == 1 => {
                format!("The run is equal, bit for bit: {n_hashes} hashes compared.")
            }
            (None, _) if n_equal == n => {
                format!("All {n} runs are equal, bit for bit: {n_hashes} hashes compared.")
            }
            (None, _) => format!(
                "{n_equal} of {n} runs are equal, bit for bit: {n_hashes} hashes compared. The \
                 others left no hashes: there is nothing to compare."
            ),
        })
    }

    /// Whether all were compared, and every one is equal.
    pub fn is_equal(&self) -> bool {
        let (n_compared, n) = self.n_compared();
        n > 0 && n_compared == n && self.compared().all(ReplayedRun::is_equal)
    }
}

impl Session {
    /// Trains the runs of the open record again.
    pub(super) fn replay(&mut self) {
        let Some(open) = &mut self.record else {
            let text = "There is no record to replay: open one first.";
            return self.tell(Severity::Warning, text);
        };
        if open.replaying.is_busy() {
            return;
        }
        if let Some(problem) = open.problem() {
            let text = format!("{} cannot be replayed: {problem}.", name_of(&open.path));
            return self.tell(Severity::Error, text);
        }
        let pairs = open.plans.iter().flatten().zip(&open.record.runs);
        let plans = pairs.map(|(plan, run)| plan_again(plan, run)).collect();
        let runs = self.executor.start_all(plans, false, self.wake.clone());
        open.replaying = Replaying { compared: vec![None; runs.len()], runs };
    }

    /// Ends a replay that is not done.
    pub(super) fn stop_replay(&mut self) {
        if let Some(open) = &mut self.record
            && open.replaying.is_busy()
        {
            open.replaying = Replaying::default();
            self.tell(Severity::Info, "The replay was stopped.");
        }
    }

    /// Takes in what runs that are trained again report; whether anything is new.
    pub(super) fn update_replay(&mut self) -> bool {
        let Some(open) = &mut self.record else { return false };
        let Replaying { runs, compared } = &mut open.replaying;
        if runs.is_empty() {
            return false;
        }
        let mut is_new = false;
        for ((run, recorded), place) in runs.iter_mut().zip(&open.record.runs).zip(compared) {
            is_new |= run.receive();
            if place.is_none() && matches!(run.state(), RunState::Ended(_)) {
                *place = Some(compare(run, recorded));
            }
        }
        if let Some(verdict) = open.replaying.verdict() {
            open.replaying.runs.clear();
            let is_equal = open.replaying.is_equal();
            let severity = if is_equal { Severity::Info } else { Severity::Warning };
            let text = format!("Replay of {}. {verdict}", name_of(&open.path));
            self.tell(severity, text);
        }
        is_new
    }
}
