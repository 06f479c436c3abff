use super::*;
use crate::data::batches::Batch;
use crate::data::{Source, Split, SplitBy, Subsample};
use crate::experiment::{Cadence, Stopping};
use crate::losses::Penalty;
use crate::models::Initialization;
use crate::optimizers::{GradientDescent, Optimizer};

fn messages(change: impl Fn(&mut Experiment)) -> Vec<String> {
    let mut experiment = Experiment::default();
    change(&mut experiment);
    experiment.problems().iter().map(ToString::to_string).collect()
}

fn rate(learning_rate: f64) -> Optimizer {
    Optimizer::GradientDescent(GradientDescent { learning_rate, ..Default::default() })
}

#[test]
fn the_default_study_is_valid() {
    assert_eq!(validate(&Study::default()), []);
}

#[test]
fn each_range_is_said() {
    let rate_of = |value| messages(|experiment| experiment.optimizer = rate(value));
    let expected = "it must be a number above 0";
    assert_eq!(rate_of(-1.0), [format!("optimizer.learning_rate is -1; {expected}")]);
    assert_eq!(rate_of(f64::NAN), [format!("optimizer.learning_rate is NaN; {expected}")]);

    assert_eq!(
        messages(|experiment| experiment.batch = Batch::Mini(0)),
        ["batch is 0; it must be a whole number of 1 or more"]
    );
    let budget = |span| messages(|experiment| experiment.budget = span);
    assert_eq!(
        budget(Span::Epochs(18_446_744_073_709_551_616.0)),
        ["budget is 1.8446744073709552e19 epochs; it must be above 0 and up to 1000000000 epochs"]
    );
    assert_eq!(
        budget(Span::Steps(u64::MAX)),
        ["budget is 18446744073709551615 steps; it must be from 1 to 1000000000000000 steps"]
    );
    assert_eq!(
        budget(Span::Steps(0)),
        ["budget is 0 steps; it must be from 1 to 1000000000000000 steps"]
    );
    assert_eq!(
        messages(|experiment| experiment.warmup = Span::Epochs(51.0)),
        ["warmup is 51 epochs; it must be no longer than the budget of 50 epochs"]
    );
    assert_eq!(
        messages(|experiment| experiment.penalty = Penalty::L1(-0.1)),
        ["penalty is -0.1; it must be a number of 0 or more"]
    );
    assert_eq!(
        messages(|experiment| {
            experiment.penalty = Penalty::ElasticNet { l1: 1.0, l2: f64::INFINITY };
        }),
        ["penalty.l2 is inf; it must be a number of 0 or more"]
    );
    assert_eq!(
        messages(|experiment| {
            experiment.stopping = Stopping {
                target_loss: Some(f64::NAN),
                patience: Some(0),
                gradient_norm: Some(0.0),
                seconds: Some(-1.0),
            };
        }),
        [
            "stopping.gradient_norm is 0; it must be a number above 0",
            "stopping.seconds is -1; it must be a number above 0",
            "stopping.target_loss is NaN; it must be a finite number",
            "stopping.patience is 0; it must be a whole number of 1 or more"
        ]
    );
    assert_eq!(
        messages(|experiment| experiment.record_every = Cadence::Epochs(0.0)),
        ["record_every is every 0 epochs; it must be a finite number of epochs above 0"]
    );
    assert_eq!(
        messages(|experiment| {
            experiment.initialization = Initialization::Explicit(vec![0.0, f64::INFINITY]);
        }),
        ["initialization[1] is inf; it must be a finite number"]
    );
}

#[test]
fn a_batch_is_large_enough_for_its_optimizer() {
    let lbfgs = |batch, data: Source| {
        messages(|experiment| {
            experiment.optimizer = Optimizer::named("Lbfgs").unwrap();
            (experiment.batch, experiment.data) = (batch, data.clone());
        })
    };
    let digits = Source::Bundled("digits".into());
    assert_eq!(
        lbfgs(Batch::Stochastic, digits.clone()),
        ["batch is Stochastic; it must be Full, or a large Mini, at least Mini(8), with L-BFGS, \
             which takes curvature from the batch: fewer samples say too little of it"]
    );
    assert!(lbfgs(Batch::Mini(1), digits.clone())[0].starts_with("batch is Mini(1); it must"));
    assert_eq!(lbfgs(Batch::Mini(0), digits.clone()).len(), 1);
    assert!(lbfgs(Batch::Mini(8), digits.clone()).is_empty());
    assert!(lbfgs(Batch::Full, digits).is_empty());
    let surface = Source::Surface(crate::surfaces::Surface::named("Booth").unwrap());
    assert!(lbfgs(Batch::Stochastic, surface).is_empty());
}

