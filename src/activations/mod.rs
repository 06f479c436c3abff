//! Activations: the functions between the layers of a network, applied to each number alone.

use crate::math::Scalar;

/// The rule of an activation.
pub trait ActivationFunction<T: Scalar>: Sync {
    /// Replaces each `z` in `values` by `a = f(z)`; where `slopes` is given (same length), writes
    /// `f′(z)` there for the backward pass.
    fn apply(&self, values: &mut [T], slopes: Option<&mut [T]>);
}

crate::family! {
    /// An activation with its settings.
    pub enum Activation = ActivationFunction<T> {
        relu::Relu,
    }
}
