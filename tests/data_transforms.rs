//! Transforms of columns: against scikit-learn, fitted on the training part alone, in order, and
//! undone again in coefficients and predictions. The reference values are computed by
//! `tests/references/transforms.py`.

use std::path::Path;
use std::sync::Arc;

use descent::analysis::{ClosedForm, Forecast, INTERCEPT, coefficients};
use descent::data::features::{Expression, Pipeline, Step};
use descent::data::prepare::Loaded;
use descent::data::transforms::{Draft, Fitting};
use descent::data::{
    Batch, Cells, CsvSource, Feature, Prepared, Progress, Recipe, RowSet, Scaling, Source, Split,
    TargetColumn, Transform, load, prepare, prepare_as,
};
use descent::experiment::{Experiment, Study, file};
use descent::settings::Value;
use descent::training::Plan;

const ALL: Split = Split::of(1.0, 0.0, 0.0, true);

fn references() -> serde_json::Value {
    let text = include_str!("references/transforms.json");
    serde_json::from_str(text).expect("references that can be read")
}

fn floats(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
}

fn texts(value: &serde_json::Value) -> Vec<String> {
    let list = value.as_array().expect("a list").iter();
    list.map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// Transforms as they stand in a study.
fn transforms(text: &str) -> Vec<Transform> {
    let study = format!("Study(format: 1, base: Experiment(preprocessing: {text}))");
    let study = file::read(&study, Path::new("study.ron"));
    study.unwrap_or_else(|error| panic!("{text}: {error}")).base.preprocessing
}

fn bundled(name: &str) -> (Arc<Loaded>, Source) {
    let source = Source::Bundled(name.to_owned());
    (load(&source, Path::new(".")).expect("bundled"), source)
}

fn read(text: &str) -> (Arc<Loaded>, Source) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("t.csv"), text).expect("a file");
    let source = Source::Csv(CsvSource { path: "t.csv".into(), ..CsvSource::default() });
    (load(&source, folder.path()).expect("a readable table"), source)
}

fn recipe(text: &str, scaling: Scaling) -> Recipe {
    Recipe { transforms: transforms(text), ..Recipe::scaled(scaling) }
}

fn prepared(text: &str, list: &str) -> Result<Prepared, String> {
    let (loaded, source) = read(text);
    let found = prepare_as(&loaded, &source, &ALL, &recipe(list, Scaling::Off), 1);
    found.map_err(|error| error.to_string())
}

/// The values `[row × feature]` of the named columns after the transforms, fitted to every other row.
fn transformed(loaded: &Loaded, columns: &[String], list: &str, rows: &[usize]) -> Vec<Vec<f64>> {
    let all = RowSet::first(loaded.table.n_rows());
    let train: RowSet = (0..loaded.table.n_rows()).step_by(2).collect();
    let draft = |name: &String| {
        let column = loaded.table.columns.iter().position(|column| column.name == *name);
        let column = column.unwrap_or_else(|| panic!("there is no {name}"));
        match loaded.table.columns[column].cells {
            Cells::Numeric(_) => {
                let expression = Expression::number(name, column);
                Draft::Number(Feature { name: name.clone(), expression })
            }
            Cells::Nominal { .. } => {
                Draft::Nominal { column, name: name.clone(), missing_as: None }
            }
        }
    };
    let mut fitting = Fitting {
        progress: &Progress::default(),
        loaded,
        table: &loaded.table,
        target: loaded.target,
        rows: &all,
        train: &train,
        drafts: columns.iter().map(draft).collect(),
        notes: Vec::new(),
    };
    for transform in transforms(list) {
        transform.rule().fit(&mut fitting).expect("a fit");
    }
    let feature = |draft: &Draft| match draft {
        Draft::Number(feature) => feature.clone(),
        Draft::Nominal { name, .. } => panic!("{name} is not a number"),
    };
    let pipeline = Pipeline { features: fitting.drafts.iter().map(feature).collect() };
    let encoded = pipeline.encode(&loaded.table, rows).expect("the same table");
    encoded.chunks(pipeline.features.len()).map(<[f64]>::to_vec).collect()
}

