use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::settings::Bounds;

crate::settings! {
    /// Adam that divides by the largest recent gradient of each coordinate instead of its mean
    /// square, so that a single large gradient never makes a long step.
    ///
    /// ```text
    /// g ← g + λ θ
    /// m ← β₁ m + (1 − β₁) g
    /// u ← max(β₂ u, |g| + ε)
    /// θ ← θ − η m / ((1 − β₁ᵗ) u)            element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average and `u` its largest recent size.
    /// Both start at zero. The same as PyTorch's `Adamax`; the paper has neither `ε` nor `λ`.
    ///
    /// When to use: gradients that are mostly small with rare bursts, as those of embeddings are. A
    /// burst keeps the steps of its coordinate short for thousands of steps, so where training
    /// stalls after one, lower `β₂` to 0.99. Start from `η` = 2e-3; on ordinary networks Adam does
    /// as well.
    ///
    /// Reference: D. P. Kingma & J. Ba, Adam: a method for stochastic optimization, 2015.
    pub struct AdaMax("AdaMax") {
        /// About how far each coordinate moves in a step, at most.
        learning_rate("η"): f64 = 0.002, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How slowly the largest gradient is forgotten.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for AdaMax {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "largest"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let correction = 1.0 - power(self.beta1, state.step);
        let rate = T::from_f64(update.learning_rate / correction);
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, epsilon) = (T::from_f64(self.beta2), T::from_f64(self.epsilon));
        elementwise_with_decay(
            update,
            self.weight_decay,
            state.split(),
            #[inline(always)]
            move |param, gradient, [m, u]| {
                let m = beta1 * m + rest1 * gradient;
                let u = (beta2 * u).max(gradient.abs() + epsilon);
                (param - rate * m / u, [m, u])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "u"]);
        lines.decay(self.weight_decay, false);
        lines.add("m", "β₁ m + (1 − β₁) g");
        lines.add("u", "max(β₂ u, |g| + ε)");
        lines.effective_rate("η / ((1 − β₁ᵗ) u)");
        lines.add("θ", "θ − η m / ((1 − β₁ᵗ) u)");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// The first step is m / ((1 − β₁) u) = g / (|g| + ε): by the rate, whatever the gradient.
    #[test]
    fn the_first_step_is_as_long_as_the_rate() {
        let slopes = |_: &[f64], g: &mut [f64]| g.copy_from_slice(&[1e4, -1e-4]);
        let end = descend(&AdaMax { epsilon: 1e-30, ..AdaMax::default() }, &[0.0, 0.0], 1, slopes);
        assert!((end[0] + 0.002).abs() < 1e-17 && (end[1] - 0.002).abs() < 1e-17, "{end:?}");
    }
}
