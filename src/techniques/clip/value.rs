use super::GradientLimit;
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Cuts every entry of the gradient that is too large by itself; the direction may turn. For
    /// gradients in which a few entries are far too large.
    ///
    /// ```text
    /// gᵢ ← max(−c, min(c, gᵢ))
    /// ```
    ///
    /// `gᵢ` is an entry of the gradient. A step counts as clipped where an entry was cut. The same
    /// as PyTorch's `clip_grad_value_`.
    ///
    /// When to use: single weights whose gradients burst, as with rare features, when the rest is
    /// to be left as it is. Set `c` to several times the usual size of an entry. Otherwise clip by
    /// norm, which keeps the direction; with Adam and others that scale every coordinate it adds
    /// little.
    ///
    /// Reference: T. Mikolov, Statistical language models based on neural networks, 2012.
    pub struct Value("By value") {
        /// The largest entry that is left alone, of either sign.
        limit("c"): f64 = 1.0, Bounds::positive();
    }
}

impl<T: Scalar> GradientLimit<T> for Value {
    fn limit(&self, gradient: &mut [T], _: T) -> bool {
        let limit = T::from_f64(self.limit);
        let mut changed = false;
        for slope in gradient {
            if slope.abs() > limit {
                *slope = if *slope > T::ZERO { limit } else { -limit };
                changed = true;
            }
        }
        changed
    }
}
