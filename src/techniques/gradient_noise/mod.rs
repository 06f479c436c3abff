//! Noise added to the gradient.

/// The rule of a noise.
pub trait Noise {
    /// The standard deviation of the normal noise in each entry of the gradient, after `step` steps.
    fn deviation(&self, step: u64) -> f64;
}

crate::family! {
    /// A noise on the gradient with its settings.
    pub enum GradientNoise = Noise {
        off::Off,
        annealed::Annealed,
    }
}

impl GradientNoise {
    /// Whether it changes nothing.
    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_by_hand() {
        assert_eq!(Off {}.deviation(0), 0.0);
        let noise = Annealed { eta: 0.25, gamma: 1.0 };
        assert_eq!(noise.deviation(0), 0.5);
        assert!((noise.deviation(3) - 0.25).abs() < 1e-15);
        let steady = Annealed { eta: 0.25, gamma: 0.0 };
        assert_eq!(steady.deviation(1000), 0.5);
    }
}
