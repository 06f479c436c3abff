//! Techniques that go with any optimizer: they do what their pages say, to the number.

use std::path::Path;
use std::sync::Arc;

use descent::data::{Batch, Sampling, Source, Split, load};
use descent::experiment::{Cadence, Experiment, Stopping};
use descent::losses::Loss;
use descent::math::team::Team;
use descent::models::{Initialization, Model};
use descent::optimizers::Optimizer;
use descent::record::{Clock, History, Metric, Part};
use descent::schedules::{ReduceOnPlateau, Schedule, SchedulePer, Stage};
use descent::settings::{Span, Value};
use descent::surfaces::Surface;
use descent::techniques::averaging::{MovingAverage, Polyak};
use descent::techniques::clip::Norm;
use descent::techniques::gradient_noise::Annealed;
use descent::techniques::{Averaging, Clip, GradientNoise};
use descent::training::{Ending, Plan, Trainer, trainer};

fn on(data: Source, model: &str, loss: &str) -> Experiment {
    Experiment {
        data,
        split: Split::of(0.7, 0.3, 0.0, true),
        model: Model::named(model).unwrap(),
        loss: Loss::named(loss).unwrap(),
        record_every: Cadence::Steps(1),
        ..Experiment::default()
    }
}

fn on_iris() -> Experiment {
    on(Source::Bundled("iris".into()), "Mlp", "CrossEntropy")
}

fn on_rosenbrock(rate: f64) -> Experiment {
    let mut optimizer = Optimizer::named("GradientDescent").unwrap();
    optimizer.set("learning_rate", Value::Number(rate)).unwrap();
    Experiment {
        data: Source::Surface(Surface::named("Rosenbrock").unwrap()),
        budget: Span::Steps(50),
        record_every: Cadence::Steps(1),
        optimizer,
        ..Experiment::default()
    }
}

fn plan(experiment: &Experiment, seed: u64) -> Result<Arc<Plan>, String> {
    let loaded = match &experiment.data {
        Source::Surface(_) => None,
        source => Some(load(source, Path::new("")).unwrap()),
    };
    Plan::new("t", experiment, seed, loaded.as_deref(), Path::new(""))
        .map(Arc::new)
        .map_err(|error| error.to_string())
}

struct Trained {
    trainer: Box<dyn Trainer>,
    history: History,
    hashes: Vec<(u64, u64)>,
}

fn train(experiment: &Experiment) -> Trained {
    let team = Team::solo();
    let mut trainer = trainer(plan(experiment, 1).unwrap());
    while trainer.ending().is_none() {
        trainer.step(&team);
    }
    let (history, hashes) = (trainer.take_history(), trainer.take_hashes());
    Trained { trainer, history, hashes }
}

impl Trained {
    fn params(&self) -> Vec<f64> {
        let mut params = Vec::new();
        self.trainer.copy_params(&mut params);
        params
    }

    fn series(&self, part: Part, metric: Metric) -> &[f64] {
        self.history.series(part, metric, Clock::Step).unwrap().1
    }

    fn points(&self) -> Vec<[f64; 2]> {
        let [x, y] = [0, 1].map(|index| self.series(Part::Batch, Metric::Coordinate(index)));
        x.iter().zip(y).map(|(x, y)| [*x, *y]).collect()
    }
}

#[test]
fn micro_batches_equal_one_large_batch_to_the_last_rounding() {
    // 105 samples: three large batches, the last of 35 or 25; the micro-batches of the last are 20
    // and 5.
    for (size, accumulate) in [(7, 5), (20, 2)] {
        let large = Experiment {
            batch: Batch::Mini(size * accumulate),
            budget: Span::Epochs(20.0),
            ..on_iris()
        };
        let accumulated = Experiment { batch: Batch::Mini(size), accumulate, ..large.clone() };
        let (one, many) = (train(&large), train(&accumulated));
        for (one, many) in one.params().iter().zip(many.params()) {
            assert!((one - many).abs() < 1e-13 * one.abs().max(1.0), "{one} {many}");
        }
        assert_eq!(many.trainer.clocks().samples, one.trainer.clocks().samples);
        assert_eq!(many.trainer.clocks().step, one.trainer.clocks().step);
        assert_eq!(one.trainer.clocks().evaluations, 60);
        assert_eq!(many.trainer.clocks().evaluations, 60 * accumulate as u64);
    }
}

