//! Features as numbers: what the transforms have left, and what holds for all.

use super::{DataError, Loaded, Scaling, counted};
use crate::data::features::words::listed;
use crate::data::features::{Expression, Feature, Nominal, Origin, Pipeline, Place, Step, scale};
use crate::data::transforms::{Draft, Fitting};
use crate::data::{Cells, Table};

/// Most levels of a nominal feature; a column with more is text rather than a feature.
const MOST_LEVELS: usize = 50;
/// Most memory for encoded features, in bytes.
const LARGEST_SAMPLES: usize = 4 << 30;

/// The columns that can be features: all but the target and those that are ignored.
pub(super) fn candidates(table: &Table, target: usize, ignored: &[String]) -> Vec<usize> {
    let is_candidate = |j: &usize| *j != target && !ignored.contains(&table.columns[*j].name);
    (0..table.columns.len()).filter(is_candidate).collect()
}

/// Says which columns have the same values as the target in all `rows`.
pub(super) fn note_copies(
    table: &Table,
    target: usize,
    columns: &[usize],
    rows: &[usize],
    notes: &mut Vec<String>,
) {
    let target = &table.columns[target];
    for column in columns.iter().map(|column| &table.columns[*column]) {
        if is_copy(&column.cells, &target.cells, rows) {
            notes.push(format!(
                "`{}` has the same values as the target `{}`; a model will only copy it, so ignore it",
                column.name, target.name
            ));
        }
    }
}

/// The columns as they are, for transforms to work on.
pub(super) fn start<'a>(
    loaded: &'a Loaded,
    ignored: &[String],
    rows: &'a [usize],
    train: &'a [usize],
    notes: Vec<String>,
) -> Fitting<'a> {
    let table = &loaded.table;
    let draft = |column: usize| {
        let name = table.columns[column].name.clone();
        match &table.columns[column].cells {
            Cells::Numeric(_) => {
                let expression = Expression::number(&name, column);
                Draft::Number(Feature { name, expression })
            }
            Cells::Nominal { .. } => Draft::Nominal { column, name, missing_as: None },
        }
    };
    let drafts = candidates(table, loaded.target, ignored).into_iter().map(draft).collect();
    Fitting { table, target: loaded.target, rows, train, drafts, notes }
}

/// Makes features of what the transforms have left: missing numbers become their mean over the
/// training part, columns of names become indicators, and numbers that are not scaled are scaled.
pub(super) fn finish(
    mut fitting: Fitting<'_>,
    scaling: Scaling,
) -> Result<(Pipeline, Vec<String>), DataError> {
    let mut notes = std::mem::take(&mut fitting.notes);
    let drafts = std::mem::take(&mut fitting.drafts);
    let (mut empty, mut filled, mut own_level, mut texts) = (vec![], vec![], vec![], vec![]);
    let mut pipeline = Pipeline::default();
    for draft in &drafts {
        let name = draft.name();
        match draft {
            Draft::Number(feature) => match number(&fitting, feature.clone(), scaling)? {
                None => empty.push(name),
                Some((feature, n_filled)) => {
                    if n_filled > 0 {
                        filled.push(name);
                    }
                    pipeline.features.push(feature);
                }
            },
            Draft::Nominal { column, missing_as, .. } => {
                let Cells::Nominal { levels, codes } = &fitting.table.columns[*column].cells else {
                    continue;
                };
                if fitting.rows.iter().all(|row| codes[*row].is_none()) {
                    empty.push(name);
                } else if levels.len() > MOST_LEVELS {
                    texts.push((name, levels.len()));
                } else {
                    let some_missing = fitting.rows.iter().any(|row| codes[*row].is_none());
                    let own = some_missing && missing_as.is_none();
                    if own {
                        own_level.push(name);
                    }
                    let indicators = indicators(name, *column, levels, missing_as, own);
                    pipeline.features.extend(indicators);
                }
            }
        }
    }
    note(&mut notes, &empty, "left out because all values are missing");
    note(&mut notes, &filled, "missing values replaced by the mean of the training part");
    note(&mut notes, &own_level, "missing values made a level of their own");
    for (name, n) in texts {
        notes.push(format!(
            "`{name}` left out: {n} different texts, more than the {MOST_LEVELS} levels of a nominal feature"
        ));
    }
    check_size(&fitting, &pipeline)?;
    Ok((pipeline, notes))
}

