use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::Spread;
use crate::training::{Anatomist, Anatomy, Plan};

/// The time between two calls to look at the progress.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Runs that are kept where they stand, so that going from one to another and back is short.
const MOST_RUNS: usize = 4;

/// A step of a run: which is asked for, and which is answered.
#[derive(Clone, Debug)]
pub struct StepQuestion {
    /// The plan of the run.
    pub plan: Arc<Plan>,
    /// The step, 1 being the first.
    pub step: u64,
}

impl StepQuestion {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan) && self.step == other.step
    }
}

/// A step taken apart, with the spread of its vectors.
#[derive(Debug)]
pub struct Dissection {
    /// The step.
    pub anatomy: Anatomy,
    /// How far each parameter went in it.
    pub update: Vec<f64>,
    /// The vectors over the parameters: the gradient, the update, and those of the optimizer's state.
    pub spreads: Vec<VectorSpread>,
}

/// How a vector over the parameters lies.
#[derive(Clone, Debug)]
pub struct VectorSpread {
    /// What it is: `gradient`, `update`, or the name of a state vector.
    pub name: &'static str,
    /// Its place among the state vectors, for those.
    pub state: Option<usize>,
    /// How its values lie.
    pub spread: Spread,
}

impl Dissection {
    fn new(anatomy: Anatomy) -> Self {
        let update = anatomy.update();
        let spread =
            |name, state, values: &[f64]| VectorSpread { name, state, spread: Spread::new(values) };
        let mut spreads =
            vec![spread("gradient", None, &anatomy.gradient), spread("update", None, &update)];
        spreads.extend(anatomy.vectors().map(|(index, name, x)| spread(name, Some(index), x)));
        Self { anatomy, update, spreads }
    }
}

/// How far the answer to a question is.
#[derive(Clone, Debug)]
pub enum StepAnswer {
    /// Here it is.
    Ready(Arc<Dissection>),
    /// So many steps are trained again of so many.
    Working(u64, u64),
    /// Given up by a person.
    Cancelled,
    /// The run has no such step, or it cannot be trained again.
    Impossible,
}

#[derive(Default)]
struct Desk {
    /// What is to be answered.
    wanted: Option<StepQuestion>,
    /// What a person does not want to wait for.
    cancelled: Option<StepQuestion>,
    /// What has no answer.
    impossible: Option<StepQuestion>,
    progress: (u64, u64),
    /// The last answer; it stays until the next comes.
    answer: Option<Arc<Dissection>>,
    is_closed: bool,
}

struct Shared {
    desk: Mutex<Desk>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes steps of runs apart on one background thread of its own. Only the newest question counts:
/// work for an older one is left where it stands, and goes on from there where that helps.
pub struct Anatomies {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Anatomies {
    /// Starts the thread. `wake` is called from it when there is an answer or progress to see.
    pub fn new(wake: impl Fn() + Send + 'static) -> Self {
        let shared = Arc::new(Shared { desk: Mutex::default(), changed: Condvar::new() });
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("anatomies".to_owned())
            .spawn(move || work(&for_thread, &wake))
            .ok();
        Self { shared, thread }
    }

    /// Asks, unless the same was asked last, and says how far the answer is.
    pub fn ask(&self, question: StepQuestion) -> StepAnswer {
        let mut desk = self.shared.lock();
        let is_it = |other: &Option<StepQuestion>| {
            other.as_ref().is_some_and(|other| other.is_same(&question))
        };
        if let Some(answer) = &desk.answer {
            let anatomy = &answer.anatomy;
            let (plan, step) = (anatomy.plan.clone(), anatomy.step);
            if question.is_same(&StepQuestion { plan, step }) {
                let answer = answer.clone();
                desk.wanted = None;
                return StepAnswer::Ready(answer);
            }
        }
        if is_it(&desk.impossible) || self.thread.is_none() {
            return StepAnswer::Impossible;
        }
        if is_it(&desk.cancelled) {
            return StepAnswer::Cancelled;
        }
        if !is_it(&desk.wanted) {
            desk.wanted = Some(question);
            desk.cancelled = None;
            desk.progress = (0, 0);
            self.shared.changed.notify_one();
        }
        let (done, all) = desk.progress;
        StepAnswer::Working(done, all)
    }

    /// The last answer of all, which may be to an older question.
    pub fn latest(&self) -> Option<Arc<Dissection>> {
        self.shared.lock().answer.clone()
    }

    /// Gives up the question that is being answered.
    pub fn cancel(&self) {
        let mut desk = self.shared.lock();
        desk.cancelled = desk.wanted.take();
    }

