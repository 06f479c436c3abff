//! What a run leaves behind: its [`History`] of metrics, how it ended, hashes of its parameters
//! along the way, and the file that holds them for a replay.

mod file;
mod history;
mod planning;
mod replay;
mod seen;

pub use file::{Parameters, Record, RunRecord};
pub use history::{Clock, Clocks, History, Metric, Part, Track};
pub use planning::{ExperimentProblem, Inputs, PlannedStudy, inputs, plan_study, plan_study_with};
pub use replay::{
    Difference, ReplayError, ReplayedRun, check_engine, check_runs, compare, compare_inputs,
    plan_again, replay,
};

/// The version of the arithmetic. It is raised with every change that alters a bit of any result,
/// because older records then cannot be replayed.
pub const ENGINE: u32 = 1;
