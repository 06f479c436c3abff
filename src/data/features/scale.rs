//! Shift and scale of one column.

use super::quantile::{quantile, sorted};
use crate::data::{DataError, Scaling};

/// `(shift, scale)` fitted to `values`, none of which may be missing. Constant values, and none at
/// all, get the scale 1.
pub(in crate::data) fn fit(
    values: &[f64],
    scaling: Scaling,
    name: &str,
) -> Result<(f64, f64), DataError> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let fitted = match scaling {
        Scaling::Off => (0.0, 1.0),
        _ if values.is_empty() => (0.0, 1.0),
        _ if low == high => (low, 1.0),
        Scaling::MinMax | Scaling::Together => (low, high - low),
        Scaling::Standardize => {
            let mean = mean(values);
            let sum = values.iter().fold(0.0, |sum, x| sum + (x - mean) * (x - mean));
            (mean, (sum / values.len() as f64).sqrt())
        }
        Scaling::Robust => {
            let sorted = sorted(values);
            let spread = quantile(&sorted, 0.75) - quantile(&sorted, 0.25);
            (quantile(&sorted, 0.5), if spread == 0.0 { 1.0 } else { spread })
        }
    };
    checked(fitted, values, name)
}

/// `(shift, scale)`, if they can be computed with.
pub(in crate::data) fn checked(
    fitted: (f64, f64),
    values: &[f64],
    name: &str,
) -> Result<(f64, f64), DataError> {
    if !fitted.0.is_finite() || !fitted.1.is_finite() || fitted.1 <= 0.0 {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        return Err(DataError::new(format!(
            "the values of `{name}` (from {low:e} to {high:e}) cannot be scaled in double precision; rescale them in the file"
        )));
    }
    Ok(fitted)
}

/// The mean, summed from first to last; 0 of no values.
pub(in crate::data) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().fold(0.0, |sum, x| sum + x) / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

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
