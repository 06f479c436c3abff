use super::{Fit, Fitting, Series};
use crate::data::DataError;
use crate::data::features::quantile::{quantile, sorted};
use crate::data::features::Step;
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// Scales numbers by their median and the distance of two quantiles, which outliers do not move.
    ///
    /// ```text
    /// x ← (x − Q(½)) / (Q(b) − Q(a))
    /// ```
    ///
    /// `Q` are quantiles of the training part, interpolated. Where the two quantiles are equal the
    /// column is only shifted. With no columns named, all numbers are meant but indicators. The same
    /// as scikit-learn's `RobustScaler`.
    ///
    /// When to use: numbers with a few values far from all others, which would squeeze the rest
    /// together if they had a say in the scale. The outliers themselves stay as far out: clip them too
    /// where they are errors.
    ///
    /// Reference: P. J. Rousseeuw & C. Croux, Alternatives to the median absolute deviation, 1993.
    pub struct Robust("Scale by quantiles") {
        /// The columns that are scaled; none for all numbers.
        columns(""): Vec<String> = Vec::new();
        /// The share of values below the lower quantile.
        low("a"): f64 = 0.25, Bounds::half_open(0.0, 1.0);
        /// The share of values below the upper quantile.
        high("b"): f64 = 0.75, Bounds::above_up_to(0.0, 1.0);
    }
    check Robust::check_shares
}

impl Robust {
    fn check_shares(&self) -> Result<(), SettingError> {
        check_ordered(self.low, self.high)
    }
}

/// That the share `low` is below the share `high`.
pub(super) fn check_ordered(low: f64, high: f64) -> Result<(), SettingError> {
    match low < high {
        true => Ok(()),
        false => Err(SettingError::new("high", high, format!("above the lower share {low}"))),
    }
}

impl Fit for Robust {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let fit = |series: &Series<'_>| {
            let sorted = sorted(&series.all()?);
            let median = quantile(&sorted, 0.5);
            let spread = quantile(&sorted, self.high) - quantile(&sorted, self.low);
            let scale = if spread == 0.0 { 1.0 } else { spread };
            let (shift, scale) = series.extent.checked((median, scale), series.name())?;
            Ok(Step::Affine { shift, scale })
        };
        fitting.add_steps(&self.columns, fit).map(|_| ())
    }
}
