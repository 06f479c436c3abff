use super::{Generator, TURN, plane};
use crate::data::Table;
use crate::math::elementary::double::{cos, sin};
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Two arms of a spiral wound around each other: the hardest of the toy sets, for deeper models.
    ///
    /// ```text
    /// r (cos φ, sin φ) + σ·N(0, I),   φ = 2π·turns·r + πk
    /// r = √u,  u uniform in [0, 1),  class k = 0, 1
    /// ```
    ///
    /// `N(0, I)` is the standard normal distribution of two coordinates. The root makes the arms
    /// equally dense from end to end.
    ///
    /// When to use: comparing optimizers, activations and starts on a border that is hard to find:
    /// Adam with 32 units in one or two hidden layers learns it in some hundred epochs, plain
    /// gradient descent takes far longer, and a linear model gets two in three right. Lower the
    /// turns to 0.75 for quick runs; with few samples it shows overfitting.
    ///
    /// Reference: K. J. Lang & M. J. Witbrock, Learning to tell two spirals apart, 1988.
    pub struct Spiral("Spiral") {
        /// How often each arm goes around.
        turns("turns"): f64 = 1.5, Bounds::closed(0.25, 5.0);
        /// How many samples, half in each class.
        n_samples(""): usize = 600, Bounds::closed(4.0, 1e6).logarithmic();
        /// Standard deviation of the noise on each coordinate.
        noise("σ"): f64 = 0.02, Bounds::closed(0.0, 1.0);
        /// The seed of the data; runs with any seed see the same set.
        seed(""): u64 = 0;
    }
}

impl Generator for Spiral {
    fn generate(&self, stream: &mut Stream) -> Table {
        let point = |i: usize| {
            let class = i % 2;
            let radius = stream.uniform().sqrt();
            let angle = TURN * (self.turns * radius + 0.5 * class as f64);
            let x = radius * cos(angle) + self.noise * stream.normal();
            let y = radius * sin(angle) + self.noise * stream.normal();
            (x, y, class as u32)
        };
        let points = (0..self.n_samples).map(point).collect();
        plane(points, "arm", vec!["first".into(), "second".into()])
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}
