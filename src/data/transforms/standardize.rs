use super::{Fit, Fitting, Series};
use crate::data::features::Step;
use crate::data::{DataError, Scaling};

crate::settings! {
    /// Scales numbers to mean 0 and standard deviation 1, so that one learning rate suits all
    /// features.
    ///
    /// ```text
    /// x ← (x − μ) / σ        μ = Σx / n,  σ = √(Σ(x − μ)² / n)
    /// ```
    ///
    /// `μ` and `σ` are the mean and the standard deviation of the `n` values in the training part. A
    /// column that is constant there is only shifted. With no columns named, all numbers are meant but
    /// indicators. The same as scikit-learn's `StandardScaler`.
    ///
    /// When to use: some columns are to be standardised and others not, or products are to be made of
    /// standardised columns; for all features alike the setting `scaling` does it. Long tails are
    /// better taken in by a logarithm first.
    ///
    /// Reference: Y. LeCun, L. Bottou, G. B. Orr & K.-R. Müller, Efficient BackProp, 1998.
    pub struct Standardize("Standardise") {
        /// The columns that are scaled; none for all numbers.
        columns(""): Vec<String> = Vec::new();
    }
}

impl Fit for Standardize {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let fit = |series: &Series<'_>| {
            let (shift, scale) = series.fit(Scaling::Standardize)?;
            Ok(Step::Affine { shift, scale })
        };
        fitting.add_steps(&self.columns, fit).map(|_| ())
    }
}
