//! Tables that are larger than the memory they may take: kept in a file, read in blocks, with the
//! same results to the last bit.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use descent::analysis::ClosedForm;
use descent::data::{
    CsvSource, Loaded, Prepared, Progress, Recipe, Source, Split, load, overview, prepare,
    prepare_with,
};
use descent::experiment::file::read;
use descent::record::{Clock, Metric, Part, plan_study};
use descent::training::{Executor, Plan, Run};
use tempfile::TempDir;

const N_ROWS: usize = 12_000;

/// A table of 12,000 rows with 13 features of numbers, some of them missing, one of names, a class and
/// a number to be predicted, and weights: 1.6 MB as numbers of 8 bytes.
fn table() -> TempDir {
    let mut text = (0..13).map(|j| format!("x{j},")).collect::<String>();
    text += "colour,class,y,weight\n";
    let mut state = 1_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1 << 24) - 0.5
    };
    for row in 0..N_ROWS {
        let mut sum = 0.0;
        for column in 0..13 {
            let value = next();
            sum += value * f64::from(column - 6);
            if row % 97 == 3 * column as usize {
                text += "NA,";
            } else {
                write!(text, "{value:.5},").unwrap();
            }
        }
        let colour = ["red", "green", "blue", ""][(4.0 * (next() + 0.5)) as usize % 4];
        let class = if sum + next() > 0.0 { "yes" } else { "no" };
        // A target that is missing takes its row out.
        let class = if row % 501 == 7 { "" } else { class };
        writeln!(text, "{colour},{class},{:.5},{:.3}", sum + next(), 1.0 + next()).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("table.csv"), text).unwrap();
    folder
}

fn source(target: &str, weights: &str, memory: Option<u32>) -> Source {
    let ignore =
        ["class", "y", "weight"].into_iter().filter(|name| ![target, weights].contains(name));
    Source::Csv(CsvSource {
        path: "table.csv".into(),
        target: target.into(),
        weights: weights.into(),
        ignore: ignore.map(str::to_owned).collect(),
        memory,
        ..CsvSource::default()
    })
}

fn prepared(folder: &Path, source: &Source) -> (Arc<Loaded>, Prepared) {
    let loaded = load(source, folder).unwrap();
    let prepared = prepare(&loaded, source, &Split::default(), Default::default(), 3).unwrap();
    (loaded, prepared)
}

/// All features of a part, from wherever they are.
fn features(samples: &descent::data::Samples) -> Vec<u64> {
    let mut all = Vec::new();
    let look = |rows: &[f64]| all.extend(rows.iter().map(|value| value.to_bits()));
    samples.features.for_each_rows(look).unwrap();
    all
}

#[test]
fn samples_have_the_same_bits_in_a_file() {
    let folder = table();
    // The quick reader takes every file but those with missing values that are spelt as stated.
    for (target, weights, missing) in
        [("class", "", ""), ("y", "", ""), ("class", "weight", ""), ("class", "", "NA")]
    {
        let [(whole, memory), (head, file)] = [None, Some(1)].map(|limit| {
            let mut source = source(target, weights, limit);
            if let Source::Csv(csv) = &mut source {
                csv.missing.extend((!missing.is_empty()).then(|| missing.to_owned()));
            }
            prepared(folder.path(), &source)
        });
        assert_eq!((whole.n_rows(), head.n_rows()), (N_ROWS, N_ROWS));
        assert!(whole.store.is_none() && head.store.is_some());
        assert_eq!((whole.table.n_rows(), head.table.n_rows()), (N_ROWS, 10_000));
        assert_eq!(whole.report, head.report);
        assert_eq!(whole.fingerprint, head.fingerprint);
        assert_eq!(memory.feature_names, file.feature_names);
        assert_eq!(memory.feature_scaling, file.feature_scaling);
        assert_eq!(memory.target_scaling, file.target_scaling);
        assert_eq!(memory.class_names, file.class_names);
        let parts = [
            (&memory.train, &file.train),
            (&memory.validation, &file.validation),
            (&memory.test, &file.test),
        ];
        for (memory, file) in parts {
            assert_eq!(features(memory), features(file));
            assert_eq!(memory.targets, file.targets);
            assert_eq!(memory.rows, file.rows);
            assert_eq!(memory.weights, file.weights);
        }
        assert_eq!(file.train.features.memory(), Some(1 << 20));
        let new: Vec<_> = file.notes.iter().filter(|note| !memory.notes.contains(note)).collect();
        assert_eq!(
            new,
            [
                "the features (2 MiB) are kept in a temporary file and at most 1 MiB of rows in memory; the sampling Blocks goes with that, others read row by row and are slower"
            ]
        );
    }
}

