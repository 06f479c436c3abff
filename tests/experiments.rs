//! The studies in `experiments/`: each is checked, planned and trained a little in every build, and
//! those that claim something are trained to their end and held to it. Debug builds, which are slower,
//! train the first of several seeds only; `cargo test --release` trains all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use descent::data::TargetColumn;
use descent::experiment::file::{load, read, write};
use descent::math::Scalar;
use descent::math::team::Team;
use descent::record::{Clock, Metric, Part, plan_study};
use descent::training::{Ending, Evaluation, Executor, Predictor, Run, RunState, trainer};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments")
}

fn files() -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ron"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_study_is_a_lesson_that_can_be_trained() {
    assert!(files().len() >= 8);
    for path in files() {
        let name = path.display();
        let study = load(&path).unwrap_or_else(|error| panic!("{error}"));
        assert!(!study.title.is_empty(), "{name} has no title");
        assert!(study.notes.len() > 100, "{name} does not say what to look for");
        assert!(study.compare.len() > 1, "{name} compares nothing");
        assert_eq!(read(&write(&study), &path).unwrap(), study, "{name}");
        let planned = plan_study(&study, &folder()).unwrap_or_else(|problems| {
            panic!("{name}: {}", problems.iter().map(ToString::to_string).collect::<String>())
        });
        assert_eq!(planned.plans.len(), study.compare.len() * study.seeds.len());
        for plan in planned.plans.iter().step_by(study.seeds.len()) {
            let mut trainer = trainer(plan.clone());
            for _ in 0..10 {
                trainer.step(&Team::solo());
            }
            assert_eq!(trainer.clocks().step, 10, "{name}: {}", plan.label);
            assert_eq!(trainer.ending(), None, "{name}: {}", plan.label);
        }
    }
}

/// The runs of a study, trained to their end.
struct Trained(Vec<Run>);

impl Trained {
    fn study(name: &str) -> Self {
        Self::with_seeds(name, if cfg!(debug_assertions) { 1 } else { usize::MAX })
    }

    /// With as many of the study's seeds, whatever the build.
    fn with_seeds(name: &str, n_seeds: usize) -> Self {
        let mut study = load(&folder().join(name).with_extension("ron")).unwrap();
        study.seeds.truncate(n_seeds);
        let plans = plan_study(&study, &folder()).unwrap().plans;
        let mut runs = Executor::new(None).start_all(plans, false, Arc::new(|| ()));
        runs.iter_mut().for_each(Run::wait);
        Self(runs)
    }

    /// The runs of an experiment, one for each seed.
    fn of<'a>(&'a self, label: &str) -> impl Iterator<Item = &'a Run> {
        assert!(self.0.iter().any(|run| run.plan().label == label), "there is no {label}");
        self.0.iter().filter(move |run| run.plan().label == label)
    }

    fn run(&self, label: &str) -> &Run {
        self.of(label).next().unwrap()
    }

    fn last(&self, label: &str, part: Part, metric: Metric) -> f64 {
        *self.series(label, part, metric).last().unwrap()
    }

    fn series(&self, label: &str, part: Part, metric: Metric) -> &[f64] {
        self.run(label).history().series(part, metric, Clock::Step).unwrap().1
    }

    /// A series over another clock than steps: what the clock said, and the values.
    fn over(&self, clock: Clock, label: &str, part: Part, metric: Metric) -> (&[f64], &[f64]) {
        self.run(label).history().series(part, metric, clock).unwrap()
    }

    /// The last parameters.
    fn params(&self, label: &str) -> Vec<f64> {
        self.run(label).snapshot().params.clone()
    }

    /// The outputs for the training part at the last parameters, `[n_samples × n_outputs]`.
    fn outputs(&self, label: &str) -> Vec<f64> {
        let plan = self.run(label).plan();
        let features = &plan.data.as_ref().unwrap().train.features;
        Predictor::new(plan.clone()).outputs(&self.params(label), features).to_vec()
    }

    fn train_loss(&self, label: &str) -> f64 {
        self.last(label, Part::Train, Metric::Loss)
    }

    fn test(&self, label: &str) -> Evaluation {
        self.run(label).outcome().unwrap().test_last.unwrap()
    }

    fn ending(&self, label: &str) -> &Ending {
        match self.run(label).state() {
            RunState::Ended(ending) => ending,
            other => panic!("{label} is {other:?}"),
        }
    }

    /// The mean validation loss of an experiment over its seeds at an epoch.
    fn mean_validation_loss(&self, label: &str, epoch: usize) -> f64 {
        let losses: Vec<_> = self
            .of(label)
            .map(|run| {
                let history = run.history();
                history.series(Part::Validation, Metric::Loss, Clock::Epoch).unwrap().1[epoch]
            })
            .collect();
        losses.iter().sum::<f64>() / losses.len() as f64
    }
}