#[test]
fn bundled_sets_are_known() {
    assert_eq!(
        messages(|experiment| experiment.data = Source::Bundled("Digit".into())),
        [
            "data is \"Digit\"; it must be one of iris, wine, breast_cancer, digits, penguins; did you mean \
             \"digits\"?"
        ]
    );
}

#[test]
fn shares_add_up() {
    let split = |train, validation, test| {
        messages(|experiment| {
            experiment.split = Split::of(train, validation, test, true);
        })
    };
    assert!(split(0.6, 0.3, 0.1).is_empty());
    assert!(split(1.0, 0.0, 0.0).is_empty());
    assert_eq!(
        split(0.7, 0.2, 0.2),
        ["split is 0.7 + 0.2 + 0.2 = 1.1; it must be three shares that add up to 1"]
    );
    assert_eq!(
        split(1.2, -0.2, 0.0),
        [
            "split.train is 1.2; it must be a number from 0 to 1",
            "split.validation is -0.2; it must be a number from 0 to 1"
        ]
    );
    assert_eq!(split(0.0, 0.5, 0.5), ["split.train is 0; it must be a number above 0 to 1"]);
}

#[test]
fn ways_to_split_are_said() {
    let split = |split: Split| messages(|experiment| experiment.split = split.clone());
    let whole = Split::of(1.0, 0.0, 0.0, true);
    assert!(split(Split { folds: 5, ..whole.clone() }).is_empty());
    let cases = [
        (
            Split { folds: 1, ..whole.clone() },
            "split.folds is 1; it must be 0 for no folds, or a whole number from 2 to 1,000,000",
        ),
        (
            Split { folds: 5, by: SplitBy::Column("part".into()), ..whole.clone() },
            "split.folds is 5 with a column that says the part; it must be 0, or another way to \
             divide: Random, Group or Time",
        ),
        (
            Split { by: SplitBy::Time(" ".into()), ..whole.clone() },
            "split.by is Time(\" \"); it must be the way with the name of a column in it",
        ),
        (
            Split { quantile_bins: 1, ..whole.clone() },
            "split.quantile_bins is 1; it must be 0 for none, or a whole number from 2 to 1,000,000",
        ),
        (
            Split { subsample: Subsample::Rows(0), ..whole.clone() },
            "split.subsample is Rows(0); it must be Rows(n) with n of 1 or more",
        ),
        (
            Split { subsample: Subsample::Share(f64::NAN), ..whole },
            "split.subsample is Share(NaN); it must be Share(s) with s above 0 and up to 1",
        ),
    ];
    for (case, message) in cases {
        assert_eq!(split(case), [message]);
    }
}

#[test]
fn problems_are_named_where_they_are_stated() {
    let study = Study {
        base: Experiment { batch: Batch::Mini(0), ..Experiment::default() },
        compare: vec![
            Variation { label: "a".into(), ..Variation::default() },
            Variation {
                label: "a".into(),
                color: "red".into(),
                optimizer: Some(rate(0.0)),
                budget: Some(Span::Steps(10)),
                warmup: Some(Span::Steps(11)),
                ..Variation::default()
            },
            Variation::default(),
        ],
        seeds: vec![3, 4, 3],
        ..Study::default()
    };
    let fields: Vec<_> = validate(&study).into_iter().map(|problem| problem.field).collect();
    assert_eq!(
        fields,
        [
            "base.batch",
            "compare[1].label",
            "compare[1].color",
            "compare[1].optimizer.learning_rate",
            "compare[1].warmup",
            "compare[2].label",
            "seeds[2]"
        ]
    );
    let empty = Study { seeds: vec![], ..Study::default() };
    assert_eq!(
        validate(&empty)[0].to_string(),
        "seeds is an empty list; it must be a list with one whole number or more, such as [1]"
    );
}
