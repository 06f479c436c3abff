use super::ActivationFunction;
use super::pointwise::apply_to_each;
use crate::math::Scalar;
use crate::models::Start;

crate::settings! {
    /// Passes positive numbers and cuts negative ones to zero.
    ///
    /// ```text
    /// f(z) = max(z, 0)        f′(z) = 1 for z > 0, else 0
    /// ```
    ///
    /// `z` is the weighted sum of a unit, `f(z)` its output and `f′(z)` the slope there. The same
    /// as PyTorch's `ReLU`. NaN passes as well, so that a diverged run is seen.
    ///
    /// When to use: hidden layers in general, as the first choice: cheap, and it passes gradients
    /// on unshrunk through many layers. Where too high a rate leaves units at zero for every
    /// sample, lower `η` or take leaky ReLU. For smooth curves through few points take tanh.
    ///
    /// Reference: V. Nair & G. Hinton, Rectified linear units improve restricted Boltzmann
    /// machines, 2010.
    pub struct Relu("ReLU") {}
}

impl<T: Scalar> ActivationFunction<T> for Relu {
    fn apply(&self, values: &mut [T], slopes: Option<&mut [T]>) {
        apply_to_each::<16, T>(
            values,
            slopes,
            #[inline(always)]
            |z| if z <= T::ZERO { (T::ZERO, T::ZERO) } else { (z, T::ONE) },
        );
    }

    fn suited_start(&self) -> Start {
        Start::HeNormal
    }
}
