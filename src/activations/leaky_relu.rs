use super::ActivationFunction;
use super::pointwise::apply_to_each;
use crate::math::Scalar;
use crate::models::Start;
use crate::settings::Bounds;

crate::settings! {
    /// Passes positive numbers and shrinks negative ones, so that no unit stops learning for good.
    ///
    /// ```text
    /// f(z) = z for z > 0, else s z        f′(z) = 1 for z > 0, else s
    /// ```
    ///
    /// `z` is the weighted sum of a unit, `f(z)` its output and `f′(z)` the slope there. The same
    /// as PyTorch's `LeakyReLU`, whose `negative_slope` is `s`.
    ///
    /// When to use: in place of ReLU in deep or narrow networks, and where many units have died.
    /// With the default it differs little from ReLU; `s` of 0.1 to 0.2 is bolder. At `s` = 1 the
    /// network is linear.
    ///
    /// Reference: A. L. Maas, A. Y. Hannun & A. Y. Ng, Rectifier nonlinearities improve neural
    /// network acoustic models, 2013.
    pub struct LeakyRelu("Leaky ReLU") {
        /// What negative numbers are multiplied by.
        slope("s"): f64 = 0.01, Bounds::closed(0.0, 1.0);
    }
}

impl<T: Scalar> ActivationFunction<T> for LeakyRelu {
    fn apply(&self, values: &mut [T], slopes: Option<&mut [T]>) {
        let slope = T::from_f64(self.slope);
        apply_to_each::<64, T>(
            values,
            slopes,
            #[inline(always)]
            |z| {
                let slope = if z > T::ZERO { T::ONE } else { slope };
                (slope * z, slope)
            },
        );
    }

    fn suited_start(&self) -> Start {
        Start::HeNormal
    }
}
