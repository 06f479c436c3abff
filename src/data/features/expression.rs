use std::sync::Arc;

use super::{Nominal, Place, Step};
use crate::data::load::hint;
use crate::data::{Cells, DataError, Table};

/// How one feature is computed from the cells of a row: a number, then steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Where the number comes from.
    pub origin: Origin,
    /// What is done to it, in order.
    pub steps: Vec<Step>,
}

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A column of numbers, NaN where one is missing.
    Number {
        /// The name of the column.
        column: String,
        /// Where the column stood in the table it was fitted to.
        index: usize,
    },
    /// 1 where a column has a level, else 0.
    Indicator {
        /// The column with its levels.
        nominal: Nominal,
        /// Which of its places is marked.
        place: Place,
    },
    /// A number for each level of a column, NaN where there is none.
    Code {
        /// The column with its levels.
        nominal: Nominal,
        /// The number of each level, of all other levels, and of a missing cell.
        codes: Arc<[f64]>,
        /// The number of a level that is not on the list.
        other: f64,
        /// The number of a missing cell.
        missing: f64,
        /// What the numbers are: `ordinal`, `frequency`.
        what: &'static str,
    },
    /// The product of several expressions.
    Product(Vec<Expression>),
}

impl Expression {
    /// The numbers of a column as they are.
    pub fn number(column: &str, index: usize) -> Self {
        Origin::Number { column: column.to_owned(), index }.into()
    }

    /// The same expression with one step more.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Evaluates it for `rows` of a table, one value each, into `values`. The table may hold other
    /// rows than those it was fitted to, as long as it has the columns.
    ///
    /// # Panics
    /// Where `values` are not as many as `rows`.
    pub fn evaluate(
        &self,
        table: &Table,
        rows: &[usize],
        values: &mut [f64],
    ) -> Result<(), DataError> {
        assert_eq!(rows.len(), values.len());
        match &self.origin {
            Origin::Number { column, index } => match cells_of(table, *index, column)? {
                Cells::Numeric(cells) => {
                    for (value, row) in values.iter_mut().zip(rows) {
                        *value = cells[*row];
                    }
                }
                Cells::Nominal { .. } => {
                    return Err(DataError::new(format!(
                        "the column `{column}` has texts here; it had numbers in the data that were trained on"
                    )));
                }
            },
            Origin::Indicator { nominal, place: marked } => {
                nominal.places(table, rows, |k, place| {
                    let is_other = *marked == Place::Other && place == Place::Unseen;
                    values[k] = f64::from(u8::from(place == *marked || is_other));
                })?;
            }
            Origin::Code { nominal, codes, other, missing, .. } => {
                nominal.places(table, rows, |k, place| {
                    values[k] = match place {
                        Place::Level(level) => codes[level],
                        Place::Other | Place::Unseen => *other,
                        Place::Missing => *missing,
                    };
                })?;
            }
            Origin::Product(factors) => {
                values.fill(1.0);
                let mut factor_values = vec![0.0; rows.len()];
                for factor in factors {
                    factor.evaluate(table, rows, &mut factor_values)?;
                    for (value, factor) in values.iter_mut().zip(&factor_values) {
                        *value *= factor;
                    }
                }
            }
        }
        for step in &self.steps {
            step.apply(values);
        }
        Ok(())
    }

    /// Its values for `rows`.
    pub fn values(&self, table: &Table, rows: &[usize]) -> Result<Vec<f64>, DataError> {
        let mut values = vec![0.0; rows.len()];
        self.evaluate(table, rows, &mut values)?;
        Ok(values)
    }

    /// Whether it is 0 or 1 by its making, so that there is nothing to scale.
    pub fn is_indicator(&self) -> bool {
        let from_origin = || match &self.origin {
            Origin::Indicator { .. } => true,
            Origin::Number { .. } | Origin::Code { .. } => false,
            Origin::Product(factors) => factors.iter().all(Self::is_indicator),
        };
        match self.steps.last() {
            Some(Step::IsMissing) => true,
            Some(_) => false,
            None => from_origin(),
        }
    }

    /// Whether it is scaled already: shifted and divided after the last step that bends it.
    pub fn is_scaled(&self) -> bool {
        let mut steps = self.steps.iter().rev();
        let last = steps.find(|step| !matches!(step, Step::Fill { .. } | Step::Clip { .. }));
        matches!(last, Some(Step::Affine { .. }))
    }

    /// Whether a missing value becomes a number on the way.
    pub fn is_filled(&self) -> bool {
        let fills = |step: &Step| matches!(step, Step::Fill { .. } | Step::IsMissing);
        self.steps.iter().any(fills) || matches!(self.origin, Origin::Indicator { .. })
    }

