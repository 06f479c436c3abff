use super::elementwise::{elementwise_with_decay, split_decay};
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::settings::Bounds;

crate::settings! {
    /// Adam with Nesterov's look ahead: the step is taken as if the next average of gradients were
    /// known already. The part of the average grows slowly over the first thousands of steps.
    ///
    /// ```text
    /// g ← g + λ θ
    /// m ← β₁ m + (1 − β₁) g
    /// v ← β₂ v + (1 − β₂) g²            v̂ = v / (1 − β₂ᵗ)
    /// μₜ = β₁ (1 − ½ · 0.96^(t ψ))        πₜ = μ₁ μ₂ … μₜ
    /// d = (1 − μₜ) / (1 − πₜ) · g + μₜ₊₁ / (1 − πₜ₊₁) · m
    /// θ ← θ − η d / (√v̂ + ε)            element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average, `v` that of its square (both
    /// start at zero) and `μₜ` the part of the average in step `t`. Decoupled, `λ` takes no part in
    /// `g`; instead `θ ← θ − η λ θ` goes before, as in AdamW. The same as PyTorch's `NAdam`, whose
    /// `momentum_decay` is `ψ`.
    ///
    /// When to use: wherever Adam is used and its average lags behind a gradient that turns: it is
    /// often a little faster at first, and seldom different at the end. Start from 2e-3 and tune
    /// `η` by factors of 3; `ψ` can stay.
    ///
    /// Reference: T. Dozat, Incorporating Nesterov momentum into Adam, 2016.
    pub struct NAdam("NAdam") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.002, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of squares remembers.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
        /// How fast the part of the average grows to `β₁`.
        momentum_decay("ψ"): f64 = 0.004, Bounds::non_negative();
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
        /// Shrinks the parameters apart from the gradient, by the learning rate times `λ`.
        decoupled(""): bool = false;
    }
}

impl NAdam {
    /// The weights of the gradient and of its average in step `t`, the next after the step whose
    /// product `πₜ₋₁` and power `0.96^((t − 1) ψ)` stand in `numbers`, and those of this step to
    /// `numbers`.
    fn weights(&self, t: u64, numbers: &mut [f64; 2]) -> (f64, f64) {
        let base = <f64 as Scalar>::powf(0.96, self.momentum_decay);
        let part = |falling: f64| self.beta1 * (1.0 - 0.5 * falling);
        if t <= 1 {
            *numbers = [1.0; 2];
        }
        let [product, falling] = numbers;
        *falling *= base;
        *product *= part(*falling);
        let (now, next) = (part(power(base, t)), part(power(base, t.saturating_add(1))));
        ((1.0 - now) / (1.0 - *product), next / (1.0 - *product * next))
    }
}

impl<T: Scalar> UpdateRule<T> for NAdam {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment"]
    }

    fn scalars(&self) -> &'static [&'static str] {
        &["momentum_product", "momentum_shortfall"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = update.learning_rate;
        let root = (1.0 - power(self.beta2, state.step)).sqrt();
        let step = state.step;
        let (vectors, numbers) = state.split_all();
        let (of_gradient, of_average) = self.weights(step, numbers);
        let of_gradient = T::from_f64(rate * root * of_gradient);
        let of_average = T::from_f64(rate * root * of_average);
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, rest2) = (T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        let epsilon = T::from_f64(root * self.epsilon);
        let (coupled, kept) = split_decay(self.weight_decay, self.decoupled, rate);
        let kept = T::from_f64(kept);
        elementwise_with_decay(
            update,
            coupled,
            vectors,
            #[inline(always)]
            move |param, gradient, [m, v]| {
                let m = beta1 * m + rest1 * gradient;
                let v = beta2 * v + rest2 * (gradient * gradient);
                let direction = of_gradient * gradient + of_average * m;
                (param * kept - direction / (v.sqrt() + epsilon), [m, v])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "v"]);
        lines.decay(self.weight_decay, self.decoupled);
        lines.add("m", "β₁ m + (1 − β₁) g");
        lines.add("v", "β₂ v + (1 − β₂) g²");
        lines.add("v̂", "v / (1 − β₂ᵗ)");
        lines.add("μₜ", "β₁ (1 − ½ · 0.96^(t ψ))");
        lines.add("μₜ₊₁", "β₁ (1 − ½ · 0.96^((t + 1) ψ))");
        lines.know("πₜ₋₁", if at.step() <= 1 { 1.0 } else { at.before.scalars[0] });
        lines.add("πₜ", "πₜ₋₁ μₜ");
        lines.add("πₜ₊₁", "πₜ μₜ₊₁");
        lines.add("d", "(1 − μₜ) / (1 − πₜ) · g + μₜ₊₁ / (1 − πₜ₊₁) · m");
        lines.effective_rate("η / (√v̂ + ε)");
        lines.add("θ", "θ − η d / (√v̂ + ε)");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// The weights of steps 1 to `n`.
    fn all_weights(nadam: &NAdam, n: u64) -> Vec<(f64, f64)> {
        let mut numbers = [0.0; 2];
        (1..=n).map(|t| nadam.weights(t, &mut numbers)).collect()
    }

    /// With ψ = 0 every μ is β₁/2 = ¼, so πₜ = ¼ᵗ.
    #[test]
    fn weights_by_hand() {
        let nadam = NAdam { beta1: 0.5, momentum_decay: 0.0, ..NAdam::default() };
        let weights = all_weights(&nadam, 100);
        assert_eq!(weights[0], (0.75 / 0.75, 0.25 / (1.0 - 0.0625)));
        assert_eq!(weights[1], (0.75 / (1.0 - 0.0625), 0.25 / (1.0 - 0.015_625)));
        assert_eq!(weights[99], (0.75, 0.25));
    }

    /// Long averages: πₜ is still 0.37 after a thousand steps, and vanishes in the end.
    #[test]
    fn a_million_steps_stay_finite() {
        for beta1 in [0.0, 0.9, 0.999] {
            let nadam = NAdam { beta1, ..NAdam::default() };
            let mut numbers = [0.0; 2];
            for t in 1..=1_000_000 {
                let (of_gradient, of_average) = nadam.weights(t, &mut numbers);
                assert!(of_gradient > 0.0 && of_gradient.is_finite(), "{beta1}, {t}");
                assert!(of_average >= 0.0 && of_average.is_finite(), "{beta1}, {t}");
            }
        }
        let nadam = NAdam { beta1: 0.999, ..NAdam::default() };
        let end = descend(&nadam, &[3.0], 1_000_000, |x: &[f64], g: &mut [f64]| g[0] = x[0] - 1.0);
        assert!((end[0] - 1.0).abs() < 0.1, "{end:?}");
    }

    /// Decoupled decay alone: θ ← θ (1 − ηλ) = 1 · ¾ · ¾.
    #[test]
    fn decoupled_decay_does_not_pass_through_the_averages() {
        let nadam = NAdam {
            learning_rate: 0.5,
            weight_decay: 0.5,
            decoupled: true,
            ..NAdam::default()
        };
        assert_eq!(descend(&nadam, &[1.0], 2, |_: &[f64], _: &mut [f64]| {}), [0.5625]);
    }
}
