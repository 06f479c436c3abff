//! What a single cell says.

use super::dates::{Order, days};
use super::loose::{is_infinite, loose};

/// The sign between whole and fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::csv) enum Decimal {
    Point,
    Comma,
}

/// Spellings of a missing value, compared without regard to case.
const MISSING: [&str; 24] = [
    "", "?", "-", "na", "n/a", "#n/a", "nan", "null", "none", "--", "---", ".", "..", "...", "–",
    "—", "\\n", "<na>", "(null)", "#null!", "#value!", "#ref!", "#div/0!", "#num!",
];

/// Words that are classes like others in a column of words, and missing values among numbers.
const MISSING_AMONG_NUMBERS: [&str; 8] =
    ["nil", "missing", "unknown", "n.a.", "n.d.", "nd", "not available", "undefined"];

/// Whether `text` (without spaces around it) stands for a missing value.
pub(in crate::data::csv) fn is_missing(text: &str) -> bool {
    let may_be = text.len() <= 4 || text.len() <= 7 && text.starts_with(['#', '(', '.', '–', '—']);
    may_be && MISSING.iter().any(|spelling| text.eq_ignore_ascii_case(spelling))
}

/// Whether `text` (without spaces around it) stands for a missing value in a column of numbers.
pub(in crate::data::csv) fn is_missing_number(text: &str) -> bool {
    let among = |word: &str| text.eq_ignore_ascii_case(word);
    is_missing(text) || text.len() <= 13 && MISSING_AMONG_NUMBERS.iter().any(|word| among(word))
}

/// The finite number that `text` (without spaces around it) spells; words such as `inf` are none.
pub(in crate::data::csv) fn number(text: &str, decimal: Decimal) -> Option<f64> {
    let sign = match decimal {
        Decimal::Point => b'.',
        Decimal::Comma => b',',
    };
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let first = *unsigned.as_bytes().first()?;
    if !first.is_ascii_digit() && first != sign {
        return None;
    }
    let value = match decimal {
        Decimal::Point => text.parse::<f64>(),
        Decimal::Comma if text.contains('.') => return None,
        Decimal::Comma => text.replacen(',', ".", 1).parse(),
    };
    value.ok().filter(|value| value.is_finite())
}

/// What kind of thing a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::csv) enum Look {
    Missing,
    /// A number without a fraction, the same with either decimal sign.
    Whole,
    WithPoint,
    WithComma,
    /// A point and three digits behind it: a fraction, or thousands.
    PointThree,
    /// The same with a comma.
    CommaThree,
    /// A number with signs of money, percent or groups of digits.
    Loose,
    /// A date or a time.
    Date,
    Infinite,
    Text,
}

impl Look {
    /// Looks at `text` (without spaces around it).
    pub(in crate::data::csv) fn of(text: &str) -> Self {
        match spelling(text.as_bytes()) {
            Some(look) => look,
            None if is_missing(text) => Self::Missing,
            None if is_infinite(text) => Self::Infinite,
            None if !text.bytes().any(|byte| byte.is_ascii_digit()) => Self::Text,
            None if loose(text, Decimal::Point).is_some() => Self::Loose,
            None if loose(text, Decimal::Comma).is_some() => Self::Loose,
            None if days(text, Order::DayFirst).is_some() => Self::Date,
            None if days(text, Order::MonthFirst).is_some() => Self::Date,
            None => Self::Text,
        }
    }

    /// Whether it is a number, or read as one.
    pub(in crate::data::csv) fn is_number(self) -> bool {
        !matches!(self, Self::Missing | Self::Text)
    }
}

/// How `text` spells a number, if it does: the syntax alone, which is much faster than its value.
fn spelling(text: &[u8]) -> Option<Look> {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let unsigned = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let n_whole = digits(unsigned);
    let mut after = &unsigned[n_whole..];
    let mut n_fraction = 0;
    let mut look = Look::Whole;
    if let [sign @ (b'.' | b','), tail @ ..] = after {
        look = if *sign == b'.' { Look::WithPoint } else { Look::WithComma };
        n_fraction = digits(tail);
        after = &tail[n_fraction..];
    }
    if n_whole + n_fraction == 0 {
        return None;
    }
    if let [b'e' | b'E', tail @ ..] = after {
        let tail = tail.strip_prefix(b"-").or(tail.strip_prefix(b"+")).unwrap_or(tail);
        let is_exponent = !tail.is_empty() && digits(tail) == tail.len();
        return is_exponent.then_some(look);
    }
    if n_fraction == 3 && (1..=3).contains(&n_whole) && unsigned[0] != b'0' {
        look = if look == Look::WithPoint { Look::PointThree } else { Look::CommaThree };
    }
    after.is_empty().then_some(look)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_and_value_agree() {
        let texts = [
            "1", "-1", "+1", "1.", ".5", "1.5", "-.5e3", "1e5", "1E-5", "1e+5", "1,5", ",5", "-1,",
            "1e", "1e+", ".", "-", "+-1", "1.5.2", "1,5,2", "1.5,2", "e5", "", "1 2", "inf", "0x1",
            "1_0", "\u{661}", "--1", "1e5.5",
        ];
        for text in texts {
            let expected = if number(text, Decimal::Point).is_some() {
                Some(if text.contains('.') { Look::WithPoint } else { Look::Whole })
            } else {
                number(text, Decimal::Comma).map(|_| Look::WithComma)
            };
            assert_eq!(spelling(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn missing_spellings() {
        for text in
            ["", "NA", "NaN", "null", "?", "-", "n/a", "None", "#N/A", "--", "\\N", "#DIV/0!"]
        {
            assert!(is_missing(text), "{text}");
        }
        for text in ["0", "nil", "nano", "no", "N", "unknown"] {
            assert!(!is_missing(text), "{text}");
        }
    }

    #[test]
    fn numbers_in_both_spellings() {
        assert_eq!(number("-1.5e3", Decimal::Point), Some(-1500.0));
        assert_eq!(number("+.5", Decimal::Point), Some(0.5));
        assert_eq!(number("1,5", Decimal::Comma), Some(1.5));
        assert_eq!(number("1,5", Decimal::Point), None);
        assert_eq!(number("1.5", Decimal::Comma), None);
        assert_eq!(number("1,2,3", Decimal::Comma), None);
        for text in ["inf", "-infinity", "nan", "1e999", "0x10", "5%", "1 000", "--1", "e5"] {
            assert_eq!(number(text, Decimal::Point), None, "{text}");
        }
    }
}
