use super::pointwise::mean;
use super::{BinaryCrossEntropy, LossFunction, Samples, TargetKind};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Binary cross-entropy in which samples that the model already gets right count less and less, so
    /// that the many easy ones do not drown the few hard ones. With one output `z` for each sample, the
    /// logit.
    ///
    /// ```text
    /// L = 1/n Σᵢ (1 − pᵢ)^γ (−ln pᵢ)        pᵢ = σ(sᵢ zᵢ), sᵢ = 1 for class 1, −1 for class 0
    /// ∂L/∂zᵢ = −sᵢ/n (1 − pᵢ)^γ (1 − pᵢ − γ pᵢ ln pᵢ)
    /// ```
    ///
    /// `n` is the number of samples in the batch, `σ(z) = 1 / (1 + e^(−z))`. For two classes of
    /// which one is rare. With `γ = 0` it is binary cross-entropy. The factors `α` of the paper are
    /// class weights (the mean is then the weighted one). It is computed from the logit, so it
    /// stays finite for logits of any size.
    ///
    /// When to use: finding a rare class among very many easy samples of the other, once
    /// cross-entropy with class weights has been tried. `γ` = 2 is the paper's best; take 0.5 to 1
    /// where the classes differ less. Probabilities come out too near to ½, so not where they are
    /// read.
    ///
    /// Reference: T.-Y. Lin, P. Goyal, R. Girshick, K. He & P. Dollár, Focal loss for dense object
    /// detection, 2017.
    pub struct BinaryFocal("Binary focal") {
        /// How fast samples lose weight as the model gets them right; at 0 they do not.
        gamma("γ"): f64 = 2.0, Bounds::at_least(0.0);
    }
}

/// In terms of `u`, the logit against the true class, and `t = e^−|u|`, which never overflows:
/// `1 − p = σ(u)`, and `ln(1 − p) = u − c`, where `c = −ln p = max(u, 0) + ln(1 + t)`.
#[inline(always)]
fn rule<T: Scalar>(logit: T, class: u32, gamma: T) -> (T, T) {
    let against = if class == 0 { T::ONE } else { -T::ONE };
    let u = against * logit;
    let t = (-u.abs()).exp();
    let (right, wrong) = if u > T::ZERO { (t, T::ONE) } else { (T::ONE, t) };
    let below = T::ONE + t;
    let (p, miss) = (right / below, wrong / below);
    let rest = t.ln_1p();
    let (cost, log_miss) = if u > T::ZERO { (u + rest, -rest) } else { (rest, u - rest) };
    let factor = (gamma * log_miss).exp();
    (factor * cost, against * (factor * (miss + gamma * p * cost)))
}

impl<T: Scalar> LossFunction<T> for BinaryFocal {
    fn target_kind(&self) -> TargetKind {
        TargetKind::TwoClasses
    }

    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T {
        if self.gamma == 0.0 {
            return BinaryCrossEntropy {}.value(samples, gradient);
        }
        let gamma = T::from_f64(self.gamma);
        mean(
            samples,
            samples.targets.classes(),
            gradient,
            #[inline(always)]
            move |output, class| rule(output, class, gamma),
        )
    }
}
