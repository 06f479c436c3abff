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
    /// `x` are the features, `w` the weights and `b` the constant, which start at zero; laid out as
    /// PyTorch's `Linear`. The output is the logit `z`; the loss and the accuracy are computed from
    /// it.
    ///
    /// When to use: two classes, as the baseline before any network, and where weights are to be
    /// read: each is what a unit of its feature adds to the log-odds. Scale the features and add an
    /// L2 penalty of about 1e-4. Where no plane divides the classes, as in moons or circles, take a
    /// perceptron.
    ///
    /// Reference: D. R. Cox, The regression analysis of binary sequences, 1958.
    pub struct Logistic("Logistic regression") {}
}

impl<T: Scalar> Architecture<T> for Logistic {
    fn target_kinds(&self) -> &'static [TargetKind] {
        &[TargetKind::TwoClasses]
    }
}
