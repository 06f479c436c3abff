//! From a table to samples for training: target, split, features and scaling, for one seed.

mod encode;
mod parts;
mod recipe;
mod target;

use std::sync::Arc;

use target::Target;

pub use recipe::Recipe;
pub(super) use target::MOST_CLASSES;

pub use super::error::DataError;
pub use super::load::{Loaded, load};
use super::split::{Divisible, remark_on_balance, remark_on_leakage};
use super::store::Values;
use super::{
    BundledSet, ImageShape, Pipeline, Progress, RowSet, Scaling, Source, Split, Stage, Task,
};

/// Samples of one part, `[n_samples × n_features]` row-major.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// Encoded and scaled features.
    pub features: Values,
    /// The targets.
    pub targets: TargetColumn,
    /// Rows of the table these samples come from, in its order.
    pub rows: RowSet,
    /// How much each sample counts in the loss; empty where all count alike.
    pub weights: Values,
}

impl Samples {
    /// Number of samples.
    pub fn n_samples(&self) -> usize {
        self.rows.len()
    }

    /// How many of them have features and targets at hand, to be looked at: the first ones where they are in
    /// a file, otherwise all.
    pub fn n_at_hand(&self) -> usize {
        let width = self.features.n_values() / (self.n_samples() as u64).max(1);
        let n_targets = match &self.targets {
            TargetColumn::Numbers(values) => values.len(),
            TargetColumn::Classes(classes) => classes.len(),
        };
        (self.features.len() / (width as usize).max(1)).min(n_targets)
    }
}

/// The targets of a part.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetColumn {
    /// Numbers, scaled as the features are.
    Numbers(Values),
    /// Indices of classes.
    Classes(Values<u32>),
}

impl Default for TargetColumn {
    fn default() -> Self {
        Self::Numbers(Values::default())
    }
}

/// Data ready for training, for one seed. Immutable; shared by all runs that use it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prepared {
    /// The name on screen.
    pub name: String,
    /// Names of the encoded features: `age`, `colour = red`.
    pub feature_names: Vec<String>,
    /// The name of the target.
    pub target_name: String,
    /// Names of the classes, sorted; empty for regression.
    pub class_names: Vec<String>,
    /// `(shift, scale)` of each feature: `scaled = (before − shift) / scale`, where `before` is the
    /// column, or what the transforms that bend have made of it.
    pub feature_scaling: Vec<(f64, f64)>,
    /// The pictures whose pixels the features are, where they look like that.
    pub images: Option<ImageShape>,
    /// How each feature is computed, with the fitted numbers: also for other rows.
    pub pipeline: Arc<Pipeline>,
    /// `(shift, scale)` of a numeric target, by the same rule as the features, so that metrics
    /// can be given in its own units; `(0, 1)` for classes.
    pub target_scaling: (f64, f64),
    /// To train on.
    pub train: Samples,
    /// To watch.
    pub validation: Samples,
    /// For the end.
    pub test: Samples,
    /// The fingerprint of the data read.
    pub fingerprint: String,
    /// What was decided on the way: rows and columns left out, missing values filled.
    pub notes: Vec<String>,
}

impl Prepared {
    /// Number of encoded features.
    pub fn n_features(&self) -> usize {
        self.feature_names.len()
    }

    /// Whether a class is to be predicted rather than a number.
    pub fn is_classification(&self) -> bool {
        !self.class_names.is_empty()
    }
}

/// Most samples, so that an index fits 32 bits.
const MOST_SAMPLES: usize = 1 << 31;

/// How often the columns of a table in a file are mostly read before samples are made of them: to see what
/// is missing, and to fit.
const N_PASSES: u64 = 2;

/// Encodes, splits and scales loaded data for one seed.
///
/// - Rows without a target are left out.
/// - A numeric feature's missing values become its mean over the training part; a nominal
///   feature is encoded as one 0/1 indicator for each of its levels, a missing value being a
///   level of its own. These are the levels of the whole table, so that all seeds have the same
///   features; levels that the training part lacks are noted.
/// - Numeric features, and a numeric target, are scaled by rules fitted on the training part.
///
/// Fails where there is nothing to learn: a target that is missing everywhere or has one class
/// only, no features, fewer samples than parts, a training part without weight.
pub fn prepare(
    loaded: &Loaded,
    source: &Source,
    split: &Split,
    scaling: Scaling,
    seed: u64,
) -> Result<Prepared, DataError> {
    prepare_as(loaded, source, split, &Recipe::scaled(scaling), seed)
}

/// As [`prepare`], with a list of transforms before the scaling, and a scaling of its own for a
/// numeric target.
///
/// The transforms are fitted to the training part in their order. Rows that they leave out are left
/// out before the split. What they leave is handled as without them: missing numbers, columns of
/// names, and the scaling of numbers that no transform has scaled.
pub fn prepare_as(
    loaded: &Loaded,
    source: &Source,
    split: &Split,
    recipe: &Recipe,
    seed: u64,
) -> Result<Prepared, DataError> {
    prepare_with(loaded, source, split, recipe, seed, &Progress::default())
}

