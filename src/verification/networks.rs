//! Losses, activations and networks beside PyTorch's, in `f64`.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;

use super::references::{by_member, member, name_in};
use super::{Check, Comparison, Family, Measure};
use crate::activations::Activation;
use crate::losses::{Loss, Samples, TargetKind, Targets};
use crate::math::team::Team;
use crate::models::{Mlp, Model};

/// The values that `networks.py` computed.
const REFERENCES: &str = include_str!("../../tests/references/networks.json");

/// Both sides sum in different orders and have their own elementary functions, each within an ulp or
/// two: some 1e-15 for each number, a little more after ten steps. This leaves room for that and
/// for no other formula.
const TOLERANCE: f64 = 1e-10;

/// Numbers below this stand in a company of numbers around 1, and are compared by it.
const LEAST_SIZE: f64 = 1e-3;

#[derive(Deserialize)]
struct References {
    /// The version of PyTorch.
    pytorch: String,
    /// Losses that PyTorch does not have, written out from their formulas and differentiated by it.
    #[serde(default)]
    formulas: Vec<String>,
    losses: Vec<LossCase>,
    /// The same with a weight for each sample.
    weighted: Vec<LossCase>,
    activations: Vec<ActivationCase>,
    networks: Vec<NetworkCase>,
}

impl References {
    fn read() -> Result<Self, String> {
        serde_json::from_str(REFERENCES).map_err(|error| format!("networks.json: {error}"))
    }

    fn source(&self, loss: &str) -> String {
        match self.formulas.iter().any(|name| name == loss) {
            true => format!("formula, in PyTorch {}", self.pytorch),
            false => format!("PyTorch {}", self.pytorch),
        }
    }
}

#[derive(Clone, Deserialize)]
struct LossCase {
    loss: String,
    n_outputs: usize,
    outputs: Vec<f64>,
    targets: Vec<f64>,
    #[serde(default)]
    weights: Option<Vec<f64>>,
    value: f64,
    gradient: Vec<f64>,
}

#[derive(Clone, Deserialize)]
struct ActivationCase {
    activation: String,
    inputs: Vec<f64>,
    outputs: Vec<f64>,
    slopes: Vec<f64>,
}

#[derive(Clone, Deserialize)]
struct NetworkCase {
    activation: String,
    loss: String,
    n_inputs: usize,
    n_outputs: usize,
    hidden: Vec<usize>,
    names: Vec<String>,
    params: Vec<f64>,
    inputs: Vec<f64>,
    targets: Vec<f64>,
    gradient: Vec<f64>,
    learning_rate: f64,
    losses: Vec<f64>,
    params_after: Vec<f64>,
}

fn check(
    family: Family,
    member: String,
    what: String,
    source: String,
    compare: impl Fn(&mut Comparison) -> Result<(), String> + Send + Sync + 'static,
) -> Check {
    let (measure, tolerance) = (Measure::Scaled, TOLERANCE);
    Check { family, member, what, source, measure, tolerance, compare: Arc::new(compare) }
}

/// In place of all checks of a family, where the file cannot be read.
fn unreadable(family: Family, problem: String) -> Vec<Check> {
    let compare = move |_: &mut Comparison| Err(problem.clone());
    vec![check(family, "all".to_owned(), "reference values".to_owned(), String::new(), compare)]
}

/// The targets as the loss wants them.
struct Given {
    numbers: Vec<f64>,
    classes: Vec<u32>,
    kind: TargetKind,
}

impl Given {
    fn new(targets: &[f64], kind: TargetKind) -> Self {
        let classes = targets.iter().map(|target| *target as u32).collect();
        Self { numbers: targets.to_vec(), classes, kind }
    }

    fn targets(&self) -> Targets<'_, f64> {
        match self.kind {
            TargetKind::Number => Targets::Numbers(&self.numbers),
            _ => Targets::Classes(&self.classes),
        }
    }
}

/// Every loss: its value and its gradient by the outputs.
pub(super) fn losses() -> Vec<Check> {
    let references = match References::read() {
        Ok(references) => references,
        Err(problem) => return unreadable(Family::Losses, problem),
    };
    let cases = by_member(Loss::NAMES, &references.losses, |case| name_in(&case.loss));
    let to_check = |(name, cases): (String, Vec<LossCase>)| {
        let source = references.source(&name);
        let settings: BTreeSet<_> = cases.iter().map(|case| case.loss.clone()).collect();
        let what = match settings.len() {
            0 | 1 => "value, gradient".to_owned(),
            n => format!("value, gradient: {n} settings"),
        };
        check(Family::Losses, name, what, source, move |comparison| {
            cases.iter().try_for_each(|case| compare_loss(case, comparison))
        })
    };
    let weighted = by_member(Loss::NAMES, &references.weighted, |case| name_in(&case.loss));
    let with_weights = |(name, cases): (String, Vec<LossCase>)| {
        let source = references.source(&name);
        let what = "weighted value, gradient".to_owned();
        check(Family::Losses, name, what, source, move |comparison| {
            cases.iter().try_for_each(|case| compare_loss(case, comparison))
        })
    };
    cases.into_iter().map(to_check).chain(weighted.into_iter().map(with_weights)).collect()
}

