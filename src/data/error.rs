use std::fmt;
use std::path::{Path, PathBuf};

/// Data that cannot be used, with what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct DataError {
    /// The file, where there is one.
    pub path: Option<PathBuf>,
    /// The line in the file, where it is known.
    pub line: Option<u64>,
    /// The character in the line, counted from 1, where it is known.
    pub column: Option<u64>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl DataError {
    /// An error that belongs to no file.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { path: None, line: None, column: None, message: message.into() }
    }

    /// An error at a line of a file.
    pub(crate) fn at(line: u64, message: impl Into<String>) -> Self {
        Self { path: None, line: Some(line), column: None, message: message.into() }
    }

    /// The same error, in this file.
    pub(crate) fn in_file(mut self, path: &Path) -> Self {
        self.path = Some(path.to_owned());
        self
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}", path.display())?,
            None => write!(f, "data")?,
        }
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// For what writes as it reads.
impl From<DataError> for std::io::Error {
    fn from(error: DataError) -> Self {
        Self::other(error)
    }
}
