use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Measures each step in the unit of the steps before it, so that it hardly needs a learning
    /// rate.
    ///
    /// ```text
    /// g ← g + λ θ
    /// s ← ρ s + (1 − ρ) g²
    /// d = √(u + ε) / √(s + ε) · g
    /// u ← ρ u + (1 − ρ) d²
    /// θ ← θ − η d                        element by element
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `s` the average of its square, `d` the step and
    /// `u` the average of its square. Both start at zero; the first steps are short, about `√(ε/(1
    /// − ρ))`, and grow as `u` fills. The same as PyTorch's `Adadelta`. The paper has no `η` (that
    /// is, 1).
    ///
    /// When to use: networks and linear models for which no rate is to be searched: `η` = 1 works
    /// on most of them. It starts slowly; with `ε` of 1e-4 it starts faster. Where the last bit of
    /// quality counts, a method with a tuned rate gets further.
    ///
    /// Reference: M. D. Zeiler, ADADELTA: an adaptive learning rate method, 2012.
    pub struct AdaDelta("AdaDelta") {
        /// Multiplies the step; 1 is the method of the paper.
        learning_rate("η"): f64 = 1.0, Bounds::positive();
        /// How long the averages remember.
        rho("ρ"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// Sets the length of the first steps and keeps the division finite.
        epsilon("ε"): f64 = 1e-6, Bounds::positive();
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for AdaDelta {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["mean_square_gradient", "mean_square_step"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        let (rho, rest) = (T::from_f64(self.rho), T::from_f64(1.0 - self.rho));
        let epsilon = T::from_f64(self.epsilon);
        elementwise_with_decay(
            update,
            self.weight_decay,
            state.split(),
            #[inline(always)]
            move |param, gradient, [squares, steps]| {
                let squares = rho * squares + rest * (gradient * gradient);
                let step = (steps + epsilon).sqrt() / (squares + epsilon).sqrt() * gradient;
                let steps = rho * steps + rest * (step * step);
                (param - rate * step, [squares, steps])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["s", "u"]);
        lines.decay(self.weight_decay, false);
        lines.add("s", "ρ s + (1 − ρ) g²");
        lines.add("d", "√(u + ε) / √(s + ε) · g");
        lines.effective_rate("η √(u + ε) / √(s + ε)");
        lines.add("u", "ρ u + (1 − ρ) d²");
        lines.add("θ", "θ − η d");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// The first step is √ε / √((1 − ρ) g² + ε) · g: with ρ = ¾, g = 2 and ε = 3 it is √3/√4 · 2.
    #[test]
    fn the_first_step_is_measured_by_epsilon() {
        let ada_delta = AdaDelta { rho: 0.75, epsilon: 3.0, ..AdaDelta::default() };
        let first = descend(&ada_delta, &[0.0], 1, |_: &[f64], g: &mut [f64]| g[0] = 2.0)[0];
        assert!((first + 3f64.sqrt()).abs() < 1e-15);
    }
}
