use super::{Draft, Fit, Fitting, RowChoice};
use crate::data::DataError;

crate::settings! {
    /// Keeps the named columns as features and leaves out all others, so that a model sees what it
    /// is meant to see.
    ///
    /// ```text
    /// X ← columns of X
    /// ```
    ///
    /// `X` are the features, one column each. The target stays the target. Features that transforms
    /// before have made can be named too: `colour = red`.
    ///
    /// When to use: wide tables of which a few columns are known to matter, and comparisons of what
    /// each set of features is worth. To leave out a few of many, drop these instead.
    ///
    /// Reference: I. Guyon & A. Elisseeff, An introduction to variable and feature selection, 2003.
    pub struct KeepColumns("Keep columns") {
        /// The columns that stay.
        columns(""): Vec<String> = Vec::new();
    }
    check KeepColumns::check_columns
}

impl KeepColumns {
    fn check_columns(&self) -> Result<(), crate::settings::SettingError> {
        super::drop_columns::check_named(&self.columns)
    }
}

impl Fit for KeepColumns {
    fn choose_rows(&self, choice: &mut RowChoice<'_>) -> Result<(), DataError> {
        if let Some(kept) = choice.places(&self.columns) {
            choice.columns.retain(|column| kept.contains(column));
        }
        Ok(())
    }

    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let kept = fitting.chosen(&self.columns, |_| true, "")?;
        let drafts: Vec<Draft> = kept.iter().map(|index| fitting.drafts[*index].clone()).collect();
        fitting.drafts = drafts;
        Ok(())
    }
}
