use super::Noise;
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Shakes every step a little, less and less: helps deep networks out of bad starts, and away
    /// from saddles.
    ///
    /// ```text
    /// g ← g + n,  nᵢ ~ N(0, σₜ²)        σₜ² = η / (1 + t)^γ        t = steps done
    /// ```
    ///
    /// `g` is the gradient and `N(0, σₜ²)` the normal distribution with that variance. It is added
    /// after any clipping. The noise of a step depends on the seed and the step alone: compared
    /// experiments are shaken alike. Optax's `add_noise` has the same variance. With `γ = 0` it
    /// stays as strong as at the start.
    ///
    /// When to use: deep or poorly started networks trained on full or large batches, and surfaces
    /// with saddles and dents. Choose the variance by the gradient: its root should be some
    /// hundredths of the gradient norm per entry; 0.01, 0.3 and 1 were the paper's. Small batches
    /// bring enough noise of their own.
    ///
    /// Reference: A. Neelakantan et al., Adding gradient noise improves learning for very deep
    /// networks, 2015.
    pub struct Annealed("Annealed Gaussian") {
        /// The variance at the start.
        eta("η"): f64 = 0.01, Bounds::positive();
        /// How fast the variance falls.
        gamma("γ"): f64 = 0.55, Bounds::non_negative();
    }
}

impl Noise for Annealed {
    fn deviation(&self, step: u64) -> f64 {
        (self.eta / <f64 as Scalar>::powf(1.0 + step as f64, self.gamma)).sqrt()
    }
}
