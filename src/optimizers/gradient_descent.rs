use super::{OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Steps against the gradient, by the learning rate. The batch decides which of the three
    /// classic forms it is: full batch, stochastic (one sample) or mini-batch.
    ///
    /// ```text
    /// θ ← θ − η g
    /// ```
    ///
    /// On a quadratic bowl it converges exactly when `η < 2/L`, with `L` the largest eigenvalue of
    /// the Hessian.
    ///
    /// Reference: A. Cauchy, Méthode générale pour la résolution des systèmes d'équations
    /// simultanées, 1847; H. Robbins & S. Monro, A stochastic approximation method, 1951.
    pub struct GradientDescent("Gradient descent") {
        /// How far to step along the negative gradient.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
    }
}

impl<T: Scalar> UpdateRule<T> for GradientDescent {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn update(&self, _: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        for (param, gradient) in update.params.iter_mut().zip(update.gradient) {
            *param -= rate * *gradient;
        }
    }
}