fn check(what: &str, found: &[Vec<f64>], expected: &serde_json::Value, tolerance: f64) {
    let rows = expected.as_array().expect("rows");
    assert_eq!(found.len(), rows.len(), "{what}");
    for (row, expected) in found.iter().zip(rows) {
        let expected = floats(expected);
        assert_eq!(row.len(), expected.len(), "{what}: {row:?}");
        for (x, y) in row.iter().zip(&expected) {
            let room = tolerance * y.abs().max(1.0);
            assert!((x - y).abs() <= room, "{what}: {x} is not {y} in {row:?}");
        }
    }
}

/// One rounding or two apart: both sides compute in doubles, in another order. Powers are as far apart
/// as scikit-learn's search, which ends at 1.5e-8 of λ, leaves them.
#[test]
fn numbers_become_what_scikit_learn_makes_of_them() {
    let references = references();
    let (loaded, _) = bundled("breast_cancer");
    let columns = texts(&references["names"]);
    let five = [0, 1, 2, 100, 301];
    for (key, list, rows, tolerance) in [
        ("standardize", "[Standardize()]", &five[..], 1e-13),
        ("min_max", "[MinMax(low: -1, high: 1)]", &five, 1e-13),
        ("robust", "[Robust(low: 0.1, high: 0.8)]", &five, 1e-13),
        ("power", "[Power(), Standardize()]", &five, 1e-6),
        ("winsorize", "[Winsorize(low: 0.05, high: 0.9)]", &five, 1e-13),
        ("tukey_fences", "[TukeyFences()]", &five, 1e-13),
        ("sigma_clip", "[SigmaClip(deviations: 2)]", &five, 1e-13),
        ("log", "[Log()]", &five, 1e-14),
        ("polynomial", "[Polynomial(degree: 3)]", &[0, 301], 1e-14),
        ("interactions", "[Polynomial(degree: 3, interactions_only: true)]", &[0, 301], 1e-14),
    ] {
        check(key, &transformed(&loaded, &columns, list, rows), &references[key], tolerance);
    }
}

/// The exponents are at least as likely as those that scikit-learn finds, and close to them.
#[test]
fn powers_are_the_likeliest() {
    let references = references();
    let (loaded, _) = bundled("breast_cancer");
    let train: Vec<usize> = (0..loaded.table.n_rows()).step_by(2).collect();
    let lambdas = floats(&references["lambdas"]);
    let likelihoods = floats(&references["likelihoods"]);
    for ((name, expected), likelihood) in
        texts(&references["names"]).into_iter().zip(lambdas).zip(likelihoods)
    {
        let index = loaded.table.columns.iter().position(|c| c.name == name).unwrap();
        let expression = Expression::number(&name, index);
        let mut fitting = Fitting {
            progress: &Progress::default(),
            loaded: &loaded,
            table: &loaded.table,
            target: loaded.target,
            rows: &train.iter().copied().collect(),
            train: &train.iter().copied().collect(),
            drafts: vec![Draft::Number(Feature { name: name.clone(), expression })],
            notes: Vec::new(),
        };
        transforms("[Power()]")[0].rule().fit(&mut fitting).unwrap();
        let Draft::Number(feature) = &fitting.drafts[0] else { panic!("a number") };
        assert_eq!(feature.name, format!("power({name})"));
        let [Step::YeoJohnson { lambda }] = feature.expression.steps[..] else { panic!("a power") };
        assert!((lambda - expected).abs() < 1e-6, "{name}: {lambda} {expected}");
        let raw = Expression::number(&name, index).values(&loaded.table, &train).unwrap();
        let made = feature.expression.values(&loaded.table, &train).unwrap();
        let n = made.len() as f64;
        let mean = made.iter().sum::<f64>() / n;
        let variance = made.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        let logs: f64 = raw.iter().map(|x| x.signum() * libm::log1p(x.abs())).sum();
        let found = -n / 2.0 * libm::log(variance) + (lambda - 1.0) * logs;
        assert!(found > likelihood - 1e-9 * likelihood.abs(), "{name}: {found} {likelihood}");
    }
}

