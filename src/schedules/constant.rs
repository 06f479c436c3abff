use super::{Curve, Progress};

crate::settings! {
    /// Keeps the learning rate as it is.
    ///
    /// ```text
    /// ηₜ = η
    /// ```
    ///
    /// `ηₜ` is the rate of step `t`, `η` the optimizer's own. The same as PyTorch without a
    /// scheduler.
    ///
    /// When to use: first tries, comparisons of optimizers by themselves, and full batches, whose
    /// gradient fades by itself at a minimum. With small batches the loss comes to rest at a level
    /// that `η` sets: then let the rate fall, or average the parameters.
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
