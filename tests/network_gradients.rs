//! What must hold of the gradients of losses, models and penalties beyond their agreement with
//! central differences and with PyTorch, which `tests/verification.rs` checks: batches are means of
//! samples, threads do not matter, logits may be of any size, least squares is where a regression
//! rests.

use descent::activations::Activation;
use descent::losses::{Loss, Penalty, Samples, TargetKind, Targets};
use descent::math::finite_difference::gradient;
use descent::math::random::{Purpose, Stream};
use descent::math::team::Team;
use descent::models::{Mlp, Model};

fn stream() -> Stream {
    Stream::new(20, Purpose::Generation)
}

fn uniform(len: usize, limit: f64, stream: &mut Stream) -> Vec<f64> {
    (0..len).map(|_| stream.uniform_in(-limit, limit)).collect()
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs();
        assert!(
            error <= tolerance * expected.abs().max(1.0),
            "{what}, number {index}: {found}, expected {expected}"
        );
    }
}

/// Seeded targets of a kind.
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
            TargetKind::Number | TargetKind::TwoClasses => (2, 1),
        };
        let classes = (0..n_samples).map(|_| stream.below(n_classes)).collect();
        Self { numbers: uniform(n_samples, 2.0, stream), classes, kind, n_outputs }
    }

    fn targets(&self) -> Targets<'_, f64> {
        self.part(0, self.numbers.len())
    }

    fn samples<'a>(&'a self, outputs: &'a [f64]) -> Samples<'a, f64> {
        Samples::unweighted(outputs, self.n_outputs, self.targets())
    }

    fn part(&self, start: usize, end: usize) -> Targets<'_, f64> {
        match self.kind {
            TargetKind::Number => Targets::Numbers(&self.numbers[start..end]),
            _ => Targets::Classes(&self.classes[start..end]),
        }
    }
}

fn losses() -> Vec<Loss> {
    Loss::members().iter().map(|member| (member.default)()).collect()
}

/// Every model with every loss it is for; perceptrons with every activation, alone and mixed.
fn networks() -> Vec<(Model, Loss)> {
    let mut models: Vec<Model> = Model::members().iter().map(|member| (member.default)()).collect();
    let activations: Vec<Activation> =
        Activation::members().iter().map(|member| (member.default)()).collect();
    for activation in &activations {
        let activation = activation.clone();
        models.push(Model::Mlp(Mlp { hidden: vec![7, 5], activation, ..Mlp::default() }));
    }
    let hidden = vec![6; activations.len()];
    models.push(Model::Mlp(Mlp { hidden, activations, ..Mlp::default() }));
    models.push(Model::Mlp(Mlp { hidden: vec![], ..Mlp::default() }));
    let suits = |model: &Model, loss: &Loss| {
        model.rule::<f64>().target_kinds().contains(&loss.rule::<f64>().target_kind())
    };
    models
        .iter()
        .flat_map(|model| losses().into_iter().map(|loss| (model.clone(), loss)))
        .filter(|(model, loss)| suits(model, loss))
        .collect()
}

/// Loss and gradient of a model at `params` for a batch.
fn evaluate(
    (model, loss): &(Model, Loss),
    params: &[f64],
    inputs: &[f64],
    targets: Targets<'_, f64>,
    (n_samples, max_samples): (usize, usize),
    n_outputs: usize,
    team: &Team,
) -> (f64, Vec<f64>) {
    let mut network = model.rule::<f64>().build(inputs.len() / n_samples, n_outputs, max_samples);
    let mut gradient = vec![f64::NAN; params.len()];
    let mut output_gradient = vec![f64::NAN; n_samples * n_outputs];
    let outputs = network.forward(params, inputs, n_samples, team);
    let rule = loss.rule::<f64>();
    let samples = Samples::unweighted(outputs, n_outputs, targets);
    let value = rule.value(samples, Some(&mut output_gradient));
    network.backward(params, inputs, &mut output_gradient, &mut gradient, team);
    (value, gradient)
}

