use super::{DIMENSIONS, SurfaceFunction, repeated, sum_of};
use crate::math::Scalar;

crate::settings! {
    /// A long curved valley with a flat floor: easy to reach, hard to follow.
    ///
    /// ```text
    /// f(x) = Σᵢ (1 − xᵢ)² + 100 (xᵢ₊₁ − xᵢ²)²        i = 1 … n − 1
    ///        minimum 0 at (1, …, 1)
    /// ```
    ///
    /// The coordinates are chained: each is bound to the square of the one before it, so the valley
    /// winds through all dimensions. From 4 dimensions on there is a second, local minimum near
    /// (−1, 1, …, 1), with a value near 4. Starts at −1.2 and 1 in turn.
    ///
    /// When to use: the ability to follow a curved valley, the classic comparison of methods.
    /// Gradient descent with `η` = 0.001 needs thousands of steps (above 0.002 it cannot settle at
    /// the minimum); with momentum, Adam or L-BFGS it becomes a race. In the plane it says nothing
    /// about local minima: there are none.
    ///
    /// Reference: H. H. Rosenbrock, An automatic method for finding the greatest or least value of
    /// a function, 1960.
    pub struct Rosenbrock("Rosenbrock") {
        /// The number of coordinates.
        dimension("n"): usize = 2, DIMENSIONS;
    }
}

/// One link of the chain.
#[inline(always)]
fn link<T: Scalar>(x: T, next: T) -> T {
    let (away, off) = (T::ONE - x, next - x * x);
    away * away + T::from_f64(100.0) * off * off
}

impl<T: Scalar> SurfaceFunction<T> for Rosenbrock {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &[T]) -> T {
        sum_of(x.len() - 1, |i| link(x[i], x[i + 1]))
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        // What the link before adds; nothing comes before the first.
        let mut pulled = None;
        for i in 0..x.len() - 1 {
            let off = x[i + 1] - x[i] * x[i];
            let slope =
                T::from_f64(-2.0) * (T::ONE - x[i]) - T::from_f64(400.0) * x[i] * off;
            gradient[i] = pulled.map_or(slope, |pulled| pulled + slope);
            pulled = Some(T::from_f64(200.0) * off);
        }
        gradient[x.len() - 1] = pulled.unwrap_or(T::ZERO);
        self.value(x)
    }

    fn start(&self) -> Vec<f64> {
        repeated([-1.2, 1.0], self.dimension)
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![1.0; self.dimension], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-1.0, 3.0]]
    }

    fn slice(&self, x: T, y: T) -> T {
        match self.dimension {
            2 => link(x, y),
            _ => link(x, y) + link(y, T::ONE),
        }
    }
}
