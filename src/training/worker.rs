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
    /// The report of a run that ends without a trainer to ask.
    fn last(ending: Ending, clocks: Clocks) -> Self {
        let state = RunState::Ended(ending.clone());
        let outcome = Outcome::of(ending);
        Self {
            history: History::default(),
            hashes: Vec::new(),
            clocks,
            state,
            outcome: Some((outcome, Vec::new())),
        }
    }

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
    /// The answer to a run that asks for the core it had given up: whether it has one.
    core_granted: Option<bool>,
}

impl Orders {
    /// Whether there is nothing to do but to wait for orders.
    fn hold(&self) -> bool {
        self.paused && self.steps == 0 && !self.stopped
    }
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

    pub(super) fn publish(&self, snapshot: Snapshot) {
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
    let mut worker = Worker {
        shared,
        sender,
        cores,
        wake,
        unsent: None,
        clocks: Clocks::default(),
        has_core: true,
        is_alive: true,
    };
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

/// Ends a run that was stopped before it had a core.
pub(super) fn turn_down(sender: &Sender<Report>, cores: &Cores, wake: &(dyn Fn() + Send + Sync)) {
    cores.one_ended();
    // The queue is empty: nothing was reported yet.
    let _ = sender.try_send(Report::last(Ending::Stopped { step: 0 }, Clocks::default()));
    wake();
}

struct Worker {
    shared: Arc<Shared>,
    sender: Sender<Report>,
    cores: Arc<Cores>,
    wake: Arc<dyn Fn() + Send + Sync>,
    /// A report that found the queue full.
    unsent: Option<Report>,
    /// The clocks last reported.
    clocks: Clocks,
    has_core: bool,
    /// Whether it counts among the runs that have not ended.
    is_alive: bool,
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
            let orders = *self.shared.orders();
            if orders.stopped {
                return true;
            }
            if !orders.hold() && !self.take_core(trainer) {
                continue;
            }
            if !orders.paused {
                trainer.set_clock_running(true);
                return false;
            }
            let steps = std::mem::take(&mut self.shared.orders().steps);
            for _ in 0..steps {
                trainer.set_clock_running(true);
                trainer.step(team);
                trainer.set_clock_running(false);
            }
            if trainer.ending().is_some() {
                return false;
            }
            trainer.set_clock_running(false);
            self.publish(trainer);
            self.report(trainer, RunState::Paused);
            self.give_core();
            self.wait_while(Orders::hold);
        }
    }

    /// Waits as long as the orders are such.
    fn wait_while(&mut self, is_so: impl Fn(&Orders) -> bool) {
        let mut orders = self.shared.orders();
        while is_so(&orders) {
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

    /// Waits for a core, or for the order to stop or to hold; whether it has one.
    fn take_core(&mut self, trainer: &mut dyn Trainer) -> bool {
        if self.has_core {
            return true;
        }
        let shared = self.shared.clone();
        let answer = move |has_core| {
            shared.orders().core_granted = Some(has_core);
            shared.changed.notify_all();
        };
        self.cores.request(&self.shared, Box::new(answer));
        if self.shared.orders().core_granted.is_none() {
            self.report(trainer, RunState::Queued);
        }
        self.wait_while(|orders| {
            orders.core_granted.is_none() && !orders.stopped && !orders.hold()
        });
        // Where another has just taken the place out of the queue, its answer is on the way.
        self.cores.withdraw(&self.shared);
        self.wait_while(|orders| orders.core_granted.is_none());
        self.has_core = self.shared.orders().core_granted.take() == Some(true);
        self.has_core
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
        let history = trainer.take_history();
        self.clocks = trainer.clocks();
        let newer = Report {
            history,
            hashes: trainer.take_hashes(),
            clocks: self.clocks,
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
        let failed = Report::last(Ending::Failed { message }, self.clocks);
        match &mut self.unsent {
            Some(unsent) => unsent.join(failed),
            None => self.unsent = Some(failed),
        }
    }

    /// Gives the core to the next run, then waits for the reader to take the last report.
    fn finish(&mut self) {
        self.leave();
        if let Some(report) = self.unsent.take() {
            // An error means that nobody is there to read it.
            let _ = self.sender.send(report);
        }
        (self.wake)();
    }

    /// Counts the run as ended, and gives its core back.
    fn leave(&mut self) {
        if std::mem::take(&mut self.is_alive) {
            self.cores.one_ended();
        }
        self.give_core();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::experiment::Experiment;
    use crate::surfaces::Surface;
    use std::path::Path;

    fn plan(label: &str) -> Arc<Plan> {
        let data = Source::Surface(Surface::named("Rosenbrock").unwrap());
        let experiment = Experiment { data, ..Experiment::default() };
        Arc::new(Plan::new(label, &experiment, 1, None, Path::new("")).unwrap())
    }

    fn worker(sender: Sender<Report>, cores: Arc<Cores>) -> Worker {
        Worker {
            shared: Arc::new(Shared::new(false)),
            sender,
            cores,
            wake: Arc::new(|| ()),
            unsent: None,
            clocks: Clocks::default(),
            has_core: true,
            is_alive: true,
        }
    }

    #[test]
    fn a_run_that_fails_keeps_the_clocks_it_had() {
        let (sender, receiver) = crossbeam_channel::bounded(QUEUE);
        let cores = Arc::new(Cores::new(1));
        cores.request(&Arc::new(Shared::new(false)), Box::new(|_| ()));
        let mut worker = worker(sender, cores);
        let mut trainer = trainer(plan("fails"));
        (0..5).for_each(|_| trainer.step(&Team::solo()));
        worker.report(&mut *trainer, RunState::Running);
        assert_eq!(receiver.recv().unwrap().clocks.step, 5);
        worker.fail("a fault".to_owned());
        worker.finish();
        let last = receiver.recv().unwrap();
        assert!(matches!(last.state, RunState::Ended(Ending::Failed { .. })));
        assert_eq!(last.clocks.step, 5);
    }

    #[test]
    fn a_run_without_a_thread_is_not_counted_for_ever() {
        let cores = Arc::new(Cores::new(1));
        cores.begin(1);
        cores.request(&Arc::new(Shared::new(false)), Box::new(|_| ()));
        let (sender, _receiver) = crossbeam_channel::bounded(QUEUE);
        drop(worker(sender, cores.clone()));
        assert_eq!(cores.n_alive(), 0);
    }
}
