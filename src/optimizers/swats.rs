use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::math::reduce;
use crate::settings::Bounds;

crate::settings! {
    /// Begins as Adam and goes on as gradient descent with momentum: quick at first, and where it ends
    /// as good on new data as SGD. While it is Adam it measures which rate SGD would need to go as far
    /// along the gradient; once this has settled, it switches for good.
    ///
    /// ```text
    /// as Adam, t = 1, 2, …
    ///   m ← β₁ m + (1 − β₁) g
    ///   v ← β₂ v + (1 − β₂) g²
    ///   p = √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)          element by element
    ///   θ ← θ − η p
    ///   γ = η pᵀp / pᵀg                                    where pᵀg is not zero
    ///   a ← β₂ a + (1 − β₂) γ                              Λ = a / (1 − β₂ᵗ)
    ///   switches where t > 1, Λ > 0 and |Λ − γ| < δ
    /// as SGD
    ///   u ← β₁ u + g
    ///   θ ← θ − (1 − β₁) Λ u
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average and `v` that of its square, `p`
    /// the step at rate 1, `γ` the rate at which SGD would go as far, `a` and `Λ` its average, and
    /// `u` the speed. `m`, `v`, `a` and `u` start at zero. A schedule multiplies `η`, and later
    /// `Λ`; `γ` is measured as if there were none. The step at which it switched stands in the
    /// state as `switched_at` (0 before), `Λ` as `sgd_rate`. As the paper's algorithm, which has
    /// one number for `ε` and `δ`, and does not ask that `Λ` be above zero, without which SGD would
    /// climb. With the paper's `δ` the switch comes late, or never in a short run: a larger one
    /// brings it sooner.
    ///
    /// When to use: long training of image classifiers and the like, where Adam starts faster and
    /// momentum ends better on new data. Tune `η` as for Adam, from 1e-3, then raise `δ` a
    /// hundredfold at a time until the switch comes in the first half of the run. Where Adam is
    /// ahead to the end, as in language models, take Adam.
    ///
    /// Reference: N. S. Keskar & R. Socher, Improving generalization performance by switching from
    /// Adam to SGD, 2017.
    pub struct Swats("SWATS") {
        /// About how far each coordinate moves in a step of Adam's.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
        /// How long the average of gradients remembers, and later the momentum.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the averages of squares and of rates remember.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-9, Bounds::positive();
        /// How near the measured rate must come to its average for the switch.
        tolerance("δ"): f64 = 1e-9, Bounds::positive();
    }
}

impl Swats {
    fn adam_step<T: Scalar>(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let step = state.step;
        let corrected =
            update.learning_rate * (1.0 - power(self.beta2, step)).sqrt() / (1.0 - power(self.beta1, step));
        let rate = T::from_f64(corrected);
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, rest2) = (T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        let epsilon = T::from_f64(self.epsilon);
        let factor = update.learning_rate / self.learning_rate;
        let gradient = update.gradient;
        let ([m, v, last_step, _], [switched_at, sgd_rate, average]) = state.split_all();
        elementwise(
            update,
            [m, v, &mut *last_step],
            #[inline(always)]
            move |param, gradient, [m, v, _]| {
                let m = beta1 * m + rest1 * gradient;
                let v = beta2 * v + rest2 * (gradient * gradient);
                let step = rate * m / (v.sqrt() + epsilon);
                (param - step, [m, v, -step])
            },
        );
        let along = reduce::dot(last_step, gradient).to_f64();
        let squared = reduce::sum_of_squares(last_step).to_f64();
        let measured = squared / -along / factor;
        if !measured.is_finite() {
            return;
        }
        *average = self.beta2 * *average + (1.0 - self.beta2) * measured;
        let settled = *average / (1.0 - power(self.beta2, step));
        if step > 1 && settled > 0.0 && (settled - measured).abs() < self.tolerance {
            (*switched_at, *sgd_rate) = (step as f64, settled);
        }
    }

    fn sgd_step<T: Scalar>(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let factor = update.learning_rate / self.learning_rate;
        let rate = T::from_f64((1.0 - self.beta1) * state.scalars[1] * factor);
        let beta1 = T::from_f64(self.beta1);
        let [_, _, _, velocity] = state.split();
        elementwise(
            update,
            [velocity],
            #[inline(always)]
            move |param, gradient, [u]| {
                let u = beta1 * u + gradient;
                (param - rate * u, [u])
            },
        );
    }
}

impl<T: Scalar> UpdateRule<T> for Swats {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment", "last_step", "velocity"]
    }

    fn scalars(&self) -> &'static [&'static str] {
        &["switched_at", "sgd_rate", "rate_average"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        if state.scalars[0] == 0.0 {
            self.adam_step(state, update);
        } else {
            self.sgd_step(state, update);
        }
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "v", "", "u"]);
        let factor = at.learning_rate / self.learning_rate;
        if at.before.scalars[0] != 0.0 {
            lines.know("Λ", at.before.scalars[1] * factor);
            lines.add("u", "β₁ u + g");
            lines.effective_rate("(1 − β₁) Λ");
            lines.add("θ", "θ − (1 − β₁) Λ u");
            return lines.finish();
        }
        lines.add("m", "β₁ m + (1 − β₁) g");
        lines.add("v", "β₂ v + (1 − β₂) g²");
        lines.add("p", "√(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)");
        let last_step = &at.after.vectors[2];
        let along = reduce::dot(last_step, at.gradient);
        let measured = reduce::sum_of_squares(last_step) / -along / factor;
        if measured.is_finite() {
            lines.given("γ", "η pᵀp / pᵀg", measured);
            lines.know("a", at.before.scalars[2]);
            lines.add("a", "β₂ a + (1 − β₂) γ");
            lines.add("Λ", "a / (1 − β₂ᵗ)");
        }
        lines.effective_rate("η √(1 − β₂ᵗ) / ((1 − β₁ᵗ) (√v + ε))");
        lines.add("θ", "θ − η p");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::advance;

    /// A slope that stays the same: Adam steps by η, and SGD with the rate η / g does so too.
    #[test]
    fn on_a_steady_slope_it_switches_to_the_rate_that_steps_as_far() {
        let swats = Swats { learning_rate: 0.25, ..Swats::default() };
        let (mut params, mut state) = ([10.0], OptimizerState::new(&swats, 1));
        let slope = |_: &[f64], g: &mut [f64]| g[0] = 2.0;
        advance(&swats, &mut params, &mut state, 1, slope);
        assert_eq!(state.scalars[0], 0.0);
        advance(&swats, &mut params, &mut state, 1, slope);
        assert_eq!(state.scalars[0], 2.0);
        assert!((state.scalars[1] - 0.125).abs() < 1e-8, "{:?}", state.scalars);
        // SGD starts from rest: (1 − β₁) Λ g = 0.1 · 0.125 · 2.
        advance(&swats, &mut params, &mut state, 1, slope);
        assert!((params[0] - (10.0 - 0.5 - 0.025)).abs() < 1e-8, "{params:?}");
        assert_eq!(state.scalars[0], 2.0);
    }

    /// Where Adam's momentum climbs for a while, the measured rate is below zero; SGD must not.
    #[test]
    fn it_never_switches_to_a_rate_below_zero() {
        let swats = Swats { tolerance: 1e9, ..Swats::default() };
        let (mut params, mut state) = ([1.0], OptimizerState::new(&swats, 1));
        state.scalars[2] = -1e6;
        state.step = 1;
        advance(&swats, &mut params, &mut state, 5, |_: &[f64], g: &mut [f64]| g[0] = 2.0);
        assert_eq!(state.scalars[0], 0.0);
    }
}
