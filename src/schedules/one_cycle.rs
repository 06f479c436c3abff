use std::f64::consts::PI;

use super::{Curve, Progress};
use crate::math::elementary::double;
use crate::settings::Bounds;

crate::settings! {
    /// One climb to a high learning rate and one long descent far below the start: training fast in
    /// the middle, settling at the end of the budget.
    ///
    /// ```text
    /// ηₜ = η/d → η        in the first w T − 1 steps
    /// ηₜ = η → η/(d D)    in the rest, both along half a wave; T = steps in all
    /// ```
    ///
    /// The optimizer's own rate `η` is the top; `t` counts the steps done. The same as PyTorch's
    /// `OneCycleLR` with `max_lr = η`, `pct_start = w`, `div_factor = d`, `final_div_factor = D`
    /// and `cycle_momentum=False`: momentum is left alone.
    ///
    /// When to use: a good network in as few epochs as can be, with momentum or AdamW. Set `η` to
    /// the highest rate at which the loss still falls, several times what a constant schedule
    /// bears, and leave the rest. Not where the budget may change or the run be stopped before its
    /// end.
    ///
    /// Reference: L. N. Smith & N. Topin, Super-convergence: very fast training of neural networks
    /// using large learning rates, 2019.
    pub struct OneCycle("One-cycle") {
        /// The part of the budget in which the rate climbs.
        climb("w"): f64 = 0.3, Bounds::closed(0.0, 1.0);
        /// By what the top is divided for the start.
        start_divisor("d"): f64 = 25.0, Bounds::at_least(1.0);
        /// By what the start is divided for the end.
        end_divisor("D"): f64 = 1e4, Bounds::at_least(1.0);
    }
}

impl Curve for OneCycle {
    fn factor(&self, progress: Progress) -> f64 {
        let total = progress.total_steps as f64;
        let step = progress.step.min(progress.total_steps.saturating_sub(1)) as f64;
        let start = 1.0 / self.start_divisor;
        let end = start / self.end_divisor;
        let (top, last) = ((self.climb * total - 1.0).max(0.0), (total - 1.0).max(0.0));
        if step <= top && top > 0.0 {
            along_wave(start, 1.0, step / top)
        } else {
            along_wave(1.0, end, ((step - top) / (last - top).max(1.0)).clamp(0.0, 1.0))
        }
    }
}

/// From one number to another along half a cosine wave; `share` of the way from 0 to 1.
fn along_wave(from: f64, to: f64, share: f64) -> f64 {
    to + 0.5 * (from - to) * (1.0 + double::cos(PI * share))
}