/// The same as [`prepare_as`], observed: `progress` says how far the making of the samples has come
/// and can end it, which is an error that says so.
pub fn prepare_with(
    loaded: &Loaded,
    source: &Source,
    split: &Split,
    recipe: &Recipe,
    seed: u64,
    progress: &Progress,
) -> Result<Prepared, DataError> {
    if let Some(store) = &loaded.store {
        let n_bytes = store.n_rows() * loaded.table.columns.len() * size_of::<f64>();
        progress.begin_stage(Stage::Fitting, n_bytes as u64, N_PASSES);
    }
    build(loaded, source, split, recipe, seed, progress).map_err(|error| match source {
        Source::Csv(settings) => error.in_file(std::path::Path::new(&settings.path)),
        _ => error,
    })
}

fn build(
    loaded: &Loaded,
    source: &Source,
    split: &Split,
    recipe: &Recipe,
    seed: u64,
    progress: &Progress,
) -> Result<Prepared, DataError> {
    let (task, mut ignored, weights) = match source {
        Source::Csv(settings) => (settings.task, settings.ignore.clone(), &*settings.weights),
        Source::Bundled(name) => (BundledSet::named(name)?.task, Vec::new(), ""),
        _ => (Task::Auto, Vec::new(), ""),
    };
    let mut notes = Vec::new();
    if !weights.is_empty() {
        ignored.push(weights.to_owned());
        notes.push(format!("`{weights}` says how much each sample counts in the loss"));
    }
    if loaded.target >= loaded.table.columns.len() {
        return Err(DataError::new("the data has no target column"));
    }
    ignored.extend(split.by.column().map(str::to_owned));
    // What has a number for each row goes to files where the rows themselves do.
    let memory = source.memory();
    let of_column = memory.filter(|_| loaded.store.is_some());
    let mut target = Target::of(loaded, task, of_column, progress, &mut notes)?;
    let columns = encode::candidates(&loaded.table, loaded.target, &ignored);
    let columns = recipe.choose(loaded, columns, &mut target, progress, &mut notes)?;
    if target.rows.len() > MOST_SAMPLES {
        return Err(DataError::new("there are more than 2³¹ rows; use a part of the data"));
    }
    let by: Vec<&str> = split.by.column().into_iter().collect();
    let table = loaded.table_with(&by)?;
    let samples = Divisible {
        table: &table,
        target: loaded.target,
        rows: &target.rows,
        classes: target.classes(),
        numbers: target.numbers(),
    };
    let parts = split.divide(&samples, seed, &mut notes)?;
    drop(table);
    if let Some(counts) = target.counts(&parts)? {
        target.check_parts(&counts, &mut notes);
        remark_on_balance(&counts, &target.class_names, split.stratified, &mut notes);
    }
    let (targets, target_scaling) = target.divide(&parts, recipe.target_scaling)?;
    let n_used = parts.iter().map(RowSet::len).sum::<usize>();
    let rows = parts.map(|part| target.rows.at(&part));
    if n_used < target.rows.len() {
        let is_used = |row: &usize| rows.iter().any(|part| part.contains(*row));
        target.rows = target.rows.iter().filter(is_used).collect();
    }
    let used = &target.rows;
    remark_on_leakage(split, loaded, used, &mut notes);
    encode::note_copies(loaded, &columns, used, progress, &mut notes)?;
    let mut fitting = encode::start(loaded, &ignored, used, &rows[0], progress, notes);
    recipe.fit(&mut fitting)?;
    let (pipeline, mut notes) = encode::finish(fitting, recipe.scaling)?;
    encode::note_unseen(&pipeline, loaded, &rows, progress, &mut notes)?;
    let features = parts::features(loaded, &pipeline, &rows, memory, progress, &mut notes)?;
    let weights = match weights {
        "" => Default::default(),
        name => parts::weights(loaded, name, &rows, of_column, progress)?,
    };
    let mut parts =
        features.into_iter().zip(targets).zip(rows).zip(weights).map(
            |(((features, targets), rows), weights)| Samples { features, targets, rows, weights },
        );
    let [train, validation, test] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let of_feature =
        |feature: &super::Feature| (feature.name.clone(), feature.expression.scaling());
    let (names, feature_scaling): (Vec<_>, _) = pipeline.features.iter().map(of_feature).unzip();
    Ok(Prepared {
        name: loaded.name.clone(),
        images: ImageShape::of_features(loaded, &names),
        feature_names: names,
        target_name: loaded.table.columns[loaded.target].name.clone(),
        class_names: target.class_names,
        feature_scaling,
        pipeline: Arc::new(pipeline),
        target_scaling,
        train,
        validation,
        test,
        fingerprint: loaded.fingerprint.clone(),
        notes,
    })
}

/// `1 row`, `2 rows`.
pub(super) fn counted(n: usize, one: &str, more: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {more}") }
}
