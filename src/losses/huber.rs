use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Squares small differences and counts large ones by their size: smooth at the minimum, and
    /// hardly moved by outliers.
    ///
    /// ```text
    /// L = 1/n Σᵢ h(ŷᵢ − yᵢ)        h(d) = ½ d² for |d| ≤ δ, else δ (|d| − ½ δ)
    /// ∂L/∂ŷᵢ = 1/n d, cut to −δ … δ
    /// ```
    ///
    /// `ŷᵢ` is the output and `yᵢ` the target of sample `i`, `n` the number of samples in the
    /// batch. The same as PyTorch's `HuberLoss`. For small `δ` it is `δ` times the mean absolute
    /// error, for large `δ` half the mean squared error.
    ///
    /// When to use: regression with some outliers among otherwise normal errors. Set `δ` to 1 to
    /// 1.5 times the standard deviation of those normal errors (1.35 is classic); on scaled targets
    /// that a model fits well, this is well below the default.
    ///
    /// Reference: P. J. Huber, Robust estimation of a location parameter, 1964.
    pub struct Huber("Huber") {
        /// Where the square goes over into the straight line, in units of the (scaled) target.
        delta("δ"): f64 = 1.0, Bounds::positive();
    }
}

#[inline(always)]
fn rule<T: Scalar>(output: T, target: T, delta: T) -> (T, T) {
    let difference = output - target;
    let half = T::from_f64(0.5);
    if difference.abs() <= delta {
        (half * difference * difference, difference)
    } else {
        (delta * (difference.abs() - half * delta), delta * difference.sign())
    }
}

impl<T: Scalar> LossFunction<T> for Huber {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Number
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        let delta = T::from_f64(self.delta);
        mean(
            samples,
            samples.targets.numbers(),
            gradient,
            #[inline(always)]
            move |output, target| rule(output, target, delta),
        )
    }
}
