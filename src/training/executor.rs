//! Runs plans on threads of their own, no more at once than there are cores.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::worker::{self, Shared};
use super::{Plan, Run};

/// Runs plans on background threads, no more at once than it has cores; the rest queue. A paused
/// run keeps its thread but gives up its core.
#[derive(Clone, Debug)]
pub struct Executor {
    cores: Arc<Cores>,
}

impl Executor {
    /// An executor for `n_threads` cores; `None` for all there are.
    pub fn new(n_threads: Option<usize>) -> Self {
        let n_cores = n_threads.unwrap_or_else(|| {
            std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
        });
        Self { cores: Arc::new(Cores::new(n_cores.max(1))) }
    }

    /// How many cores it uses.
    pub fn n_threads(&self) -> usize {
        self.cores.n_cores
    }

    /// Queues a run. Where `paused`, it holds at step 0 once its turn comes.
    /// `wake` is called (from the run's thread) when there is something new to see.
    pub fn start(&self, plan: Arc<Plan>, paused: bool, wake: Arc<dyn Fn() + Send + Sync>) -> Run {
        self.start_all(vec![plan], paused, wake).remove(0)
    }

    /// Queues several runs together. Where there are fewer of them than cores, they share the
    /// cores out among them for large products, updates and batches.
    pub fn start_all(
        &self,
        plans: Vec<Arc<Plan>>,
        paused: bool,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Vec<Run> {
        let n_alive = self.cores.begin(plans.len());
        let team_size = (self.cores.n_cores / n_alive.max(1)).max(1);
        plans
            .into_iter()
            .map(|plan| {
                let (sender, receiver) = crossbeam_channel::bounded(worker::QUEUE);
                let shared = Arc::new(Shared::new(paused));
                let cores = self.cores.clone();
                let run = Run::new(plan.clone(), shared.clone(), cores.clone(), receiver);
                let (own, wake) = (shared.clone(), wake.clone());
                let begin = move |has_core| match has_core {
                    true => worker::spawn(plan, team_size, own, sender, cores, wake),
                    false => worker::turn_down(&sender, &cores, &*wake),
                };
                self.cores.request(&shared, Box::new(begin));
                run
            })
            .collect()
    }
}

/// What is done once there is a core (`true`), or once the run that waits for it is to wait no more.
type Job = Box<dyn FnOnce(bool) + Send>;

/// A run's place in the queue for a core.
struct Place {
    run: Arc<Shared>,
    job: Job,
}

/// The cores, and who waits for one.
pub(super) struct Cores {
    n_cores: usize,
    /// Runs that have not ended, waiting ones included.
    n_alive: AtomicUsize,
    free_and_waiting: Mutex<(usize, VecDeque<Place>)>,
}

impl Cores {
    pub(super) fn new(n_cores: usize) -> Self {
        let free_and_waiting = Mutex::new((n_cores, VecDeque::new()));
        Self { n_cores, n_alive: AtomicUsize::new(0), free_and_waiting }
    }

    fn lock(&self) -> MutexGuard<'_, (usize, VecDeque<Place>)> {
        // A panic elsewhere cannot leave a count half changed.
        self.free_and_waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does `job`, which then owns a core, now or when one becomes free.
    pub(super) fn request(&self, run: &Arc<Shared>, job: Job) {
        let mut state = self.lock();
        if state.0 == 0 {
            state.1.push_back(Place { run: run.clone(), job });
            return;
        }
        state.0 -= 1;
        drop(state);
        job(true);
    }

    /// Takes a run out of the queue and does its job without a core; whether it was there. Where it
    /// was not, it has a core or is about to.
    pub(super) fn withdraw(&self, run: &Arc<Shared>) -> bool {
        let mut state = self.lock();
        let place = state.1.iter().position(|place| Arc::ptr_eq(&place.run, run));
        let Some(place) = place.and_then(|place| state.1.remove(place)) else { return false };
        drop(state);
        (place.job)(false);
        true
    }

    /// Gives a core back, or straight to the next who waits.
    pub(super) fn release(&self) {
        let mut state = self.lock();
        match state.1.pop_front() {
            Some(place) => {
                drop(state);
                (place.job)(true);
            }
            None => state.0 += 1,
        }
    }

    /// Runs that have not ended.
    #[cfg(test)]
    pub(super) fn n_alive(&self) -> usize {
        self.n_alive.load(Ordering::Relaxed)
    }

    /// Counts `n` runs as begun; how many have not ended.
    pub(super) fn begin(&self, n: usize) -> usize {
        self.n_alive.fetch_add(n, Ordering::Relaxed) + n
    }

    /// Counts a run as ended.
    pub(super) fn one_ended(&self) {
        self.n_alive.fetch_sub(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Cores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cores").field("n_cores", &self.n_cores).finish_non_exhaustive()
    }
}