fn compare_loss(case: &LossCase, comparison: &mut Comparison) -> Result<(), String> {
    let what = format!("{} of {} outputs", case.loss, case.outputs.len());
    let loss: Loss = member(&case.loss)?;
    let rule = loss.rule::<f64>();
    let given = Given::new(&case.targets, rule.target_kind());
    let mut gradient = vec![f64::NAN; case.outputs.len()];
    let samples = Samples {
        weights: case.weights.as_deref(),
        ..Samples::unweighted(&case.outputs, case.n_outputs, given.targets())
    };
    let value = rule.value(samples, Some(&mut gradient));
    comparison.lists(&[value], &[case.value], LEAST_SIZE, &what);
    comparison.lists(&gradient, &case.gradient, LEAST_SIZE, &format!("gradient of {what}"));
    let alone = rule.value(samples, None);
    match alone == value {
        true => Ok(()),
        false => Err(format!("{what}: {value} with its gradient, but {alone} without")),
    }
}

/// Every activation: its values and its slopes.
pub(super) fn activations() -> Vec<Check> {
    let references = match References::read() {
        Ok(references) => references,
        Err(problem) => return unreadable(Family::Activations, problem),
    };
    let cases = by_member(Activation::NAMES, &references.activations, |case| &case.activation);
    let to_check = |(name, cases): (String, Vec<ActivationCase>)| {
        let source = format!("PyTorch {}", references.pytorch);
        check(Family::Activations, name, "values, slopes".to_owned(), source, move |comparison| {
            for case in &cases {
                let activation: Activation = activation(&case.activation)?;
                let mut values = case.inputs.clone();
                let mut slopes = vec![f64::NAN; values.len()];
                activation.rule::<f64>().apply(&mut values, Some(&mut slopes));
                comparison.lists(&values, &case.outputs, LEAST_SIZE, "values");
                comparison.lists(&slopes, &case.slopes, LEAST_SIZE, "slopes");
            }
            Ok(())
        })
    };
    cases.into_iter().map(to_check).collect()
}

fn activation(name: &str) -> Result<Activation, String> {
    Activation::named(name).ok_or_else(|| format!("there is no activation {name}"))
}

/// Perceptrons with every loss: the gradient, and ten steps of training.
pub(super) fn models() -> Vec<Check> {
    let references = match References::read() {
        Ok(references) => references,
        Err(problem) => return unreadable(Family::Models, problem),
    };
    let cases = by_member(Loss::NAMES, &references.networks, |case| name_in(&case.loss));
    let to_check = |(loss, cases): (String, Vec<NetworkCase>)| {
        let what = format!("10 steps with {loss}: {} networks", cases.len());
        let source = references.source(&loss);
        check(Family::Models, "Mlp".to_owned(), what, source, move |comparison| {
            cases.iter().try_for_each(|case| compare_network(case, comparison))
        })
    };
    cases.into_iter().map(to_check).collect()
}

fn compare_network(case: &NetworkCase, comparison: &mut Comparison) -> Result<(), String> {
    let what = format!("{} with {}", case.activation, case.loss);
    let activation = activation(&case.activation)?;
    let model = Model::Mlp(Mlp { hidden: case.hidden.clone(), activation, ..Mlp::default() });
    let (loss, model): (Loss, _) = (member(&case.loss)?, model.rule::<f64>());
    let loss = loss.rule::<f64>();
    let given = Given::new(&case.targets, loss.target_kind());

    let layout = model.layout(case.n_inputs, case.n_outputs);
    let names: Vec<_> = layout.blocks().iter().map(|block| block.name.as_str()).collect();
    if names != case.names || layout.n_params() != case.params.len() {
        return Err(format!("{what}: blocks {names:?} instead of {:?}", case.names));
    }

    let n_samples = case.targets.len();
    let mut network = model.build(case.n_inputs, case.n_outputs, n_samples);
    let team = Team::solo();
    let mut params = case.params.clone();
    let mut gradient = vec![f64::NAN; params.len()];
    let mut output_gradient = vec![f64::NAN; n_samples * case.n_outputs];
    let mut losses = Vec::new();
    for step in 0..case.losses.len() {
        let outputs = network.forward(&params, &case.inputs, n_samples, &team);
        let samples = Samples::unweighted(outputs, case.n_outputs, given.targets());
        losses.push(loss.value(samples, Some(&mut output_gradient)));
        network.backward(&params, &case.inputs, &mut output_gradient, &mut gradient, &team);
        if step == 0 {
            let what = format!("{what}, gradient");
            comparison.lists(&gradient, &case.gradient, LEAST_SIZE, &what);
        }
        for (param, slope) in params.iter_mut().zip(&gradient) {
            *param -= case.learning_rate * slope;
        }
    }
    comparison.lists(&losses, &case.losses, LEAST_SIZE, &format!("{what}, losses"));
    comparison.lists(&params, &case.params_after, LEAST_SIZE, &format!("{what}, parameters"));
    Ok(())
}
