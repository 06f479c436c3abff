use std::f64::consts::{E, PI};

use super::{DIMENSIONS, SurfaceFunction, repeated, sum_of};
use crate::math::Scalar;

crate::settings! {
    /// A plain full of small dents around a deep hole: gradients of the dents hide where the hole is.
    ///
    /// ```text
    /// f(x) = 20 (1 − e^(−0.2 r)) + e − e^c
    /// r = √(1/n Σᵢ xᵢ²)        i = 1 … n
    /// c = 1/n Σᵢ cos 2πxᵢ
    ///        minimum 0 at (0, …, 0)
    /// ```
    ///
    /// At the minimum it has a point, not a slope; 0 is taken there. Starts at −2.5 and 3.25 in turn.
    ///
    /// When to use: noise and momentum against many small dents: plain gradient descent and Adam at
    /// small rates stop in the first one. Momentum at `η` = 0.03 and `β` = 0.9 rolls across them to
    /// the hole. Near the hole a point makes constant rates swing: let the rate fall.
    ///
    /// Reference: D. H. Ackley, A connectionist machine for genetic hillclimbing, 1987.
    pub struct Ackley("Ackley") {
        /// The number of coordinates.
        dimension("n"): usize = 2, DIMENSIONS;
    }
}

impl<T: Scalar> SurfaceFunction<T> for Ackley {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &[T]) -> T {
        let (far, waves) = radius_and_waves(x);
        height(far, waves)
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let (far, waves) = radius_and_waves(x);
        let n = x.len() as f64;
        let pull = match far > T::ZERO {
            true => T::from_f64(4.0 / n) * (T::from_f64(-0.2) * far).exp() / far,
            false => T::ZERO,
        };
        let steepness = T::from_f64(2.0 * PI / n) * waves.exp();
        for (slope, x) in gradient.iter_mut().zip(x) {
            *slope = pull * *x + steepness * (T::from_f64(2.0 * PI) * *x).sin();
        }
        height(far, waves)
    }

    fn start(&self) -> Vec<f64> {
        repeated([-2.5, 3.25], self.dimension)
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0; self.dimension], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }

    fn slice(&self, x: T, y: T) -> T {
        let others = T::from_f64((self.dimension - 2) as f64);
        let part = T::from_f64(1.0 / self.dimension as f64);
        let (squares, waves) = (x * x + y * y, wave(x) + wave(y) + others);
        height((part * squares).sqrt(), part * waves)
    }
}

/// The value at a distance `r` and a mean of waves `c`.
fn height<T: Scalar>(far: T, waves: T) -> T {
    // e^… − 1 keeps the digits near the minimum.
    let hole = (T::from_f64(-0.2) * far).exp_m1();
    T::from_f64(-20.0) * hole - T::from_f64(E) * (waves - T::ONE).exp_m1()
}

#[inline(always)]
fn wave<T: Scalar>(x: T) -> T {
    (T::from_f64(2.0 * PI) * x).cos()
}

/// `√(1/n Σᵢ xᵢ²)` and `1/n Σᵢ cos 2πxᵢ`.
fn radius_and_waves<T: Scalar>(x: &[T]) -> (T, T) {
    let part = T::from_f64(1.0 / x.len() as f64);
    let squares = sum_of(x.len(), |i| x[i] * x[i]);
    let waves = sum_of(x.len(), |i| wave(x[i]));
    ((part * squares).sqrt(), part * waves)
}
