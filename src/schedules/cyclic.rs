use super::{Curve, Progress};
use crate::math::power::power;
use crate::settings::{Bounds, SettingError, Span};

crate::settings! {
    /// Lets the learning rate climb and fall between two bounds again and again: no single rate has
    /// to be right, and the highs leave poor valleys.
    ///
    /// ```text
    /// ηₜ = η (b + (1 − b) h κᶜ γᵗ)        h climbs from 0 to 1 within U, falls back within V
    /// t = steps done, c = whole cycles done
    /// ```
    ///
    /// The optimizer's own rate `η` is the top of the first cycle. With `κ = γ = 1` the triangular
    /// policy, with `κ = ½` triangular2, with `γ < 1` the exponential one: PyTorch's `CyclicLR` with
    /// `max_lr = η`, `base_lr = b η`, `step_size_up = U`, `step_size_down = V` and
    /// `cycle_momentum=False`.
    ///
    /// When to use: finding a range of rates that works, and runs without a fixed end, with
    /// momentum or plain gradient descent. Set `η` to the highest rate that trains, `b` to a
    /// quarter or less, `U` and `V` to 2 to 10 epochs, and read results at the ends of cycles: in
    /// between the loss swings.
    ///
    /// Reference: L. N. Smith, Cyclical learning rates for training neural networks, 2017.
    pub struct Cyclic("Cyclic") {
        /// The lower bound, as a part of the top.
        low("b"): f64 = 0.1, Bounds::closed(0.0, 1.0);
        /// How long the climb of a cycle lasts.
        up("U"): Span = Span::Epochs(2.0);
        /// How long its fall lasts.
        down("V"): Span = Span::Epochs(2.0);
        /// What each cycle leaves of the height.
        cycle_factor("κ"): f64 = 1.0, Bounds::above_up_to(0.0, 1.0);
        /// What each step leaves of the height.
        step_factor("γ"): f64 = 1.0, Bounds::above_up_to(0.0, 1.0);
    }
    check Cyclic::check_lengths
}

impl Cyclic {
    fn check_lengths(&self) -> Result<(), SettingError> {
        self.up.check_above_zero("up")?;
        self.down.check_above_zero("down")
    }
}

impl Curve for Cyclic {
    fn factor(&self, progress: Progress) -> f64 {
        let steps = |span: Span| span.steps(progress.steps_per_epoch).max(1);
        let (up, down) = (steps(self.up), steps(self.down));
        let length = up.saturating_add(down);
        let (cycle, within) = (progress.step / length, progress.step % length);
        let height = match within <= up {
            true => within as f64 / up as f64,
            false => 1.0 - (within - up) as f64 / down as f64,
        };
        let scale = power(self.cycle_factor, cycle) * power(self.step_factor, progress.step);
        self.low + (1.0 - self.low) * height * scale
    }
}
