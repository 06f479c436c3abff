use super::Architecture;
use crate::losses::TargetKind;
use crate::math::Scalar;

crate::settings! {
    /// The probabilities of any number of classes, from one weighted sum of the features for each.
    ///
    /// ```text
    /// z = W x + b        P(class k) = e^(zₖ) / Σⱼ e^(zⱼ)
    /// ```
    ///
    /// `x` are the features, `W` has a row of weights for each class, and `b` the constants; they
    /// start at zero and are laid out as PyTorch's `Linear`. The outputs are the logits `z`; the
    /// loss and the accuracy are computed from them. Adding the same number to all logits changes
    /// nothing, so without a penalty the best weights are not unique.
    ///
    /// When to use: three classes or more, as the baseline before any network: on handwritten
    /// digits it already gets more than nine in ten right. Scale the features and add an L2 penalty
    /// of about 1e-4. Where the borders between classes bend, take a perceptron.
    ///
    /// Reference: D. McFadden, Conditional logit analysis of qualitative choice behavior, 1974.
    pub struct Multinomial("Multinomial logistic regression") {}
}

impl<T: Scalar> Architecture<T> for Multinomial {
    fn target_kinds(&self) -> &'static [TargetKind] {
        &[TargetKind::Classes]
    }
}
