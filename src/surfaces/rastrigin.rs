use std::f64::consts::PI;

use super::{DIMENSIONS, SurfaceFunction, repeated, sum_of};
use crate::math::Scalar;

crate::settings! {
    /// A bowl with a minimum at every whole number: plain descent stops in the nearest one.
    ///
    /// ```text
    /// f(x) = 10 n + Σᵢ (xᵢ² − 10 cos 2πxᵢ)        i = 1 … n
    ///        minimum 0 at (0, …, 0)
    /// ```
    ///
    /// Starts at −2.25 and 1.75 in turn.
    ///
    /// When to use: showing what descent cannot do: it finds the minimum of the cell it starts in
    /// and no more, with any method and small rates. Use noise, restarts or many starts. Rates
    /// above 0.005 no longer settle even there, because the curvature is about 400.
    ///
    /// Reference: L. A. Rastrigin, Systems of extremal control, 1974.
    pub struct Rastrigin("Rastrigin") {
        /// The number of coordinates.
        dimension("n"): usize = 2, DIMENSIONS;
    }
}

/// What a coordinate adds, but for 10.
#[inline(always)]
fn wave<T: Scalar>(x: T) -> T {
    let number = T::from_f64;
    x * x - number(10.0) * (number(2.0 * PI) * x).cos()
}

impl<T: Scalar> SurfaceFunction<T> for Rastrigin {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &[T]) -> T {
        T::from_f64(10.0 * x.len() as f64) + sum_of(x.len(), |i| wave(x[i]))
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let number = T::from_f64;
        let slope =
            |x: T| number(2.0) * x + number(20.0 * PI) * (number(2.0 * PI) * x).sin();
        for (gradient, x) in gradient.iter_mut().zip(x) {
            *gradient = slope(*x);
        }
        self.value(x)
    }

    fn start(&self) -> Vec<f64> {
        repeated([-2.25, 1.75], self.dimension)
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0; self.dimension], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.12, 5.12], [-5.12, 5.12]]
    }

    fn slice(&self, x: T, y: T) -> T {
        // The others add 10 − 10 each.
        T::from_f64(20.0) + (wave(x) + wave(y))
    }
}
