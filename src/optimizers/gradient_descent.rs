use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Steps against the gradient, by the learning rate. The batch decides which of the three
    /// classic forms it is: full batch, stochastic (one sample) or mini-batch.
    ///
    /// ```text
    /// θ ← θ − η (g + λ θ)
    /// ```
    ///
    /// `θ` are the parameters, `g` is the gradient of the objective at `θ`. On a quadratic bowl it
    /// converges exactly when `η < 2/L`, with `L` the largest eigenvalue of the Hessian.
    ///
    /// The same as PyTorch's `SGD`, whose default learning rate is 0.001.
    ///
    /// When to use: convex, well-scaled problems, full batches, and whenever the method itself is
    /// to be seen. Only `η` is to be tuned: on scaled features start from 0.1, multiply by 3 until
    /// the loss climbs or swings, and go back by one. In long valleys take momentum instead.
    ///
    /// Reference: A. Cauchy, Méthode générale pour la résolution des systèmes d'équations
    /// simultanées, 1847; H. Robbins & S. Monro, A stochastic approximation method, 1951.
    pub struct GradientDescent("Gradient descent") {
        /// How far to step along the negative gradient.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for GradientDescent {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        elementwise_with_decay(
            update,
            self.weight_decay,
            state.split(),
            #[inline(always)]
            move |param, gradient, []| (param - rate * gradient, []),
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &[]);
        lines.decay(self.weight_decay, false);
        lines.add("θ", "θ − η g");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// θ ← θ − η κ θ along the steep axis of ½(x² + κy²): the factor is |1 − ηL| with L = κ = 10.
    #[test]
    fn a_bowl_is_contracted_exactly_when_the_rate_is_below_two_over_l() {
        let after = |learning_rate| {
            let bowl = |x: &[f64], g: &mut [f64]| (g[0], g[1]) = (x[0], 10.0 * x[1]);
            let rule = GradientDescent { learning_rate, ..GradientDescent::default() };
            descend(&rule, &[1.0, 1.0], 1000, bowl)[1].abs()
        };
        assert!(after(0.199) < 1e-4); // 0.99¹⁰⁰⁰ is 4.3e-5
        assert!((after(0.2) - 1.0).abs() < 1e-9);
        assert!(after(0.201) > 1e4); // 1.01¹⁰⁰⁰ is 2.1e4
    }

    /// Without a gradient, θ ← θ − η λ θ = 1 · ¾ · ¾.
    #[test]
    fn decay_alone_shrinks_by_the_same_part_each_step() {
        let decay = GradientDescent { learning_rate: 0.5, weight_decay: 0.5 };
        assert_eq!(descend(&decay, &[1.0], 2, |_: &[f64], _: &mut [f64]| {}), [0.5625]);
    }
}
