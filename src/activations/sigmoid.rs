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
    /// `z` is the weighted sum of a unit, `f(z)` its output and `f′(z)` the slope there. The same
    /// as PyTorch's `Sigmoid`; also called the logistic function.
    ///
    /// When to use: hidden units that are to be read as shares from 0 to 1, and to see what the
    /// first networks struggled with: the slope is at most ¼, so gradients fade fast over layers.
    /// Otherwise take tanh or ReLU, and in one hidden layer a larger rate than for tanh.
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
