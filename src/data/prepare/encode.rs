//! Features as numbers: what the transforms have left, and what holds for all.

use super::{DataError, Loaded, Progress, Scaling, counted};
use crate::data::features::scale::{self, Extent};
use crate::data::features::words::listed;
use crate::data::features::{Expression, Feature, Nominal, Origin, Pipeline, Place, Step, Unseen};
use crate::data::transforms::{Draft, Fitting};
use crate::data::{Cells, Column, RowSet, Table};

/// Most levels of a nominal feature; a column with more is text rather than a feature.
const MOST_LEVELS: usize = 50;
/// Rows that are looked at before all are.
const FIRST: usize = 1000;

/// The columns that can be features: all but the target and those that are ignored.
pub(super) fn candidates(table: &Table, target: usize, ignored: &[String]) -> Vec<usize> {
    let is_candidate = |j: &usize| *j != target && !ignored.contains(&table.columns[*j].name);
    (0..table.columns.len()).filter(is_candidate).collect()
}

/// Says which columns have the same values as the target in all `rows`.
pub(super) fn note_copies(
    loaded: &Loaded,
    columns: &[usize],
    rows: &RowSet,
    progress: &Progress,
    notes: &mut Vec<String>,
) -> Result<(), DataError> {
    let table = &loaded.table;
    let differ = |table: &Table, column: usize, rows: &[usize]| {
        !is_copy(&table.columns[column].cells, &table.columns[loaded.target].cells, rows)
    };
    // The first rows tell nearly all columns from the target.
    let first: Vec<usize> = rows.within(0..table.n_rows().min(FIRST)).collect();
    let mut alike: Vec<usize> =
        columns.iter().copied().filter(|column| !differ(table, *column, &first)).collect();
    if !alike.is_empty() {
        let columns = alike.iter().chain([&loaded.target]);
        let names: Vec<&str> = columns.map(|column| table.columns[*column].name.as_str()).collect();
        loaded.for_each_chosen(&names, rows, progress, |table, places, _| {
            alike.retain(|column| !differ(table, *column, places));
            Ok(())
        })?;
    }
    for column in alike {
        notes.push(format!(
            "`{}` has the same values as the target `{}`; a model will only copy it, so ignore it",
            table.columns[column].name, table.columns[loaded.target].name
        ));
    }
    Ok(())
}

/// The columns as they are, for transforms to work on.
pub(super) fn start<'a>(
    loaded: &'a Loaded,
    ignored: &[String],
    rows: &'a RowSet,
    train: &'a RowSet,
    progress: &'a Progress,
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
    Fitting { loaded, table, target: loaded.target, rows, train, drafts, progress, notes }
}

