//! Samples of which features, targets or weights are in a file: training, checks and analyses give what they
//! give in memory, to the last bit, whatever the limit.

use std::path::Path;
use std::sync::Arc;

use descent::analysis::{AugmentedSamples, Balance, ClosedForm, Forecast, Members};
use descent::data::augmentation::{Augment, Mixup, Noise};
use descent::data::batches::Batch;
use descent::data::prepare::{Prepared, Samples, TargetColumn};
use descent::data::sampling::{Blocks, Sampling};
use descent::data::store::{Values, ValuesWriter};
use descent::data::{Images, Source, Table};
use descent::experiment::{Cadence, Experiment, Precision};
use descent::losses::{ClassWeights, Loss};
use descent::math::Number;
use descent::math::random::{Purpose, Stream};
use descent::math::team::Team;
use descent::models::Model;
use descent::optimizers::Optimizer;
use descent::record::Clock;
use descent::settings::{Span, Value};
use descent::training::{Plan, PlanError, Trainer, trainer};

const WIDTH: usize = 3;
/// More than are at hand of a file, and than go through a model together.
const SIZES: [usize; 3] = [10_500, 2_100, 300];

/// What is in a file, with the bytes that may be in memory.
#[derive(Clone, Copy, Debug, Default)]
struct InFile {
    features: Option<u64>,
    targets: Option<u64>,
    weights: Option<u64>,
}

