//! What was loaded, wherever its rows are.

use std::borrow::Cow;
use std::ops::Range;

use crate::data::features::Expression;
use crate::data::{Column, DataError, Loaded, Progress, RowSet, Table};

/// Rows whose values are shown at once.
const AT_ONCE: usize = 1 << 14;

impl Loaded {
    /// Number of rows, of which [`table`](Self::table) may hold the first only.
    pub fn n_rows(&self) -> usize {
        self.store.as_ref().map_or_else(|| self.table.n_rows(), |store| store.n_rows())
    }

    /// Whether `is_so` of some rows of a column, looked at block by block where they are in a file.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read.
    pub(in crate::data) fn any_rows(
        &self,
        name: &str,
        index: usize,
        is_so: impl Fn(&Column) -> bool,
    ) -> Result<bool, DataError> {
        let mut any = false;
        self.for_each_rows(&[name], &Progress::default(), |table, _| {
            any = any || is_so(&table.columns[index]);
            Ok(())
        })?;
        Ok(any)
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

    /// Shows these rows to `look`, in order, some at a time: a table with the columns, the rows' places in it, and
    /// the number of the row that is its first.
    ///
    /// # Errors
    /// As [`for_each_rows`](Self::for_each_rows).
    pub(in crate::data) fn for_each_chosen(
        &self,
        columns: &[&str],
        rows: &RowSet,
        progress: &Progress,
        mut look: impl FnMut(&Table, &[usize], usize) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let mut places = Vec::new();
        self.for_each_rows(columns, progress, |table, block| {
            let mut rows = rows.within(block.clone()).map(|row| row - block.start);
            loop {
                places.clear();
                places.extend(rows.by_ref().take(AT_ONCE));
                if places.is_empty() {
                    return Ok(());
                }
                look(table, &places, block.start)?;
            }
        })
    }

    /// Shows the values of an expression in `rows` to `look`, some at a time, so that no whole column of a
    /// table in a file has to be in memory; with the rows they are of.
    ///
    /// # Errors
    /// As [`for_each_rows`](Self::for_each_rows), and where the expression does not suit the table.
    pub(in crate::data) fn for_each_values(
        &self,
        expression: &Expression,
        rows: &RowSet,
        progress: &Progress,
        mut look: impl FnMut(&[f64], &mut dyn Iterator<Item = usize>),
    ) -> Result<(), DataError> {
        let mut values = Vec::new();
        self.for_each_chosen(&expression.columns(), rows, progress, |table, places, start| {
            values.resize(places.len(), 0.0);
            expression.evaluate(table, places, &mut values)?;
            look(&values, &mut places.iter().map(|place| start + place));
            Ok(())
        })
    }
}