#[test]
fn gaps_are_filled_as_scikit_learn_fills_them() {
    let references = references();
    let (loaded, _) = bundled("penguins");
    let columns = ["bill length in mm", "bill depth in mm", "flipper length in mm"];
    let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    for (key, with) in [
        ("impute_mean", "Mean"),
        ("impute_median", "Median"),
        ("impute_most_frequent", "MostFrequent"),
        ("impute_constant", "Constant, constant: -1"),
    ] {
        let list = format!("[Impute(with: {with}, indicator: true)]");
        let found = transformed(&loaded, &columns, &list, &[0, 1, 3, 271]);
        let with_indicators = &references[key];
        check(key, &found, with_indicators, 1e-14);
    }
}

/// Both columns have three levels, of which two fall together.
#[test]
fn rare_levels_fall_together_as_in_scikit_learn() {
    let (loaded, _) = bundled("penguins");
    let columns = ["species".to_owned(), "island".to_owned()];
    let found = transformed(&loaded, &columns, "[OneHot(max_levels: 2)]", &[0, 30, 200, 300]);
    check("one_hot", &found, &references()["one_hot"], 0.0);
}

/// The closed form of least squares on scaled data, told in millimetres and grams.
#[test]
fn coefficients_are_those_of_least_squares_in_the_units_of_the_file() {
    let references = &references()["least_squares"];
    let (loaded, source) = bundled("penguins");
    for scaling in [Scaling::Off, Scaling::Standardize, Scaling::MinMax, Scaling::Robust] {
        let list = r#"[
            DropMissing(),
            DropColumns(columns: ["island"]),
            OneHot(drop_first: true),
            Standardize(columns: ["bill depth in mm"]),
            MinMax(columns: ["flipper length in mm", "bill depth in mm"], low: -3, high: 5),
        ]"#;
        let experiment = Experiment {
            data: source.clone(),
            split: ALL,
            preprocessing: transforms(list),
            scaling,
            ..Experiment::default()
        };
        let plan = Plan::new("", &experiment, 1, Some(&loaded), Path::new(".")).unwrap();
        let plan = Arc::new(plan);
        let best = ClosedForm::of(&plan).expect("a linear regression");
        let found = coefficients(&plan, &best.params);
        let value = |name: &str| {
            let found = found.iter().find(|coefficient| coefficient.feature == name);
            let found = found.unwrap_or_else(|| panic!("no coefficient of {name}"));
            assert!(found.in_original_units && found.note.is_empty(), "{name}: {}", found.note);
            found.value
        };
        // The normal equations of raw columns cost half of the digits.
        let near = |x: f64, y: f64| {
            assert!((x - y).abs() < 1e-6 * y.abs(), "{scaling:?}: {x} is not {y}");
        };
        let (names, values) = (texts(&references["features"]), floats(&references["coefficients"]));
        for (name, expected) in names.iter().zip(values) {
            near(value(name), expected);
        }
        near(value(INTERCEPT), references["intercept"].as_f64().unwrap());
        let train = &plan.data.as_ref().unwrap().train;
        let Some(Forecast::Numbers(predicted)) = Forecast::new(&plan, &best.params, train) else {
            panic!("numbers")
        };
        for (x, y) in predicted.iter().zip(floats(&references["predictions"])) {
            near(*x, y);
        }
    }
}

