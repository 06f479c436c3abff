//! A step allocates nothing: not with any model, loss, optimizer, schedule, batch or precision.

// Only a global allocator sees every allocation, and its trait is an unsafe one.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use descent::data::batches::Batch;
use descent::data::sampling::Blocks;
use descent::data::{Augment, Generated, Sampling, Scaling, Source, load};
use descent::experiment::{Cadence, Experiment, Precision, Stopping};
use descent::losses::{Loss, Penalty};
use descent::math::team::Team;
use descent::models::Model;
use descent::optimizers::Optimizer;
use descent::schedules::{Schedule, Stage};
use descent::settings::{Span, Value};
use descent::surfaces::Surface;
use descent::techniques::{Averaging, Clip, GradientNoise};
use descent::training::{Plan, trainer};

thread_local! {
    static N_ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    // A thread that is ending has no counter any more.
    let _ = N_ALLOCATIONS.try_with(|n| n.set(n.get() + 1));
}

/// The system's allocator, counting the calls of each thread.
struct Counting;

// SAFETY: every call is handed on as it is to the system's allocator, which keeps the contract.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, new_size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Steps without a record, an evaluation or a hash of the parameters between them.
const FAR: u64 = 1_000_000_000;

/// The first step evaluates and records the start; those after it up to here are not counted.
const N_BEFORE: usize = 3;

/// Trains for more than an epoch, and checks that nothing is allocated on the way.
fn assert_allocates_nothing(name: &str, experiment: &Experiment) {
    let experiment = Experiment {
        budget: Span::Steps(FAR),
        record_every: Cadence::Steps(FAR),
        evaluate_every: Cadence::Steps(FAR),
        ..experiment.clone()
    };
    let folder = Path::new(".");
    let loaded = match &experiment.data {
        Source::Surface(_) | Source::Noisy(_) => None,
        source => Some(load(source, folder).unwrap()),
    };
    for precision in [Precision::F32, Precision::F64] {
        let experiment = Experiment { precision, ..experiment.clone() };
        let plan = Plan::new(name, &experiment, 1, loaded.as_deref(), folder).unwrap();
        let n_steps = N_BEFORE + 2 + plan.steps_per_epoch as usize;
        let (mut trainer, team) = (trainer(Arc::new(plan)), Team::solo());
        for _ in 0..N_BEFORE {
            trainer.step(&team);
        }
        let before = N_ALLOCATIONS.get();
        for _ in 0..n_steps {
            trainer.step(&team);
        }
        let found = N_ALLOCATIONS.get() - before;
        assert_eq!(found, 0, "{name} in {precision:?}: allocations in {n_steps} steps");
        assert_eq!(trainer.clocks().step, (N_BEFORE + n_steps) as u64, "{name} ended early");
    }
}

/// An experiment that this model can be trained in.
fn with_model(name: &str) -> Experiment {
    let (set, loss) = match name {
        "Linear" => ("noisy line", "MeanSquaredError"),
        "Logistic" => ("breast_cancer", "BinaryCrossEntropy"),
        _ => ("digits", "CrossEntropy"),
    };
    let data = match set {
        "noisy line" => Source::Generated(Generated::named("NoisyLine").unwrap()),
        bundled => Source::Bundled(bundled.into()),
    };
    Experiment {
        data,
        model: Model::named(name).unwrap(),
        loss: Loss::named(loss).unwrap(),
        optimizer: slow("GradientDescent"),
        batch: Batch::Mini(48),
        ..Experiment::default()
    }
}

/// An optimizer with a learning rate at which nothing diverges.
fn slow(name: &str) -> Optimizer {
    let mut optimizer = Optimizer::named(name).unwrap();
    optimizer.set("learning_rate", Value::Number(1e-4)).unwrap();
    optimizer
}

#[test]
fn the_counter_counts() {
    let before = N_ALLOCATIONS.get();
    let mut numbers = vec![1_u64];
    numbers.reserve(100);
    std::hint::black_box(&mut numbers);
    assert_eq!(N_ALLOCATIONS.get() - before, 2);
}

#[test]
fn no_model_allocates() {
    for name in Model::NAMES {
        assert_allocates_nothing(name, &with_model(name));
    }
}

#[test]
fn no_activation_allocates() {
    for name in descent::activations::Activation::NAMES {
        let mut experiment = with_model("Mlp");
        experiment.model.set("hidden", Value::Counts(vec![30, 7])).unwrap();
        experiment.model.set("activation", Value::Text((*name).into())).unwrap();
        assert_allocates_nothing(name, &experiment);
    }
}

#[test]
fn no_loss_and_no_penalty_allocates() {
    for name in ["MeanSquaredError", "MeanAbsoluteError"] {
        let loss = Loss::named(name).unwrap();
        assert_allocates_nothing(name, &Experiment { loss, ..with_model("Linear") });
    }
    for penalty in
        [Penalty::L1(0.01), Penalty::L2(0.01), Penalty::ElasticNet { l1: 0.01, l2: 0.01 }]
    {
        let experiment = Experiment { penalty, ..with_model("Multinomial") };
        assert_allocates_nothing(&format!("{penalty:?}"), &experiment);
    }
}

