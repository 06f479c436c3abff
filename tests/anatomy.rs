//! A step taken apart is the step of the run, to the bit.

use std::path::Path;
use std::sync::Arc;

use descent::data::batches::Batch;
use descent::data::{Source, load};
use descent::experiment::{Experiment, Precision};
use descent::losses::Loss;
use descent::math::team::Team;
use descent::models::Model;
use descent::optimizers::Optimizer;
use descent::record::{Metric, Part};
use descent::schedules::Schedule;
use descent::settings::{Span, Value};
use descent::surfaces::Surface;
use descent::training::{Anatomist, Anatomy, Plan, trainer};

fn plan(experiment: &Experiment) -> Arc<Plan> {
    let loaded = match &experiment.data {
        Source::Surface(_) => None,
        source => Some(load(source, Path::new(".")).unwrap()),
    };
    Arc::new(Plan::new("test", experiment, 3, loaded.as_deref(), Path::new(".")).unwrap())
}

fn iris(precision: Precision) -> Experiment {
    let mut model = Model::named("Mlp").unwrap();
    model.set("hidden", Value::Counts(vec![6])).unwrap();
    let mut optimizer = Optimizer::named("Adam").unwrap();
    optimizer.set("weight_decay", Value::Number(0.01)).unwrap();
    Experiment {
        data: Source::Bundled("iris".into()),
        model,
        loss: Loss::named("CrossEntropy").unwrap(),
        optimizer,
        schedule: Schedule::named("Cosine").unwrap(),
        batch: Batch::Mini(16),
        budget: Span::Steps(150),
        precision,
        ..Experiment::default()
    }
}

/// Down Rosenbrock's ravine, slowly enough to stay in it.
fn ravine(mut optimizer: Optimizer) -> Experiment {
    optimizer.set("learning_rate", Value::Number(1e-4)).unwrap();
    Experiment {
        data: Source::Surface(Surface::named("Rosenbrock").unwrap()),
        optimizer,
        budget: Span::Steps(40),
        ..Experiment::default()
    }
}

/// The parameters of a run before its first step and after each.
fn path(plan: &Arc<Plan>) -> Vec<Vec<f64>> {
    let (mut trainer, team) = (trainer(plan.clone()), Team::solo());
    let mut path = Vec::new();
    for _ in 0..=plan.total_steps {
        let mut params = Vec::new();
        trainer.copy_params(&mut params);
        path.push(params);
        trainer.step(&team);
    }
    path
}

fn bits(x: &[f64]) -> Vec<u64> {
    x.iter().map(|x| x.to_bits()).collect()
}

fn take_apart(anatomist: &mut Anatomist, step: u64) -> Anatomy {
    anatomist.take_apart(step, &mut |_, _| true).expect("the run has this step")
}

#[test]
fn parameters_are_those_of_the_run_forwards_and_backwards() {
    let surfaces = Optimizer::members().into_iter().map(|member| ravine((member.default)()));
    let networks = [iris(Precision::F32), iris(Precision::F64)];
    for experiment in surfaces.chain(networks) {
        let plan = plan(&experiment);
        let path = path(&plan);
        let mut anatomist = Anatomist::new(plan.clone());
        let last = plan.total_steps;
        for step in [1, 2, 7, last - 1, last, 5, 1, last, last / 2 + 3, last / 2 + 2] {
            let anatomy = take_apart(&mut anatomist, step);
            let what = format!("{:?}, step {step}", experiment.optimizer);
            assert_eq!(anatomy.states[1].step, step, "{what}");
            assert_eq!(anatomy.states[0].step, step - 1, "{what}");
            assert_eq!(bits(&anatomy.params[0]), bits(&path[step as usize - 1]), "{what}");
            assert_eq!(bits(&anatomy.params[1]), bits(&path[step as usize]), "{what}");
        }
    }
}

/// A run that diverges has the steps before that, and no more.
#[test]
fn a_run_that_diverged_is_taken_apart_up_to_there() {
    let mut experiment = ravine(Optimizer::named("GradientDescent").unwrap());
    experiment.optimizer.set("learning_rate", Value::Number(0.01)).unwrap();
    let plan = plan(&experiment);
    let (mut trainer, team) = (trainer(plan.clone()), Team::solo());
    while trainer.ending().is_none() {
        trainer.step(&team);
    }
    let n_done = trainer.clocks().step;
    assert!(n_done < 40, "{:?}", trainer.ending());
    let mut anatomist = Anatomist::new(plan);
    assert_eq!(take_apart(&mut anatomist, n_done).step, n_done);
    for beyond in [n_done + 1, n_done + 2, 40] {
        assert!(anatomist.take_apart(beyond, &mut |_, _| true).is_none());
    }
    assert_eq!(take_apart(&mut anatomist, 2).step, 2);
}

