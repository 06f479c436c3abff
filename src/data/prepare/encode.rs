//! Features as numbers.

use super::{DataError, Loaded, Scaling, scale};
use crate::data::{Cells, Column, Table};

/// Most levels of a nominal feature; a column with more is text rather than a feature.
const MOST_LEVELS: usize = 50;
/// Most columns that a note lists by name.
const MOST_LISTED: usize = 5;

/// How the columns of a table become features.
pub(super) struct Encoding {
    pub(super) names: Vec<String>,
    /// `(shift, scale)` of each feature.
    pub(super) scaling: Vec<(f64, f64)>,
    features: Vec<Feature>,
}

/// Where a feature comes from.
enum Feature {
    /// The numbers of a column; missing ones are taken to be `fill`.
    Number { column: usize, fill: f64 },
    /// Whether a column has this level (`None`: a missing value).
    Indicator { column: usize, level: Option<u32> },
}

impl Encoding {
    /// Finds the features among `rows`, and fills and scales as the rows `train` say.
    pub(super) fn fit(
        loaded: &Loaded,
        target: &Column,
        ignored: &[String],
        rows: &[usize],
        train: &[usize],
        scaling: Scaling,
        notes: &mut Vec<String>,
    ) -> Result<Self, DataError> {
        let mut encoding = Self { names: Vec::new(), scaling: Vec::new(), features: Vec::new() };
        let (mut empty, mut filled, mut own_level, mut texts) = (vec![], vec![], vec![], vec![]);
        for (j, Column { name, .. }) in loaded.table.columns.iter().enumerate() {
            if j == loaded.target || ignored.contains(name) {
                continue;
            }
            let name = name.as_str();
            let column = loaded.column(j)?;
            if is_copy(&column.cells, &target.cells, rows) {
                notes.push(format!(
                    "`{name}` has the same values as the target `{}`; a model will only copy it, so ignore it",
                    target.name
                ));
            }
            match &column.cells {
                Cells::Numeric(values) if rows.iter().all(|row| values[*row].is_nan()) => {
                    empty.push(name);
                }
                Cells::Nominal { codes, .. } if rows.iter().all(|row| codes[*row].is_none()) => {
                    empty.push(name);
                }
                Cells::Numeric(values) => {
                    let present = |row: &usize| Some(values[*row]).filter(|value| !value.is_nan());
                    let trained: Vec<f64> = train.iter().filter_map(present).collect();
                    let fill = scale::mean(&trained);
                    if rows.iter().any(|row| values[*row].is_nan()) {
                        filled.push(name);
                    }
                    let fitted = match trained.len() == train.len() {
                        true => scale::fit(&trained, scaling, name)?,
                        false => {
                            let value = |row: &usize| present(row).unwrap_or(fill);
                            let trained: Vec<f64> = train.iter().map(value).collect();
                            scale::fit(&trained, scaling, name)?
                        }
                    };
                    encoding.names.push(name.to_owned());
                    encoding.scaling.push(fitted);
                    encoding.features.push(Feature::Number { column: j, fill });
                }
                Cells::Nominal { levels, .. } if levels.len() > MOST_LEVELS => {
                    texts.push((name, levels.len()));
                }
                Cells::Nominal { levels, codes } => {
                    let mut order: Vec<u32> = (0..levels.len() as u32).collect();
                    order.sort_by(|a, b| levels[*a as usize].cmp(&levels[*b as usize]));
                    for level in order {
                        let name = format!("{name} = {}", levels[level as usize]);
                        encoding.push_indicator(name, j, Some(level));
                    }
                    if rows.iter().any(|row| codes[*row].is_none()) {
                        own_level.push(name);
                        let taken = levels.iter().any(|level| level == "missing");
                        let word = if taken { "(missing)" } else { "missing" };
                        encoding.push_indicator(format!("{name} = {word}"), j, None);
                    }
                }
            }
        }
        note(notes, &empty, "left out because all values are missing");
        note(notes, &filled, "missing values replaced by the mean of the training part");
        note(notes, &own_level, "missing values made a level of their own");
        for (name, n) in texts {
            notes.push(format!(
                "`{name}` left out: {n} different texts, more than the {MOST_LEVELS} levels of a nominal feature"
            ));
        }
        if encoding.features.is_empty() {
            return Err(DataError::new(format!(
                "there is nothing to predict `{}` from: no other column can be used as a feature",
                target.name
            )));
        }
        Ok(encoding)
    }

    fn push_indicator(&mut self, name: String, column: usize, level: Option<u32>) {
        self.names.push(name);
        self.scaling.push((0.0, 1.0));
        self.features.push(Feature::Indicator { column, level });
    }

    /// Features of `rows`, `[n_rows × n_features]` row-major.
    pub(super) fn encode(&self, table: &Table, rows: &[usize]) -> Vec<f64> {
        let n_features = self.features.len();
        let mut encoded = vec![0.0; rows.len() * n_features];
        for (k, (feature, (shift, scale))) in self.features.iter().zip(&self.scaling).enumerate() {
            let samples = encoded.iter_mut().skip(k).step_by(n_features).zip(rows);
            match (feature, &table.columns[feature.column()].cells) {
                (Feature::Number { fill, .. }, Cells::Numeric(values)) => {
                    for (sample, row) in samples {
                        let value = if values[*row].is_nan() { *fill } else { values[*row] };
                        *sample = (value - shift) / scale;
                    }
                }
                (Feature::Indicator { level, .. }, Cells::Nominal { codes, .. }) => {
                    for (sample, row) in samples {
                        *sample = f64::from(u8::from(codes[*row] == *level));
                    }
                }
                _ => unreachable!("features are made from the cells of the same table"),
            }
        }
        encoded
    }
}

impl Feature {
    fn column(&self) -> usize {
        match self {
            Self::Number { column, .. } | Self::Indicator { column, .. } => *column,
        }
    }
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
    if names.is_empty() {
        return;
    }
    let quoted: Vec<String> =
        names.iter().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
    let more = match names.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    notes.push(format!("{}{more}: {what}", quoted.join(", ")));
}
