use super::{DIMENSIONS, SurfaceFunction, repeated, sum_of};
use crate::math::Scalar;

crate::settings! {
    /// Two wells in each coordinate, in the plane four valleys, and only one of them the deepest: each
    /// coordinate must find its own way.
    ///
    /// ```text
    /// f(x) = ½ Σᵢ (xᵢ⁴ − 16xᵢ² + 5xᵢ)        i = 1 … n
    ///        minimum −39.166 n at (−2.904, …, −2.904)
    /// ```
    ///
    /// The other well of a coordinate is near 2.747. Starts at 4 and −0.5 in turn.
    ///
    /// When to use: speed that carries over a rim: from the usual start gradient descent at `η` =
    /// 0.01 ends in the wrong well of one coordinate, momentum at 0.03 and `β` = 0.9 in the right
    /// one of both. Rates above 0.05 throw it about.
    ///
    /// Reference: M. A. Styblinski & T.-S. Tang, Experiments in nonconvex optimization: stochastic
    /// approximation with function smoothing and simulated annealing, 1990.
    pub struct StyblinskiTang("Styblinski–Tang") {
        /// The number of coordinates.
        dimension("n"): usize = 2, DIMENSIONS;
    }
}

/// The deeper well of a coordinate: the least root of 2x³ − 16x + 2.5 by Newton's method in 40 digits
/// (mpmath 1.3), and twice what the coordinate adds there.
const BOTTOM: f64 = -2.903_534_027_771_177;
const LOWEST: f64 = -78.332_331_407_542_83;

/// Twice what a coordinate adds.
#[inline(always)]
fn well<T: Scalar>(x: T) -> T {
    let number = T::from_f64;
    x * (number(5.0) + x * (x * x - number(16.0)))
}

impl<T: Scalar> SurfaceFunction<T> for StyblinskiTang {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &[T]) -> T {
        T::from_f64(0.5) * sum_of(x.len(), |i| well(x[i]))
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let number = T::from_f64;
        let slope = |x: T| x * (number(2.0) * x * x - number(16.0)) + number(2.5);
        for (gradient, x) in gradient.iter_mut().zip(x) {
            *gradient = slope(*x);
        }
        self.value(x)
    }

    fn start(&self) -> Vec<f64> {
        repeated([4.0, -0.5], self.dimension)
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        let n = self.dimension;
        vec![(vec![BOTTOM; n], 0.5 * LOWEST * n as f64)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }

    fn slice(&self, x: T, y: T) -> T {
        let others = 0.5 * LOWEST * (self.dimension - 2) as f64;
        T::from_f64(0.5) * (well(x) + well(y)) + T::from_f64(others)
    }
}
