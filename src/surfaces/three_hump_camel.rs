use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A valley with the lowest point in the middle and a false one to either side: a start far out
    /// ends in the wrong one unless something carries it on.
    ///
    /// ```text
    /// f(x, y) = 2x² − 1.05x⁴ + x⁶/6 + xy + y²
    ///           minimum 0 at (0, 0)
    /// ```
    ///
    /// The false minima are near (±1.748, ∓0.874), at 0.299.
    ///
    /// When to use: false minima: from the usual start gradient descent, momentum and Adam all end
    /// at 0.299 with their usual rates. Change the start, use noise or a large rate, and see what
    /// carries a run across. Not for comparing speed.
    ///
    /// Reference: M. Jamil & X.-S. Yang, A literature survey of benchmark functions for global
    /// optimisation problems, 2013.
    pub struct ThreeHumpCamel("Three-hump camel") {}
}

impl<T: Scalar> SurfaceFunction<T> for ThreeHumpCamel {
    fn value(&self, x: &[T]) -> T {
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let square = x * x;
        let wave = number(2.0) + square * (square / number(6.0) - number(1.05));
        square * wave + x * y + y * y
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let value = self.value(x);
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let square = x * x;
        let slope = number(4.0) + square * (square - number(4.2));
        gradient[0] = x * slope + y;
        gradient[1] = x + number(2.0) * y;
        value
    }

    fn start(&self) -> Vec<f64> {
        vec![-2.0, 1.5]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0, 0.0], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.5, 2.5], [-2.5, 2.5]]
    }
}