#[test]
fn learning_rates() {
    let study = Trained::study("learning-rates");
    let right = study.train_loss("right: 0.1");
    assert!(study.train_loss("too small: 0.0003") > 1.3 * right);
    assert!(matches!(study.ending("too large: 0.8"), Ending::Diverged { .. }));
}

#[test]
fn ravine() {
    let study = Trained::study("ravine");
    let plain = study.train_loss("gradient descent");
    for faster in ["momentum", "Nesterov", "Adam"] {
        assert!(study.train_loss(faster) < 1e-3 * plain, "{faster}");
    }
}

#[test]
fn rosenbrock() {
    let study = Trained::study("rosenbrock");
    let plain = study.train_loss("gradient descent");
    for faster in ["momentum", "Nesterov", "Adam"] {
        assert!(study.train_loss(faster) < 0.01 * plain, "{faster}");
    }
    let evaluations_to_arrive = |label| {
        let (evaluations, losses) =
            study.over(Clock::Evaluations, label, Part::Train, Metric::Loss);
        evaluations[losses.iter().position(|loss| *loss < 1e-8).unwrap()]
    };
    assert!(evaluations_to_arrive("L-BFGS") < 0.1 * evaluations_to_arrive("momentum"));
}

#[test]
fn feature_scaling() {
    let study = Trained::study("feature-scaling");
    let scaled = study.train_loss("standardized");
    assert!(study.train_loss("as they are") > 10.0 * scaled);
    assert!(study.train_loss("as they are, a tiny rate") > 10.0 * scaled);
    assert!(study.test("standardized").quality > 0.9);
}

#[test]
fn l1_against_l2() {
    let study = Trained::study("l1-against-l2");
    let small = |label: &str| {
        let params = study.run(label).snapshot().params.clone();
        // The last one is the bias.
        params[..params.len() - 1].iter().filter(|weight| weight.abs() < 0.005).count()
    };
    assert!(small("L1") >= 15, "L1 leaves {} small weights", small("L1"));
    assert!(small("L2") <= 5 && small("no penalty") <= 5);
    assert!(study.train_loss("no penalty") < study.train_loss("L2"));
}

#[test]
fn batch_sizes() {
    let study = Trained::study("batch-sizes");
    let of = |label| study.train_loss(label);
    assert!(of("full batch") > of("256 samples") && of("256 samples") > of("32 samples"));
    let wiggles = |label: &str| {
        let losses = study.series(label, Part::Batch, Metric::Loss);
        losses.windows(2).filter(|pair| pair[1] > pair[0]).count() as f64 / losses.len() as f64
    };
    assert_eq!(wiggles("full batch"), 0.0);
    assert!(wiggles("one sample") > 0.3);
}

#[test]
fn optimizers_on_digits() {
    let study = Trained::study("optimizers-on-digits");
    for run in &study.0 {
        let test = run.outcome().unwrap().test_best.unwrap();
        assert!(
            test.quality > 0.9,
            "{} seed {}: {}",
            run.plan().label,
            run.plan().seed,
            test.quality
        );
    }
    let after_3 = |label| study.mean_validation_loss(label, 3);
    assert!(after_3("Adam") < after_3("gradient descent"));
    assert!(after_3("momentum") < after_3("gradient descent"));
}

#[test]
fn schedules() {
    let study = Trained::study("schedules");
    let constant = study.train_loss("constant");
    let falling = ["1/t", "step", "multi-step", "exponential", "linear", "polynomial", "cosine"];
    for label in falling.into_iter().chain(["warm-up, then cosine"]) {
        assert!(study.train_loss(label) < 0.9 * constant, "{label}");
    }
}

