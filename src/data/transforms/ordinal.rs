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
    /// levels.
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
        if self.order.is_empty() || self.columns.len() == 1 {
            return Ok(());
        }
        let expected = "empty unless exactly one column is named";
        Err(SettingError::new("order", format!("[{}]", self.order.join(", ")), expected))
    }

    /// That every level found is in the stated order, which then is the order.
    fn reorder(&self, levels: &mut Levels, name: &str) -> Result<(), DataError> {
        for (level, _) in &levels.counts {
            if !self.order.contains(level) {
                let hint = hint(level, self.order.iter().map(String::as_str));
                return Err(DataError::new(format!(
                    "the order lacks the level `{level}` of `{name}`{hint}"
                )));
            }
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
            let mut levels = Levels::count(fitting, column, missing_as.as_deref());
            levels.check(&name)?;
            if !self.order.is_empty() {
                self.reorder(&mut levels, &name)?;
            }
            let has_other = levels.cap(self.max_levels, 0);
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
