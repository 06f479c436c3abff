//! The forms of the parts of an experiment that are not families.

use egui::Ui;

use super::field::span_row;
use super::row::{Change, RowLabel, checked_row, choice_row, flag_row, optional_row, read_number};
use crate::app::theme::Theme;
use crate::data::batches::Batch;
use crate::data::{Scaling, Split, SplitBy};
use crate::experiment::{Experiment, Precision};
use crate::losses::{ClassWeights, Penalty};
use crate::models::Initialization;
use crate::settings::{Bounds, Field, Kind, Value};

/// Shares of the three parts.
pub(super) fn split_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &Split,
    base: &Split,
    is_nominal: bool,
) -> Option<Split> {
    let shown = |split: &Split| {
        let percent = |share: f64| (share * 1000.0).round() / 10.0;
        format!(
            "{} / {} / {}",
            percent(split.train),
            percent(split.validation),
            percent(split.test)
        )
    };
    let help = "Percent of the samples to train on, to watch while training, and to keep for one evaluation at the end.";
    let is_other = shown(now) != shown(base);
    let label = RowLabel::plain("Train / val / test", help).differing(is_other);
    let change = checked_row(ui, theme, label, &shown(now), |text| {
        let shares: Option<Vec<f64>> =
            text.split(['/', ' ', ';']).filter(|part| !part.is_empty()).map(read_number).collect();
        match shares.as_deref() {
            Some(&[train, validation, test])
                if train > 0.0
                    && validation >= 0.0
                    && test >= 0.0
                    && (train + validation + test - 100.0).abs() < 0.05 =>
            {
                let sum = train + validation + test;
                Ok((train / sum, validation / sum))
            }
            _ => Err("Must be three percentages that add up to 100, the first above 0".to_owned()),
        }
    });
    let mut changed = None;
    if let Some((train, validation)) = change.value(|| (base.train, base.validation)) {
        // What is left, without the last digits' dirt.
        let test = ((1.0 - train - validation) * 1e12).round() / 1e12;
        changed = Some(Split { train, validation, test: test.max(0.0), ..now.clone() });
    }
    let at_random = matches!(now.by, SplitBy::Random | SplitBy::Group(_));
    if is_nominal && at_random {
        let help = "Whether each class has the same share in every part.";
        let differs = now.stratified != base.stratified;
        let label = RowLabel::plain("Stratified", help).differing(differs);
        let flag = flag_row(ui, theme, label, now.stratified).value(|| base.stratified);
        changed = flag.map(|stratified| Split { stratified, ..now.clone() }).or(changed);
    }
    changed
}

/// How features are scaled.
pub(super) fn scaling_form(
    ui: &mut Ui,
    theme: &Theme,
    now: Scaling,
    base: Scaling,
) -> Option<Scaling> {
    let help = "How features and numeric targets are scaled, fitted on the training part only.";
    let label = RowLabel::plain("Scaling", help).differing(now != base);
    let options = [
        (Scaling::Standardize, "Standardise"),
        (Scaling::MinMax, "To 0…1"),
        (Scaling::Together, "All together to 0…1"),
        (Scaling::Robust, "By quartiles"),
        (Scaling::Off, "None"),
    ];
    choice_row(ui, theme, label, &now, &options).value(|| base)
}

/// The noise on a surface; 0 for none.
pub(super) fn noise_form(ui: &mut Ui, theme: &Theme, now: f64, base: f64) -> Option<f64> {
    let help = "The standard deviation of the noise that every evaluation of value and gradient sees, new each time. 0: none.";
    let label = RowLabel::plain("Noise σ", help).differing(now != base);
    let change = checked_row(ui, theme, label, &now.to_string(), |text| {
        read_number(text)
            .filter(|noise| noise.is_finite() && *noise >= 0.0)
            .ok_or_else(|| "Must be a number of 0 or more".to_owned())
    });
    change.value(|| base)
}

