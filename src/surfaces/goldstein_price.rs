use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// Heights from 3 to a million within a few steps: fixed learning rates either stand still at the
    /// bottom or fly off the walls.
    ///
    /// ```text
    /// f(x, y) = (1 + (x + y + 1)² a)
    ///         · (30 + (2x − 3y)² b)
    /// a = 19 − 14u + 3u²        u = x + y
    /// b = 18 − 16t + 3t²        t = 2x − 3y
    ///           minimum 3 at (0, −1)
    /// ```
    ///
    /// It has four minima in all.
    ///
    /// When to use: clipping, schedules and methods that measure their steps: gradient descent
    /// needs a rate of 1e-4 or less and then ends in the false minimum at 30, Adam at 0.1 finds the
    /// true one. A logarithmic scale of the loss shows most.
    ///
    /// Reference: A. A. Goldstein & J. F. Price, On descent from local minima, 1971.
    pub struct GoldsteinPrice("Goldstein–Price") {}
}

impl<T: Scalar> SurfaceFunction<T> for GoldsteinPrice {
    fn value(&self, x: &[T]) -> T {
        let [(a, _), (b, _)] = factors(x[0], x[1]);
        a * b
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let [(a, a_slopes), (b, b_slopes)] = factors(x[0], x[1]);
        for axis in 0..2 {
            gradient[axis] = a_slopes[axis] * b + a * b_slopes[axis];
        }
        a * b
    }

    fn start(&self) -> Vec<f64> {
        vec![-1.5, 0.5]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0, -1.0], 3.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-2.0, 2.0]]
    }
}

/// Both factors, each with its gradient.
fn factors<T: Scalar>(x: T, y: T) -> [(T, [T; 2]); 2] {
    let number = T::from_f64;
    let two = number(2.0);
    let (s, t) = (x + y + T::ONE, two * x - number(3.0) * y);
    // In u = x + y the first bracket is 19 − 14u + 3u².
    let u = x + y;
    let p = number(19.0) + u * (number(3.0) * u - number(14.0));
    let p_slope = number(6.0) * u - number(14.0);
    // In t = 2x − 3y the second bracket is 18 − 16t + 3t².
    let q = number(18.0) + t * (number(3.0) * t - number(16.0));
    let q_slope = number(6.0) * t - number(16.0);
    let a_slope = two * s * p + s * s * p_slope;
    let b_slope = two * t * q + t * t * q_slope;
    [
        (T::ONE + s * s * p, [a_slope, a_slope]),
        (number(30.0) + t * t * q, [two * b_slope, -number(3.0) * b_slope]),
    ]
}
