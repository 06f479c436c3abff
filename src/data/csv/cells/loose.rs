//! Numbers as people write them: grouped, with signs of money, percent, in parentheses.

use super::values::{Decimal, number};

/// A number and what was around and inside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::data::csv) struct Loose {
    pub(in crate::data::csv) value: f64,
    pub(in crate::data::csv) percent: bool,
    pub(super) currency: bool,
    /// In parentheses or with the minus behind it, as accounts have it.
    pub(in crate::data::csv) negative: bool,
    pub(super) grouped: bool,
    /// Whether this is read since decisions say so: a minus behind, a Fortran exponent, a lakh.
    pub(super) is_recent: bool,
}

/// Signs and names of money, the longer first where one begins another.
const CURRENCIES: [&str; 25] = [
    "US$", "CA$", "AU$", "R$", "A$", "C$", "€", "$", "£", "¥", "₹", "₽", "₩", "USD", "EUR", "GBP",
    "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "zł", "kr.", "kr",
];

/// Spaces and apostrophes between groups of three digits, whatever the decimal sign.
const GROUPING: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];

/// Reads what [`number`] does not: `1,234.5`, `1 234`, `1,00,000` (an Indian lakh), `12 %` (as 0.12),
/// `€5`, `(5)` and `5-` (as −5), `1.5D+02` (Fortran's 150).
pub(in crate::data::csv) fn loose(text: &str, decimal: Decimal) -> Option<Loose> {
    let mut found = Loose::default();
    // Most words end here: no money begins with another small letter.
    let is_word = text.starts_with(|c: char| c.is_ascii_lowercase() && c != 'k' && c != 'z');
    if is_word || text.len() > 60 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut core = text;
    if let Some(inner) = core.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (core, found.negative) = (inner.trim(), true);
    }
    let mut minus = strip_sign(&mut core);
    if let Some(rest) = CURRENCIES.iter().find_map(|sign| core.strip_prefix(sign)) {
        (core, found.currency) = (rest.trim_start(), true);
        if minus.is_none() {
            minus = strip_sign(&mut core);
        }
    }
    if let Some(rest) = core.strip_suffix('%') {
        (core, found.percent) = (rest.trim_end(), true);
    } else if !found.currency
        && let Some(rest) = CURRENCIES.iter().find_map(|sign| core.strip_suffix(sign))
    {
        (core, found.currency) = (rest.trim_end(), true);
    }
    if minus.is_none()
        && !found.negative
        && let Some(rest) = core.strip_suffix('-')
    {
        (core, found.negative, found.is_recent) = (rest.trim_end(), true, true);
    }
    if found.negative && minus.is_some()
        || !core.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
    {
        return None;
    }
    let magnitude = match number(core, decimal) {
        Some(plain) => plain,
        None => match with_fortran_exponent(core, decimal) {
            Some(value) => {
                found.is_recent = true;
                value
            }
            None => {
                found.grouped = true;
                found.is_recent |= core.split(',').nth(1).is_some_and(|group| group.len() == 2);
                grouped(core, decimal)?
            }
        },
    };
    let value = if found.percent { magnitude / 100.0 } else { magnitude };
    found.value = if found.negative || minus == Some(true) { -value } else { value };
    Some(found)
}

/// Takes a sign off; whether it was a minus.
fn strip_sign(text: &mut &str) -> Option<bool> {
    let rest = text.strip_prefix(['-', '−', '+'])?;
    let minus = !text.starts_with('+');
    *text = rest.trim_start();
    Some(minus)
}

/// A number with a fraction whose exponent follows a D, as Fortran writes double precision.
fn with_fortran_exponent(text: &str, decimal: Decimal) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['D', 'd'])?;
    mantissa.contains(['.', ',']).then(|| number(&format!("{mantissa}e{exponent}"), decimal))?
}

/// Digits in groups of three (in India those before the last in groups of two), all with the same
/// sign between them, and perhaps a fraction.
fn grouped(text: &str, decimal: Decimal) -> Option<f64> {
    let (point, other) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
    let separator = whole.chars().find(|letter| !letter.is_ascii_digit())?;
    if separator != other && !GROUPING.contains(&separator) || whole.starts_with('0') {
        return None;
    }
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let lengths: Vec<usize> = whole.split(separator).map(str::len).collect();
    let (first, behind) = lengths.split_first()?;
    let (last, between) = behind.split_last()?;
    let all = |length: usize| between.iter().all(|other| *other == length);
    let is_indian = separator == ',' && !between.is_empty() && *first <= 2 && all(2);
    let sound = (1..=3).contains(first)
        && *last == 3
        && (all(3) || is_indian)
        && whole.split(separator).all(digits)
        && digits(fraction);
    let plain: String = whole.chars().filter(char::is_ascii_digit).collect();
    sound.then(|| format!("{plain}.{fraction}").parse().ok())?
}

/// Whether `text` spells an infinite number.
pub(in crate::data::csv) fn is_infinite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-', '−']).unwrap_or(text);
    ["inf", "infinity", "∞", "1.#inf"].iter().any(|word| unsigned.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, decimal: Decimal) -> Option<f64> {
        loose(text, decimal).map(|found| found.value)
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (text, expected) in [
            ("1,234.5", 1234.5),
            ("1,234,567", 1_234_567.0),
            ("-12 345.25", -12_345.25),
            ("1\u{a0}234", 1234.0),
            ("1\u{202f}234", 1234.0),
            ("1'234'567.5", 1_234_567.5),
            ("12.5%", 0.125),
            ("12.5 %", 0.125),
            ("$1,000", 1000.0),
            ("-$5", -5.0),
            ("$-5", -5.0),
            ("5 €", 5.0),
            ("CHF 1'000.50", 1000.5),
            ("100 kr", 100.0),
            ("(1,234)", -1234.0),
            ("($5.00)", -5.0),
            ("−3", -3.0),
            ("10.5-", -10.5),
            ("1,234.50-", -1234.5),
            ("5-", -5.0),
            ("1.5D+02", 150.0),
            ("-2.5d-1", -0.25),
            ("1,00,000", 100_000.0),
            ("12,34,567.5", 1_234_567.5),
        ] {
            assert_eq!(value(text, Decimal::Point), Some(expected), "{text}");
        }
        assert_eq!(value("1.234,5", Decimal::Comma), Some(1234.5));
        assert_eq!(value("1 234,5 €", Decimal::Comma), Some(1234.5));
        assert_eq!(value("1.234.567", Decimal::Comma), Some(1_234_567.0));
    }

    #[test]
    fn other_texts_are_no_numbers() {
        for text in [
            "",
            "$",
            "%",
            "()",
            "1,23",
            "1,2345",
            "12 34",
            "1,234 567",
            "0,123",
            "5 apples",
            "room 5",
            "1-2",
            "(-5)",
            "1.2.3",
            "1,,234",
            "10.0.0.1",
            "--5",
            "5%%",
            "-5-",
            "(5-)",
            "5--",
            "1D5",
            "1.5D",
            "1,00,00",
            "100,00,000",
            "1,00,000,000",
        ] {
            assert_eq!(value(text, Decimal::Point), None, "{text}");
        }
    }

    #[test]
    fn infinities() {
        assert!(["inf", "-Infinity", "+INF", "∞", "-∞"].iter().all(|text| is_infinite(text)));
        assert!(!["info", "in", "", "-"].iter().any(|text| is_infinite(text)));
    }
}
