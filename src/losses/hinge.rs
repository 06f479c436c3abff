use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;


crate::settings! {
    /// Charges only samples on the wrong side or too near to the border between two classes: with an L2
    /// penalty, a support vector machine.
    ///
    /// ```text
    /// L = 1/n Σᵢ max(0, 1 − sᵢ zᵢ)        sᵢ = 1 for class 1, −1 for class 0
    /// ∂L/∂zᵢ = −sᵢ/n where sᵢ zᵢ < 1, else 0
    /// ```
    ///
    /// `zᵢ` is the output of sample `i`, `n` the number of samples in the batch. The same as
    /// scikit-learn's `hinge_loss`; at the kink the slope is 0. The output is a score, not a logit:
    /// it says which class, but no probability.
    ///
    /// When to use: two classes where the decision alone counts, with a linear model and an L2
    /// penalty, at first of 1e-3. Not where probabilities are read, and not with L-BFGS, because it
    /// has a kink: take the squared hinge or cross-entropy.
    ///
    /// Reference: C. Cortes & V. Vapnik, Support-vector networks, 1995.
    pub struct Hinge("Hinge") {}
}

#[inline(always)]
fn rule<T: Scalar>(score: T, class: u32) -> (T, T) {
    let side = if class == 0 { -T::ONE } else { T::ONE };
    let lacking = T::ONE - side * score;
    if lacking <= T::ZERO { (T::ZERO, T::ZERO) } else { (lacking, -side) }
}

impl<T: Scalar> LossFunction<T> for Hinge {
    fn target_kind(&self) -> TargetKind {
        TargetKind::TwoClasses
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        mean(samples, samples.targets.classes(), gradient, rule)
    }
}
