use super::{DIMENSIONS, SurfaceFunction, repeated};
use crate::math::Scalar;
use crate::math::elementary::double::{exp, ln};
use crate::math::reduce::{LANES, fold};
use crate::settings::Bounds;

crate::settings! {
    /// A bowl, longer than it is wide: the picture of what a bad condition number does to gradient
    /// descent.
    ///
    /// ```text
    /// f(x) = ½ Σᵢ λᵢ xᵢ²        λ₁ = 1, λ₂ = κ
    /// λᵢ = κ^((i − 2)/(n − 1))        i = 3 … n
    ///        minimum 0 at (0, …, 0)
    /// ```
    ///
    /// The curvatures are 1 along the first coordinate and κ along the second, the extremes, so that
    /// pictures show them; those of the others lie between, spread in equal ratios. Gradient
    /// descent converges exactly when `η < 2/κ`, and at best shrinks the distance by
    /// `(κ − 1)/(κ + 1)` per step. Starts at −4 and 1.5 in turn.
    ///
    /// When to use: first lessons: gradient descent just below and just above `η = 2/κ`, then
    /// momentum at a `κ` of 100. Its axes are those of the coordinates, which flatters methods with
    /// a rate for each: compare on Booth and Matyas too.
    ///
    /// Reference: B. T. Polyak, Introduction to optimization, 1987.
    pub struct Quadratic("Quadratic bowl") {
        /// The condition number: how many times steeper the bowl is across than along.
        condition("κ"): f64 = 10.0, Bounds::at_least(1.0).logarithmic();
        /// The number of coordinates.
        dimension("n"): usize = 2, DIMENSIONS;
    }
}

/// Curvatures that follow one another by products, before a power puts their drift right.
const STRETCH: usize = 1024;

impl Quadratic {
    /// Shows each coordinate with its curvature to `visit`, in order. A step in many dimensions costs
    /// one product for each, not a power.
    #[inline(always)]
    fn each_curvature<T: Scalar>(&self, mut visit: impl FnMut(usize, T)) {
        visit(0, T::ONE);
        visit(1, T::from_f64(self.condition));
        let unit = ln(self.condition) / (self.dimension - 1) as f64;
        let (ratio, mut curvature) = (exp(unit), 1.0);
        for i in 2..self.dimension {
            curvature = match (i - 1) % STRETCH {
                0 => exp(unit * (i - 1) as f64),
                _ => curvature * ratio,
            };
            visit(i, T::from_f64(curvature));
        }
    }
}

impl<T: Scalar> SurfaceFunction<T> for Quadratic {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn value(&self, x: &[T]) -> T {
        if self.dimension == 2 {
            return self.slice(x[0], x[1]);
        }
        let mut lanes = [T::ZERO; LANES];
        self.each_curvature(|i, curvature: T| lanes[i % LANES] += curvature * (x[i] * x[i]));
        T::from_f64(0.5) * fold(lanes)
    }

    fn value_and_gradient(&self, x: &[T], gradient: &mut [T]) -> T {
        if self.dimension == 2 {
            gradient[0] = x[0];
            gradient[1] = T::from_f64(self.condition) * x[1];
            return self.slice(x[0], x[1]);
        }
        let mut lanes = [T::ZERO; LANES];
        self.each_curvature(|i, curvature: T| {
            gradient[i] = curvature * x[i];
            lanes[i % LANES] += curvature * (x[i] * x[i]);
        });
        T::from_f64(0.5) * fold(lanes)
    }

    fn start(&self) -> Vec<f64> {
        repeated([-4.0, 1.5], self.dimension)
    }

    fn minima(&self) -> Vec<(Vec<f64>, f64)> {
        vec![(vec![0.0; self.dimension], 0.0)]
    }

    fn domain(&self) -> [[f64; 2]; 2] {
        [[-5.0, 5.0], [-3.0, 3.0]]
    }

    fn slice(&self, x: T, y: T) -> T {
        T::from_f64(0.5) * (x * x + T::from_f64(self.condition) * (y * y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::team::Team;
    use crate::optimizers::{GradientDescent, OptimizerState, Update, UpdateRule};

    /// The threshold 2/L with L = κ, on the surface itself.
    #[test]
    fn gradient_descent_converges_exactly_below_two_over_the_condition_number() {
        let bowl = Quadratic { condition: 50.0, dimension: 2 };
        let after = |learning_rate| {
            let rule = GradientDescent { learning_rate, ..GradientDescent::default() };
            let (mut state, team) = (OptimizerState::new(&rule, 2), Team::solo());
            let (mut x, mut gradient) = ([1.0, 1.0], [0.0; 2]);
            for _ in 0..2000 {
                bowl.value_and_gradient(&x, &mut gradient);
                rule.update(&mut state, Update::new(&mut x, &gradient, learning_rate, &team));
            }
            SurfaceFunction::<f64>::value(&bowl, &x)
        };
        assert!(after(0.99 * 2.0 / 50.0) < 1e-20);
        assert!(after(1.01 * 2.0 / 50.0) > 1e20);
    }

    #[test]
    fn the_condition_number_is_the_ratio_of_curvatures() {
        let bowl = Quadratic { condition: 7.0, dimension: 2 };
        let along = SurfaceFunction::<f64>::value(&bowl, &[2.0, 0.0]);
        let across = SurfaceFunction::<f64>::value(&bowl, &[0.0, 2.0]);
        assert_eq!((along, across), (2.0, 14.0));
    }

    #[test]
    fn curvatures_lie_between_in_equal_ratios() {
        let bowl = Quadratic { condition: 16.0, dimension: 5 };
        let mut gradient = [f64::NAN; 5];
        let value = bowl.value_and_gradient(&[1.0; 5], &mut gradient);
        let expected = [1.0, 16.0, 2.0, 4.0, 8.0];
        for (found, expected) in gradient.iter().zip(expected) {
            assert!((found / expected - 1.0_f64).abs() < 1e-14, "{gradient:?}");
        }
        assert!((value - 15.5_f64).abs() < 1e-13, "half of 1 + 2 + 4 + 8 + 16");
        // In many dimensions the ratio of neighbours is still κ^(1/(n − 1)), and the last is below κ.
        let bowl = Quadratic { condition: 1e6, dimension: 1000 };
        let mut gradient = [f64::NAN; 1000];
        bowl.value_and_gradient(&[1.0; 1000], &mut gradient);
        let ratio = exp(ln(1e6) / 999.0);
        for pair in gradient[2..].windows(2) {
            assert!((pair[1] / pair[0] / ratio - 1.0).abs() < 1e-12, "{pair:?}");
        }
        assert!((gradient[999] * ratio / 1e6 - 1.0).abs() < 1e-12);
    }
}
