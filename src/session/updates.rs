use std::sync::Arc;
use std::time::Instant;

use super::adapt::adapted;
use super::loader::{CANCELLED, Checked, Job, Report};
use super::runs::SWAP_PAUSE;
use super::{DataState, Remedy, Session, SessionCommand, Severity, parts};
use crate::data::Source;
use crate::experiment::Experiment;
use crate::record::{Clock, Metric, Part};
use crate::settings::Value;
use crate::training::{Ending, Run, RunState};

impl Session {
    /// Takes in what runs and loading data have reported. Call once per frame; never blocks.
    /// Whether anything is new.
    pub fn update(&mut self) -> bool {
        let mut is_new = false;
        while let Some(report) = self.loader.receive() {
            is_new = true;
            match report {
                Report::Checked { experiment, seed, loaded, found } => {
                    let shown = self.entries.iter_mut();
                    for entry in shown.filter(|entry| entry.experiment == *experiment) {
                        entry.loaded.clone_from(&loaded);
                    }
                    self.take_check(&experiment, seed, found);
                }
                Report::Planned { ticket, loaded, plans } => {
                    self.launch(ticket, loaded.as_deref(), plans);
                }
            }
        }
        for index in 0..self.entries.len() {
            is_new |= self.update_entry(index);
        }
        is_new |= self.update_record();
        is_new |= self.update_replay();
        if self.was_busy && !self.is_busy() {
            self.was_busy = false;
            self.tell_result();
        }
        if let Some(recovery) = &mut self.recovery {
            recovery.update(&self.document);
        }
        is_new
    }

    fn update_entry(&mut self, index: usize) -> bool {
        let now = Instant::now();
        let entry = &mut self.entries[index];
        let mut is_new = false;
        for run in entry.runs.iter_mut().chain(&mut entry.live.incoming) {
            is_new |= run.receive();
        }
        if let Some(since) = entry.live.incoming_since {
            let has_ended = |run: &Run| matches!(run.state(), RunState::Ended(_));
            let is_due = now >= since + SWAP_PAUSE || entry.live.incoming.iter().all(has_ended);
            if is_due {
                self.swap_in(index);
                is_new = true;
            }
        }
        let entry = &mut self.entries[index];
        if entry.live.rerun_at.is_some_and(|at| at <= now) && entry.live.is_free() {
            entry.live.rerun_at = None;
            self.run(index, false);
        }
        self.tell_endings(index);
        is_new
    }

    /// Ends the reading of a file, for all who wait for it.
    pub(super) fn cancel_reading(&mut self) {
        let Some(reading) = self.loader.reading() else { return };
        reading.progress.cancel();
        let folder = self.document.folder().to_owned();
        self.loader.retain(|job| match job {
            Job::Check { experiment, folder, .. } | Job::Plan { experiment, folder, .. } => {
                !reading.is_of(&experiment.data, folder)
            }
        });
        for entry in &mut self.entries {
            if reading.is_of(&entry.experiment.data, &folder) {
                entry.data = DataState::Failed(CANCELLED.to_owned());
                entry.loaded = None;
                (entry.problem, entry.plan) = (Some(CANCELLED.to_owned()), None);
                entry.live.launch = None;
            }
        }
    }

    /// Asks for another look at all data.
    pub(super) fn read_again(&mut self) {
        for entry in &mut self.entries {
            if let DataState::Failed(_) = entry.data {
                (entry.data, entry.plan) = (DataState::Loading, None);
            }
            entry.problem = None;
            entry.live.unchecked = true;
        }
        self.order_checks();
        self.order_recorded();
    }

