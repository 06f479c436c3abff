use serde::{Deserialize, Serialize};

use super::Layout;
use crate::math::Scalar;
use crate::math::random::Stream;

/// How the parameters start. Biases start at 0 with every rule but the explicit ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Initialization {
    /// What suits the model: zero for linear and logistic models, He for ReLU-like activations,
    /// Xavier for sigmoid and tanh, the standard start for a surface.
    #[default]
    Auto,
    /// All zero.
    Zero,
    /// Uniform in `±√(6 / (fan_in + fan_out))`.
    XavierUniform,
    /// Normal with variance `2 / (fan_in + fan_out)`.
    XavierNormal,
    /// Uniform in `±√(6 / fan_in)`.
    HeUniform,
    /// Normal with variance `2 / fan_in`.
    HeNormal,
    /// These values, in the order of the layout.
    Explicit(Vec<f64>),
    /// Tensors of this safetensors file, by the names of the blocks.
    File(String),
}

impl Initialization {
    /// Fills `params` for `layout`, drawing from `stream` block by block.
    pub fn fill<T: Scalar>(&self, layout: &Layout, stream: &mut Stream, params: &mut [T]) {
        let _ = (layout, stream, params);
    }
}
