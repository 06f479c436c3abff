use super::target::Target;
use crate::data::transforms::{Fitting, RowChoice, Transform};
use crate::data::{DataError, Loaded, Progress, Scaling};

/// What is done to the data before training.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recipe {
    /// The transforms of columns, in order.
    pub transforms: Vec<Transform>,
    /// How numeric features are scaled that no transform has scaled.
    pub scaling: Scaling,
    /// How a numeric target is scaled.
    pub target_scaling: Scaling,
}

impl Recipe {
    /// Scaling alone, of features and target alike.
    pub fn scaled(scaling: Scaling) -> Self {
        Self { transforms: Vec::new(), scaling, target_scaling: scaling }
    }

    /// Leaves out the rows that the transforms leave out; of the `columns`, those that they keep.
    pub(super) fn choose(
        &self,
        loaded: &Loaded,
        columns: Vec<usize>,
        target: &mut Target,
        progress: &Progress,
        notes: &mut Vec<String>,
    ) -> Result<Vec<usize>, DataError> {
        if self.transforms.is_empty() {
            return Ok(columns);
        }
        let mut choice = RowChoice {
            loaded,
            table: &loaded.table,
            target: loaded.target,
            columns,
            rows: target.rows.clone(),
            progress,
            notes: Vec::new(),
        };
        self.each(|transform| transform.rule().choose_rows(&mut choice))?;
        notes.append(&mut choice.notes);
        if choice.rows.len() < target.rows.len() {
            target.keep(choice.rows)?;
        }
        Ok(choice.columns)
    }

    /// Fits the transforms, one after the other.
    pub(super) fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        self.each(|transform| transform.rule().fit(fitting))
    }

    fn each(
        &self,
        mut act: impl FnMut(&Transform) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        for (index, transform) in self.transforms.iter().enumerate() {
            act(transform).map_err(|error| transform.in_list(index, error))?;
        }
        Ok(())
    }
}
