use std::io::{self, Write};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, bounded};

use crate::data;
use crate::training::{Run, RunState};

/// Does what reads files; meanwhile a line on the terminal says how far it is, where that is wanted.
pub(super) fn reading<T>(enabled: bool, work: impl FnOnce(&Arc<data::Progress>) -> T) -> T {
    let progress = Arc::new(data::Progress::default());
    if !enabled {
        return work(&progress);
    }
    // Dropped when the work is done, however it ends.
    let (working, ended) = bounded::<()>(0);
    let shown = Arc::clone(&progress);
    let show = move || {
        let (mut begun, mut last, mut is_shown) = (Instant::now(), 0.0, false);
        while ended.recv_timeout(Duration::from_millis(200)) == Err(RecvTimeoutError::Timeout) {
            let fraction = shown.fraction();
            if fraction < last {
                begun = Instant::now();
            }
            last = fraction;
            is_shown = true;
            let line = reading_line(&shown, fraction, begun.elapsed().as_secs_f64());
            let _ = write!(io::stderr(), "\r\x1b[K{line}");
        }
        if is_shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    };
    let thread = thread::Builder::new().name("progress".to_owned()).spawn(show);
    let found = work(&progress);
    drop(working);
    // The line is gone before anything else is written. Without a thread there was none.
    let _ = thread.map(thread::JoinHandle::join);
    found
}

/// `data  35.2 %  85.1 MB/s  12 s left`.
fn reading_line(progress: &data::Progress, fraction: f64, elapsed_secs: f64) -> String {
    let mut line = format!("data {:5.1} %", 100.0 * fraction);
    if fraction > 0.0 && elapsed_secs > 0.5 {
        let rate = progress.bytes_done() as f64 / elapsed_secs;
        let left = elapsed_secs * (1.0 - fraction) / fraction;
        line += &format!("  {}B/s  {} left", short_count(rate), duration(left));
    }
    line
}

/// One line on the terminal that says how far the runs are.
pub(super) struct Progress {
    enabled: bool,
    begun: Instant,
    shown: Option<Instant>,
}

impl Progress {
    pub(super) fn new(enabled: bool) -> Self {
        Self { enabled, begun: Instant::now(), shown: None }
    }

    /// Draws the line anew, a few times a second.
    pub(super) fn show(&mut self, runs: &[Run]) {
        let fresh = self.shown.is_some_and(|shown| shown.elapsed() < Duration::from_millis(100));
        if !self.enabled || fresh {
            return;
        }
        self.shown = Some(Instant::now());
        let line = line(runs, self.begun.elapsed().as_secs_f64());
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(runs: &[Run], elapsed_secs: f64) -> String {
    let ended = |run: &Run| matches!(run.state(), RunState::Ended(_));
    let done: f64 = runs.iter().map(share_done).sum::<f64>() / runs.len().max(1) as f64;
    let rate: f64 = runs.iter().map(Run::samples_per_second).sum();
    let n_ended = runs.iter().filter(|run| ended(run)).count();
    let mut line = format!("{:5.1} %  {n_ended} of {} runs", 100.0 * done, runs.len());
    if rate > 0.0 {
        line += &format!("  {} samples/s", short_count(rate));
    }
    if done > 0.0 && elapsed_secs > 0.5 {
        line += &format!("  {} left", duration(elapsed_secs * (1.0 - done) / done));
    }
    line
}

fn share_done(run: &Run) -> f64 {
    match run.state() {
        RunState::Ended(_) => 1.0,
        _ => run.clocks().step as f64 / run.plan().total_steps.max(1) as f64,
    }
}

/// `1234567` → `1.2 M`.
pub(super) fn short_count(n: f64) -> String {
    match n {
        n if n >= 1e9 => format!("{:.1} G", n / 1e9),
        n if n >= 1e6 => format!("{:.1} M", n / 1e6),
        n if n >= 1e3 => format!("{:.1} k", n / 1e3),
        n => format!("{n:.0}"),
    }
}

/// `75` → `1 min 15 s`.
fn duration(secs: f64) -> String {
    let whole = secs.min(1e9).ceil() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(short_count(999.0), "999");
        assert_eq!(short_count(1_234_567.0), "1.2 M");
        assert_eq!(duration(59.2), "1 min 0 s");
        assert_eq!(duration(3725.0), "1 h 2 min");
    }
}
