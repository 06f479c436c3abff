//! The thread of a run: takes steps, obeys orders between them, and reports.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, TrySendError};

use super::executor::Cores;
use super::trainer::{Trainer, trainer};
use super::{Command, Ending, Outcome, Plan, RunState, Snapshot};
use crate::math::team::Team;
use crate::record::{Clocks, History};

/// Reports that may wait to be read. A run whose reports are not read keeps them, and joins them to
/// the next: nothing is lost, and training never waits for a reader.
pub(super) const QUEUE: usize = 8;

/// Time between reports.
const REPORT_EVERY: Duration = Duration::from_millis(33);

/// Steps are taken in groups of about this time between looks at the clock.
const GROUP: Duration = Duration::from_millis(2);

/// What is new in a run.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) history: History,
    pub(super) hashes: Vec<(u64, u64)>,
    pub(super) clocks: Clocks,
    pub(super) state: RunState,
    /// At the end, with the best parameters.
    pub(super) outcome: Option<(Outcome, Vec<f64>)>,
}

impl Report {
    /// Puts what is newer behind what could not be sent.
    fn join(&mut self, newer: Self) {
        self.history.append(newer.history);
        self.hashes.extend(newer.hashes);
        self.clocks = newer.clocks;
        self.state = newer.state;
        self.outcome = newer.outcome.or(self.outcome.take());
    }
}

/// What the orders so far come to.
#[derive(Clone, Copy, Debug, Default)]
struct Orders {
    paused: bool,
    /// Single steps asked for while paused.
    steps: u64,
    stopped: bool,
    /// A core was granted to a run that had given its own up.
    core_granted: bool,
}

/// What a run's thread shares with the outside.
#[derive(Debug)]
pub(super) struct Shared {
    orders: Mutex<Orders>,
    changed: Condvar,
    /// Whether `orders` need a look: the one thing read in every step.
    interrupted: AtomicBool,
    snapshot: Mutex<Arc<Snapshot>>,
    snapshot_wanted: AtomicBool,
}

