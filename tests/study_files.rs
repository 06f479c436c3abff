//! Study files: what is read, written and refused, with the exact words.

use std::fs;
use std::path::Path;

use descent::data::batches::Batch;
use descent::data::{CsvSource, Scaling, Source, Split, Task, Transform};
use descent::experiment::file::{load, read, save, write};
use descent::experiment::{Cadence, Experiment, Precision, Stopping, Study, Variation};
use descent::losses::Penalty;
use descent::models::Initialization;
use descent::optimizers::{GradientDescent, Optimizer};
use descent::settings::Span;

fn message(text: &str) -> String {
    read(text, Path::new("study.ron")).expect_err("the study is refused").to_string()
}

/// A study with one line in its base; the line is the third.
fn with(line: &str) -> String {
    format!("Study(format: 1,\n    base: Experiment(\n        {line},\n    ),\n)\n")
}

fn base_message(line: &str) -> String {
    message(&with(line))
}

#[test]
fn the_first_format_opens_for_ever() {
    let study = read(include_str!("fixtures/format-1.ron"), Path::new("format-1.ron")).unwrap();
    let rate = |learning_rate| {
        Optimizer::GradientDescent(GradientDescent { learning_rate, ..GradientDescent::default() })
    };
    let expected = Study {
        format: Study::FORMAT,
        title: "Two \"rates\"".into(),
        notes: "What the first format held.".into(),
        base: Experiment {
            data: Source::Csv(CsvSource {
                path: "measurements.csv".into(),
                target: "yield".into(),
                task: Task::Regression,
                ignore: vec!["row".into()],
                ..CsvSource::default()
            }),
            split: Split::of(0.5, 0.25, 0.25, false),
            scaling: Scaling::MinMax,
            initialization: Initialization::Explicit(vec![0.0, -1.5]),
            penalty: Penalty::ElasticNet { l1: 0.001, l2: 0.1 },
            optimizer: rate(0.01),
            warmup: Span::Steps(5),
            batch: Batch::Full,
            shuffle: false,
            budget: Span::Steps(500),
            stopping: Stopping { target_loss: Some(0.001), ..Stopping::default() },
            precision: Precision::F32,
            evaluate_every: Cadence::Epochs(0.5),
            record_every: Cadence::Steps(2),
            ..Experiment::default()
        },
        compare: vec![
            Variation { label: "small".into(), ..Variation::default() },
            Variation {
                label: "large".into(),
                color: "#d55e00".into(),
                optimizer: Some(rate(0.1)),
                ..Variation::default()
            },
        ],
        seeds: vec![1, u64::MAX],
    };
    assert_eq!(study, expected);
    assert_eq!(study.base.model.name(), "Linear");
    assert_eq!(study.base.loss.name(), "MeanSquaredError");
    assert_eq!(study.base.schedule.name(), "Constant");
    assert_eq!(read(&write(&study), Path::new("again")).unwrap(), study);
}

