//! Records: their runs shown as they were recorded, and saved from what stands in the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, TryRecvError, bounded};

use super::entry::Launch;
use super::files::{is_same_file, move_paths};
use super::loader::Job;
use super::opening::name_of;
use super::replaying::Replaying;
use super::{DataState, Document, Remedy, Session, SessionCommand, Severity};
use crate::experiment::{Experiment, Study};
use crate::record::{ENGINE, Inputs, Record, check_engine, compare_inputs};
use crate::training::{Plan, Run, RunState};

/// The record that was opened, beside the study that is now worked on.
#[derive(Debug)]
pub struct OpenRecord {
    pub(super) path: PathBuf,
    pub(super) record: Arc<Record>,
    /// The experiments of its study, with the paths that the open study has.
    experiments: Vec<(String, Experiment)>,
    seeds: Vec<u64>,
    /// The plan of each run, once its data are read.
    pub(super) plans: Vec<Option<Arc<Plan>>>,
    /// Why its runs cannot be trained again to the same bits.
    changed: Option<String>,
    pub(super) replaying: Replaying,
}

impl OpenRecord {
    /// Its file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// How far its runs are trained again.
    pub fn replaying(&self) -> &Replaying {
        &self.replaying
    }

    /// Why its runs cannot be trained again, in a sentence; `None` where they can.
    pub fn problem(&self) -> Option<String> {
        if let Err(error) = check_engine(&self.record) {
            return Some(error.to_string());
        }
        let missing = self.plans.iter().zip(&self.record.runs).find(|(plan, _)| plan.is_none());
        let missing = missing.map(|(_, run)| {
            format!("what “{}” reads is not there, or not read yet", run.experiment)
        });
        self.changed.clone().or(missing)
    }

    /// Whether the study is still that of the record.
    fn is_of(&self, study: &Study) -> bool {
        study.seeds == self.seeds && study.experiments() == self.experiments
    }
}

/// What the thread of a record comes back with.
#[derive(Debug)]
pub(super) enum Report {
    Read(Box<Result<(Arc<Record>, Study), String>>),
    Saved(Result<(), String>),
}

/// A record that is being read or written.
#[derive(Debug)]
pub(super) struct RecordJob {
    path: PathBuf,
    reports: Receiver<Report>,
    /// Whether the record is written, not read.
    pub(super) is_written: bool,
    /// Whether the open study was modified when it began: that was asked about.
    was_modified: bool,
}

impl Session {
    /// The record that is open.
    pub fn record(&self) -> Option<&OpenRecord> {
        self.record.as_ref()
    }

    /// Reads a record in the background; it is shown once it is read.
    pub(super) fn open_record(&mut self, path: PathBuf) {
        let file = path.clone();
        self.begin(path, false, move || {
            let record = Record::load(&file).map_err(|error| error.to_string());
            let read = record.and_then(|record| {
                let study = record.study(&file).map_err(|error| error.to_string())?;
                let n_experiments = study.experiments().len();
                let n_runs = n_experiments * study.seeds.len();
                if record.runs.len() != n_runs || record.inputs.len() != n_experiments {
                    let name = file.display();
                    return Err(format!(
                        "{name}: the record is damaged: its runs are not those of its study"
                    ));
                }
                Ok((Arc::new(record), study))
            });
            Report::Read(Box::new(read))
        });
    }

    /// Does something with a record on a thread of its own.
    fn begin(
        &mut self,
        path: PathBuf,
        is_written: bool,
        work: impl FnOnce() -> Report + Send + 'static,
    ) {
        let (sender, reports) = bounded(1);
        let wake = self.wake.clone();
        let work = move || {
            // Where another file is opened meanwhile, nobody waits for this one.
            let _ = sender.send(work());
            wake();
        };
        if let Err(error) = std::thread::Builder::new().name("record".to_owned()).spawn(work) {
            return self.refuse(format!("{}: {error}", path.display()));
        }
        let was_modified = self.document.is_modified();
        self.record_jobs.push(RecordJob { path, reports, is_written, was_modified });
    }

    /// Says what could not be done with a file, now and in the window.
    fn refuse(&mut self, text: String) {
        self.refusal = Some(text.clone());
        self.tell(Severity::Error, text);
    }

    /// What could not be done in the background with a file; `None` once it was taken.
    pub fn take_refusal(&mut self) -> Option<String> {
        self.refusal.take()
    }

