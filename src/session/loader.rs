//! The thread that reads data and makes plans, so that the window never waits for either.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Instant, SystemTime};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::entry::located;
use crate::data::prepare::{Loaded, prepare_with};
use crate::data::{
    Prepared, Progress, Recipe, Source, Split, head, head_of_pictures, load_again, load_with,
    reads_alike,
};
use crate::experiment::Experiment;
use crate::training::Plan;

/// Sources kept in memory; identical sources are read once.
const MAX_CACHED: usize = 24;

/// Files larger than this show their first rows while the others are read.
const LARGE: u64 = 2 << 20;
/// Compressed ones from here on: what is packed is several times as large.
const LARGE_PACKED: u64 = LARGE / 8;

/// What a person reads who cancelled the reading of a file.
pub const CANCELLED: &str = "The reading was cancelled.";

/// A file that is being read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The file, with its whole path, and how it is read.
    pub source: Source,
    /// How far it is.
    pub progress: Arc<Progress>,
    /// When it began.
    pub since: Instant,
    /// The first rows of a large file.
    pub head: Option<Arc<Loaded>>,
}

impl Reading {
    /// Whether this is what `source` is read from, with the study in `folder`.
    pub fn is_of(&self, source: &Source, folder: &Path) -> bool {
        match (&self.source, located(source, folder)) {
            (Source::Csv(a), Source::Csv(b)) => reads_alike(a, &b),
            (Source::Idx(a), Source::Idx(b)) => *a == b,
            _ => false,
        }
    }
}

/// Where the thread says what it is reading.
type Desk = Arc<Mutex<Option<Reading>>>;

/// Something to do in the background.
#[derive(Debug)]
pub(super) enum Job {
    /// Load the data of an experiment and check its settings.
    Check { experiment: Arc<Experiment>, label: String, seed: u64, folder: PathBuf },
    /// Make plans to be run.
    Plan {
        ticket: u64,
        experiment: Arc<Experiment>,
        label: String,
        seeds: Vec<u64>,
        folder: PathBuf,
    },
}

/// What came of it.
pub(super) enum Report {
    Checked {
        experiment: Arc<Experiment>,
        seed: u64,
        /// The table as read, even where nothing can be made of it.
        loaded: Option<Arc<Loaded>>,
        found: Result<Checked, String>,
    },
    Planned {
        ticket: u64,
        /// What they were made of.
        loaded: Option<Arc<Loaded>>,
        plans: Result<Vec<Arc<Plan>>, String>,
    },
}

/// An experiment whose data could be read.
pub(super) struct Checked {
    pub(super) data: Option<(Arc<Loaded>, Arc<Prepared>)>,
    pub(super) plan: Result<Arc<Plan>, String>,
}

/// The way to the thread. One job is with it at a time; the others wait here, where a newer one
/// can take the place of an older.
pub(super) struct Loader {
    jobs: Option<Sender<Job>>,
    reports: Receiver<Report>,
    waiting: VecDeque<Job>,
    is_working: bool,
    reading: Desk,
}

impl Loader {
    pub(super) fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (jobs, inbox) = bounded::<Job>(1);
        let (outbox, reports) = bounded(1);
        let reading = Desk::default();
        let (desk, tell) = (Arc::clone(&reading), Arc::clone(&wake));
        let work = move || {
            let mut cache = Cache { desk, tell, loaded: VecDeque::new(), prepared: Vec::new() };
            for job in inbox {
                let report = cache.do_job(job);
                if outbox.send(report).is_err() {
                    return;
                }
                wake();
            }
        };
        let thread = std::thread::Builder::new().name("data".to_owned()).spawn(work);
        Self {
            jobs: thread.is_ok().then_some(jobs),
            reports,
            waiting: VecDeque::new(),
            is_working: false,
            reading,
        }
    }

    /// The file that is being read.
    pub(super) fn reading(&self) -> Option<Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn push(&mut self, job: Job) {
        self.waiting.push_back(job);
        self.hand_out();
    }

    /// Forgets jobs that nobody waits for any more.
    pub(super) fn retain(&mut self, keep: impl FnMut(&Job) -> bool) {
        self.waiting.retain(keep);
    }

    pub(super) fn is_idle(&self) -> bool {
        !self.is_working && self.waiting.is_empty()
    }

    pub(super) fn receive(&mut self) -> Option<Report> {
        let report = self.reports.try_recv().ok()?;
        self.is_working = false;
        self.hand_out();
        Some(report)
    }

    fn hand_out(&mut self) {
        let Some(jobs) = &self.jobs else { return };
        if self.is_working {
            return;
        }
        if let Some(job) = self.waiting.pop_front() {
            self.is_working = jobs.send(job).is_ok();
        }
    }
}

