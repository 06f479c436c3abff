use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;

crate::settings! {
    /// The mean of the squared differences between output and target.
    ///
    /// ```text
    /// L = 1/n Σᵢ (ŷᵢ − yᵢ)²        ∂L/∂ŷᵢ = 2/n (ŷᵢ − yᵢ)
    /// ```
    ///
    /// `ŷᵢ` is the output and `yᵢ` the target of sample `i`, `n` the number of samples in the
    /// batch. The same as PyTorch's `MSELoss`; some texts have a factor ½.
    ///
    /// When to use: regression with errors of about the same size everywhere, where the mean of the
    /// target is asked for. One outlier can outweigh a hundred other samples: then take Huber.
    /// Gradients grow with the unit of the target, so scale it before the rate is tuned.
    ///
    /// Reference: C. F. Gauss, Theoria motus corporum coelestium, 1809.
    pub struct MeanSquaredError("Mean squared error") {}
}

#[inline(always)]
fn rule<T: Scalar>(output: T, target: T) -> (T, T) {
    let difference = output - target;
    (difference * difference, difference + difference)
}

impl<T: Scalar> LossFunction<T> for MeanSquaredError {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Number
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        mean(samples, samples.targets.numbers(), gradient, rule)
    }
}
