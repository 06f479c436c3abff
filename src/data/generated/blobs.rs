use super::{Generator, TURN, plane};
use crate::data::Table;
use crate::math::elementary::double::{cos, sin};
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Round clouds of points, one for each class, around the corners of a regular polygon. With
    /// little noise a straight line divides any two of them.
    ///
    /// ```text
    /// (2 cos 2πk/K, 2 sin 2πk/K) + σ·N(0, I)   for class k of K
    /// ```
    ///
    /// `N(0, I)` is the standard normal distribution of two coordinates, new for each sample. Like
    /// scikit-learn's `make_blobs`, but with centres on a circle.
    ///
    /// When to use: first steps with several classes: multinomial regression finds the borders in a
    /// few epochs. Raise `σ` towards 1 for clouds that overlap, with an error that no model avoids,
    /// and `K` for more classes. It never shows what a network is for.
    ///
    /// Reference: F. Pedregosa et al., Scikit-learn: machine learning in Python, 2011.
    pub struct Blobs("Blobs") {
        /// How many classes.
        n_classes("K"): usize = 3, Bounds::closed(2.0, 10.0);
        /// How many samples, dealt evenly among the classes.
        n_samples(""): usize = 400, Bounds::closed(20.0, 1e6).logarithmic();
        /// Standard deviation of each cloud.
        noise("σ"): f64 = 0.5, Bounds::closed(0.0, 5.0);
        /// The seed of the data; runs with any seed see the same set.
        seed(""): u64 = 0;
    }
}

impl Generator for Blobs {
    fn generate(&self, stream: &mut Stream) -> Table {
        let point = |i: usize| {
            let class = i % self.n_classes;
            let angle = TURN * class as f64 / self.n_classes as f64;
            let x = 2.0 * cos(angle) + self.noise * stream.normal();
            let y = 2.0 * sin(angle) + self.noise * stream.normal();
            (x, y, class as u32)
        };
        let points = (0..self.n_samples).map(point).collect();
        plane(points, "blob", (1..=self.n_classes).map(|k| format!("blob {k}")).collect())
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}
