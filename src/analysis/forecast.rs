use std::io;
use std::sync::Arc;

use crate::data::store::Values;
use crate::data::{DataError, Prepared, Samples, TargetColumn};
use crate::losses::Loss;
use crate::losses::quality::predicted_class;
use crate::math::Number;
use crate::math::elementary::double::{exp, sigmoid};
use crate::training::{Plan, Predictor};

/// Samples whose forecast is made at once, where one after the other is looked at.
const AT_ONCE: usize = 2048;

/// What a model says of samples, in the units of the data.
#[derive(Clone, Debug, PartialEq)]
pub enum Forecast {
    /// A number for each sample, in the target's own unit.
    Numbers(Vec<f64>),
    /// A class for each sample.
    Classes {
        /// The index of the class.
        classes: Vec<u32>,
        /// The probability of every class, `[n_samples × n_classes]`; empty where the loss makes no
        /// probabilities of the outputs.
        probabilities: Vec<f64>,
    },
}

impl Forecast {
    /// The forecast at the given parameters for samples of the plan's data; `None` for a surface, and where a
    /// temporary file with the samples can no longer be read.
    ///
    /// # Panics
    /// Where `params` are not as many as the plan has.
    pub fn new(plan: &Arc<Plan>, params: &[f64], samples: &Samples) -> Option<Self> {
        let data = plan.data.as_ref()?;
        let mut predictor = Predictor::new(Arc::clone(plan));
        // Some rows at a time, for they may be in a file.
        let mut outputs = Vec::new();
        let look = |rows: &[f64]| outputs.extend_from_slice(predictor.outputs(params, rows));
        samples.features.for_each_rows(look).ok()?;
        Some(Self::of_outputs(plan, data, &outputs))
    }

    /// Shows the forecast for all samples to `look`, in order: of some of them, and what their targets are.
    /// Nothing is shown for a surface.
    ///
    /// # Errors
    /// Where a temporary file with the samples can no longer be read, and the first error of `look`.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn for_each(
        plan: &Arc<Plan>,
        params: &[f64],
        samples: &Samples,
        mut look: impl FnMut(&TargetColumn, &Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(data) = &plan.data else { return Ok(()) };
        let mut predictor = Predictor::new(Arc::clone(plan));
        let (n_samples, width) = (samples.n_samples(), data.n_features());
        let mut rows = vec![0.0; AT_ONCE.min(n_samples) * width];
        for first in (0..n_samples).step_by(AT_ONCE) {
            let n = AT_ONCE.min(n_samples - first);
            let rows = &mut rows[..n * width];
            samples.features.read((first * width) as u64, rows)?;
            let targets = match &samples.targets {
                TargetColumn::Numbers(values) => TargetColumn::Numbers(some(values, first, n)?),
                TargetColumn::Classes(classes) => TargetColumn::Classes(some(classes, first, n)?),
            };
            look(&targets, &Self::of_outputs(plan, data, predictor.outputs(params, rows)))?;
        }
        Ok(())
    }

    fn of_outputs(plan: &Plan, data: &Prepared, outputs: &[f64]) -> Self {
        if !data.is_classification() {
            let (shift, scale) = data.target_scaling;
            return Self::Numbers(outputs.iter().map(|y| y * scale + shift).collect());
        }
        let rows = || outputs.chunks(plan.n_outputs.max(1));
        let classes = rows().map(predicted_class).collect();
        let probabilities = match &plan.experiment.loss {
            Loss::BinaryCrossEntropy(_) | Loss::BinaryFocal(_) => {
                rows().flat_map(|row| [sigmoid(-row[0]), sigmoid(row[0])]).collect()
            }
            Loss::CrossEntropy(_) | Loss::Focal(_) => rows().flat_map(softmax).collect(),
            _ => Vec::new(),
        };
        Self::Classes { classes, probabilities }
    }
}

/// `n` of these numbers.
fn some<V: Number>(values: &Values<V>, first: usize, n: usize) -> Result<Values<V>, DataError> {
    let mut some = vec![V::default(); n];
    values.read(first as u64, &mut some)?;
    Ok(some.into())
}

/// The probabilities of classes with these logits.
fn softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|z| exp(z - largest)).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::softmax;

    #[test]
    fn probabilities_add_up_however_large_the_logits() {
        // Beside 1000 the logarithm of 2 has 13 digits.
        let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-13, "{x} {y}");
        let found = softmax(&[1000.0, 1000.0 + std::f64::consts::LN_2, 1000.0]);
        [0.25, 0.5, 0.25].into_iter().zip(found).for_each(|(x, y)| near(x, y));
    }
}
