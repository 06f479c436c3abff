use super::elementwise::elementwise;
use super::equation::{Lines, number};
use super::trust_ratio::{ranges, trust_ratio};
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::reduce;
use crate::settings::Bounds;

crate::settings! {
    /// Momentum with a rate for each layer: its step is a fixed share of the length of its weights,
    /// however long its gradient is. Made for training deep networks on very large batches.
    ///
    /// ```text
    /// u = g + λ θ
    /// r = c ‖θ‖ / (‖u‖ + ε)              block by block; 1 where ‖θ‖ or ‖u‖ is zero
    /// v ← μ v + η r u
    /// θ ← θ − v                          Nesterov: θ ← θ − η r u − μ v
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `u` the direction, `r` the trust ratio, and `v`
    /// the speed, which starts at zero. A block is one weight matrix or one bias vector; the
    /// coordinates of a surface are one block. The same as Optax's `lars` without masks: biases
    /// decay and are scaled like weights. The paper has `λ ‖θ‖` in the denominator in place of `ε`,
    /// and the decay beside `‖g‖` rather than inside.
    ///
    /// When to use: convolutional and other deep networks on batches of thousands of samples, in
    /// place of momentum. Leave `c` and tune `η` with a warm-up, because for blocks that are not
    /// zero only their product counts. Not for models that start at zero: their first step is a
    /// whole `η` times the gradient.
    ///
    /// Reference: Y. You, I. Gitman & B. Ginsburg, Large batch training of convolutional networks,
    /// 2017.
    pub struct Lars("LARS") {
        /// How far to step, in shares `c` of each block's length.
        learning_rate("η"): f64 = 1.0, Bounds::positive();
        /// How much of the last step is kept.
        momentum("μ"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// The share of its length that a block moves at the rate 1.
        trust_coefficient("c"): f64 = 0.001, Bounds::positive();
        /// Keeps the ratio small where gradients vanish.
        epsilon("ε"): f64 = 0.0, Bounds::non_negative();
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
        /// Looks ahead along the momentum.
        nesterov(""): bool = false;
    }
}

impl<T: Scalar> UpdateRule<T> for Lars {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["velocity"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let (momentum, decay) = (T::from_f64(self.momentum), T::from_f64(self.weight_decay));
        let nesterov = self.nesterov;
        let Update { params, gradient, learning_rate, team, blocks, .. } = update;
        let [velocity] = state.split();
        for block in ranges(blocks, params.len()) {
            let (params, gradient) = (&mut params[block.clone()], &gradient[block.clone()]);
            let norm = reduce::norm_of_sum(gradient, decay, params);
            let ratio = trust_ratio(params, norm, self.trust_coefficient, self.epsilon);
            let rate = T::from_f64(learning_rate * ratio);
            elementwise(
                Update::new(params, gradient, learning_rate, team),
                [&mut velocity[block]],
                #[inline(always)]
                move |param, gradient, [v]| {
                    let step = rate * (gradient + decay * param);
                    let v = momentum * v + step;
                    (param - if nesterov { step + momentum * v } else { v }, [v])
                },
            );
        }
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["v"]);
        lines.add("u", if self.weight_decay == 0.0 { "g" } else { "g + λ θ" });
        let params = &at.params[0][at.block.clone()];
        let norm = reduce::norm_of_sum(&at.gradient[at.block.clone()], self.weight_decay, params);
        let ratio = trust_ratio(params, norm, self.trust_coefficient, self.epsilon);
        let [c, length, step, epsilon] =
            [self.trust_coefficient, reduce::norm(params), norm, self.epsilon].map(number);
        let numbers = format!("{c} · {length} / ({step} + {epsilon})");
        lines.measured("r", "c ‖θ‖ / (‖u‖ + ε)", numbers, ratio);
        lines.add("v", "μ v + η r u");
        lines.effective_rate("η r");
        lines.add("θ", if self.nesterov { "θ − η r u − μ v" } else { "θ − v" });
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// ‖θ‖ = 5 and ‖g‖ = 10, so r = 0.5 c, and the second step adds half of the first.
    #[test]
    fn two_steps_by_hand() {
        let lars = Lars { momentum: 0.5, trust_coefficient: 0.2, ..Lars::default() };
        let slopes = |_: &[f64], g: &mut [f64]| g.copy_from_slice(&[6.0, 8.0]);
        let end = descend(&lars, &[3.0, 4.0], 1, slopes);
        assert!(reduce::distance(&end, &[2.4, 3.2]) < 1e-15, "{end:?}");
        // Now ‖θ‖ = 4: 0.08 · g + 0.5 · (0.6, 0.8).
        let end = descend(&lars, &[3.0, 4.0], 2, slopes);
        assert!(reduce::distance(&end, &[1.62, 2.16]) < 1e-15, "{end:?}");
    }

    /// The direction counts, not the length of the gradient.
    #[test]
    fn the_scale_of_the_gradient_does_not_matter() {
        let lars = Lars::default();
        let run = |scale: f64| {
            let slopes = |x: &[f64], g: &mut [f64]| {
                g.copy_from_slice(&[scale * x[0], scale * 3.0 * (x[1] - 1.0)]);
            };
            descend(&lars, &[3.0, 4.0], 50, slopes)
        };
        assert!(reduce::distance(&run(1.0), &run(1e9)) < 1e-12);
    }
}
