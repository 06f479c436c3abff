use super::one_hot::MOST_LEVELS;
use super::{Fit, Fitting, Levels};
use crate::data::DataError;
use crate::data::features::{Feature, Origin};
use crate::data::load::hint;
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// Numbers the levels of a column of names: the first is 0, the next 1, and so on.
    ///
    /// ```text
    /// x → 0, 1, …, n − 1        for level₁, level₂, …, levelₙ,  n ≤ k
    /// ```
    ///
    /// Levels are those of the training part, in alphabetical order, or in the stated one. Where
    /// there are more than `k` the most frequent stay, and all others together are the last. A level
    /// that the training part does not have counts as missing where there is no such last one, and
    /// missing stays missing. With no columns named, all columns of names are meant with up to 50
    /// levels. With a stated order nothing falls together, and more than `k` levels are refused.
    ///
    /// When to use: names with an order that means something, such as low, medium, high: state that
    /// order. For a linear model equal steps must mean equal differences; names without an order are
    /// better encoded one-hot.
    ///
    /// Reference: S. S. Stevens, On the theory of scales of measurement, 1946.
    pub struct Ordinal("Ordinal encoding") {
        /// The columns that are encoded; none for all columns of names.
        columns(""): Vec<String> = Vec::new();
        /// The levels of one column from the lowest to the highest; empty for the alphabetical order.
        order(""): Vec<String> = Vec::new();
        /// How many levels there may be.
        max_levels("k"): usize = 1000, Bounds::closed(2.0, 1e6);
    }
    check Ordinal::check_order
}

impl Ordinal {
    fn check_order(&self) -> Result<(), SettingError> {
        let is_repeated = |k: &usize| self.order[..*k].contains(&self.order[*k]);
        if let Some(k) = (0..self.order.len()).find(is_repeated) {
            let found = format!("`{}` more than once", self.order[k]);
            return Err(SettingError::new("order", found, "each level once"));
        }
        if self.order.is_empty() || self.columns.len() == 1 {
            return Ok(());
        }
        let expected = "empty unless exactly one column is named";
        Err(SettingError::new("order", format!("[{}]", self.order.join(", ")), expected))
    }

    /// That every level found is in the stated order, which then is the order, and that they are not too many.
    fn reorder(&self, levels: &mut Levels, name: &str) -> Result<(), DataError> {
        for (level, _) in &levels.counts {
            if !self.order.contains(level) {
                let hint = hint(level, self.order.iter().map(String::as_str));
                return Err(DataError::new(format!(
                    "the order lacks the level `{level}` of `{name}`{hint}"
                )));
            }
        }
        if levels.counts.len() > self.max_levels {
            return Err(DataError::new(format!(
                "`{name}` has {} levels, more than the {} of `max_levels`; with a stated order none fall together, so raise it",
                levels.counts.len(),
                self.max_levels
            )));
        }
        let count = |level: &String| {
            let found = levels.counts.iter().find(|(known, _)| known == level);
            (level.clone(), found.map_or(0, |(_, count)| *count))
        };
        levels.counts = self.order.iter().map(count).collect();
        Ok(())
    }
}

impl Fit for Ordinal {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let mut encoded = Vec::new();
        for (index, column, missing_as) in fitting.to_encode(&self.columns, MOST_LEVELS)? {
            let name = fitting.table.columns[column].name.clone();
            let mut levels = Levels::count(fitting, column, missing_as.as_deref())?;
            levels.check(&name)?;
            let has_other = if self.order.is_empty() {
                levels.cap(self.max_levels, 0)
            } else {
                self.reorder(&mut levels, &name)?;
                false
            };
            let nominal = levels.nominal(fitting);
            let n_levels = nominal.levels.len();
            let expression = Origin::Code {
                nominal,
                codes: (0..n_levels).map(|level| level as f64).collect(),
                other: if has_other { n_levels as f64 } else { f64::NAN },
                missing: f64::NAN,
                what: "ordinal",
            };
            encoded.push((index, vec![Feature { name, expression: expression.into() }]));
        }
        fitting.put(encoded);
        Ok(())
    }
}
