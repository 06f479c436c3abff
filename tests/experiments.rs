//! The studies in `experiments/`: each is checked, planned and trained a little in every build, and
//! those that claim something are trained to their end and held to it. Debug builds, which are slower,
//! train the first of several seeds only; `cargo test --release` trains all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use descent::experiment::file::{load, read, write};
use descent::math::team::Team;
use descent::record::{Clock, Metric, Part, plan_study};
use descent::training::{Ending, Evaluation, Executor, Run, RunState, trainer};

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
        let mut study = load(&folder().join(name).with_extension("ron")).unwrap();
        if cfg!(debug_assertions) {
            study.seeds.truncate(1);
        }
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
    for label in ["1/t", "step", "exponential", "linear", "cosine", "warm-up, then cosine"] {
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
