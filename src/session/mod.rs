//! What a person works on: the open study, its runs, the selection, undo and redo. The window
//! reads a [`Session`] and sends it [`SessionCommand`]s; every change goes through
//! [`Session::apply`]. Knows nothing of egui, so every command can be tested without a window.

mod command;
mod document;
mod entry;
mod message;
mod palette;

use std::path::PathBuf;
use std::sync::Arc;

pub use command::SessionCommand;
pub use document::Document;
pub use entry::{DataState, ExperimentEntry};
pub use message::{Message, Severity};
pub use palette::{PALETTE, parse_color, write_color};

use crate::training::Executor;

/// The open study with everything that lives around it.
pub struct Session {
    document: Document,
    entries: Vec<ExperimentEntry>,
    selected: usize,
    messages: Vec<Message>,
    recent_files: Vec<PathBuf>,
    executor: Executor,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Session {
    /// A session on a first study that is ready to run. `wake` is called from other threads when
    /// there is something new to see.
    pub fn new(executor: Executor, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self {
            document: Document::default(),
            entries: Vec::new(),
            selected: 0,
            messages: Vec::new(),
            recent_files: Vec::new(),
            executor,
            wake,
        }
    }

    /// Takes in what runs and loading data have reported. Call once per frame; never blocks.
    /// Whether anything is new.
    pub fn update(&mut self) -> bool {
        false
    }

    /// Does what a person asked for. Problems become messages; nothing open is lost.
    pub fn apply(&mut self, command: SessionCommand) {
        let _ = (command, &self.executor, &self.wake);
    }

    /// The study with its file and its undo history.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The experiments, in the order of the study's `compare` list.
    pub fn entries(&self) -> &[ExperimentEntry] {
        &self.entries
    }

    /// The index of the selected experiment.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The selected experiment.
    pub fn selected_entry(&self) -> Option<&ExperimentEntry> {
        self.entries.get(self.selected)
    }

    /// What happened, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Files opened lately, newest first.
    pub fn recent_files(&self) -> &[PathBuf] {
        &self.recent_files
    }

    /// Whether any run is training or queued.
    pub fn is_busy(&self) -> bool {
        false
    }

    /// Steps done and steps to do over all runs, for the progress bar.
    pub fn progress(&self) -> (u64, u64) {
        (0, 0)
    }
}
