//! One step of an optimizer for one parameter, line by line, with its numbers.

mod formula;
mod numbers;

use std::ops::Range;

pub(super) use self::numbers::number;
use self::numbers::{DIGITS, digits_of_move, is_whole, number_to};
use super::OptimizerState;
use crate::math::reduce;
use crate::settings::{Settings, Value};

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

    /// Adds the line of a weight decay `λ`, if there is one: decoupled it shrinks the parameter, else it
    /// is added to the gradient.
    pub(super) fn decay(&mut self, weight_decay: f64, decoupled: bool) {
        match (weight_decay != 0.0, decoupled) {
            (true, true) => self.add("θ", "θ − η λ θ"),
            (true, false) => self.add("g", "g + λ θ"),
            (false, _) => {}
        }
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

#[cfg(test)]
mod tests;
