use std::sync::Arc;

use crate::data::Samples;
use crate::losses::Loss;
use crate::losses::quality::predicted_class;
use crate::math::elementary::double::{exp, sigmoid};
use crate::training::{Plan, Predictor};

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
        if !data.is_classification() {
            let (shift, scale) = data.target_scaling;
            return Some(Self::Numbers(outputs.iter().map(|y| y * scale + shift).collect()));
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
        Some(Self::Classes { classes, probabilities })
    }
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
