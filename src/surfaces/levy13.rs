use std::f64::consts::PI;

use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A bowl crossed by ripples that grow with the distance, with a minimum in every trough.
    ///
    /// ```text
    /// f(x, y) = sin² 3πx
    ///           + (x − 1)² (1 + sin² 3πy)
    ///           + (y − 1)² (1 + sin² 2πy)
    ///           minimum 0 at (1, 1)
    /// ```
    ///
    /// When to use: ripples on a bowl: Adam at `η` = 0.01 stays in the trough it starts in, at 0.1
    /// it crosses many of them. Gradient descent at 0.03 already flies off. For how noise and
    /// falling rates help, not for speed.
    ///
    /// Reference: A. V. Levy & A. Montalvo, The tunneling algorithm for the global minimization of
    /// functions, 1985.
    pub struct Levy13("Lévy 13") {}
}

impl<T: Scalar> SurfaceFunction<T> for Levy13 {
    fn value(&self, x: &[T]) -> T {
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        let square = |x: T| x * x;
        let wave = |k: f64, x: T| square((number(k * PI) * x).sin());
        wave(3.0, x)
            + square(x - T::ONE) * (T::ONE + wave(3.0, y))
            + square(y - T::ONE) * (T::ONE + wave(2.0, y))
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let value = self.value(x);
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        // sin² kπx has the slope kπ sin 2kπx.
        let wave = |k: f64, x: T| {
            let sine = (number(k * PI) * x).sin();
            (sine * sine, number(k * PI) * (number(2.0 * k * PI) * x).sin())
        };
        let (a, b) = (x - T::ONE, y - T::ONE);
        let ((_, slope_x), (height_3, slope_3), (height_2, slope_2)) =
            (wave(3.0, x), wave(3.0, y), wave(2.0, y));
        let two = number(2.0);
        gradient[0] = slope_x + two * a * (T::ONE + height_3);
        gradient[1] = a * a * slope_3 + two * b * (T::ONE + height_2) + b * b * slope_2;
        value
    }

    fn start(&self) -> Vec<f64> {
        vec![-2.5, 3.25]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![1.0, 1.0], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-5.0, 5.0]]
    }
}