#[test]
fn only_what_differs_is_written() {
    let study = Study {
        title: "A \"title\"".into(),
        base: Experiment { batch: Batch::Full, ..Experiment::default() },
        compare: vec![
            Variation { label: "one".into(), ..Variation::default() },
            Variation {
                label: "two".into(),
                optimizer: Some(Optimizer::GradientDescent(GradientDescent {
                    learning_rate: 0.5,
                    ..GradientDescent::default()
                })),
                penalty: Some(Penalty::L2(1e-4)),
                ..Variation::default()
            },
        ],
        ..Study::default()
    };
    assert_eq!(
        write(&study),
        r#"Study(
    format: 1,
    title: "A \"title\"",
    base: Experiment(
        batch: Full,
    ),
    compare: [
        (label: "one"),
        (label: "two", penalty: L2(0.0001), optimizer: GradientDescent(learning_rate: 0.5, weight_decay: 0.0)),
    ],
    seeds: [1],
)
"#
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let text = format!("\u{feff}{}", with("batch: Full").replace('\n', "\r\n"));
    assert_eq!(read(&text, Path::new("x")).unwrap().base.batch, Batch::Full);
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    assert!(
        base_message("optimizer: GradientDecent()").starts_with(
            "study.ron:3:20: optimizer: there is no `GradientDecent`; did you mean \
             `GradientDescent`? (permitted: GradientDescent"
        ),
        "{}",
        base_message("optimizer: GradientDecent()")
    );
    assert!(
        base_message("loss: Huber(0.5)")
            .ends_with("found `0.5`; `Huber` takes its settings by name: `Huber(delta: …)`")
    );
    assert!(base_message("averaging: Ema(0.9)").contains("did you mean `MovingAverage`?"));
    assert!(base_message("optimizer: SGD()").contains("did you mean `GradientDescent`?"));
    assert!(base_message("optimizer: SignSGD()").contains("did you mean `SignDescent`?"));
    assert!(base_message("optimizer: ASGDD()").contains("did you mean `Asgd`?"));
    assert_eq!(
        base_message("optimizer: GradientDescent(learningrate: 0.1)"),
        "study.ron:3:36: GradientDescent has no setting `learningrate`; did you mean \
         `learning_rate`? (permitted: learning_rate, weight_decay)"
    );
    assert!(base_message("optimiser: GradientDescent()").starts_with(
        "study.ron:3:9: Experiment has no setting `optimiser`; did you mean `optimizer`? \
             (permitted: data, split,"
    ));
    assert!(
        message("Study(format: 1, compar: [])")
            .starts_with("study.ron:1:18: Study has no setting `compar`; did you mean `compare`?")
    );
    let long = format!("optimizer: {}()", "X".repeat(5000));
    assert!(base_message(&long).contains(&format!("there is no `{}…`", "X".repeat(40))));
}

#[test]
fn wrong_types_say_what_was_found_and_what_would_be_right() {
    let cases = [
        (
            "optimizer: GradientDescent(learning_rate: \"fast\")",
            "3:51: learning_rate: found `\"fast\"`; expected a number, such as 0.01",
        ),
        ("shuffle: yes", "3:18: shuffle: found `yes`; expected true or false"),
        ("batch: 5", "3:16: batch: found `5`; expected one of Full, Mini, Stochastic"),
        ("batch: Mini", "3:20: `Mini` needs its value in parentheses: `Mini(…)`"),
        ("batch: Mini(1.5)", "3:21: batch: found `1.5`; expected a whole number"),
        (
            "batch: Mini(-1)",
            "3:21: batch: found `-1`; expected a whole number from 0 to 18446744073709551615",
        ),
        (
            "budget: Steps(18446744073709551616)",
            "3:23: budget: found `18446744073709551616`; expected a whole number from 0 to \
             18446744073709551615",
        ),
        ("data: Bundled(iris)", "3:23: data: found `iris`; expected a text in double quotes"),
        // After names that stand alone for their defaults.
        (
            "model: Mlp, optimizer: GradientDescent, schedule: Linear, shuffle: yes",
            "3:76: shuffle: found `yes`; expected true or false",
        ),
        ("schedule: Constant()", "3:27: `Constant` has no settings; write it without parentheses"),
        ("penalty: ElasticNet(l1: 1.0)", "3:36: `l2` is missing in ElasticNet"),
        ("batch: Full, batch: Full", "3:22: `batch` is stated twice; keep one of them"),
        (
            "batch: Full shuffle: true",
            "3:21: found `shuffle`; expected a comma or a closing bracket",
        ),
    ];
    for (line, expected) in cases {
        assert_eq!(base_message(line), format!("study.ron:{expected}"), "for {line}");
    }
    assert_eq!(
        message("Study(format: 1, seeds: 3)"),
        "study.ron:1:25: seeds: found `3`; expected a list in brackets, such as [1, 2, 3]"
    );
}

