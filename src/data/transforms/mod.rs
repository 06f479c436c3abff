//! What is done to columns before they are features: each transform is fitted on the training part
//! alone and writes what it found into the expressions of [`features`](super::features). A family:
//! one member, one file. What the list leaves unfit for training is handled by
//! [`prepare`](super::prepare()) as if there were no list, where columns of names become indicators of the
//! levels of the whole table.

mod fitting;
mod levels;
mod row_choice;

pub use fitting::{Draft, Fitting, Series};
pub use levels::Levels;
pub use row_choice::RowChoice;

use super::DataError;

/// The rule of a transform.
pub trait Fit: Sync {
    /// Leaves out rows, before the data are split. Most transforms leave all.
    fn choose_rows(&self, _choice: &mut RowChoice<'_>) -> Result<(), DataError> {
        Ok(())
    }

    /// Fits itself to the training part and writes itself into the features.
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError>;
}

crate::family! {
    /// A transform of columns with its settings.
    pub enum Transform = Fit {
        keep_columns::KeepColumns,
        drop_columns::DropColumns,
        drop_missing::DropMissing,
        impute::Impute,
        one_hot::OneHot,
        ordinal::Ordinal,
        frequency::Frequency,
        standardize::Standardize,
        min_max::MinMax,
        robust::Robust,
        log::Log,
        power::Power,
        winsorize::Winsorize,
        sigma_clip::SigmaClip,
        tukey_fences::TukeyFences,
        polynomial::Polynomial,
    }
}

pub use impute::Filling;

impl Transform {
    /// An error of the transform at `index` of the list, with the place and the name.
    pub(super) fn in_list(&self, index: usize, error: DataError) -> DataError {
        let message = format!("preprocessing[{index}] ({}): {}", self.name(), error.message);
        DataError { message, ..error }
    }
}

/// The setting that a message of `Transform::in_list` is about: `preprocessing[2]`.
///
/// ```
/// use descent::data::transforms::setting_in;
/// let message = "t.csv: preprocessing[2] (Log): `agee` is not a column";
/// assert_eq!(setting_in(message), Some("preprocessing[2]"));
/// assert_eq!(setting_in("t.csv: there is no such file"), None);
/// ```
pub fn setting_in(message: &str) -> Option<&str> {
    let start = message.find("preprocessing[")?;
    let end = message[start..].find(']')?;
    Some(&message[start..=start + end])
}
