use std::path::PathBuf;

use super::{Stop, Success};

/// Opens the window with these files.
#[cfg(feature = "gui")]
pub(super) fn run(files: Vec<PathBuf>) -> Result<Success, Stop> {
    crate::app::run(files).map_err(Stop::input)?;
    Ok(Success::Done)
}

/// Says that there is no window in this build.
#[cfg(not(feature = "gui"))]
pub(super) fn run(_: Vec<PathBuf>) -> Result<Success, Stop> {
    Err(Stop::input(
        "this descent was built without its window (feature `gui`); `descent run STUDY` trains a \
         study without one, `descent --help` lists all commands",
    ))
}
