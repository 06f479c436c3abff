use std::path::PathBuf;

use super::{Recovered, Severity};
use crate::experiment::{Experiment, Study};

/// An order from a person. Experiments are named by their index.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionCommand {
    /// Opens a study, a record or a CSV file in place of the open study.
    Open(PathBuf),
    /// Opens a study made elsewhere (a preset, a new one) that has no file yet.
    OpenStudy(Box<Study>),
    /// Writes the study to its file.
    Save,
    /// Writes the study to another file.
    SaveAs(PathBuf),
    /// Writes all runs of the study to a record.
    SaveRecord(PathBuf),
    /// Trains the runs of the open record again, and compares them with it bit by bit.
    Replay,
    /// Ends that before it is done.
    StopReplay,
    /// Opens work that an earlier session could not save.
    Recover(Box<Recovered>),
    /// Gives up work that an earlier session could not save.
    GiveUp(Box<Recovered>),
    /// Takes back the last edit.
    Undo,
    /// Does it again.
    Redo,
    /// Says something in the message line.
    Tell(Severity, String),
    /// Selects an experiment.
    Select(usize),
    /// Changes an experiment's settings.
    Edit(usize, Box<Experiment>),
    /// Puts one part of an experiment (such as `optimizer`) back to the study's base.
    ResetPart(usize, &'static str),
    /// Changes the same part of every experiment by editing the base; variations that state the
    /// part themselves lose their own.
    EditBase(Box<Experiment>),
    /// Adds an experiment with a name and settings at the end, selected.
    Add(String, Box<Experiment>),
    /// Adds an experiment like the one given, selected.
    Duplicate(usize),
    /// Removes an experiment.
    Delete(usize),
    /// Moves an experiment to another place in the list.
    Move(usize, usize),
    /// Gives an experiment another name.
    Rename(usize, String),
    /// Gives an experiment another colour.
    Recolor(usize, [u8; 3]),
    /// Shows or hides an experiment in the views.
    SetVisible(usize, bool),
    /// Sets the seeds over which every experiment is repeated.
    SetSeeds(Vec<u64>),
    /// Sets the title of the study.
    SetTitle(String),
    /// Sets where every experiment on a surface starts, and trains again from there.
    SetStart(Vec<f64>),
    /// Ends the reading of a file before it is read.
    CancelReading,
    /// Reads data anew that could not be read, or whose file has changed.
    ReadAgain,
    /// Runs all experiments that are not up to date; goes on with paused ones.
    RunAll,
    /// Runs one experiment.
    Run(usize),
    /// Pauses all runs.
    PauseAll,
    /// Pauses the runs of one experiment.
    Pause(usize),
    /// Does one step in all (starting them paused where needed).
    StepAll,
    /// Does one step in one experiment.
    Step(usize),
    /// Ends all runs.
    StopAll,
    /// Ends the runs of one experiment.
    Stop(usize),
    /// Ends and forgets all runs.
    ResetAll,
    /// Ends and forgets the runs of one experiment.
    Reset(usize),
}