#[test]
fn weighted_losses_have_the_slopes_of_their_values_and_weights_of_one_change_nothing() {
    let stream = &mut stream();
    for loss in losses() {
        for n_samples in [1, 2, 16, 41, 64] {
            let given = Given::new(n_samples, &loss, stream);
            let outputs = uniform(n_samples * given.n_outputs, 3.0, stream);
            let mut weights: Vec<f64> =
                uniform(n_samples, 1.0, stream).iter().map(|weight| weight.abs()).collect();
            let rule = loss.rule::<f64>();
            let what = format!("{loss:?}, {n_samples} samples");
            let evaluate = |outputs: &[f64], weights: Option<&[f64]>| {
                let mut gradient = vec![f64::NAN; outputs.len()];
                let samples = Samples { weights, ..given.samples(outputs) };
                let value = rule.value(samples, Some(&mut gradient));
                (value, gradient)
            };
            let ones = vec![1.0; n_samples];
            let (plain, with_ones) = (evaluate(&outputs, None), evaluate(&outputs, Some(&ones)));
            assert_close(&[with_ones.0], &[plain.0], 1e-15, &what);
            assert_close(&with_ones.1, &plain.1, 1e-15, &what);

            let gradient = evaluate(&outputs, Some(&weights)).1;
            let value = |outputs: &[f64]| evaluate(outputs, Some(&weights)).0;
            let expected = descent::math::finite_difference::gradient(value, &outputs);
            assert_close(&gradient, &expected, 1e-7, &what);

            // A sample of weight 0 is as if it were not there, even where its output is no number.
            if n_samples > 1 {
                weights[n_samples - 1] = 0.0;
                let kept = (n_samples - 1) * given.n_outputs;
                let mut broken = outputs.clone();
                broken[kept..].fill(f64::NAN);
                let (value, gradient) = evaluate(&broken, Some(&weights));
                let samples = Samples {
                    outputs: &outputs[..kept],
                    n_outputs: given.n_outputs,
                    targets: given.part(0, n_samples - 1),
                    weights: Some(&weights[..n_samples - 1]),
                };
                let without = rule.value(samples, None);
                assert_close(&[value], &[without], 1e-15, &what);
                assert_eq!(gradient[kept..], vec![0.0; given.n_outputs], "{what}");
            }
            let zeros = vec![0.0; n_samples];
            let (value, gradient) = evaluate(&outputs, Some(&zeros));
            assert_eq!((value, gradient), (0.0, vec![0.0; outputs.len()]), "{what}");
        }
    }
}

#[test]
fn without_focus_focal_losses_are_cross_entropies_to_the_last_bit() {
    use descent::losses::{BinaryCrossEntropy, BinaryFocal, CrossEntropy, Focal};
    let pairs = [
        (Loss::Focal(Focal { gamma: 0.0 }), Loss::CrossEntropy(CrossEntropy::default())),
        (
            Loss::BinaryFocal(BinaryFocal { gamma: 0.0 }),
            Loss::BinaryCrossEntropy(BinaryCrossEntropy {}),
        ),
    ];
    for (focal, plain) in pairs {
        let given = Given::new(33, &plain, &mut stream());
        let outputs = uniform(33 * given.n_outputs, 3.0, &mut stream());
        let [focal, plain] = [focal, plain].map(|loss| {
            let mut gradient = vec![f64::NAN; outputs.len()];
            let value = loss.rule::<f64>().value(given.samples(&outputs), Some(&mut gradient));
            (value, gradient)
        });
        assert_eq!(focal, plain);
    }
}

