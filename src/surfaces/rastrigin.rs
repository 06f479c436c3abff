use std::f64::consts::PI;

use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A bowl with a minimum at every whole number: plain descent stops in the nearest one.
    ///
    /// ```text
    /// f(x, y) = 20 + x² − 10 cos 2πx
    ///           + y² − 10 cos 2πy
    ///           minimum 0 at (0, 0)
    /// ```
    ///
    /// When to use: showing what descent cannot do: it finds the minimum of the cell it starts in
    /// and no more, with any method and small rates. Use noise, restarts or many starts. Rates
    /// above 0.005 no longer settle even there, because the curvature is about 400.
    ///
    /// Reference: L. A. Rastrigin, Systems of extremal control, 1974.
    pub struct Rastrigin("Rastrigin") {}
}

impl<T: Scalar> SurfaceFunction<T> for Rastrigin {
    fn value(&self, x: &[T]) -> T {
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let wave = |x: T| x * x - number(10.0) * (number(2.0 * PI) * x).cos();
        number(20.0) + (wave(x) + wave(y))
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let value = self.value(x);
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let slope =
            |x: T| number(2.0) * x + number(20.0 * PI) * (number(2.0 * PI) * x).sin();
        gradient[0] = slope(x);
        gradient[1] = slope(y);
        value
    }

    fn start(&self) -> Vec<f64> {
        vec![-2.25, 1.75]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0, 0.0], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.12, 5.12], [-5.12, 5.12]]
    }
}
