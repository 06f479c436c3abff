use super::{Curve, Progress};
use crate::math::power::power;
use crate::settings::{Bounds, Span};

crate::settings! {
    /// Keeps the learning rate for a while, then lowers it at once, again and again.
    ///
    /// ```text
    /// ηₜ = η γᵗ            t = ⌊steps done / P⌋
    /// ```
    ///
    /// PyTorch's `StepLR`, stepped once per epoch, is this with `P` in epochs.
    ///
    /// When to use: networks trained long with momentum, by the classic recipe: a tenth of the rate
    /// after each third of the budget. Set `P` to about a third of the epochs, so that the loss
    /// levels off before each fall. Where nobody wants to choose the moments, cosine does as well.
    ///
    /// Reference: K. He, X. Zhang, S. Ren & J. Sun, Deep residual learning for image recognition,
    /// 2016.
    pub struct StepDecay("Step decay") {
        /// What each fall leaves of the rate.
        factor("γ"): f64 = 0.1, Bounds::above_up_to(0.0, 1.0);
        /// How long the rate stays between falls.
        every("P"): Span = Span::Epochs(10.0);
    }
}

impl Curve for StepDecay {
    fn factor(&self, progress: Progress) -> f64 {
        power(self.factor, progress.whole_spans(self.every))
    }
}
