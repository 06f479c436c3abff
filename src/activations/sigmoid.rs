use super::ActivationFunction;
use super::pointwise::apply_to_each;
use crate::math::Scalar;

crate::settings! {
    /// Presses every number into (0, 1).
    ///
    /// ```text
    /// f(z) = σ(z) = 1 / (1 + e^(−z))        f′(z) = σ(z) (1 − σ(z))
    /// ```
    ///
    /// Reference: D. E. Rumelhart, G. E. Hinton & R. J. Williams, Learning representations by
    /// back-propagating errors, 1986.
    pub struct Sigmoid("Sigmoid") {}
}

impl<T: Scalar> ActivationFunction<T> for Sigmoid {
    fn apply(&self, values: &mut [T], slopes: Option<&mut [T]>) {
        apply_to_each::<64, T>(
            values,
            slopes,
            #[inline(always)]
            |z| {
                let a = z.sigmoid();
                (a, a * (T::ONE - a))
            },
        );
    }
}