#[test]
fn settings_out_of_range_are_found_in_the_text() {
    let text = "Study(\n  format: 1,\n  base: Experiment(\n    budget: Epochs(1e40),\n  ),\n  compare: [\n    (label: \"a\", optimizer: GradientDescent(learning_rate: -1)),\n    (label: \"a\", split: (train: 0.7, validation: 0.7, test: 0.1)),\n    (label: \"c\", optimizer: GradientDescent(learning_rate: NaN)),\n  ],\n  seeds: [1, 1],\n)";
    assert_eq!(
        message(text),
        "study.ron:4:20: base.budget is 1e40 epochs; it must be \
         above 0 and up to 1000000000 epochs\n\
         study.ron:7:60: compare[0].optimizer.learning_rate is -1; it must be a number above 0\n\
         study.ron:8:13: compare[1].label is \"a\" once more; it must be different from the labels \
         before it\n\
         study.ron:8:25: compare[1].split is 0.7 + 0.7 + 0.1 = 1.5; it must be three shares that \
         add up to 1\n\
         study.ron:9:60: compare[2].optimizer.learning_rate is NaN; it must be a number above 0\n\
         study.ron:11:14: seeds[1] is 1 once more; it must be different from the seeds before it"
    );
}

#[test]
fn other_formats_are_refused_or_asked_for() {
    assert_eq!(
        message("Study(\n    format: 2, something: New {{ } that no one knows"),
        "study.ron:2:13: the file has format 2, from a newer version of Descent; this one reads up \
         to format 1"
    );
    assert_eq!(
        message("Study(format: 0)"),
        "study.ron:1:15: format is 0; it must be a whole number from 1 to 1"
    );
    assert_eq!(
        message("Study(title: \"x\")"),
        "study.ron:1:1: the file does not say its format; `format: 1` belongs at its beginning"
    );
}

#[test]
fn what_is_no_study_is_refused() {
    assert_eq!(message(""), "study.ron: the file is empty; a study begins with `Study(`");
    assert_eq!(message("a,b\n1,2\n"), "study.ron:1:1: found `a`; expected `Study`");
    assert_eq!(message("Table(format: 1)"), "study.ron:1:1: found `Table`; expected `Study`");
    assert_eq!(
        message("Study(format: 1) and more"),
        "study.ron:1:18: found `and` after the end of the study"
    );
    let deep = format!("Study(format: 1, base: Experiment(data: {}", "Surface(".repeat(500));
    assert!(message(&deep).starts_with("study.ron:1:"));
}

#[test]
fn every_cut_is_refused_with_a_position() {
    let text = include_str!("fixtures/format-1.ron");
    let end = text.trim_end().len();
    for cut in 1..end {
        let error = read(&text[..cut], Path::new("cut.ron")).expect_err("a cut study is refused");
        let problem = &error.problems[0];
        let blank = problem.message.starts_with("the file is empty");
        assert!(blank || problem.position.is_some(), "cut at {cut}: {error}");
        assert!(!problem.message.is_empty());
    }
    assert_eq!(
        message(&text[..text.find("budget").unwrap()]),
        "study.ron:19:24: the file ends too early: the `(` opened in line 7, column 21, is not closed"
    );
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let words = |name: &str| load(&at(name)).unwrap_err().problems[0].message.clone();

    save(&at("learning-rates.ron"), &Study::default()).unwrap();
    assert_eq!(
        words("learning-rate.ron"),
        "there is no such file; did you mean `learning-rates.ron`?"
    );
    assert_eq!(words("zzz"), "there is no such file");
    assert_eq!(words("no/such"), "there is no such file, and no such folder");
    fs::create_dir(at("folder")).unwrap();
    assert_eq!(words("folder"), "this is a folder; expected a study file");
    fs::write(at("latin.ron"), b"Study(\n  title: \"\xfc\")").unwrap();
    assert_eq!(words("latin.ron"), "the file is not text in UTF-8 (line 2); expected a study file");
    fs::File::create(at("large.ron")).unwrap().set_len(65 << 20).unwrap();
    assert_eq!(
        words("large.ron"),
        "the file is larger than 64 MB, which no study is; expected a study file"
    );
}

