use super::{Fit, Fitting, RowChoice};
use crate::data::DataError;

crate::settings! {
    /// Leaves out the rows in which a value is missing, so that every sample is complete.
    ///
    /// ```text
    /// rows ← { i : xᵢⱼ is there for all j in columns }
    /// ```
    ///
    /// `xᵢⱼ` is the cell in row `i` and column `j`. Rows are left out before the data are split, in
    /// all parts, and looked at as they are in the file, wherever this stands in the list; how many
    /// they were stands in the notes. With no columns named, all are meant that are features.
    ///
    /// When to use: few incomplete rows, missing for no reason that matters. Where many rows go, or
    /// where the reason has to do with the target, what is left is another population: impute, with
    /// an indicator.
    ///
    /// Reference: R. J. A. Little & D. B. Rubin, Statistical analysis with missing data, 1987.
    pub struct DropMissing("Drop rows with missing values") {
        /// The columns that must have a value; none for all features.
        columns("columns"): Vec<String> = Vec::new();
    }
}

impl Fit for DropMissing {
    fn choose_rows(&self, choice: &mut RowChoice<'_>) -> Result<(), DataError> {
        let columns = match self.columns.is_empty() {
            true => choice.columns.clone(),
            false => choice.known_places(&self.columns)?,
        };
        let n_before = choice.rows.len();
        let mut rows = std::mem::take(&mut choice.rows);
        rows.retain(|row| columns.iter().all(|column| !choice.is_missing(*column, *row)));
        choice.rows = rows;
        if choice.rows.is_empty() {
            return Err(DataError::new(
                "every row has a missing value; name the columns that must be complete, or impute",
            ));
        }
        let note = match n_before - choice.rows.len() {
            0 => return Ok(()),
            1 => "1 row left out because a value is missing".to_owned(),
            n => format!("{n} rows left out because a value is missing"),
        };
        choice.notes.push(note);
        Ok(())
    }

    fn fit(&self, _: &mut Fitting<'_>) -> Result<(), DataError> {
        Ok(())
    }
}