#[test]
fn initialization() {
    let study = Trained::study("initialization");
    let guessing = std::f64::consts::LN_10;
    assert!((study.train_loss("zero") - guessing).abs() < 0.01);
    let early = |label| study.mean_validation_loss(label, 5);
    assert!(early("He") < 0.7 * early("Xavier"), "{} {}", early("He"), early("Xavier"));
}

#[test]
fn moons() {
    let study = Trained::study("moons");
    let accuracy = |label| study.last(label, Part::Validation, Metric::Accuracy);
    assert!(accuracy("logistic regression") < 0.9);
    assert!(accuracy("16 hidden neurons") > 0.95);
}

#[test]
fn activations() {
    let study = Trained::study("activations");
    let early = |label: &str| study.mean_validation_loss(label, 20);
    for label in ["ReLU", "leaky ReLU", "GELU", "tanh"] {
        assert!(study.test(label).quality > 0.95, "{label}");
        assert!(early(label) < early("sigmoid"), "{label}");
    }
}

#[test]
fn early_stopping() {
    let study = Trained::study("early-stopping");
    assert!(matches!(study.ending("patience 20"), Ending::EarlyStopped { .. }));
    let stopped = study.run("patience 20").outcome().unwrap().test_best.unwrap();
    assert!(stopped.loss < 0.8 * study.test("to the end").loss);
}

#[test]
fn noisy_sine() {
    let study = Trained::study("noisy-sine");
    assert!(study.test("line").quality < 0.8);
    assert!(study.test("32 neurons").quality > 0.93);
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    norm(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>())
}

/// How often a series rises from one value to the next.
fn rises(values: &[f64]) -> usize {
    values.windows(2).filter(|pair| pair[1] > pair[0]).count()
}

#[test]
fn accumulation() {
    let study = Trained::study("accumulation");
    let of = |label| study.over(Clock::Evaluations, label, Part::Train, Metric::Loss);
    let ((at_once, whole), (gathered, portions)) = (of("32 at once"), of("4 times 8"));
    assert_eq!(whole.len(), portions.len());
    for (a, b) in whole.iter().zip(portions) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
    }
    assert!(gathered.last().unwrap() > &(3.4 * at_once.last().unwrap()));
    assert_eq!(gathered.last(), of("8, a step each").0.last());
    assert!(study.train_loss("8, a step each") < 0.7 * study.train_loss("4 times 8"));
}

#[test]
fn clipping() {
    let study = Trained::study("clipping");
    assert!(matches!(study.ending("no limit"), Ending::Diverged { step: 10..=30 }));
    for label in ["norm up to 1,000", "entries up to 1,000"] {
        assert!((study.train_loss(label) - 3.0).abs() < 1e-6, "{label}");
        let share = study.last(label, Part::Batch, Metric::ClippedShare);
        assert!(share > 0.0 && share < 0.05, "{label}: {share}");
    }
    assert!(study.last("norm up to 10", Part::Batch, Metric::ClippedShare) > 0.5);
    assert!((study.train_loss("norm up to 10") - 30.0).abs() < 0.1);
    assert!((study.train_loss("no limit, a third of the rate") - 3.0).abs() < 1e-6);
}

#[test]
fn random_restarts() {
    let study = Trained::study("random-restarts");
    let best = |label| study.run(label).outcome().unwrap().best.unwrap().loss;
    assert!(best("one start") > -65.0 && best("one start, momentum") > -65.0);
    assert!((best("20 starts") + 78.332).abs() < 1e-3);
    let starts = &study.run("20 starts").outcome().unwrap().starts;
    assert!(starts.iter().filter(|start| start.best_loss < -78.3).count() > 1);
    assert!(starts.iter().all(|start| matches!(start.ending, Ending::Converged { .. })));
    assert!(study.run("20 starts").clocks().step < 20 * 400 / 5);
}

