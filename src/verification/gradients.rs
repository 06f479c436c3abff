//! Gradients written by hand beside central differences of the values, in `f64` at seeded points.

use std::sync::Arc;

use super::{Check, Comparison, Family, Measure};
use crate::activations::Activation;
use crate::losses::{Loss, Samples, TargetKind, Targets};
use crate::math::finite_difference;
use crate::math::random::{Purpose, Stream};
use crate::math::team::Team;
use crate::models::{Mlp, Model};

/// With h around 1e-5 the differences are exact to about h² = 1e-10 by their own formula and
/// 1e-16 / h = 1e-11 by rounding, times values and slopes of around 1; 1e-7 is beyond both, and far
/// below what a wrong factor or a missed term would make.
pub(super) const TOLERANCE: f64 = 1e-7;

/// The source of all of these.
pub(super) const SOURCE: &str = "central differences";

fn check(
    family: Family,
    member: &str,
    what: String,
    compare: impl Fn(&mut Comparison) -> Result<(), String> + Send + Sync + 'static,
) -> Check {
    Check {
        family,
        member: member.to_owned(),
        what,
        source: SOURCE.to_owned(),
        measure: Measure::Scaled,
        tolerance: TOLERANCE,
        compare: Arc::new(compare),
    }
}

/// Points that look like any others.
fn stream() -> Stream {
    Stream::new(20, Purpose::Generation)
}

fn uniform(len: usize, limit: f64, stream: &mut Stream) -> Vec<f64> {
    (0..len).map(|_| stream.uniform_in(-limit, limit)).collect()
}

/// Seeded targets of the kind that a loss is for, and the number of outputs it asks for.
struct Given {
    numbers: Vec<f64>,
    classes: Vec<u32>,
    kind: TargetKind,
    n_outputs: usize,
}

impl Given {
    fn new(n_samples: usize, loss: &Loss, stream: &mut Stream) -> Self {
        let kind = loss.rule::<f64>().target_kind();
        let (n_classes, n_outputs) = match kind {
            TargetKind::Classes => (4, 4),
            _ => (2, 1),
        };
        let classes = (0..n_samples).map(|_| stream.below(n_classes)).collect();
        Self { numbers: uniform(n_samples, 2.0, stream), classes, kind, n_outputs }
    }

    /// Samples with these outputs, and targets as they are given here.
    fn samples<'a>(&'a self, outputs: &'a [f64]) -> Samples<'a, f64> {
        let targets = match self.kind {
            TargetKind::Number => Targets::Numbers(&self.numbers),
            _ => Targets::Classes(&self.classes),
        };
        Samples::unweighted(outputs, self.n_outputs, targets)
    }
}

/// Every loss: its gradient by the outputs, for batches of several sizes.
pub(super) fn losses() -> Vec<Check> {
    let check = |name: &&'static str| {
        let name = *name;
        check(Family::Losses, name, "gradient".to_owned(), move |comparison| {
            let loss = Loss::named(name).expect("the names are those of the members");
            let (rule, stream) = (loss.rule::<f64>(), &mut stream());
            for n_samples in [1, 2, 16, 41] {
                let given = Given::new(n_samples, &loss, stream);
                let outputs = uniform(n_samples * given.n_outputs, 3.0, stream);
                let mut gradient = vec![f64::NAN; outputs.len()];
                rule.value(given.samples(&outputs), Some(&mut gradient));
                let value = |outputs: &[f64]| rule.value(given.samples(outputs), None);
                let expected = finite_difference::gradient(value, &outputs);
                comparison.lists(&gradient, &expected, 1.0, &format!("{n_samples} samples"));
            }
            Ok(())
        })
    };
    Loss::NAMES.iter().map(check).collect()
}

