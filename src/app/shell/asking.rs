//! Asking for files, and asking before work is lost.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Context, ViewportCommand};

use super::App;
use crate::app::dialogs::{Choice, Purpose};
use crate::app::modals::{Answer, Modal};
use crate::app::orders::{Action, Order};
use crate::session::{SessionCommand, Severity, presets};

impl App {
    /// Does something that puts another study in place of this one, unless that would lose work.
    pub(super) fn guarded(&mut self, ctx: &Context, order: Order) {
        if self.session.document().is_modified() {
            self.modal = Some(Modal::Unsaved(Box::new(order)));
        } else {
            self.unguarded(ctx, order);
        }
    }

    pub(super) fn unguarded(&mut self, ctx: &Context, order: Order) {
        match order {
            Order::OpenFile(path) => self.apply(SessionCommand::Open(path)),
            Order::OpenPreset(index) => {
                if let Some(study) = presets::preset(index) {
                    self.apply(SessionCommand::OpenStudy(Box::new(study)));
                }
            }
            Order::Act(Action::New) => {
                self.apply(SessionCommand::OpenStudy(Box::new(presets::first_study())));
            }
            Order::Quit => {
                self.may_close = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            other => self.execute(ctx, other),
        }
    }

    /// Closes the window, where nothing is lost by that and no record is being written.
    pub(super) fn close(&mut self, ctx: &Context) {
        if self.session.document().is_modified() && !self.may_close {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.modal = Some(Modal::Unsaved(Box::new(Order::Quit)));
        } else if self.session.is_saving() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            if !std::mem::replace(&mut self.is_closing, true) {
                let text = "The window closes as soon as the record is written.";
                self.session.tell(Severity::Info, text);
            }
        } else {
            self.may_close = true;
        }
    }

    pub(super) fn ask(&mut self, ctx: &Context, purpose: Purpose) {
        if self.asked.is_some() {
            return;
        }
        let ending = if purpose == Purpose::SaveRecord { "record" } else { "ron" };
        let name = match self.session.document().path().and_then(|path| path.file_name()) {
            Some(name) => Path::new(name).with_extension(ending).to_string_lossy().into_owned(),
            None => format!("{}.{ending}", file_name(&self.session.document().title())),
        };
        let waker = ctx.clone();
        let answers = self.dialogs.ask(purpose, &name, Arc::new(move || waker.request_repaint()));
        self.asked = Some((purpose, answers));
    }

    pub(super) fn take_choice(&mut self, ctx: &Context) {
        let Some((purpose, answers)) = &self.asked else { return };
        let purpose = *purpose;
        let choice = match answers.try_recv() {
            Ok(choice) => choice,
            Err(crossbeam_channel::TryRecvError::Empty) => return,
            Err(crossbeam_channel::TryRecvError::Disconnected) => Choice::Unavailable,
        };
        self.asked = None;
        match choice {
            Choice::File(path) => self.take_path(ctx, purpose, path),
            Choice::Cancelled => self.after_save = None,
            Choice::Unavailable => {
                let suggestion = match purpose {
                    Purpose::Save | Purpose::SaveRecord => {
                        let ending = if purpose == Purpose::Save { "ron" } else { "record" };
                        let name = file_name(&self.session.document().title());
                        let folder = std::env::current_dir().unwrap_or_default();
                        let numbered = (2..).map(|number| format!("{name}-{number}.{ending}"));
                        let free = std::iter::once(format!("{name}.{ending}"))
                            .chain(numbered)
                            .map(|name| folder.join(name))
                            .find(|path| !path.exists());
                        free.unwrap_or_default().to_string_lossy().into_owned()
                    }
                    _ => String::new(),
                };
                self.modal = Some(Modal::Path(purpose, suggestion));
            }
        }
    }

    pub(super) fn take_path(&mut self, ctx: &Context, purpose: Purpose, path: PathBuf) {
        match purpose {
            Purpose::Open | Purpose::OpenCsv => return self.guarded(ctx, Order::OpenFile(path)),
            Purpose::SaveRecord => return self.apply(SessionCommand::SaveRecord(path)),
            Purpose::Save => {}
        }
        self.apply(SessionCommand::SaveAs(path));
        self.go_on_after_save(ctx);
    }

    pub(super) fn go_on_after_save(&mut self, ctx: &Context) {
        let next = self.after_save.take();
        if let Some(next) = next.filter(|_| !self.session.document().is_modified()) {
            self.unguarded(ctx, *next);
        }
    }

    pub(super) fn answer(&mut self, ctx: &Context, answer: Answer) {
        self.modal = None;
        match answer {
            Answer::Close => self.after_save = None,
            Answer::Discard(order) => self.unguarded(ctx, *order),
            Answer::Open(path) => self.guarded(ctx, Order::OpenFile(path)),
            Answer::Path(purpose, path) => self.take_path(ctx, purpose, path),
            Answer::Restore(recovered) => self.apply(SessionCommand::Recover(recovered)),
            Answer::GiveUp(recovered) => self.apply(SessionCommand::GiveUp(recovered)),
            Answer::SaveThen(order) => {
                self.after_save = Some(order);
                self.act(ctx, Action::Save);
                if self.asked.is_none() {
                    self.go_on_after_save(ctx);
                }
            }
        }
    }
}

/// A title as the name of a file.
fn file_name(title: &str) -> String {
    let letter = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
    let name: String = title.to_lowercase().chars().map(letter).collect();
    let words: Vec<&str> = name.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "study".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn titles_become_names_of_files() {
        assert_eq!(super::file_name("Four optimizers: digits!"), "four-optimizers-digits");
        assert_eq!(super::file_name("***"), "study");
    }
}
