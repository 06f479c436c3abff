use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::settings::Bounds;

crate::settings! {
    /// Adam that divides by the mean square of the averaged gradient instead of that of the gradient:
    /// where gradients alternate, average and divisor shrink together.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g
    /// v ← β₂ v + (1 − β₂) m² + ε
    /// m̂ = m / (1 − β₁ᵗ)      v̂ = v / (1 − β₂ᵗ)
    /// θ ← θ − η m̂ / √v̂            element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average and `v` the average of the square
    /// of `m`. Both start at zero. As in the paper; neither PyTorch nor Optax has it.
    ///
    /// When to use: image classifiers and other networks on which Adam does worse on new data than
    /// momentum, in Adam's place and from its `η` = 1e-3. Steps stay about as long as the rate even
    /// where gradients cancel, so let a schedule take it down. It is little used: compare it with
    /// Adam and AdaBelief on the problem at hand.
    ///
    /// Reference: Y. Wang et al., Adapting stepsizes by momentumized gradients improves optimization
    /// and generalization, 2021.
    pub struct AdaMomentum("AdaMomentum") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of squares remembers.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Added to the mean square in every step; keeps the division finite.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
    }
}

impl<T: Scalar> UpdateRule<T> for AdaMomentum {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "mean_square_momentum"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let root = (1.0 - power(self.beta2, state.step)).sqrt();
        let rate = update.learning_rate * root / (1.0 - power(self.beta1, state.step));
        let rate = T::from_f64(rate);
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, rest2) = (T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        let epsilon = T::from_f64(self.epsilon);
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, [m, v]| {
                let m = beta1 * m + rest1 * gradient;
                let v = beta2 * v + rest2 * (m * m) + epsilon;
                (param - rate * m / v.sqrt(), [m, v])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "v"]);
        lines.add("m", "β₁ m + (1 − β₁) g");
        lines.add("v", "β₂ v + (1 − β₂) m² + ε");
        lines.add("m̂", "m / (1 − β₁ᵗ)");
        lines.add("v̂", "v / (1 − β₂ᵗ)");
        lines.effective_rate("η / √v̂");
        lines.add("θ", "θ − η m̂ / √v̂");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// First step: m̂ = g and v̂ = (1 − β₁)² g², so it is η / (1 − β₁) long; here 1 / ½.
    #[test]
    fn the_first_step_is_the_rate_over_one_minus_beta1() {
        let rule =
            AdaMomentum { learning_rate: 1.0, beta1: 0.5, epsilon: 1e-20, ..AdaMomentum::default() };
        let first = descend(&rule, &[0.0], 1, |_: &[f64], g: &mut [f64]| g[0] = 3.0)[0];
        assert!((first + 2.0).abs() < 1e-9, "{first}");
    }
}