/// Every activation: its slopes.
pub(super) fn activations() -> Vec<Check> {
    let check = |name: &&'static str| {
        let name = *name;
        check(Family::Activations, name, "slopes".to_owned(), move |comparison| {
            let activation = Activation::named(name).expect("the names are those of the members");
            let rule = activation.rule::<f64>();
            let inputs = uniform(200, 6.0, &mut stream());
            let mut slopes = vec![f64::NAN; inputs.len()];
            let (mut values, mut alone) = (inputs.clone(), inputs.clone());
            rule.apply(&mut values, Some(&mut slopes));
            rule.apply(&mut alone, None);
            if alone != values {
                return Err("the values with slopes are not those without".to_owned());
            }
            for (input, slope) in inputs.iter().zip(&slopes) {
                let value = |input: &[f64]| {
                    let mut value = [input[0]];
                    rule.apply(&mut value, None);
                    value[0]
                };
                let expected = finite_difference::gradient(value, &[*input]);
                comparison.lists(&[*slope], &expected, 1.0, &format!("at {input}"));
            }
            Ok(())
        })
    };
    Activation::NAMES.iter().map(check).collect()
}

/// The model called `name` in the shapes worth a check: a perceptron with every activation, alone
/// and mixed, and without hidden layers.
fn shapes(name: &str) -> Vec<Model> {
    let mut shapes = vec![Model::named(name).expect("the names are those of the members")];
    if let Model::Mlp(default) = &shapes[0] {
        let shape = |hidden: Vec<usize>| Mlp { hidden, ..default.clone() };
        let activations: Vec<_> =
            Activation::members().iter().map(|member| (member.default)()).collect();
        let mixed = Mlp { activations: activations.clone(), ..shape(vec![6; activations.len()]) };
        let alone =
            activations.into_iter().map(|activation| Mlp { activation, ..shape(vec![7, 5]) });
        shapes = alone.chain([mixed, shape(vec![])]).map(Model::Mlp).collect();
    }
    shapes
}

/// Every model with every loss it is for: the gradient by each parameter.
pub(super) fn models() -> Vec<Check> {
    let mut checks = Vec::new();
    for name in Model::NAMES {
        for member in Loss::members() {
            let (models, loss) = (shapes(name), (member.default)());
            let kind = loss.rule::<f64>().target_kind();
            if !models[0].rule::<f64>().target_kinds().contains(&kind) {
                continue;
            }
            let what = match models.len() {
                1 => format!("gradient of {}", member.name),
                n => format!("gradient of {}: {n} networks", member.name),
            };
            checks.push(check(Family::Models, name, what, move |comparison| {
                models.iter().try_for_each(|model| compare_model(model, &loss, comparison))
            }));
        }
    }
    checks
}

fn compare_model(model: &Model, loss: &Loss, comparison: &mut Comparison) -> Result<(), String> {
    let (stream, n_samples, n_inputs) = (&mut stream(), 9, 5);
    let given = Given::new(n_samples, loss, stream);
    let (model_rule, loss_rule) = (model.rule::<f64>(), loss.rule::<f64>());
    let n_params = model_rule.layout(n_inputs, given.n_outputs).n_params();
    let params = uniform(n_params, 0.8, stream);
    let inputs = uniform(n_samples * n_inputs, 1.5, stream);
    let mut network = model_rule.build(n_inputs, given.n_outputs, n_samples);
    let team = Team::solo();
    let mut output_gradient = vec![f64::NAN; n_samples * given.n_outputs];
    let mut gradient = vec![f64::NAN; n_params];
    let outputs = network.forward(&params, &inputs, n_samples, &team);
    loss_rule.value(given.samples(outputs), Some(&mut output_gradient));
    network.backward(&params, &inputs, &mut output_gradient, &mut gradient, &team);
    let value = |params: &[f64]| {
        let outputs = network.forward(params, &inputs, n_samples, &team);
        loss_rule.value(given.samples(outputs), None)
    };
    let expected = finite_difference::gradient(value, &params);
    comparison.lists(&gradient, &expected, 1.0, &format!("{model:?} with {loss:?}"));
    // At a point without slopes nothing would be compared.
    match expected.iter().any(|slope| slope.abs() > 1e-3) {
        true => Ok(()),
        false => Err(format!("{model:?} with {loss:?} has no slopes")),
    }
}
