use super::{Curve, Progress};

crate::settings! {
    /// Keeps the learning rate as it is.
    ///
    /// ```text
    /// ηₜ = η
    /// ```
    ///
    /// Reference: A. Cauchy, Méthode générale pour la résolution des systèmes d'équations
    /// simultanées, 1847.
    pub struct Constant("Constant") {}
}

impl Curve for Constant {
    fn factor(&self, _: Progress) -> f64 {
        1.0
    }
}
