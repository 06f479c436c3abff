//! What a person works on: the open study, its runs, the selection, undo and redo. The window
//! reads a [`Session`] and sends it [`SessionCommand`]s; every change goes through
//! [`Session::apply`]. Knows nothing of egui, so every command can be tested without a window.

pub mod adapt;
mod command;
mod document;
mod edits;
mod entry;
mod files;
mod loader;
mod message;
mod opening;
mod palette;
mod parts;
mod preferences;
pub mod presets;
mod records;
mod recovery;
mod replaying;
mod runs;
mod updates;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

pub use command::SessionCommand;
pub use document::Document;
pub use entry::{DataState, ExperimentEntry};
pub use files::is_table;
pub use loader::{CANCELLED, Reading};
pub use message::{Message, Remedy, Severity};
pub use palette::{PALETTE, parse_color, write_color};
pub use preferences::{Preferences, ThemeChoice, WindowPreferences};
pub use records::OpenRecord;
pub use recovery::Recovered;
pub use replaying::Replaying;

use crate::training::Executor;
use loader::Loader;
use records::RecordJob;
use recovery::Recovery;
use runs::SWAP_PAUSE;

/// Messages kept for the list.
const MAX_MESSAGES: usize = 500;

/// The open study with everything that lives around it.
pub struct Session {
    document: Document,
    entries: Vec<ExperimentEntry>,
    selected: usize,
    messages: Vec<Message>,
    executor: Executor,
    wake: Arc<dyn Fn() + Send + Sync>,
    loader: Loader,
    preferences: Preferences,
    /// Where preferences are kept; `None` to keep none.
    folder: Option<PathBuf>,
    recovery: Option<Recovery>,
    recovered: Vec<Recovered>,
    /// The record that the study was opened from.
    record: Option<OpenRecord>,
    /// Records that are being read or written.
    record_jobs: Vec<RecordJob>,
    /// What could not be done in the background with a file.
    refusal: Option<String>,
    next_ticket: u64,
    was_busy: bool,
}

impl Session {
    /// A session on a first study that is ready to run. `wake` is called from other threads when
    /// there is something new to see.
    pub fn new(executor: Executor, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let mut session = Self {
            document: Document::default(),
            entries: Vec::new(),
            selected: 0,
            messages: Vec::new(),
            executor,
            loader: Loader::new(wake.clone()),
            wake,
            preferences: Preferences::default(),
            folder: None,
            recovery: None,
            recovered: Vec::new(),
            record: None,
            record_jobs: Vec::new(),
            refusal: None,
            next_ticket: 0,
            was_busy: false,
        };
        session.show(Document::new(presets::first_study(), None), false);
        session
    }

    /// The same, with preferences and recovered work kept in `folder`. Opens the file that was
    /// open last, if it still opens.
    pub fn with_folder(
        executor: Executor,
        wake: Arc<dyn Fn() + Send + Sync>,
        folder: PathBuf,
    ) -> Self {
        let mut session = Self::new(executor, wake);
        session.preferences = Preferences::read(&folder);
        if let Some((recovery, found)) = Recovery::open(&folder.join("recovery")) {
            session.recovery = Some(recovery);
            session.recovered = found;
        }
        session.folder = Some(folder);
        if let Some(path) = session.preferences.last_file.clone()
            && path.is_file()
        {
            session.apply(SessionCommand::Open(path));
        }
        session
    }

    /// Does what a person asked for. Problems become messages; nothing open is lost.
    pub fn apply(&mut self, command: SessionCommand) {
        use SessionCommand as C;
        match command {
            C::Open(path) => self.open(&path),
            C::OpenStudy(study) => self.show(Document::new(*study, None), true),
            C::Recover(recovered) => self.recover(*recovered),
            C::GiveUp(recovered) => Recovery::forget(&recovered),
            C::Save => match self.document.path().map(Path::to_owned) {
                Some(path) => self.save(&path),
                None => self.tell(Severity::Warning, "The study has no file yet: use Save as."),
            },
            C::SaveAs(path) => self.save(&path),
            C::SaveRecord(path) => self.save_record(&path),
            C::Replay => self.replay(),
            C::StopReplay => self.stop_replay(),
            C::Tell(severity, text) => self.tell(severity, text),
            C::Select(index) => self.selected = index.min(self.entries.len().saturating_sub(1)),
            C::RunAll => self.run_all(),
            C::Run(index) => self.run(index, false),
            C::PauseAll => self.each(Self::pause),
            C::Pause(index) => self.pause(index),
            C::StepAll => self.each(Self::step),
            C::Step(index) => self.step(index),
            C::StopAll => {
                self.each(Self::stop);
                self.stop_replay();
            }
            C::Stop(index) => self.stop(index),
            C::ResetAll => self.each(Self::reset),
            C::Reset(index) => self.reset(index),
            C::CancelReading => self.cancel_reading(),
            C::ReadAgain => self.read_again(),
            C::SetVisible(index, visible) => {
                if let Some(entry) = self.entries.get_mut(index) {
                    entry.visible = visible;
                }
            }
            edit => self.edit(edit),
        }
    }

    fn each(&mut self, act: impl Fn(&mut Self, usize)) {
        (0..self.entries.len()).for_each(|index| act(self, index));
    }

