//! Optimizers: rules that turn a gradient into an update of the parameters.
//!
//! A member is a settings struct with an [`UpdateRule`]. The state it needs (moments, averages) is
//! kept for it by the trainer in an [`OptimizerState`], under names, so that checkpoints, records
//! and views of the state need no code in the members. Optimizers see one flat vector and know
//! nothing of models or data.

mod curvature_pairs;
mod elementwise;
mod equation;
mod line_search;
mod state;
mod trust_ratio;

pub use equation::{Coordinate, Equation, Quantity};
pub use state::OptimizerState;

use std::ops::Range;

use crate::math::Scalar;
use crate::math::team::Team;

/// What an optimizer is given for one step. Rules read the parts they need by name, so more can be
/// given to rules that need more.
pub struct Update<'a, T> {
    /// The parameters `θ`, to be changed in place.
    pub params: &'a mut [T],
    /// The gradient `g` of the objective at `θ`, of the same length.
    pub gradient: &'a [T],
    /// The learning rate `η` of this step: the optimizer's own times the schedule's factor.
    pub learning_rate: f64,
    /// The threads that may share the work.
    pub team: &'a Team,
    /// The blocks of the parameters, one for each weight matrix and each bias vector, in order and
    /// without gaps; empty where everything is one block.
    pub blocks: &'a [Range<usize>],
    /// The way to the objective itself, for rules that look at further points. It is there where the
    /// rule says that it [searches](UpdateRule::searches).
    pub search: Option<Search<'a, T>>,
}

impl<'a, T> Update<'a, T> {
    /// An update of one block, for rules that do not search.
    pub fn new(params: &'a mut [T], gradient: &'a [T], learning_rate: f64, team: &'a Team) -> Self {
        Self { params, gradient, learning_rate, team, blocks: &[], search: None }
    }
}

/// The objective of one step's batch, as a line search sees it.
pub struct Search<'a, T> {
    /// The objective at the parameters before the step.
    pub value: T,
    /// The objective at the parameters it is given, and its gradient, which it writes. Each call
    /// counts as an evaluation.
    pub evaluate: &'a mut dyn FnMut(&[T], &mut [T]) -> T,
    /// Where the rule has evaluated the very parameters it leaves: their value and gradient, so that
    /// the next step on the same batch need not evaluate them again. The buffer is as long as the
    /// parameters.
    pub arrival: &'a mut Arrival<T>,
}

/// The objective at the parameters that a step ended at.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival<T> {
    /// The value; `None` where the rule did not evaluate there.
    pub value: Option<T>,
    /// The gradient that belongs to it.
    pub gradient: Vec<T>,
}

/// The algorithm of an optimizer.
pub trait UpdateRule<T: Scalar>: Sync {
    /// The base learning rate, which the schedule multiplies.
    fn learning_rate(&self) -> f64;

    /// Names of the state vectors it needs, zero at the start.
    fn vectors(&self) -> &'static [&'static str] {
        &[]
    }

    /// How long the state vector of this index is: as the parameters, but for histories.
    fn vector_length(&self, _vector: usize, n_params: usize) -> usize {
        n_params
    }

    /// Whether the state vector of this index is work space, which says nothing of its own.
    fn is_work_space(&self, _vector: usize) -> bool {
        false
    }

    /// Names of the single numbers it needs, each zero at the start.
    fn scalars(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether it evaluates the objective at further points ([`Update::search`]).
    fn searches(&self) -> bool {
        false
    }

    /// The fewest samples in a batch that it makes sense with, where there are samples at all.
    fn min_batch(&self) -> usize {
        1
    }

    /// Does one update. `state.step` counts from 1 in the first step.
    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>);

    /// What an update did to one parameter: the lines of its formula with their numbers, in `f64`.
    /// The last line is that of the parameter; lines of settings that are off are left out.
    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation>;
}

