//! Rows of plain numbers, at the speed of the processor.

use super::fields::line_after;
use crate::math::Scalar;

/// How many bytes behind the text may be looked at.
pub(super) const PADDING: usize = 32;

/// 10⁰ to 10²², which are exact.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Where plain rows end, and how many there were.
pub(super) struct Stretch {
    pub(super) end: usize,
    pub(super) n_rows: usize,
}

/// Reads rows of `width` plain numbers from `start` on, into `values` behind the first `n_values`,
/// and stops at the first row that is anything else: quoted, ragged, blank, a word.
///
/// A plain number is `-12.345`, perhaps with an exponent or spaces around it, or, behind the first
/// column, nothing at all. `bytes` has [`PADDING`] behind the text, which ends with a line.
pub(super) fn plain_rows<T: Scalar>(
    bytes: &[u8],
    start: usize,
    delimiter: u8,
    width: usize,
    values: &mut Vec<T>,
    n_values: usize,
) -> Stretch {
    let mut stretch = Stretch { end: start, n_rows: 0 };
    let mut n_values = n_values;
    let n_text = bytes.len() - PADDING;
    while stretch.end < n_text {
        if values.len() < n_values + width {
            values.resize((n_values + width).max(2 * values.len()), T::ZERO);
        }
        let row = &mut values[n_values..n_values + width];
        let Some(end) = plain_row(bytes, stretch.end, delimiter, row) else {
            break;
        };
        stretch.end = end;
        stretch.n_rows += 1;
        n_values += width;
    }
    stretch
}

/// Reads one row; gives the start of the next.
#[inline(always)]
fn plain_row<T: Scalar>(bytes: &[u8], start: usize, delimiter: u8, row: &mut [T]) -> Option<usize> {
    let (last, most) = row.split_last_mut()?;
    let mut at = start;
    for slot in most {
        let (value, end) = number_cell(bytes, at, |byte| byte == delimiter)?;
        if end == start {
            return None;
        }
        *slot = T::from_f64(value);
        at = end + 1;
    }
    let (value, end) = number_cell(bytes, at, |byte| byte == b'\n' || byte == b'\r')?;
    *last = T::from_f64(value);
    (end > start).then_some(line_after(bytes, end))
}

/// The number at `start` and the place behind it, where the cell has to end.
#[inline(always)]
pub(super) fn number_cell(
    bytes: &[u8],
    start: usize,
    is_end: impl Fn(u8) -> bool,
) -> Option<(f64, usize)> {
    match short_cell(bytes, start) {
        Some((value, end)) if is_end(bytes[end]) => Some((value, end)),
        _ => long_cell(bytes, start).filter(|(_, end)| is_end(bytes[*end])),
    }
}

pub(super) const ONES: u64 = 0x0101_0101_0101_0101;

/// A number of up to eight characters behind its sign, NaN where there is none. What stands behind
/// it is left to look at.
///
/// Eight bytes are taken as one word: those that are no digits are found, the point is taken out by
/// a shift, and neighbours are added up three times.
#[inline(always)]
fn short_cell(bytes: &[u8], start: usize) -> Option<(f64, usize)> {
    let minus = bytes[start] == b'-';
    let at = start + usize::from(minus);
    let word = u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?);
    let digits = word ^ (ONES * 0x30);
    // The high bit of each byte that is no digit.
    let others = (((digits & (ONES * 0x7f)) + ONES * 0x76) | digits) & (ONES * 0x80);
    if others == 0 {
        return None;
    }
    let n_whole = others.trailing_zeros() / 8;
    let whole = (1u64 << (8 * n_whole)) - 1;
    let is_point = (word >> (8 * n_whole)) & 0xff == u64::from(b'.');
    let (n_bytes, compact) = match is_point {
        true => {
            let behind = others & (others - 1);
            (behind.trailing_zeros() / 8, (digits & whole) | ((digits >> 8) & !whole))
        }
        false => (n_whole, digits),
    };
    let n_digits = n_bytes - u32::from(is_point);
    let end = at + n_bytes as usize;
    if n_digits == 0 {
        return (!is_point && !minus).then_some((f64::NAN, end));
    }
    let whole_number = eight_digits(compact << (64 - 8 * n_digits));
    let value = whole_number as f64 / POWERS[(n_digits - n_whole) as usize];
    // Signs cannot be foreseen: no branch.
    Some((f64::from_bits(value.to_bits() ^ (u64::from(minus) << 63)), end))
}

/// The number of eight digits, the first in the lowest byte.
#[inline(always)]
fn eight_digits(digits: u64) -> u64 {
    const EVEN: u64 = 0x0000_00ff_0000_00ff;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let high = (pairs & EVEN).wrapping_mul(100 + (1_000_000 << 32));
    let low = ((pairs >> 16) & EVEN).wrapping_mul(1 + (10_000 << 32));
    high.wrapping_add(low) >> 32
}

