//! Rows in which nothing is odd: as many cells as columns, none of them with a line end inside.

use super::fields::line_after;
use super::numbers::{ONES, number_cell};
use super::piece::Kind;
use super::plan::Plan;
use crate::math::Scalar;

/// Where the text of a cell is that is no plain number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) column: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether there are doubled quotes inside.
    pub(super) has_quotes: bool,
}

/// Finds the cells of the row at `start`: the values of plain numbers, one place in `numbers` for each
/// column of numbers, and the places of all others, in their order. Gives the start of the next row;
/// `None` where anything is odd.
///
/// `bytes` ends with a line and [`PADDING`](super::numbers::PADDING).
#[inline]
pub(super) fn usual_row<T: Scalar>(
    bytes: &[u8],
    start: usize,
    plan: &Plan,
    numbers: &mut [T],
    spans: &mut Vec<Span>,
) -> Option<usize> {
    let width = plan.kinds.len();
    let mut slots = numbers.iter_mut();
    let mut at = start;
    let mut n_present = 0;
    spans.clear();
    for (column, kind) in plan.kinds.iter().enumerate() {
        let is_last = column + 1 == width;
        let is_end = |byte: u8| match is_last {
            true => byte == b'\n' || byte == b'\r',
            false => byte == plan.delimiter,
        };
        let n_quotes = usize::from(bytes[at] == plan.quote);
        let from = at + n_quotes;
        let slot = if *kind == Kind::Words { None } else { slots.next() };
        if *kind == Kind::Plain {
            let is_close = |byte| if n_quotes > 0 { byte == plan.quote } else { is_end(byte) };
            let found = number_cell(bytes, from, is_close);
            if let (Some((value, end)), Some(slot)) = (found, slot)
                && is_end(bytes[end + n_quotes])
            {
                if !value.is_nan() {
                    n_present += 1;
                } else if column == 0 {
                    return None;
                }
                *slot = T::from_f64(value);
                at = end + n_quotes + 1;
                continue;
            }
        }
        let (end, has_quotes) = match n_quotes {
            0 => (field_end(bytes, from, plan.delimiter), false),
            _ => quoted_end(bytes, from, plan.quote)?,
        };
        if !is_end(bytes[end + n_quotes]) {
            return None;
        }
        // Nothing that could be a space of any kind.
        n_present += usize::from(end > from && bytes[from].is_ascii_graphic());
        spans.push(Span { column, start: from, end, has_quotes });
        at = end + n_quotes + 1;
    }
    // A row with one value alone may stand below the table.
    (width < 3 || n_present > 1).then(|| line_after(bytes, at - 1))
}

/// The high bit of each byte of `word` that is `byte`, and perhaps some above the first of them.
#[inline(always)]
fn marked(word: u64, byte: u8) -> u64 {
    let others = word ^ (ONES * u64::from(byte));
    others.wrapping_sub(ONES) & !others & (ONES * 0x80)
}

/// The next place of one of these bytes, of which one is there.
#[inline(always)]
fn next_of(bytes: &[u8], start: usize, wanted: [u8; 3]) -> usize {
    let mut at = start;
    loop {
        let Some(word) = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok()) else {
            return at;
        };
        let word = u64::from_le_bytes(word);
        let found = wanted.into_iter().fold(0, |found, byte| found | marked(word, byte));
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
}

/// The end of a field without quotes.
#[inline(always)]
fn field_end(bytes: &[u8], start: usize, delimiter: u8) -> usize {
    next_of(bytes, start, [delimiter, b'\n', b'\r'])
}

/// The closing quote, and whether there are doubled ones before; `None` where the line ends before.
#[inline(always)]
fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> Option<(usize, bool)> {
    let mut at = start;
    let mut has_quotes = false;
    loop {
        at = next_of(bytes, at, [quote, b'\n', b'\r']);
        if bytes[at] != quote {
            return None;
        }
        if bytes[at + 1] != quote {
            return Some((at, has_quotes));
        }
        has_quotes = true;
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::numbers::PADDING;
    use super::*;

    fn padded(text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(text.len() + PADDING, 0);
        bytes
    }

    proptest! {
        #[test]
        fn ends_are_found(text in "[a\u{e9},\"\r\n]{0,30}", start in 0usize..30) {
            let bytes = padded(&(text + "\n"));
            let n_text = bytes.len() - PADDING;
            let start = start.min(n_text - 1);
            let is_end = |byte: &u8| b",\r\n".contains(byte);
            let expected = start + bytes[start..].iter().position(is_end).unwrap();
            prop_assert_eq!(field_end(&bytes, start, b','), expected);
        }
    }

    #[test]
    fn quotes_are_closed_in_their_line() {
        for (text, expected) in [
            ("abc\",", Some((3, false))),
            ("\"\n", Some((0, false))),
            ("a\"\"b\"\"\"\n", Some((6, true))),
            ("a\nb\",\n", None),
            ("a\"\"\n", None),
        ] {
            assert_eq!(quoted_end(&padded(text), 0, b'"'), expected, "{text}");
        }
    }
}
