use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;

crate::settings! {
    /// The mean of the distances between output and target: less moved by outliers than squares.
    ///
    /// ```text
    /// L = 1/n Σᵢ |ŷᵢ − yᵢ|        ∂L/∂ŷᵢ = 1/n sign(ŷᵢ − yᵢ)
    /// ```
    ///
    /// `ŷᵢ` is the output and `yᵢ` the target of sample `i`, `n` the number of samples in the
    /// batch. Where output and target are equal there is no slope, and 0 is taken. The same as
    /// PyTorch's `L1Loss`.
    ///
    /// When to use: regression with outliers or long tails, where the median of the target is asked
    /// for. Its slopes do not shrink near the optimum, so let the rate fall at the end. Not with
    /// L-BFGS, which its kinks mislead: take Huber or log-cosh.
    ///
    /// Reference: R. J. Boscovich, De litteraria expeditione per pontificiam ditionem, 1757.
    pub struct MeanAbsoluteError("Mean absolute error") {}
}

#[inline(always)]
fn rule<T: Scalar>(output: T, target: T) -> (T, T) {
    let difference = output - target;
    (difference.abs(), difference.sign())
}

impl<T: Scalar> LossFunction<T> for MeanAbsoluteError {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Number
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        mean(samples, samples.targets.numbers(), gradient, rule)
    }
}
