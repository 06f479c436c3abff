use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A bowl that lies askew: as easy as the quadratic bowl, but no axis points along it, so rates
    /// per coordinate do not straighten it.
    ///
    /// ```text
    /// f(x, y) = (x + 2y − 7)² + (2x + y − 5)²        minimum 0 at (1, 3)
    /// ```
    ///
    /// The curvatures are 18 along (1, 1) and 2 along (1, −1), so gradient descent converges exactly
    /// when `η < 1/9`.
    ///
    /// When to use: checking a method on a convex bowl with a known limit of the rate: `η` = 0.1 is
    /// best for gradient descent and shrinks the distance to 0.8 in every step. Too easy to part
    /// good methods; Matyas is its narrower sister.
    ///
    /// Reference: M. Jamil & X.-S. Yang, A literature survey of benchmark functions for global
    /// optimisation problems, 2013.
    pub struct Booth("Booth") {}
}

impl<T: Scalar> SurfaceFunction<T> for Booth {
    fn value(&self, x: &[T]) -> T {
        let (a, b) = residuals(x);
        a * a + b * b
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let (a, b) = residuals(x);
        let (two, four) = (T::from_f64(2.0), T::from_f64(4.0));
        gradient[0] = two * a + four * b;
        gradient[1] = four * a + two * b;
        a * a + b * b
    }

    fn start(&self) -> Vec<f64> {
        vec![-8.0, 8.0]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![1.0, 3.0], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-10.0, 10.0], [-10.0, 10.0]]
    }
}

/// `x + 2y − 7` and `2x + y − 5`.
fn residuals<T: Scalar>(x: &[T]) -> (T, T) {
    let two = T::from_f64(2.0);
    (
        x[0] + two * x[1] - T::from_f64(7.0),
        two * x[0] + x[1] - T::from_f64(5.0),
    )
}
