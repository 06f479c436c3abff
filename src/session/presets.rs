//! Studies to start from.

use crate::data::{CsvSource, Source};
use crate::experiment::{Experiment, Study, Variation};
use crate::losses::Loss;
use crate::models::Model;
use crate::optimizers::Optimizer;
use crate::settings::{Span, Value};

/// An optimizer with a learning rate, or the first of the list where there is none of the name.
fn optimizer(name: &str, learning_rate: f64) -> Optimizer {
    let first = || (Optimizer::members()[0].default)();
    let mut optimizer = Optimizer::named(name).unwrap_or_else(first);
    let _ = optimizer.set("learning_rate", Value::Number(learning_rate));
    optimizer
}

fn variation(label: &str, optimizer: Optimizer) -> Variation {
    Variation { label: label.to_owned(), optimizer: Some(optimizer), ..Variation::default() }
}

/// The study of the first start: several optimizers on handwritten digits.
pub fn first_study() -> Study {
    let base = Experiment {
        data: Source::Bundled("digits".to_owned()),
        model: Model::named("Mlp").unwrap_or_else(|| Experiment::default().model),
        loss: Loss::named("CrossEntropy").unwrap_or_else(|| Experiment::default().loss),
        budget: Span::Epochs(30.0),
        ..Experiment::default()
    };
    Study {
        title: "Four optimizers on handwritten digits".to_owned(),
        base,
        compare: vec![
            variation("Adam", optimizer("Adam", 1e-3)),
            variation("SGD + momentum", optimizer("Momentum", 0.03)),
            variation("RMSprop", optimizer("RmsProp", 1e-3)),
            variation("AdaGrad", optimizer("AdaGrad", 1e-2)),
        ],
        seeds: vec![1, 2, 3],
        ..Study::default()
    }
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

/// [`study_on`] a CSV file.
pub fn study_on_csv(path: &std::path::Path) -> Study {
    let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let source = CsvSource { path: path.to_string_lossy().into_owned(), ..CsvSource::default() };
    study_on(&name, Source::Csv(source))
}

/// The studies that come with the program: name of the file and its text.
pub const PRESETS: &[(&str, &str)] = &[];

/// The names of the files and the titles of the presets.
pub fn titles() -> Vec<(&'static str, String)> {
    let title = |(name, text): &(&'static str, &str)| {
        let study: Option<Study> = ron::from_str(text).ok();
        (*name, study.map_or_else(|| (*name).to_owned(), |study| study.title))
    };
    PRESETS.iter().map(title).collect()
}

/// A preset by its place in [`PRESETS`].
pub fn preset(index: usize) -> Option<Study> {
    PRESETS.get(index).and_then(|(_, text)| ron::from_str(text).ok())
}
