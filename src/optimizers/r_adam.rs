use super::elementwise::{elementwise_with_decay, split_decay};
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::settings::Bounds;

crate::settings! {
    /// Adam that begins without its division, until there are enough squares to trust their mean: a
    /// warm-up that sets itself.
    ///
    /// ```text
    /// g ← g + λ θ
    /// m ← β₁ m + (1 − β₁) g             m̂ = m / (1 − β₁ᵗ)
    /// v ← β₂ v + (1 − β₂) g²
    /// ρ∞ = 2 / (1 − β₂) − 1            ρ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)
    /// r = √((ρ − 4) (ρ − 2) ρ∞ / ((ρ∞ − 4) (ρ∞ − 2) ρ))
    /// θ ← θ − η r m̂ √(1 − β₂ᵗ) / (√v + ε)       where ρ > 5, else
    /// θ ← θ − η m̂                      element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average and `v` that of its square. Both
    /// start at zero. `ρ` is about how many squares the average `v` is made of, `ρ∞` what it grows
    /// to, and `r` what the division is to be trusted. With the usual `β₂` the first five steps go
    /// without division. Decoupled, `λ` takes no part in `g`; instead `θ ← θ − η λ θ` goes before,
    /// as in AdamW. The same as PyTorch's `RAdam`.
    ///
    /// When to use: problems for Adam on which the first steps throw the parameters about, such as
    /// transformers, where no warm-up is to be tuned. Start from Adam's `η` = 1e-3. With a warm-up
    /// in the schedule Adam or AdamW does the same.
    ///
    /// Reference: L. Liu et al., On the variance of the adaptive learning rate and beyond, 2020.
    pub struct RAdam("RAdam") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of squares remembers.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
        /// Shrinks the parameters apart from the gradient, by the learning rate times `λ`.
        decoupled(""): bool = false;
    }
}

impl RAdam {
    /// What the division is multiplied with in step `t`; `None` while it is left out.
    fn rectification(&self, t: u64) -> Option<f64> {
        let squares = power(self.beta2, t);
        let longest = 2.0 / (1.0 - self.beta2) - 1.0;
        let length = longest - 2.0 * t as f64 * squares / (1.0 - squares);
        (length > 5.0).then(|| {
            let now = (length - 4.0) * (length - 2.0) * longest;
            let end = (longest - 4.0) * (longest - 2.0) * length;
            (now / end).sqrt() * (1.0 - squares).sqrt()
        })
    }
}

impl<T: Scalar> UpdateRule<T> for RAdam {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = update.learning_rate;
        let (coupled, kept) = split_decay(self.weight_decay, self.decoupled, rate);
        let kept = T::from_f64(kept);
        let rate = rate / (1.0 - power(self.beta1, state.step));
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, rest2) = (T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        let epsilon = T::from_f64(self.epsilon);
        if let Some(rectification) = self.rectification(state.step) {
            let rate = T::from_f64(rate * rectification);
            elementwise_with_decay(
                update,
                coupled,
                state.split(),
                #[inline(always)]
                move |param, gradient, [m, v]| {
                    let m = beta1 * m + rest1 * gradient;
                    let v = beta2 * v + rest2 * (gradient * gradient);
                    (param * kept - rate * m / (v.sqrt() + epsilon), [m, v])
                },
            );
        } else {
            let rate = T::from_f64(rate);
            elementwise_with_decay(
                update,
                coupled,
                state.split(),
                #[inline(always)]
                move |param, gradient, [m, v]| {
                    let m = beta1 * m + rest1 * gradient;
                    let v = beta2 * v + rest2 * (gradient * gradient);
                    (param * kept - rate * m, [m, v])
                },
            );
        }
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "v"]);
        lines.decay(self.weight_decay, self.decoupled);
        lines.add("m", "β₁ m + (1 − β₁) g");
        lines.add("v", "β₂ v + (1 − β₂) g²");
        lines.add("m̂", "m / (1 − β₁ᵗ)");
        lines.add("ρ∞", "2 / (1 − β₂) − 1");
        lines.add("ρ", "ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ)");
        if self.rectification(at.step()).is_some() {
            lines.add("r", "√((ρ − 4) (ρ − 2) ρ∞ / ((ρ∞ − 4) (ρ∞ − 2) ρ))");
            lines.effective_rate("η r √(1 − β₂ᵗ) / (√v + ε)");
            lines.add("θ", "θ − η r m̂ √(1 − β₂ᵗ) / (√v + ε)");
        } else {
            lines.add("θ", "θ − η m̂");
        }
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// Under a steady gradient m̂ = g, so undivided steps are η g.
    #[test]
    fn the_first_five_steps_are_not_divided() {
        let radam = RAdam { learning_rate: 0.25, ..RAdam::default() };
        let after = |n| descend(&radam, &[0.0], n, |_: &[f64], g: &mut [f64]| g[0] = 8.0)[0];
        assert!((after(5) + 10.0).abs() < 1e-12);
        assert!((after(6) - after(5)).abs() < 0.01);
        assert_eq!(radam.rectification(5), None);
    }

    /// The rectification grows to one as the squares fill.
    #[test]
    fn the_rectification_fades() {
        let radam = RAdam::default();
        assert!(radam.rectification(6).unwrap() < 0.01);
        assert!((radam.rectification(100_000).unwrap() - 1.0).abs() < 1e-12);
    }
}
