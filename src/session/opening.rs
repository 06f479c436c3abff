use std::path::{Path, PathBuf};

use super::files::{find, has_study_ending, is_table, move_paths, read_study, write_study};
use super::recovery::Recovery;
use super::{Document, ExperimentEntry, Recovered, Remedy, Session, SessionCommand, Severity};
use super::{presets, runs};
use crate::data::{CsvSource, Source};
use crate::experiment::validate;
use crate::record::Record;

impl Session {
    /// Opens a study, a record or a table; what cannot be read leaves everything as it is.
    pub(super) fn open(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.forget_opening();
        if Record::is_in(&path) {
            return self.open_record(path);
        }
        let opened = if is_table(&path) {
            check_readable(&path).map(|()| Document::new(presets::study_on_csv(&path), None))
        } else {
            read_study(&path).map(|study| Document::new(study, Some(path.clone())))
        };
        match opened {
            Ok(document) => {
                self.preferences.opened(&path);
                let follows = document.path().is_none();
                let limited = follows.then(|| limited(&document.study().base.data)).flatten();
                self.show(document, follows);
                self.write_preferences();
                let text = format!("Opened {}.{}", name_of(&path), limited.unwrap_or_default());
                self.tell(Severity::Info, text);
            }
            Err(problem) => {
                if !path.exists() {
                    self.preferences.forget(&path);
                    self.write_preferences();
                }
                self.tell(Severity::Error, format!("Could not open {problem}"));
            }
        }
    }

    /// Puts a document in place of the open one. Where model and loss are to follow the data they
    /// do so once it is known.
    pub(super) fn show(&mut self, document: Document, follows_data: bool) {
        for entry in &self.entries {
            runs::end(entry.all_runs());
        }
        self.forget_remedies();
        self.forget_opening();
        self.record = None;
        self.document = document;
        self.entries.clear();
        self.selected = 0;
        self.was_busy = false;
        self.sync();
        if follows_data {
            self.entries
                .iter_mut()
                .for_each(|entry: &mut ExperimentEntry| entry.live.adapts = true);
        }
    }

    pub(super) fn recover(&mut self, recovered: Recovered) {
        let aside = recovered.clone();
        let mut document = Document::new(recovered.study, recovered.path);
        document.mark_unsaved();
        self.show(document, false);
        if let Some(recovery) = &mut self.recovery {
            // Written aside anew before the old place is given up.
            if recovery.write(&self.document) {
                Recovery::forget(&aside);
            }
        }
        self.tell(Severity::Info, "Restored unsaved work of the last session.");
    }

    pub(super) fn save(&mut self, path: &Path) {
        let named = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let path = with_ending(&named);
        if path != named && path.exists() && self.document.path() != Some(&*path) {
            let (name, wanted) = (name_of(&path), name_of(&named));
            let text = format!(
                "Nothing was saved: a study's file ends in .ron, and beside {wanted} there is \
                 {name} already. Save as {name} to replace it, or choose another name."
            );
            return self.tell(Severity::Error, text);
        }
        let old = self.document.folder().to_owned();
        let new = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut study = self.document.study().clone();
        if old != new {
            move_paths(&mut study, &old, &new);
        }
        match write_study(&path, &study) {
            Ok(()) => {
                if old != new {
                    self.document.amend_all(|study| move_paths(study, &old, &new));
                }
                self.document.mark_saved(path.clone());
                self.preferences.opened(&path);
                self.write_preferences();
                self.sync();
                if let Some(recovery) = &mut self.recovery {
                    recovery.clear();
                }
                self.tell(Severity::Info, format!("Saved {}.", path.display()));
                if let Some(problem) = validate(&study).first() {
                    let text = format!("The study cannot run or be opened as it is: {problem}.");
                    self.tell(Severity::Warning, text);
                }
            }
            Err(problem) => {
                let again = Remedy {
                    label: "Try again".to_owned(),
                    commands: vec![SessionCommand::SaveAs(path)],
                };
                let text = format!("Could not save {problem}. The old file is as it was.");
                self.tell_with(Severity::Error, text, Some(again));
            }
        }
    }

    /// What was asked for last is what is opened.
    fn forget_opening(&mut self) {
        self.record_jobs.retain(|job| job.is_written);
    }

    /// Remedies name experiments by their place; once places change they are void.
    pub(super) fn forget_remedies(&mut self) {
        for message in &mut self.messages {
            message.remedy = None;
        }
    }
}

/// A path with the ending of studies, behind whatever ending it has.
fn with_ending(path: &Path) -> PathBuf {
    if has_study_ending(path) {
        return path.to_owned();
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".ron");
    path.with_file_name(name)
}

pub(super) fn name_of(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy()
}

/// The limit of memory that a table was opened with, in words.
fn limited(source: &Source) -> Option<String> {
    let Source::Csv(CsvSource { memory: Some(mebibytes), .. }) = source else { return None };
    Some(format!(
        " Its table is large for this machine: its rows are kept in a temporary file, at most \
         {mebibytes} MiB of them in memory, and batches are drawn from blocks of them. See the memory \
         limit among the settings of the data, and the sampling."
    ))
}

/// Says early what is wrong with a table's file; its content is read later, in the background.
fn check_readable(path: &Path) -> Result<(), String> {
    find(path)?;
    std::fs::File::open(path).map(drop).map_err(|error| format!("{}: {error}", path.display()))
}
