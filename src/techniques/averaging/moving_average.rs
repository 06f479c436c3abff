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
    /// `θ` are the parameters and `a` is their average. It remembers about `1/(1 − β)` steps:
    /// choose β so that this is a small part of the budget. The same as PyTorch's `AveragedModel`
    /// with `get_ema_multi_avg_fn(β)`, updated after each step.
    ///
    /// When to use: networks at a constant or slowly falling rate: the average is nearly always as
    /// good as the last point and often better, and costs one vector. `β` counts: 0.99 for some
    /// hundred steps, 0.999 for many thousands. With cosine down to zero it gains little.
    ///
    /// Reference: A. Tarvainen & H. Valpola, Mean teachers are better role models, 2017; D.
    /// Morales-Brotons, T. Vogels & H. Hendrikx, Exponential moving average of weights in deep
    /// learning: dynamics and benefits, 2024.
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