/// Each step of gradient descent is as long as the limit allows and no longer, in the direction of
/// the gradient.
#[test]
fn a_clipped_step_is_no_longer_than_the_limit() {
    let clip = Clip::Norm(Norm { limit: 5.0 });
    let budget = Span::Steps(200);
    let trained = train(&Experiment { clip, budget, ..on_rosenbrock(0.002) });
    let surface = Surface::named("Rosenbrock").unwrap();
    let mut n_clipped = 0;
    let points = trained.points();
    let shares = trained.series(Part::Batch, Metric::ClippedShare);
    let norms = trained.series(Part::Batch, Metric::GradientNorm);
    for (step, pair) in points.windows(2).enumerate() {
        let mut gradient = [0.0; 2];
        surface.rule::<f64>().value_and_gradient(&pair[0], &mut gradient);
        let norm = (gradient[0] * gradient[0] + gradient[1] * gradient[1]).sqrt();
        assert!((norms[step] / norm - 1.0).abs() < 1e-14, "recorded as it was before");
        let factor = (5.0 / (norm + 1e-6)).min(1.0);
        n_clipped += u64::from(factor < 1.0);
        for axis in 0..2 {
            let expected = pair[0][axis] - 0.002 * factor * gradient[axis];
            assert!((pair[1][axis] - expected).abs() < 1e-14);
        }
        assert_eq!(shares[step], n_clipped as f64 / (step + 1) as f64);
    }
    assert!(n_clipped > 0 && n_clipped < 200, "{n_clipped}");
}

#[test]
fn noise_shakes_every_run_of_a_seed_alike_and_less_and_less() {
    let gradient_noise = GradientNoise::Annealed(Annealed { eta: 0.25, gamma: 1.0 });
    let noisy =
        |rate: f64| Experiment { gradient_noise: gradient_noise.clone(), ..on_rosenbrock(rate) };
    let surface = Surface::named("Rosenbrock").unwrap();
    let shaken = |experiment: &Experiment, rate: f64| {
        let points = train(experiment).points();
        let noise = |pair: &[[f64; 2]]| {
            let mut gradient = [0.0; 2];
            surface.rule::<f64>().value_and_gradient(&pair[0], &mut gradient);
            (pair[0][0] - pair[1][0]) / rate - gradient[0]
        };
        points.windows(2).map(noise).collect::<Vec<_>>()
    };
    let (one, other) = (shaken(&noisy(1e-3), 1e-3), shaken(&noisy(5e-4), 5e-4));
    for (step, (one, other)) in one.iter().zip(&other).enumerate() {
        assert!((one - other).abs() < 1e-9, "compared runs are shaken alike");
        let deviation = 0.5 / (1.0 + step as f64).sqrt();
        assert!(one.abs() > 0.0 && one.abs() < 4.0 * deviation, "{step} {one}");
    }
    let mean_square: f64 =
        one.iter().enumerate().map(|(step, x)| x * x * (1.0 + step as f64)).sum();
    assert!((mean_square / 50.0 - 0.25).abs() < 0.15, "{mean_square}");
}

