use std::sync::Arc;

use crate::data::Prepared;
use crate::data::prepare::Loaded;
use crate::experiment::Experiment;
use crate::training::Run;

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
    /// Why it cannot run as it is set, in a sentence.
    pub problem: Option<String>,
    /// Its runs, one per seed, in the order of the seeds; empty before it was run.
    pub runs: Vec<Run>,
    /// Whether the settings were changed after these runs began.
    pub stale: bool,
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
