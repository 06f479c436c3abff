use super::{LossFunction, TargetKind, Targets};
use crate::math::Scalar;

crate::settings! {
    /// The mean of the squared differences between output and target.
    ///
    /// ```text
    /// L = 1/n Σᵢ (ŷᵢ − yᵢ)²
    /// ```
    ///
    /// Reference: C. F. Gauss, Theoria motus corporum coelestium, 1809.
    pub struct MeanSquaredError("Mean squared error") {}
}

impl<T: Scalar> LossFunction<T> for MeanSquaredError {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Number
    }

    fn value(&self, outputs: &[T], _: usize, targets: Targets<'_, T>) -> T {
        let Targets::Numbers(targets) = targets else { return T::from_f64(f64::NAN) };
        let mut sum = T::ZERO;
        for (output, target) in outputs.iter().zip(targets) {
            let difference = *output - *target;
            sum += difference * difference;
        }
        sum / T::from_f64(outputs.len() as f64)
    }

    fn value_and_gradient(
        &self,
        outputs: &[T],
        n_outputs: usize,
        targets: Targets<'_, T>,
        gradient: &mut [T],
    ) -> T {
        let Targets::Numbers(numbers) = targets else { return T::from_f64(f64::NAN) };
        let scale = T::from_f64(2.0) / T::from_f64(outputs.len() as f64);
        for ((slope, output), target) in gradient.iter_mut().zip(outputs).zip(numbers) {
            *slope = scale * (*output - *target);
        }
        self.value(outputs, n_outputs, targets)
    }
}
