use super::{Cadence, Experiment};
use crate::data::batches::Batch;
use crate::data::{Images, Source, Split, SplitBy, Subsample, Task, Transform};
use crate::losses::{ClassWeights, Penalty};
use crate::models::Initialization;
use crate::schedules::Stage;
use crate::settings::{Field, Value};
use crate::surfaces::Noisy;

/// A setting in which experiments differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The setting: `optimizer`, `optimizer.learning_rate`.
    pub setting: String,
    /// Its value in each experiment, in words; empty where an experiment has no such setting.
    pub values: Vec<String>,
}

/// The settings in which these experiments differ, each alone, in the order of an experiment's
/// parts.
///
/// ```
/// use descent::experiment::{Experiment, differences};
///
/// let plain = Experiment::default();
/// let ordered = Experiment { shuffle: false, ..Experiment::default() };
/// let found = differences(&[&plain, &ordered]);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].setting, "shuffle");
/// assert_eq!(found[0].values, ["true", "false"]);
/// ```
pub fn differences(experiments: &[&Experiment]) -> Vec<Difference> {
    let all: Vec<_> = experiments.iter().map(|experiment| settings_of(experiment)).collect();
    let mut names: Vec<&str> = Vec::new();
    for settings in &all {
        // A setting that only later experiments have comes behind the one it follows there.
        let mut place = 0;
        for (name, _) in settings {
            match names.iter().position(|known| known == name) {
                Some(known) => place = known + 1,
                None => {
                    names.insert(place, name);
                    place += 1;
                }
            }
        }
    }
    let value = |settings: &[(String, String)], name: &str| {
        let found = settings.iter().find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, value)| value.clone())
    };
    names
        .iter()
        .map(|name| Difference {
            setting: (*name).to_owned(),
            values: all.iter().map(|settings| value(settings, name)).collect(),
        })
        .filter(|difference| difference.values.windows(2).any(|pair| pair[0] != pair[1]))
        .collect()
}

/// Settings by name, with their values in words.
#[derive(Default)]
struct List(Vec<(String, String)>);

impl List {
    fn add(&mut self, name: &str, value: impl ToString) {
        self.0.push((name.to_owned(), value.to_string()));
    }

    /// A member of a family, then its settings.
    fn add_member(
        &mut self,
        part: &str,
        name: &str,
        fields: &[Field],
        get: impl Fn(&str) -> Option<Value>,
    ) {
        self.add(part, name);
        for field in fields {
            if let Some(value) = get(field.name) {
                self.add(&format!("{part}.{}", field.name), value);
            }
        }
    }
}

