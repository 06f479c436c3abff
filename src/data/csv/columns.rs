//! Types of columns, and the columns themselves.

use std::collections::HashMap;

use super::values::{Decimal, Look, is_missing, number};
use crate::data::{Cells, Column, DataError};

/// Counts what the cells of one column look like.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Survey {
    n_missing: usize,
    n_whole: usize,
    n_with_point: usize,
    n_with_comma: usize,
    n_text: usize,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Numeric(Decimal),
    Nominal,
}

impl Survey {
    pub(super) fn look(&mut self, cell: &str) {
        match Look::of(cell) {
            Look::Missing => self.n_missing += 1,
            Look::Whole => self.n_whole += 1,
            Look::WithPoint => self.n_with_point += 1,
            Look::WithComma => self.n_with_comma += 1,
            Look::Text => self.n_text += 1,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.n_whole + self.n_with_point + self.n_with_comma + self.n_text == 0
    }

    /// Whether most of the cells are numbers.
    pub(super) fn is_mostly_numbers(&self) -> bool {
        self.n_whole + self.n_with_point + self.n_with_comma > self.n_text
    }

    /// Numeric where all cells are numbers but a few: one in at least four, or up to a tenth.
    pub(super) fn column_type(&self, comma_permitted: bool) -> Type {
        let decimal = match comma_permitted && self.n_with_comma > self.n_with_point {
            true => Decimal::Comma,
            false => Decimal::Point,
        };
        let n_with_sign = match decimal {
            Decimal::Point => self.n_with_point,
            Decimal::Comma => self.n_with_comma,
        };
        let n_numbers = self.n_whole + n_with_sign;
        let n_present = self.n_whole + self.n_with_point + self.n_with_comma + self.n_text;
        let n_bad = n_present - n_numbers;
        let few = n_bad == 0 || (n_bad == 1 && n_numbers >= 3) || n_bad * 10 <= n_present;
        if few { Type::Numeric(decimal) } else { Type::Nominal }
    }
}

/// Gathers the cells of one column.
pub(super) enum Builder {
    Numeric { values: Vec<f64>, decimal: Decimal },
    Nominal { levels: Vec<String>, codes: Vec<Option<u32>>, index: HashMap<String, u32> },
}

impl Builder {
    pub(super) fn new(column_type: Type, n_rows: usize) -> Self {
        match column_type {
            Type::Numeric(decimal) => Self::Numeric { values: Vec::with_capacity(n_rows), decimal },
            Type::Nominal => Self::Nominal {
                levels: Vec::new(),
                codes: Vec::with_capacity(n_rows),
                index: HashMap::new(),
            },
        }
    }

    /// Adds a cell; false where it had to be made missing because it is not a number.
    pub(super) fn push(&mut self, cell: &str) -> Result<bool, DataError> {
        match self {
            Self::Numeric { values, decimal } => {
                let value = number(cell, *decimal);
                values.push(value.unwrap_or(f64::NAN));
                Ok(value.is_some() || is_missing(cell))
            }
            Self::Nominal { codes, .. } if is_missing(cell) => {
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

    pub(super) fn finish(self, name: String) -> Column {
        let cells = match self {
            Self::Numeric { values, .. } => Cells::Numeric(values),
            Self::Nominal { levels, codes, .. } => Cells::Nominal { levels, codes },
        };
        Column { name, cells }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column_type(cells: &[&str]) -> Type {
        let mut survey = Survey::default();
        cells.iter().for_each(|cell| survey.look(cell));
        survey.column_type(true)
    }

    #[test]
    fn types_follow_most_cells() {
        assert_eq!(column_type(&["1", "2.5", "NA"]), Type::Numeric(Decimal::Point));
        assert_eq!(column_type(&["1", "2,5", ""]), Type::Numeric(Decimal::Comma));
        assert_eq!(column_type(&["1", "2", "3", "oops"]), Type::Numeric(Decimal::Point));
        assert_eq!(column_type(&["1", "2", "oops"]), Type::Nominal);
        assert_eq!(column_type(&["red", "blue"]), Type::Nominal);
        assert_eq!(column_type(&["1", "2", "3", "4", "a", "b"]), Type::Nominal);
        assert_eq!(column_type(&["", "NA"]), Type::Numeric(Decimal::Point));
    }
}
