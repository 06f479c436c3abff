//! Unsaved work is written aside now and then, and found again after a crash.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Document;
use super::files::{read_text, write_text};
use crate::experiment::Study;

/// How long edits wait to be written aside.
const PAUSE: Duration = Duration::from_secs(2);

/// Work that an earlier session could not save.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovered {
    /// The file the study belongs to.
    pub path: Option<PathBuf>,
    /// The study as it was last.
    pub study: Study,
}

/// Where this session writes its unsaved work. The lock tells other sessions that it lives.
#[derive(Debug)]
pub(super) struct Recovery {
    file: PathBuf,
    _lock: File,
    written: Option<Study>,
    due: Option<Instant>,
}

impl Recovery {
    /// A place in `folder`, and the work left there by sessions that ended without saving.
    pub(super) fn open(folder: &Path) -> Option<(Self, Vec<Recovered>)> {
        std::fs::create_dir_all(folder).ok()?;
        let mut found = Vec::new();
        let mut own = None;
        for n in 1..=64 {
            let lock_file = folder.join(format!("{n}.lock"));
            let mut options = OpenOptions::new();
            let lock = options.create(true).truncate(false).write(true).open(&lock_file).ok()?;
            if lock.try_lock().is_err() {
                continue;
            }
            let file = folder.join(format!("{n}.ron"));
            if let Ok(text) = read_text(&file) {
                found.extend(ron::from_str::<Recovered>(&text).ok());
                let _ = std::fs::remove_file(&file);
            }
            if own.is_none() {
                own = Some(Self { file, _lock: lock, written: None, due: None });
            } else if !folder.join(format!("{}.lock", n + 1)).exists() {
                break;
            }
        }
        own.map(|own| (own, found))
    }

    /// Writes the document aside if it has unsaved edits that have rested for a while.
    pub(super) fn update(&mut self, document: &Document) {
        if !document.is_modified() {
            return self.clear();
        }
        if self.written.as_ref() == Some(document.study()) {
            self.due = None;
            return;
        }
        let now = Instant::now();
        let due = *self.due.get_or_insert(now + PAUSE);
        if due <= now {
            self.write(document);
        }
    }

    pub(super) fn write(&mut self, document: &Document) {
        self.due = None;
        let recovered = Recovered {
            path: document.path().map(Path::to_owned),
            study: document.study().clone(),
        };
        if let Ok(text) = ron::to_string(&recovered)
            && write_text(&self.file, &text).is_ok()
        {
            self.written = Some(recovered.study);
        }
    }

    /// When to call [`update`](Self::update) again.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    pub(super) fn clear(&mut self) {
        self.due = None;
        if self.written.take().is_some() {
            let _ = std::fs::remove_file(&self.file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsaved_work_is_found_once_and_not_while_its_session_lives() {
        let folder = tempfile::tempdir().unwrap();
        let (mut first, found) = Recovery::open(folder.path()).unwrap();
        assert!(found.is_empty());
        let mut document = Document::new(Study::default(), Some("/s.ron".into()));
        document.edit("", |study| study.title = "Edited".into());
        first.write(&document);

        let (_second, found) = Recovery::open(folder.path()).unwrap();
        assert!(found.is_empty(), "its session lives");
        drop(first);
        let (_third, found) = Recovery::open(folder.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].study.title, "Edited");
        assert_eq!(found[0].path, Some("/s.ron".into()));
        let (_fourth, found) = Recovery::open(folder.path()).unwrap();
        assert!(found.is_empty());
    }

    #[test]
    fn saved_work_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut document = Document::new(Study::default(), None);
        document.edit("", |study| study.title = "Edited".into());
        let (mut recovery, _) = Recovery::open(folder.path()).unwrap();
        recovery.write(&document);
        assert!(folder.path().join("1.ron").exists());
        document.mark_saved("/s.ron".into());
        recovery.update(&document);
        assert!(!folder.path().join("1.ron").exists());
    }
}
