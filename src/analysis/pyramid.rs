use std::ops::Range;

/// Points in a block of the finest level.
const BLOCK: usize = 16;
/// Blocks of one level in a block of the next.
const FANOUT: usize = 4;

/// From so many points on, a column is cut between blocks: half a block to either side is then too
/// little of a column to be seen, and no single point has to be looked at.
const CUT_BETWEEN_BLOCKS: usize = 4 * BLOCK;

/// Which values take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Domain {
    /// All finite ones.
    #[default]
    Finite,
    /// The finite ones above zero: those a logarithmic axis can show.
    Positive,
}

impl Domain {
    /// Whether a value takes part.
    #[inline]
    pub fn contains(self, value: f64) -> bool {
        value.is_finite() && (self == Self::Finite || value > 0.0)
    }
}

/// The smallest and the largest value of a block, with their indices.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extremes {
    low: f64,
    high: f64,
    low_index: u32,
    high_index: u32,
}

impl Extremes {
    const NONE: Self =
        Self { low: f64::INFINITY, high: f64::NEG_INFINITY, low_index: u32::MAX, high_index: 0 };

    #[inline]
    fn add(&mut self, value: f64, index: u32) {
        if value < self.low {
            (self.low, self.low_index) = (value, index);
        }
        if value > self.high {
            (self.high, self.high_index) = (value, index);
        }
    }

    #[inline]
    fn join(&mut self, other: &Self) {
        if other.low < self.low {
            (self.low, self.low_index) = (other.low, other.low_index);
        }
        if other.high > self.high {
            (self.high, self.high_index) = (other.high, other.high_index);
        }
    }

    fn is_none(&self) -> bool {
        self.low_index == u32::MAX
    }
}

/// The stretch of an x axis to be drawn, and on how many columns of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The first x.
    pub from: f64,
    /// The last x.
    pub to: f64,
    /// Columns of pixels between them.
    pub n_columns: usize,
    /// Whether x is drawn on a logarithmic axis; points at or below zero are then left out.
    pub log_x: bool,
}

impl View {
    /// The x at which column `index` begins.
    fn edge(&self, index: usize) -> f64 {
        let share = index as f64 / self.n_columns as f64;
        if self.log_x {
            use crate::math::elementary::double::{exp, ln};
            let (from, to) = (ln(self.from.max(f64::MIN_POSITIVE)), ln(self.to));
            exp(from + share * (to - from))
        } else {
            self.from + share * (self.to - self.from)
        }
    }
}

/// The smallest and largest values of a growing series at many levels of detail, so that a picture
/// of it costs as many points as the screen has columns, however long the series is, and no spike
/// is ever lost.
///
/// The values themselves stay where they are: every call is handed the same series, grown at its
/// end. Level 0 holds the extremes of blocks of 16 points, each further level those of four blocks
/// of the one below.
#[derive(Clone, Debug, Default)]
pub struct Pyramid {
    domain: Domain,
    levels: Vec<Vec<Extremes>>,
    len: usize,
}

impl Pyramid {
    /// An empty pyramid over the values of a domain.
    pub fn new(domain: Domain) -> Self {
        Self { domain, levels: Vec::new(), len: 0 }
    }

    /// Number of points taken in.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is taken in yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes in what `values` has grown by since the last call. Work in proportion to the growth.
    pub fn append(&mut self, values: &[f64]) {
        if values.len() > self.len {
            let from = self.len;
            self.refresh(values, from..values.len());
        }
    }

