use super::{Fit, Fitting, Levels};
use crate::data::DataError;
use crate::data::features::{Feature, Origin};

crate::settings! {
    /// Puts in place of each level of a column of names how frequent it is.
    ///
    /// ```text
    /// x → n(x) / n
    /// ```
    ///
    /// `n(x)` is how often the level occurs in the training part, `n` the number of its rows. A level
    /// that does not occur there is 0, and missing values are as frequent as they are. With no
    /// columns named, all columns of names are meant, whatever their number of levels.
    ///
    /// When to use: columns with hundreds of levels, as postcodes and products, for which one-hot
    /// encoding makes too many features. Levels that are equally frequent become the same number.
    ///
    /// Reference: D. Micci-Barreca, A preprocessing scheme for high-cardinality categorical
    /// attributes in classification and prediction problems, 2001.
    pub struct Frequency("Frequency encoding") {
        /// The columns that are encoded; none for all columns of names.
        columns(""): Vec<String> = Vec::new();
    }
}

impl Fit for Frequency {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let mut encoded = Vec::new();
        for (index, column, missing_as) in fitting.to_encode(&self.columns, usize::MAX)? {
            let name = fitting.table.columns[column].name.clone();
            let levels = Levels::count(fitting, column, missing_as.as_deref());
            levels.check(&name)?;
            let share = |count: usize| count as f64 / fitting.train.len() as f64;
            let expression = Origin::Code {
                nominal: levels.nominal(fitting),
                codes: levels.counts.iter().map(|(_, count)| share(*count)).collect(),
                other: 0.0,
                missing: share(levels.n_missing),
                what: "frequency",
            };
            let name = format!("frequency({name})");
            encoded.push((index, vec![Feature { name, expression: expression.into() }]));
        }
        fitting.put(encoded);
        Ok(())
    }
}
