//! Shift and scale of one column.

use super::quantile::{quantile, sorted};
use crate::data::{DataError, Scaling};

/// What one look at all values says of them.
#[derive(Clone, Copy, Debug)]
pub(in crate::data) struct Extent {
    /// How many there are.
    pub n: usize,
    /// Their sum, from first to last.
    pub sum: f64,
    /// The lowest; ∞ of none.
    pub low: f64,
    /// The highest; −∞ of none.
    pub high: f64,
}

impl Default for Extent {
    fn default() -> Self {
        Self { n: 0, sum: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }
}

impl Extent {
    /// Takes in more values, none of which may be missing.
    pub(in crate::data) fn add(&mut self, values: &[f64]) {
        self.n += values.len();
        self.sum = values.iter().fold(self.sum, |sum, x| sum + x);
        self.low = values.iter().copied().fold(self.low, f64::min);
        self.high = values.iter().copied().fold(self.high, f64::max);
    }

    /// The mean; 0 of no values.
    pub(in crate::data) fn mean(&self) -> f64 {
        if self.n == 0 { 0.0 } else { self.sum / self.n as f64 }
    }

    /// `(shift, scale)`, if they can be computed with.
    pub(in crate::data) fn checked(
        &self,
        fitted: (f64, f64),
        name: &str,
    ) -> Result<(f64, f64), DataError> {
        if !fitted.0.is_finite() || !fitted.1.is_finite() || fitted.1 <= 0.0 {
            return Err(DataError::new(format!(
                "the values of `{name}` (from {:e} to {:e}) cannot be scaled in double precision; rescale them in the file",
                self.low, self.high
            )));
        }
        Ok(fitted)
    }
}

/// `(shift, scale)` fitted to values, none of which may be missing. Constant values, and none at all,
/// get the scale 1. The values are shown, some at a time, by each call of `for_each`.
pub(in crate::data) fn fit(
    extent: &Extent,
    scaling: Scaling,
    name: &str,
    for_each: impl Fn(&mut dyn FnMut(&[f64])) -> Result<(), DataError>,
) -> Result<(f64, f64), DataError> {
    let Extent { n, low, high, .. } = *extent;
    let fitted = match scaling {
        Scaling::Off => (0.0, 1.0),
        _ if n == 0 => (0.0, 1.0),
        _ if low == high => (low, 1.0),
        Scaling::MinMax | Scaling::Together => (low, high - low),
        Scaling::Standardize => {
            let (mean, mut sum) = (extent.mean(), 0.0);
            for_each(&mut |values| {
                sum = values.iter().fold(sum, |sum, x| sum + (x - mean) * (x - mean));
            })?;
            (mean, (sum / n as f64).sqrt())
        }
        Scaling::Robust => {
            let mut all = Vec::with_capacity(n);
            for_each(&mut |values| all.extend_from_slice(values))?;
            let sorted = sorted(&all);
            let spread = quantile(&sorted, 0.75) - quantile(&sorted, 0.25);
            (quantile(&sorted, 0.5), if spread == 0.0 { 1.0 } else { spread })
        }
    };
    extent.checked(fitted, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(values: &[f64], scaling: Scaling, name: &str) -> Result<(f64, f64), DataError> {
        // However the values come, the result is the same.
        let results = [1, 3, 100].map(|n| {
            let mut extent = Extent::default();
            values.chunks(n).for_each(|some| extent.add(some));
            super::fit(&extent, scaling, name, |look| {
                values.chunks(n).for_each(look);
                Ok(())
            })
        });
        let [result, ..] = results.clone();
        assert!(results.iter().all(|other| *other == result));
        result
    }

    #[test]
    fn standardize_uses_the_population_deviation() {
        // Mean 5 and population standard deviation 2 (the usual textbook example).
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(fit(&values, Scaling::Standardize, "x"), Ok((5.0, 2.0)));
        assert_eq!(fit(&values, Scaling::MinMax, "x"), Ok((2.0, 7.0)));
        // Quartiles 4 and 5.5, median 4.5.
        assert_eq!(fit(&values, Scaling::Robust, "x"), Ok((4.5, 1.5)));
        assert_eq!(fit(&values, Scaling::Off, "x"), Ok((0.0, 1.0)));
    }

    #[test]
    fn constants_are_only_shifted() {
        for scaling in [Scaling::Standardize, Scaling::MinMax, Scaling::Robust] {
            assert_eq!(fit(&[0.1; 7], scaling, "x"), Ok((0.1, 1.0)));
        }
    }

    #[test]
    fn values_too_large_to_scale_are_refused() {
        let error = fit(&[-1e308, 1e308, 1e308], Scaling::MinMax, "x").unwrap_err();
        assert_eq!(
            error.message,
            "the values of `x` (from -1e308 to 1e308) cannot be scaled in double precision; rescale them in the file"
        );
    }
}
