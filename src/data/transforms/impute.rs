use serde::{Deserialize, Serialize};

use super::{Draft, Fit, Fitting, Levels, Series};
use crate::data::DataError;
use crate::data::features::quantile::{quantile, sorted};
use crate::data::features::{Expression, Feature, Origin, Place, Step};
use crate::settings::{Bounds, SettingError};

crate::choice! {
    /// What stands in for a missing value.
    #[derive(Serialize, Deserialize)]
    pub enum Filling {
        /// The mean.
        Mean,
        /// The median.
        Median,
        /// The value that occurs most often, of equals the smallest.
        MostFrequent,
        /// A value that is given.
        Constant,
    }
}

crate::settings! {
    /// Puts a value where there is none, the same in all rows of a column, so that incomplete rows
    /// can be trained on.
    ///
    /// ```text
    /// x ← f(x₁, …, xₙ)  or  c        where x is missing
    /// m = 1 where x was missing, else 0        (indicator)
    /// ```
    ///
    /// `f` is the filling, of the values `x₁ … xₙ` of the training part that are there; `c` is the
    /// constant. Columns of names are filled with their most frequent level or with a given one. With
    /// no columns named, all are meant that the filling suits; numbers that no transform fills get
    /// their mean.
    ///
    /// When to use: some missing values in many rows. The median resists outliers; the indicator lets
    /// the model see that a value was missing, which often says something. Not where most of a column
    /// is missing: drop it.
    ///
    /// Reference: R. J. A. Little & D. B. Rubin, Statistical analysis with missing data, 1987.
    pub struct Impute("Impute missing values") {
        /// The columns that are filled; none for all that have missing values.
        columns(""): Vec<String> = Vec::new();
        /// What is put in.
        with("f"): Filling = Filling::Median;
        /// The number put in by Constant.
        constant("c"): f64 = 0.0, Bounds::any();
        /// The level put into columns of names by Constant; empty to leave these alone.
        level(""): String = String::new();
        /// Whether a feature is added that says where a value was missing.
        indicator("m"): bool = false;
    }
    check Impute::check_columns
}

impl Impute {
    fn check_columns(&self) -> Result<(), SettingError> {
        match self.level.trim() == self.level {
            true => Ok(()),
            false => Err(SettingError::new(
                "level",
                format!("{:?}", self.level),
                "a level without spaces around it",
            )),
        }
    }

    fn suits(&self, draft: &Draft) -> bool {
        match (draft, self.with) {
            (Draft::Number(_), _) => draft.is_measured(),
            (Draft::Nominal { .. }, Filling::MostFrequent) => true,
            (Draft::Nominal { .. }, Filling::Constant) => !self.level.is_empty(),
            (Draft::Nominal { .. }, _) => false,
        }
    }

    /// What stands in for a missing number, and its name; none where no value is there.
    fn number(&self, series: &Series<'_>) -> Result<Option<(f64, &'static str)>, DataError> {
        Ok(match self.with {
            Filling::Constant => Some((self.constant, "constant")),
            _ if series.extent.n == 0 => None,
            Filling::Mean => Some((series.extent.mean(), "mean")),
            Filling::Median => Some((quantile(&sorted(&series.all()?), 0.5), "median")),
            Filling::MostFrequent => {
                let sorted = sorted(&series.all()?);
                let mut runs: Vec<&[f64]> = sorted.chunk_by(|a, b| a == b).collect();
                runs.reverse(); // of equals the last one counts, which is now the smallest
                runs.into_iter().max_by_key(|run| run.len()).map(|run| (run[0], "most frequent"))
            }
        })
    }
}

impl Fit for Impute {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let kind = format!("numeric, and {:?} fills numbers alone", self.with);
        let chosen = fitting.chosen(&self.columns, |draft| self.suits(draft), &kind)?;
        let mut indicators = Vec::new();
        for index in chosen {
            let n_missing = fitting.n_missing(&fitting.drafts[index])?;
            let changed = match fitting.drafts[index].clone() {
                Draft::Number(mut feature) => {
                    let series = fitting.series(&feature)?;
                    let n_present = series.extent.n;
                    let Some((value, what)) = self.number(&series)? else { continue };
                    if self.indicator && n_present < fitting.train.len() {
                        let expression = feature.expression.clone().then(Step::IsMissing);
                        let name = format!("{} is missing", feature.name);
                        indicators.push(Feature { name, expression });
                    }
                    feature.expression.steps.push(Step::Fill { value, what, n_missing });
                    Draft::Number(feature)
                }
                Draft::Nominal { column, name, .. } => {
                    let levels = Levels::count(fitting, column, None)?;
                    let level = match self.with {
                        Filling::Constant => Some(self.level.as_str()),
                        _ => levels.most_frequent(),
                    };
                    if self.indicator && levels.n_missing > 0 {
                        let nominal = levels.nominal(fitting);
                        let origin = Origin::Indicator { nominal, place: Place::Missing };
                        let name = format!("{name} is missing");
                        indicators.push(Feature { name, expression: Expression::from(origin) });
                    }
                    Draft::Nominal { column, name, missing_as: level.map(str::to_owned) }
                }
            };
            fitting.drafts[index] = changed;
        }
        fitting.drafts.extend(indicators.into_iter().map(Draft::Number));
        Ok(())
    }
}
