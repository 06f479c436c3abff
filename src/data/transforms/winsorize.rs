use super::robust::check_ordered;
use super::{Fit, Fitting, Series};
use crate::data::DataError;
use crate::data::features::Step;
use crate::data::features::quantile::{quantile, sorted};
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// Pulls the most extreme values in to two quantiles, so that a few cannot outweigh all others.
    ///
    /// ```text
    /// x ← max(Q(a), min(Q(b), x))
    /// ```
    ///
    /// `Q` are quantiles of the training part, interpolated. With no columns named, all numbers are
    /// meant but indicators.
    ///
    /// When to use: a known share of values is not to be trusted at either end, whatever their
    /// distribution. About `b − a` of the training part stay as they are. It clips also where there is
    /// no outlier; fences by quartiles only clip what stands out.
    ///
    /// Reference: C. Hastings, F. Mosteller, J. W. Tukey & C. P. Winsor, Low moments for small
    /// samples, 1947.
    pub struct Winsorize("Clip at quantiles") {
        /// The columns that are clipped; none for all numbers.
        columns(""): Vec<String> = Vec::new();
        /// The share of values below the lower bound.
        low("a"): f64 = 0.01, Bounds::half_open(0.0, 1.0);
        /// The share of values below the upper bound.
        high("b"): f64 = 0.99, Bounds::above_up_to(0.0, 1.0);
    }
    check Winsorize::check_shares
}

impl Winsorize {
    fn check_shares(&self) -> Result<(), SettingError> {
        check_ordered(self.low, self.high)
    }
}

impl Fit for Winsorize {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let fit = |series: &Series<'_>| {
            let sorted = sorted(&series.all()?);
            Ok(Step::Clip { low: quantile(&sorted, self.low), high: quantile(&sorted, self.high) })
        };
        fitting.add_steps(&self.columns, fit).map(|_| ())
    }
}
