//! Unsaved work is written aside now and then, and found again after a crash.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Document;
use super::files::{read_text, write_text};
use crate::experiment::{Study, file};

/// How long edits wait to be written aside.
const PAUSE: Duration = Duration::from_secs(2);

/// Work that an earlier session could not save.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// The file the study belongs to.
    pub path: Option<PathBuf>,
    /// The study as it was last.
    pub study: Study,
    /// Where it lies aside, until it is restored or given up.
    pub(super) aside: PathBuf,
}

/// What lies aside. The study is the text of a study file, so that it is read back by a later
/// version of the program as such files are.
#[derive(Serialize, Deserialize)]
struct Aside {
    path: Option<PathBuf>,
    study: String,
}

fn read_aside(aside: &Path) -> Option<Recovered> {
    let Aside { path, study } = ron::from_str(&read_text(aside).ok()?).ok()?;
    let (study, _) = file::parse(&study, aside).ok()?;
    Some(Recovered { path, study, aside: aside.to_owned() })
}

/// Where this session writes its unsaved work. The lock tells other sessions that it lives.
#[derive(Debug)]
pub(super) struct Recovery {
    file: PathBuf,
    _lock: File,
    written: Option<Study>,
    due: Option<Instant>,
    /// The places of sessions that left work behind. No other session offers it meanwhile.
    _left: Vec<File>,
}

impl Recovery {
    /// A place in `folder`, and the work left there by sessions that ended without saving.
    pub(super) fn open(folder: &Path) -> Option<(Self, Vec<Recovered>)> {
        std::fs::create_dir_all(folder).ok()?;
        let mut found = Vec::new();
        let mut own: Option<Self> = None;
        let mut left = Vec::new();
        for n in 1..=64 {
            let lock_file = folder.join(format!("{n}.lock"));
            let mut options = OpenOptions::new();
            let lock = options.create(true).truncate(false).write(true).open(&lock_file).ok()?;
            if lock.try_lock().is_err() {
                continue;
            }
            let file = folder.join(format!("{n}.ron"));
            if file.exists() {
                // What cannot be read, perhaps of a newer version, stays as it is.
                if let Some(recovered) = read_aside(&file) {
                    found.push(recovered);
                    left.push(lock);
                }
            } else if own.is_none() {
                own = Some(Self { file, _lock: lock, written: None, due: None, _left: Vec::new() });
            } else if !folder.join(format!("{}.lock", n + 1)).exists() {
                break;
            }
        }
        own.map(|own| (Self { _left: left, ..own }, found))
    }

    /// Forgets left work, once it is restored or given up.
    pub(super) fn forget(recovered: &Recovered) {
        // What cannot be removed is offered again at the next start.
        let _ = std::fs::remove_file(&recovered.aside);
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

    /// Writes the document aside; whether that worked.
    pub(super) fn write(&mut self, document: &Document) -> bool {
        self.due = None;
        let path = document.path().map(Path::to_owned);
        let aside = Aside { path, study: file::write(document.study()) };
        let is_written =
            ron::to_string(&aside).is_ok_and(|text| write_text(&self.file, &text).is_ok());
        if is_written {
            self.written = Some(document.study().clone());
        }
        is_written
    }

    /// When to call [`update`](Self::update) again.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    pub(super) fn clear(&mut self) {
        self.due = None;
        if self.written.take().is_some() {
            // What cannot be removed is offered again at the next start.
            let _ = std::fs::remove_file(&self.file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsaved_work_is_found_until_it_is_dealt_with_and_not_while_its_session_lives() {
        let folder = tempfile::tempdir().unwrap();
        let (mut first, found) = Recovery::open(folder.path()).unwrap();
        assert!(found.is_empty());
        let mut document = Document::new(Study::default(), Some("/s.ron".into()));
        document.edit("", |study| study.title = "Edited".into());
        first.write(&document);

        let (_second, found) = Recovery::open(folder.path()).unwrap();
        assert!(found.is_empty(), "its session lives");
        drop(first);
        let (third, found) = Recovery::open(folder.path()).unwrap();
        assert_eq!(found.len(), 1, "killed before the question was answered");
        let (_other, offered) = Recovery::open(folder.path()).unwrap();
        assert!(offered.is_empty(), "another session is asking");
        drop(third);
        let (third, found) = Recovery::open(folder.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].study.title, "Edited");
        assert_eq!(found[0].path, Some("/s.ron".into()));
        Recovery::forget(&found[0]);
        drop(third);
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

    #[test]
    fn what_cannot_be_read_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let foreign = folder.path().join("1.ron");
        std::fs::write(&foreign, "of a newer version").unwrap();
        let (mut recovery, found) = Recovery::open(folder.path()).unwrap();
        assert!(found.is_empty());
        let mut document = Document::new(Study::default(), None);
        document.edit("", |study| study.title = "Edited".into());
        assert!(recovery.write(&document));
        assert_eq!(std::fs::read_to_string(&foreign).unwrap(), "of a newer version");
        assert!(folder.path().join("2.ron").exists());
    }

    #[test]
    fn work_that_cannot_run_yet_is_kept_as_the_text_of_a_study() {
        let folder = tempfile::tempdir().unwrap();
        let (mut recovery, _) = Recovery::open(folder.path()).unwrap();
        let mut document = Document::new(Study::default(), None);
        document.edit("", |study| study.seeds.clear());
        assert!(recovery.write(&document));
        let text = std::fs::read_to_string(folder.path().join("1.ron")).unwrap();
        let aside: Aside = ron::from_str(&text).unwrap();
        assert_eq!(aside.study, file::write(document.study()));
        drop(recovery);
        let (_next, found) = Recovery::open(folder.path()).unwrap();
        assert_eq!(&found[0].study, document.study());
    }
}
