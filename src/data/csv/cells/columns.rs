//! Types of columns, by what their cells look like.

use std::cmp::Ordering;

use super::dates::{Order, days, is_duration, is_time};
use super::loose::loose;
use super::missing::{NAMIBIA, Words, is_country};
use super::values::{Decimal, Look, is_missing_number, number};

const LONGEST_CODE: usize = 16;

/// Counts what the cells of one column look like.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::data::csv) struct Survey {
    n_whole: usize,
    n_with_point: usize,
    n_with_comma: usize,
    n_point_three: usize,
    n_comma_three: usize,
    /// Numbers with other signs, by the decimal sign that they permit.
    n_loose: usize,
    n_loose_point: usize,
    n_loose_comma: usize,
    n_infinite: usize,
    n_text: usize,
    /// Words that stand for missing values if the others are numbers.
    n_missing_words: usize,
    /// Codes of countries among the words; `NA`, which may be one; and the first letters of the
    /// former, each a bit.
    n_countries: usize,
    n_namibia: usize,
    letters: u32,
    /// Codes of digits with a letter or two between them, and how long they are, each length a bit;
    /// and the first of them.
    n_codes: usize,
    code_lengths: u32,
    first_code: [u8; LONGEST_CODE],
    /// How long the whole numbers are, each length a bit; the lowest is for those that are not known.
    whole_lengths: u32,
    pub(in crate::data::csv) n_percent: usize,
    pub(in crate::data::csv) n_currency: usize,
    pub(in crate::data::csv) n_negative: usize,
    n_grouped: usize,
    /// Dates: all, those that are one with the day first or with the month first alone, and those
    /// that are another date with either.
    n_dates: usize,
    n_day_first: usize,
    n_month_first: usize,
    n_either: usize,
    n_slashed: usize,
    /// Times without a date.
    n_times: usize,
    /// Numbers and times of which decisions speak, because they were not always read.
    n_recent: usize,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::csv) enum Type {
    Numeric(Decimal),
    Date(Order),
    Nominal,
}

impl Type {
    /// The number that a cell of this type spells.
    pub(in crate::data::csv) fn number(self, cell: &str) -> Option<f64> {
        match self {
            Self::Numeric(decimal) => number(cell, decimal)
                .or_else(|| loose(cell, decimal).map(|found| found.value))
                .filter(|value| value.is_finite()),
            Self::Date(order) => days(cell, order),
            Self::Nominal => None,
        }
    }
}

/// The decimal sign that columns of numbers show beyond doubt, if they agree.
pub(in crate::data::csv) fn table_sign(surveys: &[Survey], comma_likely: bool) -> Option<Decimal> {
    let is_number =
        |survey: &&Survey| matches!(survey.column_type(None, comma_likely), Type::Numeric(_));
    let mut signs = surveys.iter().filter(is_number).filter_map(Survey::certain);
    let first = signs.next()?;
    signs.all(|sign| sign == first).then_some(first)
}

impl Survey {
    /// Looks at a cell of a column in which these words are missing values.
    pub(in crate::data::csv) fn look_for(&mut self, cell: &str, words: Words) {
        if words == Words::None && !cell.is_empty() && is_missing_number(cell) {
            self.n_text += 1;
        } else {
            self.look(cell);
        }
    }

    pub(in crate::data::csv) fn look(&mut self, cell: &str) {
        match Look::of(cell) {
            Look::Missing => self.n_namibia += usize::from(cell == NAMIBIA),
            Look::Whole => {
                self.n_whole += 1;
                self.whole_lengths |= 1 << cell.len().min(31);
            }
            Look::WithPoint => self.n_with_point += 1,
            Look::WithComma => self.n_with_comma += 1,
            Look::PointThree => self.n_point_three += 1,
            Look::CommaThree => self.n_comma_three += 1,
            Look::Loose => self.look_at_loose(cell),
            Look::Date => self.look_at_date(cell),
            Look::Infinite => self.n_infinite += 1,
            Look::Text if is_missing_number(cell) => self.n_missing_words += 1,
            Look::Text => {
                self.n_text += 1;
                if is_country(cell) {
                    self.n_countries += 1;
                    self.letters |= 1 << (cell.as_bytes()[0] - b'A');
                }
                if is_code(cell) {
                    if self.n_codes == 0 {
                        self.first_code[..cell.len()].copy_from_slice(cell.as_bytes());
                    }
                    self.n_codes += 1;
                    self.code_lengths |= 1 << cell.len();
                }
            }
        }
    }

