//! Gradients by differences: what every hand-written gradient is tested against.

/// The gradient of `f` at `at`, by central differences.
///
/// ```text
/// gᵢ = (f(x + hᵢ eᵢ) − f(x − hᵢ eᵢ)) / 2hᵢ,   hᵢ = 2⁻¹⁷ · max(1, |xᵢ|)
/// ```
///
/// The step balances the two errors of `f64`, of order `h²` and of order `2⁻⁵² / h`; for a smooth `f`
/// with values and derivatives near 1 the result has about ten digits. Calls `f` twice for each
/// coordinate. `f` must be smooth within `hᵢ`.
///
/// Reference: J. Nocedal & S. J. Wright, *Numerical Optimization*, 2nd edition, 2006, section 8.1.
pub fn gradient(mut f: impl FnMut(&[f64]) -> f64, at: &[f64]) -> Vec<f64> {
    let mut x = at.to_vec();
    let mut gradient = Vec::with_capacity(at.len());
    for i in 0..at.len() {
        let step = f64::from_bits(0x3ee0_0000_0000_0000) * at[i].abs().max(1.0);
        x[i] = at[i] + step;
        let (above, f_above) = (x[i], f(&x));
        x[i] = at[i] - step;
        let (below, f_below) = (x[i], f(&x));
        x[i] = at[i];
        // The distance actually taken, after rounding.
        gradient.push((f_above - f_below) / (above - below));
    }
    gradient
}

/// The largest deviation of two vectors, relative where numbers are large and absolute where they
/// are small.
///
/// ```text
/// maxᵢ |aᵢ − bᵢ| / max(1, |aᵢ|, |bᵢ|)
/// ```
///
/// Infinite if any pair cannot be compared (NaN, infinities) or the lengths differ.
pub fn largest_deviation(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    let mut largest = 0.0;
    for (&a, &b) in a.iter().zip(b) {
        let deviation = (a - b).abs() / a.abs().max(b.abs()).max(1.0);
        if !deviation.is_finite() {
            return f64::INFINITY;
        }
        largest = deviation.max(largest);
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cubic_gives_its_gradient() {
        // f = x³ + 10 x y², ∇f = (3 x² + 10 y², 20 x y).
        let f = |p: &[f64]| p[0] * p[0] * p[0] + 10.0 * p[0] * p[1] * p[1];
        let found = gradient(f, &[2.0, -300.0]);
        assert!(largest_deviation(&found, &[900_012.0, -12_000.0]) < 1e-9, "{found:?}");
        assert!(largest_deviation(&found, &[900_012.0, -12_000.1]) > 1e-6);
    }

    #[test]
    fn the_step_of_a_coordinate_leaves_the_others_alone() {
        let mut seen = Vec::new();
        gradient(
            |p| {
                seen.push(p.to_vec());
                0.0
            },
            &[0.0, 8.0],
        );
        let h = 1.0 / 131_072.0;
        assert_eq!(seen, [[h, 8.0], [-h, 8.0], [0.0, 8.0 + 8.0 * h], [0.0, 8.0 - 8.0 * h]]);
    }

    #[test]
    fn what_cannot_be_compared_deviates_without_bound() {
        assert_eq!(largest_deviation(&[1.0], &[f64::NAN]), f64::INFINITY);
        assert_eq!(largest_deviation(&[f64::INFINITY], &[f64::INFINITY]), f64::INFINITY);
        assert_eq!(largest_deviation(&[1.0], &[]), f64::INFINITY);
        assert_eq!(largest_deviation(&[200.0, 0.5], &[100.0, 0.0]), 0.5);
    }
}
