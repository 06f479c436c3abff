use super::{Augmentation, Kind};
use crate::math::Scalar;
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Shakes every feature a little, so that a model cannot learn samples by their last digits.
    ///
    /// ```text
    /// x′ⱼ = xⱼ + σ eⱼ        eⱼ ~ N(0, 1), afresh for each sample of each step
    /// ```
    ///
    /// `x` are the features of a sample as the model sees them, scaled, so the unit of `σ` is a standard
    /// deviation of each feature where they are standardized, and the width of its range with
    /// min–max. The indicators 0 and 1 of nominal features are shaken like the rest. For a linear model
    /// with the squared error it is, on the average, a penalty `σ² Σ w²` on the weights. As with
    /// torchvision's `GaussianNoise`, without clipping.
    ///
    /// When to use: tables of measurements with fewer samples than a model could learn by heart, and
    /// pictures from noisy sensors. Start with `σ` from 0.05 to 0.2 and look at the validation loss;
    /// where it rises, so does the underfitting.
    ///
    /// Reference: C. M. Bishop, Training with noise is equivalent to Tikhonov regularization, 1995.
    pub struct Noise("Noise on features") {
        /// The standard deviation, in units of the scaled features.
        deviation("σ"): f64 = 0.1, Bounds::positive();
    }
}

impl<T: Scalar> Augmentation<T> for Noise {
    fn kind(&self) -> Kind {
        Kind::Change
    }

    fn change(&self, features: &mut [T], stream: &mut Stream) {
        for feature in features {
            *feature += T::from_f64(self.deviation * stream.normal());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::Purpose;

    #[test]
    fn noise_has_the_moments_that_were_asked_for() {
        let mut stream = Stream::new(4, Purpose::Augmentation);
        let mut values = vec![3.0; 40_000];
        Noise { deviation: 0.5 }.change(&mut values, &mut stream);
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        // Five standard errors: 0.5/√n, and 0.25 √(2/n).
        assert!((mean - 3.0).abs() < 0.0125 && (variance - 0.25).abs() < 0.009, "{mean} {variance}");
    }
}
