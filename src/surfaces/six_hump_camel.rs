use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// Six valleys in three pairs, of which the deepest two mirror each other: a small map of how the
    /// start decides the end.
    ///
    /// ```text
    /// f(x, y) = (4 − 2.1x² + x⁴/3) x²
    ///           + xy + (4y² − 4) y²
    ///           minimum −1.0316 at (0.0898, −0.7127), (−0.0898, 0.7127)
    /// ```
    ///
    /// When to use: the influence of the start: from the usual one gradient descent, momentum and
    /// Adam end in a shallow valley at −0.215, from others nearby in the deepest. Rates of 0.01 to
    /// 0.03 are safe everywhere in the picture.
    ///
    /// Reference: L. C. W. Dixon & G. P. Szegő, The global optimization problem: an introduction,
    /// 1978.
    pub struct SixHumpCamel("Six-hump camel") {}
}

impl<T: Scalar> SurfaceFunction<T> for SixHumpCamel {
    fn value(&self, x: &[T]) -> T {
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let (a, b) = (x * x, y * y);
        let four = number(4.0);
        (four + a * (a / number(3.0) - number(2.1))) * a + x * y + (four * b - four) * b
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let value = self.value(x);
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let (a, b) = (x * x, y * y);
        let two = number(2.0);
        gradient[0] = two * x * (number(4.0) + a * (a - number(4.2))) + y;
        gradient[1] = x + number(8.0) * y * (two * b - T::ONE);
        value
    }

    fn start(&self) -> Vec<f64> {
        vec![-1.5, 1.0]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        // A root of the gradient by Newton's method in 40 digits (mpmath 1.3).
        let (x, y) = (0.089_842_013_100_318_06, -0.712_656_403_020_739_6);
        vec![(vec![x, y], LOWEST), (vec![-x, -y], LOWEST)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-1.2, 1.2]]
    }
}

/// The value at the minima.
const LOWEST: f64 = -1.031_628_453_489_877_4;