crate::family! {
    /// An optimizer with its settings.
    pub enum Optimizer = UpdateRule<T> {
        gradient_descent::GradientDescent,
        momentum::Momentum,
        nesterov::Nesterov,
        ada_grad::AdaGrad,
        ada_delta::AdaDelta,
        rms_prop::RmsProp,
        adam::Adam,
        adam_w::AdamW,
        ada_max::AdaMax,
        n_adam::NAdam,
        r_adam::RAdam,
        rprop::Rprop,
        asgd::Asgd,
        ada_belief::AdaBelief,
        yogi::Yogi,
        lion::Lion,
        sign_descent::SignDescent,
        adan::Adan,
        ada_momentum::AdaMomentum,
        lamb::Lamb,
        lars::Lars,
        swats::Swats,
        lbfgs::Lbfgs,
    }
}

#[cfg(test)]
mod test_support {
    use super::*;

    /// What an objective returns beside the gradient that it writes: its value, or nothing where only
    /// rules that do not search are at work.
    pub(super) trait Height<T> {
        fn height(self) -> T;
    }

    impl<T: Scalar> Height<T> for () {
        fn height(self) -> T {
            T::ZERO
        }
    }

    impl<T: Scalar> Height<T> for T {
        fn height(self) -> T {
            self
        }
    }

    /// The parameters after `n_steps` from `start`, where `objective` writes the gradient at a point.
    pub(super) fn descend<T: Scalar, H: Height<T>>(
        rule: &dyn UpdateRule<T>,
        start: &[T],
        n_steps: u64,
        objective: impl Fn(&[T], &mut [T]) -> H,
    ) -> Vec<T> {
        let mut params = start.to_vec();
        let mut state = OptimizerState::new(rule, start.len());
        advance(rule, &mut params, &mut state, n_steps, objective);
        params
    }

