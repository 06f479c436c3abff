//! Quantiles of a sample.

/// The values that are not missing, in ascending order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The value below which a share of the sorted values lies; NaN of none.
///
/// ```text
/// h = (n − 1) q        Q(q) = x₍⌊h⌋₎ + (h − ⌊h⌋) (x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎)
/// ```
///
/// `q` is the share from 0 to 1, `x₍₀₎ ≤ x₍₁₎ ≤ …` are the `n` values. The seventh of Hyndman and
/// Fan's nine definitions, as numpy's default.
///
/// Reference: R. J. Hyndman & Y. Fan, Sample quantiles in statistical packages, 1996.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = last as f64 * share;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let rest = place - below as f64;
    // From the nearer end, so that the ends themselves come out exactly.
    if rest < 0.5 {
        sorted[below] + (sorted[above] - sorted[below]) * rest
    } else {
        sorted[above] - (sorted[above] - sorted[below]) * (1.0 - rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// numpy 2: `numpy.quantile([1, 2, 4, 8], [0, 0.25, 0.5, 0.9, 1])`.
    #[test]
    fn quantiles_lie_between_the_values() {
        let values = sorted(&[8.0, f64::NAN, 2.0, 1.0, 4.0]);
        let found = [0.0, 0.25, 0.5, 0.9, 1.0].map(|share| quantile(&values, share));
        assert_eq!(found, [1.0, 1.75, 3.0, 6.800000000000001, 8.0]);
        assert!(quantile(&[], 0.5).is_nan());
        assert_eq!(quantile(&[3.0], 0.3), 3.0);
    }
}
