//! Numbers as they are written in the lines of an optimizer.

/// Significant digits of numbers, and the most for a parameter that hardly moves.
pub(super) const DIGITS: usize = 5;
const MOST_DIGITS: usize = 16;

/// Whether a number is written without loss.
pub(super) fn is_whole(text: &str, x: f64) -> bool {
    text.replace('−', "-").parse() == Ok(x)
}

/// The digits of a number that tell it from where it moves to, and some more.
pub(super) fn digits_of_move(before: f64, after: f64) -> usize {
    let (size, mut step) = (before.abs().max(after.abs()), (after - before).abs());
    let mut digits = 3;
    while step > 0.0 && step < size && digits < MOST_DIGITS {
        step *= 10.0;
        digits += 1;
    }
    digits.max(DIGITS)
}

/// A number to five significant digits, as short as it is then: `0.9`, `−12.346`, `1.2346e-7`.
pub(in crate::optimizers) fn number(x: f64) -> String {
    number_to(DIGITS, x)
}

/// The same to another number of digits.
pub(super) fn number_to(digits: usize, x: f64) -> String {
    let n_places = digits as i32 - 1;
    if !x.is_finite() {
        return if x.is_nan() { "?".to_owned() } else { format!("{x}").replace("inf", "∞") };
    }
    let size = x.abs();
    let text = if size.fract() == 0.0 && size < 1e15 {
        format!("{size}")
    } else {
        let rounded = format!("{size:.*e}", digits - 1);
        let (digits, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let trimmed = |text: &str| text.trim_end_matches('0').trim_end_matches('.').to_owned();
        if (-4..6).contains(&exponent) {
            trimmed(&format!("{size:.*}", (n_places - exponent).max(1) as usize))
        } else {
            format!("{}e{exponent}", trimmed(digits))
        }
    };
    if x < 0.0 { format!("−{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_has_the_digits_that_show_its_move() {
        for (before, after, expected) in [
            (1.0, 0.5, 5),
            (1.0, 0.999_961_7, 8),
            (-2.903_5, -2.903_5, 5),
            (3.0, 3.0 + 1e-9, 13),
            (0.0, 0.1, 5),
        ] {
            assert_eq!(digits_of_move(before, after), expected, "{before} {after}");
        }
        assert_eq!(number_to(8, 0.999_961_7), "0.9999617");
    }

    #[test]
    fn numbers_have_five_digits() {
        for (x, expected) in [
            (0.9, "0.9"),
            (-12.345_678, "−12.346"),
            (1.234_56e-7, "1.2346e-7"),
            (0.000_123_456_7, "0.00012346"),
            (123_456.7, "123456.7"),
            (99_999.96, "100000"),
            (2.5e9, "2500000000"),
            (1e-30, "1e-30"),
            (0.0, "0"),
            (-0.0, "0"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(number(x), expected);
        }
    }
}
