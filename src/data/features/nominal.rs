//! Levels of a column, as they were found in the training part.

use std::collections::HashMap;
use std::sync::Arc;

use crate::data::{Cells, DataError, Table};

use super::expression::cells_of;

/// A column whose cells are names from a fixed list of levels. Numbers can be names too.
#[derive(Clone, Debug, PartialEq)]
pub struct Nominal {
    /// The name of the column.
    pub column: String,
    /// Where the column stood in the table it was fitted to.
    pub index: usize,
    /// The levels that are told apart, in order.
    pub levels: Arc<[String]>,
    /// Levels of the training part that are not told apart, but fall together.
    pub merged: Arc<[String]>,
    /// The level that a missing cell is taken to have, if any.
    pub missing_as: Option<String>,
}

/// Where a cell belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// To this level of the list.
    Level(usize),
    /// To one of the levels that fall together.
    Other,
    /// To a level that the training part does not have; with the others, where there are such.
    Unseen,
    /// Nowhere: there is no value.
    Missing,
}

impl Nominal {
    /// Shows the place of the cell in each of `rows` to `each`, in order.
    pub fn places(
        &self,
        table: &Table,
        rows: &[usize],
        mut each: impl FnMut(usize, Place),
    ) -> Result<(), DataError> {
        let merged = self.merged.iter().map(|level| (&**level, Place::Other));
        let own = self.levels.iter().enumerate();
        let own = own.map(|(index, level)| (&**level, Place::Level(index)));
        let known: HashMap<&str, Place> = merged.chain(own).collect();
        let place = |level: &str| known.get(level).copied().unwrap_or(Place::Unseen);
        let missing = self.missing_as.as_deref().map_or(Place::Missing, place);
        match cells_of(table, self.index, &self.column)? {
            Cells::Nominal { levels, codes } => {
                let places: Vec<Place> = levels.iter().map(|level| place(level)).collect();
                for (k, row) in rows.iter().enumerate() {
                    each(k, codes[*row].map_or(missing, |code| places[code as usize]));
                }
            }
            Cells::Numeric(values) => {
                let number = |(text, place): (&str, Place)| Some((text.parse().ok()?, place));
                let mut known: Vec<(f64, Place)> = known.into_iter().filter_map(number).collect();
                known.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
                for (k, row) in rows.iter().enumerate() {
                    let value = values[*row] + 0.0; // −0 is 0
                    let found = known.binary_search_by(|(known, _)| known.total_cmp(&value));
                    each(
                        k,
                        match found {
                            _ if value.is_nan() => missing,
                            Ok(found) => known[found].1,
                            Err(_) => Place::Unseen,
                        },
                    );
                }
            }
        }
        Ok(())
    }
}
