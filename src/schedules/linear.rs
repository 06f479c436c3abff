use super::{Curve, Progress};
use crate::settings::Bounds;

crate::settings! {
    /// Lowers (or raises) the learning rate by the same amount at each step, to reach the end factor
    /// as the budget ends.
    ///
    /// ```text
    /// ηₜ = η (1 + (e − 1) t/T)            t = steps done, T = steps in all
    /// ```
    ///
    /// Per step, over the whole budget that a warm-up leaves. The same as PyTorch's `LinearLR` with
    /// `start_factor=1`, `end_factor=e` and `total_iters=T`.
    ///
    /// When to use: fixed budgets behind a warm-up: transformers, fine-tuning, and methods whose
    /// steps never shrink by themselves, such as Lion. Leave `e` at 0 and tune the optimizer's
    /// rate. Not for runs that may be stopped early; and with `e` above 1, a run of an epoch or so
    /// shows from which rate on the loss climbs.
    ///
    /// Reference: J. Devlin, M.-W. Chang, K. Lee & K. Toutanova, BERT: pre-training of deep
    /// bidirectional transformers for language understanding, 2019.
    pub struct Linear("Linear") {
        /// The factor at the end of the budget; above 1 the rate rises.
        end_factor("e"): f64 = 0.0, Bounds::at_least(0.0);
    }
}

impl Curve for Linear {
    fn factor(&self, progress: Progress) -> f64 {
        1.0 + (self.end_factor - 1.0) * progress.fraction()
    }
}
