use super::{Curve, Progress};
use crate::math::power::power;
use crate::settings::{Bounds, Span};

crate::settings! {
    /// Lowers the learning rate by the same small part each epoch (or step).
    ///
    /// ```text
    /// ηₜ = η γᵗ            t = ⌊steps done / P⌋
    /// ```
    ///
    /// Step decay in small stairs: the rule is the same, the customary settings differ. PyTorch's
    /// `ExponentialLR`, stepped once per epoch, is this with `Epochs(1)`.
    ///
    /// When to use: a smooth fall that does not depend on the length of the run, which may stay
    /// open. Choose `γ` by what shall be left: 0.95 leaves a tenth of the rate after 45 epochs,
    /// 0.98 after 114. Too small a `γ` freezes training early; with a fixed budget take cosine.
    ///
    /// Reference: C. Szegedy et al., Going deeper with convolutions, 2015.
    pub struct Exponential("Exponential") {
        /// What each span leaves of the rate.
        factor("γ"): f64 = 0.95, Bounds::above_up_to(0.0, 1.0);
        /// The span that `t` counts.
        every("P"): Span = Span::Epochs(1.0);
    }
}

impl Curve for Exponential {
    fn factor(&self, progress: Progress) -> f64 {
        power(self.factor, progress.whole_spans(self.every))
    }
}
