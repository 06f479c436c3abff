//! How much each sample counts in the loss: the product of its own weight and that of its class.

use super::objective::CHUNK;
use super::samples::GatheredTargets;
use crate::data::store::{Kept, Rows, unreadable};
use crate::data::{DataError, Prepared, Samples, TargetColumn};
use crate::experiment::Experiment;
use crate::losses::{ClassWeights, Targets};
use crate::math::Scalar;
use crate::math::team::Team;

/// The weights of the samples of a part, in the number type of the run.
pub(super) enum Weights<T> {
    /// All count alike.
    Alike,
    /// In memory, as their factors are.
    Memory(Vec<T>),
    /// Multiplied where samples are needed, since a factor of theirs is in a file.
    Product(Box<Product<T>>),
}

/// Factors, and room for some of their products.
pub(super) struct Product<T> {
    own: Option<Rows<f64>>,
    of_class: Option<Vec<f64>>,
    /// What products are divided by.
    unit: f64,
    factors: Vec<f64>,
    page: Vec<T>,
}

impl<T: Scalar> Weights<T> {
    /// Those of `samples`, whose classes have the weights `of_class`, if any; `kept` is what stays in
    /// memory of their own ones.
    pub(super) fn new(samples: &Samples, of_class: Option<&[f64]>, kept: Option<Kept>) -> Self {
        let has_own = samples.weights.n_values() > 0;
        let classes = match &samples.targets {
            TargetColumn::Classes(classes) => of_class.map(|of_class| (classes, of_class)),
            TargetColumn::Numbers(_) => None,
        };
        if !has_own && classes.is_none() {
            return Self::Alike;
        }
        let largest = largest_weight(samples, of_class).unwrap_or_else(|error| unreadable(&error));
        // A mean stays what it is where all weights are scaled, but the number type of the run must be able
        // to hold them and their sums.
        let is_odd = largest > 0.0 && !(1e-20..1e20).contains(&largest);
        let unit = if is_odd { largest } else { 1.0 };
        let are_in_file = classes.is_some_and(|(classes, _)| classes.memory().is_some());
        if samples.weights.memory().is_none() && !are_in_file {
            let weight = |index: usize| {
                let own = if has_own { samples.weights[index] } else { 1.0 };
                let of_class =
                    classes.map_or(1.0, |(classes, of_class)| of_class[classes[index] as usize]);
                T::from_f64(own * of_class / unit)
            };
            return Self::Memory((0..samples.n_samples()).map(weight).collect());
        }
        let room = samples.n_samples().min(CHUNK);
        Self::Product(Box::new(Product {
            own: has_own.then(|| Rows::new(&samples.weights, 1, CHUNK, kept)),
            of_class: classes.map(|(_, of_class)| of_class.to_vec()),
            unit,
            factors: vec![1.0; room],
            page: vec![T::ZERO; room],
        }))
    }

    pub(super) fn are_alike(&self) -> bool {
        matches!(self, Self::Alike)
    }

    /// The weights of `start..end`, whose targets these are; `None` where all count alike.
    pub(super) fn range(
        &mut self,
        start: usize,
        end: usize,
        targets: Targets<'_, T>,
        team: &Team,
    ) -> Option<&[T]> {
        match self {
            Self::Alike => None,
            Self::Memory(weights) => Some(&weights[start..end]),
            Self::Product(product) => {
                let Product { own, of_class, unit, factors, page } = &mut **product;
                let page = &mut page[..end - start];
                let own = match own {
                    Some(own) => own.range(start, end, team),
                    None => &factors[..end - start],
                };
                multiply(own, of_class.as_deref(), targets, *unit, page);
                Some(page)
            }
        }
    }

    /// Copies the weights of these samples, whose targets stand first in `targets`, to `to`; nothing where
    /// all count alike.
    #[inline]
    pub(super) fn gather(
        &mut self,
        samples: &[u32],
        targets: &GatheredTargets<T>,
        to: &mut [T],
        team: &Team,
    ) {
        match self {
            Self::Alike => {}
            Self::Memory(weights) => {
                for (weight, sample) in to.iter_mut().zip(samples) {
                    *weight = weights[*sample as usize];
                }
            }
            Self::Product(product) => {
                let Product { own, of_class, unit, factors, .. } = &mut **product;
                let own_weights = &mut factors[..samples.len()];
                if let Some(own) = own {
                    own.gather(samples, own_weights, team);
                }
                let targets = targets.first(samples.len());
                multiply(own_weights, of_class.as_deref(), targets, *unit, to);
            }
        }
    }
}

/// Writes the product of each sample's own weight and that of its class, in parts of `unit`.
fn multiply<T: Scalar>(
    own: &[f64],
    of_class: Option<&[f64]>,
    targets: Targets<'_, T>,
    unit: f64,
    to: &mut [T],
) {
    match (of_class, targets) {
        (Some(of_class), Targets::Classes(classes)) => {
            for ((to, own), class) in to.iter_mut().zip(own).zip(classes) {
                *to = T::from_f64(own * of_class[*class as usize] / unit);
            }
        }
        _ => to.iter_mut().zip(own).for_each(|(to, own)| *to = T::from_f64(own / unit)),
    }
}

/// The weight of each class in an experiment on these data; `None` where all count alike.
///
/// # Errors
/// Where the classes are in a file that can no longer be read.
pub(super) fn class_weights(
    experiment: &Experiment,
    data: &Prepared,
) -> Result<Option<Vec<f64>>, DataError> {
    let TargetColumn::Classes(classes) = &data.train.targets else { return Ok(None) };
    let mut counts = vec![0; data.class_names.len()];
    if experiment.class_weights == ClassWeights::Balanced {
        classes.for_each_rows(|classes| {
            classes.iter().for_each(|class| counts[*class as usize] += 1);
        })?;
    }
    Ok(experiment.class_weights.of_counts(&counts))
}

/// The largest product of a sample's own weight and that of its class; 0 where there are no samples.
///
/// # Errors
/// Where they are in a file that can no longer be read.
pub(super) fn largest_weight(
    samples: &Samples,
    of_class: Option<&[f64]>,
) -> Result<f64, DataError> {
    let has_own = samples.weights.n_values() > 0;
    let n_samples = samples.n_samples();
    let mut largest = 0.0;
    let (mut own, mut classes) = ([1.0; CHUNK], [0; CHUNK]);
    for start in (0..n_samples).step_by(CHUNK) {
        let n = (n_samples - start).min(CHUNK);
        if has_own {
            samples.weights.read(start as u64, &mut own[..n])?;
        }
        if let TargetColumn::Classes(column) = &samples.targets {
            column.read(start as u64, &mut classes[..n])?;
        }
        let weights = own[..n]
            .iter()
            .zip(&classes)
            .map(|(own, class)| own * of_class.map_or(1.0, |of_class| of_class[*class as usize]));
        largest = weights.fold(largest, f64::max);
    }
    Ok(largest)
}
