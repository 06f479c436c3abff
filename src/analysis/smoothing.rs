/// An exponential moving average that is right from its first value on.
///
/// ```text
/// mₜ = β mₜ₋₁ + (1 − β) xₜ        m₀ = 0
/// sₜ = mₜ / (1 − βᵗ)
/// ```
///
/// `β` from 0 (no smoothing) to below 1 weighs the past. Without the division the first values would
/// be drawn towards 0; most viewers leave it out. A value that is not finite leaves the average as
/// it was and is passed on itself, so that a divergence stays visible.
///
/// Reference: D. P. Kingma & J. Ba, Adam: A method for stochastic optimization, 2015, section 3.
#[derive(Clone, Debug, PartialEq)]
pub struct Smoothing {
    beta: f64,
    average: f64,
    power: f64,
    smoothed: Vec<f64>,
}

impl Smoothing {
    /// Smoothing that weighs the past with `beta`, from 0 to below 1.
    pub fn new(beta: f64) -> Self {
        Self { beta, average: 0.0, power: 1.0, smoothed: Vec::new() }
    }

    /// The weight of the past.
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// Takes in what `values` has grown by since the last call.
    pub fn append(&mut self, values: &[f64]) {
        for value in &values[self.smoothed.len().min(values.len())..] {
            if !value.is_finite() {
                self.smoothed.push(*value);
                continue;
            }
            self.average = self.beta * self.average + (1.0 - self.beta) * value;
            self.power *= self.beta;
            self.smoothed.push(self.average / (1.0 - self.power));
        }
    }

    /// The smoothed series so far.
    pub fn values(&self) -> &[f64] {
        &self.smoothed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_values_follow_the_formula() {
        let mut smoothing = Smoothing::new(0.5);
        smoothing.append(&[4.0]);
        smoothing.append(&[4.0, 8.0, f64::NAN, 2.0]);
        // By hand: m = 2, 5, -, 3.5; divided by 1/2, 3/4, -, 7/8.
        let values = smoothing.values();
        assert_eq!(values[0], 4.0);
        assert!((values[1] - 20.0 / 3.0).abs() < 1e-15);
        assert!(values[2].is_nan());
        assert_eq!(values[3], 4.0);
    }

    #[test]
    fn without_weight_on_the_past_nothing_changes() {
        let mut smoothing = Smoothing::new(0.0);
        smoothing.append(&[3.0, -1.0, 7.5]);
        assert_eq!(smoothing.values(), [3.0, -1.0, 7.5]);
    }

    #[test]
    fn a_constant_series_stays_as_it_is() {
        let mut smoothing = Smoothing::new(0.99);
        smoothing.append(&[2.0; 500]);
        // Without the correction the first would be 0.02.
        assert!(smoothing.values().iter().all(|value| (value - 2.0).abs() < 1e-12));
    }
}