/// Makes features of what the transforms have left: missing numbers become their mean over the
/// training part, columns of names become indicators, and numbers that are not scaled are scaled.
///
/// These indicators are those of all levels of the table, the one thing that is not of the training part
/// alone; levels that it lacks are noted. The transform `OneHot` takes those of the training part.
pub(super) fn finish(
    mut fitting: Fitting<'_>,
    scaling: Scaling,
) -> Result<(Pipeline, Vec<String>), DataError> {
    let mut notes = std::mem::take(&mut fitting.notes);
    let drafts = std::mem::take(&mut fitting.drafts);
    let (mut empty, mut filled, mut own_level) = (vec![], vec![], vec![]);
    let (mut texts, mut lacking) = (vec![], vec![]);
    let mut pipeline = Pipeline::default();
    let alone = if scaling == Scaling::Together { Scaling::Off } else { scaling };
    for draft in &drafts {
        let name = draft.name();
        match draft {
            Draft::Number(feature) => match number(&fitting, feature.clone(), alone)? {
                None => empty.push(name),
                Some((feature, n_filled)) => {
                    if n_filled > 0 {
                        filled.push(name);
                    }
                    pipeline.features.push(feature);
                }
            },
            Draft::Nominal { column, missing_as, .. } => {
                let Cells::Nominal { levels, .. } = &fitting.table.columns[*column].cells else {
                    continue;
                };
                let (mut n_missing, mut is_there) = (0, vec![false; levels.len()]);
                fitting.for_each_code(*column, fitting.rows, |code, row| match code {
                    Some(code) if fitting.train.contains(row) => is_there[code as usize] = true,
                    Some(_) => {}
                    None => n_missing += 1,
                })?;
                if n_missing == fitting.rows.len() {
                    empty.push(name);
                } else if levels.len() > MOST_LEVELS {
                    texts.push((name, levels.len()));
                } else {
                    let own = n_missing > 0 && missing_as.is_none();
                    if own {
                        own_level.push(name);
                    }
                    let n_lacking = is_there.iter().filter(|is_there| !**is_there).count();
                    if n_lacking > 0 {
                        lacking.push((name, n_lacking));
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
    for (name, n) in lacking {
        notes.push(format!(
            "`{name}`: the training part lacks {}, whose {} always 0 there",
            counted(n, "level", "levels"),
            if n == 1 { "indicator is" } else { "indicators are" }
        ));
    }
    for (name, n) in texts {
        notes.push(format!(
            "`{name}` left out: {n} different texts, more than the {MOST_LEVELS} levels of a nominal feature"
        ));
    }
    check_some(&fitting, &pipeline)?;
    if scaling == Scaling::Together {
        scale_together(&mut pipeline, &fitting)?;
    }
    Ok((pipeline, notes))
}

/// Scales the numbers that no transform has scaled to the range from 0 to 1 of all of them together,
/// as the training part has it. Where all values are equal they are only shifted.
fn scale_together(pipeline: &mut Pipeline, fitting: &Fitting<'_>) -> Result<(), DataError> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let is_scaled = |feature: &&mut Feature| {
        !feature.expression.is_indicator() && !feature.expression.is_scaled()
    };
    for feature in pipeline.features.iter_mut().filter(is_scaled) {
        fitting.for_each_values(&feature.expression, fitting.train, |values| {
            low = values.iter().copied().fold(low, f64::min);
            high = values.iter().copied().fold(high, f64::max);
        })?;
    }
    let width = high - low;
    if width.is_finite() {
        let (shift, scale) = (low, if width > 0.0 { width } else { 1.0 });
        for feature in pipeline.features.iter_mut().filter(is_scaled) {
            feature.expression.steps.push(Step::Affine { shift, scale });
        }
    }
    Ok(())
}

/// A number without gaps, scaled, and how many gaps it had; `None` where it has no value at all.
fn number(
    fitting: &Fitting<'_>,
    mut feature: Feature,
    scaling: Scaling,
) -> Result<Option<(Feature, usize)>, DataError> {
    let Fitting { rows, train, progress, .. } = fitting;
    let expression = &mut feature.expression;
    let (mut n_missing, mut is_gapless, mut extent) = (0, true, Extent::default());
    if expression.is_filled() {
        fitting.for_each_values(expression, train, |values| extent.add(values))?;
    } else {
        // One look at all rows: what is missing, and the extent of what the training part has.
        let mut present = Vec::new();
        fitting.loaded.for_each_values(expression, rows, progress, |values, rows| {
            present.clear();
            for (value, row) in values.iter().zip(rows) {
                let is_trained = train.contains(row);
                match value.is_nan() {
                    true => (n_missing, is_gapless) = (n_missing + 1, is_gapless && !is_trained),
                    false => present.extend(is_trained.then_some(*value)),
                }
            }
            extent.add(&present);
        })?;
        if n_missing == rows.len() {
            let table = fitting.loaded.table_with(&expression.columns())?;
            return match has_whole_row(&table, &expression.columns(), rows) {
                false => Ok(None),
                true => Err(DataError::new(format!(
                    "what the transforms make of `{}` is no number in any row; it is too large or too small for double precision",
                    feature.name
                ))),
            };
        }
        expression.steps.push(Step::Fill { value: extent.mean(), what: "mean", n_missing });
    }
    if !expression.is_indicator() && !expression.is_scaled() {
        if !is_gapless {
            extent = Extent::default();
            fitting.for_each_values(expression, train, |values| extent.add(values))?;
        }
        let for_each =
            |look: &mut dyn FnMut(&[f64])| fitting.for_each_values(expression, train, look);
        let (shift, scale) = scale::fit(&extent, scaling, &feature.name, for_each)?;
        if (shift, scale) != (0.0, 1.0) {
            expression.steps.push(Step::Affine { shift, scale });
        }
    }
    Ok(Some((feature, n_missing)))
}

/// Whether there is a row in which none of these columns is missing.
fn has_whole_row(table: &Table, columns: &[&str], rows: &RowSet) -> bool {
    let is_used = |column: &&Column| columns.contains(&column.name.as_str());
    let used: Vec<&Column> = table.columns.iter().filter(is_used).collect();
    rows.iter().any(|row| {
        used.iter().all(|column| match &column.cells {
            Cells::Numeric(values) => !values[row].is_nan(),
            Cells::Nominal { codes, .. } => codes[row].is_some(),
        })
    })
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

/// That there are features.
fn check_some(fitting: &Fitting<'_>, pipeline: &Pipeline) -> Result<(), DataError> {
    if pipeline.features.is_empty() {
        return Err(DataError::new(format!(
            "there is nothing to predict `{}` from: no other column can be used as a feature",
            fitting.table.columns[fitting.target].name
        )));
    }
    Ok(())
}

/// Says how many rows outside the training part have levels that the training part does not have.
pub(super) fn note_unseen(
    pipeline: &Pipeline,
    loaded: &Loaded,
    [_, validation, test]: &[RowSet; 3],
    progress: &Progress,
    notes: &mut Vec<String>,
) -> Result<(), DataError> {
    let columns = pipeline.nominal_columns();
    if columns.is_empty() {
        return Ok(());
    }
    for (part, rows) in [("validation", validation), ("test", test)] {
        let mut found: Vec<Unseen> = Vec::new();
        loaded.for_each_chosen(&columns, rows, progress, |table, places, _| {
            for unseen in pipeline.unseen(table, places)? {
                match found.iter_mut().find(|known| known.column == unseen.column) {
                    Some(known) => known.n_rows += unseen.n_rows,
                    None => found.push(unseen),
                }
            }
            Ok(())
        })?;
        for unseen in found {
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

#[cfg(test)]
mod tests {
    use crate::data::{Scaling, Source, Split, load, prepare};

    #[test]
    fn all_pixels_have_the_same_shift_and_scale() {
        let source = Source::Bundled("digits".to_owned());
        let loaded = load(&source, std::path::Path::new(".")).unwrap();
        let data = |scaling| prepare(&loaded, &source, &Split::default(), scaling, 1).unwrap();
        let (raw, together) = (data(Scaling::Off), data(Scaling::Together));
        assert_eq!(together.feature_scaling, vec![(0.0, 16.0); 64]);
        for (part, raw) in [(&together.train, &raw.train), (&together.test, &raw.test)] {
            let scaled: Vec<f64> = raw.features.iter().map(|value| value / 16.0).collect();
            assert_eq!(part.features[..], scaled);
        }
    }

    /// A numeric target is a column of its own.
    #[test]
    fn a_target_is_scaled_by_its_own_range() {
        let source = Source::Bundled("penguins".to_owned());
        let loaded = load(&source, std::path::Path::new(".")).unwrap();
        let data = |scaling| prepare(&loaded, &source, &Split::default(), scaling, 1).unwrap();
        let (alone, together) = (data(Scaling::MinMax), data(Scaling::Together));
        assert_eq!(together.target_scaling, alone.target_scaling);
        assert!(together.train.features.iter().all(|value| (0.0..=1.0).contains(value)));
    }
}
