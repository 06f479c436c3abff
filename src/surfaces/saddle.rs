use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// A mountain pass: downhill to the middle along x, then away from it along y. Plain gradient
    /// descent lingers in the middle, where the gradient nearly vanishes.
    ///
    /// ```text
    /// f(x, y) = x² − y²        saddle 0 at (0, 0), no minimum
    /// ```
    ///
    /// It falls without end along y, so every run that leaves the pass keeps going down: bound it by
    /// steps or by a target loss. Starts almost on the ridge; exactly on it (y = 0) nothing
    /// escapes.
    ///
    /// When to use: the time a method loses at a saddle: bring the start nearer to the ridge and
    /// see gradient descent wait longer, while methods that divide by the gradient's size leave in
    /// a few steps. Noise helps every one. Set a target loss, −1 say, to measure.
    ///
    /// Reference: Y. N. Dauphin et al., Identifying and attacking the saddle point problem in
    /// high-dimensional non-convex optimization, 2014.
    pub struct Saddle("Saddle") {}
}

impl<T: Scalar> SurfaceFunction<T> for Saddle {
    fn value(&self, x: &[T]) -> T {
        x[0] * x[0] - x[1] * x[1]
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        let two = T::from_f64(2.0);
        gradient[0] = two * x[0];
        gradient[1] = -(two * x[1]);
        self.value(x)
    }

    fn start(&self) -> Vec<f64> {
        vec![-1.5, 0.01]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-2.0, 2.0], [-2.0, 2.0]]
    }
}
