use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Momentum that looks ahead: the step is taken as if the next one had begun already, which
    /// damps the swinging of a heavy ball.
    ///
    /// ```text
    /// g ← g + λ θ
    /// b ← β b + g
    /// θ ← θ − η (g + β b)
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `b` the speed, which starts at zero; with `β = 0`
    /// it is gradient descent. Written for the gradient at the parameters themselves (here the
    /// point that is looked ahead to), as PyTorch's `SGD` with `nesterov=True`.
    ///
    /// When to use: wherever momentum is used, and first of all on full batches of smooth convex
    /// problems, for which theory promises fewer steps; on small noisy batches the two hardly
    /// differ. Start from the rate of momentum and `β` = 0.9; for long flat valleys raise `β` to
    /// 0.99 as long as the loss does not swing.
    ///
    /// Reference: Y. Nesterov, A method for solving the convex programming problem with convergence
    /// rate O(1/k²), 1983; I. Sutskever, J. Martens, G. Dahl & G. Hinton, On the importance of
    /// initialization and momentum in deep learning, 2013.
    pub struct Nesterov("Nesterov momentum") {
        /// How far to step along the gathered gradients.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// How much of the speed is kept from step to step.
        beta("β"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for Nesterov {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["momentum"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        let beta = T::from_f64(self.beta);
        elementwise_with_decay(
            update,
            self.weight_decay,
            state.split(),
            #[inline(always)]
            move |param, gradient, [buffer]| {
                let buffer = beta * buffer + gradient;
                (param - rate * (gradient + beta * buffer), [buffer])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["b"]);
        lines.decay(self.weight_decay, false);
        lines.add("b", "β b + g");
        lines.effective_rate("η (g + β b) / g");
        lines.add("θ", "θ − η (g + β b)");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// By head: b = 1, 1.5 under a gradient of 1 with β = ½; steps 1 + ½ and 1 + ¾.
    #[test]
    fn the_step_looks_one_ahead() {
        let nesterov = Nesterov { learning_rate: 1.0, beta: 0.5, ..Nesterov::default() };
        let slope = |_: &[f64], g: &mut [f64]| g[0] = 1.0;
        assert_eq!(descend(&nesterov, &[0.0], 1, slope), [-1.5]);
        assert_eq!(descend(&nesterov, &[0.0], 2, slope), [-3.25]);
    }
}
