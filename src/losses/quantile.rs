use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Charges misses from below and from above differently: minimised by a quantile of the targets,
    /// where the squared error is by their mean. Also called pinball loss.
    ///
    /// ```text
    /// L = 1/n Σᵢ max(τ (yᵢ − ŷᵢ), (τ − 1) (yᵢ − ŷᵢ))
    /// ∂L/∂ŷᵢ = 1/n · (−τ for ŷᵢ < yᵢ, 1 − τ for ŷᵢ > yᵢ)
    /// ```
    ///
    /// `ŷᵢ` is the output and `yᵢ` the target of sample `i`, `n` the number of samples in the
    /// batch. With `τ = ½` it is half the mean absolute error. Where output and target are equal
    /// there is no slope, and 0 is taken. The same as scikit-learn's `mean_pinball_loss` with
    /// `alpha = τ`.
    ///
    /// When to use: bounds instead of means, and errors that cost more on one side: runs with `τ` =
    /// 0.1 and 0.9 enclose four fifths of the targets, and `τ` = 0.8 suits a miss from below that
    /// costs four times one from above. Towards 0 and 1 few samples decide, so it needs many; let
    /// the rate fall at the end.
    ///
    /// Reference: R. Koenker & G. Bassett, Regression quantiles, 1978.
    pub struct Quantile("Quantile") {
        /// Which quantile: the part of the targets that lies below.
        tau("τ"): f64 = 0.5, Bounds::closed(0.0, 1.0);
    }
}

#[inline(always)]
fn rule<T: Scalar>(output: T, target: T, tau: T) -> (T, T) {
    let missing = target - output;
    if missing > T::ZERO {
        (tau * missing, -tau)
    } else {
        let rest = tau - T::ONE;
        (rest * missing, if missing < T::ZERO { -rest } else { T::ZERO })
    }
}

impl<T: Scalar> LossFunction<T> for Quantile {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Number
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        let tau = T::from_f64(self.tau);
        mean(
            samples,
            samples.targets.numbers(),
            gradient,
            #[inline(always)]
            move |output, target| rule(output, target, tau),
        )
    }
}
