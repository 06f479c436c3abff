use serde::{Deserialize, Serialize};

/// Where a run stands.
#[derive(Clone, Debug, PartialEq)]
pub enum RunState {
    /// Waiting for a free core.
    Queued,
    /// Training.
    Running,
    /// Held, by a person; goes on where it stands.
    Paused,
    /// At its end.
    Ended(Ending),
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ending {
    /// All steps of the budget are done.
    BudgetSpent {
        /// Steps done.
        step: u64,
    },
    /// The objective on the training part came down to the target.
    TargetReached {
        /// The step at which it was seen.
        step: u64,
        /// The objective there.
        loss: f64,
    },
    /// The validation loss had stopped improving.
    EarlyStopped {
        /// The step at which training ended.
        step: u64,
        /// The step with the best validation loss.
        best_step: u64,
    },
    /// The gradient of a step had become as short as was asked for.
    Converged {
        /// The step.
        step: u64,
        /// The norm of its gradient.
        gradient_norm: f64,
    },
    /// Training had taken the time it was given.
    TimeSpent {
        /// Steps done.
        step: u64,
        /// Seconds of training.
        seconds: f64,
    },
    /// The loss or a parameter became infinite or not a number.
    Diverged {
        /// The first step at which it was so.
        step: u64,
    },
    /// Stopped by a person.
    Stopped {
        /// Steps done.
        step: u64,
    },
    /// Something went wrong in the program.
    Failed {
        /// What.
        message: String,
    },
}

impl Ending {
    /// The step at which a person or the clock cut the run short.
    pub fn cut_at(&self) -> Option<u64> {
        match self {
            Self::Stopped { step } | Self::TimeSpent { step, .. } => Some(*step),
            _ => None,
        }
    }
}

/// The model's worth on one part of the data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The step of the weights.
    pub step: u64,
    /// The mean loss, without the penalty.
    pub loss: f64,
    /// Accuracy or R²; NaN for surfaces.
    pub quality: f64,
}

/// What a run came to: its ending, and the test part evaluated once for the last and the best
/// weights (by validation loss; by training loss without a validation part).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Why it ended.
    pub ending: Ending,
    /// The step of the best weights and the loss they were chosen by.
    pub best: Option<Evaluation>,
    /// The test part with the last weights.
    pub test_last: Option<Evaluation>,
    /// The test part with the best weights.
    pub test_best: Option<Evaluation>,
    /// The test part with the average of the weights, where one is kept.
    #[serde(default)]
    pub test_averaged: Option<Evaluation>,
    /// What each of several random starts came to, in order; empty where there is one.
    #[serde(default)]
    pub starts: Vec<StartOutcome>,
}

impl Outcome {
    /// The outcome of a run that ended for this reason and was not evaluated.
    pub fn of(ending: Ending) -> Self {
        Self {
            ending,
            best: None,
            test_last: None,
            test_best: None,
            test_averaged: None,
            starts: Vec::new(),
        }
    }
}

/// What one of several random starts came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartOutcome {
    /// Why it ended.
    pub ending: Ending,
    /// The smallest loss of its evaluations; NaN where there was none.
    pub best_loss: f64,
}
