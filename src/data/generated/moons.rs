use super::Generator;
use crate::data::{Cells, Column, Table};
use crate::math::elementary::double::{cos, sin};
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Two half circles that reach into each other: no straight line divides them.
    ///
    /// ```text
    /// (cos t, sin t)  and  (1 − cos t, ½ − sin t),  0 ≤ t ≤ π,  plus normal noise
    /// ```
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
        let (mut xs, mut ys, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..self.n_samples {
            let angle = std::f64::consts::PI * stream.uniform();
            let (x, y) = if i % 2 == 0 {
                (cos(angle), sin(angle))
            } else {
                (1.0 - cos(angle), 0.5 - sin(angle))
            };
            xs.push(x + self.noise * stream.normal());
            ys.push(y + self.noise * stream.normal());
            codes.push(Some((i % 2) as u32));
        }
        let levels = vec!["upper".to_owned(), "lower".to_owned()];
        Table {
            columns: vec![
                Column { name: "x".into(), cells: Cells::Numeric(xs) },
                Column { name: "y".into(), cells: Cells::Numeric(ys) },
                Column { name: "moon".into(), cells: Cells::Nominal { levels, codes } },
            ],
        }
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}
