use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, bounded};

/// What is called from the thread when there is something new to see.
pub type Wake = Box<dyn Fn() + Send>;

type Work<Q, A> = Arc<dyn Fn(&Q) -> A + Send + Sync>;

/// Something computed from a question, and computed anew when the question changes: at once where
/// it is small, else on a thread of its own, while the last answer stays. The thread begins with
/// the first large question, works on one at a time, and ends when this is dropped.
pub struct Latest<Q, A> {
    name: &'static str,
    work: Work<Q, A>,
    thread: Option<Thread<Q, A>>,
    is_working: bool,
    known: Option<(Q, Arc<A>)>,
    failed: Option<Q>,
}

/// The way to the thread and back.
struct Thread<Q, A> {
    questions: Sender<Q>,
    answers: Receiver<Outcome<Q, A>>,
}

/// A question with its answer; `None` where the work panicked.
type Outcome<Q, A> = (Q, Option<A>);

impl<Q: Clone + PartialEq + Send + 'static, A: Send + 'static> Latest<Q, A> {
    /// `work` answers a question; `name` is that of the thread.
    pub fn new(name: &'static str, work: impl Fn(&Q) -> A + Send + Sync + 'static) -> Self {
        Self {
            name,
            work: Arc::new(work),
            thread: None,
            is_working: false,
            known: None,
            failed: None,
        }
    }

    /// The latest answer with the question it is to: this one, or an earlier one while this one is
    /// being worked on. `wake` makes what the thread calls when it has an answer.
    pub fn ask(
        &mut self,
        question: &Q,
        is_small: bool,
        wake: impl FnOnce() -> Wake,
    ) -> Option<(&Q, &Arc<A>)> {
        self.receive();
        let is_known = self.known.as_ref().is_some_and(|(known, _)| known == question);
        if !is_known && self.failed.as_ref() != Some(question) {
            if is_small {
                self.keep((question.clone(), attempt(&self.work, question)));
            } else if !self.is_working {
                self.hand_out(question, wake);
            }
        }
        self.known.as_ref().map(|(question, answer)| (question, answer))
    }

    /// Whether this question could not be answered because of a fault in the program.
    pub fn has_failed(&self, question: &Q) -> bool {
        self.failed.as_ref() == Some(question)
    }

    fn receive(&mut self) {
        let outcome = self.thread.as_ref().and_then(|thread| thread.answers.try_recv().ok());
        if let Some(outcome) = outcome {
            self.is_working = false;
            self.keep(outcome);
        }
    }

    fn keep(&mut self, (question, answer): Outcome<Q, A>) {
        match answer {
            Some(answer) => self.known = Some((question, Arc::new(answer))),
            None => self.failed = Some(question),
        }
    }

    fn hand_out(&mut self, question: &Q, wake: impl FnOnce() -> Wake) {
        if self.thread.is_none() {
            let (questions, inbox) = bounded::<Q>(1);
            let (outbox, answers) = bounded(1);
            let (work, wake) = (Arc::clone(&self.work), wake());
            let run = move || {
                for question in inbox {
                    let answer = attempt(&work, &question);
                    if outbox.send((question, answer)).is_err() {
                        return;
                    }
                    wake();
                }
            };
            let thread = std::thread::Builder::new().name(self.name.to_owned()).spawn(run);
            self.thread = thread.is_ok().then_some(Thread { questions, answers });
        }
        match &self.thread {
            Some(thread) => self.is_working = thread.questions.send(question.clone()).is_ok(),
            None => self.failed = Some(question.clone()),
        }
    }
}

fn attempt<Q, A>(work: &Work<Q, A>, question: &Q) -> Option<A> {
    catch_unwind(AssertUnwindSafe(|| work(question))).ok()
}

/// A shared value that is equal to itself alone, so that questions about large data compare fast.
#[derive(Debug)]
pub struct Same<T>(pub Arc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_questions_are_answered_at_once_and_only_once() {
        let n_calls = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&n_calls);
        let mut squares = Latest::new("squares", move |x: &u64| {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            x * x
        });
        for _ in 0..3 {
            let answer = squares.ask(&7, true, || unreachable!("there is no thread"));
            assert_eq!(answer.map(|(x, y)| (*x, **y)), Some((7, 49)));
        }
        assert_eq!(n_calls.load(std::sync::atomic::Ordering::Relaxed), 1);
    }

    #[test]
    fn the_last_answer_stays_until_the_next_is_there() {
        let (wake, woken) = bounded(4);
        let mut squares = Latest::new("squares", |x: &u64| x * x);
        let waker = || -> Wake {
            let wake = wake.clone();
            Box::new(move || wake.send(()).unwrap_or_default())
        };
        assert!(squares.ask(&3, false, waker).is_none());
        woken.recv().unwrap();
        assert_eq!(squares.ask(&4, false, waker).map(|(x, y)| (*x, **y)), Some((3, 9)));
        woken.recv().unwrap();
        assert_eq!(squares.ask(&4, false, waker).map(|(x, y)| (*x, **y)), Some((4, 16)));
    }

    #[test]
    fn a_fault_is_seen_and_not_repeated() {
        let mut shares = Latest::new("shares", |x: &u64| 12 / x);
        assert!(shares.ask(&0, true, || unreachable!()).is_none());
        assert!(shares.has_failed(&0) && !shares.has_failed(&1));
        assert_eq!(shares.ask(&4, true, || unreachable!()).map(|(_, y)| **y), Some(3));
    }
}
