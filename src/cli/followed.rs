//! One line on the terminal that says how far the reading of data is.

use std::io::{self, IsTerminal, Write};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{RecvTimeoutError, bounded};

use super::progress::duration;
use crate::data::{Progress, Stage};

/// What takes less time is not talked about.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the line is drawn.
const PERIOD: Duration = Duration::from_millis(100);

/// Does `work`, which reads data. Where the standard error is a terminal and the work takes long, a
/// line there says how far it is, and is taken away in the end; not so where `is_quiet`.
pub(super) fn followed<T>(is_quiet: bool, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if is_quiet || !io::stderr().is_terminal() {
        return work(&progress);
    }
    // Nothing is sent: the end of the work closes the channel, also where it panics.
    let (open, closed) = bounded::<()>(0);
    thread::scope(|scope| {
        let watch = || {
            let begun = Instant::now();
            let mut is_drawn = false;
            while closed.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                if begun.elapsed() >= PATIENCE {
                    is_drawn = true;
                    let _ = write!(io::stderr(), "\r\x1b[K{}", line(&progress));
                }
            }
            if is_drawn {
                let _ = write!(io::stderr(), "\r\x1b[K");
            }
        };
        // Without a thread to spare, nothing is said.
        let _ =
            thread::Builder::new().name("descent-progress".to_owned()).spawn_scoped(scope, watch);
        let done = work(&progress);
        drop(open);
        done
    })
}

/// `Reading  42.0 %  230 MB/s  2 s left`.
fn line(progress: &Progress) -> String {
    let done = progress.fraction();
    let secs = progress.stage_secs();
    let megabytes = progress.bytes_done() as f64 / 1e6;
    let what = match progress.stage() {
        Stage::Unpacking => "Unpacking",
        Stage::Reading => "Reading",
        Stage::Fitting => "Fitting",
        Stage::Preparing => "Preparing",
    };
    in_words(what, done, megabytes, secs)
}

fn in_words(what: &str, done: f64, megabytes: f64, secs: f64) -> String {
    if done == 0.0 {
        return format!("{what} …");
    }
    let mut line = format!("{what} {:5.1} %", 100.0 * done);
    if secs > 0.1 {
        let rate = megabytes / secs;
        let n_digits = if rate < 10.0 { 1 } else { 0 };
        line += &format!("  {rate:.n_digits$} MB/s  {} left", duration(secs * (1.0 - done) / done));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_rate_and_time_are_told() {
        assert_eq!(in_words("Reading", 0.0, 0.0, 3.0), "Reading …");
        assert_eq!(in_words("Reading", 0.25, 50.0, 0.05), "Reading  25.0 %");
        assert_eq!(in_words("Reading", 0.25, 50.0, 2.0), "Reading  25.0 %  25 MB/s  6 s left");
        assert_eq!(
            in_words("Unpacking", 0.5, 5.0, 90.0),
            "Unpacking  50.0 %  0.1 MB/s  1 min 30 s left"
        );
    }

    #[test]
    fn the_work_is_done() {
        assert_eq!(followed(false, |progress| progress.n_bytes() + 7), 7);
    }
}
