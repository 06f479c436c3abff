use super::ActivationFunction;
use crate::math::Scalar;

crate::settings! {
    /// Passes positive numbers and cuts negative ones to zero.
    ///
    /// ```text
    /// f(z) = max(z, 0)        f′(z) = 1 for z > 0, else 0
    /// ```
    ///
    /// Reference: V. Nair & G. Hinton, Rectified linear units improve restricted Boltzmann
    /// machines, 2010.
    pub struct Relu("ReLU") {}
}

impl<T: Scalar> ActivationFunction<T> for Relu {
    fn apply(&self, values: &mut [T], slopes: Option<&mut [T]>) {
        if let Some(slopes) = slopes {
            for (slope, value) in slopes.iter_mut().zip(values.iter()) {
                *slope = if *value > T::ZERO { T::ONE } else { T::ZERO };
            }
        }
        for value in values {
            *value = if *value > T::ZERO { *value } else { T::ZERO };
        }
    }
}