    /// Asks for a check of every entry whose settings changed.
    pub(super) fn order_checks(&mut self) {
        let seed = self.document.study().seeds.first().copied().unwrap_or(1);
        let folder = self.document.folder().to_owned();
        let entries = &self.entries;
        if let Some(reading) = self.loader.reading() {
            let is_wanted = |data: &Source| reading.is_of(data, &folder);
            if !entries.iter().any(|entry| is_wanted(&entry.experiment.data)) {
                // Another file is wanted, or the same read in another way.
                reading.progress.cancel();
            }
        }
        self.loader.retain(|job| match job {
            Job::Check { experiment, .. } => {
                entries.iter().any(|entry| entry.experiment == **experiment)
            }
            Job::Plan { .. } => true,
        });
        for index in 0..self.entries.len() {
            if !std::mem::take(&mut self.entries[index].live.unchecked) {
                continue;
            }
            let experiment = self.entries[index].experiment.clone();
            // What was checked already, with or without success, is not reported again.
            let is_ordered = self.entries[..index].iter().any(|entry| {
                entry.experiment == experiment && entry.plan.is_none() && entry.problem.is_none()
            });
            if is_ordered {
                continue;
            }
            self.loader.push(Job::Check {
                experiment: Arc::new(experiment),
                label: self.entries[index].label.clone(),
                seed,
                folder: folder.clone(),
            });
        }
    }

    fn take_check(
        &mut self,
        experiment: &Arc<Experiment>,
        seed: u64,
        found: Result<Checked, String>,
    ) {
        if self.document.study().seeds.first() != Some(&seed) {
            return self.check_again(experiment);
        }
        let mut adaptations = Vec::new();
        let mut decided = None;
        for (index, entry) in self.entries.iter_mut().enumerate() {
            if entry.experiment != **experiment {
                continue;
            }
            match &found {
                Err(problem) => {
                    entry.data = DataState::Failed(problem.clone());
                    entry.problem = Some(problem.clone());
                    entry.plan = None;
                }
                Ok(checked) => {
                    entry.data = match &checked.data {
                        None => DataState::None,
                        Some((loaded, prepared)) => {
                            DataState::Ready { loaded: loaded.clone(), prepared: prepared.clone() }
                        }
                    };
                    entry.problem = checked.plan.as_ref().err().cloned();
                    entry.plan = checked.plan.as_ref().ok().cloned();
                    let adapts = std::mem::take(&mut entry.live.adapts);
                    if let (true, Some((loaded, prepared))) = (adapts, &checked.data) {
                        decided = experiment.data.decided(&loaded.report.decisions);
                        let change = adapted(&entry.experiment, prepared);
                        adaptations.extend(change.map(|change| (index, change)));
                    }
                }
            }
        }
        self.adapt(adaptations);
        if let Some(decided) = decided {
            self.decide(&experiment.data, &decided);
        }
        let is_shown = self.entries.iter().any(|entry| entry.experiment == **experiment);
        if let (Err(problem), true) = (found, is_shown) {
            let is_told = self.messages.last().is_some_and(|last| last.text == problem);
            if !is_told {
                let is_wanted = problem == CANCELLED;
                let severity = if is_wanted { Severity::Info } else { Severity::Error };
                self.tell(severity, problem);
            }
        }
    }

    /// Orders the check of an experiment anew: the study's first seed changed meanwhile.
    fn check_again(&mut self, experiment: &Experiment) {
        for entry in self.entries.iter_mut().filter(|entry| entry.experiment == *experiment) {
            entry.live.unchecked = true;
        }
        self.order_checks();
    }