    fn look_at_loose(&mut self, cell: &str) {
        let point = loose(cell, Decimal::Point);
        let comma = loose(cell, Decimal::Comma);
        match (point, comma) {
            (Some(_), Some(_)) => self.n_loose += 1,
            (Some(_), None) => self.n_loose_point += 1,
            (None, _) => self.n_loose_comma += 1,
        }
        if let Some(found) = point.or(comma) {
            self.n_percent += usize::from(found.percent);
            self.n_currency += usize::from(found.currency);
            self.n_negative += usize::from(found.negative);
            self.n_grouped += usize::from(found.grouped);
            self.n_recent += usize::from(found.is_recent);
        }
    }

    fn look_at_date(&mut self, cell: &str) {
        self.n_dates += 1;
        self.n_times += usize::from(is_time(cell));
        self.n_recent += usize::from(is_duration(cell));
        match (days(cell, Order::DayFirst), days(cell, Order::MonthFirst)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(_), Some(_)) => {
                self.n_either += 1;
                self.n_slashed += usize::from(cell.contains('/'));
            }
            (Some(_), None) => self.n_day_first += 1,
            (None, _) => self.n_month_first += 1,
        }
    }

    /// Looks at many cells that say the same.
    pub(in crate::data::csv) fn look_often(&mut self, cell: &str, n_times: usize) {
        let mut once = Self::default();
        once.look(cell);
        self.add(once, n_times);
    }

    /// Counts numbers that were recognised before, as whole ones of lengths that are not known.
    pub(in crate::data::csv) fn add_numbers(&mut self, n: usize) {
        self.n_whole += n;
        self.whole_lengths |= u32::from(n > 0);
    }

    /// Counts dates that are the same whether day or month comes first.
    pub(in crate::data::csv) fn add_dates(&mut self, n: usize) {
        self.n_dates += n;
    }

    /// Adds what another survey counted, so many times.
    pub(in crate::data::csv) fn add(&mut self, mut other: Self, n_times: usize) {
        self.letters |= other.letters;
        self.code_lengths |= other.code_lengths;
        self.whole_lengths |= other.whole_lengths;
        if self.n_codes == 0 {
            self.first_code = other.first_code;
        }
        for (count, more) in self.counts().into_iter().zip(other.counts()) {
            *count += n_times * *more;
        }
    }

    fn counts(&mut self) -> [&mut usize; 25] {
        let Self {
            n_whole,
            n_with_point,
            n_with_comma,
            n_point_three,
            n_comma_three,
            n_loose,
            n_loose_point,
            n_loose_comma,
            n_infinite,
            n_text,
            n_missing_words,
            n_countries,
            n_namibia,
            letters: _,
            n_codes,
            code_lengths: _,
            first_code: _,
            whole_lengths: _,
            n_percent,
            n_currency,
            n_negative,
            n_grouped,
            n_dates,
            n_day_first,
            n_month_first,
            n_either,
            n_slashed,
            n_times,
            n_recent,
        } = self;
        [
            n_whole,
            n_with_point,
            n_with_comma,
            n_point_three,
            n_comma_three,
            n_loose,
            n_loose_point,
            n_loose_comma,
            n_infinite,
            n_text,
            n_missing_words,
            n_countries,
            n_namibia,
            n_codes,
            n_percent,
            n_currency,
            n_negative,
            n_grouped,
            n_dates,
            n_day_first,
            n_month_first,
            n_either,
            n_slashed,
            n_times,
            n_recent,
        ]
    }

    /// Whether any cell has a comma that could be a decimal one. Where none has, all that the column
    /// type needs to know of a number with a decimal point is that it is one.
    pub(in crate::data::csv) fn has_commas(&self) -> bool {
        self.n_with_comma + self.n_comma_three + self.n_loose_comma > 0
    }

    /// Whether all words are codes of countries, of several first letters; those of yes and no, or of
    /// morning and evening, have fewer.
    pub(in crate::data::csv) fn has_countries(&self) -> bool {
        const FEWEST_LETTERS: u32 = 3;
        self.n_text == self.n_countries
            && self.n_text == self.n_present()
            && self.n_missing_words == 0
            && self.letters.count_ones() >= FEWEST_LETTERS
    }

    /// Whether `NA` stands among codes of countries.
    pub(in crate::data::csv) fn has_namibia(&self) -> bool {
        self.n_namibia > 0 && self.has_countries()
    }

    /// How many cells are there and not missing, whatever the type.
    fn n_present(&self) -> usize {
        self.n_point() + self.n_with_comma + self.n_loose_comma + self.n_dates + self.n_text
    }

    /// How many are numbers with a decimal point.
    fn n_point(&self) -> usize {
        self.n_either_sign() + self.n_with_point + self.n_loose_point
    }

    /// How many are numbers with a decimal comma.
    fn n_comma(&self) -> usize {
        self.n_either_sign() + self.n_with_comma + self.n_loose_comma
    }

    fn n_either_sign(&self) -> usize {
        self.n_whole + self.n_point_three + self.n_comma_three + self.n_loose + self.n_infinite
    }

    pub(in crate::data::csv) fn is_empty(&self) -> bool {
        self.n_present() + self.n_missing_words == 0
    }

    /// Whether most of the cells are numbers.
    pub(in crate::data::csv) fn is_mostly_numbers(&self) -> bool {
        2 * self.n_point().max(self.n_comma()).max(self.n_dates) > self.n_present()
    }

    /// The decimal sign that the column itself shows; `None` where it could be either.
    fn decimal(&self) -> Option<Decimal> {
        let n_point = self.n_with_point + self.n_loose_point;
        let n_comma = self.n_with_comma + self.n_loose_comma;
        if n_comma > n_point {
            Some(Decimal::Comma)
        } else if n_point > 0 || self.n_comma_three == 0 || self.n_point_three > 0 {
            Some(Decimal::Point)
        } else {
            None
        }
    }

    /// The decimal sign of which the column leaves no doubt.
    fn certain(&self) -> Option<Decimal> {
        let n_point = self.n_with_point + self.n_loose_point;
        let n_comma = self.n_with_comma + self.n_loose_comma;
        match n_point.cmp(&n_comma) {
            Ordering::Greater => Some(Decimal::Point),
            Ordering::Less => Some(Decimal::Comma),
            Ordering::Equal => None,
        }
    }

    /// Whether all the column has to say about its decimal sign is `1.234`.
    pub(in crate::data::csv) fn has_unclear_points(&self) -> bool {
        self.n_point_three > 0 && self.certain().is_none() && !self.has_commas()
    }

    /// The decimal sign that the other columns of numbers show, where this one could have either.
    pub(in crate::data::csv) fn voted(&self, table: Option<Decimal>) -> Option<Decimal> {
        let is_unclear = self.has_unclear_points() || self.decimal().is_none();
        table.filter(|_| is_unclear)
    }

    /// Whether all the column has to say about its decimal sign is `1,234`.
    pub(in crate::data::csv) fn is_ambiguous(&self) -> bool {
        self.decimal().is_none() && self.n_whole == 0
    }

    /// The decimal sign with which the column is read if it is one of numbers.
    pub(in crate::data::csv) fn decimal_sign(&self, comma_likely: bool) -> Decimal {
        self.decimal().unwrap_or(match comma_likely && self.is_ambiguous() {
            true => Decimal::Comma,
            false => Decimal::Point,
        })
    }

    /// Numeric where all cells are numbers but a few: one in at least four, or up to a tenth.
    ///
    /// `1,234` alone is a fraction where a comma may be one; beside whole numbers it is thousands.
    /// Numbers beside codes like `2B033` are such codes.
    pub(in crate::data::csv) fn column_type(
        &self,
        stated: Option<Decimal>,
        comma_likely: bool,
    ) -> Type {
        let decimal = stated.unwrap_or_else(|| self.decimal_sign(comma_likely));
        let n_numbers = match decimal {
            Decimal::Point => self.n_point(),
            Decimal::Comma => self.n_comma(),
        };
        if self.n_present() == 0 && self.n_missing_words > 0 {
            return Type::Nominal;
        }
        if self.has_codes() {
            Type::Nominal
        } else if self.are_nearly_all(n_numbers) {
            Type::Numeric(decimal)
        } else if self.are_nearly_all(self.n_dates) {
            Type::Date(self.order())
        } else {
            Type::Nominal
        }
    }

    /// Whether all cells that are there are of these, but for a few.
    fn are_nearly_all(&self, n_good: usize) -> bool {
        let n_present = self.n_present();
        let n_bad = n_present - n_good;
        n_bad == 0 || (n_bad == 1 && n_good >= 3) || n_bad * 10 <= n_present
    }

    /// Whether all that is no whole number is a code: more than a few cells that were mistyped, all
    /// of the length of the numbers, which may have lost a zero in front. Where lengths of numbers
    /// are not known, they may be of that length.
    fn has_codes(&self) -> bool {
        const FEWEST: usize = 3;
        /// One in so many; Corsica has 1 % of the communes of France.
        const RAREST: usize = 150;
        let of_codes = self.code_lengths;
        let is_length = |lengths: u32| lengths == of_codes || lengths == of_codes | of_codes >> 1;
        self.n_codes >= FEWEST
            && self.n_codes * RAREST >= self.n_present()
            && self.n_codes + self.n_whole == self.n_present()
            && of_codes.count_ones() == 1
            && (self.whole_lengths & 1 == 1 || is_length(self.whole_lengths))
    }

    /// The first of the codes, where they alone make a text of a column of numbers, and how many
    /// there are.
    pub(in crate::data::csv) fn codes_among_numbers(&self) -> Option<(&str, usize)> {
        let decide = self.has_codes() && self.are_nearly_all(self.n_whole);
        let code = std::str::from_utf8(&self.first_code).unwrap_or_default();
        decide.then(|| (code.trim_end_matches('\0'), self.n_codes))
    }

    /// Day or month first, as the dates show that are one in one order alone.
    pub(in crate::data::csv) fn order(&self) -> Order {
        let month_first = self.n_month_first > self.n_day_first
            || self.n_month_first == self.n_day_first && self.n_slashed > 0;
        if month_first { Order::MonthFirst } else { Order::DayFirst }
    }

    /// Whether there are numbers or times that were not always read.
    pub(in crate::data::csv) fn has_recent(&self) -> bool {
        self.n_recent > 0
    }

    /// Whether there are times alone, without dates.
    pub(in crate::data::csv) fn has_only_times(&self) -> bool {
        self.n_times > 0 && self.n_times == self.n_dates
    }

    /// Whether nothing shows if day or month comes first.
    pub(in crate::data::csv) fn order_is_guessed(&self) -> bool {
        self.n_either > 0 && self.n_day_first == self.n_month_first
    }

    /// Whether there are numbers with groups of digits, read with this decimal sign.
    pub(in crate::data::csv) fn has_groups(&self, decimal: Decimal) -> bool {
        let n_three = match decimal {
            Decimal::Point => self.n_comma_three,
            Decimal::Comma => self.n_point_three,
        };
        self.n_grouped + n_three > 0
    }
}

