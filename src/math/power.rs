//! Whole powers in a fixed order of multiplications, so that `βᵗ` has the same bits everywhere.

/// `baseⁿ` by repeated squaring; 1 for `n = 0`. The relative error grows with `n`, to about
/// `n · 10⁻¹⁶`.
pub fn power(base: f64, n: u64) -> f64 {
    let (mut result, mut square, mut left) = (1.0, base, n);
    while left > 0 {
        if left & 1 == 1 {
            result *= square;
        }
        square *= square;
        left >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn powers_of_small_numbers_are_exact() {
        assert_eq!(power(0.3, 0), 1.0);
        assert_eq!(power(0.3, 1), 0.3);
        assert_eq!(power(3.0, 13), 1_594_323.0);
        assert_eq!(power(0.5, 1074), f64::from_bits(1));
        assert_eq!(power(0.9, u64::MAX), 0.0);
    }

    /// Against 60-digit arithmetic (Python's `decimal`) on the same two doubles.
    #[test]
    fn long_powers_keep_twelve_digits() {
        for (base, n, exact) in
            [(0.999, 1000, 0.367_695_424_770_963_73), (0.9, 200, 7.055_079_108_655_367e-10)]
        {
            assert!((power(base, n) / exact - 1.0f64).abs() < n as f64 * 1.2e-16);
        }
    }
}
