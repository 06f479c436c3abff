use super::{Generator, line};
use crate::data::Table;
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Points along a straight line: what linear regression is made for.
    ///
    /// ```text
    /// y = slope · x + intercept + σ·N(0, 1),   x uniform in [−1, 1)
    /// ```
    ///
    /// `N(0, 1)` is the standard normal distribution, new for each sample.
    ///
    /// When to use: checking an optimizer against the exact optimum, and watching two parameters
    /// move: the simplest of all regressions. Raise `σ` to see how the noise of small batches
    /// shakes them. Of no use for comparing networks.
    ///
    /// Reference: A.-M. Legendre, Nouvelles méthodes pour la détermination des orbites des comètes,
    /// 1805.
    pub struct NoisyLine("Noisy line") {
        /// How steep the line is.
        slope("slope"): f64 = 2.0, Bounds::closed(-100.0, 100.0);
        /// Its height at x = 0.
        intercept("intercept"): f64 = -1.0, Bounds::closed(-100.0, 100.0);
        /// How many samples.
        n_samples(""): usize = 100, Bounds::closed(4.0, 1e6).logarithmic();
        /// Standard deviation of the noise on y.
        noise("σ"): f64 = 0.3, Bounds::closed(0.0, 100.0);
        /// The seed of the data; runs with any seed see the same set.
        seed(""): u64 = 0;
    }
}

impl Generator for NoisyLine {
    fn generate(&self, stream: &mut Stream) -> Table {
        let point = |_| {
            let x = stream.uniform_in(-1.0, 1.0);
            (x, self.slope * x + self.intercept + self.noise * stream.normal())
        };
        line((0..self.n_samples).map(point).collect())
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}
