use super::GradientLimit;
use crate::math::Scalar;

crate::settings! {
    /// The gradient is used as it is.
    pub struct Off("None") {}
}

impl<T: Scalar> GradientLimit<T> for Off {
    fn limit(&self, _: &mut [T], _: T) -> bool {
        false
    }
}
