//! Losses, activations and networks agree with PyTorch in `f64`.
//!
//! `tests/references/networks.py` computed the values in `tests/references/networks.json`, with the
//! PyTorch version noted there. Both sides sum in different orders and have their own elementary
//! functions, each within an ulp or two: some 1e-15 for each number, a little more after ten steps.
//! The tolerance of 1e-10 leaves room for that and for no other formula.

use descent::activations::Activation;
use descent::losses::{Loss, TargetKind, Targets};
use descent::math::team::Team;
use descent::models::{Mlp, Model};
use serde::Deserialize;

#[derive(Deserialize)]
struct References {
    losses: Vec<LossCase>,
    weighted: Vec<LossCase>,
    activations: Vec<ActivationCase>,
    networks: Vec<NetworkCase>,
}

#[derive(Deserialize)]
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

#[derive(Deserialize)]
struct ActivationCase {
    activation: String,
    inputs: Vec<f64>,
    outputs: Vec<f64>,
    slopes: Vec<f64>,
}

#[derive(Deserialize)]
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

fn references() -> References {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/references/networks.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Equal to 1e-10 of the expected number; those below a thousandth, in a company of numbers around 1,
/// to 1e-13.
#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs();
        assert!(
            error <= 1e-10 * expected.abs().max(1e-3),
            "{what}, number {index}: {found} instead of {expected}"
        );
    }
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
            TargetKind::TwoClasses | TargetKind::Classes => Targets::Classes(&self.classes),
        }
    }
}

/// `Name(field: value, …)`, as in a study file.
fn read(settings: &str) -> Loss {
    use ron::extensions::Extensions;
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
        .from_str(settings)
        .unwrap_or_else(|error| panic!("{settings}: {error}"))
}

#[test]
fn losses_and_their_gradients() {
    check_losses(references().losses);
}

#[test]
fn weighted_losses_and_their_gradients() {
    check_losses(references().weighted);
}

fn check_losses(cases: Vec<LossCase>) {
    for name in Loss::NAMES {
        assert!(cases.iter().any(|case| read(&case.loss).name() == *name), "no reference: {name}");
    }
    for case in cases {
        let weights = case.weights.as_deref();
        let what = format!("{} of {} outputs", case.loss, case.outputs.len());
        let loss = read(&case.loss);
        let given = Given::new(&case.targets, loss.rule::<f64>().target_kind());
        let mut gradient = vec![f64::NAN; case.outputs.len()];
        let value = loss.rule::<f64>().value(
            &case.outputs,
            case.n_outputs,
            given.targets(),
            weights,
            Some(&mut gradient),
        );
        assert_close(&[value], &[case.value], &what);
        assert_close(&gradient, &case.gradient, &what);
        let alone =
            loss.rule::<f64>().value(&case.outputs, case.n_outputs, given.targets(), weights, None);
        assert_eq!(alone, value, "{what}: the value alone has the same bits");
    }
}

#[test]
fn activations_and_their_slopes() {
    let cases = references().activations;
    for name in Activation::NAMES {
        assert!(cases.iter().any(|case| case.activation == *name), "no reference for {name}");
    }
    for case in cases {
        let activation = Activation::named(&case.activation).unwrap();
        let mut values = case.inputs.clone();
        let mut slopes = vec![f64::NAN; values.len()];
        activation.rule::<f64>().apply(&mut values, Some(&mut slopes));
        assert_close(&values, &case.outputs, &case.activation);
        assert_close(&slopes, &case.slopes, &case.activation);
    }
}

#[test]
fn perceptrons_their_gradients_and_ten_steps_of_training() {
    for case in references().networks {
        let what = format!("{} with {}", case.activation, case.loss);
        let activation = Activation::named(&case.activation).unwrap();
        let model = Model::Mlp(Mlp { hidden: case.hidden, activation, ..Mlp::default() });
        let loss = read(&case.loss);
        let loss = loss.rule::<f64>();
        let given = Given::new(&case.targets, loss.target_kind());

        let layout = model.rule::<f64>().layout(case.n_inputs, case.n_outputs);
        let names: Vec<_> = layout.blocks().iter().map(|block| block.name.as_str()).collect();
        assert_eq!(names, case.names, "{what}");
        assert_eq!(layout.n_params(), case.params.len(), "{what}");

        let n_samples = case.targets.len();
        let mut network = model.rule::<f64>().build(case.n_inputs, case.n_outputs, n_samples);
        let team = Team::solo();
        let mut params = case.params;
        let mut gradient = vec![f64::NAN; params.len()];
        let mut output_gradient = vec![f64::NAN; n_samples * case.n_outputs];
        let mut losses = Vec::new();
        for step in 0..case.losses.len() {
            let outputs = network.forward(&params, &case.inputs, n_samples, &team);
            losses.push(loss.value(
                outputs,
                case.n_outputs,
                given.targets(),
                None,
                Some(&mut output_gradient),
            ));
            network.backward(&params, &case.inputs, &mut output_gradient, &mut gradient, &team);
            if step == 0 {
                assert_close(&gradient, &case.gradient, &format!("{what}, gradient"));
            }
            for (param, slope) in params.iter_mut().zip(&gradient) {
                *param -= case.learning_rate * slope;
            }
        }
        assert_close(&losses, &case.losses, &format!("{what}, losses"));
        assert_close(&params, &case.params_after, &format!("{what}, parameters"));
    }
}
