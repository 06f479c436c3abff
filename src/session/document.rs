use std::path::{Path, PathBuf};

use crate::experiment::Study;

/// A study, the file it belongs to, and its undo history.
#[derive(Clone, Debug, Default)]
pub struct Document {
    study: Study,
    path: Option<PathBuf>,
    saved: Option<Study>,
}

impl Document {
    /// The study as it is now.
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// Its file, once it has one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether there are edits that the file does not hold.
    pub fn is_modified(&self) -> bool {
        self.saved.as_ref() != Some(&self.study)
    }

    /// Whether there is an edit to take back.
    pub fn can_undo(&self) -> bool {
        false
    }

    /// Whether there is an edit to do again.
    pub fn can_redo(&self) -> bool {
        false
    }
}
