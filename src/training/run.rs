use std::collections::VecDeque;
use std::sync::Arc;

use crossbeam_channel::{Receiver, TryRecvError};

use super::executor::Cores;
use super::worker::{Report, Shared};
use super::{Command, Ending, Outcome, Plan, RunState, Snapshot};
use crate::record::{Clocks, History};

/// What a run left behind that ended earlier.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// What it recorded.
    pub history: History,
    /// What it came to.
    pub outcome: Outcome,
    /// How far it came.
    pub clocks: Clocks,
    /// Hashes of the parameters along the way, with their steps.
    pub hashes: Vec<(u64, u64)>,
    /// The last parameters.
    pub last: Snapshot,
    /// The best parameters.
    pub best: Vec<f64>,
}

/// A run as seen from outside: call [`receive`](Self::receive) now and then, and read. Dropping it
/// stops the run.
#[derive(Debug)]
pub struct Run {
    plan: Arc<Plan>,
    shared: Arc<Shared>,
    cores: Arc<Cores>,
    reports: Receiver<Report>,
    history: History,
    state: RunState,
    clocks: Clocks,
    outcome: Option<Outcome>,
    best_params: Option<Vec<f64>>,
    hashes: Vec<(u64, u64)>,
    /// Whether it was trained elsewhere and read from a record.
    is_recorded: bool,
    /// Seconds and samples at recent reports, for the pace.
    recent: VecDeque<(f64, u64)>,
}

impl Run {
    pub(super) fn new(
        plan: Arc<Plan>,
        shared: Arc<Shared>,
        cores: Arc<Cores>,
        reports: Receiver<Report>,
    ) -> Self {
        Self {
            plan,
            shared,
            cores,
            reports,
            history: History::default(),
            state: RunState::Queued,
            clocks: Clocks::default(),
            outcome: None,
            best_params: None,
            hashes: Vec::new(),
            is_recorded: false,
            recent: VecDeque::new(),
        }
    }

    /// A run that ended earlier, with what it left behind.
    pub fn recorded(plan: Arc<Plan>, left: Recorded) -> Self {
        let shared = Shared::new(false);
        shared.publish(left.last);
        // Nobody reports, and no core is asked for.
        let (_, reports) = crossbeam_channel::bounded(0);
        let mut run = Self::new(plan, Arc::new(shared), Arc::new(Cores::new(1)), reports);
        run.history = left.history;
        run.state = RunState::Ended(left.outcome.ending.clone());
        run.clocks = left.clocks;
        run.outcome = Some(left.outcome);
        run.best_params = Some(left.best);
        run.hashes = left.hashes;
        run.is_recorded = true;
        run
    }

    /// Whether it was not trained here but read from a record.
    pub fn is_recorded(&self) -> bool {
        self.is_recorded
    }

    /// Takes in everything the run has reported since; whether anything was new. Never blocks.
    pub fn receive(&mut self) -> bool {
        let mut any = false;
        loop {
            match self.reports.try_recv() {
                Ok(report) => self.take(report),
                Err(TryRecvError::Disconnected) => return self.hear_silence() || any,
                Err(TryRecvError::Empty) => return any,
            }
            any = true;
        }
    }

    /// The thread is gone. Where it left no ending it never came to be.
    fn hear_silence(&mut self) -> bool {
        if matches!(self.state, RunState::Ended(_)) {
            return false;
        }
        let message = "the system has no thread left for this run; close other programs and run \
                       it again"
            .to_owned();
        self.state = RunState::Ended(Ending::Failed { message });
        true
    }

    /// Waits until the run has ended, or holds because it is paused, taking in its reports.
    pub fn wait(&mut self) {
        while !matches!(self.state, RunState::Ended(_) | RunState::Paused) {
            match self.reports.recv() {
                Ok(report) => self.take(report),
                Err(_) => {
                    self.hear_silence();
                }
            }
        }
    }

    fn take(&mut self, report: Report) {
        self.history.append(report.history);
        self.hashes.extend(report.hashes);
        self.clocks = report.clocks;
        self.state = report.state;
        if let Some((outcome, best_params)) = report.outcome {
            self.outcome = Some(outcome);
            self.best_params = Some(best_params);
        }
        self.recent.push_back((self.clocks.seconds, self.clocks.samples));
        if self.recent.len() > 20 {
            self.recent.pop_front();
        }
    }

    /// Gives an order; takes effect between two steps. A run that waits for a core ends at once when
    /// it is stopped.
    pub fn command(&self, command: Command) {
        self.shared.command(command);
        if command == Command::Stop {
            self.cores.withdraw(&self.shared);
        }
    }

    /// The plan it follows.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Where it stands.
    pub fn state(&self) -> &RunState {
        &self.state
    }

    /// How far it has come.
    pub fn clocks(&self) -> Clocks {
        self.clocks
    }

    /// Everything recorded so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What it came to, once it has ended.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Hashes of the parameters along the way, with their steps.
    pub fn hashes(&self) -> &[(u64, u64)] {
        &self.hashes
    }

    /// The latest parameters. Asking makes the run publish newer ones soon.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.snapshot()
    }

    /// The best parameters, once the run has ended.
    pub fn best_params(&self) -> Option<&[f64]> {
        self.best_params.as_deref()
    }

    /// Samples per second of training over the recent past; 0 where nothing moves.
    pub fn samples_per_second(&self) -> f64 {
        let pace = self.pace(|(_, samples)| *samples as f64);
        if self.state == RunState::Running { pace } else { 0.0 }
    }

    /// Seconds of training left at this pace, where that can be said.
    pub fn seconds_left(&self) -> Option<f64> {
        let left = self.plan.total_steps.saturating_sub(self.clocks.step) as f64;
        let pace = self.clocks.step as f64 / self.clocks.seconds;
        (pace > 0.0 && pace.is_finite() && self.state == RunState::Running).then(|| left / pace)
    }

    fn pace(&self, count: impl Fn(&(f64, u64)) -> f64) -> f64 {
        let (Some(first), Some(last)) = (self.recent.front(), self.recent.back()) else {
            return 0.0;
        };
        let seconds = last.0 - first.0;
        if seconds > 0.0 { (count(last) - count(first)) / seconds } else { 0.0 }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.command(Command::Stop);
    }
}
