//! Activations: the functions between the layers of a network, applied to each number alone.

mod pointwise;

use crate::math::Scalar;

/// The rule of an activation.
pub trait ActivationFunction<T: Scalar>: Sync {
    /// Replaces each `z` in `values` by `a = f(z)`; where `slopes` is given (same length), writes
    /// `f′(z)` there for the backward pass.
    fn apply(&self, values: &mut [T], slopes: Option<&mut [T]>);

    /// The start that suits the weights of the layer before it.
    fn suited_start(&self) -> crate::models::Start {
        crate::models::Start::XavierUniform
    }
}

crate::family! {
    /// An activation with its settings.
    pub enum Activation = ActivationFunction<T> {
        relu::Relu,
        leaky_relu::LeakyRelu,
        gelu::Gelu,
        tanh::Tanh,
        sigmoid::Sigmoid,
    }
}
