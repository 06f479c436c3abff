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
    /// `θₜ` are the parameters after step `t` and `a` is their average. The same as PyTorch's
    /// `AveragedModel` (stochastic weight averaging), updated after each step from `P` on.
    ///
    /// When to use: linear models and other convex losses at a large constant rate, where the mean
    /// of all late points is about the best that can be had. Set `P` to a third or half of the
    /// budget. For networks average only the last quarter, or take the moving average.
    ///
    /// Reference: B. T. Polyak & A. B. Juditsky, Acceleration of stochastic approximation by
    /// averaging, 1992; D. Ruppert, Efficient estimations from a slowly convergent Robbins–Monro
    /// process, 1988; P. Izmailov et al., Averaging weights leads to wider optima and better
    /// generalization, 2018.
    pub struct Polyak("Polyak average") {
        /// Where averaging begins: best after the first, steep part.
        from("P"): Span = Span::Steps(0);
    }
}

impl Average for Polyak {
    fn weight(&self, step: u64, steps_per_epoch: u64) -> f64 {
        let n = step.saturating_sub(self.begins(steps_per_epoch));
        1.0 / n.max(1) as f64
    }

    fn begins(&self, steps_per_epoch: u64) -> u64 {
        self.from.steps(steps_per_epoch)
    }
}
