use std::sync::Arc;

use super::{Outcome, Plan, RunState};
use crate::record::{Clocks, History};

/// An order to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Go on.
    Resume,
    /// Hold after the current step.
    Pause,
    /// Do one step, then hold.
    Step,
    /// End after the current step; what was recorded stays.
    Stop,
}

/// The latest parameters of a run, for pictures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The step they belong to.
    pub step: u64,
    /// The parameters, widened.
    pub params: Vec<f64>,
}

/// Runs plans on background threads, no more at once than it has threads; the rest queue.
#[derive(Debug)]
pub struct Executor {
    n_threads: usize,
}

impl Executor {
    /// An executor for `n_threads` cores; `None` for all there are.
    pub fn new(n_threads: Option<usize>) -> Self {
        Self { n_threads: n_threads.unwrap_or(1) }
    }

    /// How many runs it trains at once.
    pub fn n_threads(&self) -> usize {
        self.n_threads
    }

    /// Queues a run. Where `paused`, it holds at step 0 once its turn comes.
    /// `wake` is called (from the run's thread) when there is something new to see.
    pub fn start(&self, plan: Arc<Plan>, paused: bool, wake: Arc<dyn Fn() + Send + Sync>) -> Run {
        let _ = (paused, wake);
        Run {
            plan,
            history: History::default(),
            state: RunState::Queued,
            clocks: Clocks::default(),
            outcome: None,
            hashes: Vec::new(),
        }
    }
}

/// A run as seen from outside: call [`receive`](Self::receive) now and then, and read.
#[derive(Debug)]
pub struct Run {
    plan: Arc<Plan>,
    history: History,
    state: RunState,
    clocks: Clocks,
    outcome: Option<Outcome>,
    hashes: Vec<(u64, u64)>,
}

impl Run {
    /// Takes in everything the run has reported since; whether anything was new. Never blocks.
    pub fn receive(&mut self) -> bool {
        false
    }

    /// Gives an order; takes effect between two steps.
    pub fn command(&self, command: Command) {
        let _ = command;
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

    /// The latest parameters.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::default()
    }

    /// Samples per second over the recent past; 0 where nothing moves.
    pub fn samples_per_second(&self) -> f64 {
        0.0
    }

    /// Seconds of training left at this pace, where that can be said.
    pub fn seconds_left(&self) -> Option<f64> {
        None
    }
}
