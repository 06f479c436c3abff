use super::{Average, Span};

crate::settings! {
    /// The mean of all parameters from a point on: takes the noise of stochastic gradient descent
    /// with a large constant learning rate away. It is evaluated beside the parameters and never
    /// changes their training.
    ///
    /// ```text
    /// a = 1/(t − P) · (θ_P₊₁ + … + θₜ)        t = steps done; a = θ up to P
    /// ```
    ///
    /// The same as PyTorch's `AveragedModel` (stochastic weight averaging), updated after each step
    /// from `P` on.
    ///
    /// Reference: B. T. Polyak & A. B. Juditsky, Acceleration of stochastic approximation by
    /// averaging, 1992.
    pub struct Polyak("Polyak average") {
        /// Where averaging begins: best after the first, steep part.
        from("P"): Span = Span::Steps(0);
    }
}

impl Average for Polyak {
    fn weight(&self, step: u64, steps_per_epoch: u64) -> f64 {
        let n = step.saturating_sub(self.from.steps(steps_per_epoch));
        1.0 / n.max(1) as f64
    }
}
