use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A long oval bowl that lies across both axes, so that no scaling of single coordinates makes it
    /// round.
    ///
    /// ```text
    /// f(x, y) = 0.26 (x² + y²) − 0.48 xy
    ///           minimum 0 at (0, 0)
    /// ```
    ///
    /// Its condition number is 25.
    ///
    /// When to use: showing what momentum is for: gradient descent at `η` = 1 takes 4 in 100 off
    /// the long axis in each step, momentum many times that, and rates for each coordinate do not
    /// help. The limit of the rate is 2.
    ///
    /// Reference: M. Jamil & X.-S. Yang, A literature survey of benchmark functions for global
    /// optimisation problems, 2013.
    pub struct Matyas("Matyas") {}
}

impl<T: Scalar> SurfaceFunction<T> for Matyas {
    fn value(&self, x: &[T]) -> T {
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        number(0.26) * (x * x + y * y) - number(0.48) * x * y
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let value = self.value(x);
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        gradient[0] = number(0.52) * x - number(0.48) * y;
        gradient[1] = number(0.52) * y - number(0.48) * x;
        value
    }

    fn start(&self) -> Vec<f64> {
        vec![-8.0, 4.0]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0, 0.0], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }
}