    /// Gives experiments models and losses that suit their data, as part of the last edit.
    fn adapt(&mut self, adaptations: Vec<(usize, (Experiment, String))>) {
        if adaptations.is_empty() {
            return;
        }
        let was_modified = self.document.is_modified();
        let mut texts: Vec<String> = Vec::new();
        for (index, (experiment, text)) in adaptations {
            self.document.amend(|study| parts::set_experiment(study, index, &experiment));
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        if !was_modified {
            self.document.settle();
        }
        self.sync();
        for text in texts {
            self.tell(Severity::Info, text);
        }
    }

    /// States in the study what was decided about the reading of a file, as part of the last edit.
    fn decide(&mut self, source: &Source, decided: &Source) {
        let was_modified = self.document.is_modified();
        self.document.amend(|study| study.replace_source(source, decided));
        if !was_modified {
            self.document.settle();
        }
        self.sync();
    }

    /// Says what a person has to know about runs that ended.
    fn tell_endings(&mut self, index: usize) {
        let mut news = Vec::new();
        let entry = &mut self.entries[index];
        for run in &entry.runs {
            let RunState::Ended(ending) = run.state() else { continue };
            let seed = run.plan().seed;
            if entry.live.told.contains(&seed) {
                continue;
            }
            entry.live.told.push(seed);
            let who = match self.document.study().seeds.len() {
                1 => entry.label.clone(),
                _ => format!("{}, seed {}", entry.label, run.plan().seed_in_words()),
            };
            match ending {
                Ending::Diverged { step } => {
                    let mut text = format!("{who}: diverged at step {step}");
                    let remedy = slower(index, run, &mut text);
                    text.push('.');
                    news.push((Severity::Warning, text, remedy));
                }
                Ending::BudgetSpent { .. } if let Some((first, last)) = growth(run) => {
                    let values = [first, last].map(|loss| Value::Number(rounded(loss)));
                    let [first, last] = values;
                    let mut text = format!("{who}: the loss grew from {first} to {last}");
                    let remedy = slower(index, run, &mut text);
                    text.push('.');
                    news.push((Severity::Warning, text, remedy));
                }
                Ending::Failed { message } => {
                    news.push((Severity::Error, format!("{who}: {message}"), None));
                }
                _ => {}
            }
        }
        for (severity, text, remedy) in news {
            self.tell_with(severity, text, remedy);
        }
    }

    /// Says what came of it once nothing trains any more.
    fn tell_result(&mut self) {
        let (n_done, n_runs) = self.runs_done();
        if n_done == 0 {
            return;
        }
        let runs =
            self.entries.iter().flat_map(|entry| entry.runs.iter().map(move |run| (entry, run)));
        let best = runs
            .filter_map(|(entry, run)| Some((entry, run, run.outcome()?.best?)))
            .filter(|(_, run, best)| {
                let diverged = matches!(run.state(), RunState::Ended(Ending::Diverged { .. }));
                best.loss.is_finite() && !diverged
            })
            .min_by(|a, b| a.2.loss.total_cmp(&b.2.loss));
        let counted = if n_done == n_runs {
            format!("{n_done} of {n_runs} runs done.")
        } else {
            format!("{n_done} of {n_runs} runs ended.")
        };
        let text = match best {
            Some((entry, run, best)) => format!(
                "{counted} Best loss {}: {}, seed {}, at step {}.",
                Value::Number(rounded(best.loss)),
                entry.label,
                run.plan().seed_in_words(),
                best.step,
            ),
            None => counted,
        };
        self.tell(Severity::Info, text);
    }
}

/// The way out of a learning rate that is too high; adds the rate to the text.
fn slower(index: usize, run: &Run, text: &mut String) -> Option<Remedy> {
    let (now, rate, gentle) = gentler(&run.plan().experiment)?;
    text.push_str(&format!(", learning rate {now}"));
    let edit = SessionCommand::Edit(index, Box::new(gentle));
    let label = format!("Try {rate}");
    Some(Remedy { label, commands: vec![edit, SessionCommand::Run(index)] })
}

/// The first and the last training loss, where it grew so much that something is wrong.
fn growth(run: &Run) -> Option<(f64, f64)> {
    const FACTOR: f64 = 100.0;
    let losses = [Part::Train, Part::Batch]
        .into_iter()
        .find_map(|part| run.history().series(part, Metric::Loss, Clock::Step))
        .map(|(_, losses)| losses)?;
    let (first, last) = (*losses.first()?, *losses.last()?);
    (last.is_finite() && first > 0.0 && last > FACTOR * first).then_some((first, last))
}

/// The learning rate of an experiment, a third of it, and the experiment with that.
fn gentler(experiment: &Experiment) -> Option<(Value, Value, Experiment)> {
    let now = experiment.optimizer.get("learning_rate")?;
    let Value::Number(rate) = now else { return None };
    let lower = Value::Number(rounded(rate / 3.0));
    let mut gentle = experiment.clone();
    gentle.optimizer.set("learning_rate", lower.clone()).ok()?;
    Some((now, lower, gentle))
}

/// Three significant digits.
fn rounded(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}
