use super::{Generator, TURN, plane};
use crate::data::Table;
use crate::math::elementary::double::{cos, sin};
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Two half circles that reach into each other: no straight line divides them.
    ///
    /// ```text
    /// (cos t, sin t)  and  (1 − cos t, ½ − sin t),  0 ≤ t < π;  both + σ·N(0, I)
    /// ```
    ///
    /// `t` is drawn evenly, and `N(0, I)` is the standard normal distribution of two coordinates.
    /// Like scikit-learn's `make_moons`, whose angles are spaced evenly.
    ///
    /// When to use: the usual picture of a border that bends: logistic regression gets about six in
    /// seven right, one hidden layer nearly all. Good for first comparisons of optimizers and
    /// penalties; raise `σ` to 0.3 to see overfitting.
    ///
    /// Reference: F. Pedregosa et al., Scikit-learn: machine learning in Python, 2011.
    pub struct Moons("Moons") {
        /// How many samples, half in each class.
        n_samples(""): usize = 400, Bounds::closed(4.0, 1e6).logarithmic();
        /// Standard deviation of the noise on each coordinate.
        noise("σ"): f64 = 0.15, Bounds::closed(0.0, 2.0);
        /// The seed of the data; runs with any seed see the same set.
        seed(""): u64 = 0;
    }
}

impl Generator for Moons {
    fn generate(&self, stream: &mut Stream) -> Table {
        let point = |i: usize| {
            let angle = 0.5 * TURN * stream.uniform();
            let (x, y) = if i.is_multiple_of(2) {
                (cos(angle), sin(angle))
            } else {
                (1.0 - cos(angle), 0.5 - sin(angle))
            };
            let (x, y) = (x + self.noise * stream.normal(), y + self.noise * stream.normal());
            (x, y, (i % 2) as u32)
        };
        let points = (0..self.n_samples).map(point).collect();
        plane(points, "moon", vec!["upper".into(), "lower".into()])
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}
