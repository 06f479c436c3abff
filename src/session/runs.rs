use std::sync::Arc;
use std::time::{Duration, Instant};

use super::entry::Launch;
use super::loader::Job;
use super::{ExperimentEntry, Session, Severity};
use crate::data::Loaded;
use crate::training::{Command, Ending, Plan, Run, RunState};

/// A problem whose whole training is shorter than this trains again as its settings are dragged.
const IMMEDIATE_SECONDS: f64 = 0.5;
/// How long an edit rests before that.
const RERUN_PAUSE: Duration = Duration::from_millis(40);
/// How long new runs may collect points before they replace the old ones on screen.
pub(super) const SWAP_PAUSE: Duration = Duration::from_millis(120);

/// Ends runs that nobody will look at.
pub(super) fn end<'a>(runs: impl IntoIterator<Item = &'a Run>) {
    runs.into_iter().for_each(|run| run.command(Command::Stop));
}

/// Orders a small experiment to train again soon after an edit.
pub(super) fn plan_rerun(entry: &mut ExperimentEntry) {
    let has_ended = |run: &Run| matches!(run.state(), RunState::Ended(_));
    let seconds: f64 = entry.runs.iter().map(|run| run.clocks().seconds).sum();
    if !entry.runs.is_empty() && entry.runs.iter().all(has_ended) && seconds < IMMEDIATE_SECONDS {
        entry.live.rerun_at = Some(Instant::now() + RERUN_PAUSE);
    }
}

/// Whether a run can be counted as done for what it trained.
fn is_useful(run: &Run) -> bool {
    !matches!(run.state(), RunState::Ended(Ending::Stopped { .. } | Ending::Failed { .. }))
}

impl Session {
    /// The seeds for which an experiment has no run that is up to date.
    pub(super) fn missing_seeds(&self, index: usize) -> Vec<u64> {
        let Some(entry) = self.entries.get(index) else { return Vec::new() };
        let folder = self.document.folder();
        let mut seeds = self.document.study().seeds.clone();
        seeds.retain(|seed| {
            !entry.all_runs().any(|run| {
                run.plan().seed == *seed && is_useful(run) && entry.is_current(run, folder)
            })
        });
        seeds
    }

    pub(super) fn run_all(&mut self) {
        let busy_before = self.is_busy();
        self.each(|session, index| session.run(index, false));
        if !busy_before && !self.is_busy() {
            let problem = self.entries.iter().find_map(|entry| {
                entry.problem.as_ref().map(|problem| format!("{}: {problem}", entry.label))
            });
            match problem {
                Some(problem) => self.tell(Severity::Error, problem),
                None if self.entries.iter().all(|entry| !entry.runs.is_empty()) => {
                    self.tell(Severity::Info, "All runs are up to date. Reset to train again.");
                }
                None => {}
            }
        }
    }

    /// Runs what is missing of an experiment; goes on with what is held.
    pub(super) fn run(&mut self, index: usize, paused: bool) {
        let Some(entry) = self.entries.get(index) else { return };
        let folder = self.document.folder();
        if !paused {
            // A run may be about to hold that has not reported so: the order is harmless to others.
            let current = entry.all_runs().filter(|run| entry.is_current(run, folder));
            current.for_each(|run| run.command(Command::Resume));
        }
        let seeds = self.missing_seeds(index);
        if seeds.is_empty() {
            return;
        }
        self.next_ticket += 1;
        let ticket = self.next_ticket;
        let job = Job::Plan {
            ticket,
            experiment: Arc::new(entry.experiment.clone()),
            label: entry.label.clone(),
            seeds,
            folder: folder.to_owned(),
        };
        let replaced =
            self.entries[index].live.launch.replace(Launch { ticket, paused, recorded: None });
        self.entries[index].live.rerun_at = None;
        if let Some(old) = replaced {
            self.loader
                .retain(|job| !matches!(job, Job::Plan { ticket, .. } if *ticket == old.ticket));
        }
        self.loader.push(job);
    }

