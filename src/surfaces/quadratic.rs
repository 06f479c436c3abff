use super::SurfaceFunction;
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// A bowl, longer than it is wide: the picture of what a bad condition number does to gradient
    /// descent.
    ///
    /// ```text
    /// f(x, y) = ½ (x² + κ y²)        minimum 0 at (0, 0)
    /// ```
    ///
    /// The curvatures are 1 along x and κ along y, so gradient descent converges exactly when
    /// `η < 2/κ`, and at best shrinks the distance by `(κ − 1)/(κ + 1)` per step.
    ///
    /// When to use: first lessons: gradient descent just below and just above `η = 2/κ`, then
    /// momentum at a `κ` of 100. Its axes are those of the coordinates, which flatters methods with
    /// a rate for each: compare on Booth and Matyas too.
    ///
    /// Reference: B. T. Polyak, Introduction to optimization, 1987.
    pub struct Quadratic("Quadratic bowl") {
        /// The condition number: how many times steeper the bowl is across than along.
        condition("κ"): f64 = 10.0, Bounds::at_least(1.0).logarithmic();
    }
}

impl<T: Scalar> SurfaceFunction<T> for Quadratic {
    fn value(&self, x: &[T]) -> T {
        T::from_f64(0.5) * (x[0] * x[0] + T::from_f64(self.condition) * (x[1] * x[1]))
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        gradient[0] = x[0];
        gradient[1] = T::from_f64(self.condition) * x[1];
        self.value(x)
    }

    fn start(&self) -> Vec<f64> {
        vec![-4.0, 1.5]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0, 0.0], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-3.0, 3.0]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::team::Team;
    use crate::optimizers::{GradientDescent, OptimizerState, Update, UpdateRule};

    /// The threshold 2/L with L = κ, on the surface itself.
    #[test]
    fn gradient_descent_converges_exactly_below_two_over_the_condition_number() {
        let bowl = Quadratic { condition: 50.0 };
        let after = |learning_rate| {
            let rule = GradientDescent { learning_rate, ..GradientDescent::default() };
            let (mut state, team) = (OptimizerState::new(&rule, 2), Team::solo());
            let (mut x, mut gradient) = ([1.0, 1.0], [0.0; 2]);
            for _ in 0..2000 {
                bowl.value_and_gradient(&x, &mut gradient);
                rule.update(&mut state, Update::new(&mut x, &gradient, learning_rate, &team));
            }
            SurfaceFunction::<f64>::value(&bowl, &x)
        };
        assert!(after(0.99 * 2.0 / 50.0) < 1e-20);
        assert!(after(1.01 * 2.0 / 50.0) > 1e20);
    }

    #[test]
    fn the_condition_number_is_the_ratio_of_curvatures() {
        let bowl = Quadratic { condition: 7.0 };
        let along = SurfaceFunction::<f64>::value(&bowl, &[2.0, 0.0]);
        let across = SurfaceFunction::<f64>::value(&bowl, &[0.0, 2.0]);
        assert_eq!((along, across), (2.0, 14.0));
    }
}