#[test]
fn saddle_noise() {
    let study = Trained::study("saddle-noise");
    for still in ["no noise", "no noise, Adam"] {
        assert!(study.of(still).all(|run| run.snapshot().params == [0.0, 0.0]), "{still}");
    }
    // -1.0316 is the depth of either valley.
    for label in ["a little noise", "much noise"] {
        assert!(study.train_loss(label) < -1.031, "{label}");
    }
    let last_norm = |label| study.last(label, Part::Batch, Metric::GradientNorm);
    assert!(last_norm("much noise") > 10.0 * last_norm("a little noise"));
    let left = |label| {
        let losses = study.series(label, Part::Train, Metric::Loss);
        losses.iter().position(|loss| *loss < -0.5).unwrap()
    };
    let (much, little) = (left("much noise"), left("a little noise"));
    assert!(little > much + 12 && little < much + 60, "{much} {little}");
    let valleys: Vec<_> =
        study.of("a little noise").map(|run| run.snapshot().params[1] > 0.0).collect();
    assert!(valleys.len() == 1 || (valleys.contains(&true) && valleys.contains(&false)));
}

#[test]
fn averaging() {
    let study = Trained::study("averaging");
    // Least squares in closed form.
    let above = |loss: f64| loss - 0.11631;
    let raw = above(study.train_loss("moving average"));
    let averaged = |label| above(study.last(label, Part::Train, Metric::AveragedLoss));
    for label in ["moving average", "mean of all steps", "mean from epoch 5 on"] {
        assert_eq!(study.params(label), study.params("moving average"));
        assert!(averaged(label) < 0.02 * raw, "{label}");
    }
    assert!(averaged("mean from epoch 5 on") < 0.5 * averaged("mean of all steps"));
    assert!(above(study.train_loss("falling rate")) < 0.02 * raw);
}

#[test]
fn sampling() {
    let study = Trained::study("sampling");
    let settled = |label: &str, part, metric| mean(&study.series(label, part, metric)[10..]);
    let objective = |label| {
        settled(label, Part::Train, Metric::Loss) + settled(label, Part::Train, Metric::Penalty)
    };
    assert!(objective("order of the file") > 1.5 * objective("with replacement"));
    assert!(objective("with replacement") > 1.005 * objective("shuffled"));
    assert!(objective("shuffled") > 1.01 * objective("stratified"));
    let gradient = |label| settled(label, Part::Batch, Metric::GradientNorm);
    assert!(gradient("stratified") < 0.7 * gradient("shuffled"));
}

#[test]
fn momentum() {
    let study = Trained::study("momentum");
    // How far each has come, in powers of e from the 8 that the flat direction starts at.
    let come = |label| Scalar::ln(8.0 / study.train_loss(label));
    let pace = |label| come(label) / come("none");
    assert!((1.8..2.3).contains(&pace("0.5")) && (2.5..4.0).contains(&pace("0.9")));
    assert!(pace("0.99") < 0.5 && pace("0.9, dampened") < 1.4);
    let swings = |label| rises(study.series(label, Part::Train, Metric::Loss));
    assert!(pace("0.9, Nesterov") > 3.0 && 3 * swings("0.9, Nesterov") < 2 * swings("0.9"));
    assert!(study.train_loss("none, rate 0.021") > 1e10);
    assert!(pace("0.9, rate 0.021") > 2.5);
}

#[test]
fn adaptive_rates() {
    let study = Trained::study("adaptive-rates");
    let plain = study.train_loss("gradient descent");
    let adaptive = ["AdaGrad", "AdaDelta", "RMSprop", "RMSprop, centred", "RMSprop, momentum"];
    for label in adaptive.into_iter().chain(["Adam", "AMSGrad", "AdaMax"]) {
        assert!(study.train_loss(label) < 0.5 * plain, "{label}");
        assert!(study.test(label).quality > 0.9, "{label}");
    }
    assert!(study.test("gradient descent").quality < 0.8);
}

#[test]
fn adam_family() {
    let study = Trained::study("adam-family");
    let adam = study.train_loss("Adam");
    for label in ["NAdam", "Yogi", "Adan"] {
        assert!((0.9..1.2).contains(&(study.train_loss(label) / adam)), "{label}");
    }
    for label in ["AdaBelief", "AdaMomentum"] {
        assert!(study.train_loss(label) < 0.9 * adam, "{label}");
    }
    assert!(study.train_loss("RAdam") > 3.0 * adam);
    let slow = study.train_loss("Adam, a tenth of the rate");
    assert!(slow > 5.0 * adam && slow > study.train_loss("RAdam"));
}

