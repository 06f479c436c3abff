use std::f64::consts::PI;

use super::{Curve, Progress};
use crate::math::elementary::double;
use crate::settings::{Bounds, SettingError, Span};

crate::settings! {
    /// Lowers the learning rate along half a wave, jumps back to the top and begins again, each time
    /// for longer: the jumps shake the weights out of poor valleys.
    ///
    /// ```text
    /// ηₜ = η (e + (1 − e) (1 + cos(π c/C)) / 2)
    /// c = steps since the last restart, C = P mⁱ after i restarts
    /// ```
    ///
    /// The same as PyTorch's `CosineAnnealingWarmRestarts` with `T_0 = P`, `T_mult = m` and
    /// `eta_min = e η`, stepped once per step.
    ///
    /// When to use: long runs whose length is open, and gathering several good models from one run:
    /// the end of each wave is a good place to stop, with the defaults after 10, 30, 70 and 150
    /// epochs. Take `P` long enough for the loss to level off. For a fixed budget a single cosine
    /// usually ends lower.
    ///
    /// Reference: I. Loshchilov & F. Hutter, SGDR: stochastic gradient descent with warm restarts,
    /// 2017.
    pub struct WarmRestarts("Cosine with warm restarts") {
        /// How long the first wave lasts.
        period("P"): Span = Span::Epochs(10.0);
        /// How many times as long as the one before each further wave lasts.
        multiplier("m"): usize = 2, Bounds::closed(1.0, 1000.0);
        /// The factor at the end of each wave.
        end_factor("e"): f64 = 0.0, Bounds::at_least(0.0);
    }
    check WarmRestarts::check_lengths
}

impl WarmRestarts {
    fn check_lengths(&self) -> Result<(), SettingError> {
        self.period.check_above_zero("period")
    }
}

impl Curve for WarmRestarts {
    fn factor(&self, progress: Progress) -> f64 {
        let mut length = self.period.steps(progress.steps_per_epoch).max(1);
        let mut done = progress.step;
        if self.multiplier == 1 {
            done %= length;
        }
        while done >= length {
            done -= length;
            length = length.saturating_mul(self.multiplier as u64);
        }
        let wave = 0.5 * (1.0 + double::cos(PI * (done as f64 / length as f64)));
        self.end_factor + (1.0 - self.end_factor) * wave
    }
}
