use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Divides each coordinate of the gradient by its recent size, so that steep and flat directions
    /// move alike.
    ///
    /// ```text
    /// g ← g + λ θ
    /// v ← α v + (1 − α) g²
    /// a ← α a + (1 − α) g               where centered, else a = 0
    /// b ← μ b + g / (√(v − a²) + ε)
    /// θ ← θ − η b                       element by element
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `v` the average of its square, `a` its own
    /// average and `b` the speed. All start at zero, so the first step is up to `η/√(1 − α)` long
    /// in each coordinate, and `η/√(α (1 − α))` where centered. The same as PyTorch's `RMSprop`.
    /// Keras puts `ε` under the root.
    ///
    /// When to use: networks whose gradients change much in size during training, as in recurrent
    /// networks and in reinforcement learning. Start networks from `η` = 1e-3, a tenth of the
    /// default; lower `α` to 0.9 where gradients change quickly. Steps do not shrink near a
    /// minimum, so let a schedule lower the rate at the end.
    ///
    /// Reference: T. Tieleman & G. Hinton, Neural networks for machine learning, lecture 6.5, 2012;
    /// A. Graves, Generating sequences with recurrent neural networks, 2013 (centered).
    pub struct RmsProp("RMSprop") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// How long the average of squares remembers.
        alpha("α"): f64 = 0.99, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
        /// Divides by the recent spread of the gradient, its recent mean taken out.
        centered(""): bool = false;
        /// How much of the speed is kept from step to step.
        momentum("μ"): f64 = 0.0, Bounds::half_open(0.0, 1.0);
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for RmsProp {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        match (self.centered, self.momentum > 0.0) {
            (false, false) => &["mean_square"],
            (true, false) => &["mean_square", "mean_gradient"],
            (false, true) => &["mean_square", "momentum"],
            (true, true) => &["mean_square", "mean_gradient", "momentum"],
        }
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        let (alpha, rest) = (T::from_f64(self.alpha), T::from_f64(1.0 - self.alpha));
        let (epsilon, momentum) = (T::from_f64(self.epsilon), T::from_f64(self.momentum));
        let decay = self.weight_decay;
        // The spread is positive but for rounding: max keeps the root real.
        match (self.centered, self.momentum > 0.0) {
            (false, false) => elementwise_with_decay(
                update,
                decay,
                state.split(),
                #[inline(always)]
                move |param, gradient, [squares]| {
                    let squares = alpha * squares + rest * (gradient * gradient);
                    (param - rate * gradient / (squares.sqrt() + epsilon), [squares])
                },
            ),
            (true, false) => elementwise_with_decay(
                update,
                decay,
                state.split(),
                #[inline(always)]
                move |param, gradient, [squares, mean]| {
                    let squares = alpha * squares + rest * (gradient * gradient);
                    let mean = alpha * mean + rest * gradient;
                    let spread = (squares - mean * mean).max(T::ZERO).sqrt();
                    (param - rate * gradient / (spread + epsilon), [squares, mean])
                },
            ),
            (false, true) => elementwise_with_decay(
                update,
                decay,
                state.split(),
                #[inline(always)]
                move |param, gradient, [squares, buffer]| {
                    let squares = alpha * squares + rest * (gradient * gradient);
                    let buffer = momentum * buffer + gradient / (squares.sqrt() + epsilon);
                    (param - rate * buffer, [squares, buffer])
                },
            ),
            (true, true) => elementwise_with_decay(
                update,
                decay,
                state.split(),
                #[inline(always)]
                move |param, gradient, [squares, mean, buffer]| {
                    let squares = alpha * squares + rest * (gradient * gradient);
                    let mean = alpha * mean + rest * gradient;
                    let spread = (squares - mean * mean).max(T::ZERO).sqrt();
                    let buffer = momentum * buffer + gradient / (spread + epsilon);
                    (param - rate * buffer, [squares, mean, buffer])
                },
            ),
        }
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, match (self.centered, self.momentum > 0.0) {
            (false, false) => &["v"],
            (true, false) => &["v", "a"],
            (false, true) => &["v", "b"],
            (true, true) => &["v", "a", "b"],
        });
        lines.decay(self.weight_decay, false);
        lines.add("v", "α v + (1 − α) g²");
        // The code keeps the root real where rounding makes the spread negative, and so does this.
        let (rate, scaled, direct) = if self.centered {
            lines.add("a", "α a + (1 − α) g");
            (
                "η / (√max(v − a², 0) + ε)",
                "μ b + g / (√max(v − a², 0) + ε)",
                "θ − η g / (√max(v − a², 0) + ε)",
            )
        } else {
            ("η / (√v + ε)", "μ b + g / (√v + ε)", "θ − η g / (√v + ε)")
        };
        lines.effective_rate(rate);
        if self.momentum > 0.0 {
            lines.add("b", scaled);
            lines.add("θ", "θ − η b");
        } else {
            lines.add("θ", direct);
        }
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// The first step is η / √(1 − α) whatever the gradient: here 1 / √¼.
    #[test]
    fn the_first_step_ignores_the_size_of_the_gradient() {
        let rms_prop = RmsProp {
            learning_rate: 1.0,
            alpha: 0.75,
            epsilon: 1e-12,
            ..RmsProp::default()
        };
        for size in [1e-3, 1.0, 1e3] {
            let first = descend(&rms_prop, &[0.0], 1, |_: &[f64], g: &mut [f64]| g[0] = size)[0];
            assert!((first + 2.0).abs() < 1e-8);
        }
    }

    /// With α = ½ and g = 2: v = 2, a = 1, spread 1, so b = 2; then v = 3, a = 1.5, spread √¾,
    /// b = ½ · 2 + 2/√¾.
    #[test]
    fn centered_with_momentum_by_hand() {
        let rms_prop = RmsProp {
            learning_rate: 1.0,
            alpha: 0.5,
            epsilon: 1e-15,
            centered: true,
            momentum: 0.5,
            ..RmsProp::default()
        };
        let two = descend(&rms_prop, &[0.0], 2, |_: &[f64], g: &mut [f64]| g[0] = 2.0)[0];
        assert!((two + 3.0 + 2.0 / 0.75f64.sqrt()).abs() < 1e-12, "{two}");
    }
}
