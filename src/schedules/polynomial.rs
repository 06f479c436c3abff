use super::{Curve, Progress};
use crate::math::elementary::double;
use crate::settings::Bounds;

crate::settings! {
    /// Lowers the learning rate along a power of what is left of the budget: with a power above 1
    /// fast at first, below 1 only towards the end.
    ///
    /// ```text
    /// ηₜ = η (e + (1 − e) (1 − t/T)ᵖ)            t = steps done, T = steps in all
    /// ```
    ///
    /// Per step, over the whole budget that a warm-up leaves. With `e = 0` the same as PyTorch's
    /// `PolynomialLR` with `total_iters = T`; with `p = 1` it is the linear schedule.
    ///
    /// When to use: fixed budgets where linear is nearly right: `p` = 0.9 is the custom in
    /// segmentation, and 2 spends more of the run at low rates. Between these the differences are
    /// small, so tune the optimizer's rate first.
    ///
    /// Reference: L.-C. Chen, G. Papandreou, I. Kokkinos, K. Murphy & A. L. Yuille, DeepLab:
    /// semantic image segmentation with deep convolutional nets, atrous convolution, and fully
    /// connected CRFs, 2018.
    pub struct Polynomial("Polynomial") {
        /// The power.
        power("p"): f64 = 2.0, Bounds::positive();
        /// The factor at the end of the budget.
        end_factor("e"): f64 = 0.0, Bounds::at_least(0.0);
    }
}

impl Curve for Polynomial {
    fn factor(&self, progress: Progress) -> f64 {
        let left = double::powf(1.0 - progress.fraction(), self.power);
        self.end_factor + (1.0 - self.end_factor) * left
    }
}