#[test]
fn weight_decay() {
    let study = Trained::study("weight-decay");
    let [none, coupled, decoupled, more, plain] = [
        "Adam, none",
        "Adam, coupled",
        "AdamW, decoupled",
        "AdamW, ten times the decay",
        "gradient descent, coupled",
    ]
    .map(|label| study.params(label));
    assert!(distance(&coupled, &plain) < 1e-6);
    assert!(norm(&decoupled) > 0.7 * norm(&none) && norm(&decoupled) > 3.0 * norm(&coupled));
    assert!(norm(&more) < 0.5 * norm(&decoupled) && norm(&more) > 1.2 * norm(&coupled));
}

#[test]
fn signs() {
    let study = Trained::study("signs");
    assert!(study.train_loss("gradient descent") > 1.0);
    for label in ["sign descent", "Lion"] {
        let falling = format!("{label}, falling rate");
        assert!((0.01..1.0).contains(&study.train_loss(label)), "{label}");
        assert!(study.train_loss(&falling) < 1e-3 * study.train_loss(label), "{label}");
        assert!(study.train_loss("Rprop") < 1e-3 * study.train_loss(&falling));
    }
}

#[test]
fn cycles() {
    let study = Trained::study("cycles");
    let losses = |label| study.series(label, Part::Train, Metric::Loss);
    // At the feet of the waves, and in the epoch after a restart or at the top of a triangle. The
    // first losses are before any training.
    for (label, feet, tops) in [
        ("warm restarts", vec![5, 15, 35], vec![6, 7, 16, 17]),
        ("triangles", vec![7, 14, 21, 28, 35], vec![10, 11, 17, 18, 24, 25, 31, 32]),
    ] {
        let at = |epochs: Vec<usize>| epochs.iter().map(|e| losses(label)[*e]).collect::<Vec<_>>();
        let (feet, tops) = (at(feet), at(tops));
        assert!(feet.iter().all(|foot| *foot < 0.122), "{label}: {feet:?}");
        assert!(mean(&tops) > 1.04 * mean(&feet), "{label}: {tops:?} {feet:?}");
    }
    let constant = mean(&losses("constant")[10..]);
    for label in ["halving triangles", "shrinking triangles", "one cycle"] {
        assert!(study.train_loss(label) < 0.12 && constant > 0.124, "{label} {constant}");
    }
    let rates = |label| study.series(label, Part::Batch, Metric::LearningRate);
    let highest = |rates: &[f64]| rates.iter().copied().fold(0.0, f64::max);
    let last_cycle = |label| highest(&rates(label)[28 * 60..]);
    assert!(last_cycle("triangles") > 0.099 && highest(rates("one cycle")) > 0.199);
    assert!(last_cycle("halving triangles") < 0.01 && last_cycle("shrinking triangles") < 0.03);
}

#[test]
fn plateau_and_chains() {
    let study = Trained::study("plateau-and-chains");
    let losses = |label| study.series(label, Part::Train, Metric::Loss);
    let constant = mean(&losses("constant")[20..]);
    let rates = |label| study.series(label, Part::Batch, Metric::LearningRate);
    let n_rates = |label| {
        let mut distinct = rates(label).to_vec();
        distinct.dedup();
        distinct.len()
    };
    let [steps, epochs] = ["warm-up, constant, cosine", "the same, once an epoch"];
    for label in ["reduce on plateau", steps, epochs, "a tenth, then a hundredth"] {
        assert!(study.train_loss(label) < 0.96 * constant, "{label}");
        assert!(*rates(label).last().unwrap() <= 0.001_000_1, "{label}");
    }
    assert!((3..10).contains(&n_rates("reduce on plateau")));
    assert_eq!(n_rates("a tenth, then a hundredth"), 3);
    // The steps of the warm-up, and those of the half wave or one for each of its epochs.
    assert!(n_rates(steps) > 1200 && n_rates(epochs) <= 120 + 20);
}