#[test]
fn a_study_that_cannot_be_saved_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let error = save(folder.path(), &Study::default()).unwrap_err();
    assert_eq!(
        error.problems[0].message,
        "the study could not be saved: it is a folder; the old file is unchanged"
    );
    let path = folder.path().join("study.ron");
    save(&path, &Study { title: "kept".into(), ..Study::default() }).unwrap();
    assert_eq!(load(&path).unwrap().title, "kept");
}

mod round_trip {
    use super::*;
    use descent::data::augmentation::Kind as AugmentKind;
    use descent::data::{Augment, Generated, ImageShape, Images, Sampling};
    use descent::losses::{ClassWeights, Loss};
    use descent::models::Model;
    use descent::schedules::{Schedule, SchedulePer, Stage};
    use descent::settings::{Field, Kind, Value};
    use descent::surfaces::{Noisy, Surface};
    use descent::techniques::{Averaging, Clip, GradientNoise};
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    /// A permitted value for a setting, from random bits.
    fn value_for(field: &Field, bits: u64) -> Value {
        let share = bits as f64 / u64::MAX as f64;
        let within = |bounds: &descent::settings::Bounds| {
            let low = bounds.low.max(-1e9);
            let high = bounds.high.min(1e9);
            let x = low + (high - low) * (0.001 + 0.998 * share);
            if bounds.contains(x) { x } else { (low + high) / 2.0 }
        };
        match &field.kind {
            Kind::Number(bounds) => Value::Number(within(bounds)),
            Kind::Count(bounds) => Value::Count(within(bounds).round().max(0.0) as u64),
            Kind::Flag => Value::Flag(bits.is_multiple_of(2)),
            Kind::Choice(names) => Value::Text(names[bits as usize % names.len()].to_owned()),
            Kind::Choices(names) => Value::Texts(
                (0..bits % 3)
                    .map(|i| names[(bits ^ i) as usize % names.len()].to_owned())
                    .collect(),
            ),
            Kind::Counts(bounds) => {
                let low = bounds.low.max(0.0) as u64 + 1;
                Value::Counts((0..bits % 4).map(|i| low + i).collect())
            }
            Kind::Numbers => Value::Numbers(vec![share, -1.0 / (1.0 + share)]),
            Kind::Names => {
                Value::Texts((0..1 + bits % 2).map(|i| format!("ü\"{bits}, {i}")).collect())
            }
            Kind::Span => Value::Span(Span::Epochs(share * 10.0)),
            Kind::Text => Value::Text(format!("ü\"{bits}\\\n")),
        }
    }

    macro_rules! member {
        ($family:ident) => {
            (any::<Index>(), prop::collection::vec(any::<u64>(), 16)).prop_map(|(index, bits)| {
                let members = $family::members();
                let mut member = (members[index.index(members.len())].default)();
                for (field, bits) in member.fields().iter().zip(bits) {
                    // What a form would refuse keeps its default.
                    let mut changed = member.clone();
                    let is_set = changed.set(field.name, value_for(field, bits)).is_ok();
                    if is_set && changed.check().is_ok() {
                        member = changed;
                    }
                }
                member
            })
        };
    }

    fn source() -> impl Strategy<Value = Source> {
        prop_oneof![
            member!(Generated).prop_map(Source::Generated),
            member!(Surface).prop_map(Source::Surface),
            (member!(Surface), positive())
                .prop_map(|(surface, noise)| Source::Noisy(Noisy { surface, noise })),
            select(vec!["iris", "digits"]).prop_map(|name| Source::Bundled(name.to_owned())),
            (prop::array::uniform3(any::<String>()), prop::collection::vec(any::<String>(), 0..3))
                .prop_map(|([path, target, weights], ignore)| Source::Csv(CsvSource {
                    path: format!("x{path}"),
                    target,
                    weights,
                    task: Task::Classification,
                    ignore,
                    ..CsvSource::default()
                })),
        ]
    }

