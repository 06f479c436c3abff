use crate::data::load::hint;
use crate::data::{Cells, DataError, Loaded, Table};

/// The rows that will be split, and the columns that are still to be features.
pub struct RowChoice<'a> {
    /// Where the rows are.
    pub loaded: &'a Loaded,
    /// The table, for its columns; the rows in it may be the first ones only.
    pub table: &'a Table,
    /// Where the target stands in it.
    pub target: usize,
    /// The columns that no transform before has left out.
    pub columns: Vec<usize>,
    /// The rows that have a target and that no transform before has left out.
    pub rows: Vec<usize>,
    /// What is said about it.
    pub notes: Vec<String>,
}

impl RowChoice<'_> {
    /// Whether this is the name of a column.
    pub(super) fn is_column(&self, name: &str) -> bool {
        self.table.columns.iter().any(|column| column.name == name)
    }

    /// Where the named columns stand; `None` where a name is none of a column.
    fn places(&self, names: &[String]) -> Option<Vec<usize>> {
        let place = |name: &String| self.table.columns.iter().position(|c| c.name == *name);
        names.iter().map(place).collect()
    }

    /// As [`places`](Self::places), with what is wrong.
    pub(super) fn known_places(&self, names: &[String]) -> Result<Vec<usize>, DataError> {
        self.places(names).ok_or_else(|| {
            let all = || self.table.columns.iter().map(|column| column.name.as_str());
            let unknown = names.iter().find(|name| all().all(|known| known != name.as_str()));
            let unknown = unknown.map_or("", String::as_str);
            DataError::new(format!("`{unknown}` is not a column{}", hint(unknown, all())))
        })
    }

    /// Leaves out the rows that have no value in this column.
    pub(super) fn drop_missing(&mut self, column: usize) -> Result<(), DataError> {
        match &self.loaded.column(column)?.cells {
            Cells::Numeric(values) => self.rows.retain(|row| !values[*row].is_nan()),
            Cells::Nominal { codes, .. } => self.rows.retain(|row| codes[*row].is_some()),
        }
        Ok(())
    }
}
