use super::{Fit, Fitting, Series};
use crate::data::features::Step;
use crate::data::{DataError, Scaling};
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// Scales numbers to a range, mostly from 0 to 1.
    ///
    /// ```text
    /// x ← a + (b − a) (x − min) / (max − min)
    /// ```
    ///
    /// `min` and `max` are the smallest and the largest value in the training part; values of the
    /// other parts can lie outside `a … b`. A column that is constant there is only shifted, to `a`. With
    /// no columns named, all numbers are meant but indicators. The same as scikit-learn's
    /// `MinMaxScaler`.
    ///
    /// When to use: numbers with known ends, such as pixels, shares and angles. One outlier decides
    /// the range of all others: with any of them, take quartiles instead, or clip before.
    ///
    /// Reference: J. Han & M. Kamber, Data mining: concepts and techniques, 2000.
    pub struct MinMax("Scale to a range") {
        /// The columns that are scaled; none for all numbers.
        columns(""): Vec<String> = Vec::new();
        /// What the smallest value becomes.
        low("a"): f64 = 0.0, Bounds::any();
        /// What the largest value becomes.
        high("b"): f64 = 1.0, Bounds::any();
    }
    check MinMax::check_ends
}

impl MinMax {
    fn check_ends(&self) -> Result<(), SettingError> {
        let expected = if self.low >= self.high {
            format!("above the low end {}", self.low)
        } else if !(self.high - self.low).is_finite() {
            format!("less than 1.8e308 above the low end {:e}", self.low)
        } else {
            return Ok(());
        };
        Err(SettingError::new("high", self.high, expected))
    }
}

impl Fit for MinMax {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let fit = |series: &Series<'_>| {
            let (shift, scale) = series.fit(Scaling::MinMax)?;
            let is_constant = series.extent.low == series.extent.high;
            let scale = if is_constant { scale } else { scale / (self.high - self.low) };
            let fitted = (shift - self.low * scale, scale);
            let (shift, scale) = series.extent.checked(fitted, series.name())?;
            Ok(Step::Affine { shift, scale })
        };
        fitting.add_steps(&self.columns, fit).map(|_| ())
    }
}
