use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::data::prepare::Loaded;
use crate::data::{Prepared, Source};
use crate::experiment::Experiment;
use crate::models::Initialization;
use crate::training::{Plan, Run, RunState};

/// An experiment of the open study with its runs.
#[derive(Debug)]
pub struct ExperimentEntry {
    /// The name on screen.
    pub label: String,
    /// The colour of its curves.
    pub color: [u8; 3],
    /// Whether views show it.
    pub visible: bool,
    /// Its settings.
    pub experiment: Experiment,
    /// Its data.
    pub data: DataState,
    /// The table as read, even where it cannot be used as it is.
    pub loaded: Option<Arc<Loaded>>,
    /// Why it cannot run as it is set, in a sentence.
    pub problem: Option<String>,
    /// The plan for the study's first seed, once the settings and the data are checked.
    pub plan: Option<Arc<Plan>>,
    /// Its runs, one per seed, in the order of the seeds; empty before it was run.
    pub runs: Vec<Run>,
    /// Whether the settings were changed after these runs began.
    pub stale: bool,
    pub(super) live: Live,
}

/// What goes on with an experiment.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Whether the settings wait to be checked.
    pub(super) unchecked: bool,
    /// Whether model and loss follow the data as soon as it is known.
    pub(super) adapts: bool,
    /// Runs that were ordered and wait for their plans.
    pub(super) launch: Option<Launch>,
    /// Runs that replace the shown ones as soon as they have something to show.
    pub(super) incoming: Vec<Run>,
    pub(super) incoming_since: Option<Instant>,
    /// When to train again after an edit.
    pub(super) rerun_at: Option<Instant>,
    /// Whether a person took its runs away: recorded ones stay away then.
    pub(super) is_reset: bool,
    /// Seeds whose end was told.
    pub(super) told: Vec<u64>,
    /// The folder of the study when the runs began.
    pub(super) folder: PathBuf,
}

impl Live {
    /// Whether nothing is on its way that training again would have to wait for.
    pub(super) fn is_free(&self) -> bool {
        self.launch.is_none() && self.incoming.is_empty()
    }
}

/// An order to run, while its plans are made.
#[derive(Clone, Debug)]
pub(super) struct Launch {
    pub(super) ticket: u64,
    pub(super) paused: bool,
    /// Where they are not to be trained but shown as recorded: the experiment's place in the record.
    pub(super) recorded: Option<usize>,
}

/// How far the data of an experiment is.
#[derive(Clone, Debug, Default)]
pub enum DataState {
    /// A surface: there is none.
    #[default]
    None,
    /// Being read.
    Loading,
    /// Read, and prepared for the study's first seed.
    Ready {
        /// The table as read.
        loaded: Arc<Loaded>,
        /// The samples, as the first seed splits and scales them.
        prepared: Arc<Prepared>,
    },
    /// Cannot be used, for this reason.
    Failed(String),
}

impl ExperimentEntry {
    pub(super) fn new(label: String, color: [u8; 3], experiment: Experiment) -> Self {
        let data = match experiment.data.surface() {
            Some(_) => DataState::None,
            None => DataState::Loading,
        };
        Self {
            label,
            color,
            visible: true,
            experiment,
            data,
            loaded: None,
            problem: None,
            plan: None,
            runs: Vec::new(),
            stale: false,
            live: Live { unchecked: true, ..Live::default() },
        }
    }

    /// Whether any of its runs is training, queued or being prepared.
    pub fn is_busy(&self) -> bool {
        self.live.launch.is_some()
            || self.live.rerun_at.is_some()
            || self
                .runs
                .iter()
                .chain(&self.live.incoming)
                .any(|run| matches!(run.state(), RunState::Queued | RunState::Running))
    }

    /// Whether any of its runs is held.
    pub fn is_paused(&self) -> bool {
        self.runs.iter().any(|run| *run.state() == RunState::Paused)
    }

    pub(super) fn all_runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().chain(&self.live.incoming)
    }

    /// Whether a run trained what the experiment is now, with the study in `folder`.
    pub(super) fn is_current(&self, run: &Run, folder: &Path) -> bool {
        same_training(&run.plan().experiment, &self.live.folder, &self.experiment, folder)
    }
}

/// Whether two experiments are the same training, wherever their studies lie.
pub(super) fn same_training(
    a: &Experiment,
    a_folder: &Path,
    b: &Experiment,
    b_folder: &Path,
) -> bool {
    if a == b && a_folder == b_folder {
        return true;
    }
    let (mut left, mut right) = (a.clone(), b.clone());
    for (experiment, folder) in [(&mut left, a_folder), (&mut right, b_folder)] {
        experiment.data = located(&experiment.data, folder);
        if let Initialization::File(path) = &mut experiment.initialization {
            *path = whole(path, folder);
        }
    }
    left == right
}

/// A source with its path made whole.
pub(super) fn located(source: &Source, folder: &Path) -> Source {
    let mut source = source.clone();
    for path in source.paths_mut().into_iter().filter(|path| !path.is_empty()) {
        *path = whole(path, folder);
    }
    source
}

fn whole(path: &str, folder: &Path) -> String {
    folder.join(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::CsvSource;

    #[test]
    fn the_same_files_are_the_same_training_from_another_folder() {
        let on = |data: &str, start: &str| Experiment {
            data: Source::Csv(CsvSource { path: data.into(), ..CsvSource::default() }),
            initialization: Initialization::File(start.into()),
            ..Experiment::default()
        };
        let (old, new) = (Path::new("/old"), Path::new("/new"));
        let short = on("a.csv", "a.safetensors");
        let whole = on("/old/a.csv", "/old/a.safetensors");
        assert!(same_training(&short, old, &whole, new));
        assert!(!same_training(&short, old, &short, new));
        assert!(!same_training(&short, old, &on("/old/a.csv", "a.safetensors"), new));
    }
}
