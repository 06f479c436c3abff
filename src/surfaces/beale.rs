use super::SurfaceFunction;
use crate::math::Scalar;

crate::settings! {
    /// Steep walls at the corners around a flat, bent floor: rates that suit one are wrong for the
    /// other.
    ///
    /// ```text
    /// f(x, y) = Σᵢ (cᵢ − x (1 − yⁱ))²        i = 1, 2, 3;  c = 1.5, 2.25, 2.625
    ///           minimum 0 at (3, ½)
    /// ```
    ///
    /// Starts at (1, 1), as in the test collection of Moré, Garbow & Hillstrom (1981).
    ///
    /// When to use: comparing a single rate with rates for each coordinate, and clipping by norm,
    /// which tames starts in the corners, where it stands over 100,000 high. From the usual start
    /// gradient descent comes in with `η` of 0.01 to 0.03, and flies off at 0.1.
    ///
    /// Reference: E. M. L. Beale, On an iterative method for finding a local minimum of a function
    /// of more than one variable, 1958.
    pub struct Beale("Beale") {}
}

const C: [f64; 3] = [1.5, 2.25, 2.625];

impl<T: Scalar> SurfaceFunction<T> for Beale {
    fn value(&self, x: &[T]) -> T {
        let mut power = T::ONE;
        let mut value = T::ZERO;
        for c in C {
            power *= x[1];
            let residual = T::from_f64(c) - x[0] * (T::ONE - power);
            value += residual * residual;
        }
        value
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        // With r = c − x (1 − yⁱ): ∂r/∂x = yⁱ − 1 and ∂r/∂y = i x yⁱ⁻¹.
        let two = T::from_f64(2.0);
        let (mut power, mut order) = (T::ONE, T::ZERO);
        gradient.fill(T::ZERO);
        for c in C {
            let lower = power;
            power *= x[1];
            order += T::ONE;
            let residual = T::from_f64(c) - x[0] * (T::ONE - power);
            gradient[0] += two * residual * (power - T::ONE);
            gradient[1] += two * residual * (order * x[0] * lower);
        }
        self.value(x)
    }

    fn start(&self) -> Vec<f64> {
        vec![1.0, 1.0]
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![3.0, 0.5], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-4.5, 4.5], [-4.5, 4.5]]
    }
}
