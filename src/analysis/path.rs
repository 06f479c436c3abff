/// Points of a path that are kept at most; beyond, it is thinned more coarsely.
const MOST: usize = 4_000;

/// A path through the plane, thinned so that a picture of it costs what can be seen: a point is
/// kept where the path has come further than a tolerance from the last one kept. Grows with the
/// path, at a cost in proportion to what is new. Coordinates that are not a number, and new starts,
/// break it into strokes.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    tolerance: f64,
    taken: usize,
    kept: Vec<Kept>,
    is_broken: bool,
}

/// A point that is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Kept {
    point: [f64; 2],
    /// Its index among all points of the path.
    index: usize,
    /// Whether nothing leads to it.
    begins: bool,
}

impl Path {
    /// A path whose points are at least `tolerance` apart.
    pub fn new(tolerance: f64) -> Self {
        Self { tolerance, taken: 0, kept: Vec::new(), is_broken: true }
    }

    /// Points of the whole path that were taken in.
    pub fn taken(&self) -> usize {
        self.taken
    }

    /// Number of points kept.
    pub fn n_kept(&self) -> usize {
        self.kept.len()
    }

    /// Takes in what the coordinates have grown by since the last call. `starts` says to which of
    /// several starts a point belongs; empty where there is one.
    pub fn append(&mut self, xs: &[f64], ys: &[f64], starts: &[f64]) {
        let len = xs.len().min(ys.len());
        for index in self.taken.min(len)..len {
            let point = [xs[index], ys[index]];
            let is_of_another = |before: usize| starts.get(before) != starts.get(index);
            self.is_broken |= index.checked_sub(1).is_some_and(is_of_another);
            if !(point[0].is_finite() && point[1].is_finite()) {
                self.is_broken = true;
                continue;
            }
            self.keep(Kept { point, index, begins: self.is_broken });
            self.is_broken = false;
            if self.kept.len() > MOST {
                self.coarsen();
            }
        }
        self.taken = self.taken.max(len);
    }

    fn keep(&mut self, next: Kept) {
        let are_apart = |[a, b]: [f64; 2], [c, d]: [f64; 2]| {
            (a - c) * (a - c) + (b - d) * (b - d) > self.tolerance * self.tolerance
        };
        let last = self.kept.last();
        if next.begins || last.is_none_or(|last| are_apart(last.point, next.point)) {
            self.kept.push(next);
        }
    }

    fn coarsen(&mut self) {
        self.tolerance = (2.0 * self.tolerance).max(f64::MIN_POSITIVE.sqrt());
        for next in std::mem::take(&mut self.kept) {
            self.keep(next);
        }
    }

    /// Where its strokes begin.
    pub fn beginnings(&self) -> impl Iterator<Item = [f64; 2]> {
        self.kept.iter().filter(|kept| kept.begins).map(|kept| kept.point)
    }

    /// The points kept up to the index `last` among all points, as strokes; with
    /// [`strokes_after`](Self::strokes_after) the whole path.
    pub fn strokes_until(&self, last: usize) -> impl Iterator<Item = Vec<[f64; 2]>> {
        strokes(&self.kept[..self.kept.partition_point(|kept| kept.index <= last)])
    }

    /// The points kept from the index `first` among all points on, as strokes.
    pub fn strokes_after(&self, first: usize) -> impl Iterator<Item = Vec<[f64; 2]>> {
        strokes(&self.kept[self.kept.partition_point(|kept| kept.index < first)..])
    }

    /// Whether something leads on from the point of this index to the next one kept.
    pub fn leads_on(&self, index: usize) -> bool {
        let next = self.kept.get(self.kept.partition_point(|kept| kept.index <= index));
        next.is_some_and(|next| !next.begins)
    }
}

fn strokes(kept: &[Kept]) -> impl Iterator<Item = Vec<[f64; 2]>> {
    let parts = kept.chunk_by(|_, next| !next.begins);
    parts.map(|part| part.iter().map(|kept| kept.point).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(path: &Path) -> Vec<Vec<[f64; 2]>> {
        path.strokes_until(usize::MAX).collect()
    }

    #[test]
    fn a_long_path_costs_a_bounded_number_of_points() {
        let xs: Vec<f64> = (0..200_000).map(|step| f64::from(step % 977) * 0.01).collect();
        let ys: Vec<f64> = (0..200_000).map(|step| f64::from(step % 613) * 0.01).collect();
        let mut path = Path::new(1e-3);
        for end in [10, 1_000, 150_000, 200_000] {
            path.append(&xs[..end], &ys[..end], &[]);
            assert!(path.n_kept() <= MOST);
        }
        assert_eq!((path.taken(), all(&path)[0][0]), (200_000, [0.0, 0.0]));
    }

    #[test]
    fn steps_below_the_tolerance_are_left_out() {
        let mut path = Path::new(0.5);
        path.append(&[0.0, 0.3, 0.6, 2.0], &[0.0; 4], &[]);
        assert_eq!(all(&path), [[[0.0, 0.0], [0.6, 0.0], [2.0, 0.0]]]);
    }

    #[test]
    fn a_new_start_begins_a_new_stroke() {
        let mut path = Path::new(0.1);
        let starts = [1.0, 1.0, 2.0, 2.0, 2.0];
        path.append(&[0.0, 1.0, 2.0], &[0.0; 3], &starts[..3]);
        path.append(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0; 5], &starts);
        let strokes: Vec<_> = path.strokes_until(4).map(|stroke| stroke.len()).collect();
        assert_eq!(strokes, [2, 3]);
    }

    #[test]
    fn what_is_not_a_number_breaks_a_path_into_strokes() {
        let mut path = Path::new(0.5);
        path.append(&[0.0, 1.0, f64::NAN, 1.1, 2.0], &[0.0; 5], &[]);
        path.append(&[0.0, 1.0, f64::NAN, 1.1, 2.0, 3.0, f64::NAN], &[0.0; 7], &[]);
        path.append(&[0.0, 1.0, f64::NAN, 1.1, 2.0, 3.0, f64::NAN, 3.0], &[0.0; 8], &[]);
        let expected: [&[[f64; 2]]; 3] =
            [&[[0.0, 0.0], [1.0, 0.0]], &[[1.1, 0.0], [2.0, 0.0], [3.0, 0.0]], &[[3.0, 0.0]]];
        assert_eq!(all(&path), expected);
    }

    #[test]
    fn a_path_is_cut_at_a_step() {
        let mut path = Path::new(0.5);
        path.append(&[0.0, 0.1, 1.0, 1.1, 2.0, f64::NAN, 3.0], &[0.0; 7], &[]);
        let until: Vec<_> = path.strokes_until(3).collect();
        assert_eq!(until, [[[0.0, 0.0], [1.0, 0.0]]]);
        let after: Vec<_> = path.strokes_after(4).collect();
        assert_eq!(after, [[[2.0, 0.0]], [[3.0, 0.0]]]);
        assert!(path.leads_on(3) && !path.leads_on(4) && !path.leads_on(6));
    }
}
