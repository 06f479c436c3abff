use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// Four valleys, one for each choice of two wells, and only one of them the deepest: each
    /// coordinate must find its own way.
    ///
    /// ```text
    /// f(x, y) = ½ (x⁴ − 16x² + 5x
    ///           + y⁴ − 16y² + 5y)
    ///           minimum −78.332 at (−2.904, −2.904)
    /// ```
    ///
    /// The other well of a coordinate is near 2.747.
    ///
    /// When to use: speed that carries over a rim: from the usual start gradient descent at `η` =
    /// 0.01 ends in the wrong well of one coordinate, momentum at 0.03 and `β` = 0.9 in the right
    /// one of both. Rates above 0.05 throw it about.
    ///
    /// Reference: M. A. Styblinski & T.-S. Tang, Experiments in nonconvex optimization: stochastic
    /// approximation with function smoothing and simulated annealing, 1990.
    pub struct StyblinskiTang("Styblinski–Tang") {}
}

impl<T: Scalar> SurfaceFunction<T> for StyblinskiTang {
    fn value(&self, x: &[T]) -> T {
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let well = |x: T| x * (number(5.0) + x * (x * x - number(16.0)));
        number(0.5) * (well(x) + well(y))
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let value = self.value(x);
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let slope = |x: T| x * (number(2.0) * x * x - number(16.0)) + number(2.5);
        gradient[0] = slope(x);
        gradient[1] = slope(y);
        value
    }

    fn start(&self) -> Vec<f64> {
        vec![4.0, -0.5]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        // The least root of 2x³ − 16x + 2.5 by Newton's method in 40 digits (mpmath 1.3).
        vec![(vec![-2.903_534_027_771_177; 2], -78.332_331_407_542_83)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }
}
