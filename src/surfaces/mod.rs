//! Test surfaces: functions of a point with known minima, for watching optimizers at work. The
//! coordinates of the point are the parameters.

use crate::math::Scalar;

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
        assert_eq!(narrow, Surface::Quadratic(Quadratic { condition: 200.0 }));
    }
}
