use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::settings::Bounds;

crate::settings! {
    /// Adam that divides by how far gradients are from their average: long steps where the gradient is
    /// as expected, short ones where it surprises.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g
    /// s ← β₂ s + (1 − β₂) (g − m)² + ε₀
    /// m̂ = m / (1 − β₁ᵗ)      ŝ = s / (1 − β₂ᵗ)
    /// θ ← θ − η m̂ / (√ŝ + ε)            element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average and `s` the average of its
    /// squared distance from `m`. Both start at zero. The same as Optax's `adabelief`, with its
    /// `ε₀` and `ε`; the paper's `ε` is 1e-8.
    ///
    /// When to use: networks on which Adam trains fast but momentum does better on new data, such
    /// as image classifiers. Tune `η` as for Adam, from 1e-3, and then `ε`: 1e-8 where momentum
    /// beats Adam, the default where Adam beats momentum.
    ///
    /// Reference: J. Zhuang et al., AdaBelief optimizer: adapting stepsizes by the belief in observed
    /// gradients, 2020.
    pub struct AdaBelief("AdaBelief") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of squared surprises remembers.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-16, Bounds::positive();
        /// Added to the average in every step; keeps it above zero.
        epsilon_root("ε₀"): f64 = 1e-16, Bounds::positive();
    }
}

impl<T: Scalar> UpdateRule<T> for AdaBelief {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "mean_square_surprise"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let root = (1.0 - power(self.beta2, state.step)).sqrt();
        let rate = update.learning_rate * root / (1.0 - power(self.beta1, state.step));
        let rate = T::from_f64(rate);
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, rest2) = (T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        let (epsilon, added) = (T::from_f64(root * self.epsilon), T::from_f64(self.epsilon_root));
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, [m, s]| {
                let m = beta1 * m + rest1 * gradient;
                let surprise = gradient - m;
                let s = beta2 * s + rest2 * (surprise * surprise) + added;
                (param - rate * m / (s.sqrt() + epsilon), [m, s])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "s"]);
        lines.add("m", "β₁ m + (1 − β₁) g");
        lines.add("s", "β₂ s + (1 − β₂) (g − m)² + ε₀");
        lines.add("m̂", "m / (1 − β₁ᵗ)");
        lines.add("ŝ", "s / (1 − β₂ᵗ)");
        lines.effective_rate("η / (√ŝ + ε)");
        lines.add("θ", "θ − η m̂ / (√ŝ + ε)");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// First step: m̂ = g and ŝ = (β₁ g)², so it is η / β₁ long whatever the gradient.
    #[test]
    fn the_first_step_is_the_rate_over_beta1() {
        for size in [1e-3, 1.0, 1e3] {
            let belief = AdaBelief { learning_rate: 1.0, beta1: 0.5, ..AdaBelief::default() };
            let first = descend(&belief, &[0.0], 1, |_: &[f64], g: &mut [f64]| g[0] = size)[0];
            assert!((first + 2.0).abs() < 1e-6, "{first}");
        }
    }
}