#[test]
fn the_gradient_of_a_batch_is_the_mean_of_the_gradients_of_its_samples() {
    let stream = &mut stream();
    let (n_samples, n_inputs) = (17, 4);
    for network in networks() {
        let given = Given::new(n_samples, &network.1, stream);
        let n_params = network.0.rule::<f64>().layout(n_inputs, given.n_outputs).n_params();
        let params = uniform(n_params, 0.8, stream);
        let inputs = uniform(n_samples * n_inputs, 1.5, stream);
        let team = Team::solo();
        let n_outputs = given.n_outputs;
        let sizes = (n_samples, n_samples);
        let (value, gradient) =
            evaluate(&network, &params, &inputs, given.targets(), sizes, n_outputs, &team);
        // The same buffers serve any number of samples up to the largest.
        let (mut mean_value, mut mean_gradient) = (0.0, vec![0.0; n_params]);
        for sample in 0..n_samples {
            let inputs = &inputs[sample * n_inputs..][..n_inputs];
            let (targets, sizes) = (given.part(sample, sample + 1), (1, n_samples));
            let (value, gradient) =
                evaluate(&network, &params, inputs, targets, sizes, n_outputs, &team);
            mean_value += value / n_samples as f64;
            for (mean, slope) in mean_gradient.iter_mut().zip(gradient) {
                *mean += slope / n_samples as f64;
            }
        }
        // Sums of 17 numbers around 1, in another order.
        assert_close(&[value], &[mean_value], 1e-14, &format!("{network:?}"));
        assert_close(&gradient, &mean_gradient, 1e-14, &format!("{network:?}"));
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let stream = &mut stream();
    // Large enough that products are shared out.
    let (n_samples, n_inputs) = (40, 250);
    let model = Model::Mlp(Mlp { hidden: vec![220, 100], ..Mlp::default() });
    let network = (model, Loss::named("CrossEntropy").unwrap());
    let given = Given::new(n_samples, &network.1, stream);
    let n_params = network.0.rule::<f64>().layout(n_inputs, given.n_outputs).n_params();
    let params = uniform(n_params, 0.1, stream);
    let inputs = uniform(n_samples * n_inputs, 1.5, stream);
    let evaluate = |n_threads| {
        let (sizes, team) = ((n_samples, n_samples), Team::new(n_threads));
        evaluate(&network, &params, &inputs, given.targets(), sizes, given.n_outputs, &team)
    };
    assert_eq!(evaluate(1), evaluate(2));
    assert_eq!(evaluate(1), evaluate(8));
}

#[test]
fn logits_of_any_size_give_finite_losses_and_the_known_slopes() {
    let binary = Loss::named("BinaryCrossEntropy").unwrap();
    let mut slopes = [f64::NAN; 4];
    let (logits, classes) = ([1000.0, -1000.0, 1000.0, -1000.0], [1, 0, 0, 1]);
    let samples = Samples::unweighted(&logits, 1, Targets::Classes(&classes));
    let value = binary.rule::<f64>().value(samples, Some(&mut slopes));
    assert_eq!((value, slopes), (500.0, [0.0, 0.0, 0.25, -0.25]));

    let several = Loss::named("CrossEntropy").unwrap();
    let mut slopes = [f64::NAN; 6];
    let logits = [1000.0, -1000.0, 0.0, 1000.0, -1000.0, 0.0];
    let samples = Samples::unweighted(&logits, 3, Targets::Classes(&[0, 1]));
    let value = several.rule::<f64>().value(samples, Some(&mut slopes));
    assert_eq!((value, slopes), (1000.0, [0.0, 0.0, 0.0, 0.5, -0.5, 0.0]));

    // Focal losses: the misses cost as in the cross-entropies, and what is right costs nothing.
    for gamma in [0.5, 1.0, 2.0, 5.0] {
        let mut focal = Loss::named("BinaryFocal").unwrap();
        focal.set("gamma", descent::settings::Value::Number(gamma)).unwrap();
        let mut slopes = [f64::NAN; 4];
        let (logits, classes) = ([1000.0, -1000.0, 1000.0, -1000.0], [1, 0, 0, 1]);
        let samples = Samples::unweighted(&logits, 1, Targets::Classes(&classes));
        let value = focal.rule::<f64>().value(samples, Some(&mut slopes));
        let zeroed = slopes.map(|slope: f64| if slope.abs() < 1e-200 { 0.0 } else { slope });
        assert_eq!((value, zeroed), (500.0, [0.0, 0.0, 0.25, -0.25]), "{gamma}");

        let mut focal = Loss::named("Focal").unwrap();
        focal.set("gamma", descent::settings::Value::Number(gamma)).unwrap();
        let mut slopes = [f64::NAN; 6];
        let logits = [1000.0, -1000.0, 0.0, 1000.0, -1000.0, 0.0];
        let samples = Samples::unweighted(&logits, 3, Targets::Classes(&[0, 1]));
        let value = focal.rule::<f64>().value(samples, Some(&mut slopes));
        assert_eq!((value, slopes), (1000.0, [0.0, 0.0, 0.0, 0.5, -0.5, 0.0]), "{gamma}");
    }

    // In f32 as well, where e^1000 is further out still.
    let mut slopes = [f32::NAN; 2];
    let samples = Samples::unweighted(&[1e30, -1e30], 1, Targets::Classes(&[0, 0]));
    let value = binary.rule::<f32>().value(samples, Some(&mut slopes));
    assert_eq!((value, slopes), (5e29, [0.5, 0.0]));
}

#[test]
fn a_number_that_is_none_shows_in_every_loss_and_activation() {
    for loss in losses() {
        let given = Given::new(3, &loss, &mut stream());
        let mut outputs = vec![0.5; 3 * given.n_outputs];
        for bad in [0, given.n_outputs, 3 * given.n_outputs - 1] {
            outputs[bad] = f64::NAN;
            let value = loss.rule::<f64>().value(given.samples(&outputs), None);
            assert!(value.is_nan(), "{loss:?}: {value}");
            outputs[bad] = 0.5;
        }
    }
    for member in Activation::members() {
        let mut values = [f64::NAN];
        (member.default)().rule::<f64>().apply(&mut values, None);
        assert!(values[0].is_nan(), "{}: {}", member.name, values[0]);
    }
}

#[test]
fn penalties_have_the_slopes_of_their_values_which_are_added() {
    let weights = uniform(37, 2.0, &mut stream());
    for penalty in
        [Penalty::Off, Penalty::L1(0.3), Penalty::L2(0.7), Penalty::ElasticNet { l1: 0.3, l2: 0.7 }]
    {
        let mut slopes = vec![10.0; weights.len()];
        let value = penalty.add_gradient(&weights, &mut slopes);
        assert_eq!(value, penalty.value(&weights));
        let expected: Vec<_> = gradient(|weights| penalty.value(weights), &weights)
            .iter()
            .map(|slope| 10.0 + slope)
            .collect();
        assert_close(&slopes, &expected, 1e-7, &format!("{penalty:?}"));
    }
    // By hand: 0.5 (1 + 2 + 0) + 3/2 (1 + 4 + 0), and no slope at 0 from the magnitude.
    let penalty = Penalty::ElasticNet { l1: 0.5, l2: 3.0 };
    let mut gradient = [0.0; 3];
    assert_eq!(penalty.add_gradient(&[1.0, -2.0, 0.0], &mut gradient), 9.0);
    assert_eq!(gradient, [3.5, -6.5, 0.0]);
}

#[test]
fn linear_regression_rests_at_the_solution_of_least_squares() {
    let stream = &mut stream();
    let (n_samples, n_inputs) = (60, 5);
    let inputs = uniform(n_samples * n_inputs, 2.0, stream);
    let targets = uniform(n_samples, 3.0, stream);
    // Features and a column of ones, solved by the singular value decomposition.
    let features = nalgebra::DMatrix::from_fn(n_samples, n_inputs + 1, |i, j| {
        if j < n_inputs { inputs[i * n_inputs + j] } else { 1.0 }
    });
    let right = nalgebra::DVector::from_column_slice(&targets);
    let solution = features.clone().svd(true, true).solve(&right, 1e-12).unwrap();
    let least = (features * &solution - right).norm_squared() / n_samples as f64;

    let network = (Model::named("Linear").unwrap(), Loss::named("MeanSquaredError").unwrap());
    let (value, gradient) = evaluate(
        &network,
        solution.as_slice(),
        &inputs,
        Targets::Numbers(&targets),
        (n_samples, n_samples),
        1,
        &Team::solo(),
    );
    assert_close(&[value], &[least], 1e-13, "mean squared error");
    assert_close(&gradient, &vec![0.0; n_inputs + 1], 1e-13, "gradient");
    assert!(value > 0.1, "the targets are not on a plane");
}
