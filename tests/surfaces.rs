//! Surfaces in runs: any dimension, and noise that is the same for all who look.

use std::path::Path;
use std::sync::Arc;

use descent::data::Source;
use descent::experiment::{Cadence, Experiment, Precision, file};
use descent::math::team::Team;
use descent::models::Initialization;
use descent::optimizers::Optimizer;
use descent::record::{Clock, Metric, Part};
use descent::settings::{Span, Value};
use descent::surfaces::{Noisy, Rosenbrock, Surface};
use descent::training::{Plan, Trainer, trainer};

fn study(data: &str) -> String {
    format!(
        "Study(format: 1, title: \"\", base: Experiment(data: {data}), compare: [], seeds: [1])"
    )
}

fn read(data: &str) -> Result<Source, String> {
    let read = file::read(&study(data), Path::new("s.ron"));
    read.map(|study| study.base.data).map_err(|error| error.to_string())
}

fn on(data: Source, optimizer: &str, precision: Precision) -> Arc<Plan> {
    let mut optimizer = Optimizer::named(optimizer).unwrap();
    let _ = optimizer.set("learning_rate", Value::Number(1e-3));
    let experiment = Experiment {
        data,
        optimizer,
        precision,
        budget: Span::Steps(60),
        record_every: Cadence::Steps(1),
        ..Experiment::default()
    };
    Arc::new(Plan::new("", &experiment, 3, None, Path::new(".")).unwrap())
}

fn noisy(noise: f64) -> Source {
    Source::Noisy(Noisy { surface: Surface::named("Rosenbrock").unwrap(), noise })
}

fn params(trainer: &dyn Trainer) -> Vec<f64> {
    let mut params = Vec::new();
    trainer.copy_params(&mut params);
    params
}

#[test]
fn noise_is_written_around_a_surface() {
    let expected = |noise| Ok(noisy(noise));
    assert_eq!(read("Noisy(surface: Rosenbrock, noise: 0.5)"), expected(0.5));
    assert_eq!(read("Noisy(noise: 2, surface: Rosenbrock())"), expected(2.0));
    let wide = Noisy { surface: Surface::Rosenbrock(Rosenbrock { dimension: 7 }), noise: 0.1 };
    assert_eq!(read("Noisy(surface: Rosenbrock(dimension: 7))"), Ok(Source::Noisy(wide)));
    assert_eq!(
        read("Surface(Rosenbrock)"),
        Ok(Source::Surface(Surface::Rosenbrock(Rosenbrock { dimension: 2 })))
    );
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let place = study("").find("data: ").unwrap() + "data: ".len() + 1;
    let message = |data: &str, at: usize| {
        let message = read(data).unwrap_err();
        let start = format!("s.ron:1:{}: ", place + at);
        message.strip_prefix(&start).unwrap_or_else(|| panic!("{message} at {start}")).to_owned()
    };
    let text = "Noisy(surface: Rosenbrok, noise: 1)";
    let found = message(text, text.find("Rosenbrok").unwrap());
    assert!(
        found.starts_with("surface: there is no `Rosenbrok`; did you mean `Rosenbrock`?"),
        "{found}"
    );
    let text = "Noisy(surface: Booth, nose: 1)";
    assert_eq!(
        message(text, text.find("nose").unwrap()),
        "Noisy has no setting `nose`; did you mean `noise`? (permitted: surface, noise)"
    );
    let text = "Noisy(surface: Booth, noise: -1)";
    assert_eq!(
        message(text, text.find("-1").unwrap()),
        "base.data.noise is -1; it must be a number of 0 or more"
    );
    let text = "Noisy(surface: Quadratic(condition: 0.5))";
    assert_eq!(
        message(text, text.find("0.5").unwrap()),
        "base.data.surface.condition is 0.5; it must be a number of 1 or more"
    );
    let text = "Surface(Ackley(dimension: 1))";
    assert_eq!(
        message(text, text.find("1)").unwrap()),
        "base.data.dimension is 1; it must be a whole number from 2 to 1000000"
    );
    let found = message("Nosy(surface: Booth)", 0);
    assert!(found.starts_with("data: there is no `Nosy`; did you mean `Noisy`?"), "{found}");
}

#[test]
fn noise_needs_no_memory_in_checkpoints() {
    let team = Team::solo();
    for optimizer in ["Momentum", "Adam", "Lbfgs"] {
        for precision in [Precision::F32, Precision::F64] {
            let plan = on(noisy(0.5), optimizer, precision);
            let mut straight = trainer(plan.clone());
            (0..40).for_each(|_| straight.step(&team));
            for n_before in [0, 1, 17] {
                let mut first = trainer(plan.clone());
                (0..n_before).for_each(|_| first.step(&team));
                let mut second = trainer(plan.clone());
                second.restore(&first.checkpoint());
                (n_before..40).for_each(|_| second.step(&team));
                assert_eq!(params(&*second), params(&*straight), "{optimizer} {n_before}");
                let [again, once] =
                    [&second, &straight].map(|trainer| trainer.clocks().evaluations);
                assert_eq!(again, once, "{optimizer} {n_before}");
            }
        }
    }
}

