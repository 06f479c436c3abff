//! Test surfaces: functions of a point with known minima, for watching optimizers at work. The
//! coordinates of the point are the parameters.

mod noisy;

pub use noisy::{Noisy, Observation};

use crate::math::Scalar;
use crate::math::reduce::{LANES, fold};
use crate::settings::Bounds;

/// The rule of a surface.
pub trait SurfaceFunction<T: Scalar>: Sync {
    /// Number of coordinates.
    fn dimension(&self) -> usize {
        2
    }

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

    /// `f` where the first two coordinates are `x` and `y` and all others stand as in the first of the
    /// [`minima`](Self::minima): what pictures show. At a cost that does not grow with the dimension.
    fn slice(&self, x: T, y: T) -> T {
        self.value(&[x, y])
    }
}

/// How many coordinates a surface of any dimension may have.
const DIMENSIONS: Bounds = Bounds::closed(2.0, 1e6).logarithmic();

/// `Σᵢ term(i)` for `i` from 0 to below `n`, in the order of [`reduce`](crate::math::reduce).
#[inline(always)]
fn sum_of<T: Scalar>(n: usize, term: impl Fn(usize) -> T) -> T {
    // The same in the plane, without the lanes.
    match n {
        1 => return term(0),
        2 => return term(0) + term(1),
        _ => {}
    }
    let mut lanes = [T::ZERO; LANES];
    for start in (0..n).step_by(LANES) {
        for (lane, i) in lanes.iter_mut().zip(start..n) {
            *lane += term(i);
        }
    }
    fold(lanes)
}

/// A starting point in the plane, repeated for as many coordinates as there are.
fn repeated(start: [f64; 2], n: usize) -> Vec<f64> {
    start.into_iter().cycle().take(n).collect()
}

