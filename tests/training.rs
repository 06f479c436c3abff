//! The trainer and the threads around it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use descent::data::batches::Batch;
use descent::data::load;
use descent::data::{Scaling, Source, Split};
use descent::experiment::{Experiment, Precision, Stopping};
use descent::losses::Loss;
use descent::math::team::Team;
use descent::models::{Initialization, Model};
use descent::optimizers::Optimizer;
use descent::record::{Clock, Metric, Part};
use descent::settings::{Span, Value};
use descent::surfaces::Surface;
use descent::training::{Command, Ending, Executor, Plan, Run, RunState, trainer};

fn plan(experiment: &Experiment, seed: u64) -> Arc<Plan> {
    let folder = Path::new(".");
    let loaded = match &experiment.data {
        Source::Surface(_) => None,
        source => Some(load(source, folder).unwrap()),
    };
    Arc::new(Plan::new("test", experiment, seed, loaded.as_deref(), folder).unwrap())
}

fn optimizer(name: &str, learning_rate: f64) -> Optimizer {
    let mut optimizer = Optimizer::named(name).unwrap();
    optimizer.set("learning_rate", Value::Number(learning_rate)).unwrap();
    optimizer
}

fn on_surface(optimizer: Optimizer, budget: u64) -> Experiment {
    Experiment {
        data: Source::Surface(Surface::named("Rosenbrock").unwrap()),
        optimizer,
        budget: Span::Steps(budget),
        ..Experiment::default()
    }
}

fn digits() -> Experiment {
    let mut model = Model::named("Mlp").unwrap();
    model.set("hidden", Value::Counts(vec![16])).unwrap();
    Experiment {
        data: Source::Bundled("digits".into()),
        model,
        loss: Loss::named("CrossEntropy").unwrap(),
        optimizer: optimizer("Adam", 0.003),
        batch: Batch::Mini(64),
        budget: Span::Epochs(4.0),
        precision: Precision::F32,
        ..Experiment::default()
    }
}

fn hashes(experiment: &Experiment, n_threads: usize) -> Vec<(u64, u64)> {
    let executor = Executor::new(Some(n_threads));
    let mut run = executor.start(plan(experiment, 1), false, Arc::new(|| ()));
    run.wait();
    assert!(matches!(run.state(), RunState::Ended(_)));
    run.hashes().to_vec()
}

#[test]
fn learns_the_digits() {
    let executor = Executor::new(None);
    let mut run = executor.start(plan(&digits(), 1), false, Arc::new(|| ()));
    run.wait();
    let outcome = run.outcome().unwrap();
    assert_eq!(outcome.ending, Ending::BudgetSpent { step: 4 * 20 });
    // A multinomial model reaches 0.96 on the test part; chance is 0.1.
    assert!(outcome.test_last.unwrap().quality > 0.85, "{outcome:?}");
    let (steps, losses) =
        run.history().series(Part::Validation, Metric::Loss, Clock::Step).unwrap();
    assert_eq!(steps, [0.0, 20.0, 40.0, 60.0, 80.0]);
    assert!(losses.windows(2).all(|pair| pair[1] < pair[0]), "{losses:?}");
    let best = run.outcome().unwrap().best.unwrap();
    assert_eq!((best.step, best.loss), (80, losses[4]));
}

#[test]
fn full_batch_linear_regression_comes_to_the_least_squares_solution() {
    let experiment = Experiment {
        data: Source::Generated(descent::data::Generated::named("NoisyLine").unwrap()),
        split: Split::of(1.0, 0.0, 0.0, false),
        scaling: Scaling::Off,
        optimizer: optimizer("GradientDescent", 0.1),
        batch: Batch::Full,
        budget: Span::Steps(5000),
        ..Experiment::default()
    };
    let plan = plan(&experiment, 1);
    let train = &plan.data.as_ref().unwrap().train;
    let n = train.n_samples();
    let design = nalgebra::DMatrix::from_fn(n, 2, |i, j| [train.features[i], 1.0][j]);
    let descent::data::TargetColumn::Numbers(targets) = &train.targets else { panic!("numbers") };
    let solution = design
        .svd(true, true)
        .solve(&nalgebra::DVector::from_column_slice(targets), 1e-12)
        .unwrap();
    let team = Team::solo();
    let mut trainer = trainer(plan.clone());
    while trainer.ending().is_none() {
        trainer.step(&team);
    }
    let mut params = Vec::new();
    trainer.copy_params(&mut params);
    for (param, expected) in params.iter().zip(&solution) {
        assert!((param - expected).abs() < 1e-10, "{params:?} {solution}");
    }
}