#[test]
fn all_see_the_same_noise_and_curves_see_none() {
    let team = Team::solo();
    let first_gradient = |optimizer: &str, noise: f64| {
        let plan = on(noisy(noise), optimizer, Precision::F64);
        let mut trainer = trainer(plan);
        trainer.step(&team);
        trainer.step(&team);
        let history = trainer.take_history();
        let at = |part, metric| history.series(part, metric, Clock::Step).unwrap().1.to_vec();
        let [x, y] = [0, 1].map(|index| at(Part::Batch, Metric::Coordinate(index))[1]);
        // After a step the curve shows the surface itself, the step what was seen of it.
        let surface = Surface::named("Rosenbrock").unwrap();
        let height = surface.rule::<f64>().value(&[x, y]);
        assert_eq!(at(Part::Train, Metric::Loss)[1], height);
        assert_eq!(at(Part::Batch, Metric::Loss)[1] == height, noise == 0.0);
        (at(Part::Batch, Metric::Loss)[0], at(Part::Batch, Metric::GradientNorm)[0])
    };
    assert_eq!(first_gradient("Adam", 0.5), first_gradient("GradientDescent", 0.5));
    assert_ne!(first_gradient("Adam", 0.5), first_gradient("Adam", 0.0));
    // Twice the noise is the same draw, twice.
    let [none, one, two] = [0.0, 0.5, 1.0].map(|noise| first_gradient("Adam", noise).0);
    assert!(((two - none) - 2.0 * (one - none)).abs() < 1e-13, "{none} {one} {two}");

    // Without noise, noise is not there at all.
    let hashes = |data: Source| {
        let mut trainer = trainer(on(data, "Momentum", Precision::F64));
        (0..60).for_each(|_| trainer.step(&team));
        trainer.take_hashes()
    };
    assert_eq!(hashes(noisy(0.0)), hashes(Source::Surface(Surface::named("Rosenbrock").unwrap())));
    assert_ne!(hashes(noisy(0.1)), hashes(noisy(0.2)));
}

/// The noise around a minimum is that of the theory: x ← x − η (λ x + σ ε) comes to rest with the
/// variance η σ² / (λ (2 − η λ)).
#[test]
fn a_constant_rate_rests_in_a_cloud_of_the_known_size() {
    let bowl = Surface::Quadratic(descent::surfaces::Quadratic { condition: 4.0, dimension: 2 });
    let mut optimizer = Optimizer::named("GradientDescent").unwrap();
    optimizer.set("learning_rate", Value::Number(0.1)).unwrap();
    let experiment = Experiment {
        data: Source::Noisy(Noisy { surface: bowl, noise: 0.5 }),
        optimizer,
        budget: Span::Steps(100_000),
        ..Experiment::default()
    };
    let plan = Plan::new("", &experiment, 1, None, Path::new(".")).unwrap();
    let (mut trainer, team) = (trainer(Arc::new(plan)), Team::solo());
    let (mut squares, mut n) = ([0.0; 2], 0.0);
    let mut params = Vec::new();
    for step in 0..60_000 {
        trainer.step(&team);
        if step > 1000 {
            trainer.copy_params(&mut params);
            squares[0] += params[0] * params[0];
            squares[1] += params[1] * params[1];
            n += 1.0;
        }
    }
    for (square, curvature) in squares.iter().zip([1.0, 4.0]) {
        let expected = 0.1 * 0.25 / (curvature * (2.0 - 0.1 * curvature));
        let found = square / n;
        assert!((found / expected - 1.0).abs() < 0.1, "{found} instead of {expected}");
    }
}

#[test]
fn a_start_has_as_many_coordinates_as_the_surface() {
    let wide = |n: usize, start: Initialization| {
        let experiment = Experiment {
            data: Source::Surface(Surface::Rosenbrock(Rosenbrock { dimension: n })),
            initialization: start,
            budget: Span::Steps(5),
            ..Experiment::default()
        };
        Plan::new("", &experiment, 1, None, Path::new(".")).map_err(|error| error.to_string())
    };
    let plan = wide(5, Initialization::Auto).unwrap();
    assert_eq!((plan.n_params(), plan.start), (5, Some(vec![-1.2, 1.0, -1.2, 1.0, -1.2])));
    let start = vec![0.1, 0.2, 0.3, 0.4, 0.5];
    let plan = wide(5, Initialization::Explicit(start.clone())).unwrap();
    assert_eq!(plan.start, Some(start));
    assert!(wide(5, Initialization::Explicit(vec![0.1, 0.2])).is_err());
    // The largest there may be.
    let plan = Arc::new(wide(1_000_000, Initialization::Auto).unwrap());
    let mut trainer = trainer(plan);
    trainer.step(&Team::solo());
    assert!(trainer.ending().is_none());
}