    /// Takes in values that changed or were added in `range`.
    pub fn refresh(&mut self, values: &[f64], range: Range<usize>) {
        self.len = self.len.max(range.end);
        if range.is_empty() {
            return;
        }
        let mut blocks = range.start / BLOCK..range.end.div_ceil(BLOCK);
        let domain = self.domain;
        for index in blocks.clone() {
            let start = index * BLOCK;
            let end = (start + BLOCK).min(self.len);
            let mut extremes = Extremes::NONE;
            for (offset, value) in values[start..end].iter().enumerate() {
                if domain.contains(*value) {
                    extremes.add(*value, (start + offset) as u32);
                }
            }
            self.store(0, index, extremes);
        }
        let mut level = 0;
        while self.levels[level].len() > FANOUT {
            blocks = blocks.start / FANOUT..blocks.end.div_ceil(FANOUT);
            for index in blocks.clone() {
                let below = &self.levels[level];
                let end = (index * FANOUT + FANOUT).min(below.len());
                let mut extremes = Extremes::NONE;
                for block in &below[index * FANOUT..end] {
                    extremes.join(block);
                }
                self.store(level + 1, index, extremes);
            }
            level += 1;
        }
    }

    fn store(&mut self, level: usize, index: usize, extremes: Extremes) {
        if self.levels.len() <= level {
            // A level that appears late still has to cover all that came before.
            let mut blocks: Vec<Extremes> = Vec::new();
            if level > 0 {
                for group in self.levels[level - 1].chunks(FANOUT) {
                    let mut joined = Extremes::NONE;
                    group.iter().for_each(|block| joined.join(block));
                    blocks.push(joined);
                }
            }
            self.levels.push(blocks);
        }
        let blocks = &mut self.levels[level];
        if blocks.len() <= index {
            blocks.resize(index + 1, Extremes::NONE);
        }
        blocks[index] = extremes;
    }

    /// The indices of the smallest and the largest value in `range`; `None` where no value there
    /// takes part. Logarithmic in the length of the range.
    fn extremes(&self, values: &[f64], range: Range<usize>) -> Option<(usize, usize)> {
        let found = self.query(values, range);
        (!found.is_none()).then_some((found.low_index as usize, found.high_index as usize))
    }

    fn query(&self, values: &[f64], range: Range<usize>) -> Extremes {
        let mut found = Extremes::NONE;
        let end = range.end.min(self.len);
        let mut index = range.start;
        let scan = |found: &mut Extremes, from: usize, to: usize| {
            for (offset, value) in values[from..to].iter().enumerate() {
                if self.domain.contains(*value) {
                    found.add(*value, (from + offset) as u32);
                }
            }
        };
        // Single points up to a block's edge, then the largest blocks that fit, then points.
        let edge = index.next_multiple_of(BLOCK).min(end);
        if index < edge {
            scan(&mut found, index, edge);
            index = edge;
        }
        while index + BLOCK <= end {
            let (mut level, mut size) = (0, BLOCK);
            while level + 1 < self.levels.len()
                && index.is_multiple_of(size * FANOUT)
                && index + size * FANOUT <= end
            {
                level += 1;
                size *= FANOUT;
            }
            found.join(&self.levels[level][index / size]);
            index += size;
        }
        if index < end {
            scan(&mut found, index, end);
        }
        found
    }

    /// The smallest and largest value over all points.
    pub fn bounds(&self, values: &[f64]) -> Option<(f64, f64)> {
        let (low, high) = self.extremes(values, 0..self.len)?;
        Some((values[low], values[high]))
    }

