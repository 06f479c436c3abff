use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// Four equal minima around a hill: where an optimizer ends depends on where it starts and how
    /// it moves.
    ///
    /// ```text
    /// f(x, y) = (x² + y − 11)² + (x + y² − 7)²
    ///           minimum 0 at (3, 2), (−2.805, 3.131), (−3.779, −3.283), (3.584, −1.848)
    /// ```
    ///
    /// The top of the hill is near (−0.271, −0.923).
    ///
    /// When to use: pictures of where runs end: from the usual start gradient descent with `η` =
    /// 0.01 goes to (3, 2), and momentum with the same rate, at `β` = 0.9, to (3.584, −1.848). All
    /// minima are equally deep, so the loss at the end says little here; compare paths.
    ///
    /// Reference: D. M. Himmelblau, Applied nonlinear programming, 1972.
    pub struct Himmelblau("Himmelblau") {}
}

impl<T: Scalar> SurfaceFunction<T> for Himmelblau {
    fn value(&self, x: &[T]) -> T {
        let (a, b) = residuals(x);
        a * a + b * b
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let (a, b) = residuals(x);
        let (two, four) = (T::from_f64(2.0), T::from_f64(4.0));
        gradient[0] = four * x[0] * a + two * b;
        gradient[1] = two * a + four * x[1] * b;
        a * a + b * b
    }

    fn start(&self) -> Vec<f64> {
        vec![0.0, 0.0]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        // The three that are not whole numbers: roots of both brackets by Newton's method in 40
        // digits (mpmath 1.3).
        vec![
            (vec![3.0, 2.0], 0.0),
            (vec![-2.805_118_086_952_745, 3.131_312_518_250_573], 0.0),
            (vec![-3.779_310_253_377_747, -3.283_185_991_286_169_6], 0.0),
            (vec![3.584_428_340_330_491_7, -1.848_126_526_964_403_6], 0.0),
        ]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }
}

/// `x² + y − 11` and `x + y² − 7`.
fn residuals<T: Scalar>(x: &[T]) -> (T, T) {
    (
        x[0] * x[0] + x[1] - T::from_f64(11.0),
        x[0] + x[1] * x[1] - T::from_f64(7.0),
    )
}