#[test]
fn what_is_bent_has_no_coefficient_in_its_own_unit() {
    let (loaded, source) = bundled("penguins");
    let list = r#"[
        KeepColumns(columns: ["bill length in mm", "bill depth in mm", "flipper length in mm"]),
        Log(columns: ["bill depth in mm"]),
        Winsorize(columns: ["flipper length in mm"], low: 0, high: 0.5),
        Polynomial(columns: ["bill length in mm", "flipper length in mm"], interactions_only: true),
    ]"#;
    let experiment = Experiment {
        data: source,
        split: ALL,
        preprocessing: transforms(list),
        ..Experiment::default()
    };
    let plan = Plan::new("", &experiment, 1, Some(&loaded), Path::new(".")).unwrap();
    let found = coefficients(&plan, &[1.0, 2.0, 3.0, 4.0, 5.0]);
    let rows: Vec<(&str, bool, &str)> = found
        .iter()
        .map(|found| (&*found.feature, found.in_original_units, &*found.note))
        .collect();
    assert_eq!(
        rows,
        [
            (INTERCEPT, false, ""),
            ("bill length in mm", true, ""),
            ("log(bill depth in mm)", false, "for the feature as it is made: sgn(x) ln(1 + |x|)"),
            ("flipper length in mm", true, "between 172 and 197"),
            (
                "bill length in mm × flipper length in mm",
                false,
                "for the feature as it is made: bill length in mm × [flipper length in mm: clipped to 172…197]"
            ),
        ]
    );
}

/// Rows outside the training part can be anything: nothing fitted moves.
#[test]
fn only_the_training_part_decides() {
    let split = Split::of(0.5, 0.25, 0.25, false);
    let list = r#"[
        Impute(with: Mean, indicator: true), OneHot(max_levels: 2), TukeyFences(), Power(),
        Standardize(), Polynomial(),
    ]"#;
    let recipe = recipe(list, Scaling::Standardize);
    let table = |outside: &[usize]| {
        let row = |i: usize| match outside.contains(&i) {
            true => format!("1e6,strange,{i}\n"),
            false if i.is_multiple_of(7) => format!(",{},{i}\n", ["a", "b", "c"][i % 3]),
            false => format!("{},{},{i}\n", i * i, ["a", "b", "c"][i % 3]),
        };
        format!("x,c,y\n{}", (0..40).map(row).collect::<String>())
    };
    let prepared = |outside: &[usize]| {
        let (loaded, source) = read(&table(outside));
        prepare_as(&loaded, &source, &split, &recipe, 3).expect("prepared")
    };
    let before = prepared(&[]);
    let after = prepared(&before.validation.rows.to_vec());
    assert_eq!(before.train, after.train);
    assert_eq!(before.test, after.test);
    assert_ne!(before.validation.features, after.validation.features);
    let strange =
        "`c`: 10 rows of the validation part have a level that the training part does not have";
    assert!(after.notes.iter().any(|note| note == strange), "{:?}", after.notes);
    assert!(!before.notes.iter().any(|note| note.contains("does not have")), "{:?}", before.notes);
}

