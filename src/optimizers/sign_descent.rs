use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Steps by the sign of the gradient: every coordinate moves by the rate, however steep it is.
    /// Near a minimum it swings by the rate, unless a schedule lowers it.
    ///
    /// ```text
    /// θ ← θ − η sign(g)            element by element
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`. The sign of zero is zero. The same as Optax's
    /// `sign_sgd`.
    ///
    /// When to use: full batches with gradients of very different sizes, and to see what the sign
    /// alone does in Adam and Lion. Choose `η` as the distance that is still acceptable at the end,
    /// or let a linear schedule take it to zero. With small batches signs are mostly noise: take
    /// Lion, which averages first.
    ///
    /// Reference: J. Bernstein, Y.-X. Wang, K. Azizzadenesheli & A. Anandkumar, signSGD: compressed
    /// optimisation for non-convex problems, 2018.
    pub struct SignDescent("Sign descent") {
        /// How far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
    }
}

impl<T: Scalar> UpdateRule<T> for SignDescent {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, []| (param - rate * gradient.sign(), []),
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &[]);
        lines.effective_rate("η / |g|");
        lines.add("θ", "θ − η sign(g)");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    #[test]
    fn every_coordinate_moves_by_the_rate() {
        let slopes = |_: &[f64], g: &mut [f64]| g.copy_from_slice(&[1e9, -1e-9, 0.0]);
        let rule = SignDescent { learning_rate: 0.5 };
        assert_eq!(descend(&rule, &[1.0; 3], 2, slopes), [0.0, 2.0, 1.0]);
    }
}
