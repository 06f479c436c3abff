use super::dense::{self, Dense};
use super::{Architecture, Layout, Network, Start};
use crate::losses::TargetKind;
use crate::math::Scalar;

crate::settings! {
    /// The probabilities of any number of classes, from one weighted sum of the features for each.
    ///
    /// ```text
    /// z = W x + b        P(class k) = e^(zₖ) / Σⱼ e^(zⱼ)
    /// ```
    ///
    /// The outputs are the logits `z`; the loss and the accuracy are computed from them. Adding
    /// the same number to all logits changes nothing, so without a penalty the best weights are
    /// not unique.
    ///
    /// Reference: D. McFadden, Conditional logit analysis of qualitative choice behavior, 1974.
    pub struct Multinomial("Multinomial logistic regression") {}
}

impl<T: Scalar> Architecture<T> for Multinomial {
    fn target_kinds(&self) -> &'static [TargetKind] {
        &[TargetKind::Classes]
    }

    fn layout(&self, n_inputs: usize, n_outputs: usize) -> Layout {
        dense::layout(n_inputs, [(n_outputs, Start::Zero)].into_iter())
    }

    fn build(
        &self,
        n_inputs: usize,
        n_outputs: usize,
        max_samples: usize,
    ) -> Box<dyn Network<T>> {
        Box::new(Dense::new(n_inputs, std::iter::empty(), n_outputs, max_samples))
    }
}