    /// The indices of the points to draw, rising: all of them where they are few, else the
    /// smallest and the largest of each column. `xs` rises (or stays) from point to point. One
    /// point beyond each end is added, so that lines run on to the edges. At most
    /// `2 · n_columns + 2` indices, whatever the length of the series.
    pub fn visible(&self, xs: &[f64], values: &[f64], view: View, indices: &mut Vec<usize>) {
        indices.clear();
        let mut first = xs[..self.len].partition_point(|x| *x < view.from);
        if view.log_x {
            first = first.max(xs[..self.len].partition_point(|x| *x <= 0.0));
        }
        let last = xs[..self.len].partition_point(|x| *x <= view.to);
        let push = |index: usize, indices: &mut Vec<usize>| {
            if self.domain.contains(values[index]) {
                indices.push(index);
            }
        };
        if first > 0 && !(view.log_x && xs[first - 1] <= 0.0) {
            push(first - 1, indices);
        }
        if last.saturating_sub(first) <= 2 * view.n_columns {
            (first..last).for_each(|index| push(index, indices));
        } else {
            let n_points = last - first;
            let (x0, x1) = (xs[first], xs[last - 1]);
            let points_per_x = (n_points - 1) as f64 / (x1 - x0).max(f64::MIN_POSITIVE);
            let mut start = first;
            for column in 1..=view.n_columns {
                if start >= last {
                    break;
                }
                let mut end = last;
                if column < view.n_columns {
                    let edge = view.edge(column);
                    // Where an evenly spaced series has it.
                    let guess = (first as f64 + (edge - x0) * points_per_x) as usize;
                    end = start + n_below(&xs[start..last], edge, guess.saturating_sub(start));
                    if end - start >= CUT_BETWEEN_BLOCKS {
                        end = ((end + BLOCK / 2) / BLOCK * BLOCK).clamp(start, last);
                    }
                }
                let found = self.query(values, start..end);
                if !found.is_none() {
                    let (low, high) = (found.low_index as usize, found.high_index as usize);
                    indices.push(low.min(high));
                    if high != low {
                        indices.push(low.max(high));
                    }
                }
                start = end;
            }
        }
        if last < self.len && last >= first {
            push(last, indices);
        }
    }
}

