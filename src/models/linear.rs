use super::dense::{self, Dense};
use super::{Architecture, Layout, Network, Start};
use crate::losses::TargetKind;
use crate::math::Scalar;

crate::settings! {
    /// A weighted sum of the features plus a constant.
    ///
    /// ```text
    /// ŷ = w·x + b
    /// ```
    ///
    /// Reference: A.-M. Legendre, Nouvelles méthodes pour la détermination des orbites des
    /// comètes, 1805.
    pub struct Linear("Linear regression") {}
}

impl<T: Scalar> Architecture<T> for Linear {
    fn target_kinds(&self) -> &'static [TargetKind] {
        &[TargetKind::Number]
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