    pub(crate) fn tell(&mut self, severity: Severity, text: impl Into<String>) {
        self.tell_with(severity, text, None);
    }

    fn tell_with(&mut self, severity: Severity, text: impl Into<String>, remedy: Option<Remedy>) {
        let text = text.into();
        self.messages.push(Message { severity, text, at: SystemTime::now(), remedy });
        if self.messages.len() > MAX_MESSAGES {
            self.messages.remove(0);
        }
    }

    /// The study with its file and its undo history.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The experiments, in the order of the study's `compare` list.
    pub fn entries(&self) -> &[ExperimentEntry] {
        &self.entries
    }

    /// The index of the selected experiment.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The selected experiment.
    pub fn selected_entry(&self) -> Option<&ExperimentEntry> {
        self.entries.get(self.selected)
    }

    /// What happened, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Files opened lately, newest first.
    pub fn recent_files(&self) -> &[PathBuf] {
        &self.preferences.recent_files
    }

    /// What is remembered from one start to the next.
    pub fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// Remembers how the window looks.
    pub fn remember_window(&mut self, window: WindowPreferences) {
        if self.preferences.window != window {
            self.preferences.window = window;
            self.write_preferences();
        }
    }

    /// Work that an earlier session could not save; empty once it was taken.
    pub fn take_recovered(&mut self) -> Vec<Recovered> {
        std::mem::take(&mut self.recovered)
    }

    /// Whether any run is training or queued.
    pub fn is_busy(&self) -> bool {
        self.entries.iter().any(ExperimentEntry::is_busy)
    }

    /// Whether all that can be run has run as it is set.
    pub fn is_up_to_date(&self) -> bool {
        let mut n_runnable = 0;
        let current = (0..self.entries.len()).all(|index| {
            let runnable = self.entries[index].problem.is_none();
            n_runnable += usize::from(runnable);
            !runnable || self.missing_seeds(index).is_empty()
        });
        n_runnable > 0 && current && !self.entries.iter().any(ExperimentEntry::is_paused)
    }

    /// The file that is being read.
    pub fn reading(&self) -> Option<Reading> {
        self.loader.reading()
    }

    /// Whether data or a record is being read (or a record written), or settings are being checked.
    pub fn is_loading(&self) -> bool {
        !self.loader.is_idle() || !self.record_jobs.is_empty()
    }

    /// Whether a record is being written.
    pub fn is_saving(&self) -> bool {
        self.record_jobs.iter().any(|job| job.is_written)
    }

    /// Steps done and steps to do over all runs, for the progress bar.
    pub fn progress(&self) -> (u64, u64) {
        let mut sums = (0, 0);
        for run in self.entries.iter().flat_map(|entry| entry.runs.iter()) {
            let is_over = matches!(run.state(), crate::training::RunState::Ended(_));
            let total = run.plan().total_steps.max(1);
            sums.0 += if is_over { total } else { run.clocks().step.min(total) };
            sums.1 += total;
        }
        sums
    }

    /// Runs that have ended, and all runs.
    pub fn runs_done(&self) -> (usize, usize) {
        let runs = self.entries.iter().flat_map(|entry| entry.runs.iter());
        let is_over = |run: &&crate::training::Run| {
            matches!(run.state(), crate::training::RunState::Ended(_))
        };
        (runs.clone().filter(is_over).count(), runs.count())
    }

    /// Samples per second over all runs.
    pub fn samples_per_second(&self) -> f64 {
        let runs = self.entries.iter().flat_map(|entry| entry.runs.iter());
        runs.map(crate::training::Run::samples_per_second).sum()
    }

    /// Seconds until all runs have ended, where that can be said.
    pub fn seconds_left(&self) -> Option<f64> {
        let runs = || self.entries.iter().flat_map(|entry| entry.runs.iter());
        let (done, all) = self.progress();
        let spent: f64 = runs().map(|run| run.clocks().seconds).sum();
        let n_running =
            runs().filter(|run| *run.state() == crate::training::RunState::Running).count();
        (done > 0 && n_running > 0)
            .then(|| spent / done as f64 * (all - done) as f64 / n_running as f64)
    }

    /// When [`update`](Self::update) has something to do by itself, without being woken.
    pub fn next_update(&self) -> Option<Instant> {
        let live = || self.entries.iter().map(|entry| &entry.live);
        let reruns = live().filter(|live| live.is_free()).filter_map(|live| live.rerun_at);
        let swaps = live().filter_map(|live| live.incoming_since).map(|since| since + SWAP_PAUSE);
        let autosave = self.recovery.as_ref().and_then(Recovery::due);
        reruns.chain(swaps).chain(autosave).min()
    }

    /// The end of the session: unsaved work was either saved or given up. Waits for records that
    /// are being written.
    pub fn close(&mut self) {
        if let Some(recovery) = &mut self.recovery {
            recovery.clear();
        }
        self.write_preferences();
        self.each(Self::stop);
        self.finish_saving();
    }

    fn write_preferences(&mut self) {
        if let Some(folder) = &self.folder
            && let Err(problem) = self.preferences.write(folder)
        {
            self.tell(Severity::Warning, format!("Preferences were not saved. {problem}"));
        }
    }
}