/// Whether a text is digits with a capital letter or two between them, as in the codes that offices
/// give: `2B033`. `O` and `I` are digits that were misread.
fn is_code(text: &str) -> bool {
    const LENGTHS: std::ops::RangeInclusive<usize> = 4..=LONGEST_CODE;
    let bytes = text.as_bytes();
    let is_letter = |byte: &u8| byte.is_ascii_uppercase() && !matches!(byte, b'O' | b'I');
    let letters = bytes.iter().filter(|byte| is_letter(byte)).count();
    let is_run = bytes.iter().skip_while(|byte| !is_letter(byte)).take_while(|b| is_letter(b));
    LENGTHS.contains(&bytes.len())
        && bytes.iter().all(|byte| is_letter(byte) || byte.is_ascii_digit())
        && (1..=2).contains(&letters)
        && is_run.count() == letters
        && bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.last().is_some_and(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column_type(cells: &[&str]) -> Type {
        let mut survey = Survey::default();
        cells.iter().for_each(|cell| survey.look(cell));
        survey.column_type(None, true)
    }

    #[test]
    fn types_follow_most_cells() {
        assert_eq!(column_type(&["1", "2.5", "NA"]), Type::Numeric(Decimal::Point));
        assert_eq!(column_type(&["1", "2,5", ""]), Type::Numeric(Decimal::Comma));
        assert_eq!(column_type(&["1", "2", "3", "oops"]), Type::Numeric(Decimal::Point));
        assert_eq!(column_type(&["1", "2", "oops"]), Type::Nominal);
        let mut codes = vec!["01234"; 60];
        codes.extend(["2B033", "2A004"]);
        assert_eq!(column_type(&codes), Type::Numeric(Decimal::Point));
        codes.push("2A004");
        assert_eq!(column_type(&codes), Type::Nominal, "codes of one length");
        codes.push("12A0045");
        assert_eq!(column_type(&codes), Type::Numeric(Decimal::Point), "of several");
        let beside = |numbers: &[&str], codes: &[&str]| {
            column_type(&[numbers, codes].concat()) == Type::Nominal
        };
        let codes = ["2B033", "2A004", "2A005"];
        assert!(beside(&["12345", "1234"].repeat(30), &codes), "a zero in front was lost");
        assert!(!beside(&["12345", "123"].repeat(30), &codes), "numbers of any length");
        assert!(!beside(&["1234"].repeat(60), &codes), "of another length");
        assert!(!beside(&["12345", "123.4"].repeat(30), &codes), "not whole");
        assert!(!beside(&["12345"].repeat(60), &["2O033", "2I004", "2O005"]), "misread");
        assert!(beside(&["12345"].repeat(447), &codes));
        assert!(!beside(&["12345"].repeat(448), &codes), "too rare");
        let mut flags = vec!["123"; 60];
        flags.extend(["123b", "456b", "789b", "321e"]);
        assert_eq!(column_type(&flags), Type::Numeric(Decimal::Point), "numbers with remarks");
        assert_eq!(column_type(&["red", "blue"]), Type::Nominal);
        assert_eq!(column_type(&["1", "2", "3", "4", "a", "b"]), Type::Nominal);
        assert_eq!(column_type(&["", "NA"]), Type::Numeric(Decimal::Point));
        assert_eq!(column_type(&["1", "unknown", "unknown", "2"]), Type::Numeric(Decimal::Point));
        assert_eq!(column_type(&["a", "unknown", "b"]), Type::Nominal);
        assert_eq!(column_type(&["inf", "1"]), Type::Numeric(Decimal::Point));
    }

    #[test]
    fn the_column_decides_what_a_comma_is() {
        assert_eq!(column_type(&["1,234", "2,500"]), Type::Numeric(Decimal::Comma));
        assert_eq!(column_type(&["1,234", "950"]), Type::Numeric(Decimal::Point));
        assert_eq!(column_type(&["1,234", "0,5"]), Type::Numeric(Decimal::Comma));
        assert_eq!(column_type(&["1,234", "1,234.5"]), Type::Numeric(Decimal::Point));
        assert_eq!(column_type(&["1.234", "1.234,5"]), Type::Numeric(Decimal::Comma));
        assert_eq!(column_type(&["1.234", "2.345"]), Type::Numeric(Decimal::Point));
    }

    #[test]
    fn the_column_decides_what_comes_first_in_a_date() {
        let date = |cells: &[&str]| column_type(cells);
        assert_eq!(date(&["01/02/2020", "13/02/2020"]), Type::Date(Order::DayFirst));
        assert_eq!(date(&["01/02/2020", "02/13/2020"]), Type::Date(Order::MonthFirst));
        assert_eq!(date(&["01/02/2020", "02/03/2020"]), Type::Date(Order::MonthFirst));
        assert_eq!(date(&["01.02.2020", "02.03.2020"]), Type::Date(Order::DayFirst));
        assert_eq!(date(&["2020-01-02", "2020-01-03T12:00"]), Type::Date(Order::DayFirst));
    }
}
