//! Test surfaces: functions of a point with known minima, for watching optimizers at work. The
//! coordinates of the point are the parameters.

use crate::math::Scalar;

/// The rule of a surface.
pub trait SurfaceFunction<T: Scalar>: Sync {
    /// Number of coordinates.
    fn dimension(&self) -> usize;

    /// `f(x)`.
    fn value(&self, x: &[T]) -> T;

    /// `f(x)`; `∇f(x)` is written to `gradient`.
    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T;

    /// The customary starting point.
    fn start(&self) -> Vec<f64>;

    /// The global minima, each with its value; empty where there is none (a saddle).
    fn minima(&self) -> Vec<(Vec<f64>, f64)>;

    /// The part of the plane worth drawing: `[low, high]` for the first two coordinates.
    fn domain(&self) -> [[f64; 2]; 2];
}

crate::family! {
    /// A surface with its settings.
    pub enum Surface = SurfaceFunction<T> {
        rosenbrock::Rosenbrock,
    }
}