/// A number without gaps, scaled, and how many gaps it had; `None` where it has no value at all.
fn number(
    fitting: &Fitting<'_>,
    mut feature: Feature,
    scaling: Scaling,
) -> Result<Option<(Feature, usize)>, DataError> {
    let Fitting { table, rows, train, .. } = fitting;
    let expression = &mut feature.expression;
    let mut n_missing = 0;
    let mut values = expression.values(table, train)?;
    if !expression.is_filled() {
        n_missing = expression.values(table, rows)?.iter().filter(|x| x.is_nan()).count();
        if n_missing == rows.len() {
            return Ok(None);
        }
        let present = || values.iter().copied().filter(|value| !value.is_nan());
        let value = match n_missing {
            0 => scale::mean(&values),
            _ => scale::mean(&present().collect::<Vec<_>>()),
        };
        let fill = Step::Fill { value, what: "mean", n_missing };
        fill.apply(&mut values);
        expression.steps.push(fill);
    }
    if !expression.is_indicator() && !expression.is_scaled() {
        let (shift, scale) = scale::fit(&values, scaling, &feature.name)?;
        if (shift, scale) != (0.0, 1.0) {
            expression.steps.push(Step::Affine { shift, scale });
        }
    }
    Ok(Some((feature, n_missing)))
}

/// An indicator for each level, in alphabetical order, and one for missing cells where they are a
/// level of their own.
fn indicators(
    name: &str,
    column: usize,
    levels: &[String],
    missing_as: &Option<String>,
    missing_is_level: bool,
) -> Vec<Feature> {
    let mut order = levels.to_vec();
    order.extend(missing_as.iter().filter(|level| !levels.contains(level)).cloned());
    order.sort();
    let nominal = Nominal {
        column: name.to_owned(),
        index: column,
        levels: order.clone().into(),
        merged: [].into(),
        missing_as: missing_as.clone(),
    };
    let mut places: Vec<(String, Place)> =
        order.into_iter().enumerate().map(|(k, level)| (level, Place::Level(k))).collect();
    if missing_is_level {
        let taken = levels.iter().any(|level| level == "missing");
        let word = if taken { "(missing)" } else { "missing" };
        places.push((word.to_owned(), Place::Missing));
    }
    let feature = |(level, place)| Feature {
        name: format!("{name} = {level}"),
        expression: Origin::Indicator { nominal: nominal.clone(), place }.into(),
    };
    places.into_iter().map(feature).collect()
}

/// That there are features, and that they fit into memory.
fn check_size(fitting: &Fitting<'_>, pipeline: &Pipeline) -> Result<(), DataError> {
    let (n_features, n_rows) = (pipeline.features.len(), fitting.rows.len());
    if n_features == 0 {
        return Err(DataError::new(format!(
            "there is nothing to predict `{}` from: no other column can be used as a feature",
            fitting.table.columns[fitting.target].name
        )));
    }
    if n_features.saturating_mul(n_rows) > LARGEST_SAMPLES / size_of::<f64>() {
        return Err(DataError::new(format!(
            "{} with {} each need more than {} GiB; leave out columns or rows",
            counted(n_rows, "sample", "samples"),
            counted(n_features, "feature", "features"),
            LARGEST_SAMPLES >> 30
        )));
    }
    Ok(())
}

/// Says how many rows outside the training part have levels that the training part does not have.
pub(super) fn note_unseen(
    pipeline: &Pipeline,
    table: &Table,
    [_, validation, test]: &[Vec<usize>; 3],
    notes: &mut Vec<String>,
) -> Result<(), DataError> {
    for (part, rows) in [("validation", validation), ("test", test)] {
        for unseen in pipeline.unseen(table, rows)? {
            notes.push(format!(
                "`{}`: {} of the {part} part {} a level that the training part does not have",
                unseen.column,
                counted(unseen.n_rows, "row", "rows"),
                if unseen.n_rows == 1 { "has" } else { "have" },
            ));
        }
    }
    Ok(())
}

/// Whether a column says the same as the target in all `rows`.
fn is_copy(cells: &Cells, target: &Cells, rows: &[usize]) -> bool {
    match (cells, target) {
        (Cells::Numeric(values), Cells::Numeric(targets)) => {
            rows.iter().all(|row| values[*row] == targets[*row])
        }
        (
            Cells::Nominal { levels, codes },
            Cells::Nominal { levels: target_levels, codes: target_codes },
        ) => rows.iter().all(|row| {
            let level = codes[*row].map(|code| &levels[code as usize]);
            level == target_codes[*row].map(|code| &target_levels[code as usize])
        }),
        _ => false,
    }
}

fn note(notes: &mut Vec<String>, names: &[&str], what: &str) {
    if !names.is_empty() {
        notes.push(format!("{}: {what}", listed(names)));
    }
}