impl InFile {
    fn all(memory: u64) -> Self {
        Self { features: Some(memory), targets: Some(memory), weights: Some(memory) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Weights {
    None,
    Own,
    /// Beyond what an `f32` holds.
    Large,
}

fn values<V: Number>(values: Vec<V>, width: usize, memory: Option<u64>) -> Values<V> {
    let mut writer = ValuesWriter::new(values.len() / width, width, memory).unwrap();
    writer.append(&values).unwrap();
    writer.finish()
}

/// Three classes of different sizes, or a number; most of the second class counts for nothing.
fn data(is_classified: bool, weights: Weights, place: InFile) -> Prepared {
    let mut stream = Stream::new(11, Purpose::Generation);
    let mut first = 0;
    let parts = SIZES.map(|n| {
        let (mut features, mut numbers, mut classes, mut own) = (vec![], vec![], vec![], vec![]);
        for _ in 0..n {
            let row: [f64; WIDTH] = std::array::from_fn(|_| stream.normal());
            let sum = row[0] - 0.5 * row[1] + 0.3 * stream.normal();
            features.extend(row);
            numbers.push(sum);
            classes.push(u32::from(sum > 0.2) + u32::from(sum > 1.4));
            let unit = if weights == Weights::Large { 1e300 } else { 1.0 };
            own.push(if stream.uniform() < 0.1 { 0.0 } else { stream.uniform() * unit });
        }
        let samples = Samples {
            features: values(features, WIDTH, place.features),
            targets: match is_classified {
                true => TargetColumn::Classes(values(classes, 1, place.targets)),
                false => TargetColumn::Numbers(values(numbers, 1, place.targets)),
            },
            rows: (first..first + n).collect(),
            weights: match weights {
                Weights::None => Values::default(),
                _ => values(own, 1, place.weights),
            },
        };
        first += n;
        samples
    });
    let [train, validation, test] = parts;
    let class_names = match is_classified {
        true => ["a", "b", "c"].map(str::to_owned).to_vec(),
        false => Vec::new(),
    };
    Prepared {
        name: "made".into(),
        feature_names: (0..WIDTH).map(|index| format!("x{index}")).collect(),
        target_name: "y".into(),
        class_names,
        feature_scaling: vec![(0.0, 1.0); WIDTH],
        target_scaling: (2.0, 3.0),
        train,
        validation,
        test,
        ..Prepared::default()
    }
}

fn plan_of(experiment: &Experiment, data: Prepared) -> Result<Plan, PlanError> {
    Plan::with_data("made", experiment, 4, Some(Arc::new(data)), Path::new("."))
}

fn base(is_classified: bool) -> Experiment {
    let mut optimizer = Optimizer::named("Momentum").unwrap();
    optimizer.set("learning_rate", Value::Number(0.02)).unwrap();
    let (model, loss) = match is_classified {
        true => ("Multinomial", "CrossEntropy"),
        false => ("Linear", "Huber"),
    };
    Experiment {
        data: Source::Bundled("iris".into()),
        model: Model::named(model).unwrap(),
        loss: Loss::named(loss).unwrap(),
        optimizer,
        evaluate_every: Cadence::Steps(90),
        record_every: Cadence::Steps(1),
        ..Experiment::default()
    }
}

/// Parameters, history and outcome, with every digit.
fn course(trainer: &mut dyn Trainer, team: &Team) -> String {
    while trainer.ending().is_none() {
        trainer.step(team);
    }
    let mut params = Vec::new();
    trainer.copy_params(&mut params);
    let mut history = trainer.take_history();
    for track in &mut history.tracks {
        track.clocks[Clock::Seconds as usize].clear();
    }
    let bits: Vec<u64> = params.iter().map(|x| x.to_bits()).collect();
    format!("{bits:?} {history:?} {:?}", trainer.outcome())
}

/// Trains in memory, then with this and that in files, also from a checkpoint in the midst of an epoch.
fn assert_same(
    experiment: &Experiment,
    is_classified: bool,
    weights: Weights,
    places: &[InFile],
    team: &Team,
) {
    let plan = |place| Arc::new(plan_of(experiment, data(is_classified, weights, place)).unwrap());
    let whole = plan(InFile::default());
    let n_before = whole.total_steps / 3;
    let mut in_memory = trainer(whole);
    (0..n_before).for_each(|_| in_memory.step(team));
    let checkpoint = in_memory.checkpoint();
    let expected = course(&mut *in_memory, team);
    assert!(expected.contains("BudgetSpent"), "{expected:.300}");
    for place in places {
        let told = format!("{experiment:?} {weights:?} {place:?}");
        let plan = plan(*place);
        let [mut in_file, mut resumed] = [(); 2].map(|()| trainer(Arc::clone(&plan)));
        resumed.restore(&checkpoint);
        assert!(course(&mut *in_file, team) == expected, "{told}");
        let (mut a, mut b) = (Vec::new(), Vec::new());
        course(&mut *resumed, team);
        in_memory.copy_params(&mut a);
        resumed.copy_params(&mut b);
        assert_eq!(a, b, "{told} resumed");
        assert_eq!(in_memory.outcome().unwrap().test_last, resumed.outcome().unwrap().test_last);
    }
}

fn samplings() -> Vec<Experiment> {
    let sampling = |sampling| Experiment { sampling, ..Experiment::default() };
    let mut all: Vec<Experiment> =
        Sampling::NAMES.iter().map(|name| sampling(Sampling::named(name).unwrap())).collect();
    all.push(sampling(Sampling::Blocks(Blocks { block: 50, window: 7 })));
    all.push(sampling(Sampling::Blocks(Blocks { block: 13, window: 3 })));
    all.push(Experiment { shuffle: false, ..Experiment::default() });
    all
}

fn limits() -> [InFile; 7] {
    let (some, other) = (Some(9_000), Some(90_000));
    [
        InFile::all(9_000),
        InFile::all(1 << 20),
        InFile::all(90_000),
        InFile::all(0),
        InFile { features: some, ..InFile::default() },
        InFile { features: None, targets: some, weights: None },
        InFile { features: other, targets: None, weights: other },
    ]
}

#[test]
fn every_sampling_gives_the_same_from_files() {
    let team = Team::solo();
    for (index, of) in samplings().into_iter().enumerate() {
        for is_classified in [true, false] {
            if of.sampling.rule().needs_classes() && !is_classified {
                continue;
            }
            let experiment = Experiment {
                sampling: of.sampling.clone(),
                shuffle: of.shuffle,
                batch: Batch::Mini(64),
                budget: Span::Steps(150),
                class_weights: match is_classified {
                    true => ClassWeights::Balanced,
                    false => ClassWeights::Off,
                },
                precision: [Precision::F32, Precision::F64][index % 2],
                ..base(is_classified)
            };
            assert_same(&experiment, is_classified, Weights::Own, &limits(), &team);
        }
    }
}

#[test]
fn every_size_of_batch_gives_the_same_from_files() {
    let team = Team::new(2);
    let blocks = Sampling::Blocks(Blocks { block: 50, window: 7 });
    let usual = Sampling::named("WithoutReplacement").unwrap();
    for (batch, steps) in
        [(Batch::Full, 7), (Batch::Mini(3001), 7), (Batch::Mini(64), 90), (Batch::Stochastic, 120)]
    {
        for (precision, sampling) in [(Precision::F32, &usual), (Precision::F64, &blocks)] {
            // A batch of all is in no order.
            let sampling = if batch == Batch::Full { &usual } else { sampling };
            for (weights, class_weights) in [
                (Weights::None, ClassWeights::Off),
                (Weights::None, ClassWeights::Balanced),
                (Weights::Large, ClassWeights::Explicit(vec![0.3, 2.0, 0.0])),
            ] {
                let experiment = Experiment {
                    batch,
                    precision,
                    sampling: sampling.clone(),
                    budget: Span::Steps(steps),
                    class_weights,
                    ..base(true)
                };
                assert_same(&experiment, true, weights, &limits()[..2], &team);
            }
            let experiment = Experiment {
                batch,
                precision,
                sampling: sampling.clone(),
                budget: Span::Steps(steps),
                ..base(false)
            };
            for weights in [Weights::None, Weights::Own, Weights::Large] {
                assert_same(&experiment, false, weights, &limits()[..2], &team);
            }
        }
    }
}

#[test]
fn mixtures_are_the_same_from_files() {
    let team = Team::solo();
    for (index, batch) in [Batch::Full, Batch::Mini(2500), Batch::Mini(32)].into_iter().enumerate()
    {
        let experiment = |is_classified| Experiment {
            batch,
            augmentation: vec![
                Augment::Noise(Noise::default()),
                Augment::Mixup(Mixup { alpha: 1.0 }),
            ],
            precision: [Precision::F32, Precision::F64][index % 2],
            sampling: match batch {
                Batch::Full => Sampling::named("WithoutReplacement").unwrap(),
                _ => Sampling::Blocks(Blocks { block: 100, window: 3 }),
            },
            budget: Span::Steps(if index == 2 { 100 } else { 4 }),
            class_weights: match is_classified {
                true => ClassWeights::Balanced,
                false => ClassWeights::Off,
            },
            ..base(is_classified)
        };
        assert_same(&experiment(true), true, Weights::Own, &limits()[..2], &team);
        assert_same(&experiment(false), false, Weights::Own, &limits()[..2], &team);
    }
}

/// The last sample of a part is as good as the first.
#[test]
fn what_is_refused_in_memory_is_refused_from_files() {
    let refusal = |experiment: &Experiment, is_classified, change: fn(&mut Prepared, InFile)| {
        [InFile::default(), InFile::all(1000)].map(|place| {
            let mut data = data(is_classified, Weights::None, place);
            change(&mut data, place);
            plan_of(experiment, data).unwrap_err().to_string()
        })
    };
    let classified =
        Experiment { class_weights: ClassWeights::Explicit(vec![0.0, 1.0, 0.0]), ..base(true) };
    let of_first_class = |data: &mut Prepared, place: InFile| {
        data.train.targets = TargetColumn::Classes(values(vec![0; SIZES[0]], 1, place.targets));
    };
    let [memory, file] = refusal(&classified, true, of_first_class);
    assert!(memory.contains("0 for every training sample"), "{memory}");
    assert_eq!(memory, file);
    let counts = Experiment { loss: Loss::named("Poisson").unwrap(), ..base(false) };
    let below = |data: &mut Prepared, place: InFile| {
        data.target_scaling = (0.0, 1.0);
        let mut targets = vec![1.0; SIZES[0]];
        targets[SIZES[0] - 1] = -1.5;
        data.train.targets = TargetColumn::Numbers(values(targets, 1, place.targets));
    };
    let [memory, file] = refusal(&counts, false, below);
    assert!(memory.contains("is -1.5 in row 10500 of the data"), "{memory}");
    assert_eq!(memory, file);
}

/// What people are shown of all samples is the same, and where it is of some, of those they ask for.
#[test]
fn analyses_give_the_same_from_files() {
    let team = Team::solo();
    let found = |is_classified: bool, place: InFile| {
        let mut experiment = base(is_classified);
        if !is_classified {
            experiment.loss = Loss::named("MeanSquaredError").unwrap();
        }
        experiment.budget = Span::Steps(3);
        let plan =
            Arc::new(plan_of(&experiment, data(is_classified, Weights::Own, place)).unwrap());
        let mut trainer = trainer(Arc::clone(&plan));
        course(&mut *trainer, &team);
        let data = plan.data.as_ref().unwrap();
        let best = trainer.best_params();
        let (mut forecasts, mut targets) = (String::new(), String::new());
        let look = |column: &TargetColumn, forecast: &Forecast| {
            forecasts += &format!("{forecast:?}");
            targets += &format!("{column:?}");
            Ok(())
        };
        Forecast::for_each(&plan, &best, &data.train, look).unwrap();
        // As of a table of which the first rows are at hand only.
        let balance = Balance::of(data, &Members::default(), &Table { columns: vec![] }, 0);
        let list = [Augment::Mixup(Mixup { alpha: 1.0 })];
        let late = [3, SIZES[0] - 1];
        let augmented = AugmentedSamples::of(&list, Images::Auto, data, 1, &late, 2);
        let whole = Forecast::new(&plan, &best, &data.train);
        (format!("{:?}", ClosedForm::of(&plan)), forecasts, targets, whole, balance, augmented)
    };
    for is_classified in [true, false] {
        let memory = found(is_classified, InFile::default());
        assert_eq!(memory.0.contains("objective"), !is_classified);
        assert!(memory.1.len() > 8 * SIZES[0] && memory.2.len() > SIZES[0] && memory.4.is_some());
        assert!(memory == found(is_classified, InFile::all(1000)));
    }
}

/// The order of 10,500 samples is 41 KiB; of blocks there are a few at a time.
#[test]
fn an_order_beyond_the_limit_is_pointed_out() {
    let note = |sampling, place| {
        let experiment = Experiment { sampling, batch: Batch::Mini(50), ..base(true) };
        plan_of(&experiment, data(true, Weights::None, place)).unwrap().note_on_order()
    };
    let usual = || Sampling::named("WithoutReplacement").unwrap();
    let blocks = Sampling::Blocks(Blocks { block: 50, window: 7 });
    let expected = "the sampling WithoutReplacement keeps 1 MiB in memory for the order of the samples, \
                    more than the 1 MiB that rows may take; Blocks keeps a part of the order only";
    assert_eq!(note(usual(), InFile::all(9_000)).as_deref(), Some(expected));
    assert_eq!(note(usual(), InFile::all(42_000)), None);
    assert_eq!(note(usual(), InFile::default()), None);
    assert_eq!(note(blocks, InFile::all(9_000)), None);
}
