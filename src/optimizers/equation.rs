//! One step of an optimizer for one parameter, line by line, with its numbers.

use std::ops::Range;

use super::{OptimizerState, formula};
use crate::math::reduce;
use crate::settings::{Settings, Value};

/// Significant digits of numbers, and the most for a parameter that hardly moves.
const DIGITS: usize = 5;
const MOST_DIGITS: usize = 16;

/// The symbol of the effective rate: what multiplies the gradient or its average in the step.
const EFFECTIVE_RATE: &str = "ηₑ";

/// One line of an optimizer's formula in one step.
///
/// ```text
/// m ← β₁ m + (1 − β₁) g            symbol ← formula
///     0.9 · 0.25 + (1 − 0.9) · 2   numbers
///     0.425                        value
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Equation {
    /// The left side, as on the optimizer's help page.
    pub symbol: &'static str,
    /// The right side in symbols.
    pub formula: &'static str,
    /// The right side with the numbers of this step, to about five digits; empty where the numbers
    /// are too many to be written, as in a norm.
    pub numbers: String,
    /// What it comes to.
    pub value: f64,
    /// What the left side is.
    pub quantity: Quantity,
    /// To how many digits the value is written: as many for a parameter as show how it moved.
    digits: usize,
}

impl Equation {
    /// What stands between the sides: `←` where a quantity that is kept changes, else `=`.
    pub fn sign(&self) -> &'static str {
        match self.quantity {
            Quantity::Gradient | Quantity::State(_) | Quantity::Parameter => "←",
            Quantity::EffectiveRate | Quantity::Aside => "=",
        }
    }

    /// The value as in the numbers of the lines that follow.
    pub fn written(&self) -> String {
        number_to(self.digits, self.value)
    }
}

/// What the left side of an [`Equation`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The gradient, after a decay was added.
    Gradient,
    /// The parameter's entry in the state vector of this index.
    State(usize),
    /// What multiplies the gradient, or its average, in this step.
    EffectiveRate,
    /// The parameter itself.
    Parameter,
    /// Something on the way.
    Aside,
}

/// One parameter in one step, with everything the optimizer had and left; all numbers widened to
/// `f64`. Rules that look at their block or at all parameters find these here too.
#[derive(Clone, Debug)]
pub struct Coordinate<'a> {
    /// Which parameter.
    pub index: usize,
    /// The block it belongs to.
    pub block: Range<usize>,
    /// The learning rate `η` of this step.
    pub learning_rate: f64,
    /// The gradient `[n_params]` as the rule was given it.
    pub gradient: &'a [f64],
    /// The parameters `[n_params]` before the step and after it.
    pub params: [&'a [f64]; 2],
    /// The state before the step: all zero before the first.
    pub before: &'a OptimizerState<f64>,
    /// The state after the step; its `step` is this one's number `t`, from 1.
    pub after: &'a OptimizerState<f64>,
}

impl Coordinate<'_> {
    /// The number `t` of the step, 1 in the first.
    pub fn step(&self) -> u64 {
        self.after.step
    }

    /// The Euclidean norm of this parameter's block in a vector as long as the parameters.
    pub fn block_norm(&self, vector: &[f64]) -> f64 {
        reduce::norm(&vector[self.block.clone()])
    }
}

