use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crossbeam_channel::{Receiver, TryRecvError, bounded};

use super::{Family, Finding, checks, n_cores, run};

/// Findings that may wait to be read.
const QUEUE: usize = 16;

/// What the threads report.
enum Report {
    /// How many checks there are.
    Begun(usize),
    /// What one of them found.
    Found(usize, Finding),
}

/// All checks, on threads of their own, as seen from outside. Nothing is checked any further once
/// this is dropped.
#[derive(Debug)]
pub struct Background {
    findings: Vec<Option<Finding>>,
    reports: Option<Receiver<Report>>,
    is_cancelled: Arc<AtomicBool>,
    begun: Instant,
    elapsed_secs: f64,
}

impl Background {
    /// Begins with the checks of a family, or with all. `wake` is called from the threads when there
    /// is something new to see.
    pub fn start(family: Option<Family>, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (sender, reports) = bounded(QUEUE);
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let cancelled = is_cancelled.clone();
        let work = move || {
            let checks = checks(family);
            // Where nobody listens any more, nothing further begins.
            let tell = |report| {
                if sender.send(report).is_err() {
                    cancelled.store(true, Ordering::Relaxed);
                }
                wake();
            };
            tell(Report::Begun(checks.len()));
            run(&checks, n_cores(), &cancelled, |index, finding| {
                tell(Report::Found(index, finding))
            });
            drop(sender);
            wake();
        };
        let thread = std::thread::Builder::new().name("verification".to_owned()).spawn(work);
        Self {
            findings: Vec::new(),
            reports: thread.is_ok().then_some(reports),
            is_cancelled,
            begun: Instant::now(),
            elapsed_secs: 0.0,
        }
    }

    /// Takes in what there is to read; whether there was anything.
    pub fn update(&mut self) -> bool {
        let Some(reports) = &self.reports else { return false };
        self.elapsed_secs = self.begun.elapsed().as_secs_f64();
        let mut is_new = false;
        loop {
            match reports.try_recv() {
                Ok(Report::Begun(n_checks)) => self.findings = vec![None; n_checks],
                Ok(Report::Found(index, finding)) => self.findings[index] = Some(finding),
                Err(TryRecvError::Empty) => return is_new,
                Err(TryRecvError::Disconnected) => {
                    self.reports = None;
                    return true;
                }
            }
            is_new = true;
        }
    }

    /// Begins no further check.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        self.reports.is_some()
    }

    /// How many checks there are; 0 until that is known.
    pub fn n_checks(&self) -> usize {
        self.findings.len()
    }

    /// What was found so far, in the order of the checks.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().flatten()
    }

    /// How long it took, or has taken so far.
    pub fn elapsed_secs(&self) -> f64 {
        self.elapsed_secs
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_the_end(background: &mut Background) {
        while background.is_running() {
            background.update();
            std::thread::yield_now();
        }
    }

    #[test]
    fn all_findings_arrive_in_the_order_of_the_checks() {
        let mut background = Background::start(Some(Family::Schedules), Arc::new(|| ()));
        to_the_end(&mut background);
        let found: Vec<_> = background.findings().map(|finding| &finding.member).collect();
        let expected = checks(Some(Family::Schedules));
        let expected: Vec<_> = expected.iter().map(|check| &check.member).collect();
        assert_eq!(found, expected);
        assert_eq!(background.n_checks(), found.len());
    }

    #[test]
    fn a_cancelled_check_ends() {
        let mut background = Background::start(None, Arc::new(|| ()));
        background.cancel();
        to_the_end(&mut background);
        assert!(background.findings().count() < checks(None).len());
    }
}
