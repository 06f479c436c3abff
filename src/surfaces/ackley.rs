use std::f64::consts::{E, PI};

use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A plain full of small dents around a deep hole: gradients of the dents hide where the hole is.
    ///
    /// ```text
    /// f(x, y) = 20 (1 − e^(−0.2 r)) + e − e^c
    /// r = √((x² + y²)/2)
    /// c = (cos 2πx + cos 2πy)/2
    ///           minimum 0 at (0, 0)
    /// ```
    ///
    /// At the minimum it has a point, not a slope; 0 is taken there.
    ///
    /// When to use: noise and momentum against many small dents: plain gradient descent and Adam at
    /// small rates stop in the first one. Momentum at `η` = 0.03 and `β` = 0.9 rolls across them to
    /// the hole. Near the hole a point makes constant rates swing: let the rate fall.
    ///
    /// Reference: D. H. Ackley, A connectionist machine for genetic hillclimbing, 1987.
    pub struct Ackley("Ackley") {}
}

impl<T: Scalar> SurfaceFunction<T> for Ackley {
    fn value(&self, x: &[T]) -> T {
        let (far, waves) = radius_and_waves(x);
        // e^… − 1 keeps the digits near the minimum.
        let hole = (T::from_f64(-0.2) * far).exp_m1();
        T::from_f64(-20.0) * hole - T::from_f64(E) * (waves - T::ONE).exp_m1()
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let (far, waves) = radius_and_waves(x);
        let pull = match far > T::ZERO {
            true => T::from_f64(2.0) * (T::from_f64(-0.2) * far).exp() / far,
            false => T::ZERO,
        };
        let height = T::from_f64(PI) * waves.exp();
        for (slope, x) in gradient.iter_mut().zip(x) {
            *slope = pull * *x + height * (T::from_f64(2.0 * PI) * *x).sin();
        }
        self.value(x)
    }

    fn start(&self) -> Vec<f64> {
        vec![-2.5, 3.25]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0, 0.0], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }
}

/// `√((x² + y²)/2)` and `(cos 2πx + cos 2πy)/2`.
fn radius_and_waves<T: Scalar>(x: &[T]) -> (T, T) {
    let half = T::from_f64(0.5);
    let wave = |x: T| (T::from_f64(2.0 * PI) * x).cos();
    ((half * (x[0] * x[0] + x[1] * x[1])).sqrt(), half * (wave(x[0]) + wave(x[1])))
}