/// A file as it was when it was read; nothing for sources that are not files.
type Stamp = Option<(u64, SystemTime)>;

struct Cache {
    desk: Desk,
    tell: Arc<dyn Fn() + Send + Sync>,
    loaded: VecDeque<(Source, Stamp, Arc<Loaded>)>,
    /// Prepared data that runs and views hold, to be shared.
    prepared: Vec<(Origin, Weak<Prepared>)>,
}

/// What prepared data were made of.
struct Origin {
    loaded: Weak<Loaded>,
    source: Source,
    split: Split,
    recipe: Recipe,
    seed: u64,
}

impl Origin {
    fn is_same(&self, other: &Self) -> bool {
        self.loaded.ptr_eq(&other.loaded)
            && self.source == other.source
            && self.split == other.split
            && self.recipe == other.recipe
            && self.seed == other.seed
    }
}

/// A plan, or why there can be none. What a study file may not say cannot run here either.
fn plan(
    label: &str,
    experiment: &Experiment,
    seed: u64,
    data: Option<Arc<Prepared>>,
    folder: &Path,
) -> Result<Arc<Plan>, String> {
    if let Some(problem) = experiment.problems().first() {
        return Err(problem.to_string());
    }
    let plan = Plan::with_data(label, experiment, seed, data, folder);
    plan.map(Arc::new).map_err(|error| error.to_string())
}

impl Cache {
    fn do_job(&mut self, job: Job) -> Report {
        match job {
            Job::Check { experiment, label, seed, folder } => {
                let found = guarded(|| self.check(&experiment, &label, seed, &folder));
                let loaded = self.known(&experiment.data, &folder);
                Report::Checked { experiment, seed, loaded, found }
            }
            Job::Plan { ticket, experiment, label, seeds, folder } => {
                let mut loaded = None;
                let plans = guarded(|| {
                    loaded = self.load(&experiment.data, &folder)?;
                    let plan = |seed: &u64| {
                        let data = loaded.as_ref();
                        let data = data.map(|data| self.prepare(&experiment, *seed, data, &folder));
                        plan(&label, &experiment, *seed, data.transpose()?, &folder)
                    };
                    seeds.iter().map(plan).collect()
                });
                Report::Planned { ticket, loaded, plans }
            }
        }
    }

    fn check(
        &mut self,
        experiment: &Experiment,
        label: &str,
        seed: u64,
        folder: &Path,
    ) -> Result<Checked, String> {
        let data = match self.load(&experiment.data, folder)? {
            None => None,
            Some(loaded) => {
                let prepared = self.prepare(experiment, seed, &loaded, folder)?;
                Some((loaded, prepared))
            }
        };
        let prepared = data.as_ref().map(|(_, prepared)| prepared.clone());
        Ok(Checked { data, plan: plan(label, experiment, seed, prepared, folder) })
    }

    /// The data for an experiment and a seed: the same for all who ask, while anybody holds them.
    fn prepare(
        &mut self,
        experiment: &Experiment,
        seed: u64,
        loaded: &Arc<Loaded>,
        folder: &Path,
    ) -> Result<Arc<Prepared>, String> {
        let Experiment { data, split, .. } = experiment;
        let recipe = experiment.recipe();
        let origin = Origin {
            loaded: Arc::downgrade(loaded),
            // What was decided about the reading of the same table is all the same to its samples.
            source: match data {
                Source::Csv(csv) => Source::Csv(csv.undecided()),
                other => other.clone(),
            },
            split: split.clone(),
            recipe: recipe.clone(),
            seed,
        };
        self.prepared.retain(|(_, prepared)| prepared.strong_count() > 0);
        let known = self.prepared.iter().find(|(other, _)| other.is_same(&origin));
        if let Some(prepared) = known.and_then(|(_, prepared)| prepared.upgrade()) {
            return Ok(prepared);
        }
        let progress = Arc::new(Progress::default());
        // Samples of what is in memory are made in a moment.
        let shown = loaded.store.as_ref().map(|_| {
            self.show(Some(Reading {
                source: located(data, folder),
                progress: Arc::clone(&progress),
                since: Instant::now(),
                head: Some(Arc::clone(loaded)),
            }));
            End(|| self.show(None))
        });
        let made = prepare_with(loaded, data, split, &recipe, seed, &progress);
        drop(shown);
        let prepared = Arc::new(made.map_err(|error| {
            if progress.is_cancelled() { CANCELLED.to_owned() } else { error.to_string() }
        })?);
        self.prepared.push((origin, Arc::downgrade(&prepared)));
        Ok(prepared)
    }

