use super::Architecture;
use crate::losses::TargetKind;
use crate::math::Scalar;

crate::settings! {
    /// A weighted sum of the features plus a constant.
    ///
    /// ```text
    /// ŷ = w·x + b
    /// ```
    ///
    /// Reference: A.-M. Legendre, Nouvelles méthodes pour la détermination des orbites des
    /// comètes, 1805.
    pub struct Linear("Linear regression") {}
}

impl<T: Scalar> Architecture<T> for Linear {
    fn target_kinds(&self) -> &'static [TargetKind] {
        &[TargetKind::Number]
    }
}