/// Of the rows in a file too, missing cells, range and mean are those of all.
#[test]
fn a_look_at_all_rows_finds_the_same_in_a_file() {
    let folder = table();
    let [memory, file] = [None, Some(1)].map(|limit| {
        let loaded = load(&source("class", "", limit), folder.path()).unwrap();
        overview(&loaded).unwrap()
    });
    assert_eq!(memory, file);
    assert!(file.iter().any(|column| column.n_missing > 0));
    assert!(file.iter().any(|column| column.numbers.is_some()));
}

/// Whoever has waited long enough gets a sentence, not half of the samples.
#[test]
fn samples_in_the_making_can_be_cancelled() {
    let folder = table();
    let source = source("class", "", Some(1));
    let loaded = load(&source, folder.path()).unwrap();
    let progress = Progress::default();
    let prepare =
        || prepare_with(&loaded, &source, &Split::default(), &Recipe::default(), 3, &progress);
    prepare().unwrap();
    assert!(progress.fraction() > 0.5, "{}", progress.fraction());
    progress.cancel();
    assert_eq!(prepare().unwrap_err().to_string(), "table.csv: the reading was cancelled");
}

/// A table that the limit holds is kept in memory.
#[test]
fn a_table_within_the_limit_stays_in_memory() {
    let folder = table();
    let (loaded, prepared) = prepared(folder.path(), &source("class", "", Some(64)));
    assert!(loaded.store.is_none());
    assert_eq!(prepared.train.features.memory(), None);
}

/// The sums are of the same pieces, so that they are rounded alike.
#[test]
fn the_minimum_has_the_same_bits_from_a_file() {
    let folder = table();
    let best = |memory: &str| {
        let plans = plans(folder.path(), "y|model: Linear", memory);
        ClosedForm::of(&plans[0]).expect("a linear regression")
    };
    let [memory, file] = ["", ", memory: Some(1)"].map(best);
    let bits = |found: &ClosedForm| found.params.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&memory), bits(&file));
    assert_eq!(memory.objective.to_bits(), file.objective.to_bits());
}

fn plans(folder: &Path, experiment: &str, memory: &str) -> Vec<Arc<Plan>> {
    let (target, settings) = experiment.split_once('|').unwrap();
    let ignore = if target == "y" { "class" } else { "y" };
    let text = format!(
        r#"Study(
            format: 1,
            title: "",
            base: Experiment(
                data: Csv(path: "table.csv", target: "{target}", ignore: ["{ignore}", "weight"]{memory}),
                {settings}
            ),
            seeds: [5],
        )"#
    );
    let study = read(&text, Path::new("study")).unwrap_or_else(|error| panic!("{error}"));
    plan_study(&study, folder).unwrap_or_else(|problems| panic!("{}", problems[0])).plans
}

fn outcomes(plans: &[Arc<Plan>], n_threads: usize) -> Vec<Outcome> {
    let executor = Executor::new(Some(n_threads));
    let mut runs = executor.start_all(plans.to_vec(), false, Arc::new(|| ()));
    runs.iter_mut().for_each(Run::wait);
    runs.iter().map(outcome).collect()
}

type Outcome = (Vec<(u64, u64)>, [Vec<u64>; 6]);

