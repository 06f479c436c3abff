//! Experiments as values, and the study file that holds them. An [`Experiment`] says everything
//! that can change a bit of a run's result; a [`Study`] is a base experiment, variations that name
//! only what differs, and the seeds to repeat them over. Knows how to read, check and write them;
//! runs nothing.

mod atomic;
mod difference;
pub mod file;
mod message;
mod outline;
mod problem;
mod settings;
mod study;
mod validate;

pub use atomic::{write_atomically, write_atomically_with};
pub use difference::{Difference, differences};
pub use problem::{Problem, StudyError};
pub(crate) use settings::PartVisitor;
pub use settings::{Cadence, Experiment, Precision, Stopping, Variation};
pub use study::Study;
pub use validate::validate;
