use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::settings::Bounds;

crate::settings! {
    /// Nesterov's momentum made of averages: one of the gradients, one of their differences from step
    /// to step, and the mean square of both together.
    ///
    /// ```text
    /// d = g − g′                           zero in the first step
    /// m ← β₁ m + (1 − β₁) g
    /// v ← β₂ v + (1 − β₂) d
    /// n ← β₃ n + (1 − β₃) (g + β₂ d)²
    /// m̂ = m / (1 − β₁ᵗ)      v̂ = v / (1 − β₂ᵗ)      n̂ = n / (1 − β₃ᵗ)
    /// θ ← θ − η (m̂ + β₂ v̂) / (√n̂ + ε)            element by element, t = 1, 2, …
    /// θ ← θ / (1 + η λ)
    /// g′ ← g
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `g′` that of the step before; `m`, `v` and `n`
    /// are the averages, which start at zero. As in the paper, whose `β` are one minus these, with
    /// the corrections for the start that its authors' program has. Optax's `adan` has `1 − β₂` in
    /// place of the factors `β₂`, and another decay.
    ///
    /// When to use: vision and language networks to be trained in few epochs or on large batches:
    /// it bears rates 5 to 10 times Adam's. Start from `η` = 5e-3 with a warm-up and `λ` = 0.02. It
    /// keeps four vectors, twice Adam's, and on small problems it gains little.
    ///
    /// Reference: X. Xie, P. Zhou, H. Li, Z. Lin & S. Yan, Adan: adaptive Nesterov momentum algorithm
    /// for faster optimizing deep models, 2022.
    pub struct Adan("Adan") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.98, Bounds::half_open(0.0, 1.0);
        /// How long the average of differences remembers, and how much they count.
        beta2("β₂"): f64 = 0.92, Bounds::half_open(0.0, 1.0);
        /// How long the average of squares remembers.
        beta3("β₃"): f64 = 0.99, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
        /// How strongly parameters shrink: by about this part of themselves times the learning rate.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for Adan {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "mean_difference", "second_moment", "previous_gradient"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let step = state.step;
        let rate = update.learning_rate;
        let root = (1.0 - power(self.beta3, step)).sqrt();
        let of_average = T::from_f64(rate * root / (1.0 - power(self.beta1, step)));
        let of_difference = T::from_f64(rate * root * self.beta2 / (1.0 - power(self.beta2, step)));
        let epsilon = T::from_f64(root * self.epsilon);
        let shrunk = T::from_f64(1.0 + rate * self.weight_decay);
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, rest2) = (T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        let (beta3, rest3) = (T::from_f64(self.beta3), T::from_f64(1.0 - self.beta3));
        let first = step == 1;
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, [m, v, n, previous]| {
                let difference = if first { T::ZERO } else { gradient - previous };
                let ahead = gradient + beta2 * difference;
                let m = beta1 * m + rest1 * gradient;
                let v = beta2 * v + rest2 * difference;
                let n = beta3 * n + rest3 * (ahead * ahead);
                let direction = of_average * m + of_difference * v;
                ((param - direction / (n.sqrt() + epsilon)) / shrunk, [m, v, n, gradient])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "v", "n", "g′"]);
        lines.add("d", if at.step() == 1 { "0" } else { "g − g′" });
        lines.add("m", "β₁ m + (1 − β₁) g");
        lines.add("v", "β₂ v + (1 − β₂) d");
        lines.add("n", "β₃ n + (1 − β₃) (g + β₂ d)²");
        lines.add("m̂", "m / (1 − β₁ᵗ)");
        lines.add("v̂", "v / (1 − β₂ᵗ)");
        lines.add("n̂", "n / (1 − β₃ᵗ)");
        lines.add("g′", "g");
        lines.effective_rate("η / (√n̂ + ε)");
        lines.add("θ", "θ − η (m̂ + β₂ v̂) / (√n̂ + ε)");
        if self.weight_decay != 0.0 {
            lines.add("θ", "θ / (1 + η λ)");
        }
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// Under a steady gradient there is no difference, m̂ = g and n̂ = g²: each step is η long.
    #[test]
    fn a_steady_gradient_moves_by_the_learning_rate() {
        let adan = Adan { learning_rate: 0.25, ..Adan::default() };
        let ten = descend(&adan, &[0.0], 10, |_: &[f64], g: &mut [f64]| g[0] = 3.0)[0];
        assert!((ten + 2.5).abs() < 1e-7, "{ten}");
    }

    /// Decay alone: 1 / 1.25².
    #[test]
    fn decay_divides_the_parameters() {
        let adan = Adan { learning_rate: 0.5, weight_decay: 0.5, ..Adan::default() };
        assert_eq!(descend(&adan, &[1.0], 2, |_: &[f64], _: &mut [f64]| {}), [0.64]);
    }
}
