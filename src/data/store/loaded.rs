//! What was loaded, wherever its rows are.

use std::borrow::Cow;
use std::ops::Range;

use crate::data::{Column, DataError, Loaded, Table};

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
    /// them these are.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read, and the first error of `look`.
    pub fn for_each_rows(
        &self,
        columns: &[&str],
        mut look: impl FnMut(&Table, Range<usize>) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let Some(store) = &self.store else {
            return look(&self.table, 0..self.table.n_rows());
        };
        for start in (0..store.n_rows()).step_by(store.block()) {
            let rows = start..(start + store.block()).min(store.n_rows());
            let table = store.rows(rows.clone(), |name| columns.contains(&name))?;
            look(&table, rows)?;
        }
        Ok(())
    }
}
