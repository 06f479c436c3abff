use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use crate::data::Prepared;
use crate::data::prepare::{DataError, Loaded};
use crate::experiment::Experiment;
use crate::models::Layout;
use crate::settings::SettingError;

/// An experiment with a seed, checked against its data and ready to run. Immutable and shared.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The name of the experiment.
    pub label: String,
    /// The experiment.
    pub experiment: Experiment,
    /// The seed.
    pub seed: u64,
    /// The data; `None` for a surface.
    pub data: Option<Arc<Prepared>>,
    /// The blocks of the parameters.
    pub layout: Layout,
    /// Outputs of the model.
    pub n_outputs: usize,
    /// Steps in one epoch.
    pub steps_per_epoch: u64,
    /// Steps in the whole budget.
    pub total_steps: u64,
    /// Steps between two recorded steps.
    pub record_stride: u64,
    /// Steps between two evaluations.
    pub evaluation_stride: u64,
}

/// An experiment that cannot be run.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PlanError {
    /// A setting is not permitted.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
}

impl Plan {
    /// Checks an experiment against loaded data (`None` for a surface) and fixes all numbers.
    /// `folder` is where relative paths (of initial weights) start.
    pub fn new(
        label: &str,
        experiment: &Experiment,
        seed: u64,
        loaded: Option<&Loaded>,
        folder: &Path,
    ) -> Result<Self, PlanError> {
        let _ = (label, experiment, seed, loaded, folder);
        Err(SettingError::new("", "", "").into())
    }

    /// Number of parameters.
    pub fn n_params(&self) -> usize {
        self.layout.n_params()
    }
}