#[test]
fn the_recorded_path_starts_at_the_start_and_ends_at_the_end() {
    let mut experiment = on_surface(optimizer("GradientDescent", 1e-3), 10);
    experiment.initialization = Initialization::Explicit(vec![0.5, -0.5]);
    let mut run = Executor::new(None).start(plan(&experiment, 1), false, Arc::new(|| ()));
    run.wait();
    let history = run.history();
    let (steps, xs) = history.series(Part::Batch, Metric::Coordinate(0), Clock::Step).unwrap();
    assert_eq!(steps.len(), 11);
    assert_eq!((steps[0], xs[0]), (0.0, 0.5));
    // ∂f/∂x at (½, −½) is −2·½ − 400·½·(−¾) = 149.
    assert!((xs[1] - (0.5 - 0.149)).abs() < 1e-15);
    assert_eq!(run.snapshot().params[0], xs[10]);
    let (_, losses) = history.series(Part::Batch, Metric::Loss, Clock::Step).unwrap();
    assert_eq!(losses[0], 0.25 + 100.0 * 0.5625);
}

#[test]
fn divergence_names_the_step_and_harms_no_other_run() {
    let executor = Executor::new(Some(2));
    let wild = plan(&on_surface(optimizer("GradientDescent", 1.0), 1000), 1);
    let calm = plan(&on_surface(optimizer("Adam", 0.01), 1000), 1);
    let mut runs = executor.start_all(vec![wild, calm], false, Arc::new(|| ()));
    runs.iter_mut().for_each(|run| run.wait());
    // By head the loss grows to its cube or so in each step: 10² … 10³⁰⁰ within a dozen.
    let RunState::Ended(Ending::Diverged { step }) = runs[0].state() else {
        panic!("{:?}", runs[0].state())
    };
    assert!((3..12).contains(step), "{step}");
    let (steps, losses) = runs[0].history().series(Part::Batch, Metric::Loss, Clock::Step).unwrap();
    assert_eq!(*steps.last().unwrap(), (*step - 1) as f64);
    assert!(losses.iter().all(|loss| loss.is_finite()));
    assert_eq!(*runs[1].state(), RunState::Ended(Ending::BudgetSpent { step: 1000 }));
}

#[test]
fn the_number_of_threads_does_not_change_a_bit() {
    let alone = hashes(&digits(), 1);
    assert_eq!(alone.len(), 81);
    assert_eq!(hashes(&digits(), 2), alone);
    assert_eq!(hashes(&digits(), 8), alone);
}

#[test]
fn a_paused_and_stepped_run_has_the_bits_of_a_straight_one() {
    let experiment = digits();
    let mut run = Executor::new(Some(1)).start(plan(&experiment, 1), true, Arc::new(|| ()));
    run.wait();
    assert_eq!(*run.state(), RunState::Paused);
    assert_eq!(run.clocks().step, 0);
    for _ in 0..3 {
        run.command(Command::Step);
    }
    while run.clocks().step < 3 {
        run.receive();
        std::thread::yield_now();
    }
    assert_eq!(run.clocks().step, 3);
    run.command(Command::Resume);
    while !matches!(run.state(), RunState::Ended(_)) {
        run.receive();
        std::thread::yield_now();
    }
    assert_eq!(run.hashes(), hashes(&experiment, 1));
}

#[test]
fn a_restored_checkpoint_goes_on_to_the_same_bits() {
    let plan = plan(&digits(), 1);
    let team = Team::solo();
    let mut straight = trainer(plan.clone());
    for _ in 0..33 {
        straight.step(&team);
    }
    let checkpoint = straight.checkpoint();
    straight.take_hashes();
    let mut resumed = trainer(plan);
    resumed.restore(&checkpoint);
    while straight.ending().is_none() {
        straight.step(&team);
        resumed.step(&team);
    }
    assert_eq!(straight.take_hashes(), resumed.take_hashes());
    assert_eq!(straight.outcome(), resumed.outcome());
    assert_eq!(straight.clocks().samples, resumed.clocks().samples);
}

