use super::{Augmentation, Kind};
use crate::math::Scalar;
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Trains on mixtures of two samples each, with the loss mixed alike, so that a model goes evenly
    /// from one to the other instead of being certain in between.
    ///
    /// ```text
    /// x′ᵢ = λ xᵢ + (1 − λ) x_π(i)        λ ~ Beta(α, α), π a random order of the batch
    /// L = λ L(f(x′), y) + (1 − λ) L(f(x′), y_π)
    /// ```
    ///
    /// `x` are the features of the samples of a batch after all other augmentations, and `y` their
    /// targets. `λ` and `π` are drawn afresh for each step, one for the whole batch as in the paper's
    /// experiments; of accumulated batches and those in chunks, one for the whole step. Any loss can be
    /// mixed. Where samples or classes have weights, each of the two losses is the mean weighted by
    /// those of its own targets. The loss of a step is that of the mixtures; training, validation and
    /// test loss of whole parts are those of the samples as they are.
    ///
    /// When to use: classification with a model that could learn all samples by heart, on pictures and
    /// tables alike: `α` from 0.1 to 0.4, 1 for strong mixing. Not with batches of one, and not
    /// where the outputs are to be read as probabilities of clean samples: they grow cautious.
    ///
    /// Reference: H. Zhang, M. Cisse, Y. N. Dauphin & D. Lopez-Paz, mixup: Beyond empirical risk
    /// minimization, 2018.
    pub struct Mixup("Mixup") {
        /// How evenly two samples are mixed: near 0 mostly one of them.
        alpha("α"): f64 = 0.2, Bounds::closed(0.01, 100.0).logarithmic();
    }
}

impl<T: Scalar> Augmentation<T> for Mixup {
    fn kind(&self) -> Kind {
        Kind::Mixing
    }

    fn share(&self, stream: &mut Stream) -> f64 {
        stream.beta(self.alpha)
    }
}