/// How many leading entries of a rising slice are below `limit`, searched for in steps that double
/// from a guess on: quick where the guess is near.
fn n_below(rising: &[f64], limit: f64, guess: usize) -> usize {
    let mut step = 1;
    let (mut from, mut to) = (guess.min(rising.len()), guess.min(rising.len()));
    while from > 0 && rising[from - 1] >= limit {
        from = from.saturating_sub(step);
        step *= 2;
    }
    while to < rising.len() && rising[to] < limit {
        to = (to + step).min(rising.len());
        step *= 2;
    }
    from + rising[from..to].partition_point(|x| *x < limit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn naive(values: &[f64], range: Range<usize>, domain: Domain) -> Option<(f64, f64)> {
        let inside = values[range].iter().copied().filter(|value| domain.contains(*value));
        let low = inside.clone().reduce(f64::min)?;
        Some((low, inside.reduce(f64::max)?))
    }

    fn series() -> impl Strategy<Value = Vec<f64>> {
        let value = prop_oneof![
            8 => -1e3..1e3f64,
            1 => Just(f64::NAN),
            1 => Just(f64::INFINITY),
        ];
        prop::collection::vec(value, 0..700)
    }

    proptest! {
        #[test]
        fn extremes_are_those_of_a_plain_scan(
            values in series(),
            cuts in prop::collection::vec(0usize..700, 0..6),
            range in (0usize..700, 0usize..700),
            positive: bool,
        ) {
            let domain = if positive { Domain::Positive } else { Domain::Finite };
            let mut pyramid = Pyramid::new(domain);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(values.len())).collect();
            cuts.sort_unstable();
            for cut in cuts {
                pyramid.append(&values[..cut]);
            }
            pyramid.append(&values);
            let start = range.0.min(values.len());
            let end = range.1.clamp(start, values.len());
            let found = pyramid
                .extremes(&values, start..end)
                .map(|(low, high)| (values[low], values[high]));
            prop_assert_eq!(found, naive(&values, start..end, domain));
        }

        #[test]
        fn changed_values_replace_the_old_ones(
            mut values in prop::collection::vec(-1e3..1e3f64, 1..700),
            at in 0usize..700,
            value in -1e4..1e4f64,
        ) {
            let mut pyramid = Pyramid::new(Domain::Finite);
            pyramid.append(&values);
            let at = at % values.len();
            values[at] = value;
            pyramid.refresh(&values, at..at + 1);
            prop_assert_eq!(pyramid.bounds(&values), naive(&values, 0..values.len(), Domain::Finite));
        }

        #[test]
        fn every_column_keeps_its_spikes(
            values in prop::collection::vec(-1e3..1e3f64, 100..3000),
            n_columns in 1usize..40,
            log_x: bool,
        ) {
            let xs: Vec<f64> = (0..values.len()).map(|index| 1.0 + index as f64).collect();
            let view = View { from: 1.0, to: values.len() as f64, n_columns, log_x };
            let mut pyramid = Pyramid::new(Domain::Finite);
            pyramid.append(&values);
            let mut indices = Vec::new();
            pyramid.visible(&xs, &values, view, &mut indices);
            prop_assert!(indices.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(indices.len() <= 2 * n_columns + 2);
            // Dense columns are cut a little beside their edges: a spike there may be drawn with the
            // neighbours, or hidden by a higher one of theirs.
            let is_dense = values.len() >= CUT_BETWEEN_BLOCKS;
            let inside = |x: f64, columns: Range<usize>, beside: f64| {
                x >= view.edge(columns.start) - beside
                    && (x < view.edge(columns.end) + beside || columns.end >= n_columns)
            };
            for column in 0..n_columns {
                let (near, beside) = match is_dense {
                    true => (column.saturating_sub(1)..column + 2, BLOCK as f64),
                    false => (column..column + 1, 0.0),
                };
                let drawn = indices.iter().filter(|at| inside(xs[**at], near.clone(), beside));
                let drawn = drawn.map(|at| values[*at]);
                let all = (0..values.len()).filter(|at| inside(xs[*at], column..column + 1, 0.0));
                let all = all.map(|at| values[at]);
                let (low, high) = (drawn.clone().reduce(f64::min), drawn.reduce(f64::max));
                let (lowest, highest) = (all.clone().reduce(f64::min), all.reduce(f64::max));
                if is_dense {
                    // Where the column has points at all.
                    prop_assert!(lowest.is_none() || low <= lowest && high >= highest);
                } else {
                    prop_assert_eq!((low, high), (lowest, highest));
                }
            }
        }
    }

    #[test]
    fn a_picture_does_not_grow_with_the_series() {
        let mut pyramid = Pyramid::new(Domain::Finite);
        let mut indices = Vec::new();
        for n_points in [1_000, 100_000, 1_000_000] {
            let xs: Vec<f64> = (0..n_points).map(f64::from).collect();
            pyramid.append(&xs);
            let view = View { from: 0.0, to: f64::from(n_points), n_columns: 300, log_x: false };
            pyramid.visible(&xs, &xs, view, &mut indices);
            assert!(indices.len() <= 602, "{} indices for {n_points} points", indices.len());
            assert!(indices.len() >= 300);
        }
    }

    #[test]
    fn lines_run_on_beyond_both_edges() {
        let xs: Vec<f64> = (0..100).map(f64::from).collect();
        let mut pyramid = Pyramid::new(Domain::Finite);
        pyramid.append(&xs);
        let mut indices = Vec::new();
        let view = View { from: 10.5, to: 13.5, n_columns: 300, log_x: false };
        pyramid.visible(&xs, &xs, view, &mut indices);
        assert_eq!(indices, [10, 11, 12, 13, 14]);
    }

    #[test]
    fn a_logarithmic_axis_leaves_out_what_it_cannot_show() {
        let (xs, ys) = ([0.0, 1.0, 2.0, 3.0], [5.0, 0.0, -2.0, 4.0]);
        let mut pyramid = Pyramid::new(Domain::Positive);
        pyramid.append(&ys);
        let mut indices = Vec::new();
        let view = View { from: 0.5, to: 3.0, n_columns: 10, log_x: true };
        pyramid.visible(&xs, &ys, view, &mut indices);
        assert_eq!(indices, [3]);
    }
}