/// A search hands the gradient at its end to the next step; a checkpoint does not keep it, and yet
/// nothing is counted twice.
#[test]
fn a_restored_search_goes_on_to_the_same_bits_and_evaluations() {
    for (batch, precision) in [(Batch::Full, Precision::F32), (Batch::Mini(500), Precision::F64)] {
        let experiment = Experiment {
            optimizer: Optimizer::named("Lbfgs").unwrap(),
            penalty: descent::losses::Penalty::L2(1e-3),
            batch,
            precision,
            budget: Span::Steps(20),
            ..digits()
        };
        let (plan, team) = (plan(&experiment, 1), Team::solo());
        let mut straight = trainer(plan.clone());
        let at_start = straight.objective(&team);
        for _ in 0..9 {
            straight.step(&team);
        }
        let checkpoint = straight.checkpoint();
        straight.take_hashes();
        let mut resumed = trainer(plan);
        resumed.restore(&checkpoint);
        while straight.ending().is_none() {
            straight.step(&team);
            resumed.step(&team);
        }
        assert_eq!(straight.take_hashes(), resumed.take_hashes());
        assert_eq!(straight.outcome(), resumed.outcome());
        assert_eq!(straight.clocks().evaluations, resumed.clocks().evaluations);
        assert!(straight.objective(&team) < 0.5 * at_start, "{}", straight.objective(&team));
    }
}

#[test]
fn early_stopping_waits_for_as_many_evaluations_as_asked() {
    let mut experiment = digits();
    experiment.budget = Span::Epochs(200.0);
    experiment.optimizer = optimizer("Adam", 0.03);
    experiment.stopping = Stopping { patience: Some(3), ..Stopping::default() };
    let mut run = Executor::new(None).start(plan(&experiment, 1), false, Arc::new(|| ()));
    run.wait();
    let RunState::Ended(Ending::EarlyStopped { step, best_step }) = run.state() else {
        panic!("{:?}", run.state())
    };
    assert_eq!(*step, best_step + 3 * 20);
}

#[test]
fn a_reached_target_ends_the_run() {
    let mut experiment = on_surface(optimizer("Adam", 0.05), 100_000);
    experiment.stopping = Stopping { target_loss: Some(1e-3), ..Stopping::default() };
    let mut run = Executor::new(None).start(plan(&experiment, 1), false, Arc::new(|| ()));
    run.wait();
    let RunState::Ended(Ending::TargetReached { loss, .. }) = run.state() else {
        panic!("{:?}", run.state())
    };
    assert!(*loss <= 1e-3);
}

#[test]
fn a_slow_reader_loses_nothing_and_a_stop_is_prompt() {
    let mut experiment = on_surface(optimizer("GradientDescent", 1e-4), 100_000_000);
    experiment.record_every = descent::experiment::Cadence::Steps(1000);
    let (wakes, plan) = (Arc::new(AtomicUsize::new(0)), plan(&experiment, 1));
    let count = wakes.clone();
    let wake = Arc::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let mut run = Executor::new(None).start(plan, false, wake);
    // More reports than the queue holds, none of them read.
    while wakes.load(Ordering::Relaxed) < 8 {
        std::thread::yield_now();
    }
    run.command(Command::Stop);
    run.wait();
    let RunState::Ended(Ending::Stopped { step }) = *run.state() else {
        panic!("{:?}", run.state())
    };
    let (steps, _) = run.history().series(Part::Batch, Metric::Loss, Clock::Step).unwrap();
    assert!(steps[..steps.len() - 1].iter().enumerate().all(|(i, s)| *s == 1000.0 * i as f64));
    assert!(step - *steps.last().unwrap() as u64 <= 1000);
}

#[test]
fn more_runs_than_cores_queue_and_all_end() {
    let executor = Executor::new(Some(2));
    let plans = (1..=10).map(|seed| plan(&digits(), seed)).collect();
    let mut runs = executor.start_all(plans, false, Arc::new(|| ()));
    runs[7].command(Command::Pause);
    for (index, run) in runs.iter_mut().enumerate() {
        if index != 7 {
            run.wait();
            assert_eq!(*run.state(), RunState::Ended(Ending::BudgetSpent { step: 80 }));
        }
    }
    runs[7].wait();
    assert_eq!(*runs[7].state(), RunState::Paused);
    runs[7].command(Command::Resume);
    while !matches!(runs[7].state(), RunState::Ended(_)) {
        runs[7].receive();
        std::thread::yield_now();
    }
}