/// How much the classes count; nothing where there are none, unless weights are stated.
pub(super) fn class_weights_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &ClassWeights,
    base: &ClassWeights,
    class_names: &[String],
) -> Option<ClassWeights> {
    if class_names.is_empty() && *now == ClassWeights::Off {
        return None;
    }
    let name = |weights: &ClassWeights| match weights {
        ClassWeights::Off => "Off",
        ClassWeights::Balanced => "Balanced",
        ClassWeights::Explicit(_) => "Explicit",
    };
    let help = "How much the samples of each class count in the loss, so that rare classes are not forgotten. Accuracy counts all alike.";
    let label = RowLabel::plain("Class weights", help).differing(name(now) != name(base));
    let options = [
        ("Off", "None: all samples count alike"),
        ("Balanced", "Balanced: all classes count alike"),
        ("Explicit", "One for each class"),
    ];
    let mut changed = match choice_row(ui, theme, label, &name(now), &options) {
        Change::None => None,
        Change::PutBack => Some(base.clone()),
        Change::Set("Balanced") => Some(ClassWeights::Balanced),
        Change::Set("Explicit") => {
            Some(ClassWeights::Explicit(vec![1.0; class_names.len().max(1)]))
        }
        Change::Set(_) => Some(ClassWeights::Off),
    };
    if let ClassWeights::Explicit(weights) = now {
        let shown = weights.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
        let of_classes = class_names.join(", ");
        let help = format!("One number of 0 or more for each class, in this order: {of_classes}.");
        let label = RowLabel::plain("Weights", &help).differing(now != base);
        let n = class_names.len();
        let change = checked_row(ui, theme, label, &shown, |text| {
            let numbers: Option<Vec<f64>> = text
                .split([',', ' ', ';'])
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().ok())
                .collect();
            let is_right = |weights: &Vec<f64>| {
                weights.len() == n
                    && weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0)
                    && weights.iter().any(|weight| *weight > 0.0)
            };
            let expected = || format!("Must be {n} numbers of 0 or more, one above 0, with commas");
            numbers.filter(is_right).map(ClassWeights::Explicit).ok_or_else(expected)
        });
        changed = change.value(|| base.clone()).or(changed);
    }
    changed
}

/// The cost on the weights.
pub(super) fn penalty_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &Penalty,
    base: &Penalty,
) -> Option<Penalty> {
    let name = |penalty: &Penalty| match penalty {
        Penalty::Off => "None",
        Penalty::L1(_) => "L1",
        Penalty::L2(_) => "L2",
        Penalty::ElasticNet { .. } => "Elastic net",
    };
    let (l1, l2) = now.strengths();
    let or_default = |strength: f64| if strength > 0.0 { strength } else { 1e-3 };
    let options = [
        ("None", "None"),
        ("L1", "L1: λ Σ |w|"),
        ("L2", "L2: λ/2 Σ w²"),
        ("Elastic net", "Elastic net: both"),
    ];
    let help = "A cost on the weights, added to the loss and reported apart from it.";
    let label = RowLabel::plain("Penalty", help).differing(name(now) != name(base));
    let either = or_default(l1.max(l2));
    let mut changed = match choice_row(ui, theme, label, &name(now), &options) {
        Change::None => None,
        Change::PutBack => Some(*base),
        Change::Set("L1") => Some(Penalty::L1(either)),
        Change::Set("L2") => Some(Penalty::L2(either)),
        Change::Set("Elastic net") => {
            Some(Penalty::ElasticNet { l1: or_default(l1), l2: or_default(l2) })
        }
        Change::Set(_) => Some(Penalty::Off),
    };
    let (base_l1, base_l2) = base.strengths();
    let strength = |ui: &mut Ui, text: &'static str, now: f64, base: f64| {
        let field = Field {
            name: text,
            symbol: "λ",
            help: "How much the penalty counts beside the loss.",
            kind: Kind::Number(Bounds::non_negative()),
            default: Value::Number(base),
        };
        let base = Value::Number(base);
        match super::field::field_row(ui, theme, &field, &Value::Number(now), Some(&base)) {
            Some(Value::Number(x)) => Some(x),
            _ => None,
        }
    };
    match *now {
        Penalty::Off => {}
        Penalty::L1(_) => {
            changed = strength(ui, "strength", l1, base_l1).map(Penalty::L1).or(changed);
        }
        Penalty::L2(_) => {
            changed = strength(ui, "strength", l2, base_l2).map(Penalty::L2).or(changed);
        }
        Penalty::ElasticNet { .. } => {
            if let Some(l1) = strength(ui, "l1", l1, base_l1) {
                changed = Some(Penalty::ElasticNet { l1, l2 });
            }
            if let Some(l2) = strength(ui, "l2", l2, base_l2) {
                changed = Some(Penalty::ElasticNet { l1, l2 });
            }
        }
    }
    changed
}

