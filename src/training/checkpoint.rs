use serde::{Deserialize, Serialize};

use crate::data::batches::BatchPosition;
use crate::record::Clocks;

/// Everything a run needs to go on from a step as if it had never stopped. Numbers are widened to
/// `f64`, which loses nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// How far the run had come.
    pub clocks: Clocks,
    /// The parameters.
    pub params: Vec<f64>,
    /// Updates the optimizer has done.
    pub optimizer_step: u64,
    /// The optimizer's state vectors.
    pub optimizer_vectors: Vec<Vec<f64>>,
    /// The optimizer's single numbers.
    pub optimizer_scalars: Vec<f64>,
    /// Whether the objective at these parameters is evaluated and counted already, as a search for
    /// the last step left it.
    #[serde(default)]
    pub arrived: bool,
    /// Where the order of samples stood; `None` for full batches and surfaces.
    pub order: Option<BatchPosition>,
    /// The best weights so far with the step and loss they were seen at, and how many evaluations
    /// ago that was.
    pub best: Option<BestCheckpoint>,
}

/// The best weights of a run, as a [`Checkpoint`] keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BestCheckpoint {
    /// The step and the loss they were chosen by.
    pub evaluation: super::Evaluation,
    /// The weights.
    pub params: Vec<f64>,
    /// Evaluations since.
    pub evaluations_since: u64,
}