#[test]
fn regression_losses() {
    let study = Trained::study("regression-losses");
    // Every 5 steps.
    let r2 = |label| study.series(label, Part::Train, Metric::R2);
    let settled = ["squared", "absolute", "Huber", "log-cosh"].map(|label| r2(label)[80]);
    assert!(settled.iter().all(|last| (last - settled[0]).abs() < 0.001), "{settled:?}");
    assert!(r2("squared")[6] > 0.95);
    for label in ["absolute", "Huber", "log-cosh"] {
        assert!(r2(label)[6] < 0.0 && r2(label)[20] < 0.0, "{label}");
    }
    let swing = |label| study.last(label, Part::Batch, Metric::UpdateNorm);
    assert!(swing("absolute") > 100.0 * swing("Huber") && swing("Huber") < 1e-4);
    assert!(matches!(study.ending("squared, rate 3"), Ending::Diverged { .. }));
    assert!(*r2("Huber, rate 3").last().unwrap() > 0.95);
}

#[test]
fn quantiles() {
    let study = Trained::study("quantiles");
    let below = |label: &str| {
        let data = study.run(label).plan().data.as_ref().unwrap();
        let outputs = study.outputs(label);
        let TargetColumn::Numbers(targets) = &data.train.targets else { panic!("numbers") };
        let n_below = targets.iter().zip(&outputs).filter(|(target, output)| target < output);
        n_below.count() as f64 / outputs.len() as f64
    };
    for (label, part) in [("a tenth below", 0.1), ("median", 0.5), ("nine tenths below", 0.9)] {
        assert!((below(label) - part).abs() < 0.03, "{label}: {}", below(label));
    }
}

#[test]
fn margins() {
    let study = Trained::study("margins");
    let updates = |label| study.series(label, Part::Batch, Metric::UpdateNorm);
    let n_still = |label| updates(label).iter().filter(|norm| **norm == 0.0).count();
    assert!(n_still("hinge") > 250 && updates("hinge").ends_with(&[0.0; 250]));
    assert_eq!(study.train_loss("hinge"), 0.0);
    assert_eq!(n_still("cross-entropy"), 0);
    let size = |label| norm(&study.params(label));
    assert!(size("cross-entropy") > 1.3 * size("hinge"));
    assert!(size("hinge and L2") < 0.8 * size("hinge"));
    let gradient = |label| study.last(label, Part::Batch, Metric::GradientNorm);
    assert!(gradient("squared hinge") > 0.0 && gradient("squared hinge") < 0.02);
    for label in ["cross-entropy", "hinge", "squared hinge", "hinge and L2"] {
        assert_eq!(study.last(label, Part::Train, Metric::Accuracy), 1.0, "{label}");
    }
}

#[test]
fn label_smoothing() {
    let study = Trained::study("label-smoothing");
    // The mean probability of the most probable class.
    let sureness = |label| {
        let logits = study.outputs(label);
        let top = |row: &[f64]| {
            let highest = row.iter().copied().fold(f64::MIN, f64::max);
            1.0 / row.iter().map(|logit| Scalar::exp(logit - highest)).sum::<f64>()
        };
        mean(&logits.chunks(3).map(top).collect::<Vec<_>>())
    };
    assert!(sureness("as labelled") > 0.99);
    assert!((sureness("5 % spread") - (1.0 - 0.05 * 2.0 / 3.0)).abs() < 0.02);
    assert!((sureness("20 % spread") - (1.0 - 0.2 * 2.0 / 3.0)).abs() < 0.02);
    let size = |label| norm(&study.params(label));
    assert!(size("20 % spread") < 0.85 * size("as labelled"));
    for label in ["as labelled", "5 % spread", "20 % spread"] {
        assert!(study.test(label).quality > 0.95, "{label}");
    }
}

#[test]
fn basins() {
    let study = Trained::study("basins");
    for (label, valley) in [
        ("from (−0.3, 0)", [-2.805, 3.131]),
        ("from (−0.27, 0)", [3.0, 2.0]),
        ("from (−0.27, 0), momentum", [3.584, -1.848]),
        ("from (−1, −2)", [-3.779, -3.283]),
        ("from (1, −1.5)", [3.584, -1.848]),
    ] {
        let end = study.params(label);
        assert!(distance(&end, &valley) < 0.001, "{label}: {end:?}");
    }
}

