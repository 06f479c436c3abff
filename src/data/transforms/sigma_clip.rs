use super::{Fit, Fitting, Series};
use crate::data::features::Step;
use crate::data::{DataError, Scaling};
use crate::settings::Bounds;

crate::settings! {
    /// Pulls in what lies more than some standard deviations from the mean.
    ///
    /// ```text
    /// x ← max(μ − k σ, min(μ + k σ, x))
    /// ```
    ///
    /// `μ` and `σ` are the mean and the standard deviation (divided by n) of the training part, taken
    /// once, outliers included. With no columns named, all numbers are meant but indicators.
    ///
    /// When to use: numbers that are about normal with a few gross errors. Of a normal distribution
    /// `k = 3` changes 3 values in 1,000. Many or huge outliers widen `σ` until they hide behind it:
    /// then take quartiles.
    ///
    /// Reference: F. E. Grubbs, Procedures for detecting outlying observations in samples, 1969.
    pub struct SigmaClip("Clip at standard deviations") {
        /// The columns that are clipped; none for all numbers.
        columns(""): Vec<String> = Vec::new();
        /// How many standard deviations are left alone on either side.
        deviations("k"): f64 = 3.0, Bounds::positive();
    }
}

impl Fit for SigmaClip {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let fit = |series: &Series<'_>| {
            let (mean, deviation) = series.fit(Scaling::Standardize)?;
            let reach = self.deviations * deviation;
            Ok(Step::Clip { low: mean - reach, high: mean + reach })
        };
        fitting.add_steps(&self.columns, fit).map(|_| ())
    }
}
