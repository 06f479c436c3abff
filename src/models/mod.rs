//! Models: functions from features to outputs with parameters to be trained. Only models know the
//! shapes behind the one flat vector of parameters; a [`Layout`] names its blocks.

mod dense;
mod initialization;
mod layout;
pub mod tensors;

pub use initialization::{Initialization, InitializationError};
pub use layout::{Block, Layout, Role, Start};

use dense::Dense;

use crate::losses::TargetKind;
use crate::math::Scalar;
use crate::math::team::Team;
use crate::settings::SettingError;

/// The rule of a model: how to build its network. By default that is one dense layer, a weighted sum
/// of the features and a constant for each output, which starts at zero.
pub trait Architecture<T: Scalar> {
    /// The kinds of targets it can be trained for.
    fn target_kinds(&self) -> &'static [TargetKind];

    /// The blocks of its parameters for `n_inputs` features and `n_outputs` outputs.
    fn layout(&self, n_inputs: usize, n_outputs: usize) -> Layout {
        dense::layout(n_inputs, [(n_outputs, Start::Zero)].into_iter())
    }

    /// How many numbers its network keeps for each sample of a batch.
    fn n_kept_per_sample(&self, _n_inputs: usize, n_outputs: usize) -> usize {
        n_outputs
    }

    /// A network with buffers for batches of up to `max_samples`.
    fn build(&self, n_inputs: usize, n_outputs: usize, max_samples: usize) -> Box<dyn Network<T>> {
        Box::new(Dense::new(n_inputs, std::iter::empty(), n_outputs, max_samples))
    }
}

/// A model with its buffers, ready to compute. No call allocates.
pub trait Network<T: Scalar>: Send {
    /// The outputs `[n_samples × n_outputs]` for `inputs` `[n_samples × n_inputs]`, row-major.
    /// Keeps what [`backward`](Self::backward) needs.
    fn forward(&mut self, params: &[T], inputs: &[T], n_samples: usize, team: &Team) -> &[T];

    /// Given the gradient with respect to the outputs of the last [`forward`](Self::forward) (same
    /// `params`, `inputs`), overwrites `gradient` with the gradient with respect to the parameters.
    /// `output_gradient` may be used as scratch. Uses up what `forward` kept: once for each
    /// `forward`.
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
        logistic::Logistic,
        multinomial::Multinomial,
        mlp::Mlp,
    }
}

/// The most parameters a model may have.
const MAX_PARAMS: usize = 1_000_000_000;

/// The most numbers a network may keep for a batch.
const MAX_KEPT: usize = 1_000_000_000;

impl Model {
    /// Checks that the model for these data and batches of up to `max_samples` fits into memory, to
    /// be called before [`Architecture::build`].
    pub fn check_size(
        &self,
        n_inputs: usize,
        n_outputs: usize,
        max_samples: usize,
    ) -> Result<(), SettingError> {
        let n_params = self.rule::<f64>().layout(n_inputs, n_outputs).n_params();
        if n_params > MAX_PARAMS {
            return Err(SettingError::new(
                "model",
                format!("too large, with {n_params} parameters"),
                format!("one of at most {MAX_PARAMS} parameters"),
            ));
        }
        let per_sample = self.rule::<f64>().n_kept_per_sample(n_inputs, n_outputs);
        let n_kept = per_sample.saturating_mul(max_samples);
        if n_kept > MAX_KEPT {
            return Err(SettingError::new(
                "batch",
                format!(
                    "too large for this model, with {n_kept} numbers to keep for {max_samples} \
                     samples"
                ),
                format!("of at most {} samples", MAX_KEPT / per_sample),
            ));
        }
        Ok(())
    }
}
