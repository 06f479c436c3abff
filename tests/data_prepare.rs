//! From tables to samples: targets, features, splits and scaling.

use std::sync::Arc;

use descent::data::prepare::Loaded;
use descent::data::{
    CsvSource, DataError, Prepared, Samples, Scaling, Source, Split, TargetColumn, Task, load,
    prepare,
};
use proptest::prelude::*;

fn read(text: &str, settings: CsvSource) -> (Arc<Loaded>, Source) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("t.csv"), text).expect("a file");
    let source = Source::Csv(CsvSource { path: "t.csv".into(), ..settings });
    (load(&source, folder.path()).expect("a readable table"), source)
}

fn prepared(text: &str, task: Task, split: Split, scaling: Scaling) -> Result<Prepared, DataError> {
    let (loaded, source) = read(text, CsvSource { task, ..CsvSource::default() });
    prepare(&loaded, &source, &split, scaling, 5)
}

const ALL: Split = Split::of(1.0, 0.0, 0.0, true);

fn refusal(text: &str, target: &str, task: Task) -> String {
    let settings = CsvSource { task, target: target.into(), ..CsvSource::default() };
    let (loaded, source) = read(text, settings);
    prepare(&loaded, &source, &ALL, Scaling::Standardize, 5).expect_err("a refusal").to_string()
}

fn classes(samples: &Samples) -> &[u32] {
    match &samples.targets {
        TargetColumn::Classes(classes) => classes,
        TargetColumn::Numbers(_) => panic!("numbers"),
    }
}

fn numbers(samples: &Samples) -> &[f64] {
    match &samples.targets {
        TargetColumn::Numbers(numbers) => numbers,
        TargetColumn::Classes(_) => panic!("classes"),
    }
}

#[test]
fn what_cannot_be_learnt_is_refused() {
    let many: String = (0..1001).map(|k| format!("{k},{k}\n")).collect();
    let cases = [
        (
            "x,y\n1,a\n2,a\n",
            "y",
            Task::Auto,
            "t.csv: the target `y` has one class only, `a`; two or more are needed to learn a difference",
        ),
        (
            "x,y\n1,3\n2,3\n",
            "y",
            Task::Classification,
            "t.csv: the target `y` has one class only, `3`; two or more are needed to learn a difference",
        ),
        (
            "x,y\n1,NA\n2,\n",
            "",
            Task::Auto,
            "t.csv: there is nothing to predict `x` from: no other column can be used as a feature",
        ),
        (
            "x,y\n1,a\n2,b\n",
            "y",
            Task::Regression,
            "t.csv: the target `y` is not numeric, so there is no regression on it; choose another column or the task Classification",
        ),
        (
            "y\n1\n2\n",
            "y",
            Task::Auto,
            "t.csv: there is nothing to predict `y` from: no other column can be used as a feature",
        ),
        (
            &format!("x,y\n{many}"),
            "y",
            Task::Classification,
            "t.csv: the target `y` has 1001 distinct values; up to 1000 classes are possible (is it a number to be predicted by regression, or a text?)",
        ),
    ];
    for (text, target, task, message) in cases {
        assert_eq!(refusal(text, target, task), message);
    }
    let error = prepared("x,y\n1,2\n3,4\n", Task::Auto, Split::default(), Scaling::Off);
    assert_eq!(
        error.unwrap_err().message,
        "2 usable samples cannot be divided into 3 parts; at least 3 are needed"
    );
}

#[test]
fn shares_are_checked() {
    let message = |train, validation, test| {
        let split = Split::of(train, validation, test, false);
        split.check().unwrap_err().message
    };
    assert_eq!(message(1.5, 0.0, 0.0), "the train share is 1.5; it must be from 0 to 1");
    assert_eq!(message(0.5, f64::NAN, 0.5), "the validation share is NaN; it must be from 0 to 1");
    assert_eq!(message(0.0, 0.5, 0.5), "the train share is 0; something is needed to train on");
    assert_eq!(
        message(0.5, 0.25, 0.0),
        "the shares train 0.5, validation 0.25 and test 0 sum to 0.75; they must sum to 1"
    );
}

#[test]
fn nominal_features_become_indicators_and_the_rest_is_said() {
    let mut text = "id,colour,size,gap,note,y\n".to_owned();
    for k in 0..60 {
        let colour = ["red", "", "blue"][k % 3];
        let size = if k == 0 { String::new() } else { (k % 2).to_string() };
        text += &format!("{k},{colour},{size},,note {k},{}\n", k as f64 + 0.5);
    }
    let settings = CsvSource { ignore: vec!["id".into()], ..CsvSource::default() };
    let (loaded, source) = read(&text, settings);
    let prepared = prepare(&loaded, &source, &ALL, Scaling::Off, 0).unwrap();
    assert_eq!(
        prepared.feature_names,
        ["colour = blue", "colour = red", "colour = missing", "size"]
    );
    assert_eq!(
        prepared.notes,
        [
            "`gap`: left out because all values are missing",
            "`size`: missing values replaced by the mean of the training part",
            "`colour`: missing values made a level of their own",
            "`note` left out: 60 different texts, more than the 50 levels of a nominal feature",
        ]
    );
    // 30 of the 59 sizes that are present are 1.
    let mean = 30.0 / 59.0;
    assert_eq!(prepared.train.features[..8], [0.0, 1.0, 0.0, mean, 0.0, 0.0, 1.0, 1.0]);
}