#[test]
fn averages_are_those_of_the_path() {
    let surface = Surface::named("Rosenbrock").unwrap();
    let cases = [
        (Averaging::MovingAverage(MovingAverage { decay: 0.9 }), 0),
        (Averaging::Polyak(Polyak { from: Span::Steps(20) }), 20),
    ];
    for (averaging, from) in cases {
        let is_moving = from == 0;
        let trained = train(&Experiment {
            averaging,
            evaluate_every: Cadence::Steps(1),
            ..on_rosenbrock(1e-3)
        });
        let losses = trained.series(Part::Train, Metric::AveragedLoss);
        let points = trained.points();
        assert_eq!((losses.len(), points.len()), (51, 51));
        assert_eq!(losses[0], trained.series(Part::Train, Metric::Loss)[0]);
        let mut average = points[1];
        for step in 1..=50 {
            let weight = match is_moving {
                true if step == 1 => 1.0,
                true => 0.1,
                false if step <= from => 1.0,
                false => 1.0 / (step - from) as f64,
            };
            for axis in 0..2 {
                average[axis] += weight * (points[step][axis] - average[axis]);
            }
            let expected = surface.rule::<f64>().value(&average);
            assert!((losses[step] / expected - 1.0).abs() < 1e-12, "{step}");
        }
    }
    // The training itself is as without.
    let plain = train(&on_rosenbrock(1e-3));
    let averaging = Averaging::MovingAverage(MovingAverage { decay: 0.9 });
    assert_eq!(train(&Experiment { averaging, ..on_rosenbrock(1e-3) }).hashes, plain.hashes);
}

#[test]
fn several_starts_keep_the_best_and_show_all() {
    let surface = Surface::named("StyblinskiTang").unwrap();
    let experiment = Experiment {
        data: Source::Surface(surface.clone()),
        starts: 8,
        initialization: Initialization::Explicit(vec![4.0, 4.0]),
        ..on_rosenbrock(0.01)
    };
    let trained = train(&experiment);
    let outcome = trained.trainer.outcome().unwrap();
    assert_eq!(outcome.ending, Ending::BudgetSpent { step: 400 });
    assert_eq!(outcome.starts.len(), 8);
    let numbers = trained.series(Part::Batch, Metric::Start);
    let points = trained.points();
    let domain = surface.rule::<f64>().domain();
    let firsts: Vec<_> = (1..=8)
        .map(|start| {
            let first = numbers.iter().position(|number| *number == f64::from(start)).unwrap();
            points[first]
        })
        .collect();
    assert_eq!(firsts[0], [4.0, 4.0]);
    for (index, first) in firsts.iter().enumerate() {
        assert!(first.iter().zip(domain).all(|(x, [low, high])| low <= *x && *x < high));
        assert!(!firsts[..index].contains(first));
    }
    let best = outcome.starts.iter().map(|start| start.best_loss).fold(f64::INFINITY, f64::min);
    let kept = surface.rule::<f64>().value(&trained.trainer.best_params());
    assert_eq!((outcome.best.unwrap().loss, kept), (best, best));
    // Four basins: the first start is caught in a poor one.
    assert!(best < outcome.starts[0].best_loss - 10.0);
    // The first start is the run without others.
    let alone = train(&Experiment { starts: 1, ..experiment });
    assert_eq!(alone.points()[..], points[..51]);
}

#[test]
fn a_start_that_diverges_does_not_end_the_others() {
    let mut experiment = on_rosenbrock(1.5e-3);
    experiment.starts = 6;
    experiment.initialization = Initialization::Explicit(vec![50.0, 50.0]);
    let trained = train(&experiment);
    let outcome = trained.trainer.outcome().unwrap();
    assert!(matches!(outcome.starts[0].ending, Ending::Diverged { .. }), "{outcome:?}");
    let well =
        outcome.starts.iter().filter(|start| !matches!(start.ending, Ending::Diverged { .. }));
    assert!(well.count() > 0);
    assert!(matches!(outcome.ending, Ending::BudgetSpent { .. }));
    assert_eq!(outcome.starts.len(), 6);
}

