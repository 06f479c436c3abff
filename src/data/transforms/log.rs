use super::{Fit, Fitting};
use crate::data::DataError;
use crate::data::features::Step;

crate::settings! {
    /// Takes the logarithm of numbers, so that factors become distances.
    ///
    /// ```text
    /// x ← sgn(x) ln(1 + |x|)
    /// ```
    ///
    /// For `x ≥ 0` this is `ln(1 + x)`, numpy's `log1p`: 0 stays 0, and no value is too small. Below 0
    /// it is mirrored, so that every number has a logarithm and the order stays. With no columns
    /// named, all numbers are meant but indicators.
    ///
    /// When to use: amounts that span factors of a hundred or more, such as incomes, counts and
    /// populations. Where values are far below 1 it does next to nothing: scale the column up first, or
    /// let a power be fitted.
    ///
    /// Reference: M. S. Bartlett, The use of transformations, 1947.
    pub struct Log("Logarithm") {
        /// The columns that are changed; none for all numbers.
        columns(""): Vec<String> = Vec::new();
    }
}

impl Fit for Log {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let changed = fitting.add_steps(&self.columns, |_| Ok(Step::Log))?;
        fitting.rename(&changed, "log");
        Ok(())
    }
}