/// The lines of a step as they grow: knows the numbers behind the symbols, and what each line makes
/// of them.
pub(super) struct Lines {
    /// The digits of `θ`.
    digits: usize,
    known: Vec<(&'static str, f64, String)>,
    vectors: Vec<&'static str>,
    equations: Vec<Equation>,
}

impl Lines {
    /// No lines yet. Known are all settings by their symbols, `t`, this step's `η`, the gradient `g`,
    /// the parameter `θ`, and under the symbols `vectors` the entries of the state vectors, in their
    /// order (an empty symbol passes one over).
    pub(super) fn new<S: Settings>(
        settings: &S,
        at: &Coordinate<'_>,
        vectors: &[&'static str],
    ) -> Self {
        let [before, after] = at.params.map(|params| params[at.index]);
        let mut lines = Self {
            digits: digits_of_move(before, after),
            known: Vec::new(),
            vectors: vectors.to_vec(),
            equations: Vec::new(),
        };
        for field in S::fields() {
            if let (false, Some(Value::Number(x))) =
                (field.symbol.is_empty(), settings.get(field.name))
            {
                lines.know(field.symbol, x);
                // In full where five digits are not all, so that 1 − 0.999999 does not read 1 − 1.
                let (is_rounded, exact) = (!is_whole(&number(x), x), x.to_string());
                if let (Some(known), true) = (lines.known.last_mut(), is_rounded) {
                    known.2 = exact;
                }
            }
        }
        lines.know("t", at.step() as f64);
        lines.know("η", at.learning_rate);
        lines.know("g", at.gradient[at.index]);
        lines.know("θ", before);
        for (symbol, vector) in vectors.iter().zip(&at.before.vectors) {
            if !symbol.is_empty() {
                lines.know(symbol, vector[at.index]);
            }
        }
        lines
    }

    /// Lets a symbol stand for a number, from here on.
    pub(super) fn know(&mut self, symbol: &'static str, value: f64) {
        self.known.retain(|(known, ..)| *known != symbol);
        self.known.push((symbol, value, number_to(self.digits_of(symbol), value)));
    }

    fn digits_of(&self, symbol: &str) -> usize {
        if symbol == "θ" { self.digits } else { DIGITS }
    }

    /// Adds a line: works out `formula`, and lets `symbol` stand for what it comes to from here on.
    pub(super) fn add(&mut self, symbol: &'static str, formula: &'static str) {
        let find = |name: &str| {
            let found = self.known.iter().find(|(symbol, ..)| *symbol == name);
            found.map(|(_, value, text)| (*value, text.as_str()))
        };
        // A formula that cannot be read is a mistake in the rule, which the family's test finds.
        let value = formula::value(formula, &find).unwrap_or(f64::NAN);
        let numbers = formula::filled(formula, &find).unwrap_or_default();
        self.push(symbol, formula, numbers, value);
    }

    /// Adds a line whose value is known already, because too many numbers go into it.
    pub(super) fn given(&mut self, symbol: &'static str, formula: &'static str, value: f64) {
        self.push(symbol, formula, String::new(), value);
    }

    /// The same, with the numbers of which the line is made, which were measured.
    pub(super) fn measured(
        &mut self,
        symbol: &'static str,
        formula: &'static str,
        numbers: String,
        value: f64,
    ) {
        self.push(symbol, formula, numbers, value);
    }

    /// Adds the line of the effective rate, unless it comes to nothing that is a number (where the
    /// gradient it divides by is zero).
    pub(super) fn effective_rate(&mut self, formula: &'static str) {
        self.add(EFFECTIVE_RATE, formula);
        if self.equations.last().is_some_and(|line| !line.value.is_finite()) {
            self.equations.pop();
        }
    }

    fn push(&mut self, symbol: &'static str, formula: &'static str, numbers: String, value: f64) {
        let quantity = match self.vectors.iter().position(|vector| *vector == symbol) {
            Some(index) => Quantity::State(index),
            None if symbol == "g" => Quantity::Gradient,
            None if symbol == "θ" => Quantity::Parameter,
            None if symbol == EFFECTIVE_RATE => Quantity::EffectiveRate,
            None => Quantity::Aside,
        };
        let digits = self.digits_of(symbol);
        self.equations.push(Equation { symbol, formula, numbers, value, quantity, digits });
        self.know(symbol, value);
    }

    /// All lines. The last is that of `θ`.
    pub(super) fn finish(self) -> Vec<Equation> {
        debug_assert!(
            self.equations.last().is_some_and(|line| line.quantity == Quantity::Parameter),
            "the last line is the parameter's"
        );
        self.equations
    }
}

/// Whether a number is written without loss.
fn is_whole(text: &str, x: f64) -> bool {
    text.replace('−', "-").parse() == Ok(x)
}

/// The digits of a number that tell it from where it moves to, and some more.
fn digits_of_move(before: f64, after: f64) -> usize {
    let (size, mut step) = (before.abs().max(after.abs()), (after - before).abs());
    let mut digits = 3;
    while step > 0.0 && step < size && digits < MOST_DIGITS {
        step *= 10.0;
        digits += 1;
    }
    digits.max(DIGITS)
}

/// A number to five significant digits, as short as it is then: `0.9`, `−12.346`, `1.2346e-7`.
pub(super) fn number(x: f64) -> String {
    number_to(DIGITS, x)
}

fn number_to(digits: usize, x: f64) -> String {
    let n_places = digits as i32 - 1;
    if !x.is_finite() {
        return if x.is_nan() { "?".to_owned() } else { format!("{x}").replace("inf", "∞") };
    }
    let size = x.abs();
    let text = if size.fract() == 0.0 && size < 1e15 {
        format!("{size}")
    } else {
        let rounded = format!("{size:.*e}", digits - 1);
        let (digits, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let trimmed = |text: &str| text.trim_end_matches('0').trim_end_matches('.').to_owned();
        if (-4..6).contains(&exponent) {
            trimmed(&format!("{size:.*}", (n_places - exponent).max(1) as usize))
        } else {
            format!("{}e{exponent}", trimmed(digits))
        }
    };
    if x < 0.0 { format!("−{text}") } else { text }
}

#[cfg(test)]
mod tests {
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
                            let is_its =
                                |line: &&Equation| line.quantity == Quantity::State(vector);
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

    #[test]
    fn a_parameter_has_the_digits_that_show_its_move() {
        for (before, after, expected) in [
            (1.0, 0.5, 5),
            (1.0, 0.999_961_7, 8),
            (-2.903_5, -2.903_5, 5),
            (3.0, 3.0 + 1e-9, 13),
            (0.0, 0.1, 5),
        ] {
            assert_eq!(digits_of_move(before, after), expected, "{before} {after}");
        }
        assert_eq!(number_to(8, 0.999_961_7), "0.9999617");
    }

    #[test]
    fn numbers_have_five_digits() {
        for (x, expected) in [
            (0.9, "0.9"),
            (-12.345_678, "−12.346"),
            (1.234_56e-7, "1.2346e-7"),
            (0.000_123_456_7, "0.00012346"),
            (123_456.7, "123456.7"),
            (99_999.96, "100000"),
            (2.5e9, "2500000000"),
            (1e-30, "1e-30"),
            (0.0, "0"),
            (-0.0, "0"),
            (f64::INFINITY, "∞"),
        ] {
            assert_eq!(number(x), expected);
        }
    }
}
