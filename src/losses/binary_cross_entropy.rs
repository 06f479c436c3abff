use super::pointwise::mean;
use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;

crate::settings! {
    /// How surprising the true classes are to a model that gives class 1 the probability `σ(z)`,
    /// with one output `z` for each sample, the logit.
    ///
    /// ```text
    /// L = 1/n Σᵢ ln(1 + e^(−sᵢ))        sᵢ = zᵢ for class 1, −zᵢ for class 0
    /// ∂L/∂zᵢ = 1/n (σ(zᵢ) − yᵢ)        yᵢ ∈ {0, 1} the class
    /// ```
    ///
    /// `n` is the number of samples in the batch, and `σ(z) = 1 / (1 + e^(−z))`. The same as
    /// PyTorch's `BCEWithLogitsLoss`. It is computed from the logit, so it stays finite and exact
    /// for logits of any size.
    ///
    /// When to use: two classes, as the first choice, and whenever probabilities are wanted. Where
    /// a border divides the classes perfectly, the weights of a linear model grow without end: add
    /// an L2 penalty of about 1e-4 or stop early. For a rare class add class weights. Not for
    /// labels that are often wrong, on which a network becomes too certain.
    ///
    /// Reference: D. R. Cox, The regression analysis of binary sequences, 1958.
    pub struct BinaryCrossEntropy("Binary cross-entropy") {}
}

/// In terms of `u`, the logit against the true class, and `t = e^−|u|`, which never overflows:
/// the cost is `max(u, 0) + ln(1 + t)`, its slope by `u` is `σ(u)`.
#[inline(always)]
pub(super) fn rule<T: Scalar>(logit: T, class: u32) -> (T, T) {
    let against = if class == 0 { T::ONE } else { -T::ONE };
    let u = against * logit;
    let t = (-u.abs()).exp();
    let (excess, numerator) = if u > T::ZERO { (u, T::ONE) } else { (T::ZERO, t) };
    (excess + t.ln_1p(), against * (numerator / (T::ONE + t)))
}

impl<T: Scalar> LossFunction<T> for BinaryCrossEntropy {
    fn target_kind(&self) -> TargetKind {
        TargetKind::TwoClasses
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        mean(samples, samples.targets.classes(), gradient, rule)
    }
}
