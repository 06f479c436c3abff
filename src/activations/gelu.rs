use super::ActivationFunction;
use super::pointwise::apply_to_each;
use crate::math::Scalar;
use crate::models::Start;

crate::settings! {
    /// Weighs each number by the probability that a standard normal variable lies below it: a
    /// smooth relative of ReLU.
    ///
    /// ```text
    /// f(z) = z Φ(z)        f′(z) = Φ(z) + z φ(z)
    /// Φ(z) = ½ (1 + erf(z / √2))        φ(z) = e^(−z²/2) / √(2π)
    /// ```
    ///
    /// `z` is the weighted sum of a unit, `f(z)` its output and `f′(z)` the slope there. `Φ` is the
    /// distribution function of the standard normal and `φ` its density. This is the exact form,
    /// PyTorch's `GELU` by default; some libraries offer a tanh approximation of it too.
    ///
    /// When to use: transformers and other deep networks, where the last in a hundred counts, and
    /// smooth fits of curves. It costs several times as much as ReLU, and small networks seldom
    /// gain by it.
    ///
    /// Reference: D. Hendrycks & K. Gimpel, Gaussian error linear units, 2016.
    pub struct Gelu("GELU") {}
}

/// `1 / √(2π)`.
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

impl<T: Scalar> ActivationFunction<T> for Gelu {
    fn apply(&self, values: &mut [T], slopes: Option<&mut [T]>) {
        let half = T::from_f64(0.5);
        let inverse_sqrt_2 = T::from_f64(std::f64::consts::FRAC_1_SQRT_2);
        let density_at_zero = T::from_f64(DENSITY_AT_ZERO);
        apply_to_each::<64, T>(
            values,
            slopes,
            #[inline(always)]
            |z| {
                let probability = half * (T::ONE + (z * inverse_sqrt_2).erf());
                let density = density_at_zero * (-half * z * z).exp();
                (z * probability, probability + z * density)
            },
        );
    }

    fn suited_start(&self) -> Start {
        Start::HeNormal
    }
}
