use crate::data::transforms::{Fitting, RowChoice, Transform};
use crate::data::{DataError, Scaling};

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

    /// Leaves out the rows that the transforms leave out.
    pub(super) fn choose_rows(&self, choice: &mut RowChoice<'_>) -> Result<(), DataError> {
        self.each(|transform| transform.rule().choose_rows(choice))
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
