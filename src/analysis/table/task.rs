use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Work on a thread of its own whose state can be looked at while it goes on. It is told to stop when
/// the task is dropped.
pub struct Task<T> {
    desk: Arc<Desk<T>>,
}

/// Where the thread leaves what it has found so far.
pub struct Desk<T> {
    state: Mutex<T>,
    is_stopped: AtomicBool,
    is_done: AtomicBool,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl<T: Default + Send + 'static> Task<T> {
    /// Starts `work` on a thread called `name`. `wake` is called when there is something new to see.
    pub fn start(
        name: &str,
        wake: impl Fn() + Send + Sync + 'static,
        work: impl FnOnce(&Desk<T>) + Send + 'static,
    ) -> Self {
        let desk = Arc::new(Desk {
            state: Mutex::default(),
            is_stopped: AtomicBool::new(false),
            is_done: AtomicBool::new(false),
            wake: Box::new(wake),
        });
        let for_thread = Arc::clone(&desk);
        let run = move || {
            let end = End(&for_thread);
            work(end.0);
        };
        // Where no thread can be had there is no result, and the desk says so.
        if std::thread::Builder::new().name(name.to_owned()).spawn(run).is_err() {
            desk.is_done.store(true, Ordering::Release);
        }
        Self { desk }
    }
}

impl<T> Task<T> {
    /// Whether the work is over.
    pub fn is_done(&self) -> bool {
        self.desk.is_done.load(Ordering::Acquire)
    }

    /// Looks at what was found so far.
    pub fn look<R>(&self, look: impl FnOnce(&mut T) -> R) -> R {
        look(&mut self.desk.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.desk.is_stopped.store(true, Ordering::Release);
    }
}

impl<T> Desk<T> {
    /// Whether nobody waits for the work any more.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// Changes what can be seen of the work.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        (self.wake)();
    }
}

/// Marks the end, however the work ends.
struct End<'a, T>(&'a Desk<T>);

impl<T> Drop for End<'_, T> {
    fn drop(&mut self) {
        self.0.is_done.store(true, Ordering::Release);
        (self.0.wake)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_channel::bounded;

    #[test]
    fn what_was_found_so_far_is_there_while_the_work_goes_on() {
        let (go_on, signal) = bounded::<()>(0);
        let (news, woken) = bounded(8);
        let wake = move || {
            let _ = news.try_send(());
        };
        let task = Task::start("test", wake, move |desk: &Desk<u32>| {
            desk.update(|n| *n = 1);
            let _ = signal.recv();
            desk.update(|n| *n = 2);
        });
        woken.recv().expect("news");
        assert_eq!((task.look(|n| *n), task.is_done()), (1, false));
        go_on.send(()).expect("the thread waits");
        while !task.is_done() {
            woken.recv().expect("news");
        }
        assert_eq!(task.look(|n| *n), 2);
    }

    #[test]
    fn a_task_that_is_dropped_is_told_and_one_that_panics_is_done() {
        let (told, is_told) = bounded(1);
        let task = Task::start(
            "test",
            || (),
            move |desk: &Desk<()>| {
                while !desk.is_stopped() {
                    std::thread::yield_now();
                }
                told.send(()).expect("the test waits");
            },
        );
        drop(task);
        is_told.recv().expect("it ends");
        let (news, woken) = bounded(1);
        let wake = move || {
            let _ = news.try_send(());
        };
        let task = Task::start("test", wake, |_: &Desk<()>| panic!("on purpose"));
        woken.recv().expect("news");
        assert!(task.is_done());
    }
}
