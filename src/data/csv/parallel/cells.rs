//! The numbers that cells spell, counted as they are read.

use super::lexicon::Lexicon;
use super::numbers::plain_number;
use super::piece::Kind;
use super::plan::Plan;
use crate::data::csv::cells::columns::{Survey, Type};
use crate::data::csv::cells::dates::iso_days;
use crate::data::csv::cells::values::{Decimal, is_missing_number};

/// The looks of the cells of a column that were looked at.
#[derive(Clone, Default)]
pub(super) struct Looks {
    pub(super) survey: Survey,
    pub(super) n_looked_at: usize,
    /// Of these, how many are no number.
    pub(super) n_missing: usize,
}

impl Looks {
    pub(super) fn add(&mut self, other: &Self) {
        self.survey.add(other.survey, 1);
        self.n_looked_at += other.n_looked_at;
        self.n_missing += other.n_missing;
    }
}

/// What a cell was found to be.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// NaN where there is no number.
    pub(super) value: f64,
    /// Whether something is there that is no number.
    pub(super) is_bad: bool,
}

/// Cells that are looked at closely, and what they were found to be.
#[derive(Default)]
struct Memo {
    cells: Lexicon,
    found: Vec<(Found, usize)>,
}

/// Reads the cells of columns of numbers and dates, and counts their looks.
pub(super) struct CellReader {
    looks: Vec<Looks>,
    memos: Vec<Memo>,
}

impl CellReader {
    pub(super) fn new(n_columns: usize) -> Self {
        let memos = (0..n_columns).map(|_| Memo::default()).collect();
        Self { looks: vec![Looks::default(); n_columns], memos }
    }

    /// Reads a cell of column `j`.
    #[inline]
    pub(super) fn read(&mut self, plan: &Plan, j: usize, cell: &str) -> Found {
        let fine = |value| Found { value, is_bad: false };
        let kind = plan.kinds[j];
        if kind == Kind::Plain
            && let Some(value) = plain(cell)
        {
            return fine(value);
        }
        let looks = &mut self.looks[j];
        looks.n_looked_at += 1;
        if cell.is_empty() {
            looks.n_missing += 1;
            return fine(f64::NAN);
        }
        let column_type = kind.column_type();
        let usual = match column_type {
            Type::Numeric(Decimal::Point) => plain_number(cell),
            Type::Numeric(Decimal::Comma) => number_with_comma(cell),
            Type::Date(_) => iso_days(cell),
            Type::Nominal => None,
        };
        if let Some(value) = usual {
            match column_type {
                Type::Date(_) => looks.survey.add_dates(1),
                _ => looks.survey.look(cell),
            }
            return fine(value);
        }
        let found = self.look_closely(j, cell, column_type, plan.seed);
        self.looks[j].n_missing += usize::from(found.value.is_nan());
        found
    }

    /// Reads a cell of which much has to be tried, unless there was one like it before.
    fn look_closely(&mut self, j: usize, cell: &str, column_type: Type, seed: u64) -> Found {
        /// Columns with more different cells are looked at again and again.
        const MOST: usize = 1 << 16;
        /// What is longer hardly comes twice.
        const LONGEST: usize = 64;
        let find = || {
            let value = column_type.number(cell);
            Found {
                value: value.unwrap_or(f64::NAN),
                is_bad: value.is_none() && !is_missing_number(cell),
            }
        };
        let memo = &mut self.memos[j];
        if memo.found.len() >= MOST || cell.len() > LONGEST {
            self.looks[j].survey.look(cell);
            return find();
        }
        let number = memo.cells.number(cell, seed);
        if number == memo.found.len() {
            memo.found.push((find(), 0));
        }
        let (found, n_times) = &mut memo.found[number];
        *n_times += 1;
        *found
    }

    /// The looks of all cells so far.
    pub(super) fn looks(&mut self) -> &[Looks] {
        for (memo, looks) in self.memos.iter_mut().zip(&mut self.looks) {
            for (number, (_, n_times)) in memo.found.iter_mut().enumerate() {
                looks.survey.look_often(memo.cells.word(number).0, std::mem::take(n_times));
            }
        }
        &self.looks
    }
}

/// The number of a cell that nothing has to be known about.
fn plain(cell: &str) -> Option<f64> {
    if cell.is_empty() { Some(f64::NAN) } else { plain_number(cell) }
}

/// The same as [`plain_number`], with a decimal comma.
fn number_with_comma(cell: &str) -> Option<f64> {
    const LONGEST: usize = 32;
    let mut bytes = [0; LONGEST];
    let bytes = bytes.get_mut(..cell.len())?;
    for (to, from) in bytes.iter_mut().zip(cell.bytes()) {
        *to = match from {
            b',' => b'.',
            b'.' => return None,
            other => other,
        };
    }
    plain_number(std::str::from_utf8(bytes).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::data::csv::cells::values::number;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn commas_are_read_as_in_turn(
            text in "[-+]?[0-9]{0,9}(,[0-9]{0,9})?(e[-+]?[0-9]{0,3})?|[-,.0-9e ]{0,40}|[0-9]{30,40}",
        ) {
            if let Some(value) = number_with_comma(&text) {
                let expected = number(&text, Decimal::Comma);
                prop_assert_eq!(Some(value.to_bits()), expected.map(f64::to_bits));
            }
        }
    }
}
