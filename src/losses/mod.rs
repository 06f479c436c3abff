//! Losses: what a model's outputs cost, given the targets. A loss is a mean over the batch, and is
//! computed from raw outputs (logits), so that it is stable for outputs of any size. Also here: the
//! [`Penalty`] on the weights, which is kept apart from the data term everywhere, and the measures
//! of [`quality`] that are reported but not trained on.

mod class_weights;
mod penalty;
mod pointwise;
pub mod quality;

pub use class_weights::ClassWeights;
pub use penalty::Penalty;

use crate::math::{Scalar, reduce};

/// The targets of a batch of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Targets<'a, T> {
    /// A number for each sample.
    Numbers(&'a [T]),
    /// The index of the class of each sample.
    Classes(&'a [u32]),
}

impl<'a, T> Targets<'a, T> {
    /// The numbers.
    ///
    /// # Panics
    /// Where these are classes; which loss suits which targets is settled before training.
    pub fn numbers(self) -> &'a [T] {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Classes(_) => panic!("a loss for numbers was given classes"),
        }
    }

    /// The classes.
    ///
    /// # Panics
    /// Where these are numbers; which loss suits which targets is settled before training.
    pub fn classes(self) -> &'a [u32] {
        match self {
            Self::Classes(classes) => classes,
            Self::Numbers(_) => panic!("a loss for classes was given numbers"),
        }
    }
}

/// The samples of a batch as a loss sees them.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a, T> {
    /// The outputs of the model, `[n_samples × n_outputs]`, row-major.
    pub outputs: &'a [T],
    /// Outputs for each sample.
    pub n_outputs: usize,
    /// What each sample should come to.
    pub targets: Targets<'a, T>,
    /// How much each sample counts, none negative; without, each as much as the others.
    pub weights: Option<&'a [T]>,
}

impl<'a, T: Scalar> Samples<'a, T> {
    /// Samples that all count the same.
    pub fn unweighted(outputs: &'a [T], n_outputs: usize, targets: Targets<'a, T>) -> Self {
        Self { outputs, n_outputs, targets, weights: None }
    }

    /// What the samples count together: their weights, or their number.
    ///
    /// # Panics
    /// Where there are not the outputs and weights of `n_samples`.
    fn total_weight(&self, n_samples: usize) -> T {
        assert_eq!(self.outputs.len(), n_samples * self.n_outputs, "each sample has its outputs");
        match self.weights {
            None => T::from_f64(n_samples as f64),
            Some(weights) => {
                assert_eq!(weights.len(), n_samples, "each sample has its weight");
                reduce::sum(weights)
            }
        }
    }
}

/// What a loss expects of the targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// Numbers: regression.
    Number,
    /// Exactly two classes, one output.
    TwoClasses,
    /// Two or more classes, one output for each.
    Classes,
}

/// The rule of a loss.
pub trait LossFunction<T: Scalar>: Sync {
    /// The targets it is for, and with that the number of outputs.
    fn target_kind(&self) -> TargetKind;

    /// The mean loss over the batch. Where `gradient` is given, of the shape of the outputs, the
    /// gradient with respect to the outputs is written there. The value has the same bits with and
    /// without.
    ///
    /// Where samples have weights, it is the weighted mean:
    ///
    /// ```text
    /// L = Σᵢ wᵢ lᵢ / Σᵢ wᵢ        lᵢ the loss of sample i alone
    /// ```
    ///
    /// A sample of weight 0 counts for nothing, whatever its outputs; where all weights are 0, the loss
    /// and its gradient are 0.
    fn value(&self, samples: Samples<'_, T>, gradient: Option<&mut [T]>) -> T;

    /// The smallest number that it is defined for as a target.
    fn lowest_target(&self) -> f64 {
        f64::NEG_INFINITY
    }

    /// Whether a numeric target may be shifted and scaled as the features are.
    fn scales_target(&self) -> bool {
        true
    }

    /// Makes predictions of the outputs for a numeric target, in place: they are the same, unless the
    /// loss takes the output for something else, such as a logarithm.
    fn predict(&self, _outputs: &mut [T]) {}
}

crate::family! {
    /// A loss with its settings.
    pub enum Loss = LossFunction<T> {
        mean_squared_error::MeanSquaredError,
        mean_absolute_error::MeanAbsoluteError,
        huber::Huber,
        log_cosh::LogCosh,
        quantile::Quantile,
        poisson::Poisson,
        binary_cross_entropy::BinaryCrossEntropy,
        hinge::Hinge,
        squared_hinge::SquaredHinge,
        binary_focal::BinaryFocal,
        cross_entropy::CrossEntropy,
        focal::Focal,
    }
}