/// The same for a number of more digits, with an exponent, or with spaces around it.
#[inline(never)]
fn long_cell(bytes: &[u8], start: usize) -> Option<(f64, usize)> {
    let n_spaces = |at: usize| bytes[at..].iter().take_while(|byte| **byte == b' ').count();
    let start = start + n_spaces(start);
    let (value, n) = long_number(&bytes[start..])?;
    let end = start + n;
    Some((value, end + n_spaces(end)))
}

/// The number at the beginning of `bytes`, and its length.
fn long_number(bytes: &[u8]) -> Option<(f64, usize)> {
    let minus = *bytes.first()? == b'-';
    let first = usize::from(minus);
    let mut at = first;
    let mut mantissa = 0u64;
    let mut n_digits = 0;
    let mut take_digits = |at: &mut usize| {
        let from = *at;
        while let Some(digit) = bytes.get(*at).map(|byte| byte.wrapping_sub(b'0'))
            && digit <= 9
        {
            // Wraps beyond 19 digits, where it is not used.
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            *at += 1;
        }
        n_digits += *at - from;
        *at - from
    };
    take_digits(&mut at);
    let mut n_fraction = 0;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        n_fraction = take_digits(&mut at);
    }
    if n_digits == 0 {
        return None;
    }
    let mut exponent = 0i32;
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        let sign = *bytes.get(at)?;
        at += usize::from(matches!(sign, b'-' | b'+'));
        let from = at;
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0'))
            && digit <= 9
        {
            exponent = (exponent * 10 + i32::from(digit)).min(100_000);
            at += 1;
        }
        if at == from {
            return None;
        }
        exponent = if sign == b'-' { -exponent } else { exponent };
    }
    const MOST_EXACT: u64 = 1 << 53;
    let power = i64::from(exponent) - n_fraction as i64;
    let scale = POWERS.get(power.unsigned_abs() as usize);
    let magnitude = match scale {
        Some(scale) if n_digits <= 19 && mantissa <= MOST_EXACT => {
            let mantissa = mantissa as f64;
            if power < 0 { mantissa / scale } else { mantissa * scale }
        }
        _ => std::str::from_utf8(&bytes[first..at]).ok()?.parse::<f64>().ok()?,
    };
    let value = if minus { -magnitude } else { magnitude };
    value.is_finite().then_some((value, at))
}

/// The value of a cell that is a plain number from its first letter to its last.
pub(super) fn plain_number(cell: &str) -> Option<f64> {
    let (value, n) = long_number(cell.as_bytes())?;
    (n == cell.len()).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::data::csv::cells::values::{Decimal, number};

    fn rows(text: &str, width: usize) -> (Vec<f64>, usize, usize) {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(text.len() + PADDING, 0);
        let mut values = Vec::new();
        let stretch = plain_rows(&bytes, 0, b',', width, &mut values, 0);
        values.truncate(stretch.n_rows * width);
        (values, stretch.n_rows, stretch.end)
    }

    #[test]
    fn rows_of_numbers() {
        let (values, n_rows, end) = rows("1,-2.5\r\n.5,1e3\n 7 , 8\n-0,12345678.12345\n", 2);
        assert_eq!(values, [1.0, -2.5, 0.5, 1000.0, 7.0, 8.0, 0.0, 12_345_678.123_45]);
        assert!(values[6].is_sign_negative());
        assert_eq!((n_rows, end), (4, 40));
        let (values, ..) = rows("1,\n1,2\n", 2);
        assert!(values[1].is_nan());
    }

    #[test]
    fn other_rows_are_left() {
        for text in [
            ",1\n",
            "1\n",
            "1,2,3\n",
            "1,x\n",
            "1,2x\n",
            "\"1\",2\n",
            "1,\"2\"\n",
            "\n",
            "1,-\n",
            "1,.\n",
            "1,1e\n",
            "1,1e+\n",
            "1,+-1\n",
            "1,1e999\n",
            "1,--1\n",
            "1,1.2.3\n",
            "1,1_0\n",
            " ,1\n",
            "1;2\n",
            "1,12345678x\n",
            "1,1234567.x\n",
            "1,é\n",
            "\r\n",
            "1,1 2\n",
        ] {
            assert_eq!(rows(text, 2).1, 0, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// What is read is what the ordinary way reads, to the last bit, and nothing else is read.
        #[test]
        fn as_the_standard_library_reads_it(
            text in "[-+]?[0-9]{0,21}(\\.[0-9]{0,21})?(e[-+]?[0-9]{0,3})?|[-+0-9.e ]{0,12}",
            before in "(1,)?",
        ) {
            let line = format!("{before}{text}\n");
            let width = if before.is_empty() { 1 } else { 2 };
            let (values, n_rows, end) = rows(&line, width);
            let expected = number(text.trim(), Decimal::Point);
            if n_rows == 1 {
                prop_assert_eq!(end, line.len());
                match values.last() {
                    Some(value) if value.is_nan() => prop_assert!(text.trim().is_empty()),
                    value => {
                        prop_assert_eq!(value.map(|v| v.to_bits()), expected.map(f64::to_bits));
                    }
                }
            }
            if let Some(value) = plain_number(&text) {
                prop_assert_eq!(Some(value.to_bits()), expected.map(f64::to_bits));
            }
        }
    }
}