    fn positive() -> impl Strategy<Value = f64> {
        any::<f64>().prop_map(|x| if x.is_finite() && x != 0.0 { x.abs() } else { 0.1 })
    }

    fn cadence() -> impl Strategy<Value = Cadence> {
        prop_oneof![
            Just(Cadence::Auto),
            (1..u64::MAX).prop_map(Cadence::Steps),
            positive().prop_map(Cadence::Epochs)
        ]
    }

    /// Only what may stand in a file: some transforms need columns to be named.
    fn transform() -> impl Strategy<Value = Transform> {
        member!(Transform).prop_filter("a valid transform", |member| member.check().is_ok())
    }

    prop_compose! {
        fn experiment()(
            data in source(),
            model in member!(Model),
            loss in member!(Loss),
            optimizer in member!(Optimizer),
            schedule in member!(Schedule),
            (train, stratified, shuffle) in (0.01..1.0, any::<bool>(), any::<bool>()),
            (augmentation, images) in (
                prop::collection::vec(member!(Augment), 0..4),
                prop_oneof![
                    Just(Images::Auto),
                    (1..99usize, 1..99usize, 1..4usize).prop_map(|(height, width, channels)| {
                        Images::Size(ImageShape { height, width, channels })
                    }),
                ],
            ),
            scaling in select(vec![
                Scaling::Off, Scaling::Standardize, Scaling::MinMax, Scaling::Together, Scaling::Robust
            ]),
            penalty in prop_oneof![
                Just(Penalty::Off),
                positive().prop_map(Penalty::L1),
                positive().prop_map(Penalty::L2),
                (positive(), positive()).prop_map(|(l1, l2)| Penalty::ElasticNet { l1, l2 }),
            ],
            initialization in prop_oneof![
                select(vec![
                    Initialization::Auto,
                    Initialization::Zero,
                    Initialization::XavierUniform,
                    Initialization::XavierNormal,
                    Initialization::HeUniform,
                    Initialization::HeNormal,
                    Initialization::File("weights.safetensors".into()),
                ]),
                prop::collection::vec(-1e300..1e300, 1..4).prop_map(Initialization::Explicit),
            ],
            (warmup, budget) in prop_oneof![
                (0..1000u64, 1000..1_000_000u64)
                    .prop_map(|(warmup, budget)| (Span::Steps(warmup), Span::Steps(budget))),
                (0.0..10.0, 10.0..1e9)
                    .prop_map(|(warmup, budget)| (Span::Epochs(warmup), Span::Epochs(budget))),
            ],
            batch in prop_oneof![
                Just(Batch::Full),
                Just(Batch::Stochastic),
                (1..1_000_000usize).prop_map(Batch::Mini)
            ],
            preprocessing in prop::collection::vec(transform(), 0..4),
            (sampling, accumulate) in (member!(Sampling), 1..50usize),
            (clip, gradient_noise, averaging) in
                (member!(Clip), member!(GradientNoise), member!(Averaging)),
            starts in 1..100usize,
            stage in prop::option::of((member!(Schedule), 0.0..10.0)),
            schedule_per in select(vec![SchedulePer::Step, SchedulePer::Epoch]),
            stopping in (
                prop::option::of(-1e300..1e300),
                prop::option::of(1..u64::MAX),
                prop::option::of(positive()),
                prop::option::of(positive()),
            ).prop_map(|(target_loss, patience, gradient_norm, seconds)| Stopping {
                target_loss, patience, gradient_norm, seconds
            }),
            precision in select(vec![Precision::F32, Precision::F64]),
            class_weights in prop_oneof![
                Just(ClassWeights::Off),
                Just(ClassWeights::Balanced),
                prop::collection::vec(positive(), 1..4).prop_map(ClassWeights::Explicit),
            ],
            (evaluate_every, record_every) in (cadence(), cadence()),
        ) -> Experiment {
            // As large as the optimizer asks for.
            let least = optimizer.rule::<f64>().min_batch();
            let batch = if batch.size(usize::MAX) < least { Batch::Full } else { batch };
            // What has no meaning together is left at its default.
            let has_batches = batch != Batch::Full;
            let usual = Sampling::named("WithoutReplacement").unwrap();
            let sampling = if has_batches && shuffle { sampling } else { usual };
            let accumulate = if has_batches { accumulate } else { 1 };
            let at = match budget {
                Span::Steps(steps) => Span::Steps(steps - 1),
                Span::Epochs(epochs) => Span::Epochs(epochs),
            };
            let then = stage
                .map(|(schedule, scale)| Stage { scale, ..Stage::new(at, schedule) })
                .into_iter()
                .collect();
            let is_kept = |member: &Augment| member.kind() != AugmentKind::Mixing;
            let augmentation = augmentation.into_iter().filter(is_kept).collect();
            let searches = optimizer.rule::<f64>().searches();
            let clip = if searches { Clip::named("Off").unwrap() } else { clip };
            let off = GradientNoise::named("Off").unwrap();
            let gradient_noise = if searches { off } else { gradient_noise };
            Experiment {
                sampling,
                accumulate,
                clip,
                gradient_noise,
                averaging,
                starts,
                then,
                schedule_per,
                data,
                split: Split::of(train, 1.0 - train, 0.0, stratified),
                preprocessing,
                scaling,
                images,
                augmentation,
                model,
                initialization,
                loss,
                class_weights,
                penalty,
                optimizer,
                schedule,
                warmup,
                batch,
                shuffle,
                budget,
                stopping,
                precision,
                evaluate_every,
                record_every,
            }
        }
    }

