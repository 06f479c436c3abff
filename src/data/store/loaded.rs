//! What was loaded, wherever its rows are.

use std::borrow::Cow;
use std::ops::Range;

use crate::data::features::Expression;
use crate::data::{Column, DataError, Loaded, Progress, Table};

/// Rows whose values are shown at once.
const AT_ONCE: usize = 1 << 14;

impl Loaded {
    /// Number of rows, of which [`table`](Self::table) may hold the first only.
    pub fn n_rows(&self) -> usize {
        self.store.as_ref().map_or_else(|| self.table.n_rows(), |store| store.n_rows())
    }

    /// A column with all its rows.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read.
    pub fn column(&self, index: usize) -> Result<Cow<'_, Column>, DataError> {
        match &self.store {
            None => Ok(Cow::Borrowed(&self.table.columns[index])),
            Some(store) => store.column(index).map(Cow::Owned),
        }
    }

    /// The table with all rows of these columns; what is in a file of the others is left there.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read.
    pub fn table_with(&self, columns: &[&str]) -> Result<Cow<'_, Table>, DataError> {
        match &self.store {
            None => Ok(Cow::Borrowed(&self.table)),
            Some(store) => {
                store.rows(0..store.n_rows(), |name| columns.contains(&name)).map(Cow::Owned)
            }
        }
    }

    /// Shows all rows of these columns to `look`, in order: a table with some of them, and which of
    /// them these are. `progress` counts the bytes and can end it.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read, where it is cancelled, and the first error of
    /// `look`.
    pub fn for_each_rows(
        &self,
        columns: &[&str],
        progress: &Progress,
        mut look: impl FnMut(&Table, Range<usize>) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        progress.check()?;
        let Some(store) = &self.store else {
            return look(&self.table, 0..self.table.n_rows());
        };
        for start in (0..store.n_rows()).step_by(store.block()) {
            let rows = start..(start + store.block()).min(store.n_rows());
            let table = store.rows(rows.clone(), |name| columns.contains(&name))?;
            progress.check()?;
            progress.add_bytes((rows.len() * columns.len() * size_of::<f64>()) as u64);
            look(&table, rows)?;
        }
        Ok(())
    }

    /// Shows the values of an expression in `rows`, which are in ascending order, to `look`: some at a
    /// time, so that no whole column of a table in a file has to be in memory.
    ///
    /// # Errors
    /// As [`for_each_rows`](Self::for_each_rows), and where the expression does not suit the table.
    pub(in crate::data) fn for_each_values(
        &self,
        expression: &Expression,
        rows: &[usize],
        progress: &Progress,
        mut look: impl FnMut(&[f64]),
    ) -> Result<(), DataError> {
        let mut left = rows;
        let (mut places, mut values) = (Vec::new(), Vec::new());
        self.for_each_rows(&expression.columns(), progress, |table, block| {
            let (rows, others) = left.split_at(left.partition_point(|row| *row < block.end));
            left = others;
            for rows in rows.chunks(AT_ONCE) {
                places.clear();
                places.extend(rows.iter().map(|row| row - block.start));
                values.resize(rows.len(), 0.0);
                expression.evaluate(table, &places, &mut values)?;
                look(&values);
            }
            Ok(())
        })
    }
}