#[test]
fn second_order() {
    let study = Trained::study("second-order");
    let Ending::Converged { step, .. } = *study.ending("L-BFGS") else { panic!("on its way") };
    assert!(step < 30, "{step}");
    let objective =
        |label| study.train_loss(label) + study.last(label, Part::Train, Metric::Penalty);
    let least = objective("L-BFGS");
    let run = study.run("L-BFGS").clocks();
    assert!(run.evaluations > run.step && run.evaluations < 2 * run.step);
    for label in ["gradient descent", "momentum", "Adam"] {
        assert!(matches!(study.ending(label), Ending::BudgetSpent { .. }), "{label}");
        assert!(objective(label) > least + 5e-4, "{label}");
    }
    let noisy = "L-BFGS on batches of 16";
    assert!(matches!(study.ending(noisy), Ending::BudgetSpent { .. }));
    let losses = study.series(noisy, Part::Train, Metric::Loss);
    assert!(objective(noisy) > 1.3 * least && rises(&losses[100..]) > 30);
}

#[test]
fn layer_steps() {
    let study = Trained::study("layer-steps");
    for label in ["momentum, rate 0.1", "momentum, rate 2"] {
        assert!((study.train_loss(label) - 0.693).abs() < 0.005, "{label}");
    }
    assert!(study.series("LARS", Part::Train, Metric::Loss)[1] > 2.0);
    for label in ["LARS", "LAMB", "Adam"] {
        assert!(study.train_loss(label) < 0.2, "{label}");
        // Every 10 steps.
        assert!(study.series(label, Part::Train, Metric::Loss)[10] < 0.4, "{label}");
    }
}

#[test]
fn from_adam_to_sgd() {
    let study = Trained::study("from-adam-to-sgd");
    let series = |label| study.series(label, Part::Train, Metric::Loss);
    assert!(distance(series("SWATS, narrow"), series("Adam")) < 1e-5);
    assert!(distance(&series("SWATS")[..4], &series("Adam")[..4]) < 1e-5);
    // Least squares in closed form has the objective 0.11631.
    assert!(series("Adam")[3] - 0.11631 < 0.5 * (series("momentum")[3] - 0.11631));
    let above = |label| mean(&series(label)[20..]) - 0.11631;
    assert!(above("momentum") < 0.6 * above("Adam"));
    assert!(above("SWATS") < 0.6 * above("Adam"));
    let length = |label| mean(&study.series(label, Part::Batch, Metric::UpdateNorm)[600..]);
    let ratio = length("SWATS") / length("Adam");
    assert!((0.2..0.5).contains(&ratio), "{ratio}");
}

#[test]
fn class_weights() {
    let study = Trained::study("class-weights");
    // How many of each class are on the wrong side.
    let misses = |label: &str| {
        let data = study.run(label).plan().data.as_ref().unwrap();
        let TargetColumn::Classes(classes) = &data.train.targets else { panic!("classes") };
        let mut misses = [0, 0];
        for (class, output) in classes.iter().zip(study.outputs(label)) {
            misses[*class as usize] += usize::from((output > 0.0) != (*class == 1));
        }
        misses
    };
    let [first, second] = misses("alike");
    let n_alike = first + second;
    assert!(first.abs_diff(second) <= n_alike / 4, "{first} {second}");
    let [first_called_wrongly, second_missed] = misses("the second five times");
    assert!(3 * second_missed < second && first_called_wrongly > 2 * first);
    let [first_missed, second_called_wrongly] = misses("the first five times");
    assert!(3 * first_missed < first && second_called_wrongly > 2 * second);
    let n_focal: usize = misses("focal loss").iter().sum();
    assert!(n_focal.abs_diff(n_alike) <= 2, "{n_focal} {n_alike}");
    // The size of the logits: how sure the model is.
    let size = |label| norm(&study.outputs(label));
    assert!(size("focal loss") < 0.8 * size("alike"));
}