    /// The columns it is computed from, each once.
    pub fn columns(&self) -> Vec<&str> {
        match &self.origin {
            Origin::Number { column, .. } => vec![column],
            Origin::Indicator { nominal, .. } | Origin::Code { nominal, .. } => {
                vec![&nominal.column]
            }
            Origin::Product(factors) => {
                let mut columns: Vec<&str> = Vec::new();
                for column in factors.iter().flat_map(Self::columns) {
                    if !columns.contains(&column) {
                        columns.push(column);
                    }
                }
                columns
            }
        }
    }

    /// The nominal columns in it.
    pub(super) fn nominals(&self) -> Vec<&Nominal> {
        match &self.origin {
            Origin::Number { .. } => Vec::new(),
            Origin::Indicator { nominal, .. } | Origin::Code { nominal, .. } => vec![nominal],
            Origin::Product(factors) => factors.iter().flat_map(Self::nominals).collect(),
        }
    }

    /// `(shift, scale)` of what was done last: `value = (before − shift) / scale`, where `before` is
    /// the column, or what the last step that bends made of it.
    pub fn scaling(&self) -> (f64, f64) {
        let bends = |step: &Step| !matches!(step, Step::Fill { .. } | Step::Affine { .. });
        let start = self.steps.iter().rposition(bends).map_or(0, |last| last + 1);
        let affine = self.steps[start..].iter().filter_map(|step| match step {
            Step::Affine { shift, scale } => Some((*shift, *scale)),
            _ => None,
        });
        // The first as it is: what is done once keeps its bits.
        let joined = |(shift, scale): (f64, f64), (next_shift, next_scale): (f64, f64)| {
            (shift + next_shift * scale, scale * next_scale)
        };
        affine.reduce(joined).unwrap_or((0.0, 1.0))
    }

    /// How it is computed, in words with the fitted numbers.
    pub fn words(&self) -> String {
        let origin = match &self.origin {
            Origin::Number { .. } => None,
            Origin::Indicator { nominal, place } => Some(indicator_words(nominal, *place)),
            Origin::Code { nominal, codes, what, .. } => Some(code_words(nominal, codes, what)),
            Origin::Product(factors) => Some(product_words(factors)),
        };
        let steps = self.steps.iter().filter_map(Step::words);
        let all: Vec<String> = origin.into_iter().chain(steps).collect();
        if all.is_empty() { "as it is".to_owned() } else { all.join("; ") }
    }
}

impl From<Origin> for Expression {
    fn from(origin: Origin) -> Self {
        Self { origin, steps: Vec::new() }
    }
}

fn indicator_words(nominal: &Nominal, place: Place) -> String {
    let filled = match &nominal.missing_as {
        Some(level) => format!("missing → {level}; "),
        None => String::new(),
    };
    let column = &nominal.column;
    match place {
        Place::Level(level) => {
            format!("{filled}1 where {column} is {}, else 0", nominal.levels[level])
        }
        Place::Other | Place::Unseen => {
            let n = nominal.levels.len();
            format!("{filled}1 where {column} is none of its {n} most frequent levels, else 0")
        }
        Place::Missing => format!("1 where {column} is missing, else 0"),
    }
}

fn code_words(nominal: &Nominal, codes: &[f64], what: &str) -> String {
    const MOST: usize = 4;
    let pairs = nominal.levels.iter().zip(codes).take(MOST);
    let mut pairs: Vec<String> =
        pairs.map(|(level, code)| format!("{level} → {}", super::words::number(*code))).collect();
    if nominal.levels.len() > MOST {
        pairs.push(format!("… ({} levels)", nominal.levels.len()));
    }
    let filled = match &nominal.missing_as {
        Some(level) => format!("missing → {level}; "),
        None => String::new(),
    };
    format!("{filled}{what}: {}", pairs.join(", "))
}

fn product_words(factors: &[Expression]) -> String {
    let factor = |factor: &Expression| {
        let columns = factor.columns().join(" × ");
        match factor.words().as_str() {
            "as it is" => columns,
            words => format!("[{columns}: {words}]"),
        }
    };
    factors.iter().map(factor).collect::<Vec<_>>().join(" × ")
}

/// The cells of the column called `name`, mostly at `index`.
pub(super) fn cells_of<'a>(
    table: &'a Table,
    index: usize,
    name: &str,
) -> Result<&'a Cells, DataError> {
    let expected = table.columns.get(index).filter(|column| column.name == name);
    let found = expected.or_else(|| table.columns.iter().find(|column| column.name == name));
    found.map(|column| &column.cells).ok_or_else(|| {
        let hint = hint(name, table.columns.iter().map(|column| column.name.as_str()));
        DataError::new(format!("the column `{name}` is not in the table{hint}"))
    })
}
