use super::{Generator, plane};
use crate::data::Table;
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Four squares like those of a chessboard: neither coordinate alone tells the class.
    ///
    /// ```text
    /// (x, y) uniform in a quadrant of [−1, 1]²; class: x·y > 0; then noise σ·N(0, I) on both
    /// ```
    ///
    /// `N(0, I)` is the standard normal distribution of two coordinates.
    ///
    /// When to use: the smallest problem that a linear model cannot learn, and a few tanh units
    /// can. For the effect of the start and of dead ReLUs, with 4 units or so. With `σ` = 0 a
    /// perfect border exists; at 0.3 about one sample in five lies beyond it.
    ///
    /// Reference: M. Minsky & S. Papert, Perceptrons, 1969.
    pub struct Xor("Exclusive or") {
        /// How many samples, dealt evenly among the quadrants.
        n_samples(""): usize = 400, Bounds::closed(4.0, 1e6).logarithmic();
        /// Standard deviation of the noise on each coordinate.
        noise("σ"): f64 = 0.05, Bounds::closed(0.0, 2.0);
        /// The seed of the data; runs with any seed see the same set.
        seed(""): u64 = 0;
    }
}

impl Generator for Xor {
    fn generate(&self, stream: &mut Stream) -> Table {
        // The quadrants (+, +), (−, +), (−, −), (+, −) in turn: classes alternate.
        let point = |i: usize| {
            let (right, up) = ([1.0, -1.0, -1.0, 1.0][i % 4], [1.0, 1.0, -1.0, -1.0][i % 4]);
            let x = right * stream.uniform() + self.noise * stream.normal();
            let y = up * stream.uniform() + self.noise * stream.normal();
            (x, y, (i % 2) as u32)
        };
        let points = (0..self.n_samples).map(point).collect();
        plane(points, "sign", vec!["same".into(), "different".into()])
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}
