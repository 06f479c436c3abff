use serde::{Deserialize, Serialize};

use super::Generated;
use crate::surfaces::{Noisy, Surface};

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

    /// The most bytes that rows may take in memory; `None` where all are kept there.
    pub fn memory(&self) -> Option<u64> {
        match self {
            Self::Csv(csv) => csv.memory.map(|mebibytes| u64::from(mebibytes) << 20),
            _ => None,
        }
    }

    /// A surface, seen through noise of this standard deviation unless it is 0.
    pub fn of_surface(surface: Surface, noise: f64) -> Self {
        if noise == 0.0 { Self::Surface(surface) } else { Self::Noisy(Noisy { surface, noise }) }
    }
}

/// A CSV file and how to use it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CsvSource {
    /// The file, relative to the study's own.
    pub path: String,
    /// The name of the target column; empty for the last one.
    pub target: String,
    /// Whether the target is a number or a class; by default as the column looks.
    pub task: Task,
    /// The name of a column that says how much each sample counts in the loss; empty for all alike.
    /// It is no feature. Accuracy and R² count all alike whatever the weights.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub weights: String,
    /// Columns that are left out, such as row numbers.
    pub ignore: Vec<String>,
    /// The character between fields; found out by default.
    pub delimiter: Delimiter,
    /// Whether the first row names the columns; found out by default.
    pub header: Header,
    /// MiB (2²⁰ bytes) that the rows may take in memory, in each run that is trained; without it all
    /// are kept there. The rows of a larger table go to a temporary file and are read again in
    /// blocks as they are needed. No result depends on it. Target, place in the order and the like
    /// stay in memory, about 40 bytes for each row whatever the number of columns. With the
    /// sampling `Blocks` training is nearly as fast as from memory; others jump about in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
}

/// The character between the fields of a CSV file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    /// The one with which the file looks most like a table.
    #[default]
    Auto,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// The tab character.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// The character; `None` where it is to be found out.
    pub(super) fn byte(self) -> Option<u8> {
        match self {
            Self::Auto => None,
            Self::Comma => Some(b','),
            Self::Semicolon => Some(b';'),
            Self::Tab => Some(b'\t'),
            Self::Pipe => Some(b'|'),
        }
    }
}

/// Whether the first row of a CSV file names the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Header {
    /// As it looks.
    #[default]
    Auto,
    /// It does.
    Present,
    /// It is a row of data.
    Absent,
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
