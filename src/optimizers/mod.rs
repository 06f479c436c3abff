//! Optimizers: rules that turn a gradient into an update of the parameters.
//!
//! A member is a settings struct with an [`UpdateRule`]. The state it needs (moments, averages) is
//! kept for it by the trainer in an [`OptimizerState`], under names, so that checkpoints, records
//! and views of the state need no code in the members. Optimizers see one flat vector and know
//! nothing of models or data.

mod state;

pub use state::OptimizerState;

use crate::math::Scalar;

/// What an optimizer is given for one step.
#[derive(Debug)]
pub struct Update<'a, T> {
    /// The parameters `θ`, to be changed in place.
    pub params: &'a mut [T],
    /// The gradient `g` of the objective at `θ`, of the same length.
    pub gradient: &'a [T],
    /// The learning rate `η` of this step: the optimizer's own times the schedule's factor.
    pub learning_rate: f64,
}

/// The algorithm of an optimizer.
pub trait UpdateRule<T: Scalar>: Sync {
    /// The base learning rate, which the schedule multiplies.
    fn learning_rate(&self) -> f64;

    /// Names of the state vectors it needs, each as long as the parameters and zero at the start.
    fn vectors(&self) -> &'static [&'static str] {
        &[]
    }

    /// Does one update. `state.step` counts from 1 in the first step.
    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>);
}

crate::family! {
    /// An optimizer with its settings.
    pub enum Optimizer = UpdateRule<T> {
        gradient_descent::GradientDescent,
    }
}