/// How many samples make one gradient, and their order.
pub(super) fn batch_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &mut Experiment,
    base: &Experiment,
    n_train: Option<usize>,
) {
    let name = |batch: Batch| match batch {
        Batch::Full => "Full batch",
        Batch::Mini(_) => "Mini-batches",
        Batch::Stochastic => "One sample",
    };
    let help = "How many samples make one gradient.";
    let label = RowLabel::plain("Batches", help).differing(name(now.batch) != name(base.batch));
    let options = [
        ("Mini-batches", "Mini-batches"),
        ("Full batch", "Full batch"),
        ("One sample", "One sample"),
    ];
    let chosen = choice_row(ui, theme, label, &name(now.batch), &options);
    match chosen {
        Change::None => {}
        Change::PutBack => now.batch = base.batch,
        Change::Set("Full batch") => now.batch = Batch::Full,
        Change::Set("One sample") => now.batch = Batch::Stochastic,
        Change::Set(_) => now.batch = Batch::Mini(32),
    }
    if let Batch::Mini(size) = now.batch {
        let most = n_train.unwrap_or(usize::MAX);
        let expected = match n_train {
            Some(n) => format!("Must be a whole number from 1 to {n}, the training samples"),
            None => "Must be a whole number of 1 or more".to_owned(),
        };
        let differs = now.batch != base.batch;
        let label = RowLabel::plain("Batch size", "Samples in a batch.").differing(differs);
        let change = checked_row(ui, theme, label, &size.to_string(), |text| {
            let size = text.trim().parse::<usize>().ok();
            size.filter(|size| (1..=most).contains(size)).map(Batch::Mini).ok_or(expected)
        });
        if let Some(batch) = change.value(|| base.batch) {
            now.batch = batch;
        }
    }
    if now.batch != Batch::Full {
        let help = "Whether samples are seen in a new random order in each epoch.";
        let label = RowLabel::plain("Shuffle", help).differing(now.shuffle != base.shuffle);
        if let Some(shuffle) = flag_row(ui, theme, label, now.shuffle).value(|| base.shuffle) {
            now.shuffle = shuffle;
        }
    }
}

/// How long to train, and when to stop earlier.
pub(super) fn budget_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &mut Experiment,
    base: &Experiment,
    on_surface: bool,
) {
    let label =
        RowLabel::plain("Budget", "How long to train.").differing(now.budget != base.budget);
    if let Some(budget) = span_row(ui, theme, label, now.budget, on_surface).value(|| base.budget) {
        now.budget = budget;
    }
    let (limits, base_limits) = (&mut now.stopping, &base.stopping);
    let help = "Stops once the loss on the training part is this low. Empty: never.";
    let any = |x: f64| x.is_finite();
    let row = ("Target loss", help, "Must be a finite number, or empty");
    limit_row(ui, theme, row, &mut limits.target_loss, base_limits.target_loss, any);
    let above_zero = |x: f64| x.is_finite() && x > 0.0;
    let problem = "Must be a number above 0, or empty";
    let help = "Stops once the norm of a step's gradient is this small. Empty: never.";
    let row = ("Gradient norm", help, problem);
    limit_row(ui, theme, row, &mut limits.gradient_norm, base_limits.gradient_norm, above_zero);
    let help = "Stops after this many seconds of training. Where that is depends on the machine. Empty: never.";
    let row = ("Seconds", help, problem);
    limit_row(ui, theme, row, &mut limits.seconds, base_limits.seconds, above_zero);
    if on_surface {
        return;
    }
    let help =
        "Stops once the validation loss has not improved for this many evaluations. Empty: never.";
    let differs = limits.patience != base_limits.patience;
    let label = RowLabel::plain("Patience", help).differing(differs);
    let shown = limits.patience.map_or_else(String::new, |n| n.to_string());
    let change = optional_row(ui, theme, label, &shown, "never", |text| match text.trim() {
        "" => Ok(None),
        text => text
            .parse::<u64>()
            .ok()
            .filter(|n| *n > 0)
            .map(Some)
            .ok_or_else(|| "Must be a whole number of 1 or more, or empty".to_owned()),
    });
    if let Some(patience) = change.value(|| base_limits.patience) {
        limits.patience = patience;
    }
}