#[test]
fn classes_are_sorted_and_rows_without_one_are_left_out() {
    let text = "x,y\n1,b\n2,a\n3,\n4,b\n";
    let nominal = prepared(text, Task::Auto, ALL, Scaling::Off).unwrap();
    assert_eq!(nominal.class_names, ["a", "b"]);
    assert_eq!(classes(&nominal.train), [1, 0, 1]);
    assert_eq!(nominal.train.rows, [0, 1, 3]);
    assert_eq!(nominal.notes, ["1 row left out because the target `y` is missing"]);

    let text = "x,y\n1,10\n2,9\n3,-0.0\n4,10\n5,0\n";
    let numeric = prepared(text, Task::Classification, ALL, Scaling::Off).unwrap();
    assert_eq!(numeric.class_names, ["0", "9", "10"]);
    assert_eq!(classes(&numeric.train), [2, 1, 0, 2, 0]);
}

#[test]
fn few_whole_numbers_are_remarked_on() {
    let text = format!("x,y\n{}", "1,0\n2,1\n".repeat(5));
    let prepared = prepared(&text, Task::Auto, ALL, Scaling::Off).unwrap();
    assert!(!prepared.is_classification());
    assert_eq!(
        prepared.notes,
        [
            "the target `y` has only 2 distinct whole numbers and is predicted as a number; the task Classification would make classes of them"
        ]
    );
}

#[test]
fn a_feature_that_is_the_target_is_remarked_on() {
    for text in ["x,y,y\n1,2,2\n2,3,3\n5,4.5,4.5\n", "x,y,y\n1,b,b\n2,a,a\n5,b,b\n"] {
        let prepared = prepared(text, Task::Auto, ALL, Scaling::Off).unwrap();
        assert_eq!(
            prepared.notes,
            [
                "`y` has the same values as the target `y (2)`; a model will only copy it, so ignore it"
            ]
        );
    }
}

#[test]
fn numeric_targets_are_scaled_by_the_same_rule() {
    let text = "x,y\n2,20\n4,40\n4,40\n4,40\n5,50\n5,50\n7,70\n9,90\n";
    let prepared = prepared(text, Task::Auto, ALL, Scaling::Standardize).unwrap();
    assert_eq!(prepared.feature_scaling, [(5.0, 2.0)]);
    assert_eq!(prepared.target_scaling, (50.0, 20.0));
    assert_eq!(prepared.train.features, [-1.5, -0.5, -0.5, -0.5, 0.0, 0.0, 1.0, 2.0]);
    assert_eq!(numbers(&prepared.train), &prepared.train.features[..]);
}

#[test]
fn the_training_part_alone_decides_the_scaling() {
    let row = |k: usize, shift: f64| format!("{},{}\n", (k * k) as f64 + shift, k % 7);
    let table = |changed: &[usize]| -> String {
        let rows = (0..40).map(|k| row(k, if changed.contains(&k) { 1e6 } else { 0.0 }));
        format!("x,y\n{}", rows.collect::<String>())
    };
    for scaling in [Scaling::Standardize, Scaling::MinMax] {
        let prepare = |text: &str| prepared(text, Task::Auto, Split::default(), scaling).unwrap();
        let before = prepare(&table(&[]));
        let outside: Vec<usize> = before.validation.rows.iter().chain(&before.test.rows).collect();
        let after = prepare(&table(&outside));
        assert_eq!(
            (&before.train, &before.feature_scaling),
            (&after.train, &after.feature_scaling)
        );
        assert_ne!(before.test.features, after.test.features);
        let after = prepare(&table(&[before.train.rows.get(0)]));
        assert_ne!(before.feature_scaling, after.feature_scaling);
    }
}

#[test]
fn stratified_parts_have_the_shares_of_each_class() {
    // 50 samples of each of three species: 35 + 7.5 + 7.5, so 7 or 8 in the smaller parts.
    let source = Source::Bundled("iris".into());
    let loaded = load(&source, std::path::Path::new("")).unwrap();
    let prepared = prepare(&loaded, &source, &Split::default(), Scaling::Off, 3).unwrap();
    let counts = |samples: &Samples| {
        let mut counts = [0; 3];
        classes(samples).iter().for_each(|class| counts[*class as usize] += 1);
        counts
    };
    assert_eq!(counts(&prepared.train), [35, 35, 35]);
    let (validation, test) = (counts(&prepared.validation), counts(&prepared.test));
    for class in 0..3 {
        assert_eq!(validation[class] + test[class], 15);
        assert!((7..=8).contains(&test[class]));
    }
    assert_eq!((prepared.validation.n_samples(), prepared.test.n_samples()), (23, 22));
}

