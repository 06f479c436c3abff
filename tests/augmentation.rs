//! Training on samples that are changed on the fly: the same bits whatever happens around it, and what
//! cannot be changed is refused with a sentence.

use std::path::Path;
use std::sync::Arc;

use descent::data::augmentation::{Mixup, Noise, Rotate, Shift};
use descent::data::{Augment, Batch, ImageShape, Images, Scaling, Source, load};
use descent::experiment::file::read;
use descent::experiment::{Experiment, Study};
use descent::losses::Loss;
use descent::math::team::Team;
use descent::record::{Record, plan_study, replay};
use descent::training::{Anatomist, Executor, Plan, Run, Trainer, trainer};

/// Pictures and rows, small batches, accumulated ones, whole ones in chunks, and a search that looks at
/// the same batch several times; each with its last hash.
const STUDY: &str = r#"Study(
    format: 1,
    title: "augmentation",
    base: Experiment(
        data: Bundled("digits"),
        split: (train: 0.2, validation: 0.8, test: 0.0, stratified: true),
        scaling: Together,
        model: Mlp(hidden: [12], activation: Relu),
        loss: CrossEntropy,
        optimizer: Adam(learning_rate: 0.01),
        batch: Mini(32),
        budget: Steps(24),
        augmentation: [Rotate(degrees: 20), Scale(), Shift(pixels: 1.5, whole: false), Flip(), Noise(), Mixup()],
    ),
    compare: [
        (label: "in f64"),
        (label: "in f32", precision: F32),
        (label: "accumulated", accumulate: 3),
        (label: "two passes", augmentation: [Noise(deviation: 0.05), Shift()], class_weights: Balanced),
        (label: "whole", batch: Full, budget: Steps(5), augmentation: [Shift(), Mixup(alpha: 1.0)]),
        (label: "a search", batch: Full, budget: Steps(5), optimizer: Lbfgs(), augmentation: [Shift(), Noise(deviation: 0.01)]),
        (label: "rows", data: Bundled("penguins"), scaling: Standardize, model: Linear, loss: Huber(), augmentation: [Noise(), Mixup(alpha: 0.4)]),
        (label: "in chunks", data: Generated(NoisyLine(n_samples: 12000)), model: Linear, loss: MeanSquaredError, batch: Full, budget: Steps(5), augmentation: [Noise(), Mixup(alpha: 0.4)]),
    ],
)"#;

/// Kept for ever, like those of `tests/replay.rs`.
const LAST_HASHES: [(u64, u64); 8] = [
    (24, 0x58b4c6bd0ba8e5e8),
    (24, 0x38f8820126690b90),
    (24, 0xf1cfc768b45baaa0),
    (24, 0xa8bb53e49f7dfc89),
    (5, 0x06a7ec76c713c8b1),
    (5, 0xcd9f0d9ae792938b),
    (24, 0xd69cfbc2c0cf937b),
    (5, 0x082ead63ca11f8f6),
];

fn study() -> Study {
    read(STUDY, Path::new("study")).unwrap_or_else(|error| panic!("{error}"))
}

fn plans() -> Vec<Arc<Plan>> {
    let planned = plan_study(&study(), Path::new("."));
    planned.unwrap_or_else(|problems| panic!("{}", problems[0])).plans
}

fn train(plans: Vec<Arc<Plan>>, n_threads: usize) -> Vec<Run> {
    let mut runs = Executor::new(Some(n_threads)).start_all(plans, false, Arc::new(|| ()));
    runs.iter_mut().for_each(Run::wait);
    runs
}

fn hashes(runs: &[Run]) -> Vec<Vec<(u64, u64)>> {
    runs.iter().map(|run| run.hashes().to_vec()).collect()
}

#[test]
fn any_number_of_threads_gives_the_recorded_bits() {
    let alone: Vec<_> =
        plans().into_iter().flat_map(|plan| hashes(&train(vec![plan], 1))).collect();
    let last: Vec<_> = alone.iter().map(|hashes| *hashes.last().unwrap()).collect();
    let list: Vec<_> =
        last.iter().map(|(step, hash)| format!("({step}, 0x{hash:016x}),")).collect();
    assert_eq!(last, LAST_HASHES, "{}", list.join("\n    "));
    for n_threads in [2, 8] {
        assert_eq!(hashes(&train(plans(), n_threads)), alone, "{n_threads} threads");
    }
    for (plan, alone) in plans().into_iter().zip(&alone) {
        assert_eq!(hashes(&train(vec![plan], 8)), std::slice::from_ref(alone), "a team of 8");
    }
}

