use super::{Fit, Fitting, RowChoice};
use crate::data::DataError;
use crate::settings::SettingError;

crate::settings! {
    /// Leaves out the named columns: those that only copy the target, number the rows, or would not
    /// be known when the model is used.
    ///
    /// ```text
    /// X ← X without columns
    /// ```
    ///
    /// `X` are the features, one column each. Features that transforms before have made can be named
    /// too: `colour = red`. A column of the file that no experiment is to see can be ignored in the
    /// source instead.
    ///
    /// When to use: identifiers, dates of entry, and whatever is measured after the outcome. Leakage
    /// of that kind shows as a validation score too good to be true.
    ///
    /// Reference: S. Kaufman, S. Rosset & C. Perlich, Leakage in data mining, 2011.
    pub struct DropColumns("Drop columns") {
        /// The columns that are left out.
        columns(""): Vec<String> = Vec::new();
    }
    check DropColumns::check_columns
}

impl DropColumns {
    fn check_columns(&self) -> Result<(), SettingError> {
        check_named(&self.columns)
    }
}

/// That at least one column is named.
pub(super) fn check_named(columns: &[String]) -> Result<(), SettingError> {
    match columns.is_empty() {
        true => Err(SettingError::new("columns", "an empty list", "a list with one name or more")),
        false => Ok(()),
    }
}

impl Fit for DropColumns {
    fn choose_rows(&self, choice: &mut RowChoice<'_>) -> Result<(), DataError> {
        // Other names are those of features that are still to be made.
        let table = choice.table;
        choice.columns.retain(|column| !self.columns.contains(&table.columns[*column].name));
        Ok(())
    }

    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let dropped = fitting.chosen(&self.columns, |_| true, "")?;
        for index in dropped.into_iter().rev() {
            fitting.drafts.remove(index);
        }
        Ok(())
    }
}
