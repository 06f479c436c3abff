use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Lets the steps gather speed where gradients agree and cancel where they alternate, like a
    /// heavy ball rolling.
    ///
    /// ```text
    /// g ← g + λ θ
    /// b ← β b + (1 − τ) g            the first time b ← g
    /// θ ← θ − η b
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `b` the speed. The first step is that of gradient
    /// descent. In a steady slope the steps grow up to `(1 − τ)/(1 − β)` times; with `β = 0` it is
    /// gradient descent, whatever `τ`.
    ///
    /// The same as PyTorch's `SGD` with `momentum`. Other texts multiply `g` by `1 − β` (that is,
    /// `τ = β`, but for the first step) or by `η` inside `b`; their learning rates compare
    /// accordingly.
    ///
    /// When to use: smooth problems of any kind, and networks for which there is time to tune the
    /// rate: there it often does better on new data than methods with a rate for each coordinate.
    /// Keep `β` at 0.9 and start from a tenth of a good rate for gradient descent, because steps
    /// add up to `η/(1 − β)`. Without time to tune, take Adam.
    ///
    /// Reference: B. T. Polyak, Some methods of speeding up the convergence of iteration methods,
    /// 1964.
    pub struct Momentum("Momentum") {
        /// How far to step along the gathered gradients.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// How much of the speed is kept from step to step.
        beta("β"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How much of each new gradient is left out, from the second step on.
        dampening("τ"): f64 = 0.0, Bounds::closed(0.0, 1.0);
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for Momentum {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["momentum"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        let beta = T::from_f64(self.beta);
        let undamped = state.step == 1 || self.beta == 0.0;
        let taken = T::from_f64(if undamped { 1.0 } else { 1.0 - self.dampening });
        elementwise_with_decay(
            update,
            self.weight_decay,
            state.split(),
            #[inline(always)]
            move |param, gradient, [buffer]| {
                let buffer = beta * buffer + taken * gradient;
                (param - rate * buffer, [buffer])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["b"]);
        lines.decay(self.weight_decay, false);
        let undamped = at.step() == 1 || self.beta == 0.0 || self.dampening == 0.0;
        lines.add("b", if undamped { "β b + g" } else { "β b + (1 − τ) g" });
        lines.effective_rate("η b / g");
        lines.add("θ", "θ − η b");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::GradientDescent;
    use crate::optimizers::test_support::descend;

    fn wave(x: &[f64], g: &mut [f64]) {
        (g[0], g[1]) = (x[0] * x[1] - 0.3, x[1] - x[0] * x[0]);
    }

    #[test]
    fn without_momentum_it_is_gradient_descent() {
        let start = [0.7, -0.4];
        let plain = descend(&GradientDescent { learning_rate: 0.05, ..GradientDescent::default() }, &start, 100, wave);
        let momentum =
            Momentum { learning_rate: 0.05, beta: 0.0, dampening: 0.5, ..Momentum::default() };
        assert_eq!(descend(&momentum, &start, 100, wave), plain);
    }

    /// By head: b = 1, 1.5, 1.75 under a gradient of 1 with β = ½, so θ = −1, −2.5, −4.25.
    #[test]
    fn speed_gathers_on_a_steady_slope() {
        let momentum = Momentum { learning_rate: 1.0, beta: 0.5, ..Momentum::default() };
        let slope = |_: &[f64], g: &mut [f64]| g[0] = 1.0;
        assert_eq!(descend(&momentum, &[0.0], 3, slope), [-4.25]);
    }

    /// By head: b = 1, then ½ + ¾ = 1.25 with a dampening of ¼, so θ = −1, −2.25.
    #[test]
    fn dampening_counts_from_the_second_step() {
        let momentum =
            Momentum { learning_rate: 1.0, beta: 0.5, dampening: 0.25, ..Momentum::default() };
        let slope = |_: &[f64], g: &mut [f64]| g[0] = 1.0;
        assert_eq!(descend(&momentum, &[0.0], 2, slope), [-2.25]);
    }
}