    /// Starts runs whose plans are made.
    pub(super) fn launch(
        &mut self,
        ticket: u64,
        loaded: Option<&Loaded>,
        plans: Result<Vec<Arc<Plan>>, String>,
    ) {
        let ordered = |entry: &ExperimentEntry| {
            entry.live.launch.as_ref().is_some_and(|l| l.ticket == ticket)
        };
        let Some(index) = self.entries.iter().position(ordered) else { return };
        let folder = self.document.folder().to_owned();
        let entry = &mut self.entries[index];
        let launch = entry.live.launch.take();
        if let Some(number) = launch.as_ref().and_then(|launch| launch.recorded) {
            return self.take_recorded(index, number, loaded, plans);
        }
        let paused = launch.is_some_and(|launch| launch.paused);
        let plans = match plans {
            Ok(plans) => plans,
            Err(problem) => {
                let text = format!("{} cannot run. {problem}", entry.label);
                entry.problem = Some(problem);
                return self.tell(Severity::Error, text);
            }
        };
        let wanted = &self.document.study().seeds;
        let plans = plans.into_iter().filter(|plan| wanted.contains(&plan.seed)).collect();
        // Together, so that all get a team of the same size.
        let started = self.executor.start_all(plans, paused, self.wake.clone());
        let entry = &mut self.entries[index];
        end(&entry.live.incoming);
        entry.live.incoming = started;
        let shows_old_picture = entry.stale && !paused;
        entry.live.incoming_since = Some(Instant::now());
        if !shows_old_picture {
            self.swap_in(index);
        }
        let entry = &mut self.entries[index];
        if entry.runs.iter().all(|run| entry.is_current(run, &folder)) {
            entry.live.folder = folder;
        }
        self.was_busy = true;
    }

    /// Shows the incoming runs of an experiment in place of those they make stale.
    pub(super) fn swap_in(&mut self, index: usize) {
        let folder = self.document.folder().to_owned();
        let seeds = self.document.study().seeds.clone();
        let entry = &mut self.entries[index];
        let incoming = std::mem::take(&mut entry.live.incoming);
        entry.live.incoming_since = None;
        let old = std::mem::take(&mut entry.runs);
        let is_kept = |run: &Run| {
            entry.is_current(run, &folder)
                && !incoming.iter().any(|new| new.plan().seed == run.plan().seed)
        };
        let (mut kept, dropped): (Vec<Run>, Vec<Run>) = old.into_iter().partition(is_kept);
        end(&dropped);
        let arrived: Vec<u64> = incoming.iter().map(|run| run.plan().seed).collect();
        entry.live.told.retain(|seed| !arrived.contains(seed));
        kept.extend(incoming);
        kept.sort_by_key(|run| seeds.iter().position(|seed| *seed == run.plan().seed));
        entry.runs = kept;
        entry.live.folder = folder.clone();
        let is_stale = |run: &Run| !entry.is_current(run, &folder);
        entry.stale = entry.runs.iter().any(is_stale);
    }

    /// Holds runs, those that still wait for their plans included.
    pub(super) fn pause(&mut self, index: usize) {
        if let Some(entry) = self.entries.get_mut(index) {
            entry.live.rerun_at = None;
            if let Some(launch) = &mut entry.live.launch {
                launch.paused = true;
            }
        }
        self.order(index, Command::Pause);
    }

    pub(super) fn step(&mut self, index: usize) {
        if self.missing_seeds(index).is_empty() {
            self.order(index, Command::Step);
        } else {
            self.run(index, true);
        }
    }

    pub(super) fn stop(&mut self, index: usize) {
        self.forget_launch(index);
        self.order(index, Command::Stop);
    }

    pub(super) fn reset(&mut self, index: usize) {
        self.forget_launch(index);
        let Some(entry) = self.entries.get_mut(index) else { return };
        end(entry.all_runs());
        entry.runs.clear();
        entry.live.incoming.clear();
        entry.live.incoming_since = None;
        entry.live.told.clear();
        entry.live.is_reset = true;
        entry.stale = false;
    }

    fn order(&mut self, index: usize, command: Command) {
        if let Some(entry) = self.entries.get(index) {
            entry.all_runs().for_each(|run| run.command(command));
        }
    }

    fn forget_launch(&mut self, index: usize) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        entry.live.rerun_at = None;
        if let Some(launch) = entry.live.launch.take() {
            self.loader
                .retain(|job| !matches!(job, Job::Plan { ticket, .. } if *ticket == launch.ticket));
        }
    }
}
