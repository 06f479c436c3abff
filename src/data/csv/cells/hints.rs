//! What the first rows of a column give reason to say about the numbers and dates in it.

use std::collections::BTreeSet;

use super::columns::Survey;
use super::loose::loose;
use super::values::{Decimal, Look, is_missing, number};

/// What was seen in one column of the sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::data::csv) struct Hints {
    /// Digits alone, some with zeros in front.
    pub(in crate::data::csv) has_leading_zeros: bool,
    /// Whole numbers of more digits than 64-bit floating point keeps.
    pub(in crate::data::csv) is_long: bool,
    /// Different signs of money.
    pub(in crate::data::csv) has_currencies: bool,
    /// Dates with years of two digits.
    pub(in crate::data::csv) has_short_years: bool,
    /// `1.234` in a file of semicolons, where nothing shows whether the point is a decimal one.
    pub(in crate::data::csv) has_unclear_points: bool,
    /// A number such as -999, far from all others, that may stand for missing values.
    pub(in crate::data::csv) stand_in: Option<i32>,
}

impl Hints {
    /// Looks at the cells of a column, without spaces around them.
    pub(in crate::data::csv) fn of<'a>(
        cells: impl Iterator<Item = &'a str>,
        points_unclear: bool,
    ) -> Self {
        /// Digits that 64-bit floating point surely keeps.
        const MOST_DIGITS: usize = 15;
        let (mut survey, mut signs) = (Survey::default(), BTreeSet::new());
        let (mut all_digits, mut has_zeros) = (true, false);
        let mut values = Vec::new();
        let mut hints = Self::default();
        for cell in cells.filter(|cell| !is_missing(cell)) {
            survey.look(cell);
            values.extend(number(cell, Decimal::Point));
            let is_digits = cell.bytes().all(|byte| byte.is_ascii_digit());
            all_digits &= is_digits;
            has_zeros |= is_digits && cell.len() > 1 && cell.starts_with('0');
            let digits = cell.trim_start_matches('-').trim_start_matches('0');
            hints.is_long |=
                digits.len() > MOST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
            match Look::of(cell) {
                Look::Loose => signs.extend(money(cell)),
                Look::Date => hints.has_short_years |= has_short_year(cell),
                _ => {}
            }
        }
        hints.has_leading_zeros = all_digits && has_zeros;
        hints.stand_in = stand_in(&values);
        hints.has_currencies = signs.len() > 1;
        hints.has_unclear_points = points_unclear && survey.has_unclear_points();
        hints
    }
}

/// The number of nines, several times among `values`, that lies farther outside of the others than
/// these lie apart.
fn stand_in(values: &[f64]) -> Option<i32> {
    const USUAL: [i32; 9] = [-9, -99, -999, -9999, -99_999, 999, 9999, 99_999, 999_999];
    const FEWEST_OTHERS: usize = 10;
    USUAL.into_iter().find(|nines| {
        let nines = f64::from(*nines);
        let others = || values.iter().filter(|value| **value != nines);
        let n_others = others().count();
        if n_others < FEWEST_OTHERS || values.len() < n_others + 2 {
            return false;
        }
        let (lowest, highest) = others()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
        (lowest - nines).max(nines - highest) > highest - lowest
    })
}

/// The sign of money of a number that has one.
fn money(cell: &str) -> Option<String> {
    let found = loose(cell, Decimal::Point).or_else(|| loose(cell, Decimal::Comma))?;
    let is_sign = |letter: &char| letter.is_alphabetic() || "€$£¥₹₽₩".contains(*letter);
    found.currency.then(|| cell.chars().filter(is_sign).collect())
}

/// Whether the year of a date has two digits: three parts, none longer but the name of a month.
fn has_short_year(cell: &str) -> bool {
    let date = cell.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split(['/', '.', '-']).collect();
    let is_short = |part: &&str| part.len() <= 2 || part.bytes().all(|b| b.is_ascii_alphabetic());
    parts.len() == 3 && parts.iter().all(is_short) && !parts[2].is_empty()
}
