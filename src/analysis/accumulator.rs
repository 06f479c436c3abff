use super::t_quantile_975;

/// Number, mean and spread of values that come one by one.
///
/// ```text
/// meanₙ = meanₙ₋₁ + (x − meanₙ₋₁) / n
/// Mₙ = Mₙ₋₁ + (x − meanₙ₋₁)(x − meanₙ)        s² = M / (n − 1)
/// ```
///
/// Values that are not finite are left out.
///
/// Reference: B. P. Welford, Note on a method for calculating corrected sums of squares, 1962.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accumulator {
    /// Number of finite values.
    pub n: u32,
    /// Their mean; 0 where there are none.
    pub mean: f64,
    squares: f64,
}

impl Accumulator {
    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        if value.is_finite() {
            self.n += 1;
            let away = value - self.mean;
            self.mean += away / f64::from(self.n);
            self.squares += away * (value - self.mean);
        }
    }

    /// The sample standard deviation `s`; NaN for fewer than two values.
    fn standard_deviation(&self) -> f64 {
        if self.n < 2 { f64::NAN } else { (self.squares / f64::from(self.n - 1)).sqrt() }
    }

    /// Half the width of the 95 % interval of the mean, `t · s / √n`; NaN for fewer than two
    /// values.
    pub fn half_interval(&self) -> f64 {
        self.half_interval_with(t_quantile_975(self.n.saturating_sub(1) as usize))
    }

    /// The same, with the quantile `t` already known.
    pub fn half_interval_with(&self, t: f64) -> f64 {
        t * self.standard_deviation() / f64::from(self.n).sqrt()
    }
}

impl FromIterator<f64> for Accumulator {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut all = Self::default();
        values.into_iter().for_each(|value| all.add(value));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_computed_by_hand() {
        let all: Accumulator = [2.0, 4.0, 4.0, 5.0, 6.0].into_iter().collect();
        assert!((all.mean - 4.2).abs() < 1e-15);
        // s² = (4.84 + 0.04 + 0.04 + 0.64 + 3.24) / 4 = 2.2
        assert!((all.standard_deviation() - 2.2f64.sqrt()).abs() < 1e-15);
        assert!((all.half_interval() - 2.776_445_105 * (2.2f64 / 5.0).sqrt()).abs() < 1e-8);
    }

    #[test]
    fn one_value_has_no_spread_and_infinite_ones_do_not_count() {
        let all: Accumulator = [3.0, f64::INFINITY, f64::NAN].into_iter().collect();
        assert_eq!((all.n, all.mean), (1, 3.0));
        assert!(all.standard_deviation().is_nan() && all.half_interval().is_nan());
    }
}
