use super::elementwise::elementwise;
use super::equation::{Lines, number};
use super::trust_ratio::{ranges, trust_ratio};
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::math::reduce;
use crate::settings::Bounds;

crate::settings! {
    /// Adam whose step in each layer is as long as the layer's weights are, times the learning rate.
    /// Made for very large batches and their large rates: no layer is thrown far from where it
    /// stands, and none is left behind.
    ///
    /// ```text
    /// m ← β₁ m + (1 − β₁) g              m̂ = m / (1 − β₁ᵗ)
    /// v ← β₂ v + (1 − β₂) g²             v̂ = v / (1 − β₂ᵗ)
    /// u = m̂ / (√(v̂ + ε₀) + ε) + λ θ      element by element, t = 1, 2, …
    /// r = ‖θ‖ / ‖u‖                      block by block; 1 where ‖θ‖ or ‖u‖ is zero
    /// θ ← θ − η r u
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average, `v` that of its square (both
    /// start at zero), `u` the direction and `r` the trust ratio. A block is one weight matrix or
    /// one bias vector; the coordinates of a surface are one block. The same as Optax's `lamb`
    /// without a mask: biases decay and are scaled like weights. The paper lets a function limit
    /// `‖θ‖`; here it is the norm itself.
    ///
    /// When to use: deep networks on batches of thousands of samples, at rates that throw Adam off;
    /// below some hundreds Adam is as good. Start from `η` = 1e-3 to 1e-2 with a warm-up, and let
    /// it grow with the root of the batch. Not for models that start at zero, whose first step is
    /// Adam's own.
    ///
    /// Reference: Y. You et al., Large batch optimization for deep learning: training BERT in 76
    /// minutes, 2020.
    pub struct Lamb("LAMB") {
        /// How far each block moves in a step, as a share of its length.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of squares remembers.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-6, Bounds::positive();
        /// Added to the mean square before its root.
        epsilon_root("ε₀"): f64 = 0.0, Bounds::non_negative();
        /// How strongly parameters are pulled to zero, by a part of them added to the step.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for Lamb {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment", "direction"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let of_first = T::from_f64(1.0 / (1.0 - power(self.beta1, state.step)));
        let of_second = T::from_f64(1.0 / (1.0 - power(self.beta2, state.step)));
        let (beta1, rest1) = (T::from_f64(self.beta1), T::from_f64(1.0 - self.beta1));
        let (beta2, rest2) = (T::from_f64(self.beta2), T::from_f64(1.0 - self.beta2));
        let (epsilon, inside) = (T::from_f64(self.epsilon), T::from_f64(self.epsilon_root));
        let decay = T::from_f64(self.weight_decay);
        let Update { params, gradient, learning_rate, team, blocks, .. } = update;
        let [m, v, direction] = state.split();
        elementwise(
            Update::new(params, gradient, learning_rate, team),
            [m, v, &mut *direction],
            #[inline(always)]
            move |param, gradient, [m, v, _]| {
                let m = beta1 * m + rest1 * gradient;
                let v = beta2 * v + rest2 * (gradient * gradient);
                let step = m * of_first / ((v * of_second + inside).sqrt() + epsilon);
                (param, [m, v, step + decay * param])
            },
        );
        for block in ranges(blocks, params.len()) {
            let (params, direction) = (&mut params[block.clone()], &direction[block]);
            let ratio = trust_ratio(params, reduce::norm(direction), 1.0, 0.0);
            let rate = T::from_f64(learning_rate * ratio);
            elementwise(
                Update::new(params, direction, learning_rate, team),
                [],
                #[inline(always)]
                move |param, step, []| (param - rate * step, []),
            );
        }
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["m", "v", "u"]);
        lines.add("m", "β₁ m + (1 − β₁) g");
        lines.add("v", "β₂ v + (1 − β₂) g²");
        lines.add("m̂", "m / (1 − β₁ᵗ)");
        lines.add("v̂", "v / (1 − β₂ᵗ)");
        lines.add(
            "u",
            match (self.epsilon_root != 0.0, self.weight_decay != 0.0) {
                (false, false) => "m̂ / (√v̂ + ε)",
                (false, true) => "m̂ / (√v̂ + ε) + λ θ",
                (true, false) => "m̂ / (√(v̂ + ε₀) + ε)",
                (true, true) => "m̂ / (√(v̂ + ε₀) + ε) + λ θ",
            },
        );
        let params = &at.params[0][at.block.clone()];
        let (length, step) = (reduce::norm(params), at.block_norm(&at.after.vectors[2]));
        let ratio = trust_ratio(params, step, 1.0, 0.0);
        let numbers = format!("{} / {}", number(length), number(step));
        lines.measured("r", "‖θ‖ / ‖u‖", numbers, ratio);
        lines.effective_rate("η r");
        lines.add("θ", "θ − η r u");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::team::Team;
    use crate::optimizers::test_support::descend;

    /// The first u is g / |g| = ±1 in each coordinate, of norm √2; θ has the norm 5, so each
    /// coordinate moves by η · 5 / √2, whatever the gradient.
    #[test]
    fn the_first_step_is_a_share_of_the_length() {
        let lamb = Lamb { learning_rate: 0.1, epsilon: 1e-30, ..Lamb::default() };
        let slopes = |_: &[f64], g: &mut [f64]| g.copy_from_slice(&[1e4, -1e-4]);
        let end = descend(&lamb, &[3.0, 4.0], 1, slopes);
        let move_by = 0.5 / 2.0_f64.sqrt();
        let expected = [3.0 - move_by, 4.0 + move_by];
        assert!(reduce::distance(&end, &expected) < 1e-15, "{end:?}");
    }

    /// What is zero has no length to be measured by: it moves as with Adam.
    #[test]
    fn a_block_of_zeros_moves_by_the_rate() {
        let lamb = Lamb { learning_rate: 0.1, epsilon: 1e-30, ..Lamb::default() };
        let (mut params, mut state) = ([0.0, 0.0, 2.0], OptimizerState::new(&lamb, 3));
        let (gradient, team) = ([1.0, -1.0, 7.0], Team::solo());
        state.step = 1;
        let update = Update::new(&mut params, &gradient, 0.1, &team);
        lamb.update(&mut state, Update { blocks: &[0..2, 2..3], ..update });
        assert!(reduce::distance(&params, &[-0.1, 0.1, 1.8]) < 1e-15, "{params:?}");
    }
}
