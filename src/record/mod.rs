//! What a run leaves behind: its [`History`] of metrics, how it ended, hashes of its parameters
//! along the way, and the file that holds them for a replay.

mod history;

pub use history::{Clock, Clocks, History, Metric, Part, Track};
