use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;

crate::settings! {
    /// How surprising the true counts are to a model that says how many events are expected: the output
    /// is the logarithm of the rate, so a rate is never negative and features act on it by factors.
    ///
    /// ```text
    /// L = 1/n Σᵢ (e^(zᵢ) − yᵢ zᵢ)        e^(zᵢ) the expected count
    /// ∂L/∂zᵢ = 1/n (e^(zᵢ) − yᵢ)        yᵢ ≥ 0 the count
    /// ```
    ///
    /// For counts: visits, faults, particles. `zᵢ` is the output of sample `i` and `n` the number
    /// of samples in the batch. The linear model with it is Poisson regression. It is the negative
    /// logarithm of the probability but for the part `ln yᵢ!`, which no parameter moves: the same
    /// as PyTorch's `PoissonNLLLoss` with `log_input=True, full=False`. Counts are never scaled,
    /// whatever the features are, and a negative target is refused. R² is that of the expected
    /// counts. From outputs above 709 (88 in 32 bits) the rate is beyond all numbers, and the run
    /// has diverged.
    ///
    /// When to use: counts without an upper limit whose spread grows with their mean, such as calls
    /// in an hour or accidents in a year. Scale the features and start from a small rate, 0.01 or
    /// less: outputs act through an exponential. Where counts spread much wider than their mean,
    /// the means stay right; for shares of a known total take cross-entropy.
    ///
    /// Reference: J. A. Nelder & R. W. M. Wedderburn, Generalized linear models, 1972.
    pub struct Poisson("Poisson") {}
}

#[inline(always)]
fn rule<T: Scalar>(output: T, target: T) -> (T, T) {
    let rate = output.exp();
    (rate - target * output, rate - target)
}

impl<T: Scalar> LossFunction<T> for Poisson {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Number
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        mean(samples, samples.targets.numbers(), gradient, rule)
    }

    fn lowest_target(&self) -> f64 {
        0.0
    }

    fn scales_target(&self) -> bool {
        false
    }

    fn predict(&self, outputs: &mut [T]) {
        for output in outputs {
            *output = output.exp();
        }
    }
}