#[test]
fn rows_with_gaps_go_before_the_split_and_in_all_parts() {
    let text = "a,b,y\n1,,1\n2,2,2\n,3,3\n4,4,4\n5,5,5\n";
    let all = prepared(text, "[DropMissing()]").unwrap();
    assert_eq!(all.train.rows, [1, 3, 4]);
    assert_eq!(all.notes[0], "2 rows left out because a value is missing");
    assert_eq!(all.train.targets, TargetColumn::Numbers(vec![2.0, 4.0, 5.0].into()));
    let one = prepared(text, r#"[DropMissing(columns: ["b"])]"#).unwrap();
    assert_eq!(one.train.rows, [1, 2, 3, 4]);
    let kept = prepared(text, r#"[KeepColumns(columns: ["a"]), DropMissing()]"#).unwrap();
    assert_eq!(kept.train.rows, [0, 1, 3, 4]);
    assert_eq!(kept.feature_names, ["a"]);
    assert_eq!(
        prepared("a,b,y\n1,,1\n,2,2\n", "[DropMissing()]").unwrap_err(),
        "t.csv: preprocessing[0] (DropMissing): every row has a missing value; name the columns that must be complete, or impute"
    );
}

#[test]
fn levels_are_numbered_counted_and_filled() {
    let text = "size,y\nlow,1\nhigh,2\nmedium,3\n,4\nhigh,5\n";
    let ordered = r#"[Ordinal(columns: ["size"], order: ["low", "medium", "high"])]"#;
    let found = prepared(text, ordered).unwrap();
    // The missing one is the mean of 0, 2, 1, 2.
    assert_eq!(found.train.features, [0.0, 2.0, 1.0, 1.25, 2.0]);
    let filled = format!("[Impute(with: MostFrequent), {}", ordered.trim_start_matches('['));
    assert_eq!(prepared(text, &filled).unwrap().train.features, [0.0, 2.0, 1.0, 2.0, 2.0]);
    assert_eq!(prepared(text, "[Frequency()]").unwrap().train.features, [0.2, 0.4, 0.2, 0.2, 0.4]);
    let found = prepared(text, "[OneHot(max_levels: 2)]").unwrap();
    assert_eq!(found.feature_names, ["size = high", "size = other", "size = missing"]);
    let numbers = prepared("a,y\n3,1\n3,2\n-1,3\n", r#"[OneHot(columns: ["a"])]"#).unwrap();
    assert_eq!(numbers.feature_names, ["a = -1", "a = 3"]);
    assert_eq!(numbers.train.features, [0.0, 1.0, 0.0, 1.0, 1.0, 0.0]);
    assert_eq!(
        prepared(text, &ordered.replace("\"medium\", ", "")).unwrap_err(),
        "t.csv: preprocessing[0] (Ordinal): the order lacks the level `medium` of `size`"
    );
}

#[test]
fn what_cannot_be_done_is_said_with_its_place() {
    let text = "age,sex,y\n1,m,1\n2,f,2\n3,m,3\n";
    let cases = [
        (
            r#"[Log(columns: ["agee"])]"#,
            "preprocessing[0] (Log): `agee` is not a column; did you mean `age`?",
        ),
        (
            r#"[Log(columns: ["sex"])]"#,
            "preprocessing[0] (Log): `sex` is not numeric; encode it first",
        ),
        (r#"[Log(columns: ["y"])]"#, "preprocessing[0] (Log): `y` is the target, not a feature"),
        (
            r#"[DropColumns(columns: ["age"]), Log(columns: ["age"])]"#,
            "preprocessing[1] (Log): `age` is not among the features any more",
        ),
        (
            r#"[Impute(columns: ["sex"], with: Mean)]"#,
            "preprocessing[0] (Impute): `sex` is not numeric, and Mean fills numbers alone",
        ),
        (
            r#"[Log(), OneHot(columns: ["age"])]"#,
            "preprocessing[1] (OneHot): `log(age)` is not a column as it is in the file; encode it before other transforms",
        ),
        (
            "[OneHot(), Polynomial(degree: 3, max_products: 2)]",
            "preprocessing[1] (Polynomial): 3 features make more than 2 products up to degree 2; name fewer columns, or raise max_products",
        ),
        (
            "[MinMax(low: 3e-320, high: 4e-320)]",
            "preprocessing[0] (MinMax): the values of `age` (from 1e0 to 3e0) cannot be scaled in double precision; rescale them in the file",
        ),
        (
            r#"[DropMissing(columns: ["Age"])]"#,
            "preprocessing[0] (DropMissing): `Age` is not a column; did you mean `age`?",
        ),
    ];
    for (list, message) in cases {
        assert_eq!(prepared(text, list).unwrap_err(), format!("t.csv: {message}"));
    }
}

#[test]
fn each_feature_says_how_it_is_made() {
    let text = "age,sex,y\n1,m,1\n,f,2\n4,m,3\n16,m,4\n";
    let list = "[Impute(), Winsorize(low: 0, high: 0.5), Standardize(), Polynomial(columns: [\"age\", \"sex\"])]";
    let list = list.replace("Polynomial", "OneHot(drop_first: true), Polynomial");
    let found = prepared(text, &list).unwrap();
    let lines: Vec<String> =
        found.pipeline.describe().iter().map(|(name, words)| format!("{name}: {words}")).collect();
    assert_eq!(
        lines,
        [
            "age: missing → 4 (median); clipped to 1…4; (x − 3.25) / 1.29904",
            "sex = m: 1 where sex is m, else 0",
            "age²: [age: missing → 4 (median); clipped to 1…4; (x − 3.25) / 1.29904] × [age: missing → 4 (median); clipped to 1…4; (x − 3.25) / 1.29904]",
            "age × sex = m: [age: missing → 4 (median); clipped to 1…4; (x − 3.25) / 1.29904] × [sex: 1 where sex is m, else 0]",
        ]
    );
}

/// A pipeline knows columns by name: rows of another table, in another order, with new levels.
#[test]
fn rows_of_another_table_are_encoded_alike() {
    let (loaded, source) = read("x,c,y\n1,a,1\n2,b,2\n3,a,3\n,b,4\n");
    let list = "[Impute(), OneHot(), Log()]";
    let fitted =
        prepare_as(&loaded, &source, &ALL, &recipe(list, Scaling::Standardize), 1).unwrap();
    let (other, _) = read("c,z,x\nb,0,2\nnew,0,3\nb,0,\n");
    let encoded = fitted.pipeline.encode(&other.table, &[0, 1, 2]).unwrap();
    let width = fitted.n_features();
    assert_eq!(encoded[..width], fitted.train.features[width..2 * width]);
    assert_eq!(encoded[width + 1..2 * width], [0.0, 0.0], "a level that was not there is none");
    assert_eq!(encoded[2 * width..], encoded[..width], "the median is 2");
    let unseen = fitted.pipeline.unseen(&other.table, &[0, 1, 2]).unwrap();
    assert_eq!(unseen.iter().map(|u| (&*u.column, u.n_rows)).collect::<Vec<_>>(), [("c", 1)]);
    let (wrong, _) = read("c,y\nb,0\na,1\n");
    let error = fitted.pipeline.encode(&wrong.table, &[0]).unwrap_err();
    assert_eq!(error.message, "the column `x` is not in the table");
}

/// With an empty list everything is as it was without lists.
#[test]
fn no_transform_changes_nothing() {
    let (loaded, source) = bundled("penguins");
    for scaling in [Scaling::Off, Scaling::Standardize, Scaling::MinMax] {
        let plain = prepare(&loaded, &source, &Split::default(), scaling, 2).unwrap();
        let listed =
            prepare_as(&loaded, &source, &Split::default(), &recipe("[]", scaling), 2).unwrap();
        assert_eq!(plain, listed);
        let encoded = plain.pipeline.encode(&loaded.table, &plain.test.rows.to_vec()).unwrap();
        assert_eq!(encoded, plain.test.features[..]);
    }
}

/// Every member with its defaults works on a table with numbers, names and gaps.
#[test]
fn every_member_makes_finite_features() {
    let (loaded, source) = bundled("penguins");
    for member in Transform::members() {
        let mut transform = (member.default)();
        if transform.check().is_err() {
            let columns = Value::Texts(vec!["bill depth in mm".to_owned()]);
            transform.set("columns", columns).unwrap();
        }
        let recipe =
            Recipe { transforms: vec![transform.clone()], ..Recipe::scaled(Scaling::Standardize) };
        let found = prepare_as(&loaded, &source, &Split::default(), &recipe, 1);
        let found = found.unwrap_or_else(|error| panic!("{}: {error}", member.name));
        for part in [&found.train, &found.validation, &found.test] {
            assert_eq!(part.features.len(), part.rows.len() * found.n_features());
            assert!(part.features.iter().all(|x| x.is_finite()), "{}", member.name);
        }
        let base = Experiment { preprocessing: recipe.transforms.clone(), ..Experiment::default() };
        let text = file::write(&Study { base, ..Study::default() });
        let read = file::read(&text, Path::new("study.ron")).unwrap();
        assert_eq!(read.base.preprocessing, [transform], "{text}");
    }
}

#[test]
fn ranges_and_orders_that_cannot_be_are_refused() {
    let refusal = |list: &str| {
        let study = format!("Study(format: 1, base: Experiment(preprocessing: [{list}]))");
        file::read(&study, Path::new("s.ron")).expect_err("a refusal").to_string()
    };
    let says = |list: &str, what: &str| {
        let message = refusal(list);
        assert!(message.contains(what), "{message}");
    };
    says(
        "MinMax(low: -1e308, high: 1e308)",
        "it must be less than 1.8e308 above the low end -1e308",
    );
    says("MinMax(low: 2, high: 1)", "it must be above the low end 2");
    says(
        r#"Ordinal(columns: ["a"], order: ["x", "y", "x"])"#,
        "`x` more than once; it must be each level once",
    );
}

#[test]
fn a_stated_order_counts_the_levels_that_occur() {
    let text = "size,y\nsmall,1\nlarge,2\nsmall,3\nlarge,5\n";
    let list = |k: usize| {
        format!(
            r#"[Ordinal(columns: ["size"], order: ["tiny", "small", "large"], max_levels: {k})]"#
        )
    };
    assert_eq!(prepared(text, &list(2)).unwrap().train.features[..], [1.0, 2.0, 1.0, 2.0]);
    let text = "size,y\nsmall,1\nlarge,2\ntiny,3\nlarge,5\n";
    assert_eq!(
        prepared(text, &list(2)).unwrap_err(),
        "t.csv: preprocessing[0] (Ordinal): `size` has 3 levels, more than the 2 of `max_levels`; with a stated order none fall together, so raise it"
    );
}

#[test]
fn made_features_among_the_names_do_not_keep_rows_in_or_out() {
    // `b` has gaps and is no feature: rows with them stay.
    let text = "a,b,c,y\n1,,u,1\n2,1,v,2\n3,,u,3\n4,2,,4\n";
    let n = |list: &str| prepared(text, list).unwrap().train.rows;
    let kept = r#"KeepColumns(columns: ["a", "c = u"])"#;
    assert_eq!(n(&format!("[OneHot(), {kept}, DropMissing()]")), [0, 1, 2]);
    let dropped = r#"DropColumns(columns: ["b", "c = u"])"#;
    assert_eq!(n(&format!("[OneHot(), {dropped}, DropMissing()]")), [0, 1, 2]);
}

#[test]
fn cells_that_become_no_numbers_are_not_called_missing() {
    // The square is infinite, and infinity times 0 is no number.
    let text = "a,b,y\n1e200,0,1\n2e200,0,2\n3e200,0,4\n";
    let found = prepared(text, "[Polynomial(degree: 3)]");
    let message = found.expect_err("too large");
    assert!(message.contains("is no number in any row; it is too large"), "{message}");
}

#[test]
fn a_minimum_of_sums_that_overflow_is_none() {
    let (loaded, source) = read("a,y\n1,1\n2,2\n3,4\n");
    let experiment = Experiment {
        data: source,
        split: ALL,
        preprocessing: transforms("[MinMax(low: 0, high: 1e200)]"),
        batch: Batch::Full,
        ..Experiment::default()
    };
    let plan = Plan::new("", &experiment, 1, Some(&loaded), Path::new(".")).unwrap();
    assert_eq!(ClosedForm::of(&plan), None);
}

#[test]
fn levels_that_the_training_part_lacks_are_said() {
    let rows: String = (0..40).map(|k| format!("{k},l{k},{k}\n")).collect();
    let (loaded, source) = read(&format!("x,name,y\n{rows}"));
    let split = Split::of(0.7, 0.3, 0.0, false);
    let found = prepare(&loaded, &source, &split, Scaling::Off, 1).unwrap();
    let note = "`name`: the training part lacks 12 levels, whose indicators are always 0 there";
    assert!(found.notes.iter().any(|said| said == note), "{:?}", found.notes);
}