fn params(trainer: &dyn Trainer) -> Vec<u64> {
    let mut params = Vec::new();
    trainer.copy_params(&mut params);
    params.into_iter().map(f64::to_bits).collect()
}

/// From a checkpoint in the midst of an epoch it goes on as if it had never stopped, and a step that is
/// taken apart is the step of the run.
#[test]
fn checkpoints_and_steps_taken_apart_are_those_of_the_run() {
    let team = Team::solo();
    for plan in plans() {
        let mut straight = trainer(plan.clone());
        let mut path = vec![params(&*straight)];
        let mut checkpoint = None;
        while straight.ending().is_none() {
            straight.step(&team);
            path.push(params(&*straight));
            if straight.clocks().step == 3 {
                checkpoint = Some(straight.checkpoint());
            }
        }
        let mut resumed = trainer(plan.clone());
        resumed.restore(&checkpoint.unwrap());
        while resumed.ending().is_none() {
            resumed.step(&team);
        }
        assert_eq!(params(&*resumed), params(&*straight), "{}", plan.label);
        assert_eq!(resumed.clocks().evaluations, straight.clocks().evaluations, "{}", plan.label);
        let mut anatomist = Anatomist::new(plan.clone());
        for step in [5, 4, 1] {
            let anatomy = anatomist.take_apart(step, &mut |_, _| true).unwrap();
            let bits: Vec<u64> = anatomy.params[1].iter().map(|x| x.to_bits()).collect();
            assert_eq!(bits, path[step as usize], "{} {step}", plan.label);
        }
    }
}

#[test]
fn a_record_replays() {
    let study = study();
    let planned = plan_study(&study, Path::new(".")).unwrap();
    let runs = train(planned.plans, 2);
    let record = Record::new(&study, Path::new("."), planned.inputs, &runs);
    for run in replay(&record, Path::new("record.ron"), &Executor::new(Some(1))).unwrap() {
        assert_eq!(run.difference, None);
    }
}

fn refusal(experiment: &Experiment) -> String {
    let loaded = load(&experiment.data, Path::new("")).unwrap();
    match Plan::new("t", experiment, 1, Some(&loaded), Path::new("")) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

fn on(set: &str, augmentation: Vec<Augment>) -> Experiment {
    let digits = set == "digits";
    Experiment {
        data: Source::Bundled(set.into()),
        scaling: if digits { Scaling::Together } else { Scaling::Standardize },
        loss: Loss::named("CrossEntropy").unwrap(),
        model: descent::models::Model::named("Multinomial").unwrap(),
        augmentation,
        ..Experiment::default()
    }
}

#[test]
fn what_cannot_be_changed_is_refused_with_a_sentence() {
    let shift = || Augment::Shift(Shift::default());
    let noise = || Augment::Noise(Noise::default());
    assert_eq!(refusal(&on("digits", vec![shift(), noise()])), "");
    assert_eq!(refusal(&on("iris", vec![noise(), Augment::Mixup(Mixup::default())])), "");
    assert_eq!(
        refusal(&on("iris", vec![noise(), shift()])),
        "augmentation[1] is Shift; it must be one for any features (Noise, Mixup): the 4 features of “Iris flowers” are not known to be the pixels of pictures; where they are, state images: Size(height: …, width: …)"
    );
    let rotate = vec![Augment::Rotate(Rotate::default())];
    let standardized = Experiment { scaling: Scaling::Standardize, ..on("digits", rotate.clone()) };
    assert_eq!(
        refusal(&standardized),
        "augmentation[0] is Rotate with pixels scaled one by one; it must be with pixels that are scaled alike: scaling Together or Off"
    );
    let stated = |height, width| Experiment {
        images: Images::Size(ImageShape::new(height, width)),
        ..on("digits", rotate.clone())
    };
    assert_eq!(refusal(&stated(4, 16)), "");
    assert_eq!(
        refusal(&stated(8, 9)),
        "images is 8 × 9, 72 numbers; it must be of 64 numbers, as “Handwritten digits” has features"
    );
    assert_eq!(
        refusal(&stated(0, 9)),
        "images is 0 × 9; it must be a height, a width and channels of 1 or more"
    );
    let mixup = vec![Augment::Mixup(Mixup::default())];
    let single = Experiment { batch: Batch::Stochastic, ..on("iris", mixup) };
    assert_eq!(
        refusal(&single),
        "augmentation[0] is Mixup with batches of one sample; it must be with Full or Mini(2) or more: a sample alone has no other to be mixed with"
    );
    assert_eq!(refusal(&Experiment { accumulate: 2, ..single }), "");
}
