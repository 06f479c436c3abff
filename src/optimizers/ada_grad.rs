use super::elementwise::elementwise;
use super::{OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Gives each parameter its own rate, smaller the more gradient it has seen: rare features keep
    /// learning fast. The rates only ever fall.
    ///
    /// ```text
    /// s ← s + g²
    /// θ ← θ − η g / (√s + ε)            element by element
    /// ```
    ///
    /// `s` starts at zero, so the first step has length `η` in every coordinate. The same as
    /// PyTorch's `Adagrad` without its rate decay.
    ///
    /// Reference: J. Duchi, E. Hazan & Y. Singer, Adaptive subgradient methods for online learning
    /// and stochastic optimization, 2011.
    pub struct AdaGrad("AdaGrad") {
        /// The length of the first step in each coordinate.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// Keeps the division finite where no gradient has been seen.
        epsilon("ε"): f64 = 1e-10, Bounds::positive();
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
        let rate = T::from_f64(update.learning_rate);
        let epsilon = T::from_f64(self.epsilon);
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, [sum]| {
                let sum = sum + gradient * gradient;
                (param - rate * gradient / (sum.sqrt() + epsilon), [sum])
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// By head: gradient 1 gives s = 1, 2, 3, 4 and steps 1, 1/√2, 1/√3, 1/2.
    #[test]
    fn steps_shrink_with_the_root_of_the_sum() {
        let ada_grad = AdaGrad { learning_rate: 1.0, epsilon: 1e-10 };
        let slope = |_: &[f64], g: &mut [f64]| g[0] = 1.0;
        let four = descend(&ada_grad, &[0.0], 4, slope)[0];
        assert!((four + 1.0 + 0.5f64.sqrt() + (1.0f64 / 3.0).sqrt() + 0.5).abs() < 1e-9);
    }
}