#[test]
fn seeds_change_the_parts_and_nothing_else_does() {
    let source = Source::Bundled("wine".into());
    let loaded = load(&source, std::path::Path::new("")).unwrap();
    let rows = |scaling, seed| {
        prepare(&loaded, &source, &Split::default(), scaling, seed).unwrap().train.rows
    };
    assert_eq!(rows(Scaling::Off, 1), rows(Scaling::Standardize, 1));
    assert_ne!(rows(Scaling::Off, 1), rows(Scaling::Off, 2));
    assert!(rows(Scaling::Off, 1).iter().is_sorted());
}

#[test]
fn sizes_follow_the_largest_remainders() {
    let split = |train, validation, test| Split::of(train, validation, test, false);
    assert_eq!(Split::default().sizes(3).unwrap(), [1, 1, 1]);
    assert_eq!(Split::default().sizes(5).unwrap(), [3, 1, 1]);
    assert_eq!(Split::default().sizes(1797).unwrap(), [1258, 270, 269]);
    assert_eq!(split(0.7, 0.3, 0.0).sizes(10).unwrap(), [7, 3, 0]);
    assert_eq!(split(0.98, 0.01, 0.01).sizes(10).unwrap(), [8, 1, 1]);
    assert_eq!(split(1.0, 0.0, 0.0).sizes(1).unwrap(), [1, 0, 0]);
}

proptest! {
    #[test]
    fn parts_cover_everything_once(
        labels in prop::collection::vec(0usize..5, 10..120),
        weights in (1u32..10, 0u32..10, 0u32..10),
        stratified: bool,
        seed: u64,
    ) {
        prop_assume!(labels.iter().any(|label| *label != labels[0]));
        let sum = f64::from(weights.0 + weights.1 + weights.2);
        let split = Split::of(f64::from(weights.0) / sum, f64::from(weights.1) / sum, f64::from(weights.2) / sum, stratified);
        let rows = labels.iter().enumerate().map(|(k, label)| format!("{k},class {label}\n"));
        let text = format!("x,y\n{}", rows.collect::<String>());
        let (loaded, source) = read(&text, CsvSource::default());
        let prepared = prepare(&loaded, &source, &split, Scaling::Off, seed).unwrap();
        let parts = [&prepared.train, &prepared.validation, &prepared.test];
        let shares = [split.train, split.validation, split.test];
        let mut all: Vec<usize> = parts.iter().flat_map(|part| part.rows.iter()).collect();
        all.sort_unstable();
        prop_assert!(all.iter().copied().eq(0..labels.len()));
        for (part, share) in parts.iter().zip(shares) {
            prop_assert_eq!(part.rows.is_empty(), share == 0.0);
            for (row, feature) in part.rows.iter().zip(part.features.iter()) {
                prop_assert_eq!(row as f64, *feature);
            }
            if stratified {
                for (class, name) in prepared.class_names.iter().enumerate() {
                    let of_class = |label: &&usize| format!("class {label}") == *name;
                    let n = labels.iter().filter(of_class).count() as f64;
                    let found = classes(part).iter().filter(|c| **c as usize == class).count();
                    // Within 2 of the exact share: one by rounding, one by the parts' own sizes.
                    prop_assert!((found as f64 - share * n).abs() <= 2.0, "{} of {}", found, n);
                }
            }
        }
    }
}

#[test]
fn the_last_column_that_can_be_learnt_is_the_target() {
    // Weights that are all alike, names that are all different, and a flag that is always set.
    let rows: String = (0..1200).map(|k| format!("{k},{},2,name {k},Y,\n", 3 * k)).collect();
    let text = format!("a,b,w,who,flag,\n{rows}");
    let target = |ignore: &[&str], weights: &str| {
        let ignore = ignore.iter().map(|name| (*name).to_owned()).collect();
        let settings = CsvSource { ignore, weights: weights.into(), ..CsvSource::default() };
        let (loaded, _) = read(&text, settings);
        loaded.table.columns[loaded.target].name.clone()
    };
    assert_eq!(target(&[], ""), "b");
    assert_eq!(target(&[], "b"), "a");
    assert_eq!(target(&["b"], ""), "a");
    // Where none is left, the last one with values, of which the reason is said.
    assert_eq!(target(&["a", "b"], ""), "flag");
    let rows: String = (0..20).map(|k| format!("{k},{},2,\n", 3 * k)).collect();
    let settings = CsvSource { target: "column 4".into(), ..CsvSource::default() };
    let (loaded, source) = read(&format!("a,b,w,\n{rows}"), settings);
    assert_eq!(
        prepare(&loaded, &source, &ALL, Scaling::Off, 5).unwrap_err().to_string(),
        "t.csv: the target `column 4` is missing in all rows; choose another column"
    );
}
