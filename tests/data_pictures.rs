//! What the pictures of data compute, beside scikit-learn and SciPy: `tests/references/data_pictures.py`.

use std::path::Path;
use std::sync::Arc;

use descent::analysis::{
    CorrelationKind, Correlations, Members, PrincipalComponents, Variable, numeric_features,
};
use descent::data::prepare::Loaded;
use descent::data::{Prepared, Scaling, Source, Split, load, prepare};
use serde_json::Value;

fn references() -> Value {
    serde_json::from_str(include_str!("references/data_pictures.json")).expect("valid JSON")
}

fn bundled(name: &str) -> (Arc<Loaded>, Prepared) {
    let source = Source::Bundled(name.to_owned());
    let loaded = load(&source, Path::new(".")).expect("a set of that name");
    let prepared = prepare(&loaded, &source, &Split::default(), Scaling::Standardize, 1);
    (loaded, prepared.expect("data ready to be trained on"))
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter().map(|number| number.as_f64().expect("a number")).collect()
}

/// Both go through the eigenvalues of nearly the same symmetric matrix, whose gaps are wide here, so
/// they agree to rounding; scores are kept in single precision.
#[test]
fn principal_components_are_those_of_scikit_learn() {
    let references = references();
    for (name, expected) in references["components"].as_object().expect("sets by name") {
        let (loaded, _) = bundled(name);
        let table = &loaded.table;
        let columns = numeric_features(table, loaded.target, &[]);
        let rows: Vec<usize> = (0..table.n_rows()).collect();
        let found = PrincipalComponents::fit(table, &columns, &rows).expect("components");
        let names: Vec<&str> =
            found.columns.iter().map(|column| table.columns[*column].name.as_str()).collect();
        assert_eq!(serde_json::json!(names), expected["columns"]);
        for (share, wanted) in found.shares.iter().zip(numbers(&expected["shares"])) {
            assert!((share - wanted).abs() < 1e-12, "{name}: {share} instead of {wanted}");
        }
        let scores = found.scores(table);
        for k in 0..2 {
            let wanted = numbers(&expected["loadings"][k]);
            for (loading, wanted) in found.loadings[k].iter().zip(wanted) {
                assert!((loading - wanted).abs() < 1e-11, "{name}: {loading}, not {wanted}");
            }
            let wanted = numbers(&expected["scores"][k]);
            assert_eq!(wanted.len(), table.n_rows().div_ceil(10));
            for (score, wanted) in scores[k].iter().step_by(10).zip(wanted) {
                let error = (f64::from(*score) - wanted).abs();
                assert!(error < 2e-6 * (1.0 + wanted.abs()), "{name}: {score}, not {wanted}");
            }
        }
    }
}

/// Sums of a few hundred products in another order: they differ in the last digits alone.
#[test]
fn correlations_are_those_of_scipy() {
    let references = references();
    for (name, expected) in references["correlations"].as_object().expect("sets by name") {
        let (loaded, data) = bundled(name);
        let table = &loaded.table;
        let members = Members::of(&data, table.n_rows());
        let columns = numeric_features(table, loaded.target, &[]);
        let [pearson, spearman] = [CorrelationKind::Pearson, CorrelationKind::Spearman]
            .map(|kind| Correlations::of(table, loaded.target, &columns, &data, &members, kind));
        let place = |wanted: &Value| {
            let is_wanted = |variable: &Variable| match variable {
                Variable::Column(column) => table.columns[*column].name == *wanted,
                Variable::SecondClass => false,
            };
            pearson.variables.iter().position(is_wanted).expect("the column is compared")
        };
        assert_eq!(pearson.has_target, name == "penguins");
        if pearson.has_target {
            assert_eq!(pearson.variables[0], Variable::Column(loaded.target));
        }
        let entries = expected.as_array().expect("pairs");
        assert_eq!(entries.len(), pearson.n() * (pearson.n() - 1) / 2);
        for entry in entries {
            let (a, b) = (place(&entry[0]), place(&entry[1]));
            for (found, wanted) in [(&pearson, &entry[3]), (&spearman, &entry[4])] {
                let r = found.coefficient(a, b).expect("both columns vary");
                let wanted = wanted.as_f64().expect("a number");
                assert!((r - wanted).abs() < 1e-13, "{entry}: {r}");
                assert_eq!(found.coefficient(b, a), Some(r));
                assert_eq!(u64::from(found.count(a, b)), entry[2].as_u64().expect("a count"));
            }
        }
    }
}

/// Of two classes the second one counts as 1, so that it can be compared with numbers.
#[test]
fn one_of_two_classes_is_compared_as_a_number() {
    let (loaded, data) = bundled("breast_cancer");
    let members = Members::of(&data, loaded.table.n_rows());
    let columns = numeric_features(&loaded.table, loaded.target, &[]);
    let kind = CorrelationKind::Pearson;
    let found = Correlations::of(&loaded.table, loaded.target, &columns, &data, &members, kind);
    assert_eq!(found.variables[0], Variable::SecondClass);
    assert_eq!(data.class_names[1], "malignant");
    // The point-biserial correlation of the mean radius, after SciPy.
    let r = found.coefficient(0, 1).expect("both vary");
    assert!((r - RADIUS_AND_MALIGNANT).abs() < 1e-13, "{r}");
}

const RADIUS_AND_MALIGNANT: f64 = 0.7300285113754563;
