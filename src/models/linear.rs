use super::Architecture;
use crate::losses::TargetKind;
use crate::math::Scalar;

crate::settings! {
    /// A weighted sum of the features plus a constant.
    ///
    /// ```text
    /// ŷ = w·x + b
    /// ```
    ///
    /// `x` are the features, `w` the weights, `b` the constant and `ŷ` the output; with several
    /// outputs each has its own. Starts at zero. Laid out as PyTorch's `Linear`.
    ///
    /// When to use: numbers that go up and down in proportion to the features, and as the baseline
    /// of every regression; as its optimum is known exactly, also to judge optimizers. Scale the
    /// features: their spread in size is the condition number that gradient descent feels. Not for
    /// curves, which need a perceptron.
    ///
    /// Reference: A.-M. Legendre, Nouvelles méthodes pour la détermination des orbites des
    /// comètes, 1805.
    pub struct Linear("Linear regression") {}
}

impl<T: Scalar> Architecture<T> for Linear {
    fn target_kinds(&self) -> &'static [TargetKind] {
        &[TargetKind::Number]
    }
}
