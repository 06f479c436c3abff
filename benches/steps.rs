//! Time per step, through the trainer: batches dealt and gathered, metrics recorded and parameters
//! hashed as often as in a run of [`BUDGET`] steps. `peers.py` measures the same tasks elsewhere.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use descent::data::batches::Batch;
use descent::data::prepare::{Prepared, Samples, TargetColumn};
use descent::experiment::{Cadence, Experiment, Precision};
use descent::losses::Loss;
use descent::math::random::{Purpose, Stream};
use descent::math::team::Team;
use descent::models::Model;
use descent::optimizers::Optimizer;
use descent::settings::{Span, Value};
use descent::training::{Plan, trainer};

/// Steps of the run that the measured ones are a part of: what is recorded how often depends on it.
const BUDGET: u64 = 100_000;

/// Stretches of steps timed one by one.
const N_WINDOWS: usize = 200;

struct Task {
    name: &'static str,
    model: &'static str,
    hidden: &'static [u64],
    loss: &'static str,
    optimizer: &'static str,
    learning_rate: f64,
    n_samples: usize,
    n_features: usize,
    /// 0 for a number.
    n_classes: usize,
    batch_size: usize,
    /// Steps in a window: some milliseconds, so that some windows go by undisturbed.
    n_steps: usize,
}

const TASKS: [Task; 4] = [
    Task {
        name: "linear, 20 features, batch 32, gradient descent",
        model: "Linear",
        hidden: &[],
        loss: "MeanSquaredError",
        optimizer: "GradientDescent",
        learning_rate: 0.01,
        n_samples: 6400,
        n_features: 20,
        n_classes: 0,
        batch_size: 32,
        n_steps: 400,
    },
    Task {
        name: "logistic, 30 features, batch 32, gradient descent",
        model: "Logistic",
        hidden: &[],
        loss: "BinaryCrossEntropy",
        optimizer: "GradientDescent",
        learning_rate: 0.01,
        n_samples: 6400,
        n_features: 30,
        n_classes: 2,
        batch_size: 32,
        n_steps: 400,
    },
    Task {
        name: "MLP 64-128-128-10, batch 64, Adam",
        model: "Mlp",
        hidden: &[128, 128],
        loss: "CrossEntropy",
        optimizer: "Adam",
        learning_rate: 0.001,
        n_samples: 6400,
        n_features: 64,
        n_classes: 10,
        batch_size: 64,
        n_steps: 50,
    },
    Task {
        name: "MLP 784-512-512-10, batch 128, momentum",
        model: "Mlp",
        hidden: &[512, 512],
        loss: "CrossEntropy",
        optimizer: "Momentum",
        learning_rate: 0.01,
        n_samples: 6400,
        n_features: 784,
        n_classes: 10,
        batch_size: 128,
        n_steps: 4,
    },
];

/// Normal features, and targets that a model can learn from them.
fn data(task: &Task) -> Prepared {
    let mut stream = Stream::new(1, Purpose::Generation);
    let features: Vec<f64> =
        (0..task.n_samples * task.n_features).map(|_| stream.normal()).collect();
    let rows = features.chunks_exact(task.n_features);
    let targets = if task.n_classes == 0 {
        TargetColumn::Numbers(rows.map(|row| row.iter().sum()).collect())
    } else {
        TargetColumn::Classes(
            rows.map(|row| {
                let scores = &row[..task.n_classes];
                let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                scores.iter().position(|score| *score == best).map_or(0, |class| class as u32)
            })
            .collect(),
        )
    };
    Prepared {
        name: task.name.into(),
        feature_names: (0..task.n_features).map(|index| format!("x{index}")).collect(),
        target_name: "y".into(),
        class_names: (0..task.n_classes).map(|class| format!("class {class}")).collect(),
        feature_scaling: vec![(0.0, 1.0); task.n_features],
        images: None,
        pipeline: Default::default(),
        target_scaling: (0.0, 1.0),
        train: Samples {
            features: features.into(),
            targets,
            rows: (0..task.n_samples).collect(),
            ..Samples::default()
        },
        validation: Samples::default(),
        test: Samples::default(),
        fingerprint: String::new(),
        notes: Vec::new(),
    }
}

fn plan(task: &Task) -> Plan {
    let mut model = Model::named(task.model).expect("a model");
    if !task.hidden.is_empty() {
        let hidden = task.hidden.iter().map(|width| *width as _).collect();
        model.set("hidden", Value::Counts(hidden)).expect("widths");
    }
    let mut optimizer = Optimizer::named(task.optimizer).expect("an optimizer");
    optimizer.set("learning_rate", Value::Number(task.learning_rate)).expect("a rate");
    let experiment = Experiment {
        model,
        loss: Loss::named(task.loss).expect("a loss"),
        optimizer,
        batch: Batch::Mini(task.batch_size),
        budget: Span::Steps(BUDGET),
        precision: Precision::F32,
        // Not a part of the step.
        evaluate_every: Cadence::Steps(BUDGET),
        ..Experiment::default()
    };
    Plan::with_data(task.name, &experiment, 1, Some(Arc::new(data(task))), Path::new("."))
        .expect("a plan")
}

/// The shortest and the median window, in microseconds per step.
fn measure(task: &Task, plan: &Arc<Plan>, team: &Team) -> (f64, f64) {
    let mut trainer = trainer(plan.clone());
    let mut times: Vec<f64> = team.run(|| {
        let mut window = || {
            let start = Instant::now();
            for _ in 0..task.n_steps {
                trainer.step(team);
            }
            let seconds = start.elapsed().as_secs_f64();
            // As the thread of a run does now and then.
            trainer.take_history();
            trainer.take_hashes();
            seconds * 1e6 / task.n_steps as f64
        };
        window();
        (0..N_WINDOWS).map(|_| window()).collect()
    });
    assert!(trainer.ending().is_none(), "{} ended early", task.name);
    times.sort_by(f64::total_cmp);
    (times[0], times[N_WINDOWS / 2])
}

fn main() {
    let teams = [1, 2].map(Team::new);
    println!("µs per step, f32{:<33} {:>19} {:>19}", "", "1 thread", "2 threads");
    println!("{:<49} {:>19} {:>19}", "", "best   median", "best   median");
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for task in &TASKS {
        if wanted.as_ref().is_some_and(|wanted| !task.name.contains(wanted)) {
            continue;
        }
        let plan = Arc::new(plan(task));
        let mut line = format!("{:<49}", task.name);
        for team in &teams {
            let (best, median) = measure(task, &plan, team);
            line += &format!(" {best:>10.2} {median:>8.2}");
        }
        println!("{line}");
    }
}