/// All that a checkpoint has to carry at once: a later start, averages, clipping, noise, a plateau,
/// a sampling that draws.
#[test]
fn a_checkpoint_goes_on_to_the_same_bits() {
    let experiment = Experiment {
        starts: 3,
        accumulate: 2,
        batch: Batch::Mini(8),
        budget: Span::Epochs(4.0),
        sampling: Sampling::named("ClassBalanced").unwrap(),
        averaging: Averaging::MovingAverage(MovingAverage { decay: 0.9 }),
        clip: Clip::Norm(Norm { limit: 0.3 }),
        gradient_noise: GradientNoise::Annealed(Annealed::default()),
        schedule: Schedule::ReduceOnPlateau(ReduceOnPlateau {
            patience: 0,
            factor: 0.5,
            threshold: 0.2,
            ..ReduceOnPlateau::default()
        }),
        evaluate_every: Cadence::Steps(3),
        ..on_iris()
    };
    let team = Team::solo();
    let plan = plan(&experiment, 4).unwrap();
    assert_eq!((plan.steps_per_epoch, plan.steps_per_start, plan.total_steps), (7, 28, 84));
    let mut straight = trainer(plan.clone());
    (0..41).for_each(|_| straight.step(&team));
    let saved = straight.checkpoint();
    assert_eq!((saved.start.index, saved.start.first_step), (1, 28));
    assert!(saved.plateau.factor < 1.0 && saved.n_clipped > 0);
    let mut resumed = trainer(plan);
    (0..7).for_each(|_| resumed.step(&team));
    resumed.restore(&saved);
    straight.take_hashes();
    resumed.take_hashes();
    while straight.ending().is_none() {
        straight.step(&team);
        resumed.step(&team);
    }
    assert_eq!(straight.take_hashes(), resumed.take_hashes());
    assert_eq!(straight.outcome(), resumed.outcome());
    assert_eq!(straight.checkpoint().averaged, resumed.checkpoint().averaged);
    assert_eq!(straight.checkpoint().n_clipped, resumed.checkpoint().n_clipped);
}

/// The rate recorded in each step, beside the rule applied to the recorded validation losses.
#[test]
fn the_rate_falls_where_the_validation_curve_is_flat() {
    let experiment = Experiment {
        batch: Batch::Mini(8),
        schedule: Schedule::ReduceOnPlateau(ReduceOnPlateau {
            factor: 0.5,
            patience: 1,
            threshold: 0.05,
            ..ReduceOnPlateau::default()
        }),
        evaluate_every: Cadence::Steps(14),
        budget: Span::Steps(1400),
        optimizer: Optimizer::named("Adam").unwrap(),
        ..on_iris()
    };
    let trained = train(&experiment);
    let losses = trained.series(Part::Validation, Metric::Loss);
    let rates = trained.series(Part::Batch, Metric::LearningRate);
    let (mut rate, mut best, mut n_bad, mut n_falls) = (1e-3, f64::INFINITY, 0, 0);
    for (step, found) in rates.iter().enumerate() {
        if step > 0 && step % 14 == 0 {
            let loss = losses[step / 14];
            if loss < best * 0.95 {
                (best, n_bad) = (loss, 0);
            } else {
                n_bad += 1;
            }
            if n_bad > 1 {
                (rate, n_bad, n_falls) = (rate * 0.5, 0, n_falls + 1);
            }
        }
        assert_eq!(*found, rate, "step {step}");
    }
    assert!(n_falls > 2, "{n_falls}");
}

#[test]
fn chained_schedules_follow_each_other_in_a_run() {
    let then = vec![
        Stage { scale: 0.5, ..Stage::new(Span::Steps(20), Schedule::named("Constant").unwrap()) },
        Stage::new(Span::Steps(40), Schedule::named("Linear").unwrap()),
    ];
    let experiment = Experiment { then, ..on_rosenbrock(1e-3) };
    let trained = train(&experiment);
    let rates = trained.series(Part::Batch, Metric::LearningRate);
    let close = |step: usize, rate: f64| assert!((rates[step] - rate).abs() < 1e-18, "{step}");
    close(19, 1e-3);
    close(20, 5e-4);
    close(39, 5e-4);
    close(40, 1e-3);
    close(45, 5e-4);
    let schedule = Schedule::named("Linear").unwrap();
    let per_epoch = Experiment {
        schedule,
        schedule_per: SchedulePer::Epoch,
        batch: Batch::Mini(35),
        budget: Span::Epochs(10.0),
        ..on_iris()
    };
    let trained = train(&per_epoch);
    let rates = trained.series(Part::Batch, Metric::LearningRate);
    let first = rates[0];
    for (step, rate) in rates.iter().enumerate() {
        assert!((rate / first - (1.0 - (step / 3) as f64 / 10.0)).abs() < 1e-12, "{step}");
    }
}

