use std::fmt;

use serde::{Deserialize, Serialize};

use super::SettingError;

/// A stretch of training: `Steps(500)` or `Epochs(2.5)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Span {
    /// Parameter updates.
    Steps(u64),
    /// Passes over the training set; parts of one are allowed.
    Epochs(f64),
}

impl Span {
    /// In steps, rounded to the nearest, when an epoch has `steps_per_epoch` of them.
    /// A surface has one step per epoch.
    pub fn steps(&self, steps_per_epoch: u64) -> u64 {
        match *self {
            Self::Steps(steps) => steps,
            Self::Epochs(epochs) => (epochs * steps_per_epoch as f64).round() as u64,
        }
    }

    /// Refuses a span of nothing, for settings where it has no meaning.
    ///
    /// # Errors
    /// Where it is zero; `field` is the name of the setting.
    pub fn check_above_zero(&self, field: &str) -> Result<(), SettingError> {
        match *self {
            Self::Steps(0) | Self::Epochs(0.0) => {
                Err(SettingError::new(field, *self, "above 0".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// Finite and not negative.
    pub fn is_valid(&self) -> bool {
        match *self {
            Self::Steps(_) => true,
            Self::Epochs(epochs) => epochs.is_finite() && epochs >= 0.0,
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steps(1) => write!(f, "1 step"),
            Self::Steps(steps) => write!(f, "{steps} steps"),
            Self::Epochs(epochs) if *epochs == 1.0 => write!(f, "1 epoch"),
            // A number of three hundred digits tells nobody anything.
            Self::Epochs(epochs) if *epochs >= 1e16 => write!(f, "{epochs:e} epochs"),
            Self::Epochs(epochs) => write!(f, "{epochs} epochs"),
        }
    }
}