/// Every setting of an experiment alone, by its path, in the order of the parts.
fn settings_of(experiment: &Experiment) -> Vec<(String, String)> {
    let Experiment {
        data,
        split,
        preprocessing,
        scaling,
        model,
        initialization,
        loss,
        class_weights,
        penalty,
        optimizer,
        schedule,
        then,
        schedule_per,
        warmup,
        batch,
        shuffle,
        sampling,
        accumulate,
        images,
        augmentation,
        clip,
        gradient_noise,
        averaging,
        starts,
        budget,
        stopping,
        precision,
        evaluate_every,
        record_every,
    } = experiment;
    let mut list = List::default();
    add_source(&mut list, data);
    list.add("split.train", split.train);
    list.add("split.validation", split.validation);
    list.add("split.test", split.test);
    list.add("split.stratified", split.stratified);
    add_ways_to_split(&mut list, split);
    let names: Vec<&str> = preprocessing.iter().map(Transform::name).collect();
    list.add("preprocessing", if names.is_empty() { "none".into() } else { names.join(", ") });
    for (index, transform) in preprocessing.iter().enumerate() {
        for field in transform.fields() {
            if let Some(value) = transform.get(field.name) {
                list.add(&format!("preprocessing[{index}].{}", field.name), value);
            }
        }
    }
    list.add("scaling", format!("{scaling:?}"));
    list.add_member("model", model.name(), &model.fields(), |name| model.get(name));
    list.add("initialization", initialization_words(initialization));
    list.add_member("loss", loss.name(), &loss.fields(), |name| loss.get(name));
    list.add(
        "class_weights",
        match class_weights {
            ClassWeights::Off => "off".to_owned(),
            ClassWeights::Balanced => "balanced".to_owned(),
            ClassWeights::Explicit(weights) => Value::Numbers(weights.clone()).to_string(),
        },
    );
    add_penalty(&mut list, penalty);
    list.add_member("optimizer", optimizer.name(), &optimizer.fields(), |name| optimizer.get(name));
    list.add_member("schedule", schedule.name(), &schedule.fields(), |name| schedule.get(name));
    for (index, stage) in then.iter().enumerate() {
        let part = format!("then[{index}]");
        let Stage { at, schedule, scale } = stage;
        list.add(&format!("{part}.at"), at);
        let part = format!("{part}.schedule");
        list.add_member(&part, schedule.name(), &schedule.fields(), |name| schedule.get(name));
        list.add(&format!("then[{index}].scale"), scale);
    }
    list.add("schedule_per", format!("{schedule_per:?}").to_lowercase());
    list.add("warmup", warmup);
    list.add(
        "batch",
        match batch {
            Batch::Full => "full".to_owned(),
            Batch::Mini(size) => size.to_string(),
            Batch::Stochastic => "1".to_owned(),
        },
    );
    list.add("shuffle", shuffle);
    list.add_member("sampling", sampling.name(), &sampling.fields(), |name| sampling.get(name));
    list.add("accumulate", accumulate);
    list.add(
        "images",
        match images {
            Images::Auto => "as the data look".to_owned(),
            Images::Size(shape) => shape.to_string(),
        },
    );
    for (index, member) in augmentation.iter().enumerate() {
        let part = format!("augmentation[{index}]");
        list.add_member(&part, member.name(), &member.fields(), |name| member.get(name));
    }
    list.add_member("clip", clip.name(), &clip.fields(), |name| clip.get(name));
    let noise = gradient_noise;
    list.add_member("gradient_noise", noise.name(), &noise.fields(), |name| noise.get(name));
    list.add_member("averaging", averaging.name(), &averaging.fields(), |name| averaging.get(name));
    list.add("starts", starts);
    list.add("budget", budget);
    let or_off = |value: Option<Value>| value.map_or("off".to_owned(), |value| value.to_string());
    list.add("stopping.target_loss", or_off(stopping.target_loss.map(Value::Number)));
    list.add("stopping.patience", or_off(stopping.patience.map(Value::Count)));
    list.add("stopping.gradient_norm", or_off(stopping.gradient_norm.map(Value::Number)));
    list.add("stopping.seconds", or_off(stopping.seconds.map(Value::Number)));
    list.add("precision", format!("{precision:?}").to_lowercase());
    list.add("evaluate_every", cadence_words(evaluate_every));
    list.add("record_every", cadence_words(record_every));
    list.0
}

fn add_source(list: &mut List, source: &Source) {
    match source {
        Source::Csv(csv) => {
            list.add("data", &csv.path);
            let target = if csv.target.is_empty() { "last column" } else { &csv.target };
            list.add("data.target", target);
            if csv.task != Task::Auto {
                list.add("data.task", format!("{:?}", csv.task).to_lowercase());
            }
            if !csv.weights.is_empty() {
                list.add("data.weights", &csv.weights);
            }
            if !csv.ignore.is_empty() {
                list.add("data.ignore", csv.ignore.join(", "));
            }
            for (name, stated) in csv.stated() {
                list.add(&format!("data.{name}"), stated);
            }
            if let Some(memory) = csv.memory {
                list.add("data.memory", format!("{memory} MiB"));
            }
        }
        Source::Idx(idx) => {
            list.add("data", &idx.images);
            if !idx.labels.is_empty() {
                list.add("data.labels", &idx.labels);
            }
        }
        Source::Bundled(name) => list.add("data", name),
        Source::Generated(set) => {
            list.add_member("data", set.name(), &set.fields(), |name| set.get(name));
        }
        Source::Surface(surface) => {
            list.add_member("data", surface.name(), &surface.fields(), |name| surface.get(name));
        }
        Source::Noisy(Noisy { surface, noise }) => {
            list.add_member("data", surface.name(), &surface.fields(), |name| surface.get(name));
            list.add("data.noise", Value::Number(*noise));
        }
    }
}

