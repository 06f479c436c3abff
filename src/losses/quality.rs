//! Measures of quality that people read: accuracy, R². They are computed from the
//! same raw outputs as the losses, on any part of the data.

use crate::math::Scalar;

/// The class that the outputs of one sample speak for: with one output (a logit) class 1 where it
/// is above 0, else the class with the largest output, the first of equals.
pub fn predicted_class<T: Scalar>(outputs: &[T]) -> u32 {
    if let [logit] = outputs {
        return u32::from(*logit > T::ZERO);
    }
    let mut best = 0;
    for (class, output) in outputs.iter().enumerate() {
        if *output > outputs[best] {
            best = class;
        }
    }
    best as u32
}

/// How many of the samples are classified right. `outputs` is `[n_samples × n_outputs]`.
pub fn n_correct<T: Scalar>(outputs: &[T], n_outputs: usize, classes: &[u32]) -> usize {
    assert_eq!(outputs.len(), n_outputs * classes.len(), "n_outputs outputs for each sample");
    let rows = outputs.chunks_exact(n_outputs).zip(classes);
    rows.filter(|(outputs, class)| predicted_class(outputs) == **class).count()
}

/// The part of the samples that is classified right, from 0 to 1; NaN where there are none.
///
/// ```text
/// accuracy = 1/n Σᵢ [predicted classᵢ = yᵢ]
/// ```
pub fn accuracy<T: Scalar>(outputs: &[T], n_outputs: usize, classes: &[u32]) -> f64 {
    n_correct(outputs, n_outputs, classes) as f64 / classes.len() as f64
}

/// The part of the targets' variance that the outputs explain: 1 is perfect, 0 no better than the
/// mean of the targets, negative worse.
///
/// ```text
/// R² = 1 − Σᵢ (yᵢ − ŷᵢ)² / Σᵢ (yᵢ − ȳ)²
/// ```
///
/// Where all targets are equal it is 1 for perfect outputs and 0 otherwise, as in scikit-learn.
/// Computed in `f64` whatever the number type.
pub fn r_squared<T: Scalar>(outputs: &[T], targets: &[T]) -> f64 {
    assert_eq!(outputs.len(), targets.len(), "one output and one target for each sample");
    let total: f64 = targets.iter().map(|target| target.to_f64()).sum();
    let mean = total / targets.len() as f64;
    let outputs = outputs.iter().map(|output| output.to_f64());
    let unexplained = add_squared_errors(0.0, targets, outputs);
    explained(unexplained, add_squared_errors(0.0, targets, std::iter::repeat(mean)))
}

/// `so_far + Σᵢ (yᵢ − ŷᵢ)²`, one after the other, for the sums of [`r_squared`] where there are not all
/// targets `yᵢ` at once.
pub fn add_squared_errors<T: Scalar>(
    so_far: f64,
    targets: &[T],
    predictions: impl Iterator<Item = f64>,
) -> f64 {
    targets.iter().zip(predictions).fold(so_far, |sum, (target, prediction)| {
        let error = target.to_f64() - prediction;
        sum + error * error
    })
}

/// [`r_squared`] of its two sums: that over `(yᵢ − ŷᵢ)²`, and that over `(yᵢ − ȳ)²`.
pub fn explained(unexplained: f64, variance: f64) -> f64 {
    match (unexplained == 0.0, variance == 0.0) {
        (true, true) => 1.0,
        (false, true) => 0.0,
        _ => 1.0 - unexplained / variance,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logit_is_judged_by_its_sign_and_zero_speaks_for_class_0() {
        assert_eq!(accuracy(&[2.0, -1.0, 0.0, 0.5], 1, &[1, 0, 0, 0]), 0.75);
    }

    #[test]
    fn the_largest_output_wins_and_the_first_of_equals() {
        assert_eq!(predicted_class(&[1.0, 3.0, 2.0]), 1);
        assert_eq!(predicted_class(&[1.0, 3.0, 3.0]), 1);
        assert_eq!(predicted_class(&[0.0f32, 0.0, 0.0]), 0);
    }

    #[test]
    fn r_squared_by_hand() {
        // Targets 1, 2, 3: variance 2; errors 0, 0, 1.
        assert_eq!(r_squared(&[1.0, 2.0, 4.0], &[1.0, 2.0, 3.0]), 0.5);
        assert_eq!(r_squared(&[2.0f32, 2.0, 2.0], &[1.0, 2.0, 3.0]), 0.0);
        assert_eq!(r_squared(&[1.0, 2.0], &[2.0, 2.0]), 0.0);
        assert_eq!(r_squared(&[2.0, 2.0], &[2.0, 2.0]), 1.0);
        assert!(r_squared(&[f64::NAN, 2.0], &[2.0, 3.0]).is_nan());
    }
}