    /// Takes up again what was given up.
    pub fn resume(&self) {
        self.shared.lock().cancelled = None;
    }
}

impl Drop for Anatomies {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // Its panics are caught where they happen; there is nothing to learn from the result.
            let _ = thread.join();
        }
    }
}

fn work(shared: &Shared, wake: &dyn Fn()) {
    // The one asked last is the last.
    let mut anatomists: Vec<Anatomist> = Vec::new();
    loop {
        let mut desk = shared.lock();
        let question = loop {
            if desk.is_closed {
                return;
            }
            if let Some(question) = &desk.wanted {
                break question.clone();
            }
            desk = shared.changed.wait(desk).unwrap_or_else(PoisonError::into_inner);
        };
        drop(desk);
        let dissect = || {
            let known = anatomists.iter().position(|it| Arc::ptr_eq(it.plan(), &question.plan));
            let mut anatomist = match known {
                Some(index) => anatomists.remove(index),
                None => Anatomist::new(question.plan.clone()),
            };
            if anatomists.len() >= MOST_RUNS {
                anatomists.remove(0);
            }
            let mut told_at = Instant::now();
            let anatomy = anatomist.take_apart(question.step, &mut |done, all| {
                if told_at.elapsed() >= TELL_EVERY {
                    told_at = Instant::now();
                    shared.lock().progress = (done, all);
                    wake();
                }
                is_wanted(&shared.lock(), &question)
            });
            anatomists.push(anatomist);
            anatomy.map(Dissection::new)
        };
        // A panic in the run's own code would come again: it has no answer.
        let dissected = catch_unwind(AssertUnwindSafe(dissect));
        let mut desk = shared.lock();
        match dissected {
            Ok(Some(dissection)) => desk.answer = Some(Arc::new(dissection)),
            // Not wanted any more: the next question is there already.
            Ok(None) if !is_wanted(&desk, &question) => continue,
            Ok(None) | Err(_) => desk.impossible = Some(question.clone()),
        }
        if is_wanted(&desk, &question) {
            desk.wanted = None;
        }
        drop(desk);
        wake();
    }
}

fn is_wanted(desk: &Desk, question: &StepQuestion) -> bool {
    !desk.is_closed && desk.wanted.as_ref().is_some_and(|wanted| wanted.is_same(question))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::experiment::Experiment;
    use crate::settings::Span;
    use crate::surfaces::Surface;
    use std::path::Path;

    fn plan(n_steps: u64) -> Arc<Plan> {
        let data = Source::Surface(Surface::named("Booth").unwrap());
        let experiment = Experiment { data, budget: Span::Steps(n_steps), ..Experiment::default() };
        Arc::new(Plan::new("a", &experiment, 1, None, Path::new("")).unwrap())
    }

    /// Asks until there is an answer that is not one of work.
    fn settled(
        anatomies: &Anatomies,
        bell: &crossbeam_channel::Receiver<()>,
        question: &StepQuestion,
    ) -> StepAnswer {
        loop {
            match anatomies.ask(question.clone()) {
                StepAnswer::Working(..) => bell.recv_timeout(Duration::from_secs(30)).unwrap(),
                other => return other,
            }
        }
    }

    #[test]
    fn questions_are_answered_given_up_and_refused() {
        let (ring, bell) = crossbeam_channel::bounded(1);
        let anatomies = Anatomies::new(move || {
            let _ = ring.try_send(());
        });
        let (short, long) = (plan(40), plan(1_000_000_000));
        let question = |plan: &Arc<Plan>, step| StepQuestion { plan: plan.clone(), step };
        let StepAnswer::Ready(found) = settled(&anatomies, &bell, &question(&short, 40)) else {
            panic!("the last step has an answer");
        };
        assert_eq!(found.anatomy.step, 40);
        assert_eq!(found.spreads[0].spread.n, 2);
        let refused = settled(&anatomies, &bell, &question(&short, 41));
        assert!(matches!(refused, StepAnswer::Impossible), "{refused:?}");
        // Long work is given up, says so until it is taken up again, and makes way for another.
        let far = question(&long, 1_000_000_000);
        assert!(matches!(anatomies.ask(far.clone()), StepAnswer::Working(..)));
        anatomies.cancel();
        assert!(matches!(anatomies.ask(far.clone()), StepAnswer::Cancelled));
        anatomies.resume();
        assert!(matches!(anatomies.ask(far), StepAnswer::Working(..)));
        let near = settled(&anatomies, &bell, &question(&long, 3));
        assert!(matches!(near, StepAnswer::Ready(found) if found.anatomy.step == 3));
    }
}
