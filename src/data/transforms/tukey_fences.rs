use super::{Fit, Fitting, Series};
use crate::data::DataError;
use crate::data::features::Step;
use crate::data::features::quantile::{quantile, sorted};
use crate::settings::Bounds;

crate::settings! {
    /// Pulls in what lies far outside the middle half of the values: the points beyond the whiskers
    /// of a box plot.
    ///
    /// ```text
    /// x ← max(Q₁ − k (Q₃ − Q₁), min(Q₃ + k (Q₃ − Q₁), x))
    /// ```
    ///
    /// `Q₁` and `Q₃` are the quartiles of the training part, interpolated. Where they are equal nothing
    /// is clipped. With no columns named, all numbers are meant but indicators.
    ///
    /// When to use: outliers of unknown number and size: quartiles stand still until a quarter of the
    /// values are wrong. `k = 1.5` is the whisker, 3 only takes what is far out. Long tails that belong
    /// to the data are better taken in by a logarithm.
    ///
    /// Reference: J. W. Tukey, Exploratory data analysis, 1977.
    pub struct TukeyFences("Clip at fences") {
        /// The columns that are clipped; none for all numbers.
        columns(""): Vec<String> = Vec::new();
        /// How many times the distance of the quartiles is left alone beyond each of them.
        reach("k"): f64 = 1.5, Bounds::positive();
    }
}

impl Fit for TukeyFences {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let fit = |series: &Series<'_>| {
            let sorted = sorted(&series.all()?);
            let (first, third) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
            let reach = self.reach * (third - first);
            Ok(match reach > 0.0 {
                true => Step::Clip { low: first - reach, high: third + reach },
                false => Step::Clip { low: f64::NEG_INFINITY, high: f64::INFINITY },
            })
        };
        fitting.add_steps(&self.columns, fit).map(|_| ())
    }
}
