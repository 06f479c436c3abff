//! Records: their runs shown as they were recorded, and saved from what stands in the window.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, TryRecvError, bounded};

use super::entry::Launch;
use super::files::{is_same_file, move_paths};
use super::loader::Job;
use super::opening::name_of;
use super::replaying::Replaying;
use super::{DataState, Document, ExperimentEntry, Remedy, Session, SessionCommand, Severity};
use crate::data::Loaded;
use crate::experiment::{Experiment, Study};
use crate::models::Initialization;
use crate::record::{ENGINE, Inputs, Record, check_engine, check_runs, compare_inputs};
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

    /// Gives an entry the recorded runs of experiment `number`, which followed `plans`.
    fn show(
        &self,
        number: usize,
        plans: &[Arc<Plan>],
        entry: &mut ExperimentEntry,
        document: &Document,
    ) -> Result<(), String> {
        let recorded = &self.record.runs[number * self.seeds.len()..];
        let runs = recorded.iter().zip(plans).map(|(run, plan)| run.run(plan.clone()));
        entry.runs = runs.collect::<Result<Vec<Run>, String>>()?;
        entry.runs.retain(|run| document.study().seeds.contains(&run.plan().seed));
        // How they ended was said when they did.
        entry.live.told = entry.runs.iter().map(|run| run.plan().seed).collect();
        entry.live.folder = document.folder().to_owned();
        entry.stale = entry.runs.iter().any(|run| !entry.is_current(run, document.folder()));
        Ok(())
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
                check_runs(&record, &study)
                    .map_err(|error| format!("{}: {error}", file.display()))?;
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

    /// Waits until every record that is being written is whole.
    pub(super) fn finish_saving(&mut self) {
        for job in self.record_jobs.drain(..).filter(|job| job.is_written) {
            // Nobody is left to be told how it went.
            let _ = job.reports.recv();
        }
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

    /// Shows the recorded runs of experiments that have none, or asks for their plans where these
    /// are not made yet.
    pub(super) fn order_recorded(&mut self) {
        let Some(open) = &self.record else { return };
        let seeds = &self.document.study().seeds;
        if !open.seeds.iter().any(|seed| seeds.contains(seed)) {
            return;
        }
        let mut wanted = Vec::new();
        for (number, (label, experiment)) in open.experiments.iter().enumerate() {
            let waits = |entry: &&mut ExperimentEntry| {
                entry.label == *label
                    && entry.experiment == *experiment
                    && entry.runs.is_empty()
                    && entry.problem.is_none()
                    && !entry.live.is_reset
                    && entry.live.is_free()
            };
            let Some(entry) = self.entries.iter_mut().find(waits) else { continue };
            let plans = &open.plans[number * open.seeds.len()..][..open.seeds.len()];
            if let Some(plans) = plans.iter().cloned().collect::<Option<Vec<_>>>() {
                entry.problem = open.show(number, &plans, entry, &self.document).err();
                continue;
            }
            self.next_ticket += 1;
            let ticket = self.next_ticket;
            entry.live.launch = Some(Launch { ticket, paused: false, recorded: Some(number) });
            wanted.push(Job::Plan {
                ticket,
                experiment: Arc::new(experiment.clone()),
                label: label.clone(),
                seeds: open.seeds.clone(),
                folder: self.document.folder().to_owned(),
            });
        }
        wanted.into_iter().for_each(|job| self.loader.push(job));
    }

    /// Takes in the plans of experiment `number` of the record, made of `loaded`, and shows its runs.
    pub(super) fn take_recorded(
        &mut self,
        index: usize,
        number: usize,
        loaded: Option<&Loaded>,
        plans: Result<Vec<Arc<Plan>>, String>,
    ) {
        let Some(open) = &mut self.record else { return };
        let entry = &mut self.entries[index];
        let (label, experiment) = &open.experiments[number];
        let plans = match plans {
            Ok(plans) => plans,
            // It is set otherwise by now; set as it was, it asks again.
            Err(_) if entry.experiment != *experiment => return,
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
        // The table that the entry has may be another by now.
        let now = Inputs::of(label, experiment, loaded, self.document.folder());
        let then = &open.record.inputs[number..=number];
        let change = compare_inputs(then, &[now]).err().map(|error| error.to_string());
        if let Err(problem) = open.show(number, &plans, entry, &self.document) {
            entry.problem = Some(problem.clone());
            return self.tell(Severity::Error, problem);
        }
        for (place, plan) in open.plans[number * open.seeds.len()..].iter_mut().zip(plans) {
            *place = Some(plan);
        }
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
        let mut starts =
            experiments.iter().filter_map(|(_, experiment)| match &experiment.initialization {
                Initialization::File(start) => Some(start),
                _ => None,
            });
        if starts.any(|start| !start.is_empty() && is_same_file(&folder.join(start), path)) {
            return Err(
                "it would overwrite the study's initial parameters; give it a file of its \
                        own"
                .to_owned(),
            );
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
            // Their hashes are those of the data as it was.
            if let Some(change) = &open.changed
                && runs.iter().any(|(run, _)| run.is_recorded())
            {
                return Err(format!("{change}; Reset and run all again"));
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
