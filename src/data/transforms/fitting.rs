use crate::data::features::scale::{self, Extent};
use crate::data::features::{Expression, Feature, Step};
use crate::data::load::hint;
use crate::data::{Cells, DataError, Loaded, Progress, RowSet, Scaling, Table};

/// A feature in the making.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// A number for every row, some of them perhaps missing.
    Number(Feature),
    /// A column of names that are to be made numbers.
    Nominal {
        /// Where it stands in the table.
        column: usize,
        /// Its name.
        name: String,
        /// The level that missing cells are taken to have, if any.
        missing_as: Option<String>,
    },
}

impl Draft {
    /// The name of the feature, or of the column that is to be one.
    pub fn name(&self) -> &str {
        match self {
            Self::Number(feature) => &feature.name,
            Self::Nominal { name, .. } => name,
        }
    }

    /// Whether a person means this by `name`: the feature, or the column it alone comes from.
    fn answers_to(&self, name: &str) -> bool {
        self.name() == name
            || matches!(self, Self::Number(feature) if feature.expression.columns() == [name])
    }

    /// Whether it is a number that can be large or small.
    pub fn is_measured(&self) -> bool {
        matches!(self, Self::Number(feature) if !feature.expression.is_indicator())
    }

    /// Whether it is a number, 0 and 1 among them.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }
}

/// The features so far, and the rows to fit to.
pub struct Fitting<'a> {
    /// Where the rows are.
    pub loaded: &'a Loaded,
    /// The table, for its columns; the rows in it may be the first ones only.
    pub table: &'a Table,
    /// Where the target stands in it.
    pub target: usize,
    /// The rows of all parts.
    pub rows: &'a RowSet,
    /// The rows of the training part, which alone may decide anything.
    pub train: &'a RowSet,
    /// The features in the making, in order.
    pub drafts: Vec<Draft>,
    /// How far it is, and the wish that it end.
    pub progress: &'a Progress,
    /// What is said about it.
    pub notes: Vec<String>,
}