#[test]
fn chunks_of_a_large_full_batch_add_up_to_its_gradient() {
    let mut moons = descent::data::Generated::named("Moons").unwrap();
    moons.set("n_samples", Value::Count(5000)).unwrap();
    let experiment = Experiment {
        data: Source::Generated(moons),
        split: Split::of(1.0, 0.0, 0.0, false),
        model: Model::named("Logistic").unwrap(),
        loss: Loss::named("BinaryCrossEntropy").unwrap(),
        optimizer: optimizer("GradientDescent", 1.0),
        batch: Batch::Full,
        budget: Span::Steps(1),
        ..Experiment::default()
    };
    let plan = plan(&experiment, 1);
    let train = &plan.data.as_ref().unwrap().train;
    let descent::data::TargetColumn::Classes(classes) = &train.targets else { panic!("classes") };
    // At zero weights every probability is ½, and the gradient of a bias mean(½ − y).
    let expected = classes.iter().map(|y| 0.5 - f64::from(*y)).sum::<f64>() / 5000.0;
    let mut trainer = trainer(plan.clone());
    trainer.step(&Team::solo());
    let mut params = Vec::new();
    trainer.copy_params(&mut params);
    assert!((params[2] + expected).abs() < 1e-14, "{params:?} {expected}");
    let slope: f64 =
        (0..5000).map(|i| (0.5 - f64::from(classes[i])) * train.features[2 * i]).sum::<f64>()
            / 5000.0;
    assert!((params[0] + slope).abs() < 1e-13);
}

/// A run that nobody waits for to end.
fn endless(seed: u64) -> Arc<Plan> {
    plan(&on_surface(optimizer("GradientDescent", 1e-6), 1_000_000_000_000), seed)
}

fn until(run: &mut Run, is_so: impl Fn(&Run) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !is_so(run) {
        assert!(Instant::now() < deadline, "{:?}", run.state());
        run.receive();
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn is_stopped(run: &Run) -> bool {
    matches!(run.state(), RunState::Ended(Ending::Stopped { .. }))
}

#[test]
fn a_queued_run_ends_at_once_when_it_is_stopped() {
    let executor = Executor::new(Some(1));
    let wakes = Arc::new(AtomicUsize::new(0));
    let count = wakes.clone();
    let wake = Arc::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let mut long = executor.start(endless(1), false, Arc::new(|| ()));
    let mut queued = executor.start(endless(2), false, wake);
    let mut last =
        executor.start(plan(&on_surface(optimizer("Adam", 0.1), 10), 3), false, Arc::new(|| ()));
    queued.command(Command::Stop);
    until(&mut queued, is_stopped);
    assert!(wakes.load(Ordering::Relaxed) > 0);
    assert!(queued.outcome().is_some());
    until(&mut long, |run| *run.state() == RunState::Running);
    assert_eq!(*last.state(), RunState::Queued);
    long.command(Command::Stop);
    last.wait();
    assert_eq!(*last.state(), RunState::Ended(Ending::BudgetSpent { step: 10 }));
}

#[test]
fn a_run_that_waits_to_go_on_can_be_held_again_and_stopped() {
    let executor = Executor::new(Some(1));
    let start = |seed, paused| executor.start(endless(seed), paused, Arc::new(|| ()));
    let mut held = start(1, true);
    held.wait();
    let mut long = start(2, false);
    until(&mut long, |run| *run.state() == RunState::Running);
    for order in [Command::Resume, Command::Step] {
        held.command(order);
        until(&mut held, |run| *run.state() == RunState::Queued);
        held.command(Command::Pause);
        until(&mut held, |run| *run.state() == RunState::Paused);
    }
    held.command(Command::Resume);
    until(&mut held, |run| *run.state() == RunState::Queued);
    held.command(Command::Stop);
    until(&mut held, is_stopped);
    long.receive();
    assert_eq!(*long.state(), RunState::Running);
    // The core is neither lost nor there twice.
    long.command(Command::Stop);
    long.wait();
    let mut next = start(3, false);
    until(&mut next, |run| *run.state() == RunState::Running);
    let mut other = start(4, false);
    std::thread::sleep(Duration::from_millis(100));
    other.receive();
    assert_eq!(*other.state(), RunState::Queued);
}