/// A row for a limit that may be left out: its name, help, and what is wrong with other numbers.
fn limit_row(
    ui: &mut Ui,
    theme: &Theme,
    (name, help, problem): (&str, &str, &str),
    now: &mut Option<f64>,
    base: Option<f64>,
    is_allowed: impl Fn(f64) -> bool,
) {
    let label = RowLabel::plain(name, help).differing(*now != base);
    let shown = now.map_or_else(String::new, |x| x.to_string());
    let change = optional_row(ui, theme, label, &shown, "never", |text| match text.trim() {
        "" => Ok(None),
        text => {
            let number = read_number(text).filter(|x| is_allowed(*x));
            number.map(Some).ok_or_else(|| problem.to_owned())
        }
    });
    if let Some(limit) = change.value(|| base) {
        *now = limit;
    }
}

/// The number type.
pub(super) fn precision_form(
    ui: &mut Ui,
    theme: &Theme,
    now: Precision,
    base: Precision,
) -> Option<Precision> {
    let help = "The number type of parameters and arithmetic.";
    let label = RowLabel::plain("Precision", help).differing(now != base);
    let options = [(Precision::F64, "64 bit"), (Precision::F32, "32 bit")];
    choice_row(ui, theme, label, &now, &options).value(|| base)
}

/// How the parameters start.
pub(super) fn initialization_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &Initialization,
    base: &Initialization,
    on_surface: bool,
) -> Option<Initialization> {
    if on_surface || matches!(now, Initialization::Explicit(_)) {
        let shown = match now {
            Initialization::Explicit(point) => {
                point.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        let help = "Coordinates of the start, separated by commas. Empty: the usual one. A click in the contour sets it too.";
        let label = RowLabel::plain("Start", help).differing(now != base);
        let change = optional_row(ui, theme, label, &shown, "the usual one", |text| {
            let numbers: Option<Vec<f64>> = text
                .split([',', ' ', ';'])
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().ok().filter(|x: &f64| x.is_finite()))
                .collect();
            match numbers {
                Some(point) if point.is_empty() => Ok(Initialization::Auto),
                Some(point) => Ok(Initialization::Explicit(point)),
                None => Err("Must be numbers, separated by commas".to_owned()),
            }
        });
        return change.value(|| base.clone());
    }
    let options = [
        (Initialization::Auto, "As suits the model"),
        (Initialization::Zero, "Zero"),
        (Initialization::XavierUniform, "Xavier, uniform"),
        (Initialization::XavierNormal, "Xavier, normal"),
        (Initialization::HeUniform, "He, uniform"),
        (Initialization::HeNormal, "He, normal"),
    ];
    let help = "How the parameters start.";
    let label = RowLabel::plain("Start weights", help).differing(now != base);
    let mut options = options.to_vec();
    if let Initialization::File(path) = now {
        options.push((now.clone(), path));
        return choice_row(ui, theme, label, now, &options).value(|| base.clone());
    }
    choice_row(ui, theme, label, now, &options).value(|| base.clone())
}
