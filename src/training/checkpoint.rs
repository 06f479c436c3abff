use serde::{Deserialize, Serialize};

use super::StartOutcome;
use crate::data::batches::BatchPosition;
use crate::record::Clocks;
use crate::schedules::Plateau;

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
    pub arrived: bool,
    /// Where the order of samples stood; `None` for full batches and surfaces.
    pub order: Option<BatchPosition>,
    /// The best weights so far with the step and loss they were seen at.
    pub best: Option<BestCheckpoint>,
    /// Which of several random starts this is, and how it goes.
    pub start: StartCheckpoint,
    /// What those before it came to.
    pub starts: Vec<StartOutcome>,
    /// The average of the parameters; empty where none is kept.
    pub averaged: Vec<f64>,
    /// What a schedule that watches the losses has made of them.
    pub plateau: Plateau,
    /// Steps whose gradient was clipped.
    pub n_clipped: u64,
}

/// How one of several random starts goes, as a [`Checkpoint`] keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StartCheckpoint {
    /// Its number, from 0.
    pub index: u64,
    /// Steps that the run had done when it began.
    pub first_step: u64,
    /// The smallest loss of its evaluations.
    pub best_loss: Option<f64>,
    /// The step of that loss.
    pub best_step: u64,
    /// Evaluations since then.
    pub evaluations_since: u64,
    /// Whether it has ended; the next step begins the next one.
    pub is_closed: bool,
}

/// The best weights of a run, as a [`Checkpoint`] keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BestCheckpoint {
    /// The step and the loss they were chosen by.
    pub evaluation: super::Evaluation,
    /// The weights.
    pub params: Vec<f64>,
}
