use super::ActivationFunction;
use super::pointwise::apply_to_each;
use crate::math::Scalar;

crate::settings! {
    /// Presses every number into (−1, 1), around zero.
    ///
    /// ```text
    /// f(z) = tanh z        f′(z) = 1 − tanh² z
    /// ```
    ///
    /// `z` is the weighted sum of a unit, `f(z)` its output and `f′(z)` the slope there. The same
    /// as PyTorch's `Tanh`.
    ///
    /// When to use: small networks and smooth functions, such as a curve through few points. In
    /// deep networks its ends are flat and gradients fade from layer to layer: take ReLU or GELU.
    /// Scale the features, so that units begin in the steep middle.
    ///
    /// Reference: Y. LeCun, L. Bottou, G. B. Orr & K.-R. Müller, Efficient backprop, 1998.
    pub struct Tanh("Tanh") {}
}

impl<T: Scalar> ActivationFunction<T> for Tanh {
    fn apply(&self, values: &mut [T], slopes: Option<&mut [T]>) {
        apply_to_each::<64, T>(
            values,
            slopes,
            #[inline(always)]
            |z| {
                let a = z.tanh();
                (a, T::ONE - a * a)
            },
        );
    }
}
