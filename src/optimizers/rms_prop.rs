use super::elementwise::elementwise;
use super::{OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Divides each coordinate of the gradient by its recent size, so that steep and flat directions
    /// move alike.
    ///
    /// ```text
    /// v ← α v + (1 − α) g²
    /// θ ← θ − η g / (√v + ε)            element by element
    /// ```
    ///
    /// `v` starts at zero, so the first step is up to `η/√(1 − α)` long in each coordinate. The same
    /// as PyTorch's `RMSprop`, not centred and without momentum. Keras puts `ε` under the root.
    ///
    /// Reference: T. Tieleman & G. Hinton, Neural networks for machine learning, lecture 6.5, 2012.
    pub struct RmsProp("RMSprop") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// How long the average of squares remembers.
        alpha("α"): f64 = 0.99, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
    }
}

impl<T: Scalar> UpdateRule<T> for RmsProp {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["mean_square"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let rate = T::from_f64(update.learning_rate);
        let (alpha, rest) = (T::from_f64(self.alpha), T::from_f64(1.0 - self.alpha));
        let epsilon = T::from_f64(self.epsilon);
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, [squares]| {
                let squares = alpha * squares + rest * (gradient * gradient);
                (param - rate * gradient / (squares.sqrt() + epsilon), [squares])
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::descend;

    /// The first step is η / √(1 − α) whatever the gradient: here 1 / √¼.
    #[test]
    fn the_first_step_ignores_the_size_of_the_gradient() {
        let rms_prop = RmsProp { learning_rate: 1.0, alpha: 0.75, epsilon: 1e-12 };
        for size in [1e-3, 1.0, 1e3] {
            let first = descend(&rms_prop, &[0.0], 1, |_: &[f64], g: &mut [f64]| g[0] = size)[0];
            assert!((first + 2.0).abs() < 1e-8);
        }
    }
}
