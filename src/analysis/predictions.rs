use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::training::{Plan, Predictor, Snapshot};

/// The shortest time between two answers to the same question, so that pictures do not starve the
/// training beside them.
const PAUSE: Duration = Duration::from_millis(80);

/// A question to a model: its outputs for these features with these parameters.
#[derive(Clone, Debug)]
pub struct PredictionJob {
    /// The model.
    pub plan: Arc<Plan>,
    /// Its parameters.
    pub snapshot: Arc<Snapshot>,
    /// Encoded and scaled features `[n × n_features]`.
    pub features: Arc<Vec<f64>>,
}

impl PredictionJob {
    fn has_begun(&self) -> bool {
        !self.snapshot.params.is_empty()
    }

    /// Whether its answer may be shown until the other's comes: they are about one run, or about
    /// the last and the present run of one experiment.
    fn is_before(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan)
            || (other.has_begun()
                && self.plan.label == other.plan.label
                && self.plan.n_outputs == other.plan.n_outputs)
    }

    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan)
            && Arc::ptr_eq(&self.features, &other.features)
            && (Arc::ptr_eq(&self.snapshot, &other.snapshot)
                || (self.snapshot.step == other.snapshot.step
                    && self.snapshot.params == other.snapshot.params))
    }
}

/// The outputs of a model, with the question they answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The question.
    pub job: PredictionJob,
    /// The outputs `[n × n_outputs]`.
    pub outputs: Arc<Vec<f64>>,
}

#[derive(Default)]
struct Slot {
    waiting: Option<PredictionJob>,
    asked: Option<PredictionJob>,
    answer: Option<Answer>,
}

#[derive(Default)]
struct Slots {
    slots: BTreeMap<u64, Slot>,
    closed: bool,
}

struct Shared {
    slots: Mutex<Slots>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Computes models' outputs for pictures on one background thread of its own. Each picture has a
/// key; a newer question under the same key takes the place of an older one that still waits, and
/// each key is answered at a limited rate. Answers stay until newer ones come.
pub struct Predictions {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Predictions {
    /// Starts the thread. `wake` is called from it when an answer is there.
    pub fn new(wake: impl Fn() + Send + 'static) -> Self {
        let shared = Arc::new(Shared { slots: Mutex::default(), changed: Condvar::new() });
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("predictions".to_owned())
            .spawn(move || work(&for_thread, &wake))
            .ok();
        Self { shared, thread }
    }

    /// Asks, unless the same was asked last, and returns the latest answer under this key, if any
    /// (it may belong to an older question about the same experiment). A run that waits for its
    /// core has no parameters yet: about it nothing is asked.
    pub fn ask(&self, key: u64, job: PredictionJob) -> Option<Answer> {
        let mut slots = self.shared.lock();
        let slot = slots.slots.entry(key).or_default();
        let has_begun = job.has_begun();
        let suits = |answer: &Answer| answer.job.is_before(&job);
        let answer = slot.answer.clone().filter(suits);
        if has_begun && !slot.asked.as_ref().is_some_and(|asked| asked.is_same(&job)) {
            slot.asked = Some(job.clone());
            slot.waiting = Some(job);
            self.shared.changed.notify_one();
        }
        answer
    }

    /// Forgets what is stored under keys for which `keep` is false.
    pub fn retain(&self, keep: impl Fn(u64) -> bool) {
        self.shared.lock().slots.retain(|key, _| keep(*key));
    }
}

impl Drop for Predictions {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // Its panics are caught where they happen; there is nothing to learn from the result.
            let _ = thread.join();
        }
    }
}

fn work(shared: &Shared, wake: &dyn Fn()) {
    let mut last: BTreeMap<u64, Instant> = BTreeMap::new();
    let mut slots = shared.lock();
    loop {
        if slots.closed {
            return;
        }
        let now = Instant::now();
        let rest =
            |key: &u64| last.get(key).map_or(Duration::ZERO, |at| PAUSE.saturating_sub(now - *at));
        let waiting = slots.slots.iter().filter(|(_, slot)| slot.waiting.is_some());
        // The one that has rested longest comes first, so that no picture waits for ever.
        let next = waiting.map(|(key, _)| (rest(key), last.get(key).copied(), *key)).min();
        match next {
            None => {
                slots = shared.changed.wait(slots).unwrap_or_else(PoisonError::into_inner);
            }
            Some((pause, ..)) if !pause.is_zero() => {
                let waited = shared.changed.wait_timeout(slots, pause);
                slots = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
            Some((_, _, key)) => {
                let Some(job) = slots.slots.get_mut(&key).and_then(|slot| slot.waiting.take())
                else {
                    continue;
                };
                drop(slots);
                let outputs = outputs_of(&job);
                last.insert(key, Instant::now());
                slots = shared.lock();
                if let (Some(slot), Some(outputs)) = (slots.slots.get_mut(&key), outputs) {
                    slot.answer = Some(Answer { job, outputs: Arc::new(outputs) });
                }
                drop(slots);
                wake();
                slots = shared.lock();
            }
        }
    }
}

/// The outputs; `None` where the model cannot be computed (a panic there must not end the thread).
fn outputs_of(job: &PredictionJob) -> Option<Vec<f64>> {
    let compute = || {
        let mut predictor = Predictor::new(Arc::clone(&job.plan));
        predictor.outputs(&job.snapshot.params, &job.features).to_vec()
    };
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(compute)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, load};
    use crate::experiment::Experiment;
    use std::path::Path;

    fn plan(label: &str) -> Arc<Plan> {
        let experiment = Experiment {
            data: Source::Bundled("iris".to_owned()),
            loss: crate::losses::Loss::named("CrossEntropy").unwrap(),
            model: crate::models::Model::named("Multinomial").unwrap(),
            ..Experiment::default()
        };
        let loaded = load(&experiment.data, Path::new("")).unwrap();
        Arc::new(Plan::new(label, &experiment, 1, Some(&loaded), Path::new("")).unwrap())
    }

    fn job(plan: &Arc<Plan>, begun: bool, features: &Arc<Vec<f64>>) -> PredictionJob {
        let params = vec![0.5; if begun { plan.n_params() } else { 0 }];
        let snapshot = Arc::new(Snapshot { step: 0, params });
        PredictionJob { plan: plan.clone(), snapshot, features: features.clone() }
    }

    #[test]
    fn a_run_that_has_not_begun_has_no_answer_and_not_that_of_another() {
        let (ring, bell) = crossbeam_channel::bounded(1);
        let predictions = Predictions::new(move || {
            let _ = ring.try_send(());
        });
        let features = Arc::new(vec![0.0; 4]);
        let [first, again, other] = ["a", "a", "b"].map(plan);
        assert!(predictions.ask(0, job(&other, false, &features)).is_none());
        assert!(predictions.ask(0, job(&first, true, &features)).is_none());
        bell.recv_timeout(Duration::from_secs(30)).unwrap();
        let answer = predictions.ask(0, job(&first, true, &features)).unwrap();
        assert!(Arc::ptr_eq(&answer.job.plan, &first), "the first question was none");
        assert!(predictions.ask(0, job(&other, false, &features)).is_none());
        assert!(predictions.ask(0, job(&again, false, &features)).is_none());
        // The next run of an experiment takes the picture over without a gap.
        assert!(predictions.ask(0, job(&again, true, &features)).is_some());
        assert!(predictions.ask(0, job(&other, true, &features)).is_none());
    }
}
