use super::*;
use crate::math::team::Team;
use crate::optimizers::{Arrival, Optimizer, Search, Update};

const N: usize = 7;
const N_STEPS: u64 = 30;

/// State vectors that lines speak of otherwise, or that are work space.
const WITHOUT_LINE: [(&str, &str); 9] = [
    ("Swats", "last_step"),
    ("Lbfgs", "steps"),
    ("Lbfgs", "gradient_changes"),
    ("Lbfgs", "pair_weights"),
    ("Lbfgs", "direction"),
    ("Lbfgs", "trial_point"),
    ("Lbfgs", "low_gradient"),
    ("Lbfgs", "high_gradient"),
    ("Lbfgs", "trial_gradient"),
];

/// A curved valley in which neighbours pull on each other, and its gradient.
fn valley(x: &[f64], g: &mut [f64]) -> f64 {
    let n = x.len();
    let mut value = 0.0;
    for i in 0..n {
        let (before, next) = (x[(i + n - 1) % n], x[(i + 1) % n]);
        let tilt = 0.1 * (i % 7) as f64;
        value += 0.25 * x[i] * x[i] * x[i] * x[i] - 0.5 * x[i] * next + tilt * x[i];
        g[i] = x[i] * x[i] * x[i] - 0.5 * (before + next) + tilt;
    }
    value
}

/// Settings other than the defaults, by name: everything that is off is on.
fn unusual(name: &str) -> Option<f64> {
    Some(match name {
        "learning_rate" => 0.05,
        "weight_decay" | "lambda" => 0.03,
        "beta" | "beta1" => 0.8,
        "beta2" | "rho" | "alpha" => 0.95,
        "dampening" => 0.3,
        "momentum" => 0.7,
        "epsilon" => 1e-4,
        "rate_decay" | "momentum_decay" => 0.1,
        "initial_accumulator" => 0.5,
        "epsilon_root" | "trust_coefficient" => 0.02,
        "tolerance" => 0.5,
        "t0" => 5.0,
        "eta_plus" => 1.5,
        "max_step" => 0.2,
        _ => return None,
    })
}

/// A member with its defaults and with unusual settings, each with every choice of its flags.
fn variants(default: &Optimizer) -> Vec<Optimizer> {
    let mut changed = default.clone();
    for field in default.fields() {
        if let (Value::Number(_), Some(x)) = (&field.default, unusual(field.name)) {
            changed.set(field.name, Value::Number(x)).unwrap();
        }
    }
    let mut all = vec![default.clone(), changed];
    for field in default.fields() {
        if let Value::Flag(flag) = field.default {
            let flipped = all.iter().map(|variant| {
                let mut variant = variant.clone();
                variant.set(field.name, Value::Flag(!flag)).unwrap();
                variant
            });
            let flipped: Vec<_> = flipped.collect();
            all.extend(flipped);
        }
    }
    all
}

/// Everything that one step of `optimizer` had and left.
struct Step {
    learning_rate: f64,
    gradient: Vec<f64>,
    params: [Vec<f64>; 2],
    states: [OptimizerState<f64>; 2],
}

impl Step {
    fn at(&self, index: usize) -> Coordinate<'_> {
        Coordinate {
            index,
            block: if index < 4 { 0..4 } else { 4..N },
            learning_rate: self.learning_rate,
            gradient: &self.gradient,
            params: [&self.params[0], &self.params[1]],
            before: &self.states[0],
            after: &self.states[1],
        }
    }
}

/// The steps of a run through the valley, under a rate that a schedule lowers.
fn steps(optimizer: &Optimizer) -> Vec<Step> {
    let rule = optimizer.rule::<f64>();
    let mut params: Vec<f64> = (0..N).map(|i| (i as f64 * 0.37) % 2.0 - 1.0).collect();
    let mut state = OptimizerState::new(rule, N);
    let mut arrival = Arrival { value: None, gradient: vec![0.0; N] };
    let (team, blocks) = (Team::solo(), [0..4, 4..N]);
    let mut steps = Vec::new();
    for index in 0..N_STEPS {
        let mut gradient = vec![0.0; N];
        let value = valley(&params, &mut gradient);
        let before = (params.clone(), state.clone());
        let learning_rate = rule.learning_rate() * (1.0 - 0.02 * index as f64);
        let mut evaluate = |x: &[f64], g: &mut [f64]| valley(x, g);
        let search = rule.searches().then(|| {
            arrival.value = None;
            Search { value, evaluate: &mut evaluate, arrival: &mut arrival }
        });
        state.step += 1;
        let update = Update {
            params: &mut params,
            gradient: &gradient,
            learning_rate,
            team: &team,
            blocks: &blocks,
            search,
        };
        rule.update(&mut state, update);
        steps.push(Step {
            learning_rate,
            gradient,
            params: [before.0, params.clone()],
            states: [before.1, state.clone()],
        });
    }
    steps
}

