use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Steps by the sign of an average of gradients: every coordinate moves equally far in each step.
    /// Wants a rate 3 to 10 times smaller than AdamW, and a weight decay that much larger.
    ///
    /// ```text
    /// c = β₁ m + (1 − β₁) g
    /// θ ← θ − η (sign(c) + λ θ)            element by element
    /// m ← β₂ m + (1 − β₂) g
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average, which starts at zero, and `c`
    /// what the sign is taken of. The same as Optax's `lion`; the learning rate is the paper's.
    ///
    /// When to use: large networks with large batches, transformers above all, and where memory is
    /// short: it keeps half of Adam's state. Start from `η` = 1e-4 and a schedule that falls,
    /// because its steps never shrink by themselves. Not for batches below some 64 samples, whose
    /// signs are mostly noise.
    ///
    /// Reference: X. Chen et al., Symbolic discovery of optimization algorithms, 2023.
    pub struct Lion("Lion") {
        /// How far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.0001, Bounds::positive();
        /// How much of the average, rather than of the gradient, is in the step.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of gradients remembers.
        beta2("β₂"): f64 = 0.99, Bounds::half_open(0.0, 1.0);
        /// How strongly parameters shrink: by this part of themselves times the learning rate.
        weight_decay("λ"): f64 = 0.001, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for Lion {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        let kept = T::from_f64(1.0 - update.learning_rate * self.weight_decay);
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, rest2) = (T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, [m]| {
                let direction = (beta1 * m + rest1 * gradient).sign();
                (param * kept - rate * direction, [beta2 * m + rest2 * gradient])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m"]);
        lines.add("c", "β₁ m + (1 − β₁) g");
        lines.add("m", "β₂ m + (1 − β₂) g");
        lines.effective_rate("η sign(c) / g");
        lines.add("θ", if self.weight_decay == 0.0 { "θ − η sign(c)" } else { "θ − η (sign(c) + λ θ)" });
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// By head, β₁ = β₂ = ½ and no decay: gradient 4 gives m = 2; then gradient −1 gives
    /// c = ½ · 2 − ½ > 0, so the step goes on as before.
    #[test]
    fn the_average_outweighs_a_small_turn() {
        let lion = Lion { learning_rate: 1.0, beta1: 0.5, beta2: 0.5, weight_decay: 0.0 };
        let turn = |x: &[f64], g: &mut [f64]| g[0] = if x[0] == 0.0 { 4.0 } else { -1.0 };
        assert_eq!(descend(&lion, &[0.0], 2, turn), [-2.0]);
    }
}
