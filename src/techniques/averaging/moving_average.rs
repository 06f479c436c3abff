use super::Average;
use crate::settings::Bounds;

crate::settings! {
    /// An average that slowly forgets: smooths out the jumps of small batches while the parameters
    /// still move. It is evaluated beside the parameters and never changes their training.
    ///
    /// ```text
    /// a ← β a + (1 − β) θ            after each step; a = θ after the first
    /// ```
    ///
    /// It remembers about `1/(1 − β)` steps: choose β so that this is a small part of the budget. The
    /// same as PyTorch's `AveragedModel` with `get_ema_multi_avg_fn(β)`, updated after each step.
    ///
    /// Reference: D. Ruppert, Efficient estimations from a slowly convergent Robbins–Monro process,
    /// 1988.
    pub struct MovingAverage("Exponential moving average") {
        /// How long the average remembers.
        decay("β"): f64 = 0.99, Bounds::half_open(0.0, 1.0);
    }
}

impl Average for MovingAverage {
    fn weight(&self, step: u64, _: u64) -> f64 {
        if step == 1 { 1.0 } else { 1.0 - self.decay }
    }
}
