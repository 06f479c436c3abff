use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::settings::Bounds;

crate::settings! {
    /// Adam whose mean square moves by steps of limited size, so that it forgets slowly and the rate
    /// does not jump up after large gradients have passed.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g                     at first m = v = v₀
    /// v ← v − (1 − β₂) sign(v − g²) g²
    /// m̂ = m / (1 − β₁ᵗ)      v̂ = v / (1 − β₂ᵗ)
    /// θ ← θ − η m̂ / (√v̂ + ε)            element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average and `v` that of its square. The
    /// same as Optax's `yogi`, which starts both averages at `v₀` and corrects them as Adam does.
    /// The paper corrects neither.
    ///
    /// When to use: sparse gradients with rare large ones, as in language models, where Adam's
    /// divisor forgets so fast that its steps jump. Start from the paper's `η` = 0.01 and `ε` =
    /// 1e-3; where gradients are far smaller than `ε` it behaves like plain momentum, so lower `ε`
    /// first.
    ///
    /// Reference: M. Zaheer, S. Reddi, D. Sachan, S. Kale & S. Kumar, Adaptive methods for nonconvex
    /// optimization, 2018.
    pub struct Yogi("Yogi") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of squares remembers.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-3, Bounds::positive();
        /// What both averages start at.
        initial_accumulator("v₀"): f64 = 1e-6, Bounds::positive();
    }
}

impl<T: Scalar> UpdateRule<T> for Yogi {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        if state.step == 1 {
            for vector in &mut state.vectors {
                vector.fill(T::from_f64(self.initial_accumulator));
            }
        }
        let root = (1.0 - power(self.beta2, state.step)).sqrt();
        let rate = update.learning_rate * root / (1.0 - power(self.beta1, state.step));
        let rate = T::from_f64(rate);
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let rest2 = T::from_f64(1.0 - self.beta2);
        let epsilon = T::from_f64(root * self.epsilon);
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, [m, v]| {
                let m = beta1 * m + rest1 * gradient;
                let square = gradient * gradient;
                let v = v - rest2 * (v - square).sign() * square;
                (param - rate * m / (v.sqrt() + epsilon), [m, v])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "v"]);
        if at.step() == 1 {
            lines.add("m", "β₁ v₀ + (1 − β₁) g");
            lines.add("v", "v₀ − (1 − β₂) sign(v₀ − g²) g²");
        } else {
            lines.add("m", "β₁ m + (1 − β₁) g");
            lines.add("v", "v − (1 − β₂) sign(v − g²) g²");
        }
        lines.add("m̂", "m / (1 − β₁ᵗ)");
        lines.add("v̂", "v / (1 − β₂ᵗ)");
        lines.effective_rate("η / (√v̂ + ε)");
        lines.add("θ", "θ − η m̂ / (√v̂ + ε)");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::advance;

    /// By head, β₂ = ¾ and v₀ = 1: gradient 2 adds ¼ · 4, gradient 1 takes ¼ · 1 away.
    #[test]
    fn the_mean_square_moves_by_a_part_of_the_square() {
        let yogi = Yogi { beta2: 0.75, initial_accumulator: 1.0, ..Yogi::default() };
        let (mut state, mut params) = (OptimizerState::new(&yogi, 1), [0.0f64]);
        advance(&yogi, &mut params, &mut state, 1, |_, g| g[0] = 2.0);
        assert_eq!(state.vectors[1], [2.0]);
        advance(&yogi, &mut params, &mut state, 1, |_, g| g[0] = 1.0);
        assert_eq!(state.vectors[1], [1.75]);
    }
}
