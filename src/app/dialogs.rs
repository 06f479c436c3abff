//! Choosing files: the system's dialogs in a thread of their own, or whatever a test puts in their
//! place.

use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::{Receiver, bounded};

/// What a dialog is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A study, a record or a table to open.
    Open,
    /// A table to open.
    OpenCsv,
    /// Where to save the study.
    Save,
    /// Where to save a record of its runs.
    SaveRecord,
}

impl Purpose {
    /// The title of the dialog.
    pub fn title(self) -> &'static str {
        match self {
            Self::Open => "Open a study, a record or a CSV file",
            Self::OpenCsv => "Open a CSV file",
            Self::Save => "Save the study as",
            Self::SaveRecord => "Save a record of all runs as",
        }
    }
}

/// What a person chose.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// This file.
    File(PathBuf),
    /// None.
    Cancelled,
    /// There is no dialog on this system: ask for the path in the window.
    Unavailable,
}

/// A way to ask for a file. Answers come later, so that the window goes on meanwhile.
pub trait FileDialogs {
    /// Asks for a file; `name` is what to suggest. `wake` is called when there is an answer.
    fn ask(
        &mut self,
        purpose: Purpose,
        name: &str,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Receiver<Choice>;
}

/// The dialogs of the system.
#[derive(Debug, Default)]
pub struct SystemDialogs;

/// A dialog that comes back empty faster than anyone can cancel was never shown.
const NEVER_SHOWN: std::time::Duration = std::time::Duration::from_millis(350);

impl FileDialogs for SystemDialogs {
    fn ask(
        &mut self,
        purpose: Purpose,
        name: &str,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Receiver<Choice> {
        let (sender, receiver) = bounded(1);
        let name = name.to_owned();
        let work = move || {
            let start = std::time::Instant::now();
            let dialog = rfd::FileDialog::new().set_title(purpose.title());
            let tables = ["csv", "tsv", "txt", "data", "dat"];
            let chosen = match purpose {
                Purpose::Open => {
                    let mut all = vec!["ron", "record"];
                    all.extend(tables);
                    dialog
                        .add_filter("Studies, records and tables", &all)
                        .add_filter("All files", &["*"])
                        .pick_file()
                }
                Purpose::OpenCsv => {
                    dialog.add_filter("Tables", &tables).add_filter("All files", &["*"]).pick_file()
                }
                Purpose::SaveRecord => {
                    dialog.add_filter("Records", &["record"]).set_file_name(&name).save_file()
                }
                Purpose::Save => {
                    dialog.add_filter("Studies", &["ron"]).set_file_name(&name).save_file()
                }
            };
            let choice = match chosen {
                Some(path) => Choice::File(path),
                None if start.elapsed() < NEVER_SHOWN => Choice::Unavailable,
                None => Choice::Cancelled,
            };
            if sender.send(choice).is_ok() {
                wake();
            }
        };
        let thread = std::thread::Builder::new().name("file dialog".to_owned()).spawn(work);
        if thread.is_err() {
            let (sender, receiver) = bounded(1);
            let _ = sender.send(Choice::Unavailable);
            return receiver;
        }
        receiver
    }
}
