//! Training: a [`Plan`] is an experiment with its data and seed, checked and ready; the trainer
//! steps through it; an [`Executor`] runs many, each on a thread of its own, and hands out their
//! progress. Knows nothing of windows or files of records.

mod ending;
mod executor;
mod plan;
mod predictor;

pub use ending::{Ending, Evaluation, Outcome, RunState};
pub use executor::{Command, Executor, Run, Snapshot};
pub use plan::{Plan, PlanError};
pub use predictor::Predictor;
