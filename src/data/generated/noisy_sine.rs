use super::{Generator, TURN, line};
use crate::data::Table;
use crate::math::elementary::double::sin;
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Points along a sine wave: a curve that a straight line misses and a small network finds.
    ///
    /// ```text
    /// y = sin(2π·waves·x) + σ·N(0, 1),   x uniform in [0, 1)
    /// ```
    ///
    /// `N(0, 1)` is the standard normal distribution, new for each sample.
    ///
    /// When to use: fits of a curve: underfitting, overfitting and what activations do to
    /// smoothness, with one feature and all of it in sight. Tanh with 16 to 32 units fits one wave;
    /// each wave more needs more units and epochs. Few samples (20) and `σ` = 0.3 bring out
    /// overfitting.
    ///
    /// Reference: C. M. Bishop, Pattern Recognition and Machine Learning, 2006, section 1.1.
    pub struct NoisySine("Noisy sine") {
        /// How many waves there are.
        waves("waves"): f64 = 1.0, Bounds::closed(0.1, 20.0);
        /// How many samples.
        n_samples(""): usize = 200, Bounds::closed(4.0, 1e6).logarithmic();
        /// Standard deviation of the noise on y.
        noise("σ"): f64 = 0.1, Bounds::closed(0.0, 10.0);
        /// The seed of the data; runs with any seed see the same set.
        seed(""): u64 = 0;
    }
}

impl Generator for NoisySine {
    fn generate(&self, stream: &mut Stream) -> Table {
        let point = |_| {
            let x = stream.uniform();
            (x, sin(TURN * self.waves * x) + self.noise * stream.normal())
        };
        line((0..self.n_samples).map(point).collect())
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}
