use super::{Fit, Fitting, Levels};
use crate::data::DataError;
use crate::data::features::{Feature, Origin, Place};
use crate::settings::Bounds;

crate::settings! {
    /// Makes a feature of every level of a column of names: 1 in the rows that have it, 0 in all
    /// others.
    ///
    /// ```text
    /// x → (x = level₁, x = level₂, …, x is another)        at most k of them
    /// ```
    ///
    /// Levels are those of the training part, in alphabetical order. Where there are more than `k`,
    /// or some occur fewer than `m` times, the most frequent stay and all others fall together in a
    /// level `other`; then a level that the training part does not have falls there too, else all of
    /// its features are 0. A missing value is a level of its own unless it is imputed before. With no
    /// columns named, all columns of names are meant with up to 50 levels; numbers are encoded where
    /// they are named.
    ///
    /// When to use: names without an order and not too many of them, for all models. Dropping the
    /// first level makes the weights of a linear model unique, each the difference to that level.
    ///
    /// Reference: D. B. Suits, Use of dummy variables in regression equations, 1957.
    pub struct OneHot("One-hot encoding") {
        /// The columns that are encoded; none for all columns of names.
        columns(""): Vec<String> = Vec::new();
        /// How many levels there may be, `other` among them.
        max_levels("k"): usize = 50, Bounds::closed(2.0, 100_000.0);
        /// How often a level must occur in the training part to stay.
        min_count("m"): usize = 1, Bounds::at_least(1.0);
        /// Whether the first level has no feature.
        drop_first(""): bool = false;
    }
}

/// A column of names with more levels is text, unless it is asked for.
pub(super) const MOST_LEVELS: usize = 50;

impl Fit for OneHot {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let mut encoded = Vec::new();
        for (index, column, missing_as) in fitting.to_encode(&self.columns, MOST_LEVELS)? {
            let name = fitting.table.columns[column].name.clone();
            let mut levels = Levels::count(fitting, column, missing_as.as_deref());
            levels.check(&name)?;
            let has_other = levels.cap(self.max_levels, self.min_count);
            let nominal = levels.nominal(fitting);
            let is_taken = |word: &str| nominal.levels.iter().any(|level| level == word);
            let free = |word: &str| if is_taken(word) { format!("({word})") } else { word.into() };
            let listed = (0..nominal.levels.len()).skip(usize::from(self.drop_first));
            let mut places: Vec<(String, Place)> =
                listed.map(|k| (nominal.levels[k].clone(), Place::Level(k))).collect();
            places.extend(has_other.then(|| (free("other"), Place::Other)));
            places.extend((levels.n_missing > 0).then(|| (free("missing"), Place::Missing)));
            let feature = |(level, place)| Feature {
                name: format!("{name} = {level}"),
                expression: Origin::Indicator { nominal: nominal.clone(), place }.into(),
            };
            encoded.push((index, places.into_iter().map(feature).collect()));
        }
        fitting.put(encoded);
        Ok(())
    }
}