#[test]
fn noisy_surface() {
    let study = Trained::study("noisy-surface");
    let late = |label| mean(&study.series(label, Part::Train, Metric::Loss)[700..]);
    assert!(late("constant: 0.1") > 5.0 * late("constant: 0.01"));
    assert!(late("constant: 0.01") > 2.0 * late("falling"));
    assert!(late("falling too fast") > 20.0 * late("falling"));
    let arrived = |label| {
        let losses = study.series(label, Part::Train, Metric::Loss);
        losses.iter().position(|loss| *loss < 0.2).unwrap()
    };
    assert!(arrived("constant: 0.01") > 3 * arrived("constant: 0.1"));
    let averaged = study.last("constant: 0.1", Part::Train, Metric::AveragedLoss);
    assert!(averaged < 0.05 * late("constant: 0.1"));
}

#[test]
fn preprocessing() {
    let study = Trained::study("preprocessing");
    let filled = study.train_loss("filled and encoded");
    // The same model but for the way the gaps are filled.
    assert!((study.train_loss("left alone") / filled - 1.0).abs() < 0.05);
    assert!(study.train_loss("with interactions") < 0.95 * filled);
    let n_samples = |label: &str| study.run(label).plan().data.as_ref().unwrap().train.n_samples();
    assert!(n_samples("complete rows only") < n_samples("left alone"));
    // About 20 grams for a millimetre of flipper, and 400 for being male.
    let run = study.run("filled and encoded");
    let found = descent::analysis::coefficients(run.plan(), run.best_params().unwrap());
    let of = |name: &str| found.iter().find(|found| found.feature == name).unwrap();
    assert!((10.0..30.0).contains(&of("flipper length in mm").value));
    assert!((250.0..550.0).contains(&of("sex = male").value));
    let run = study.run("bent by a power");
    let found = descent::analysis::coefficients(run.plan(), run.best_params().unwrap());
    let bent = found.iter().find(|found| found.feature == "power(flipper length in mm)").unwrap();
    assert!(!bent.in_original_units && bent.note.contains("Yeo–Johnson, λ = "), "{}", bent.note);
}

#[test]
fn cross_validation() {
    let study = Trained::with_seeds("cross-validation", 3);
    let r2 = |label: &str| -> Vec<f64> {
        let last = |run: &Run| {
            *run.history()
                .series(Part::Validation, Metric::R2, Clock::Step)
                .unwrap()
                .1
                .last()
                .unwrap()
        };
        study.of(label).map(last).collect()
    };
    for way in ["birds at random", "whole islands"] {
        let mut held_out: Vec<usize> = study
            .of(&format!("line, {way}"))
            .flat_map(|run| run.plan().data.as_ref().unwrap().validation.rows.to_vec())
            .collect();
        held_out.sort_unstable();
        held_out.dedup();
        assert_eq!(held_out.len(), 342, "each bird that was weighed, once");
    }
    for model in ["line", "network"] {
        let at_random = r2(&format!("{model}, birds at random"));
        assert!(at_random.iter().all(|r2| (0.84..0.89).contains(r2)), "{model}: {at_random:?}");
        let islands = r2(&format!("{model}, whole islands"));
        assert!(islands.iter().all(|r2| *r2 < 0.6), "{model}: {islands:?}");
        let worst = islands.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(worst < 0.0, "no better than the mean: {model}: {islands:?}");
    }
}

#[test]
fn augmentation() {
    let study = Trained::study("augmentation");
    let accuracies = |label: &str| -> Vec<f64> {
        study.of(label).map(|run| run.outcome().unwrap().test_last.unwrap().quality).collect()
    };
    // For every seed by itself.
    let gained = |label: &str| {
        let pairs = accuracies(label).into_iter().zip(accuracies("as they are"));
        pairs.map(|(changed, plain)| changed - plain).collect::<Vec<_>>()
    };
    for label in ["with noise", "moved", "all together"] {
        assert!(gained(label).iter().all(|gain| *gain > 0.01), "{label}: {:?}", gained(label));
    }
    let lost = gained("mirrored");
    assert!(lost.iter().all(|gain| *gain < -0.03), "{lost:?}");
    assert!(study.train_loss("all together") > 5.0 * study.train_loss("as they are"));
    assert!(study.train_loss("mixed") > 5.0 * study.train_loss("as they are"));
}
