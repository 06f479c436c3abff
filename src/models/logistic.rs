use super::Architecture;
use crate::losses::TargetKind;
use crate::math::Scalar;

crate::settings! {
    /// The probability of one of two classes, from a weighted sum of the features.
    ///
    /// ```text
    /// z = w·x + b        P(class 1) = σ(z) = 1 / (1 + e^(−z))
    /// ```
    ///
    /// The output is the logit `z`; the loss and the accuracy are computed from it.
    ///
    /// Reference: D. R. Cox, The regression analysis of binary sequences, 1958.
    pub struct Logistic("Logistic regression") {}
}

impl<T: Scalar> Architecture<T> for Logistic {
    fn target_kinds(&self) -> &'static [TargetKind] {
        &[TargetKind::TwoClasses]
    }
}
