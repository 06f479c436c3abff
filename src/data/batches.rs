//! The order in which samples are seen.

use serde::{Deserialize, Serialize};

/// How many samples make one gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Batch {
    /// All of the training part: classic gradient descent.
    Full,
    /// This many, the last of an epoch smaller where it does not divide.
    Mini(usize),
    /// One: stochastic gradient descent.
    Stochastic,
}

impl Batch {
    /// Samples in a batch when the training part has `n_samples`.
    pub fn size(&self, n_samples: usize) -> usize {
        match *self {
            Self::Full => n_samples,
            Self::Mini(size) => size.min(n_samples),
            Self::Stochastic => 1,
        }
    }
}
