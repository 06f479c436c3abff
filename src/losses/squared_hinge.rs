use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;


crate::settings! {
    /// Charges samples on the wrong side or too near to the border between two classes, by the square:
    /// smoother than the hinge, harder on the worst.
    ///
    /// ```text
    /// L = 1/n Σᵢ max(0, 1 − sᵢ zᵢ)²        sᵢ = 1 for class 1, −1 for class 0
    /// ∂L/∂zᵢ = −2 sᵢ/n max(0, 1 − sᵢ zᵢ)
    /// ```
    ///
    /// `zᵢ` is the output of sample `i`, `n` the number of samples in the batch. The loss that
    /// scikit-learn's `LinearSVC` takes by default, as a mean. The output is a score, not a logit:
    /// it says which class, but no probability.
    ///
    /// When to use: two classes where the decision alone counts and the loss should have no kink,
    /// for L-BFGS or momentum at large rates; with an L2 penalty, at first of 1e-3. Wrongly
    /// labelled samples far beyond the border outweigh the others: on such data take the hinge or
    /// cross-entropy.
    ///
    /// Reference: O. L. Mangasarian, A finite Newton method for classification, 2002.
    pub struct SquaredHinge("Squared hinge") {}
}

#[inline(always)]
fn rule<T: Scalar>(score: T, class: u32) -> (T, T) {
    let side = if class == 0 { -T::ONE } else { T::ONE };
    let lacking = T::ONE - side * score;
    if lacking <= T::ZERO {
        (T::ZERO, T::ZERO)
    } else {
        (lacking * lacking, -(side * (lacking + lacking)))
    }
}

impl<T: Scalar> LossFunction<T> for SquaredHinge {
    fn target_kind(&self) -> TargetKind {
        TargetKind::TwoClasses
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        mean(samples, samples.targets.classes(), gradient, rule)
    }
}
