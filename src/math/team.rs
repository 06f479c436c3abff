//! Threads that share one step's work.

/// A fixed number of threads that split the outputs of one large operation among them.
#[derive(Debug)]
pub struct Team {
    n_threads: usize,
}

impl Team {
    /// One thread: the caller's own.
    pub fn solo() -> Self {
        Self { n_threads: 1 }
    }

    /// `n_threads` threads, the caller's among them.
    pub fn new(n_threads: usize) -> Self {
        Self { n_threads: n_threads.max(1) }
    }

    /// How many threads work together.
    pub fn n_threads(&self) -> usize {
        self.n_threads
    }
}
