/// Points of a path that are kept at most; beyond, it is thinned more coarsely.
const MOST: usize = 4_000;

/// A path through the plane, thinned so that a picture of it costs what can be seen: a point is
/// kept where the path has come further than a tolerance from the last one kept. Grows with the
/// path, at a cost in proportion to what is new.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    tolerance: f64,
    taken: usize,
    kept: Vec<[f64; 2]>,
}

impl Path {
    /// A path whose points are at least `tolerance` apart.
    pub fn new(tolerance: f64) -> Self {
        Self { tolerance, taken: 0, kept: Vec::new() }
    }

    /// Points of the whole path that were taken in.
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// Takes in what the coordinates have grown by since the last call.
    pub fn append(&mut self, xs: &[f64], ys: &[f64]) {
        let len = xs.len().min(ys.len());
        for index in self.taken.min(len)..len {
            let point = [xs[index], ys[index]];
            if !(point[0].is_finite() && point[1].is_finite()) {
                continue;
            }
            if self.kept.last().is_none_or(|last| self.are_apart(*last, point)) {
                self.kept.push(point);
                if self.kept.len() > MOST {
                    self.coarsen();
                }
            }
        }
        self.taken = self.taken.max(len);
    }

    fn are_apart(&self, [a, b]: [f64; 2], [c, d]: [f64; 2]) -> bool {
        (a - c) * (a - c) + (b - d) * (b - d) > self.tolerance * self.tolerance
    }

    fn coarsen(&mut self) {
        self.tolerance = (2.0 * self.tolerance).max(f64::MIN_POSITIVE.sqrt());
        let points = std::mem::take(&mut self.kept);
        for point in points {
            if self.kept.last().is_none_or(|last| self.are_apart(*last, point)) {
                self.kept.push(point);
            }
        }
    }

    /// The points kept, from the start of the path on.
    pub fn points(&self) -> &[[f64; 2]] {
        &self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_costs_a_bounded_number_of_points() {
        let xs: Vec<f64> = (0..200_000).map(|step| f64::from(step % 977) * 0.01).collect();
        let ys: Vec<f64> = (0..200_000).map(|step| f64::from(step % 613) * 0.01).collect();
        let mut path = Path::new(1e-3);
        for end in [10, 1_000, 150_000, 200_000] {
            path.append(&xs[..end], &ys[..end]);
            assert!(path.points().len() <= MOST);
        }
        assert_eq!((path.taken(), path.points()[0]), (200_000, [0.0, 0.0]));
    }

    #[test]
    fn steps_below_the_tolerance_and_infinite_points_are_left_out() {
        let mut path = Path::new(0.5);
        path.append(&[0.0, 0.3, 0.6, f64::NAN, 2.0], &[0.0; 5]);
        assert_eq!(path.points(), [[0.0, 0.0], [0.6, 0.0], [2.0, 0.0]]);
    }
}
