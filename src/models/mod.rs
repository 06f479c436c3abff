//! Models: functions from features to outputs with parameters to be trained. Only models know the
//! shapes behind the one flat vector of parameters; a [`Layout`] names its blocks.

mod initialization;
mod layout;

pub use initialization::Initialization;
pub use layout::{Block, Layout, Role};

use crate::losses::TargetKind;
use crate::math::Scalar;
use crate::math::team::Team;

/// The rule of a model: how to build its network.
pub trait Architecture<T: Scalar> {
    /// The kinds of targets it can be trained for.
    fn target_kinds(&self) -> &'static [TargetKind];

    /// The blocks of its parameters for `n_inputs` features and `n_outputs` outputs.
    fn layout(&self, n_inputs: usize, n_outputs: usize) -> Layout;

    /// A network with buffers for batches of up to `max_samples`.
    fn build(&self, n_inputs: usize, n_outputs: usize, max_samples: usize) -> Box<dyn Network<T>>;
}

/// A model with its buffers, ready to compute. No call allocates.
pub trait Network<T: Scalar>: Send {
    /// The outputs `[n_samples × n_outputs]` for `inputs` `[n_samples × n_inputs]`, row-major.
    /// Keeps what [`backward`](Self::backward) needs.
    fn forward(&mut self, params: &[T], inputs: &[T], n_samples: usize, team: &Team) -> &[T];

    /// Given the gradient with respect to the outputs of the last [`forward`](Self::forward) (same
    /// `params`, `inputs`), overwrites `gradient` with the gradient with respect to the parameters.
    /// `output_gradient` may be used as scratch.
    fn backward(
        &mut self,
        params: &[T],
        inputs: &[T],
        output_gradient: &mut [T],
        gradient: &mut [T],
        team: &Team,
    );
}

crate::family! {
    /// A model with its settings.
    pub enum Model = Architecture<T> {
        linear::Linear,
    }
}