/// What says where samples go, where it is not chance alone.
fn add_ways_to_split(list: &mut List, split: &Split) {
    match &split.by {
        SplitBy::Random => {}
        SplitBy::Group(column) => list.add("split.by", format!("groups of {column}")),
        SplitBy::Time(column) => list.add("split.by", format!("time, {column}")),
        SplitBy::Column(column) => list.add("split.by", format!("as {column} says")),
    }
    for (name, n) in [("split.folds", split.folds), ("split.quantile_bins", split.quantile_bins)] {
        if n > 0 {
            list.add(name, n);
        }
    }
    match split.subsample {
        Subsample::Off => {}
        Subsample::Rows(n) => list.add("split.subsample", format!("{n} rows")),
        Subsample::Share(share) => list.add("split.subsample", share),
    }
}

fn add_penalty(list: &mut List, penalty: &Penalty) {
    let (l1, l2) = penalty.strengths();
    let (name, has_l1, has_l2) = match penalty {
        Penalty::Off => ("Off", false, false),
        Penalty::L1(_) => ("L1", true, false),
        Penalty::L2(_) => ("L2", false, true),
        Penalty::ElasticNet { .. } => ("ElasticNet", true, true),
    };
    list.add("penalty", name);
    if has_l1 {
        list.add("penalty.l1", Value::Number(l1));
    }
    if has_l2 {
        list.add("penalty.l2", Value::Number(l2));
    }
}

fn initialization_words(initialization: &Initialization) -> String {
    match initialization {
        Initialization::Explicit(values) if values.len() <= 4 => {
            Value::Numbers(values.clone()).to_string()
        }
        Initialization::Explicit(values) => {
            let first = Value::Numbers(values[..3].to_vec()).to_string();
            // Long lists that begin alike are told apart by a hash of the whole.
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            let hash = blake3::hash(&bytes).to_hex();
            format!("{}, …] ({} values, {})", first.trim_end_matches(']'), values.len(), &hash[..8])
        }
        Initialization::File(path) => path.clone(),
        other => format!("{other:?}"),
    }
}

fn cadence_words(cadence: &Cadence) -> String {
    match cadence {
        Cadence::Auto => "auto".to_owned(),
        Cadence::Steps(1) => "every step".to_owned(),
        Cadence::Steps(steps) => format!("every {steps} steps"),
        Cadence::Epochs(epochs) if *epochs == 1.0 => "every epoch".to_owned(),
        Cadence::Epochs(epochs) => format!("every {epochs} epochs"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::Optimizer;

    #[test]
    fn single_settings_are_told_apart() {
        let with = |name: &str| Experiment {
            optimizer: Optimizer::named(name).unwrap(),
            ..Experiment::default()
        };
        let (plain, heavy, mut faster) =
            (with("GradientDescent"), with("Momentum"), with("Momentum"));
        faster.optimizer.set("learning_rate", Value::Number(0.5)).unwrap();
        faster.penalty = Penalty::L2(0.25);
        let found = differences(&[&plain, &heavy, &faster]);
        let rows: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|row| (&*row.setting, row.values.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            rows,
            [
                ("penalty", vec!["Off", "Off", "L2"]),
                ("penalty.l2", vec!["", "", "0.25"]),
                ("optimizer", vec!["GradientDescent", "Momentum", "Momentum"]),
                ("optimizer.learning_rate", vec!["0.01", "0.01", "0.5"]),
                ("optimizer.beta", vec!["", "0.9", "0.9"]),
                ("optimizer.dampening", vec!["", "0", "0"]),
            ]
        );
        assert_eq!(differences(&[&plain, &plain]), []);
        assert_eq!(differences(&[]), []);
    }

    #[test]
    fn every_part_has_its_settings() {
        let settings = settings_of(&Experiment::default());
        for part in super::super::Variation::PARTS {
            // Lists that are empty have none.
            let is_list = ["then", "augmentation"].contains(part);
            let of_part =
                |(name, _): &(String, String)| name.split('.').next() == Some(*part) || is_list;
            assert!(settings.iter().any(of_part), "{part} is missing");
        }
    }
}
