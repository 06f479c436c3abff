use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// Three valleys and three ridges meet in a point that is flat to second order: the gradient dies
    /// there faster than on an ordinary saddle.
    ///
    /// ```text
    /// f(x, y) = x³ − 3xy²
    ///           no minimum; a degenerate saddle at (0, 0)
    /// ```
    ///
    /// Named for the third valley, for the tail. From the ridge of the usual start, gradient descent
    /// runs towards the saddle, lingers, and leaves along a valley, down without end.
    ///
    /// When to use: saddles that the curvature does not show: near it the gradient dies with the
    /// square of the distance, so gradient descent waits long and Newton-like methods are misled.
    /// Start from `η` = 0.01 and a target loss of −1; without one, runs fall for ever.
    ///
    /// Reference: D. Hilbert & S. Cohn-Vossen, Anschauliche Geometrie, 1932.
    pub struct MonkeySaddle("Monkey saddle") {}
}

impl<T: Scalar> SurfaceFunction<T> for MonkeySaddle {
    fn value(&self, x: &[T]) -> T {
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        x * (x * x - number(3.0) * y * y)
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let value = self.value(x);
        let [x, y] = [x[0], x[1]];
        let number = T::from_f64;
        gradient[0] = number(3.0) * (x * x - y * y);
        gradient[1] = number(-6.0) * x * y;
        value
    }

    fn start(&self) -> Vec<f64> {
        vec![1.0, 0.01]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        Vec::new()
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-1.5, 1.5], [-1.5, 1.5]]
    }
}
