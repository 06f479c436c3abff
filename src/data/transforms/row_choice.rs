use crate::data::load::hint;
use crate::data::{Cells, DataError, Loaded, Progress, RowSet, Table};

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
    pub rows: RowSet,
    /// How far it is, and the wish that it end.
    pub progress: &'a Progress,
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
        let mut kept = RowSet::new();
        let name = self.table.columns[column].name.as_str();
        self.loaded.for_each_chosen(
            &[name],
            &self.rows,
            self.progress,
            |table, places, start| {
                let is_there = |place: &&usize| match &table.columns[column].cells {
                    Cells::Numeric(values) => !values[**place].is_nan(),
                    Cells::Nominal { codes, .. } => codes[**place].is_some(),
                };
                places.iter().filter(is_there).for_each(|place| kept.push(start + place));
                Ok(())
            },
        )?;
        self.rows = kept;
        Ok(())
    }
}
