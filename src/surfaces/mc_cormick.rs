use std::f64::consts::FRAC_PI_3;

use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A wavy slope along one diagonal and a bowl across it: easy one way, misleading the other.
    ///
    /// ```text
    /// f(x, y) = sin(x + y) + (x − y)²
    ///           − 1.5x + 2.5y + 1
    ///           minimum −1.9132 at (−0.547, −1.547)
    /// ```
    ///
    /// Further minima follow along the diagonal, each higher by π towards larger coordinates and
    /// lower by π towards smaller ones, outside the part that is drawn.
    ///
    /// When to use: slopes with several minima in a row: from the usual start the common methods
    /// stop in the next one, at 1.228, at any sensible rate. To reach the lowest, start beyond the
    /// ridge or add noise. Easy otherwise: `η` = 0.1 is safe.
    ///
    /// Reference: G. P. McCormick, Computability of global solutions to factorable nonconvex
    /// programs: part I, 1976.
    pub struct McCormick("McCormick") {}
}

impl<T: Scalar> SurfaceFunction<T> for McCormick {
    fn value(&self, x: &[T]) -> T {
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let across = x - y;
        let plane = number(2.5) * y - number(1.5) * x + T::ONE;
        (x + y).sin() + across * across + plane
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let value = self.value(x);
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let (slope, across) = ((x + y).cos(), number(2.0) * (x - y));
        gradient[0] = slope + across - number(1.5);
        gradient[1] = slope - across + number(2.5);
        value
    }

    fn start(&self) -> Vec<f64> {
        vec![2.0, 3.0]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        // (½ − π/3, −½ − π/3); the value, −√3/2 − π/3, in 40 digits (mpmath 1.3).
        vec![(vec![0.5 - FRAC_PI_3, -0.5 - FRAC_PI_3], -1.913_222_954_981_036_4)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-1.5, 4.0], [-3.0, 4.0]]
    }
}