    /// Takes in what came of reading or writing a record; whether anything did.
    pub(super) fn update_record(&mut self) -> bool {
        let done = self.record_jobs.iter().enumerate().find_map(|(place, job)| {
            match job.reports.try_recv() {
                Ok(report) => Some((place, Some(report))),
                Err(TryRecvError::Empty) => None,
                Err(TryRecvError::Disconnected) => Some((place, None)),
            }
        });
        let Some((place, report)) = done else { return false };
        let job = self.record_jobs.remove(place);
        match report {
            Some(Report::Read(read)) => match *read {
                Ok((record, study)) => self.take_record(job, record, study),
                Err(problem) => self.refuse(format!("Could not open {problem}")),
            },
            Some(Report::Saved(Ok(()))) => {
                self.tell(Severity::Info, format!("Saved the record {}.", job.path.display()));
            }
            Some(Report::Saved(Err(problem))) => {
                self.refuse(format!("Could not save {problem}. An older file is as it was."));
            }
            None => {
                let name = job.path.display();
                self.refuse(format!("{name}: a mistake in the program itself; nothing was done"));
            }
        }
        true
    }

    fn take_record(&mut self, job: RecordJob, record: Arc<Record>, mut study: Study) {
        let name = name_of(&job.path).into_owned();
        if self.document.is_modified() && !job.was_modified {
            let text = format!("{name} is read, but the open study was changed meanwhile.");
            let label = "Let the changes go and open it".to_owned();
            let commands = vec![SessionCommand::Open(job.path)];
            return self.tell_with(Severity::Warning, text, Some(Remedy { label, commands }));
        }
        // The study has no file of its own here: its paths are made whole.
        let folder = record.folder(&job.path);
        move_paths(&mut study, &folder, Path::new(""));
        let experiments = study.experiments();
        let seeds = study.seeds.clone();
        self.show(Document::new(study, None), false);
        self.preferences.opened(&job.path);
        self.write_preferences();
        let n = record.runs.len();
        let runs = if n == 1 { "1 run" } else { &format!("{n} runs") };
        let text = format!(
            "Opened {name}: {runs}, recorded by {} on {}.",
            record.software, record.machine
        );
        self.record = Some(OpenRecord {
            path: job.path,
            plans: vec![None; n],
            record,
            experiments,
            seeds,
            changed: None,
            replaying: Replaying::default(),
        });
        let replay = Remedy { label: "Replay".to_owned(), commands: vec![SessionCommand::Replay] };
        self.tell_with(Severity::Info, text, Some(replay));
        self.order_recorded();
    }

    /// Asks for the plans of recorded runs that are not shown for want of them.
    pub(super) fn order_recorded(&mut self) {
        let Some(open) = &self.record else { return };
        let mut wanted = Vec::new();
        for (number, (label, experiment)) in open.experiments.iter().enumerate() {
            let plans = &open.plans[number * open.seeds.len()..][..open.seeds.len()];
            let waits = |entry: &super::ExperimentEntry| {
                entry.label == *label
                    && entry.experiment == *experiment
                    && entry.runs.is_empty()
                    && entry.live.is_free()
            };
            let index = self.entries.iter().position(waits);
            if let Some(index) = index.filter(|_| plans.iter().any(Option::is_none)) {
                self.next_ticket += 1;
                let ticket = self.next_ticket;
                let launch = Launch { ticket, paused: false, recorded: Some(number) };
                self.entries[index].live.launch = Some(launch);
                wanted.push(Job::Plan {
                    ticket,
                    experiment: Arc::new(experiment.clone()),
                    label: label.clone(),
                    seeds: open.seeds.clone(),
                    folder: self.document.folder().to_owned(),
                });
            }
        }
        wanted.into_iter().for_each(|job| self.loader.push(job));
    }

