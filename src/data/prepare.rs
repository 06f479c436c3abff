//! From a table to samples for training.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::{ReadReport, Scaling, Source, Split, Table};

/// Data that cannot be used, with what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {message}", .path.as_ref().map_or_else(|| "data".into(), |path| path.display().to_string()))]
pub struct DataError {
    /// The file, where there is one.
    pub path: Option<PathBuf>,
    /// The line in the file, where it is known.
    pub line: Option<u64>,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A source that has been read: the table, how it was read, and its fingerprint.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The name on screen.
    pub name: String,
    /// The columns.
    pub table: Table,
    /// How the file was read; default for sets that are not files.
    pub report: ReadReport,
    /// The index of the target column.
    pub target: usize,
    /// BLAKE3 hash (hexadecimal) of the file's bytes, or of the generated or bundled values.
    pub fingerprint: String,
}

/// Samples of one part, `[n_samples × n_features]` row-major.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// Encoded and scaled features.
    pub features: Vec<f64>,
    /// The targets.
    pub targets: TargetColumn,
    /// Rows of the table these samples come from.
    pub rows: Vec<usize>,
}

/// The targets of a part.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetColumn {
    /// Numbers, scaled as the features are.
    Numbers(Vec<f64>),
    /// Indices of classes.
    Classes(Vec<u32>),
}

impl Default for TargetColumn {
    fn default() -> Self {
        Self::Numbers(Vec::new())
    }
}

/// Data ready for training, for one seed. Immutable; shared by all runs that use it.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The name on screen.
    pub name: String,
    /// Names of the encoded features: `age`, `colour = red`.
    pub feature_names: Vec<String>,
    /// The name of the target.
    pub target_name: String,
    /// Names of the classes; empty for regression.
    pub class_names: Vec<String>,
    /// `(shift, scale)` of each feature: `scaled = (raw − shift) / scale`.
    pub feature_scaling: Vec<(f64, f64)>,
    /// `(shift, scale)` of a numeric target; `(0, 1)` for classes.
    pub target_scaling: (f64, f64),
    /// To train on.
    pub train: Samples,
    /// To watch.
    pub validation: Samples,
    /// For the end.
    pub test: Samples,
    /// The fingerprint of the data read.
    pub fingerprint: String,
}

impl Prepared {
    /// Number of encoded features.
    pub fn n_features(&self) -> usize {
        self.feature_names.len()
    }
}

/// Reads a source; `folder` is where relative paths start. Surfaces have no data and are refused.
pub fn load(source: &Source, folder: &Path) -> Result<Arc<Loaded>, DataError> {
    let _ = (source, folder);
    Err(DataError { path: None, line: None, message: String::new() })
}

/// Encodes, splits and scales loaded data for one seed.
pub fn prepare(
    loaded: &Loaded,
    source: &Source,
    split: &Split,
    scaling: Scaling,
    seed: u64,
) -> Result<Prepared, DataError> {
    let _ = (loaded, source, split, scaling, seed);
    Err(DataError { path: None, line: None, message: String::new() })
}
