use serde::{Deserialize, Serialize};

use super::{Curve, Progress};
use crate::settings::Bounds;

crate::settings! {
    /// Lowers the learning rate whenever the validation loss has stopped falling: no length of the
    /// training need be known beforehand.
    ///
    /// ```text
    /// ηₜ = η f,  f = 1 at the start
    /// f ← max(m, γ f)            after more than P evaluations in a row without improvement
    ///                            not counting the C evaluations after a fall
    /// improvement: L < best (1 − τ), or L < best − τ where it is not relative
    /// ```
    ///
    /// `L` is the loss on the validation part at each evaluation after the first step (the
    /// objective on the training part where there is no validation part), so `P` counts
    /// evaluations; best is the smallest `L` so far, and `f` the factor it has come to. The same as
    /// PyTorch's `ReduceLROnPlateau` with `min_lr = m η`, which leaves out falls of less than `eps`
    /// = 10⁻⁸.
    ///
    /// When to use: runs of open length with a validation part, when it is not known where progress
    /// stalls. `P` counts most: too few evaluations, and noise alone takes the rate to nothing; 5
    /// to 10 are a good start, with `γ` = 0.5 where each fall shall be gentle. With a fixed budget
    /// cosine needs no watching.
    ///
    /// Reference: Y. Bengio, Practical recommendations for gradient-based training of deep
    /// architectures, 2012.
    pub struct ReduceOnPlateau("Reduce on plateau") {
        /// What each fall leaves of the rate.
        factor("γ"): f64 = 0.1, Bounds::open(0.0, 1.0);
        /// How many evaluations without improvement are forgiven.
        patience("P"): u64 = 10;
        /// How much better the loss must be to count as an improvement.
        threshold("τ"): f64 = 1e-4, Bounds::non_negative();
        /// Whether the threshold is a part of the best loss.
        relative(""): bool = true;
        /// How many evaluations after a fall are not counted.
        cooldown("C"): u64 = 0;
        /// The factor below which it never falls.
        min_factor("m"): f64 = 0.0, Bounds::closed(0.0, 1.0);
    }
}

/// What a schedule that watches the losses remembers of them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plateau {
    /// Which of the chained schedules watched.
    pub leg: usize,
    /// The factor it has come to.
    pub factor: f64,
    /// The smallest loss so far; `None` before the first.
    pub best: Option<f64>,
    /// Evaluations without improvement.
    pub n_bad: u64,
    /// Evaluations that are not counted yet.
    pub cooling: u64,
}

impl Default for Plateau {
    fn default() -> Self {
        Self { leg: 0, factor: 1.0, best: None, n_bad: 0, cooling: 0 }
    }
}

impl Curve for ReduceOnPlateau {
    fn factor(&self, _: Progress) -> f64 {
        1.0
    }

    fn watches(&self) -> bool {
        true
    }

    fn observe(&self, loss: f64, plateau: &mut Plateau) {
        let improves = plateau.best.is_none_or(|best| {
            loss < if self.relative { best * (1.0 - self.threshold) } else { best - self.threshold }
        });
        if improves {
            plateau.best = Some(loss);
            plateau.n_bad = 0;
        } else {
            plateau.n_bad += 1;
        }
        if plateau.cooling > 0 {
            plateau.cooling -= 1;
            plateau.n_bad = 0;
        }
        if plateau.n_bad > self.patience {
            plateau.factor = (plateau.factor * self.factor).max(self.min_factor);
            plateau.cooling = self.cooldown;
            plateau.n_bad = 0;
        }
    }
}