    /// Shows the recorded runs of experiment `number` of the record, whose plans are made.
    pub(super) fn show_recorded(
        &mut self,
        index: usize,
        number: usize,
        plans: Result<Vec<Arc<Plan>>, String>,
    ) {
        let Some(open) = &mut self.record else { return };
        let entry = &mut self.entries[index];
        let plans = match plans {
            Ok(plans) => plans,
            Err(problem) => {
                let text = format!(
                    "The recorded runs of {} are not shown: {problem}. Put it right and choose \
                     Read again.",
                    entry.label
                );
                entry.problem = Some(problem);
                return self.tell(Severity::Error, text);
            }
        };
        let n_seeds = open.seeds.len();
        let recorded = open.record.runs[number * n_seeds..].iter().take(n_seeds);
        let runs: Result<Vec<Run>, String> =
            recorded.zip(&plans).map(|(run, plan)| run.run(plan.clone())).collect();
        let runs = match runs {
            Ok(runs) => runs,
            Err(problem) => {
                entry.problem = Some(problem.clone());
                return self.tell(Severity::Error, problem);
            }
        };
        let folder = self.document.folder().to_owned();
        let (label, experiment) = &open.experiments[number];
        let now = Inputs::of(label, experiment, entry.loaded.as_deref(), &folder);
        let then = &open.record.inputs[number..=number];
        let change = compare_inputs(then, &[now]).err().map(|error| error.to_string());
        for (place, plan) in open.plans[number * n_seeds..].iter_mut().zip(plans) {
            *place = Some(plan);
        }
        let wanted = &self.document.study().seeds;
        entry.runs = runs;
        entry.runs.retain(|run| wanted.contains(&run.plan().seed));
        // How they ended was said when they did.
        entry.live.told = entry.runs.iter().map(|run| run.plan().seed).collect();
        entry.live.folder.clone_from(&folder);
        entry.stale = entry.runs.iter().any(|run| !entry.is_current(run, &folder));
        if let Some(change) = change {
            let is_known = open.changed.is_some();
            open.changed.get_or_insert(change.clone());
            if !is_known {
                let text = format!(
                    "{change}. The curves are as recorded; pictures that use the data show what \
                     is read now."
                );
                self.tell(Severity::Warning, text);
            }
        }
    }

    /// Writes the runs in the window to a record, in the background.
    pub(super) fn save_record(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        match self.make_record(&path) {
            Ok(record) => self.begin(path.clone(), true, move || {
                Report::Saved(record.save(&path).map_err(|error| error.to_string()))
            }),
            Err(problem) => self.refuse(format!("No record was saved: {problem}.")),
        }
    }

    /// The record of all runs of the study, or why there can be none.
    fn make_record(&self, path: &Path) -> Result<Record, String> {
        let folder = self.document.folder();
        let study = self.document.study();
        if self.document.path().is_some_and(|own| is_same_file(own, path)) {
            return Err("it would overwrite the study; give it a file of its own".to_owned());
        }
        let experiments = study.experiments();
        let read = experiments.iter().flat_map(|(_, experiment)| experiment.data.paths());
        if read.filter(|data| !data.is_empty()).any(|data| is_same_file(&folder.join(data), path)) {
            return Err("it would overwrite the study's data; give it a file of its own".to_owned());
        }
        let mut runs = Vec::new();
        for entry in &self.entries {
            for seed in &study.seeds {
                let is_whole = |run: &&Run| {
                    run.plan().seed == *seed
                        && matches!(run.state(), RunState::Ended(_))
                        && entry.is_current(run, folder)
                };
                let run = entry.runs.iter().find(is_whole).ok_or_else(|| {
                    format!(
                        "a record holds every run of the study, and {}, seed {seed}, has not \
                         ended as it is set now; Run all first",
                        entry.label
                    )
                })?;
                let data = run.plan().data.as_ref().map(|data| &data.fingerprint);
                let loaded = entry.loaded.as_ref().map(|loaded| &loaded.fingerprint);
                if data.is_some() && data != loaded {
                    return Err(format!(
                        "the data of {} changed since it was run; Reset and run it again",
                        entry.label
                    ));
                }
                runs.push((run, &entry.label));
            }
        }
        if let Some(open) = &self.record {
            if open.is_of(study) && runs.iter().all(|(run, _)| run.is_recorded()) {
                return Ok((*open.record).clone());
            }
            if open.record.engine != ENGINE && runs.iter().any(|(run, _)| run.is_recorded()) {
                return Err(format!(
                    "some of these runs were recorded with another version of the arithmetic, by \
                     {}; Reset and run all again",
                    open.record.software
                ));
            }
        }
        let mut decided = study.clone();
        let mut inputs = Vec::new();
        for entry in &self.entries {
            let loaded = match entry.data {
                DataState::None => None,
                _ => entry.loaded.as_deref(),
            };
            inputs.push(Inputs::of(&entry.label, &entry.experiment, loaded, folder));
            let source = &entry.experiment.data;
            let stated = loaded.and_then(|loaded| source.decided(&loaded.report.decisions));
            if let Some(stated) = stated {
                decided.replace_source(source, &stated);
            }
        }
        let mut record = Record::new(&decided, folder, inputs, runs.iter().map(|(run, _)| *run));
        // An experiment may have another name by now.
        for (recorded, (_, label)) in record.runs.iter_mut().zip(&runs) {
            recorded.experiment.clone_from(label);
        }
        Ok(record)
    }
}
