//! Where samples come from, as the study states it, and every decision about reading a file.

mod csv;
mod decisions;
mod idx;

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Generated;
use super::packed::first_bytes;
use crate::surfaces::{Noisy, Surface};

pub(super) use csv::{Charset, LEFT, encoding_named};
pub use csv::{
    ColumnType, Comment, CsvSource, DecimalSign, Delimiter, Escape, Footer, Header, MissingWords,
    OddRows, Quote, Quoting,
};
pub use decisions::Decisions;
pub use idx::IdxSource;

/// Where the samples come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "there are only a few of them at a time")]
pub enum Source {
    /// A CSV file.
    Csv(CsvSource),
    /// Pictures and their labels.
    Idx(IdxSource),
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

    /// The most bytes that rows may take in memory; `None` where all are kept there.
    pub fn memory(&self) -> Option<u64> {
        match self {
            Self::Csv(csv) => csv.memory_bytes(),
            _ => None,
        }
    }

    /// The source that a file is, by its first bytes: pictures (IDX) or a table.
    pub fn of_file(path: &Path) -> Self {
        let name = |path: &Path| path.to_string_lossy().into_owned();
        match idx::images_of(path, &first_bytes(path, 4)) {
            Some(images) => Self::Idx(IdxSource { images: name(&images), ..IdxSource::default() }),
            None => Self::Csv(CsvSource { path: name(path), ..CsvSource::default() }),
        }
    }

    /// The paths of the files that are read; empty ones name none.
    pub fn paths(&self) -> Vec<&String> {
        match self {
            Self::Csv(csv) => vec![&csv.path],
            Self::Idx(idx) => vec![&idx.images, &idx.labels],
            _ => Vec::new(),
        }
    }

    /// The same, to be changed.
    pub fn paths_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Csv(csv) => vec![&mut csv.path],
            Self::Idx(idx) => vec![&mut idx.images, &mut idx.labels],
            _ => Vec::new(),
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
