use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A long curved valley with a flat floor: easy to reach, hard to follow.
    ///
    /// ```text
    /// f(x, y) = (1 − x)² + 100 (y − x²)²        minimum 0 at (1, 1)
    /// ```
    ///
    /// When to use: the ability to follow a curved valley, the classic comparison of methods.
    /// Gradient descent with `η` = 0.001 needs thousands of steps (above 0.002 it cannot settle at
    /// the minimum); with momentum, Adam or L-BFGS it becomes a race. In the plane it says nothing
    /// about local minima: there are none.
    ///
    /// Reference: H. H. Rosenbrock, An automatic method for finding the greatest or least value of
    /// a function, 1960.
    pub struct Rosenbrock("Rosenbrock") {}
}

impl<T: Scalar> SurfaceFunction<T> for Rosenbrock {
    fn value(&self, x: &[T]) -> T {
        let (away, off) = (T::ONE - x[0], x[1] - x[0] * x[0]);
        away * away + T::from_f64(100.0) * off * off
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let off = x[1] - x[0] * x[0];
        gradient[0] =
            T::from_f64(-2.0) * (T::ONE - x[0]) - T::from_f64(400.0) * x[0] * off;
        gradient[1] = T::from_f64(200.0) * off;
        self.value(x)
    }

    fn start(&self) -> Vec<f64> {
        vec![-1.2, 1.0]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![1.0, 1.0], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-1.0, 3.0]]
    }
}