impl Shared {
    pub(super) fn new(paused: bool) -> Self {
        Self {
            orders: Mutex::new(Orders { paused, ..Orders::default() }),
            changed: Condvar::new(),
            interrupted: AtomicBool::new(paused),
            snapshot: Mutex::default(),
            snapshot_wanted: AtomicBool::new(true),
        }
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn command(&self, command: Command) {
        let mut orders = self.orders();
        match command {
            Command::Resume => (orders.paused, orders.steps) = (false, 0),
            Command::Pause => (orders.paused, orders.steps) = (true, 0),
            Command::Step => (orders.paused, orders.steps) = (true, orders.steps + 1),
            Command::Stop => orders.stopped = true,
        }
        self.interrupted.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot_wanted.store(true, Ordering::Relaxed);
        self.snapshot.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn publish(&self, snapshot: Snapshot) {
        *self.snapshot.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

/// Starts the thread of a run, which owns a core until it ends.
pub(super) fn spawn(
    plan: Arc<Plan>,
    team_size: usize,
    shared: Arc<Shared>,
    sender: Sender<Report>,
    cores: Arc<Cores>,
    wake: Arc<dyn Fn() + Send + Sync>,
) {
    let name = format!("run {} seed {}", plan.label, plan.seed).replace('\0', " ");
    let mut worker = Worker { shared, sender, cores, wake, unsent: None, has_core: true };
    let thread = std::thread::Builder::new().name(name);
    let spawned = thread.spawn(move || {
        let ended = catch_unwind(AssertUnwindSafe(|| worker.run(plan, team_size)));
        if let Err(panic) = ended {
            let message = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
                .unwrap_or_else(|| "an unknown fault".to_owned());
            worker.fail(message);
        }
        worker.finish();
    });
    // Where the system refuses a thread, the closure and with it the channel are dropped, and the
    // run is seen to have ended without a word; the core was given back by `Worker::drop`.
    drop(spawned);
}

struct Worker {
    shared: Arc<Shared>,
    sender: Sender<Report>,
    cores: Arc<Cores>,
    wake: Arc<dyn Fn() + Send + Sync>,
    /// A report that found the queue full.
    unsent: Option<Report>,
    has_core: bool,
}

impl Worker {
    fn run(&mut self, plan: Arc<Plan>, team_size: usize) {
        let team = Team::new(team_size);
        let mut trainer = trainer(plan);
        let mut last_report = Instant::now();
        self.report(&mut *trainer, RunState::Running);
        while trainer.ending().is_none() {
            if self.shared.interrupted.swap(false, Ordering::Acquire) {
                let stop = self.obey(&mut *trainer, &team);
                if stop {
                    let step = trainer.clocks().step;
                    trainer.end(Ending::Stopped { step }, &team);
                    break;
                }
            }
            let shared = &self.shared;
            team.run(|| {
                let started = Instant::now();
                while trainer.ending().is_none() && !shared.interrupted.load(Ordering::Relaxed) {
                    for _ in 0..16 {
                        trainer.step(&team);
                        if shared.interrupted.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                    if started.elapsed() >= GROUP {
                        break;
                    }
                }
            });
            if last_report.elapsed() >= REPORT_EVERY {
                last_report = Instant::now();
                self.report(&mut *trainer, RunState::Running);
            }
        }
        let ending = trainer.ending().cloned().unwrap_or(Ending::Stopped { step: 0 });
        self.publish(&*trainer);
        self.report(&mut *trainer, RunState::Ended(ending));
    }

    /// Follows orders until the run may go on; whether it is to stop. While it holds, its core goes
    /// to others.
    fn obey(&mut self, trainer: &mut dyn Trainer, team: &Team) -> bool {
        loop {
            let mut orders = self.shared.orders();
            if orders.stopped {
                return true;
            }
            let steps = std::mem::take(&mut orders.steps);
            let paused = orders.paused;
            drop(orders);
            if !paused && self.has_core {
                trainer.set_clock_running(true);
                return false;
            }
            if steps > 0 || !paused {
                self.take_core();
            }
            for _ in 0..steps {
                trainer.set_clock_running(true);
                trainer.step(team);
                trainer.set_clock_running(false);
            }
            if trainer.ending().is_some() {
                return false;
            }
            if paused {
                trainer.set_clock_running(false);
                self.publish(trainer);
                self.report(trainer, RunState::Paused);
                self.give_core();
                self.wait_for_orders();
            }
        }
    }

    fn wait_for_orders(&mut self) {
        let mut orders = self.shared.orders();
        while orders.paused && orders.steps == 0 && !orders.stopped {
            // What could not be sent before is tried again: the reader may be waiting for it.
            let waited = self.shared.changed.wait_timeout(orders, REPORT_EVERY);
            orders = waited.unwrap_or_else(PoisonError::into_inner).0;
            if self.unsent.is_some() {
                drop(orders);
                self.send_unsent();
                orders = self.shared.orders();
            }
        }
    }

    fn give_core(&mut self) {
        if std::mem::take(&mut self.has_core) {
            self.cores.release();
        }
    }

    /// Waits for a core, or for the order to stop.
    fn take_core(&mut self) {
        if self.has_core {
            return;
        }
        let shared = self.shared.clone();
        self.cores.request(Box::new(move || {
            shared.orders().core_granted = true;
            shared.changed.notify_all();
        }));
        let mut orders = self.shared.orders();
        while !orders.core_granted {
            let waited = self.shared.changed.wait(orders);
            orders = waited.unwrap_or_else(PoisonError::into_inner);
        }
        orders.core_granted = false;
        drop(orders);
        self.has_core = true;
    }

    fn publish(&self, trainer: &dyn Trainer) {
        let mut snapshot = Snapshot { step: trainer.clocks().step, params: Vec::new() };
        trainer.copy_params(&mut snapshot.params);
        self.shared.publish(snapshot);
    }

    fn report(&mut self, trainer: &mut dyn Trainer, state: RunState) {
        if self.shared.snapshot_wanted.swap(false, Ordering::Relaxed) {
            self.publish(trainer);
        }
        let newer = Report {
            history: trainer.take_history(),
            hashes: trainer.take_hashes(),
            clocks: trainer.clocks(),
            state,
            outcome: trainer.outcome().cloned().map(|outcome| (outcome, trainer.best_params())),
        };
        match &mut self.unsent {
            Some(unsent) => unsent.join(newer),
            None => self.unsent = Some(newer),
        }
        self.send_unsent();
    }

    fn send_unsent(&mut self) {
        let Some(report) = self.unsent.take() else { return };
        match self.sender.try_send(report) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => (self.wake)(),
            Err(TrySendError::Full(report)) => self.unsent = Some(report),
        }
    }

    fn fail(&mut self, message: String) {
        let ending = Ending::Failed { message };
        let outcome =
            Outcome { ending: ending.clone(), best: None, test_last: None, test_best: None };
        let failed = Report {
            history: History::default(),
            hashes: Vec::new(),
            clocks: self.unsent.as_ref().map_or(Clocks::default(), |report| report.clocks),
            state: RunState::Ended(ending),
            outcome: Some((outcome, Vec::new())),
        };
        match &mut self.unsent {
            Some(unsent) => unsent.join(failed),
            None => self.unsent = Some(failed),
        }
    }

    /// Gives the core to the next run, then waits for the reader to take the last report.
    fn finish(&mut self) {
        self.cores.one_ended();
        self.give_core();
        if let Some(report) = self.unsent.take() {
            // An error means that nobody is there to read it.
            let _ = self.sender.send(report);
        }
        (self.wake)();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.give_core();
    }
}
