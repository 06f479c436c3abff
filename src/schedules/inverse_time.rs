use super::{Curve, Progress};
use crate::settings::{Bounds, Span};

crate::settings! {
    /// Lets the learning rate fall as one over time, which is slow enough for stochastic steps to
    /// reach the minimum and fast enough for their noise to die out.
    ///
    /// ```text
    /// ηₜ = η / (1 + γ t)            t = ⌊steps done / P⌋
    /// ```
    ///
    /// `t` counts whole spans `P`: per epoch with `Epochs(1)`, per step with `Steps(1)`. The same
    /// as Keras's `InverseTimeDecay` with `decay_rate = γ`, `decay_steps = P` and `staircase=True`.
    ///
    /// When to use: linear and logistic models with small batches, above all when it is not known
    /// how long they will run. `γ` counts most: start from ten over the number of epochs planned,
    /// so that the rate is halved after a tenth of them. For networks take cosine or step decay.
    ///
    /// Reference: H. Robbins & S. Monro, A stochastic approximation method, 1951.
    pub struct InverseTime("1/t") {
        /// How fast it falls: after `1/γ` spans the rate is half of what it was.
        decay("γ"): f64 = 0.1, Bounds::non_negative();
        /// The span that `t` counts.
        every("P"): Span = Span::Epochs(1.0);
    }
}

impl Curve for InverseTime {
    fn factor(&self, progress: Progress) -> f64 {
        1.0 / (1.0 + self.decay * progress.whole_spans(self.every) as f64)
    }
}