    prop_compose! {
        fn study()(
            title in any::<String>(),
            notes in any::<String>(),
            base in experiment(),
            others in prop::collection::vec(experiment(), 0..4),
            seeds in prop::collection::btree_set(any::<u64>(), 1..4),
        ) -> Study {
            let compare = others
                .iter()
                .enumerate()
                .map(|(index, other)| Variation::between(format!("\"{index}\" 学"), &base, other))
                .collect();
            Study { format: 1, title, notes, base, compare, seeds: seeds.into_iter().collect() }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_is_written_is_read_again(study in study()) {
            let text = write(&study);
            let again = read(&text, Path::new("study.ron"))
                .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(&again, &study);
            prop_assert_eq!(write(&again), text);
        }

        #[test]
        fn no_damage_makes_the_reader_panic(study in study(), at in any::<Index>(), with in any::<char>()) {
            let mut letters: Vec<char> = write(&study).chars().collect();
            let at = at.index(letters.len());
            letters[at] = with;
            let _ = read(&letters.into_iter().collect::<String>(), Path::new("study.ron"));
        }
    }
}

#[test]
fn a_name_alone_stands_for_its_defaults() {
    let read = |base: &str| {
        let text = format!("Study(format: 1, base: Experiment({base}), compare: [(label: \"a\")])");
        descent::experiment::file::read(&text, Path::new("study.ron")).unwrap()
    };
    assert_eq!(
        read(
            "model: Mlp, loss: Huber, optimizer: Adam, schedule: Linear , data: Surface(Quadratic)"
        ),
        read(
            "model: Mlp(), loss: Huber(), optimizer: Adam(), schedule: Linear(), data: Surface(Quadratic())"
        ),
    );
    // One word, two families: the model has no settings, the schedule has.
    read("model: Linear, schedule: Linear");
}
