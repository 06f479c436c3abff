use std::f64::consts::PI;

use super::{Curve, Progress};
use crate::math::elementary::double;
use crate::settings::Bounds;

crate::settings! {
    /// Lowers the learning rate along half a wave: slowly at first, fastest half-way, gently towards
    /// the end of the budget.
    ///
    /// ```text
    /// ηₜ = η (e + (1 − e) (1 + cos(π t/T)) / 2)            t = steps done, T = steps in all
    /// ```
    ///
    /// Per step, over the whole budget that a warm-up leaves; no restarts. The same as PyTorch's
    /// `CosineAnnealingLR` with `T_max = T` and `eta_min = e η`.
    ///
    /// When to use: networks with a fixed budget, as the first choice: with momentum or AdamW,
    /// behind a warm-up of a few in a hundred of the steps. Leave `e` at 0 and tune the optimizer's
    /// rate. Most of its gain comes in the last quarter, so not for runs that may be stopped early.
    ///
    /// Reference: I. Loshchilov & F. Hutter, SGDR: stochastic gradient descent with warm restarts,
    /// 2017.
    pub struct Cosine("Cosine") {
        /// The factor at the end of the budget.
        end_factor("e"): f64 = 0.0, Bounds::at_least(0.0);
    }
}

impl Curve for Cosine {
    fn factor(&self, progress: Progress) -> f64 {
        let wave = 0.5 * (1.0 + double::cos(PI * progress.fraction()));
        self.end_factor + (1.0 - self.end_factor) * wave
    }
}
