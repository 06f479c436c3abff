use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Gives each parameter its own rate, smaller the more gradient it has seen: rare features keep
    /// learning fast. The rates only ever fall.
    ///
    /// ```text
    /// g ← g + λ θ
    /// s ← s + g²                         at first s = s₀
    /// ηₜ = η / (1 + (t − 1) δ)
    /// θ ← θ − ηₜ g / (√s + ε)            element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `s` the sum of its squares. Where `s` starts at
    /// zero, the first step has length `η` in every coordinate. The same as PyTorch's `Adagrad`,
    /// whose `lr_decay` is `δ`.
    ///
    /// When to use: sparse features, such as words or columns that are mostly zero, and convex
    /// losses. Not for long training of networks, whose rates it lets die before they are done;
    /// RMSprop and Adam forget instead. Start from `η` = 0.1 for linear models and 0.01 for
    /// networks.
    ///
    /// Reference: J. Duchi, E. Hazan & Y. Singer, Adaptive subgradient methods for online learning
    /// and stochastic optimization, 2011.
    pub struct AdaGrad("AdaGrad") {
        /// The length of the first step in each coordinate.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// Keeps the division finite where no gradient has been seen.
        epsilon("ε"): f64 = 1e-10, Bounds::positive();
        /// How fast the rate falls with the number of steps, besides.
        rate_decay("δ"): f64 = 0.0, Bounds::non_negative();
        /// What the sums of squares start at; more makes the first steps shorter.
        initial_accumulator("s₀"): f64 = 0.0, Bounds::non_negative();
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for AdaGrad {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["sum_of_squares"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        if state.step == 1 {
            state.vectors[0].fill(T::from_f64(self.initial_accumulator));
        }
        let slowed = 1.0 + (state.step - 1) as f64 * self.rate_decay;
        let rate = T::from_f64(update.learning_rate / slowed);
        let epsilon = T::from_f64(self.epsilon);
        elementwise_with_decay(
            update,
            self.weight_decay,
            state.split(),
            #[inline(always)]
            move |param, gradient, [sum]| {
                let sum = sum + gradient * gradient;
                (param - rate * gradient / (sum.sqrt() + epsilon), [sum])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["s"]);
        lines.decay(self.weight_decay, false);
        lines.add("s", if at.step() == 1 { "s₀ + g²" } else { "s + g²" });
        if self.rate_decay == 0.0 {
            lines.effective_rate("η / (√s + ε)");
            lines.add("θ", "θ − η g / (√s + ε)");
        } else {
            lines.add("ηₜ", "η / (1 + (t − 1) δ)");
            lines.effective_rate("ηₜ / (√s + ε)");
            lines.add("θ", "θ − ηₜ g / (√s + ε)");
        }
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// By head: gradient 1 gives s = 1, 2, 3, 4 and steps 1, 1/√2, 1/√3, 1/2.
    #[test]
    fn steps_shrink_with_the_root_of_the_sum() {
        let ada_grad = AdaGrad { learning_rate: 1.0, ..AdaGrad::default() };
        let slope = |_: &[f64], g: &mut [f64]| g[0] = 1.0;
        let four = descend(&ada_grad, &[0.0], 4, slope)[0];
        assert!((four + 1.0 + 0.5f64.sqrt() + (1.0f64 / 3.0).sqrt() + 0.5).abs() < 1e-9);
    }

    /// By head: s = 3 + 1, 4 + 1 and rates 1, ½, so steps of 1/2 and ½/√5.
    #[test]
    fn the_sum_starts_where_it_is_told_and_the_rate_decays() {
        let ada_grad = AdaGrad {
            learning_rate: 1.0,
            rate_decay: 1.0,
            initial_accumulator: 3.0,
            ..AdaGrad::default()
        };
        let two = descend(&ada_grad, &[0.0], 2, |_: &[f64], g: &mut [f64]| g[0] = 1.0)[0];
        assert!((two + 0.5 + 0.5 / 5f64.sqrt()).abs() < 1e-9, "{two}");
    }
}