/// Nothing is recorded twice or left out where one start ends and the next begins.
#[test]
fn starts_follow_each_other_without_a_gap() {
    let experiment = Experiment { starts: 3, budget: Span::Steps(4), ..on_rosenbrock(1e-3) };
    let trained = train(&experiment);
    let numbers = trained.series(Part::Batch, Metric::Start);
    assert_eq!(numbers, [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3].map(f64::from));
    let steps = trained.history.track(Part::Batch).clock(Clock::Step);
    assert_eq!(steps, [0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12].map(f64::from));
    // One start alone ends where the first of them does.
    let alone = train(&Experiment { starts: 1, ..experiment });
    assert_eq!(trained.hashes[..5], alone.hashes);
}

#[test]
fn a_batch_of_all_samples_is_drawn_as_it_is_told() {
    let of = |sampling: &str| {
        let sampling = Sampling::named(sampling).unwrap();
        let batch = Batch::Mini(105);
        train(&Experiment { sampling, batch, budget: Span::Steps(5), ..on_iris() }).params()
    };
    assert_ne!(of("WithReplacement"), of("WithoutReplacement"));
    assert_ne!(of("ClassBalanced"), of("WithReplacement"));
}

#[test]
fn every_gradient_is_counted() {
    let clip = Clip::Norm(Norm { limit: 1e-3 });
    let once = train(&Experiment { clip, budget: Span::Steps(1), ..on_rosenbrock(1e-3) });
    assert_eq!(once.series(Part::Batch, Metric::ClippedShare), [1.0, 1.0]);
    let stopping = Stopping { gradient_norm: Some(1e9), ..Stopping::default() };
    let at_once = train(&Experiment { stopping, ..on_rosenbrock(1e-3) });
    assert!(matches!(at_once.trainer.ending(), Some(Ending::Converged { step: 0, .. })));
    assert_eq!(at_once.trainer.clocks().evaluations, 1);
    // A search sees its batch several times.
    let search = Experiment {
        optimizer: Optimizer::named("Lbfgs").unwrap(),
        batch: Batch::Full,
        budget: Span::Steps(10),
        ..on_iris()
    };
    let clocks = train(&search).trainer.clocks();
    assert!(clocks.evaluations > 10);
    assert_eq!(clocks.samples, 105 * clocks.evaluations);
}

#[test]
fn training_stops_where_it_is_told_to() {
    let stopping = Stopping { gradient_norm: Some(1e-3), ..Stopping::default() };
    let mut experiment = on_rosenbrock(0.01);
    experiment.data = Source::Surface(Surface::named("Booth").unwrap());
    experiment.budget = Span::Steps(100_000);
    let trained = train(&Experiment { stopping, ..experiment.clone() });
    let Some(Ending::Converged { step, gradient_norm }) = trained.trainer.ending() else {
        panic!("{:?}", trained.trainer.ending());
    };
    assert!(*gradient_norm <= 1e-3 && *step > 10);
    let norms = trained.series(Part::Batch, Metric::GradientNorm);
    assert!(norms[..*step as usize].iter().all(|norm| *norm > 1e-3));
    experiment.budget = Span::Steps(1_000_000_000);
    experiment.record_every = Cadence::Steps(1_000_000);
    let stopping = Stopping { seconds: Some(0.05), ..Stopping::default() };
    let trained = train(&Experiment { stopping, ..experiment });
    let Some(Ending::TimeSpent { seconds, .. }) = trained.trainer.ending() else {
        panic!("{:?}", trained.trainer.ending());
    };
    assert!((0.05..5.0).contains(seconds));
}

