/// Values of a function of two coordinates on a regular grid, for pictures of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Points along x and along y.
    pub size: [usize; 2],
    /// `[low, high]` of x and of y; the points lie in the middle of their cells.
    pub domain: [[f64; 2]; 2],
    /// The values, row by row, the row with the largest y first (as an image is stored).
    pub values: Vec<f64>,
}

impl Grid {
    /// The points of a grid, row by row, the row with the largest y first.
    pub fn points(size: [usize; 2], domain: [[f64; 2]; 2]) -> impl Iterator<Item = [f64; 2]> {
        let middle = move |axis: usize, index: usize| {
            let [low, high] = domain[axis];
            low + (high - low) * (index as f64 + 0.5) / size[axis] as f64
        };
        (0..size[1])
            .rev()
            .flat_map(move |row| (0..size[0]).map(move |column| [column, row]))
            .map(move |[column, row]| [middle(0, column), middle(1, row)])
    }

    /// Computes a function at every point.
    pub fn sample(
        size: [usize; 2],
        domain: [[f64; 2]; 2],
        mut function: impl FnMut([f64; 2]) -> f64,
    ) -> Self {
        let values = Self::points(size, domain).map(&mut function).collect();
        Self { size, domain, values }
    }

    /// The smallest and the largest finite value.
    pub fn bounds(&self) -> Option<(f64, f64)> {
        let finite = self.values.iter().copied().filter(|value| value.is_finite());
        finite.fold(None, |bounds, value| {
            let (low, high) = bounds.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_in_the_middle_of_cells_from_the_top_left() {
        let points: Vec<_> = Grid::points([2, 2], [[0.0, 4.0], [0.0, 2.0]]).collect();
        assert_eq!(points, [[1.0, 1.5], [3.0, 1.5], [1.0, 0.5], [3.0, 0.5]]);
    }
}
