//! Training: a [`Plan`] is an experiment with its data and seed, checked and ready; a [`Trainer`]
//! steps through it; an [`Executor`] runs many, each on a thread of its own, and hands out their
//! progress as [`Run`]s. Knows nothing of windows or files of records.

mod anatomy;
mod augmented;
mod checkpoint;
mod command;
mod ending;
mod executor;
mod objective;
mod plan;
mod predictor;
mod run;
mod sample_weights;
mod samples;
mod stopwatch;
mod trainer;
mod worker;

pub use anatomy::{Anatomist, Anatomy};
pub use checkpoint::{BestCheckpoint, Checkpoint, StartCheckpoint};
pub use command::{Command, Snapshot};
pub use ending::{Ending, Evaluation, Outcome, RunState, StartOutcome};
pub use executor::Executor;
pub use objective::{
    DataObjective, EvaluatedPart, Objective, ObjectiveValue, PartValue, SurfaceObjective,
};
pub use plan::{Plan, PlanError};
pub use predictor::Predictor;
pub use run::{Recorded, Run};
pub use trainer::{Trainer, trainer};
