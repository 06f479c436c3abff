use super::GradientLimit;
use crate::math::Scalar;
use crate::settings::Bounds;

/// Keeps the division finite, as PyTorch does.
const SMALL: f64 = 1e-6;

crate::settings! {
    /// Shortens a gradient that is too long and keeps its direction: for models whose gradients now
    /// and then explode, such as deep ones and those over time.
    ///
    /// ```text
    /// g ← g · min(1, c / (‖g‖ + 10⁻⁶))
    /// ```
    ///
    /// `g` is the gradient, and `‖g‖` is the Euclidean norm over all parameters together, the
    /// penalty's part included. A step counts as clipped where the factor is below 1. The same as
    /// PyTorch's `clip_grad_norm_`.
    ///
    /// When to use: losses with steep walls, deep networks, and large rates at the start: the first
    /// cure when the loss suddenly jumps. Set `c` a little above the usual gradient norm (see its
    /// curve); 1 is a fair start for networks. If almost every step is clipped, the length of steps
    /// is the rate alone: lower `η` instead.
    ///
    /// Reference: R. Pascanu, T. Mikolov & Y. Bengio, On the difficulty of training recurrent neural
    /// networks, 2013.
    pub struct Norm("By global norm") {
        /// The longest gradient that is left alone.
        limit("c"): f64 = 1.0, Bounds::positive();
    }
}

impl<T: Scalar> GradientLimit<T> for Norm {
    fn limit(&self, gradient: &mut [T], norm: T) -> bool {
        let factor = T::from_f64(self.limit) / (norm + T::from_f64(SMALL));
        let is_long = factor < T::ONE;
        if is_long {
            for slope in gradient {
                *slope *= factor;
            }
        }
        is_long
    }
}