/// The hashes of the parameters, and the bits of loss and quality on the whole parts.
fn outcome(run: &Run) -> Outcome {
    let parts = [Part::Train, Part::Validation];
    let series = parts.map(|part| {
        [Metric::Loss, Metric::Accuracy, Metric::R2].map(|metric| {
            let found = run.history().series(part, metric, Clock::Step);
            found.map_or(Vec::new(), |(_, values)| values.iter().map(|x| x.to_bits()).collect())
        })
    });
    let [[a, b, c], [d, e, f]] = series;
    (run.hashes().to_vec(), [a, b, c, d, e, f])
}

/// Whatever is trained, whichever way it goes through the samples, in both precisions and with any
/// number of threads: every hash of the parameters and the last loss of every part.
#[test]
fn training_gives_the_same_bits_from_a_file() {
    const LOGISTIC: &str = "model: Logistic, loss: BinaryCrossEntropy, optimizer: Adam";
    let folder = table();
    let experiments = [
        // Transforms that are fitted to columns in a file, and splits by such a column.
        format!(
            r#"class|{LOGISTIC}, preprocessing: [DropMissing(columns: ["x1"]), Impute(columns: ["colour"], with: MostFrequent), OneHot(drop_first: true), Robust(columns: ["x2"]), Polynomial(columns: ["x3", "x4"])], sampling: Blocks(block: 200, window: 3), batch: Mini(64), budget: Epochs(1)"#
        ),
        format!(
            r#"class|{LOGISTIC}, split: (by: Time("x5")), preprocessing: [Ordinal(columns: ["colour"])], sampling: Blocks(block: 200, window: 3), batch: Mini(64), budget: Epochs(1), precision: F32"#
        ),
        format!("class|{LOGISTIC}, sampling: Blocks(block: 200, window: 5), batch: Mini(60), budget: Epochs(2), precision: F64"),
        format!("class|{LOGISTIC}, sampling: Blocks(block: 200, window: 5), batch: Mini(60), budget: Epochs(2), precision: F32"),
        // Samples that are changed, and mixed with others of the batch.
        format!(
            "class|{LOGISTIC}, augmentation: [Noise(), Mixup()], sampling: Blocks(block: 200, window: 3), batch: Mini(64), budget: Epochs(1)"
        ),
        format!(
            "class|{LOGISTIC}, augmentation: [Mixup()], sampling: WithReplacement, batch: Mini(64), budget: Epochs(1), precision: F32"
        ),
        // A window that does not fit, batches that jump, the order of the file, all at once.
        format!("class|{LOGISTIC}, sampling: Blocks(), batch: Mini(500), budget: Epochs(1)"),
        format!("class|{LOGISTIC}, sampling: WithoutReplacement, batch: Mini(300), budget: Epochs(1), precision: F32"),
        format!("class|{LOGISTIC}, shuffle: false, batch: Mini(3000), budget: Epochs(2)"),
        format!("class|{LOGISTIC}, class_weights: Balanced, batch: Full, budget: Epochs(3)"),
        "y|model: Linear, loss: MeanSquaredError, optimizer: GradientDescent(learning_rate: 0.1), sampling: Blocks(block: 64, window: 3), batch: Mini(32), budget: Epochs(2)".to_owned(),
        "class|model: Mlp(hidden: [6]), loss: BinaryCrossEntropy, optimizer: Momentum(learning_rate: 0.02), sampling: Blocks(block: 500, window: 2), batch: Mini(2500), budget: Epochs(2), precision: F32".to_owned(),
    ];
    for experiment in &experiments {
        let expected = outcomes(&plans(folder.path(), experiment, ""), 1);
        assert!(expected[0].0.len() > 1, "hashes along the way");
        assert_eq!(expected[0].1.iter().filter(|series| !series.is_empty()).count(), 4);
        let plans = plans(folder.path(), experiment, ", memory: 1");
        for n_threads in [1, 2, 8] {
            let found = outcomes(&plans, n_threads);
            assert_eq!(found, expected, "{experiment}, {n_threads} threads");
        }
    }
}
