use std::cmp::Reverse;
use std::sync::Arc;

use super::Fitting;
use crate::data::features::{Expression, Nominal};
use crate::data::{Cells, Column, DataError};

/// The levels of a column in the training part, and how often each occurs.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    /// Levels with their counts: names in alphabetical order, numbers in ascending order.
    pub counts: Vec<(String, usize)>,
    /// How many cells of the training part are missing.
    pub n_missing: usize,
    /// Levels that fall together.
    merged: Vec<String>,
    /// The level that missing cells are taken to have.
    missing_as: Option<String>,
    column: usize,
}

impl Levels {
    /// Counts the levels of a column. A missing cell counts as `missing_as`, where that is said.
    pub(super) fn count(
        fitting: &Fitting<'_>,
        column: usize,
        missing_as: Option<&str>,
    ) -> Result<Self, DataError> {
        let mut n_missing = 0;
        let Column { name, cells } = &fitting.table.columns[column];
        let mut counts = match cells {
            Cells::Nominal { levels, .. } => {
                let mut counts = vec![0; levels.len()];
                fitting.for_each_code(column, fitting.train, |code, _| match code {
                    Some(code) => counts[code as usize] += 1,
                    None => n_missing += 1,
                })?;
                let mut counts: Vec<_> = levels.iter().cloned().zip(counts).collect();
                counts.retain(|(_, count)| *count > 0);
                counts.sort();
                counts
            }
            Cells::Numeric(_) => {
                let mut present = Vec::new();
                fitting.for_each_values(
                    &Expression::number(name, column),
                    fitting.train,
                    |values| {
                        let values = values.iter().filter(|value| !value.is_nan());
                        present.extend(values.map(|value| value + 0.0)); // −0 is 0
                    },
                )?;
                n_missing = fitting.train.len() - present.len();
                present.sort_unstable_by(f64::total_cmp);
                let runs = present.chunk_by(|a, b| a == b);
                runs.map(|run| (run[0].to_string(), run.len())).collect()
            }
        };
        if let Some(level) = missing_as.filter(|_| n_missing > 0) {
            match counts.iter_mut().find(|(known, _)| known == level) {
                Some((_, count)) => *count += n_missing,
                None => {
                    counts.push((level.to_owned(), n_missing));
                    counts.sort();
                }
            }
            n_missing = 0;
        }
        let missing_as = missing_as.map(str::to_owned);
        Ok(Self { counts, n_missing, merged: Vec::new(), missing_as, column })
    }

    /// Keeps the levels that occur at least `min_count` times, of these the most frequent, so that
    /// with the level of all others there are no more than `max_levels`. Whether any were left out.
    pub(super) fn cap(&mut self, max_levels: usize, min_count: usize) -> bool {
        let n_before = self.counts.len();
        let mut ranked = self.counts.clone();
        ranked.retain(|(_, count)| *count >= min_count);
        if ranked.len() > max_levels || ranked.len() < n_before {
            ranked.sort_by_key(|(_, count)| Reverse(*count)); // stable: of equals the first
            ranked.truncate(max_levels.saturating_sub(1));
            let (kept, merged): (Vec<_>, Vec<_>) = std::mem::take(&mut self.counts)
                .into_iter()
                .partition(|level| ranked.contains(level));
            self.counts = kept;
            self.merged = merged.into_iter().map(|(level, _)| level).collect();
        }
        !self.merged.is_empty()
    }

    /// The most frequent level, of equals the first.
    pub(super) fn most_frequent(&self) -> Option<&str> {
        let most = self.counts.iter().map(|(_, count)| *count).max()?;
        self.counts.iter().find(|(_, count)| *count == most).map(|(level, _)| level.as_str())
    }

    /// The column with these levels, for expressions.
    pub(super) fn nominal(&self, fitting: &Fitting<'_>) -> Nominal {
        Nominal {
            column: fitting.table.columns[self.column].name.clone(),
            index: self.column,
            levels: self.counts.iter().map(|(level, _)| level.clone()).collect::<Arc<[String]>>(),
            merged: self.merged.clone().into(),
            missing_as: self.missing_as.clone(),
        }
    }

    /// That there is something to encode.
    pub(super) fn check(&self, name: &str) -> Result<(), DataError> {
        match self.counts.is_empty() {
            true => Err(DataError::new(format!(
                "`{name}` has no value in the training part; leave it out with DropColumns"
            ))),
            false => Ok(()),
        }
    }
}
