use std::time::{Duration, Instant};

/// Measures the time spent training: what lies between a start and a stop.
#[derive(Debug, Default)]
pub(super) struct Stopwatch {
    before: Duration,
    started: Option<Instant>,
}

impl Stopwatch {
    /// Goes on from `seconds`, stopped.
    pub(super) fn at(seconds: f64) -> Self {
        Self { before: Duration::from_secs_f64(seconds.max(0.0)), started: None }
    }

    /// Starts, unless it is running.
    pub(super) fn start(&mut self) {
        self.started.get_or_insert_with(Instant::now);
    }

    /// Stops; whether it was running.
    pub(super) fn stop(&mut self) -> bool {
        let Some(started) = self.started.take() else { return false };
        self.before += started.elapsed();
        true
    }

    /// The seconds measured so far.
    pub(super) fn seconds(&self) -> f64 {
        let running = self.started.map_or(Duration::ZERO, |started| started.elapsed());
        (self.before + running).as_secs_f64()
    }
}
