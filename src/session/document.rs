use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::experiment::Study;

/// Edits of the same kind within this time are taken back together.
const SAME_GESTURE: Duration = Duration::from_millis(800);
const MAX_UNDO: usize = 200;

/// A study, the file it belongs to, and its undo history.
#[derive(Clone, Debug, Default)]
pub struct Document {
    study: Study,
    path: Option<PathBuf>,
    saved: Study,
    undo: Vec<Study>,
    redo: Vec<Study>,
    last_edit: Option<(String, Instant)>,
}

impl Document {
    pub(super) fn new(study: Study, path: Option<PathBuf>) -> Self {
        Self { saved: study.clone(), study, path, ..Self::default() }
    }

    /// The study as it is now.
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// Its file, once it has one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The folder in which relative paths of the study start.
    pub fn folder(&self) -> &Path {
        self.path().and_then(Path::parent).unwrap_or(Path::new(""))
    }

    /// The title on screen: the study's, or the name of its file.
    pub fn title(&self) -> String {
        if !self.study.title.is_empty() {
            return self.study.title.clone();
        }
        let name = self.path().and_then(Path::file_stem);
        name.map_or_else(|| "Untitled study".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// Whether there are edits that the file does not hold.
    pub fn is_modified(&self) -> bool {
        self.saved != self.study
    }

    /// Whether there is an edit to take back.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is an edit to do again.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Changes the study. Edits of the same `gesture` that follow closely are one for undo; an
    /// empty gesture is always one of its own. Whether anything changed.
    pub(super) fn edit(&mut self, gesture: &str, change: impl FnOnce(&mut Study)) -> bool {
        let before = self.study.clone();
        change(&mut self.study);
        if self.study == before {
            return false;
        }
        let now = Instant::now();
        let goes_on = !gesture.is_empty()
            && self.last_edit.as_ref().is_some_and(|(last, at)| {
                last == gesture && now.duration_since(*at) < SAME_GESTURE
            });
        if !goes_on {
            self.undo.push(before);
            if self.undo.len() > MAX_UNDO {
                self.undo.remove(0);
            }
        }
        self.redo.clear();
        self.last_edit = Some((gesture.to_owned(), now));
        true
    }

    /// Changes the study as part of the last edit: taking that back takes this back too.
    pub(super) fn amend(&mut self, change: impl FnOnce(&mut Study)) {
        change(&mut self.study);
    }

    /// Changes the study with all that undo and redo lead to.
    pub(super) fn amend_all(&mut self, change: impl Fn(&mut Study)) {
        change(&mut self.study);
        self.undo.iter_mut().chain(&mut self.redo).for_each(change);
    }

    /// Counts the study as it is now as the one that its file, or its beginning, holds.
    pub(super) fn settle(&mut self) {
        self.saved = self.study.clone();
    }

    pub(super) fn undo(&mut self) -> bool {
        let Some(before) = self.undo.pop() else { return false };
        self.redo.push(std::mem::replace(&mut self.study, before));
        self.last_edit = None;
        true
    }

    pub(super) fn redo(&mut self) -> bool {
        let Some(after) = self.redo.pop() else { return false };
        self.undo.push(std::mem::replace(&mut self.study, after));
        self.last_edit = None;
        true
    }

    pub(super) fn mark_saved(&mut self, path: PathBuf) {
        self.path = Some(path);
        self.saved = self.study.clone();
        self.last_edit = None;
    }

    /// Marks the study as work that no file holds.
    pub(super) fn mark_unsaved(&mut self) {
        self.saved = Study { format: 0, ..Study::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gesture_is_taken_back_at_once_and_others_one_by_one() {
        let mut document = Document::new(Study::default(), None);
        for n in 0..10 {
            document.edit("drag", |study| study.seeds = vec![100 + n]);
        }
        document.edit("title", |study| study.title = "T".into());
        assert!(document.is_modified());
        assert!(document.undo());
        assert_eq!(document.study().seeds, [109]);
        assert!(document.undo());
        assert_eq!(document.study().seeds, [1]);
        assert!(!document.is_modified() && !document.can_undo());
        assert!(document.redo() && document.redo() && !document.redo());
        assert_eq!(document.study().title, "T");
    }

    #[test]
    fn an_edit_that_changes_nothing_is_none() {
        let mut document = Document::new(Study::default(), None);
        assert!(!document.edit("", |study| study.seeds = vec![1]));
        assert!(!document.can_undo());
    }

    #[test]
    fn a_new_edit_ends_the_way_forward() {
        let mut document = Document::new(Study::default(), None);
        document.edit("", |study| study.title = "a".into());
        document.undo();
        document.edit("", |study| study.title = "b".into());
        assert!(!document.can_redo());
    }
}
