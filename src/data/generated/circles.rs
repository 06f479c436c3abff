use super::{Generator, TURN, plane};
use crate::data::Table;
use crate::math::elementary::double::{cos, sin};
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// A circle inside another: no straight line divides them, one hidden layer does.
    ///
    /// ```text
    /// r (cos t, sin t) + σ·N(0, I),   0 ≤ t < 2π,   r = 1 outside, ½ inside
    /// ```
    ///
    /// `t` is drawn evenly, and `N(0, I)` is the standard normal distribution of two coordinates.
    /// Like scikit-learn's `make_circles` with `factor=0.5`, whose angles are spaced evenly.
    ///
    /// When to use: showing what a hidden layer adds: logistic regression stays at one in two, a
    /// perceptron of 8 units closes the ring. With `σ` above 0.2 the circles run into each other
    /// and overfitting can be seen.
    ///
    /// Reference: F. Pedregosa et al., Scikit-learn: machine learning in Python, 2011.
    pub struct Circles("Circles") {
        /// How many samples, half in each class.
        n_samples(""): usize = 400, Bounds::closed(4.0, 1e6).logarithmic();
        /// Standard deviation of the noise on each coordinate.
        noise("σ"): f64 = 0.08, Bounds::closed(0.0, 2.0);
        /// The seed of the data; runs with any seed see the same set.
        seed(""): u64 = 0;
    }
}

impl Generator for Circles {
    fn generate(&self, stream: &mut Stream) -> Table {
        let point = |i: usize| {
            let radius = if i.is_multiple_of(2) { 1.0 } else { 0.5 };
            let angle = TURN * stream.uniform();
            let x = radius * cos(angle) + self.noise * stream.normal();
            let y = radius * sin(angle) + self.noise * stream.normal();
            (x, y, (i % 2) as u32)
        };
        let points = (0..self.n_samples).map(point).collect();
        plane(points, "circle", vec!["outer".into(), "inner".into()])
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}
