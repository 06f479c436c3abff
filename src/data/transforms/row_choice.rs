use crate::data::load::hint;
use crate::data::{Cells, DataError, Table};

/// The rows that will be split, and the columns that are still to be features.
pub struct RowChoice<'a> {
    /// The table.
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
    /// Where the named columns stand; `None` where a name is none of a column.
    pub(super) fn places(&self, names: &[String]) -> Option<Vec<usize>> {
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

    /// Whether a cell has no value.
    pub(super) fn is_missing(&self, column: usize, row: usize) -> bool {
        match &self.table.columns[column].cells {
            Cells::Numeric(values) => values[row].is_nan(),
            Cells::Nominal { codes, .. } => codes[row].is_none(),
        }
    }
}