fn assert_near(found: f64, real: f64, what: &str) {
    let near = (found - real).abs() <= 1e-12 * real.abs();
    assert!(near || found == real, "{what}: {found} on screen, {real} in truth");
}

/// The heart of it: the lines come to the parameter that the real update left, and to the
/// entries of its state. The updates take corrections out of their loops and put factors
/// together, so the last digits may differ; some thousand roundings make 1e-12.
#[test]
fn lines_come_to_what_the_update_did() {
    for member in Optimizer::members() {
        for optimizer in variants(&(member.default)()) {
            let rule = optimizer.rule::<f64>();
            for step in steps(&optimizer) {
                for index in 0..N {
                    let at = step.at(index);
                    let what = format!("{optimizer:?}, step {}, {index}", at.step());
                    let lines = rule.equations(&at);
                    let last = lines.last().expect("there is a line");
                    assert_eq!(last.quantity, Quantity::Parameter, "{what}");
                    assert_near(last.value, at.params[1][index], &what);
                    let n_vectors = rule.vectors().len();
                    for vector in 0..n_vectors {
                        let name = rule.vectors()[vector];
                        if WITHOUT_LINE.contains(&(member.name, name)) {
                            continue;
                        }
                        let is_its = |line: &&Equation| line.quantity == Quantity::State(vector);
                        let line = lines.iter().rfind(is_its);
                        let real = at.after.vectors[vector][index];
                        if line.is_none() && real == at.before.vectors[vector][index] {
                            continue;
                        }
                        let line = line.unwrap_or_else(|| panic!("{what}: no line of {name}"));
                        assert_near(line.value, real, &format!("{what}, {name}"));
                    }
                }
            }
        }
    }
}

/// A formula that cannot be read would be without a value or without numbers.
#[test]
fn every_line_has_its_numbers_and_its_symbol_is_on_the_page() {
    for member in Optimizer::members() {
        for optimizer in variants(&(member.default)()) {
            let rule = optimizer.rule::<f64>();
            for step in steps(&optimizer) {
                for line in rule.equations(&step.at(2)) {
                    let what = format!("{}: {line:?}", member.name);
                    assert!(line.value.is_finite(), "{what}");
                    assert!(!line.numbers.contains('?'), "{what}");
                    // A ratio of norms says which norms.
                    assert!(line.symbol != "r" || line.numbers.contains('/'), "{what}");
                    if matches!(line.quantity, Quantity::State(_) | Quantity::Parameter) {
                        assert!(member.page.text.contains(line.symbol), "{what}");
                    }
                }
            }
        }
    }
}

/// By hand: m = ½ · 0 + ½ · 4, v = ¾ · 0 + ¼ · 16, both corrected back to 4 and 16.
#[test]
fn the_first_step_of_adam_on_paper() {
    let mut adam = Optimizer::named("Adam").unwrap();
    for (name, value) in
        [("beta1", 0.5), ("beta2", 0.75), ("learning_rate", 0.1), ("epsilon", 1e-8)]
    {
        adam.set(name, Value::Number(value)).unwrap();
    }
    let before = OptimizerState::new(adam.rule::<f64>(), 1);
    let after = OptimizerState { step: 1, ..before.clone() };
    let at = Coordinate {
        index: 0,
        block: 0..1,
        learning_rate: 0.1,
        gradient: &[4.0],
        params: [&[-3.0], &[-3.1]],
        before: &before,
        after: &after,
    };
    let lines = adam.rule::<f64>().equations(&at);
    let text: Vec<String> = lines
        .iter()
        .map(|line| {
            format!("{} {} {} = {}", line.symbol, line.sign(), line.numbers, line.written())
        })
        .collect();
    assert_eq!(
        text,
        [
            "m ← 0.5 · 0 + (1 − 0.5) · 4 = 2",
            "v ← 0.75 · 0 + (1 − 0.75) · 4² = 4",
            "m̂ = 2 / (1 − 0.5¹) = 4",
            "v̂ = 4 / (1 − 0.75¹) = 16",
            "ηₑ = 0.1 / (√16 + 1e-8) = 0.025",
            "θ ← −3 − 0.1 · 4 / (√16 + 1e-8) = −3.1",
        ]
    );
}