crate::family! {
    /// A surface with its settings.
    pub enum Surface = SurfaceFunction<T> {
        quadratic::Quadratic,
        rosenbrock::Rosenbrock,
        beale::Beale,
        himmelblau::Himmelblau,
        booth::Booth,
        matyas::Matyas,
        three_hump_camel::ThreeHumpCamel,
        six_hump_camel::SixHumpCamel,
        goldstein_price::GoldsteinPrice,
        styblinski_tang::StyblinskiTang,
        mc_cormick::McCormick,
        ackley::Ackley,
        rastrigin::Rastrigin,
        levy13::Levy13,
        saddle::Saddle,
        monkey_saddle::MonkeySaddle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::{Purpose, Stream};

    /// Name, start, and value there, worked out from the published formulas by head; number of
    /// minima.
    const EXPECTED: &[(&str, [f64; 2], f64, usize)] = &[
        ("Quadratic", [-4.0, 1.5], 19.25, 1),
        ("Rosenbrock", [-1.2, 1.0], 24.2, 1),
        ("Beale", [1.0, 1.0], 14.203125, 1),
        ("Himmelblau", [0.0, 0.0], 170.0, 4),
        ("Booth", [-8.0, 8.0], 170.0, 1),
        ("Matyas", [-8.0, 4.0], 36.16, 1),
        ("ThreeHumpCamel", [-2.0, 1.5], 67.0 / 60.0, 1),
        ("SixHumpCamel", [-1.5, 1.0], 0.665_625, 2),
        ("GoldsteinPrice", [-1.5, 0.5], 3082.6875, 1),
        ("StyblinskiTang", [4.0, -0.5], 6.78125, 1),
        // sin 5 and the exponentials of the next in 22 digits (mpmath 1.3).
        ("McCormick", [2.0, 3.0], 5.541_075_725_336_862, 1),
        ("Ackley", [-2.5, 3.25], 10.912_335_569_322_514, 1),
        ("Rastrigin", [-2.25, 1.75], 28.125, 1),
        ("Levy13", [-2.5, 3.25], 29.5, 1),
        ("Saddle", [-1.5, 0.01], 2.2499, 0),
        ("MonkeySaddle", [1.0, 0.01], 0.9997, 0),
    ];

    /// Points of the domain, the same at each call.
    fn points(surface: &Surface, n: usize) -> Vec<[f64; 2]> {
        let [x, y] = surface.rule::<f64>().domain();
        let mut random = Stream::new(7, Purpose::Generation);
        let mut draw = || [random.uniform_in(x[0], x[1]), random.uniform_in(y[0], y[1])];
        (0..n).map(|_| draw()).collect()
    }

    #[test]
    fn every_member_has_its_row_and_its_start() {
        let names: Vec<_> = EXPECTED.iter().map(|row| row.0).collect();
        assert_eq!(names, Surface::NAMES);
        for (member, (name, start, value, n_minima)) in Surface::members().iter().zip(EXPECTED) {
            let surface = (member.default)();
            assert_eq!(surface.check(), Ok(()));
            let rule = surface.rule::<f64>();
            assert_eq!(rule.dimension(), 2, "{name}");
            assert_eq!(rule.start(), start, "{name}");
            assert!((rule.value(start) - value).abs() < 1e-14 * value.abs(), "{name}");
            assert_eq!(rule.minima().len(), *n_minima, "{name}");
            let single = surface.rule::<f32>().value(&start.map(|x| x as f32));
            assert!((f64::from(single) / value - 1.0).abs() < 1e-5, "{name}");
            for (x, [low, high]) in start.iter().zip(rule.domain()) {
                assert!(low < *x && *x < high, "{name} starts outside its domain");
            }
        }
    }

    #[test]
    fn minima_are_flat_and_lowest() {
        for member in Surface::members() {
            let surface = (member.default)();
            let rule = surface.rule::<f64>();
            for (minimum, lowest) in rule.minima() {
                let mut gradient = [f64::NAN; 2];
                // The nearest doubles to a root are 1e-16 off, times curvatures up to some 100.
                let value = rule.value_and_gradient(&minimum, &mut gradient);
                let rounding = 1e-25 + 1e-15 * lowest.abs();
                assert!((value - lowest).abs() < rounding, "{} {value}", member.name);
                assert!(gradient.iter().all(|g| g.abs() < 1e-12), "{} {gradient:?}", member.name);
                for point in points(&surface, 200) {
                    assert!(rule.value(&point) > lowest, "{} {point:?}", member.name);
                }
                for (x, [low, high]) in minimum.iter().zip(rule.domain()) {
                    assert!(low < *x && *x < high, "{}", member.name);
                }
            }
        }
    }

    /// Each surface that can have any dimension, with `n` of them.
    fn of_dimension(n: usize) -> Vec<Surface> {
        let members = Surface::members().into_iter().map(|member| (member.default)());
        let wide = members.filter_map(|mut surface| {
            let value = crate::settings::Value::Count(n as u64);
            surface.set("dimension", value).is_ok().then_some(surface)
        });
        wide.collect()
    }

    /// The formulas, term by term and in another order, at a point.
    fn by_the_formula(surface: &Surface, x: &[f64]) -> f64 {
        use std::f64::consts::{E, PI};
        let n = x.len() as f64;
        let sum = |term: &dyn Fn(usize) -> f64| (0..x.len()).rev().map(term).sum::<f64>();
        let wave = |i: usize| crate::math::elementary::double::cos(2.0 * PI * x[i]);
        match surface {
            Surface::Rosenbrock(_) => (0..x.len() - 1)
                .map(|i| {
                    let (away, off) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
                    100.0 * (off * off) + away * away
                })
                .sum(),
            Surface::Quadratic(bowl) => {
                let exponent = |i: usize| match i {
                    0 => 0.0,
                    1 => 1.0,
                    _ => (i as f64 - 1.0) / (n - 1.0),
                };
                let curvature =
                    |i| crate::math::elementary::double::powf(bowl.condition, exponent(i));
                0.5 * sum(&|i| curvature(i) * x[i] * x[i])
            }
            Surface::StyblinskiTang(_) => {
                0.5 * sum(&|i| x[i] * x[i] * x[i] * x[i] - 16.0 * x[i] * x[i] + 5.0 * x[i])
            }
            Surface::Rastrigin(_) => sum(&|i| 10.0 + x[i] * x[i] - 10.0 * wave(i)),
            Surface::Ackley(_) => {
                let (far, waves) = ((sum(&|i| x[i] * x[i]) / n).sqrt(), sum(&wave) / n);
                let exp = crate::math::elementary::double::exp;
                20.0 + E - 20.0 * exp(-0.2 * far) - exp(waves)
            }
            other => panic!("{other:?} has two coordinates"),
        }
    }

    #[test]
    fn surfaces_of_any_dimension_follow_their_formulas() {
        assert_eq!(of_dimension(3).len(), 5);
        let mut random = Stream::new(8, Purpose::Generation);
        for n in [2, 3, 4, 5, 31, 33, 100] {
            for surface in of_dimension(n) {
                let rule = surface.rule::<f64>();
                assert_eq!((rule.dimension(), rule.start().len()), (n, n), "{surface:?}");
                let point: Vec<f64> = (0..n).map(|_| random.uniform_in(-2.0, 2.0)).collect();
                let mut gradient = vec![f64::NAN; n];
                let value = rule.value_and_gradient(&point, &mut gradient);
                assert_eq!(value, rule.value(&point), "{surface:?}");
                let error = (value - by_the_formula(&surface, &point)).abs();
                assert!(error < 1e-12 * (n as f64 + value.abs()), "{surface:?} {error:e}");
                for axis in 0..n {
                    let shifted = |h: f64| {
                        let mut point = point.clone();
                        point[axis] += h;
                        rule.value(&point)
                    };
                    let slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
                    let scale = 1.0 + gradient[axis].abs() + value.abs();
                    let error = (gradient[axis] - slope).abs();
                    assert!(error < 1e-7 * scale, "{surface:?} axis {axis}: {error:e}");
                }
                for (minimum, lowest) in rule.minima() {
                    let value = rule.value_and_gradient(&minimum, &mut gradient);
                    assert!((value - lowest).abs() <= 1e-14 * n as f64, "{surface:?} {value}");
                    assert!(gradient.iter().all(|g| g.abs() < 1e-12), "{surface:?}");
                }
            }
        }
    }

    #[test]
    fn a_slice_is_the_surface_with_the_other_coordinates_at_the_minimum() {
        let flat = Surface::members().into_iter().map(|member| (member.default)());
        for surface in flat.chain(of_dimension(3)).chain(of_dimension(40)) {
            let rule = surface.rule::<f64>();
            let rest = rule.minima().first().map_or(vec![0.0; 2], |(point, _)| point.clone());
            for [x, y] in points(&surface, 20) {
                let mut point = rest.clone();
                (point[0], point[1]) = (x, y);
                let (slice, value) = (rule.slice(x, y), rule.value(&point));
                let tolerance = if point.len() == 2 { 0.0 } else { 1e-12 * (40.0 + value.abs()) };
                assert!((slice - value).abs() <= tolerance, "{surface:?} {slice} {value}");
            }
        }
    }

    #[test]
    fn dimensions_are_from_2_to_a_million() {
        let message = |text: &str| {
            let surface: Surface = ron::from_str(text).unwrap();
            surface.check().unwrap_err().to_string()
        };
        let expected = "it must be a whole number from 2 to 1000000";
        assert_eq!(message("Rosenbrock((dimension: 1))"), format!("dimension is 1; {expected}"));
        assert_eq!(
            message("Ackley((dimension: 1000001))"),
            format!("dimension is 1000001; {expected}")
        );
    }

    #[test]
    fn files_round_trip() {
        use ron::extensions::Extensions;
        let options = ron::Options::default().with_default_extension(
            Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES,
        );
        for member in Surface::members() {
            let surface = (member.default)();
            let text = options.to_string(&surface).unwrap();
            assert_eq!(options.from_str::<Surface>(&text).unwrap(), surface, "{text}");
            if (member.fields)().is_empty() {
                assert_eq!(text, member.name);
            }
        }
        let narrow: Surface = options.from_str("Quadratic(condition: 200)").unwrap();
        assert_eq!(narrow, Surface::Quadratic(Quadratic { condition: 200.0, dimension: 2 }));
    }
}