/// In double precision the lines come to the parameters of the run itself, whatever the model.
#[test]
fn lines_come_to_the_parameters_of_the_run() {
    for (precision, tolerance) in [(Precision::F64, 1e-12), (Precision::F32, 1e-6)] {
        let plan = plan(&iris(precision));
        let mut anatomist = Anatomist::new(plan.clone());
        for step in [1, 20, 150] {
            let anatomy = take_apart(&mut anatomist, step);
            for index in 0..plan.n_params() {
                let lines = anatomy.equations(index);
                let (found, real) = (lines.last().unwrap().value, anatomy.params[1][index]);
                let scale = real.abs().max(1e-3);
                assert!((found - real).abs() <= tolerance * scale, "{step} {index} {found} {real}");
            }
        }
    }
}

/// Loss, learning rate and the norm of the gradient are those that the run records.
#[test]
fn the_figures_of_a_step_are_those_of_the_record() {
    for experiment in [iris(Precision::F32), ravine(Optimizer::named("Momentum").unwrap())] {
        let plan = plan(&experiment);
        let (mut trainer, team) = (trainer(plan.clone()), Team::solo());
        while trainer.ending().is_none() {
            trainer.step(&team);
        }
        let history = trainer.take_history();
        let recorded = |metric, step: u64| {
            history.track(Part::Batch).metric(metric).unwrap()[step as usize - 1]
        };
        let mut anatomist = Anatomist::new(plan.clone());
        for step in [1, 3, plan.total_steps] {
            let anatomy = take_apart(&mut anatomist, step);
            assert_eq!(anatomy.value.loss, recorded(Metric::Loss, step));
            assert_eq!(anatomy.learning_rate, recorded(Metric::LearningRate, step));
            let norm = anatomy.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            let real = recorded(Metric::GradientNorm, step);
            assert!((norm / real - 1.0).abs() < 1e-6, "step {step}: {norm} {real}");
            let update = anatomy.update();
            let norm = update.iter().map(|g| g * g).sum::<f64>().sqrt();
            let real = recorded(Metric::UpdateNorm, step);
            assert!((norm / real - 1.0).abs() < 1e-6, "step {step}: {norm} {real}");
        }
    }
}

#[test]
fn waiting_can_be_given_up_and_taken_up_again() {
    let plan = plan(&iris(Precision::F32));
    let mut anatomist = Anatomist::new(plan.clone());
    let mut seen = Vec::new();
    let none = anatomist.take_apart(150, &mut |done, all| {
        seen.push((done, all));
        done < 64
    });
    assert!(none.is_none());
    assert_eq!(seen, [(0, 150), (16, 150), (32, 150), (48, 150), (64, 150)]);
    // What was done is not done again.
    seen.clear();
    let step = anatomist.take_apart(150, &mut |done, all| {
        seen.push((done, all));
        true
    });
    assert_eq!(step.unwrap().step, 150);
    assert_eq!(seen[0], (0, 86));
    // Neither is a step behind.
    assert!(anatomist.take_apart(0, &mut |_, _| true).is_none());
    assert!(anatomist.take_apart(151, &mut |_, _| true).is_none());
}

/// The first step of a further start begins where that start begins, with fresh state.
#[test]
fn the_first_step_of_another_start_begins_there() {
    let adam = Optimizer::named("Adam").unwrap();
    let experiment = Experiment { starts: 3, budget: Span::Steps(10), ..ravine(adam) };
    let plan = plan(&experiment);
    let mut anatomist = Anatomist::new(plan.clone());
    let mut trainer = trainer(plan);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for step in 1..=30 {
        trainer.begin(&Team::solo());
        trainer.copy_params(&mut before);
        trainer.step(&Team::solo());
        trainer.copy_params(&mut after);
        let anatomy = take_apart(&mut anatomist, step);
        assert_eq!(anatomy.start, (step - 1) / 10, "{step}");
        assert_eq!(anatomy.states[1].step, (step - 1) % 10 + 1, "{step}");
        assert_eq!(anatomy.params.each_ref().map(|x| bits(x)), [bits(&before), bits(&after)]);
        for (index, real) in after.iter().enumerate() {
            let last = anatomy.equations(index).pop().unwrap();
            let near = (last.value - real).abs() <= 1e-12 * real.abs();
            assert!(near, "{step}: {} instead of {real}", last.value);
        }
    }
}
