//! What a person can order from menus, buttons, keys and the palette.

use std::path::PathBuf;

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::session::{Session, SessionCommand, ThemeChoice};

/// Something the window is asked to do, after the frame in which it was asked.
#[derive(Clone, Debug)]
pub(super) enum Order {
    /// An action with a place in a menu.
    Act(Action),
    /// A change of the session.
    Session(SessionCommand),
    /// Opens a file, once unsaved work is safe.
    OpenFile(PathBuf),
    /// Opens a study that comes with the program, once unsaved work is safe.
    OpenPreset(usize),
    /// Opens or closes a view.
    ToggleView(&'static str),
    /// Brings a view to the front.
    ShowView(&'static str),
    /// Shows the help page of a member of a family.
    Help(&'static str, &'static str),
    /// Shows another theme.
    Theme(ThemeChoice),
    /// Asks for a new name of an experiment.
    Rename(usize),
    /// Restores work of an earlier session.
    Quit,
}

/// Something with a name, a place in a menu and perhaps a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Starts a new study.
    New,
    /// Opens a study, a record or a table.
    Open,
    /// Opens a table.
    OpenCsv,
    /// Writes the study to its file.
    Save,
    /// Writes the study to another file.
    SaveAs,
    /// Writes all runs to a record.
    SaveRecord,
    /// Closes the window.
    Quit,
    /// Takes back the last edit.
    Undo,
    /// Does it again.
    Redo,
    /// Copies the selected experiment.
    Duplicate,
    /// Renames the selected experiment.
    Rename,
    /// Deletes the selected experiment.
    Delete,
    /// Selects the experiment above.
    SelectPrevious,
    /// Selects the experiment below.
    SelectNext,
    /// Runs all that is not up to date.
    RunAll,
    /// Runs the selected experiment.
    RunSelected,
    /// Holds all runs.
    Pause,
    /// Does one step.
    Step,
    /// Ends all runs.
    Stop,
    /// Forgets all runs.
    Reset,
    /// Trains the runs of the open record again and compares.
    Replay,
    /// Opens the command palette.
    Palette,
    /// Puts the views back to where they were at first.
    ResetLayout,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// As large as the system says.
    ZoomReset,
    /// Lists messages.
    Messages,
    /// Lists the help pages.
    HelpPages,
    /// Compares this build with reference values.
    ReferenceCheck,
    /// Lists the keys.
    Shortcuts,
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const SHIFT: Modifiers = Modifiers::SHIFT;

impl Action {
    /// All actions by menu, `None` for a line between groups.
    pub(super) const MENUS: [(&'static str, &'static [Option<Self>]); 5] = [
        (
            "File",
            &[
                Some(Self::New),
                Some(Self::Open),
                Some(Self::OpenCsv),
                None,
                Some(Self::Save),
                Some(Self::SaveAs),
                Some(Self::SaveRecord),
                None,
                Some(Self::Quit),
            ],
        ),
        (
            "Edit",
            &[
                Some(Self::Undo),
                Some(Self::Redo),
                None,
                Some(Self::Duplicate),
                Some(Self::Rename),
                Some(Self::Delete),
                None,
                Some(Self::SelectPrevious),
                Some(Self::SelectNext),
            ],
        ),
        (
            "Run",
            &[
                Some(Self::RunAll),
                Some(Self::RunSelected),
                None,
                Some(Self::Pause),
                Some(Self::Step),
                Some(Self::Stop),
                Some(Self::Reset),
                None,
                Some(Self::Replay),
            ],
        ),
        (
            "View",
            &[
                Some(Self::Palette),
                Some(Self::Messages),
                Some(Self::ResetLayout),
                None,
                Some(Self::ZoomIn),
                Some(Self::ZoomOut),
                Some(Self::ZoomReset),
            ],
        ),
        ("Help", &[Some(Self::HelpPages), Some(Self::ReferenceCheck), Some(Self::Shortcuts)]),
    ];

    /// All actions.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::MENUS.iter().flat_map(|(_, actions)| actions.iter().flatten().copied())
    }

    /// The words on screen.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::New => "New study",
            Self::Open => "Open…",
            Self::OpenCsv => "Open CSV…",
            Self::Save => "Save",
            Self::SaveAs => "Save as…",
            Self::SaveRecord => "Save record…",
            Self::Quit => "Quit",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Duplicate => "Duplicate experiment",
            Self::Rename => "Rename experiment…",
            Self::Delete => "Delete experiment",
            Self::SelectPrevious => "Select the experiment above",
            Self::SelectNext => "Select the experiment below",
            Self::RunAll => "Run all",
            Self::RunSelected => "Run selected",
            Self::Pause => "Pause",
            Self::Step => "Step",
            Self::Stop => "Stop",
            Self::Reset => "Reset",
            Self::Replay => "Replay record",
            Self::Palette => "Command palette…",
            Self::ResetLayout => "Reset layout",
            Self::ZoomIn => "Larger",
            Self::ZoomOut => "Smaller",
            Self::ZoomReset => "Normal size",
            Self::Messages => "Messages…",
            Self::HelpPages => "Methods and formulas…",
            Self::ReferenceCheck => "Reference check…",
            Self::Shortcuts => "Keyboard shortcuts…",
        }
    }

    /// What it does, for a tooltip.
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::RunAll => {
                "Runs every experiment that is not up to date; goes on with paused ones."
            }
            Self::Pause => "Holds all runs after the current step.",
            Self::Step => "Does one step in every experiment, then holds.",
            Self::Stop => "Ends all runs; what they recorded stays.",
            Self::Reset => "Ends and forgets all runs.",
            Self::SaveRecord => {
                "Writes what all runs recorded, with hashes of their parameters, to one file that \
                 can be opened and replayed."
            }
            Self::Replay => {
                "Trains the runs of the record again and compares the hashes of their parameters."
            }
            Self::ReferenceCheck => {
                "Compares this build, on this machine, with values from other libraries and papers."
            }
            _ => "",
        }
    }

    /// Its key.
    pub(super) fn shortcut(self) -> Option<KeyboardShortcut> {
        let (modifiers, key) = match self {
            Self::New => (CTRL, Key::N),
            Self::Open => (CTRL, Key::O),
            Self::OpenCsv => (CTRL_SHIFT, Key::O),
            Self::Save => (CTRL, Key::S),
            Self::SaveAs => (CTRL_SHIFT, Key::S),
            Self::Quit => (CTRL, Key::Q),
            Self::Undo => (CTRL, Key::Z),
            Self::Redo => (CTRL_SHIFT, Key::Z),
            Self::Duplicate => (CTRL, Key::D),
            Self::Rename => (Modifiers::NONE, Key::F2),
            Self::Delete => (CTRL, Key::Delete),
            Self::SelectPrevious => (Modifiers::ALT, Key::ArrowUp),
            Self::SelectNext => (Modifiers::ALT, Key::ArrowDown),
            Self::RunAll => (Modifiers::NONE, Key::F5),
            Self::RunSelected => (CTRL, Key::Enter),
            Self::Pause => (Modifiers::NONE, Key::F6),
            Self::Step => (Modifiers::NONE, Key::F10),
            Self::Stop => (SHIFT, Key::F5),
            Self::Reset => (CTRL_SHIFT, Key::F5),
            Self::Palette => (CTRL, Key::K),
            Self::ZoomIn => (CTRL, Key::Plus),
            Self::ZoomOut => (CTRL, Key::Minus),
            Self::ZoomReset => (CTRL, Key::Num0),
            Self::HelpPages => (Modifiers::NONE, Key::F1),
            Self::Messages => (CTRL, Key::M),
            Self::SaveRecord
            | Self::Replay
            | Self::ResetLayout
            | Self::ReferenceCheck
            | Self::Shortcuts => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// Whether it can be done now.
    pub(super) fn is_enabled(self, session: &Session) -> bool {
        let has_runs = || session.entries().iter().any(|entry| !entry.runs.is_empty());
        match self {
            Self::Save => session.document().is_modified() || session.document().path().is_none(),
            Self::Undo => session.document().can_undo(),
            Self::Redo => session.document().can_redo(),
            Self::Delete => session.entries().len() > 1,
            Self::Duplicate | Self::Rename | Self::RunSelected => {
                session.selected_entry().is_some()
            }
            Self::Pause => session.is_busy(),
            Self::Stop => {
                session.is_busy() || session.entries().iter().any(|entry| entry.is_paused())
            }
            Self::Reset => has_runs(),
            Self::SaveRecord => has_runs() && !session.is_busy(),
            Self::Replay => session.record().is_some_and(|open| !open.replaying().is_busy()),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_a_key_and_every_name_is_its_own() {
        let actions: Vec<Action> = Action::all().collect();
        for (index, action) in actions.iter().enumerate() {
            for other in &actions[..index] {
                assert_ne!(action.label(), other.label());
                if action.shortcut().is_some() {
                    assert_ne!(action.shortcut(), other.shortcut(), "{action:?} and {other:?}");
                }
            }
        }
    }
}
