use std::fmt;
use std::path::PathBuf;

/// One thing that is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line and column in the text, from 1, where they are known.
    pub position: Option<(usize, usize)>,
    /// The setting concerned, such as `compare[2].optimizer.learning_rate`; empty where it is none.
    pub setting: String,
    /// What was found and what would be right.
    pub message: String,
}

impl Problem {
    /// A problem of the file as a whole.
    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self { position: None, setting: String::new(), message: message.into() }
    }
}

/// A file that cannot be used: a study or a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it, in the order of the text.
    pub problems: Vec<Problem>,
}

impl StudyError {
    /// An error with a single problem.
    pub(crate) fn single(path: impl Into<PathBuf>, problem: Problem) -> Self {
        Self { path: path.into(), problems: vec![problem] }
    }
}

impl std::error::Error for StudyError {}

impl fmt::Display for StudyError {
    /// One line per problem: `file:line:column: what is wrong`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", self.path.display())?;
            if let Some((line, column)) = problem.position {
                write!(f, ":{line}:{column}")?;
            }
            write!(f, ": {}", problem.message)?;
        }
        Ok(())
    }
}
