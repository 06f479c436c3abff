//! Where samples come from, as the study states it, and every decision about reading a file.

mod csv;
mod decisions;

use serde::{Deserialize, Serialize};

use super::Generated;
use crate::surfaces::{Noisy, Surface};

pub use csv::{
    ColumnType, Comment, CsvSource, DecimalSign, Delimiter, Escape, Footer, Header, Quote,
};
pub(super) use csv::{LEFT, encoding_named};
pub use decisions::Decisions;

/// Where the samples come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Source {
    /// A CSV file.
    Csv(CsvSource),
    /// A real data set that comes with the program, by name, such as `"digits"`.
    Bundled(String),
    /// A generated two- or one-dimensional toy set.
    Generated(Generated),
    /// No data: a test surface, whose coordinates are the parameters.
    Surface(Surface),
    /// No data: a test surface that is seen through noise.
    Noisy(Noisy),
}

impl Source {
    /// The surface, where there is no data.
    pub fn surface(&self) -> Option<&Surface> {
        match self {
            Self::Surface(surface) => Some(surface),
            Self::Noisy(noisy) => Some(&noisy.surface),
            _ => None,
        }
    }

    /// The standard deviation of the noise on a surface; 0 where there is none.
    pub fn noise(&self) -> f64 {
        match self {
            Self::Noisy(noisy) => noisy.noise,
            _ => 0.0,
        }
    }

    /// The same file with every decision about its reading stated; `None` where there is nothing to
    /// state.
    pub fn decided(&self, decisions: &Decisions) -> Option<Self> {
        match self {
            Self::Csv(csv) => {
                let decided = csv.decided(decisions);
                (decided != *csv).then_some(Self::Csv(decided))
            }
            _ => None,
        }
    }

    /// A surface, seen through noise of this standard deviation unless it is 0.
    pub fn of_surface(surface: Surface, noise: f64) -> Self {
        if noise == 0.0 { Self::Surface(surface) } else { Self::Noisy(Noisy { surface, noise }) }
    }
}

/// How a target column is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// Numeric columns give regression, nominal ones classification.
    #[default]
    Auto,
    /// Predict a number.
    Regression,
    /// Predict a class; each distinct value is one.
    Classification,
}
