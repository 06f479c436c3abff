use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;


crate::settings! {
    /// Squares small differences and counts large ones by their size, as Huber's loss does, but without
    /// a seam: it has derivatives of every order.
    ///
    /// ```text
    /// L = 1/n Σᵢ ln cosh(ŷᵢ − yᵢ)        ∂L/∂ŷᵢ = 1/n tanh(ŷᵢ − yᵢ)
    /// ```
    ///
    /// `ŷᵢ` is the output and `yᵢ` the target of sample `i`, `n` the number of samples in the
    /// batch. The same as Optax's `log_cosh`. It never overflows: `ln cosh d = |d| + ln(1 +
    /// e^(−2|d|)) − ln 2`.
    ///
    /// When to use: regression with outliers, by methods that use the curvature, such as L-BFGS. It
    /// bends where differences are about 1, so scale the targets; where the bend must lie
    /// elsewhere, take Huber and set its `δ`.
    ///
    /// Reference: P. J. Green, Bayesian reconstructions from emission tomography data using a modified
    /// EM algorithm, 1990.
    pub struct LogCosh("Log-cosh") {}
}

#[inline(always)]
fn rule<T: Scalar>(output: T, target: T) -> (T, T) {
    let difference = output - target;
    let (size, slope) = (difference.abs(), difference.tanh());
    let cost = if size < T::ONE {
        // The same, exact near zero: 1/cosh² = 1 − tanh².
        T::from_f64(-0.5) * (-(slope * slope)).ln_1p()
    } else {
        size + (T::from_f64(-2.0) * size).exp().ln_1p() - T::from_f64(std::f64::consts::LN_2)
    };
    (cost, slope)
}

impl<T: Scalar> LossFunction<T> for LogCosh {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Number
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        mean(samples, samples.targets.numbers(), gradient, rule)
    }
}