impl Fitting<'_> {
    /// Where the drafts stand that are meant by `names`, in their order in the list of drafts; with no
    /// names, all that suit. `kind` says what suits, to complete “… is not”.
    pub(super) fn chosen(
        &self,
        names: &[String],
        suits: impl Fn(&Draft) -> bool,
        kind: &str,
    ) -> Result<Vec<usize>, DataError> {
        let mut chosen = Vec::new();
        if names.is_empty() {
            chosen.extend((0..self.drafts.len()).filter(|index| suits(&self.drafts[*index])));
            return Ok(chosen);
        }
        for name in names {
            let n_before = chosen.len();
            for (index, draft) in self.drafts.iter().enumerate() {
                if !draft.answers_to(name) {
                    continue;
                }
                if !suits(draft) {
                    return Err(DataError::new(format!("`{}` is not {kind}", draft.name())));
                }
                chosen.push(index);
            }
            if chosen.len() == n_before {
                return Err(self.unknown(name));
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        Ok(chosen)
    }

    /// Why a name means nothing here.
    pub(super) fn unknown(&self, name: &str) -> DataError {
        let columns = || self.table.columns.iter().map(|column| column.name.as_str());
        if self.table.columns[self.target].name == name {
            return DataError::new(format!("`{name}` is the target, not a feature"));
        }
        if columns().any(|known| known == name) {
            return DataError::new(format!("`{name}` is not among the features any more"));
        }
        let names = self.drafts.iter().map(Draft::name).chain(columns());
        DataError::new(format!("`{name}` is not a column{}", hint(name, names)))
    }

    /// Shows the values of an expression in some rows, in ascending order, some at a time.
    pub(in crate::data) fn for_each_values(
        &self,
        expression: &Expression,
        rows: &RowSet,
        mut look: impl FnMut(&[f64]),
    ) -> Result<(), DataError> {
        self.loaded.for_each_values(expression, rows, self.progress, |values, _| look(values))
    }

    /// In how many of some rows an expression has no value.
    pub(in crate::data) fn n_missing_in(
        &self,
        expression: &Expression,
        rows: &RowSet,
    ) -> Result<usize, DataError> {
        let mut n_missing = 0;
        let look = |values: &[f64]| n_missing += values.iter().filter(|x| x.is_nan()).count();
        self.for_each_values(expression, rows, look)?;
        Ok(n_missing)
    }

    /// The values of a draft of numbers in the training part.
    pub(super) fn series<'a>(&'a self, feature: &'a Feature) -> Result<Series<'a>, DataError> {
        let mut series = Series { fitting: self, feature, extent: Extent::default() };
        let mut extent = Extent::default();
        series.for_each(&mut |values| extent.add(values))?;
        series.extent = extent;
        Ok(series)
    }

    /// Adds to each chosen draft of numbers the step that `fit` makes of its values in the training
    /// part. A column with no values there stays as it is.
    pub(super) fn add_steps(
        &mut self,
        names: &[String],
        fit: impl Fn(&Series<'_>) -> Result<Step, DataError>,
    ) -> Result<Vec<usize>, DataError> {
        let chosen = self.chosen(names, Draft::is_measured, "numeric; encode it first")?;
        let mut changed = Vec::with_capacity(chosen.len());
        for index in chosen {
            let Draft::Number(feature) = &self.drafts[index] else { continue };
            let series = self.series(feature)?;
            if series.extent.n == 0 {
                continue;
            }
            let step = fit(&series)?;
            if let Draft::Number(feature) = &mut self.drafts[index] {
                feature.expression.steps.push(step);
                changed.push(index);
            }
        }
        Ok(changed)
    }

    /// Gives the drafts at `places` names like `log(age)`.
    pub(super) fn rename(&mut self, places: &[usize], function: &str) {
        for place in places {
            if let Draft::Number(feature) = &mut self.drafts[*place] {
                feature.name = format!("{function}({})", feature.name);
            }
        }
    }

    /// Shows of some rows, in ascending order, the level of a column of names, with the row.
    pub(in crate::data) fn for_each_code(
        &self,
        column: usize,
        rows: &RowSet,
        mut look: impl FnMut(Option<u32>, usize),
    ) -> Result<(), DataError> {
        let name = self.table.columns[column].name.as_str();
        self.loaded.for_each_chosen(&[name], rows, self.progress, |table, places, start| {
            if let Cells::Nominal { codes, .. } = &table.columns[column].cells {
                places.iter().for_each(|place| look(codes[*place], start + place));
            }
            Ok(())
        })
    }

    /// How many of all rows have no value in a draft.
    pub(super) fn n_missing(&self, draft: &Draft) -> Result<usize, DataError> {
        Ok(match draft {
            Draft::Number(feature) => self.n_missing_in(&feature.expression, self.rows)?,
            Draft::Nominal { missing_as: Some(_), .. } => 0,
            Draft::Nominal { column, .. } => {
                let mut n_missing = 0;
                self.for_each_code(*column, self.rows, |code, _| {
                    n_missing += usize::from(code.is_none());
                })?;
                n_missing
            }
        })
    }

    /// The columns among the chosen that can be encoded by their levels: names, and numbers as they
    /// are in the file where they are asked for by name. With their place among the drafts.
    pub(super) fn to_encode(
        &self,
        names: &[String],
        most_levels: usize,
    ) -> Result<Vec<(usize, usize, Option<String>)>, DataError> {
        let is_plain = |draft: &Draft| match draft {
            Draft::Nominal { .. } => true,
            Draft::Number(feature) => {
                feature.expression.steps.is_empty()
                    && feature.expression.columns() == [&*feature.name]
            }
        };
        let kind = "a column as it is in the file; encode it before other transforms";
        let mut chosen = self.chosen(names, is_plain, kind)?;
        if names.is_empty() {
            // A column with more levels than features are made of is text, unless it is asked for.
            chosen.retain(|index| match &self.drafts[*index] {
                Draft::Nominal { column, .. } => match &self.table.columns[*column].cells {
                    Cells::Nominal { levels, .. } => levels.len() <= most_levels,
                    Cells::Numeric(_) => false,
                },
                Draft::Number(_) => false,
            });
        }
        let column = |index: usize| match &self.drafts[index] {
            Draft::Nominal { column, missing_as, .. } => Some((index, *column, missing_as.clone())),
            Draft::Number(feature) => {
                let mut columns = self.table.columns.iter();
                let column = columns.position(|column| column.name == feature.name)?;
                Some((index, column, None))
            }
        };
        Ok(chosen.into_iter().filter_map(column).collect())
    }

    /// Puts new features in the places of drafts: `(place, features)`, places ascending.
    pub(super) fn put(&mut self, encoded: Vec<(usize, Vec<Feature>)>) {
        for (place, features) in encoded.into_iter().rev() {
            self.drafts.splice(place..=place, features.into_iter().map(Draft::Number));
        }
    }
}

/// The values of a draft of numbers in the training part, missing ones left out.
pub struct Series<'a> {
    fitting: &'a Fitting<'a>,
    feature: &'a Feature,
    /// How many they are, and from where to where.
    pub(super) extent: Extent,
}

impl Series<'_> {
    /// The name of the draft.
    pub(super) fn name(&self) -> &str {
        &self.feature.name
    }

    /// Shows them in order, some at a time.
    pub(super) fn for_each(&self, look: &mut dyn FnMut(&[f64])) -> Result<(), DataError> {
        let mut present = Vec::new();
        let Fitting { train, .. } = self.fitting;
        self.fitting.for_each_values(&self.feature.expression, train, |values| {
            present.clear();
            present.extend(values.iter().filter(|value| !value.is_nan()));
            look(&present);
        })
    }

    /// All of them: 8 bytes each, wherever the table is.
    pub(super) fn all(&self) -> Result<Vec<f64>, DataError> {
        let mut all = Vec::with_capacity(self.extent.n);
        self.for_each(&mut |values| all.extend_from_slice(values))?;
        Ok(all)
    }

    /// `(shift, scale)` fitted to them.
    pub(super) fn fit(&self, scaling: Scaling) -> Result<(f64, f64), DataError> {
        scale::fit(&self.extent, scaling, self.name(), |look| self.for_each(look))
    }
}