    /// Says what is being read.
    fn show(&self, reading: Option<Reading>) {
        *self.desk.lock().unwrap_or_else(PoisonError::into_inner) = reading;
        (self.tell)();
    }

    /// What was read of a source, where that is as it was then.
    fn known(&self, source: &Source, folder: &Path) -> Option<Arc<Loaded>> {
        let whole = located(source, folder);
        let stamp = stamp(&whole);
        // What was decided about a file may be stated since.
        let is_known = |(other, at, loaded): &&(Source, Stamp, Arc<Loaded>)| {
            let is_same =
                || other.decided(&loaded.report.decisions).is_some_and(|other| other == whole);
            *at == stamp && (*other == whole || is_same())
        };
        self.loaded.iter().find(is_known).map(|(_, _, loaded)| loaded.clone())
    }

    fn load(&mut self, source: &Source, folder: &Path) -> Result<Option<Arc<Loaded>>, String> {
        if source.surface().is_some() {
            return Ok(None);
        }
        if let Some(loaded) = self.known(source, folder) {
            return Ok(Some(loaded));
        }
        let whole = located(source, folder);
        let stamp = stamp(&whole);
        // Another target is no reason to read a file again.
        let again =
            self.loaded.iter().filter(|(_, at, _)| *at == stamp).find_map(|(other, _, loaded)| {
                match (other, &whole) {
                    (Source::Csv(before), Source::Csv(settings)) => {
                        load_again(loaded, before, settings)
                    }
                    _ => None,
                }
            });
        let loaded = match again {
            Some(loaded) => loaded.map(Arc::new).map_err(|error| error.to_string())?,
            None => self.read(source, folder, &whole)?,
        };
        self.loaded.retain(|(other, _, _)| *other != whole);
        self.loaded.push_front((whole, stamp, loaded.clone()));
        self.loaded.truncate(MAX_CACHED);
        Ok(Some(loaded))
    }
}

impl Cache {
    /// Reads a source; what is read of a file can be seen meanwhile.
    fn read(&self, source: &Source, folder: &Path, whole: &Source) -> Result<Arc<Loaded>, String> {
        let progress = Arc::new(Progress::default());
        let mut reading = Reading {
            source: whole.clone(),
            progress: Arc::clone(&progress),
            since: Instant::now(),
            head: None,
        };
        let _end = End(|| self.show(None));
        if !whole.paths().is_empty() {
            self.show(Some(reading.clone()));
        }
        if let Some(head) = first_of(whole) {
            reading.head = Some(Arc::new(head));
            self.show(Some(reading));
        }
        load_with(source, folder, &progress).map_err(|error| {
            if progress.is_cancelled() { CANCELLED.to_owned() } else { error.to_string() }
        })
    }
}

/// The first rows of a large file, where they can be read alone.
fn first_of(whole: &Source) -> Option<Loaded> {
    let path = whole.paths().first().map(|path| Path::new(path.as_str()))?;
    let is_packed = path.extension().is_some_and(|ending| ending == "gz" || ending == "zst");
    let large = if is_packed { LARGE_PACKED } else { LARGE };
    if std::fs::metadata(path).ok()?.len() <= large {
        return None;
    }
    match whole {
        Source::Csv(csv) => head(csv, Path::new("")).ok(),
        Source::Idx(idx) => head_of_pictures(idx, Path::new("")).ok(),
        _ => None,
    }
}

/// Does something at the end of a block, however it ends.
struct End<F: Fn()>(F);

impl<F: Fn()> Drop for End<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn stamp(source: &Source) -> Stamp {
    let paths = source.paths();
    let about = std::fs::metadata(paths.first()?).ok()?;
    Some((about.len(), about.modified().ok()?))
}

/// A mistake in reading becomes a message; the thread goes on.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("unknown");
        Err(format!("something went wrong while the data was read: {what}"))
    })
}
