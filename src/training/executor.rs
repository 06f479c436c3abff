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
    /// cores out among them for their large matrix products.
    pub fn start_all(
        &self,
        plans: Vec<Arc<Plan>>,
        paused: bool,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Vec<Run> {
        let n_alive = self.cores.n_alive.fetch_add(plans.len(), Ordering::Relaxed) + plans.len();
        let team_size = (self.cores.n_cores / n_alive.max(1)).max(1);
        plans
            .into_iter()
            .map(|plan| {
                let (sender, receiver) = crossbeam_channel::bounded(worker::QUEUE);
                let shared = Arc::new(Shared::new(paused));
                let run = Run::new(plan.clone(), shared.clone(), receiver);
                let (cores, wake) = (self.cores.clone(), wake.clone());
                self.cores.request(Box::new(move || {
                    worker::spawn(plan, team_size, shared, sender, cores, wake);
                }));
                run
            })
            .collect()
    }
}

/// What is done with a core once there is one.
type Job = Box<dyn FnOnce() + Send>;

/// The cores, and who waits for one.
pub(super) struct Cores {
    n_cores: usize,
    /// Runs that have not ended, waiting ones included.
    n_alive: AtomicUsize,
    free_and_waiting: Mutex<(usize, VecDeque<Job>)>,
}

impl Cores {
    fn new(n_cores: usize) -> Self {
        let free_and_waiting = Mutex::new((n_cores, VecDeque::new()));
        Self { n_cores, n_alive: AtomicUsize::new(0), free_and_waiting }
    }

    fn lock(&self) -> MutexGuard<'_, (usize, VecDeque<Job>)> {
        // A panic elsewhere cannot leave a count half changed.
        self.free_and_waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does `job`, which then owns a core, now or when one becomes free.
    pub(super) fn request(&self, job: Job) {
        let mut state = self.lock();
        if state.0 == 0 {
            state.1.push_back(job);
            return;
        }
        state.0 -= 1;
        drop(state);
        job();
    }

    /// Gives a core back, or straight to the next who waits.
    pub(super) fn release(&self) {
        let mut state = self.lock();
        match state.1.pop_front() {
            Some(job) => {
                drop(state);
                job();
            }
            None => state.0 += 1,
        }
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
