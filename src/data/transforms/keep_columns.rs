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

/// Whether the name of a column is part of the name of a feature that was made: that of `age` is in
/// `log(age)`, but not in `page = 3`.
fn is_in(column: &str, feature: &str) -> bool {
    feature.match_indices(column).any(|(start, _)| {
        let before = feature[..start].chars().next_back();
        let after = feature[start + column.len()..].chars().next();
        let goes_on = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_'; // `x²` does not
        ![before, after].into_iter().flatten().any(goes_on)
    })
}

impl Fit for KeepColumns {
    fn choose_rows(&self, choice: &mut RowChoice<'_>) -> Result<(), DataError> {
        let table = choice.table;
        let is_meant = |column: &usize| {
            let name = table.columns[*column].name.as_str();
            self.columns.iter().any(|kept| match choice.is_column(kept) {
                true => kept == name,
                false => is_in(name, kept),
            })
        };
        let kept = choice.columns.iter().copied().filter(is_meant).collect();
        choice.columns = kept;
        Ok(())
    }

    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let kept = fitting.chosen(&self.columns, |_| true, "")?;
        let drafts: Vec<Draft> = kept.iter().map(|index| fitting.drafts[*index].clone()).collect();
        fitting.drafts = drafts;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_in;

    #[test]
    fn made_features_tell_their_columns() {
        assert!(is_in("age", "log(age)") && is_in("colour", "colour = red") && is_in("x", "x²"));
        assert!(!is_in("age", "page = 3") && !is_in("x1", "log(x12)") && !is_in("log(age)", "age"));
    }
}