#[test]
fn no_weights_and_no_noise_allocate() {
    for (model, loss) in
        [("Logistic", "BinaryFocal"), ("Multinomial", "Focal"), ("Mlp", "CrossEntropy")]
    {
        for batch in [Batch::Full, Batch::Mini(48)] {
            let loss = Loss::named(loss).unwrap();
            let class_weights = descent::losses::ClassWeights::Balanced;
            let weighted = Experiment { loss, class_weights, batch, ..with_model(model) };
            assert_allocates_nothing(model, &weighted);
        }
    }
    for (name, n) in [("Rosenbrock", 2), ("Quadratic", 1000)] {
        let mut surface = Surface::named(name).unwrap();
        surface.set("dimension", Value::Count(n)).unwrap();
        let data = Source::of_surface(surface, 0.1);
        let optimizer = slow("Adam");
        assert_allocates_nothing(name, &Experiment { data, optimizer, ..Experiment::default() });
    }
}

#[test]
fn no_optimizer_allocates_on_data_or_on_a_surface() {
    for name in Optimizer::NAMES {
        let experiment = Experiment { optimizer: slow(name), ..with_model("Multinomial") };
        assert_allocates_nothing(name, &experiment);
        let data = Source::Surface(Surface::named("Rosenbrock").unwrap());
        let optimizer = slow(name);
        assert_allocates_nothing(name, &Experiment { data, optimizer, ..Experiment::default() });
    }
}

#[test]
fn no_schedule_allocates() {
    for name in Schedule::NAMES {
        let schedule = Schedule::named(name).unwrap();
        let experiment =
            Experiment { schedule, warmup: Span::Steps(10), ..with_model("Multinomial") };
        assert_allocates_nothing(name, &experiment);
    }
}

#[test]
fn no_technique_allocates() {
    for name in Sampling::NAMES {
        let sampling = Sampling::named(name).unwrap();
        assert_allocates_nothing(name, &Experiment { sampling, ..with_model("Multinomial") });
    }
    // Batches that end in the midst of what is drawn at once.
    let sampling = Sampling::Blocks(Blocks { block: 10, window: 7 });
    assert_allocates_nothing("small blocks", &Experiment { sampling, ..with_model("Multinomial") });
    assert_allocates_nothing(
        "no shuffling",
        &Experiment { shuffle: false, ..with_model("Multinomial") },
    );
    macro_rules! each {
        ($part:ident: $family:ident) => {
            for name in $family::NAMES {
                let $part = $family::named(name).unwrap();
                assert_allocates_nothing(name, &Experiment { $part, ..with_model("Mlp") });
            }
        };
    }
    each!(clip: Clip);
    each!(gradient_noise: GradientNoise);
    each!(averaging: Averaging);
    assert_allocates_nothing("accumulate", &Experiment { accumulate: 3, ..with_model("Mlp") });
    let stopping =
        Stopping { gradient_norm: Some(1e-9), seconds: Some(1e9), ..Stopping::default() };
    assert_allocates_nothing("limits", &Experiment { stopping, ..with_model("Mlp") });
    let schedule = Schedule::named("Cosine").unwrap();
    let then =
        vec![Stage::new(Span::Steps(5), schedule.clone()), Stage::new(Span::Steps(9), schedule)];
    assert_allocates_nothing("a chain", &Experiment { then, ..with_model("Mlp") });
}

#[test]
fn no_augmentation_allocates() {
    let pictures = || Experiment { scaling: Scaling::Together, ..with_model("Mlp") };
    for member in Augment::members() {
        let augmentation = vec![(member.default)()];
        let experiment = Experiment { augmentation, ..pictures() };
        assert_allocates_nothing(member.name, &experiment);
    }
    // Two passes and a mixture, in chunks of one step and of a full batch.
    let list = ["Rotate", "Noise", "Shift", "Mixup"];
    let augmentation: Vec<_> = list.iter().filter_map(|name| Augment::named(name)).collect();
    let all = Experiment { augmentation, ..pictures() };
    assert_allocates_nothing("all in chunks", &Experiment { accumulate: 3, ..all.clone() });
    assert_allocates_nothing("all at once", &Experiment { batch: Batch::Full, ..all });
}

#[test]
fn no_form_of_batch_allocates() {
    for batch in [Batch::Full, Batch::Stochastic, Batch::Mini(1000)] {
        let experiment = Experiment { batch, ..with_model("Mlp") };
        assert_allocates_nothing(&format!("{batch:?}"), &experiment);
    }
    // More samples than pass through a network at a time.
    let mut many = with_model("Linear");
    let mut line = Generated::named("NoisyLine").unwrap();
    line.set("n_samples", Value::Count(9000)).unwrap();
    many.data = Source::Generated(line);
    many.batch = Batch::Full;
    assert_allocates_nothing("a full batch of 9000", &many);
}
