//! The columns themselves, cell after cell.

use std::collections::HashMap;

use super::columns::Type;
use super::missing::Words;
use crate::data::{Cells, Column, DataError};

/// Gathers the cells of one column.
pub(in crate::data::csv) enum Builder {
    Numeric { values: Vec<f64>, column_type: Type },
    Nominal { levels: Vec<String>, codes: Vec<Option<u32>>, index: HashMap<String, u32> },
}

impl Builder {
    pub(in crate::data::csv) fn new(column_type: Type, n_rows: usize) -> Self {
        match column_type {
            Type::Numeric(_) | Type::Date(_) => {
                Self::Numeric { values: Vec::with_capacity(n_rows), column_type }
            }
            Type::Nominal => Self::Nominal {
                levels: Vec::new(),
                codes: Vec::with_capacity(n_rows),
                index: HashMap::new(),
            },
        }
    }

    /// Adds a cell; false where it had to be made missing because it is not a number.
    pub(in crate::data::csv) fn push(
        &mut self,
        cell: &str,
        words: Words,
    ) -> Result<bool, DataError> {
        match self {
            Self::Numeric { values, column_type } => {
                let value = column_type.number(cell);
                values.push(value.unwrap_or(f64::NAN));
                Ok(value.is_some() || words.is_missing(cell, true))
            }
            Self::Nominal { codes, .. } if words.is_missing(cell, false) => {
                codes.push(None);
                Ok(true)
            }
            Self::Nominal { levels, codes, index } => {
                let code = match index.get(cell) {
                    Some(code) => *code,
                    None => {
                        let code = u32::try_from(levels.len())
                            .map_err(|_| DataError::new("a column has more than 2³² levels"))?;
                        index.insert(cell.to_owned(), code);
                        levels.push(cell.to_owned());
                        code
                    }
                };
                codes.push(Some(code));
                Ok(true)
            }
        }
    }

    /// Takes the cells that were gathered, with the indices of levels but not their names, to go
    /// on with the rows that follow.
    pub(in crate::data::csv) fn take(&mut self) -> Cells {
        match self {
            Self::Numeric { values, .. } => {
                let room = values.capacity();
                Cells::Numeric(std::mem::replace(values, Vec::with_capacity(room)))
            }
            Self::Nominal { codes, .. } => {
                let room = codes.capacity();
                let codes = std::mem::replace(codes, Vec::with_capacity(room));
                Cells::Nominal { levels: Vec::new(), codes }
            }
        }
    }

    pub(in crate::data::csv) fn finish(self, name: String) -> Column {
        let cells = match self {
            Self::Numeric { values, .. } => Cells::Numeric(values),
            Self::Nominal { levels, codes, .. } => Cells::Nominal { levels, codes },
        };
        Column { name, cells }
    }
}
