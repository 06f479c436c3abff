//! Parts of the data in the number type of a run, and what is gathered of them for a batch.

use super::objective::CHUNK;
use crate::data::store::{Reading, Rows};
use crate::data::{Samples, Sampling, TargetColumn};
use crate::experiment::Experiment;
use crate::losses::Targets;
use crate::math::Scalar;

/// Targets in the number type of the run.
#[derive(Clone)]
pub(super) enum OwnedTargets<T> {
    Numbers(Vec<T>),
    Classes(Vec<u32>),
}

impl<T: Scalar> OwnedTargets<T> {
    pub(super) fn new(column: &TargetColumn) -> Self {
        match column {
            TargetColumn::Numbers(values) => {
                Self::Numbers(values.iter().map(|value| T::from_f64(*value)).collect())
            }
            TargetColumn::Classes(classes) => Self::Classes(classes.to_vec()),
        }
    }

    pub(super) fn room_for(&self, n_samples: usize) -> Self {
        match self {
            Self::Numbers(_) => Self::Numbers(vec![T::ZERO; n_samples]),
            Self::Classes(_) => Self::Classes(vec![0; n_samples]),
        }
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> Targets<'_, T> {
        match self {
            Self::Numbers(values) => Targets::Numbers(&values[start..end]),
            Self::Classes(classes) => Targets::Classes(&classes[start..end]),
        }
    }

    /// Copies the targets of these samples, in order.
    pub(super) fn gather(&mut self, from: &Self, samples: impl Iterator<Item = usize>) {
        match (self, from) {
            (Self::Numbers(to), Self::Numbers(from)) => {
                for (value, sample) in to.iter_mut().zip(samples) {
                    *value = from[sample];
                }
            }
            (Self::Classes(to), Self::Classes(from)) => {
                for (class, sample) in to.iter_mut().zip(samples) {
                    *class = from[sample];
                }
            }
            _ => unreachable!("both are made from the same column"),
        }
    }
}

/// A part of the data in the number type of the run.
pub(super) struct OwnedSamples<T> {
    pub(super) n_samples: usize,
    pub(super) features: Rows<T>,
    pub(super) targets: OwnedTargets<T>,
    /// How much each sample counts; empty where all count alike.
    pub(super) weights: Vec<T>,
}

/// Samples that were gathered for a gradient.
#[derive(Clone)]
pub(super) struct Gathered<T> {
    pub(super) features: Vec<T>,
    pub(super) targets: OwnedTargets<T>,
    pub(super) weights: Vec<T>,
}

/// How the training part is gone through.
pub(super) fn reading(experiment: &Experiment) -> Reading {
    match &experiment.sampling {
        _ if !experiment.shuffle => Reading::InOrder,
        Sampling::Blocks(blocks) => Reading::Blocks { block: blocks.block, window: blocks.window },
        _ => Reading::Anywhere,
    }
}

impl<T: Scalar> OwnedSamples<T> {
    /// `class_weights` are those of the classes, if they have any; `reading` is how samples are
    /// gathered, if they are.
    pub(super) fn new(
        samples: &Samples,
        n_features: usize,
        class_weights: Option<&[f64]>,
        reading: Option<Reading>,
    ) -> Self {
        Self {
            weights: weights_of(samples, class_weights)
                .into_iter()
                .map(|weight| T::from_f64(weight))
                .collect(),
            n_samples: samples.rows.len(),
            features: Rows::new(&samples.features, n_features, CHUNK, reading),
            targets: OwnedTargets::new(&samples.targets),
        }
    }
}

/// The product of each sample's own weight and that of its class; empty where there are none.
fn weights_of(samples: &Samples, class_weights: Option<&[f64]>) -> Vec<f64> {
    let mut weights = samples.weights.to_vec();
    if let (Some(of_class), TargetColumn::Classes(classes)) = (class_weights, &samples.targets) {
        weights.resize(classes.len(), 1.0);
        for (weight, class) in weights.iter_mut().zip(classes) {
            *weight *= of_class[*class as usize];
        }
    }
    // A mean stays what it is where all weights are scaled, but the number type of the run must be able
    // to hold them and their sums.
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if largest > 0.0 && !(1e-20..1e20).contains(&largest) {
        weights.iter_mut().for_each(|weight| *weight /= largest);
    }
    weights
}

/// The weights of `start..end`; `None` where there are none.
pub(super) fn slice_of<T>(weights: &[T], start: usize, end: usize) -> Option<&[T]> {
    (!weights.is_empty()).then(|| &weights[start..end])
}
