use super::Tints;

/// Shades that densities tell apart at most; rows of further classes share the last.
const MOST_SHADES: usize = 32;

/// How many rows lie in each cell of a part of the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// The part of the plane.
    pub bounds: [[f64; 2]; 2],
    /// Cells along x and y.
    pub size: [usize; 2],
    /// Rows in each cell, the cells with the largest y first (as an image is stored).
    pub counts: Vec<u32>,
    /// One of the rows in each cell.
    pub rows: Vec<u32>,
    /// For each cell the mean of the values that colour it (NaN where none has one); empty where
    /// classes or levels do.
    pub means: Vec<f32>,
    /// Rows of each class or level in each cell, `[cell × n_shades]`, the last for those without;
    /// empty where values colour them.
    pub shades: Vec<u32>,
    /// Classes and levels told apart, and one for rows without.
    pub n_shades: usize,
}

impl Density {
    pub(super) fn of(
        rows: impl Iterator<Item = (usize, [f64; 2])>,
        bounds: [[f64; 2]; 2],
        size: [usize; 2],
        tints: &Tints<'_>,
    ) -> Self {
        let size = size.map(|n| n.max(1));
        let n_cells = size[0] * size[1];
        let n_shades = match tints.n_kinds {
            0 => 0,
            n => n.min(MOST_SHADES) + 1,
        };
        let mut counts = vec![0; n_cells];
        let mut any = vec![0; n_cells];
        let mut shades = vec![0; n_cells * n_shades];
        let mut sums = vec![(0.0_f64, 0_u32); if n_shades == 0 { n_cells } else { 0 }];
        for (row, at) in rows {
            let [column, up] = [0, 1].map(|axis: usize| {
                let [low, high] = bounds[axis];
                let share = (at[axis] - low) / (high - low);
                ((share * size[axis] as f64) as usize).min(size[axis] - 1)
            });
            let cell = (size[1] - 1 - up) * size[0] + column;
            counts[cell] += 1;
            if counts[cell] == 1 {
                any[cell] = row as u32;
            }
            let tint = tints.get(row);
            if n_shades == 0 {
                if !tint.is_nan() {
                    sums[cell].0 += f64::from(tint);
                    sums[cell].1 += 1;
                }
            } else {
                let shade = if tint.is_nan() { n_shades - 1 } else { tint as usize };
                shades[cell * n_shades + shade.min(n_shades - 1)] += 1;
            }
        }
        let means = sums.into_iter().map(|(sum, n)| (sum / f64::from(n)) as f32).collect();
        Self { bounds, size, counts, rows: any, means, shades, n_shades }
    }

    /// The cell at a place of the plane.
    pub fn cell_at(&self, at: [f64; 2]) -> Option<usize> {
        let place = |axis: usize| {
            let [low, high] = self.bounds[axis];
            let share = (at[axis] - low) / (high - low);
            (0.0..1.0).contains(&share).then(|| (share * self.size[axis] as f64) as usize)
        };
        let (column, up) = (place(0)?, place(1)?);
        Some((self.size[1] - 1 - up) * self.size[0] + column)
    }

    /// The cell with rows that is nearest to a place of the plane, at most `reach` cells away along x and
    /// y; of those as near, the first as they are stored.
    pub fn filled_near(&self, at: [f64; 2], reach: usize) -> Option<usize> {
        let cell = self.cell_at(at)?;
        let (column, line) = (cell % self.size[0], cell / self.size[0]);
        let around =
            |place: usize, end: usize| place.saturating_sub(reach)..(place + reach + 1).min(end);
        let cells = around(line, self.size[1])
            .flat_map(|line| around(column, self.size[0]).map(move |column| (column, line)));
        let filled = cells.filter(|(x, y)| self.counts[y * self.size[0] + x] > 0);
        let distance =
            |(x, y): &(usize, usize)| x.abs_diff(column).pow(2) + y.abs_diff(line).pow(2);
        filled.min_by_key(distance).map(|(x, y)| y * self.size[0] + x)
    }

    /// The count of the fullest cell.
    pub fn highest(&self) -> u32 {
        self.counts.iter().copied().max().unwrap_or(0)
    }
}
