//! Studies to start from.

use std::path::Path;

use crate::data::{Sampling, Source, proposed_limit};
use crate::experiment::{Experiment, Study, Variation, file};
use crate::models::Model;
use crate::optimizers::Optimizer;
use crate::settings::{Span, Value};

/// An optimizer with a learning rate, or the first of the list where there is none of the name.
fn optimizer(name: &str, learning_rate: f64) -> Optimizer {
    let first = || (Optimizer::members()[0].default)();
    let mut optimizer = Optimizer::named(name).unwrap_or_else(first);
    // Every optimizer has one.
    let _ = optimizer.set("learning_rate", Value::Number(learning_rate));
    optimizer
}

fn variation(label: &str, optimizer: Optimizer) -> Variation {
    Variation { label: label.to_owned(), optimizer: Some(optimizer), ..Variation::default() }
}

/// The study of the first start.
pub fn first_study() -> Study {
    preset(0).unwrap_or_default()
}

/// A study on one source, ready to run: a plain model and a network, under three optimizers. Model
/// and loss follow the data once it is read.
pub fn study_on(title: &str, source: Source) -> Study {
    let base = Experiment {
        data: source,
        optimizer: optimizer("Adam", 1e-2),
        budget: Span::Epochs(50.0),
        ..Experiment::default()
    };
    let network = Model::named("Mlp");
    let mut compare = vec![variation("Plain model", optimizer("Adam", 1e-2))];
    for (label, name, rate) in [
        ("Network, Adam", "Adam", 3e-3),
        ("Network, momentum", "Momentum", 1e-2),
        ("Network, plain descent", "GradientDescent", 1e-2),
    ] {
        let mut network_variation = variation(label, optimizer(name, rate));
        network_variation.model = network.clone();
        compare.push(network_variation);
    }
    Study { title: title.to_owned(), base, compare, ..Study::default() }
}

/// [`study_on`] a CSV file, or on pictures in the IDX format. A table that is large for this machine gets
/// a limit of memory.
pub fn study_on_csv(path: &Path) -> Study {
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut source = Source::of_file(&path);
    let mut study = study_on(&name, source.clone());
    if let Source::Csv(csv) = &mut source
        && let Some(limit) = proposed_limit(csv, Path::new(""))
    {
        csv.memory = Some(limit.mebibytes);
        study.base.data = source;
        // Others would jump about in the file.
        study.base.sampling = Sampling::named("Blocks").unwrap_or(study.base.sampling);
    }
    study
}

/// The studies that come with the program: a name and the text of the file. The first is the
/// study of the first start.
pub const PRESETS: &[(&str, &str)] = &[
    ("optimizers-on-digits", include_str!("../../experiments/optimizers-on-digits.ron")),
    ("accumulation", include_str!("../../experiments/accumulation.ron")),
    ("activations", include_str!("../../experiments/activations.ron")),
    ("adam-family", include_str!("../../experiments/adam-family.ron")),
    ("adaptive-rates", include_str!("../../experiments/adaptive-rates.ron")),
    ("augmentation", include_str!("../../experiments/augmentation.ron")),
    ("averaging", include_str!("../../experiments/averaging.ron")),
    ("basins", include_str!("../../experiments/basins.ron")),
    ("batch-sizes", include_str!("../../experiments/batch-sizes.ron")),
    ("class-weights", include_str!("../../experiments/class-weights.ron")),
    ("clipping", include_str!("../../experiments/clipping.ron")),
    ("cross-validation", include_str!("../../experiments/cross-validation.ron")),
    ("cycles", include_str!("../../experiments/cycles.ron")),
    ("early-stopping", include_str!("../../experiments/early-stopping.ron")),
    ("feature-scaling", include_str!("../../experiments/feature-scaling.ron")),
    ("from-adam-to-sgd", include_str!("../../experiments/from-adam-to-sgd.ron")),
    ("initialization", include_str!("../../experiments/initialization.ron")),
    ("l1-against-l2", include_str!("../../experiments/l1-against-l2.ron")),
    ("label-smoothing", include_str!("../../experiments/label-smoothing.ron")),
    ("layer-steps", include_str!("../../experiments/layer-steps.ron")),
    ("learning-rates", include_str!("../../experiments/learning-rates.ron")),
    ("margins", include_str!("../../experiments/margins.ron")),
    ("momentum", include_str!("../../experiments/momentum.ron")),
    ("moons", include_str!("../../experiments/moons.ron")),
    ("noisy-sine", include_str!("../../experiments/noisy-sine.ron")),
    ("noisy-surface", include_str!("../../experiments/noisy-surface.ron")),
    ("plateau-and-chains", include_str!("../../experiments/plateau-and-chains.ron")),
    ("preprocessing", include_str!("../../experiments/preprocessing.ron")),
    ("quantiles", include_str!("../../experiments/quantiles.ron")),
    ("random-restarts", include_str!("../../experiments/random-restarts.ron")),
    ("ravine", include_str!("../../experiments/ravine.ron")),
    ("regression-losses", include_str!("../../experiments/regression-losses.ron")),
    ("rosenbrock", include_str!("../../experiments/rosenbrock.ron")),
    ("saddle-noise", include_str!("../../experiments/saddle-noise.ron")),
    ("sampling", include_str!("../../experiments/sampling.ron")),
    ("schedules", include_str!("../../experiments/schedules.ron")),
    ("second-order", include_str!("../../experiments/second-order.ron")),
    ("signs", include_str!("../../experiments/signs.ron")),
    ("weight-decay", include_str!("../../experiments/weight-decay.ron")),
];

/// The names and the titles of the presets.
pub fn titles() -> Vec<(&'static str, String)> {
    let title = |index: usize, name: &'static str| {
        (name, preset(index).map_or_else(|| name.to_owned(), |study| study.title))
    };
    PRESETS.iter().enumerate().map(|(index, (name, _))| title(index, name)).collect()
}

/// A preset by its place in [`PRESETS`].
pub fn preset(index: usize) -> Option<Study> {
    let (name, text) = PRESETS.get(index)?;
    file::read(text, Path::new(name)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_opens_and_has_a_title_of_its_own() {
        let mut titles: Vec<String> = titles().into_iter().map(|(_, title)| title).collect();
        for (index, (name, _)) in PRESETS.iter().enumerate() {
            assert!(preset(index).is_some(), "{name}");
        }
        titles.sort();
        titles.dedup();
        assert_eq!(titles.len(), PRESETS.len());
    }

    #[test]
    fn every_file_of_the_folder_is_a_preset() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "ron") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                assert!(PRESETS.iter().any(|(known, _)| **known == *name), "{name}");
            }
        }
    }
}
