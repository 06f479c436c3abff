use std::fmt;

use crate::math::Scalar;

/// How the deviation of a number from its reference is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// `|found − expected|` divided by the size of the expected number.
    Relative,
    /// The same, but no smaller size than a least one counts: that of the numbers around it.
    Scaled,
    /// Units in the last place: how many floating-point numbers lie between, plus one.
    UnitsInLastPlace,
}

impl Measure {
    /// A deviation or a tolerance in a few characters: `4.5e-16`, `2 ulp`.
    pub fn short(self, deviation: f64) -> String {
        match self {
            _ if !deviation.is_finite() => "∞".to_owned(),
            Self::UnitsInLastPlace => format!("{deviation} ulp"),
            _ if deviation == 0.0 => "0".to_owned(),
            _ => format!("{deviation:.1e}").replace(".0e", "e"),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Relative => "relative",
            Self::Scaled => "relative to scale",
            Self::UnitsInLastPlace => "ulp",
        })
    }
}

/// Numbers beside their references, as they are compared.
#[derive(Debug, Default)]
pub struct Comparison {
    n_values: usize,
    largest_deviation: f64,
    worst: String,
}

impl Comparison {
    /// How many numbers were compared.
    pub fn n_values(&self) -> usize {
        self.n_values
    }

    /// The largest deviation so far; infinite once one could not be measured.
    pub fn largest_deviation(&self) -> f64 {
        self.largest_deviation
    }

    /// The number that deviates most, with its place and its reference.
    pub fn worst(&self) -> &str {
        &self.worst
    }

    /// Compares by the size of the reference.
    pub fn relative(&mut self, found: f64, expected: f64, place: impl FnOnce() -> String) {
        self.scaled(found, expected, expected.abs(), place);
    }

    /// Compares by a given size.
    pub fn scaled(&mut self, found: f64, expected: f64, size: f64, place: impl FnOnce() -> String) {
        let is_same = found == expected;
        let deviation = if is_same { 0.0 } else { (found - expected).abs() / size };
        self.take(deviation, || format!("{}: {found} instead of {expected}", place()));
    }

    /// Compares two lists, each number by its size, or by `least_size` where that is larger.
    pub fn lists(&mut self, found: &[f64], expected: &[f64], least_size: f64, place: &str) {
        if found.len() != expected.len() {
            let (found, expected) = (found.len(), expected.len());
            let text = || format!("{place}: {found} numbers instead of {expected}");
            return self.take(f64::INFINITY, text);
        }
        for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
            let size = expected.abs().max(least_size);
            self.scaled(*found, *expected, size, || format!("{place}, number {index}"));
        }
    }

    /// Compares by units in the last place; NaN equals NaN.
    pub fn units<T: Scalar>(&mut self, found: T, expected: T, place: impl FnOnce() -> String) {
        let is_nan = |x: T| x.to_f64().is_nan();
        let deviation = match (is_nan(found), is_nan(expected)) {
            (true, true) => 0.0,
            (false, false) => ordered(found).abs_diff(ordered(expected)) as f64,
            _ => f64::INFINITY,
        };
        self.take(deviation, || format!("{}: {found} instead of {expected}", place()));
    }

    fn take(&mut self, deviation: f64, text: impl FnOnce() -> String) {
        self.n_values += 1;
        let deviation = if deviation.is_finite() { deviation } else { f64::INFINITY };
        if deviation > self.largest_deviation {
            self.largest_deviation = deviation;
            self.worst = text();
        }
    }
}

/// A whole number that grows with `x`, by one for each floating-point number.
fn ordered<T: Scalar>(x: T) -> i64 {
    let bits = x.to_bits_u64();
    let sign = 1 << (8 * size_of::<T>() - 1);
    let magnitude = (bits & (sign - 1)) as i64;
    if bits & sign == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_the_last_place_count_numbers_between() {
        let distance = |a: f64, b: f64| {
            let mut comparison = Comparison::default();
            comparison.units(a, b, String::new);
            comparison.largest_deviation()
        };
        assert_eq!(distance(1.0, 1.0 + f64::EPSILON), 1.0);
        assert_eq!(distance(2.0, 2.0 - f64::EPSILON), 1.0);
        assert_eq!(distance(-0.0, 0.0), 0.0);
        assert_eq!(distance(f64::from_bits(1), -f64::from_bits(1)), 2.0);
        assert_eq!(distance(f64::MAX, f64::INFINITY), 1.0);
        assert_eq!(distance(f64::NAN, f64::NAN), 0.0);
        assert_eq!(distance(f64::NAN, 1.0), f64::INFINITY);
        let mut single = Comparison::default();
        single.units(-1.0f32, -1.0 - f32::EPSILON, String::new);
        assert_eq!(single.largest_deviation(), 1.0);
    }

    #[test]
    fn deviations_are_short() {
        let short = |deviation| Measure::Relative.short(deviation);
        assert_eq!([short(4.46e-16), short(5e-13), short(1e-10)], ["4.5e-16", "5e-13", "1e-10"]);
        assert_eq!([short(0.0), short(f64::INFINITY)], ["0", "∞"]);
        assert_eq!(Measure::UnitsInLastPlace.short(2.0), "2 ulp");
    }

    #[test]
    fn what_cannot_be_compared_deviates_without_bound() {
        let mut comparison = Comparison::default();
        comparison.lists(&[1.0, 0.0], &[1.0, 0.0], 0.0, "equal");
        assert_eq!((comparison.n_values(), comparison.largest_deviation()), (2, 0.0));
        comparison.lists(&[1.0], &[1.5], 3.0, "near");
        assert_eq!(comparison.largest_deviation(), 0.5 / 3.0);
        comparison.relative(f64::NAN, 1.0, || "there".to_owned());
        assert_eq!(comparison.worst(), "there: NaN instead of 1");
        assert_eq!(comparison.largest_deviation(), f64::INFINITY);
        let mut other = Comparison::default();
        other.lists(&[], &[1.0], 1.0, "short");
        assert_eq!(other.largest_deviation(), f64::INFINITY);
    }
}
