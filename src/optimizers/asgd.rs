use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Gradient descent with a rate that falls slowly and an average of the parameters besides. The
    /// average of a noisy path comes closer to the minimum than its end does.
    ///
    /// ```text
    /// g ← g + w θ
    /// ηₜ = η / (1 + λ η (t − 1))^α
    /// θ ← θ − ηₜ (g + λ θ)
    /// a ← a + (θ − a) / max(1, t − 1 − t₀)      t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`. Training, and every figure of it, is at `θ`. The
    /// average `a` is kept in the state of the optimizer; until `t₀` it is `θ` itself. The same as
    /// PyTorch's `ASGD`, whose `ax` is `a`.
    ///
    /// When to use: linear models and other convex losses trained with small batches, whose last
    /// point is noisy. Set `t₀` to the steps of the first epoch or two: with the default no run of
    /// less than a million steps averages anything. For networks, and to have the average
    /// evaluated, take the averaging that goes with any optimizer.
    ///
    /// Reference: B. T. Polyak & A. B. Juditsky, Acceleration of stochastic approximation by
    /// averaging, 1992; L. Bottou, Large-scale machine learning with stochastic gradient descent,
    /// 2010.
    pub struct Asgd("Averaged gradient descent") {
        /// How far to step along the negative gradient, at first.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// Pulls parameters to zero, and lets the rate fall.
        lambda("λ"): f64 = 1e-4, Bounds::non_negative();
        /// How steeply the rate falls.
        alpha("α"): f64 = 0.75, Bounds::non_negative();
        /// The step from which on parameters are averaged.
        t0("t₀"): f64 = 1e6, Bounds::non_negative();
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("w"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for Asgd {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["average"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let before = (state.step - 1) as f64;
        let fall = 1.0 + self.lambda * update.learning_rate * before;
        let rate = update.learning_rate / <f64 as Scalar>::powf(fall, self.alpha);
        let kept = T::from_f64(1.0 - self.lambda * rate);
        let rate = T::from_f64(rate);
        let averaging = before - self.t0 > 1.0;
        let part = T::from_f64(if averaging { 1.0 / (before - self.t0) } else { 1.0 });
        elementwise_with_decay(
            update,
            self.weight_decay,
            state.split(),
            #[inline(always)]
            move |param, gradient, [average]| {
                let param = param * kept - rate * gradient;
                let average = if averaging { average + (param - average) * part } else { param };
                (param, [average])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["a"]);
        if self.weight_decay != 0.0 {
            lines.add("g", "g + w θ");
        }
        lines.add("ηₜ", "η / (1 + λ η (t − 1))^α");
        let step = if self.lambda == 0.0 { "θ − ηₜ g" } else { "θ − ηₜ (g + λ θ)" };
        // The average is of the new parameter, whose own line is the last.
        lines.add("θ′", step);
        if (at.step() - 1) as f64 - self.t0 > 1.0 {
            lines.add("a", "a + (θ′ − a) / (t − 1 − t₀)");
        } else {
            lines.add("a", "θ′");
        }
        lines.add("θ", "θ′");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::advance;

    /// By head, with slope 1 and rate 1: θ = −1, …, −5. From t₀ = 1 the parts are 1 until t = 3,
    /// then ½ and ⅓: a = −1, −2, −3, −3.5, −4, the mean of −3, −4 and −5.
    #[test]
    fn the_average_starts_after_t0() {
        let asgd = Asgd { learning_rate: 1.0, lambda: 0.0, t0: 1.0, ..Asgd::default() };
        let (mut state, mut params) = (OptimizerState::new(&asgd, 1), [0.0f64]);
        let mut averages = Vec::new();
        for _ in 0..5 {
            advance(&asgd, &mut params, &mut state, 1, |_, g| g[0] = 1.0);
            averages.push(state.vectors[0][0]);
        }
        assert_eq!(params, [-5.0]);
        assert_eq!(averages, [-1.0, -2.0, -3.0, -3.5, -4.0]);
    }
}