    /// Goes on for `n_steps` from where `params` and `state` stand.
    pub(super) fn advance<T: Scalar, H: Height<T>>(
        rule: &dyn UpdateRule<T>,
        params: &mut [T],
        state: &mut OptimizerState<T>,
        n_steps: u64,
        objective: impl Fn(&[T], &mut [T]) -> H,
    ) {
        let mut evaluate = |params: &[T], g: &mut [T]| objective(params, g).height();
        let mut arrival = Arrival { value: None, gradient: vec![T::ZERO; params.len()] };
        let (mut g, team) = (vec![T::ZERO; params.len()], Team::solo());
        for _ in 0..n_steps {
            let value = evaluate(params, &mut g);
            state.step += 1;
            let update = Update::new(params, &g, rule.learning_rate(), &team);
            let search = rule.searches().then(|| {
                arrival.value = None;
                Search { value, evaluate: &mut evaluate, arrival: &mut arrival }
            });
            rule.update(state, Update { search, ..update });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::test_support::{advance, descend};
    use super::*;
    use crate::settings::Value;

    /// Name, defaults (0 and 1 for no and yes), and whether a zero gradient leaves the parameters alone.
    type Row = (&'static str, &'static [(&'static str, f64)], bool);

    /// What PyTorch 2.15 has as defaults where it names the setting (its `SGD` asks for a momentum,
    /// and its default rate there is 0.001). From AdaBelief on what Optax 0.2.8 has, with the
    /// learning rates of the papers; Adan, AdaMomentum and Swats are the papers'.
    #[rustfmt::skip]
    const EXPECTED: &[Row] = &[
        ("GradientDescent", &[("learning_rate", 0.01), ("weight_decay", 0.0)], true),
        ("Momentum", &[("learning_rate", 0.01), ("beta", 0.9), ("dampening", 0.0),
            ("weight_decay", 0.0)], true),
        ("Nesterov", &[("learning_rate", 0.01), ("beta", 0.9), ("weight_decay", 0.0)], true),
        ("AdaGrad", &[("learning_rate", 0.01), ("epsilon", 1e-10), ("rate_decay", 0.0),
            ("initial_accumulator", 0.0), ("weight_decay", 0.0)], true),
        ("AdaDelta", &[("learning_rate", 1.0), ("rho", 0.9), ("epsilon", 1e-6),
            ("weight_decay", 0.0)], true),
        ("RmsProp", &[("learning_rate", 0.01), ("alpha", 0.99), ("epsilon", 1e-8),
            ("centered", 0.0), ("momentum", 0.0), ("weight_decay", 0.0)], true),
        ("Adam", &[("learning_rate", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8),
            ("amsgrad", 0.0), ("weight_decay", 0.0)], true),
        ("AdamW", &[("learning_rate", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8),
            ("weight_decay", 0.01), ("amsgrad", 0.0)], false),
        ("AdaMax", &[("learning_rate", 0.002), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8),
            ("weight_decay", 0.0)], true),
        ("NAdam", &[("learning_rate", 0.002), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8),
            ("momentum_decay", 0.004), ("weight_decay", 0.0), ("decoupled", 0.0)], true),
        ("RAdam", &[("learning_rate", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8),
            ("weight_decay", 0.0), ("decoupled", 0.0)], true),
        ("Rprop", &[("learning_rate", 0.01), ("eta_minus", 0.5), ("eta_plus", 1.2),
            ("min_step", 1e-6), ("max_step", 50.0)], true),
        ("Asgd", &[("learning_rate", 0.01), ("lambda", 1e-4), ("alpha", 0.75), ("t0", 1e6),
            ("weight_decay", 0.0)], false),
        ("AdaBelief", &[("learning_rate", 0.001), ("beta1", 0.9), ("beta2", 0.999),
            ("epsilon", 1e-16), ("epsilon_root", 1e-16)], true),
        ("Yogi", &[("learning_rate", 0.01), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-3),
            ("initial_accumulator", 1e-6)], false),
        ("Lion", &[("learning_rate", 0.0001), ("beta1", 0.9), ("beta2", 0.99),
            ("weight_decay", 0.001)], false),
        ("SignDescent", &[("learning_rate", 0.001)], true),
        ("Adan", &[("learning_rate", 0.001), ("beta1", 0.98), ("beta2", 0.92), ("beta3", 0.99),
            ("epsilon", 1e-8), ("weight_decay", 0.0)], true),
        ("AdaMomentum", &[("learning_rate", 0.001), ("beta1", 0.9), ("beta2", 0.999),
            ("epsilon", 1e-8)], true),
        ("Lamb", &[("learning_rate", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-6),
            ("epsilon_root", 0.0), ("weight_decay", 0.0)], true),
        ("Lars", &[("learning_rate", 1.0), ("momentum", 0.9), ("trust_coefficient", 0.001),
            ("epsilon", 0.0), ("weight_decay", 0.0), ("nesterov", 0.0)], true),
        ("Swats", &[("learning_rate", 0.001), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-9),
            ("tolerance", 1e-9)], true),
        ("Lbfgs", &[("learning_rate", 1.0), ("history", 100.0), ("line_search", 1.0),
            ("max_evaluations", 25.0), ("tolerance_gradient", 1e-7), ("tolerance_change", 1e-9)],
            true),
    ];

    /// A curved valley in many dimensions: neighbours pull on each other.
    fn valley<T: Scalar>(x: &[T], g: &mut [T]) -> T {
        let (half, n) = (T::from_f64(0.5), x.len());
        let mut value = T::ZERO;
        for i in 0..n {
            let (last, next) = (x[(i + n - 1) % n], x[(i + 1) % n]);
            let (cube, tilt) = (x[i] * x[i] * x[i], T::from_f64(0.1 * (i % 7) as f64));
            g[i] = cube - half * (last + next) + tilt;
            value += half * half * cube * x[i] - half * x[i] * next + tilt * x[i];
        }
        value
    }

    fn start<T: Scalar>(n: usize) -> Vec<T> {
        (0..n).map(|i| T::from_f64((i as f64 * 0.37) % 2.0 - 1.0)).collect()
    }

    #[test]
    fn every_member_has_its_row_and_its_defaults() {
        let names: Vec<_> = EXPECTED.iter().map(|row| row.0).collect();
        assert_eq!(names, Optimizer::NAMES);
        for (member, (name, settings, _)) in Optimizer::members().iter().zip(EXPECTED) {
            assert_eq!((member.default)().check(), Ok(()), "{name}");
            let found: Vec<_> =
                (member.fields)().into_iter().map(|field| (field.name, field.default)).collect();
            let expected: Vec<_> = settings
                .iter()
                .zip(&found)
                .map(|((field, value), (_, found))| match found {
                    Value::Flag(_) => (*field, Value::Flag(*value == 1.0)),
                    Value::Count(_) => (*field, Value::Count(*value as u64)),
                    _ => (*field, Value::Number(*value)),
                })
                .collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        for member in Optimizer::members() {
            for field in (member.fields)() {
                for wrong in [-1.0, f64::NAN, f64::INFINITY] {
                    let mut optimizer = (member.default)();
                    assert!(optimizer.set(field.name, Value::Number(wrong)).is_err());
                }
            }
        }
        let mut momentum = Optimizer::named("Momentum").unwrap();
        let error = momentum.set("beta", Value::Number(1.0)).unwrap_err();
        assert_eq!(error.to_string(), "beta is 1; it must be a number from 0 to below 1");
    }

    #[test]
    fn files_round_trip() {
        use ron::extensions::Extensions;
        let options = ron::Options::default().with_default_extension(
            Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES,
        );
        for member in Optimizer::members() {
            let mut optimizer = (member.default)();
            optimizer.set("learning_rate", Value::Number(0.123_456_789_012_345_68)).unwrap();
            let text = options.to_string(&optimizer).unwrap();
            assert_eq!(options.from_str::<Optimizer>(&text).unwrap(), optimizer, "{text}");
            // Settings left out take their defaults.
            let bare = format!("{}()", member.name);
            assert_eq!(options.from_str::<Optimizer>(&bare).unwrap(), (member.default)());
        }
        assert!(options.from_str::<Optimizer>("Adam(beta: 0.9)").is_err());
    }

    #[test]
    fn zero_gradient_moves_nothing() {
        for (member, (name, _, keeps_params)) in Optimizer::members().iter().zip(EXPECTED) {
            let start = start::<f32>(300);
            let end = descend((member.default)().rule(), &start, 10, |_, g| g.fill(0.0));
            assert_eq!(end == start, *keeps_params, "{name}");
        }
    }

    fn stays_finite_and_repeats<T: Scalar>() {
        for member in Optimizer::members() {
            let optimizer = (member.default)();
            let first = descend::<T, T>(optimizer.rule(), &start(300), 50, valley);
            assert!(first.iter().all(|x| x.is_finite()), "{}", member.name);
            assert_ne!(first, start::<T>(300), "{}", member.name);
            let second = descend::<T, T>(optimizer.rule(), &start(300), 50, valley);
            let bits = |x: &[T]| x.iter().map(|x| x.to_bits_u64()).collect::<Vec<_>>();
            assert_eq!(bits(&first), bits(&second), "{}", member.name);
        }
    }

    #[test]
    fn updates_are_finite_and_repeat_to_the_bit() {
        stays_finite_and_repeats::<f32>();
        stays_finite_and_repeats::<f64>();
    }

    #[test]
    fn a_saved_state_continues_as_if_never_saved() {
        for member in Optimizer::members() {
            let optimizer = (member.default)();
            let rule = optimizer.rule::<f32>();
            let straight = descend(rule, &start(20), 30, valley);
            let mut params = start(20);
            let mut state = OptimizerState::new(rule, 20);
            advance(rule, &mut params, &mut state, 13, valley);
            // All that a checkpoint keeps: the count, the named vectors and the named numbers.
            let OptimizerState { step, vectors, scalars } = state;
            let mut restored = OptimizerState { step, vectors, scalars };
            advance(rule, &mut params, &mut restored, 17, valley);
            assert_eq!(params, straight, "{}", member.name);
        }
    }

    /// Each step rounds at 6e-8, so 30 of them differ by some 2e-6. No more than 30: later, methods
    /// that swing around the minimum by the length of a step turn small differences into large ones.
    /// A search compares values, which near a minimum round alike where points still differ.
    #[test]
    fn single_precision_follows_double() {
        for member in Optimizer::members() {
            let optimizer = (member.default)();
            let allowed = if optimizer.rule::<f32>().searches() { 2e-4 } else { 5e-6 };
            let single = descend::<f32, f32>(optimizer.rule(), &start(20), 30, valley);
            let double = descend::<f64, f64>(optimizer.rule(), &start(20), 30, valley);
            for (single, double) in single.iter().zip(double) {
                let error = (f64::from(*single) - double).abs();
                assert!(error < allowed, "{}: {error}", member.name);
            }
        }
    }
}