#[test]
fn what_has_no_meaning_gets_a_sentence() {
    let refused = |experiment: Experiment| {
        let problems: Vec<_> = experiment.problems().iter().map(ToString::to_string).collect();
        match problems.as_slice() {
            [] => plan(&experiment, 1).unwrap_err(),
            problems => problems.join("; "),
        }
    };
    let cases = [
        (
            Experiment { starts: 0, ..on_iris() },
            "starts is 0; it must be a whole number from 1 to 10000",
        ),
        (Experiment { accumulate: 0, ..on_iris() }, "accumulate is 0; it must be a whole number"),
        (
            Experiment { accumulate: 2, batch: Batch::Full, ..on_iris() },
            "accumulate is 2 with the batch Full; it must be 1",
        ),
        (
            Experiment { accumulate: 5, ..on_iris() },
            "accumulate is 5; it must be from 1 to 4: 105 training samples make 4 batches of 32",
        ),
        (
            Experiment {
                sampling: Sampling::named("Stratified").unwrap(),
                batch: Batch::Full,
                ..on_iris()
            },
            "sampling is Stratified with the batch Full; it must be WithoutReplacement, or",
        ),
        (
            Experiment {
                sampling: Sampling::named("WithReplacement").unwrap(),
                shuffle: false,
                ..on_iris()
            },
            "sampling is WithReplacement with shuffle: false; it must be WithoutReplacement",
        ),
        (
            Experiment {
                sampling: Sampling::named("ClassBalanced").unwrap(),
                ..on(
                    Source::Generated(descent::data::Generated::named("NoisyLine").unwrap()),
                    "Linear",
                    "MeanSquaredError",
                )
            },
            "sampling is ClassBalanced; it must be WithoutReplacement or WithReplacement: the target",
        ),
        (
            Experiment {
                starts: 2,
                initialization: Initialization::Explicit(vec![0.0; 1]),
                ..on_iris()
            },
            "1",
        ),
        (
            Experiment {
                then: vec![
                    Stage::new(Span::Epochs(20.0), Schedule::named("Cosine").unwrap()),
                    Stage::new(Span::Epochs(10.0), Schedule::named("Cosine").unwrap()),
                ],
                ..on_iris()
            },
            "the beginning of schedule 3 (then[1].at) is 10 epochs; it must be after the stage before it, at 20 epochs",
        ),
        (
            Experiment {
                then: vec![Stage::new(Span::Epochs(60.0), Schedule::named("Cosine").unwrap())],
                ..on_iris()
            },
            "the beginning of schedule 2 (then[0].at) is 60 epochs; it must be within the budget of 50 epochs",
        ),
        (
            Experiment {
                then: vec![
                    Stage::new(Span::Epochs(8.0), Schedule::named("Cosine").unwrap()),
                    Stage::new(Span::Steps(20), Schedule::named("Cosine").unwrap()),
                ],
                ..on_iris()
            },
            "the beginning of schedule 3 (then[1].at) is 20 steps (step 20); it must be after the stage before it, which begins at step 32",
        ),
        (
            Experiment {
                then: vec![Stage::new(Span::Steps(100_000), Schedule::named("Cosine").unwrap())],
                ..on_iris()
            },
            "the beginning of schedule 2 (then[0].at) is 100000 steps (step 100000); it must be before the end of the budget, step 200",
        ),
        (
            Experiment { starts: 1_000_000_000, ..on_iris() },
            "it must be a whole number from 1 to 10000",
        ),
        (
            Experiment {
                optimizer: Optimizer::named("Lbfgs").unwrap(),
                batch: Batch::Mini(104),
                ..on_iris()
            },
            "batch is of 104 samples with Lbfgs; it must be such that the last of an epoch has 8",
        ),
        (
            Experiment { clip: Clip::Norm(Norm { limit: -1.0 }), ..on_iris() },
            "clip.limit is -1; it must be a number above 0",
        ),
        (
            Experiment {
                averaging: Averaging::MovingAverage(MovingAverage { decay: 1.0 }),
                ..on_iris()
            },
            "averaging.decay is 1; it must be a number from 0 to below 1",
        ),
    ];
    for (experiment, expected) in cases {
        let found = refused(experiment);
        assert!(found.contains(expected), "{found}\n{expected}");
    }
}
