/// How many values fall into each of several bins of equal width, by class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// The left end of the first bin and the right end of the last.
    pub range: [f64; 2],
    /// `counts[bin][class]`.
    pub counts: Vec<Vec<u32>>,
}

impl Histogram {
    /// Counts finite values in `n_bins` bins. `class` names the class of a value by its index; where
    /// it is at or beyond `n_classes` the value is left out.
    pub fn new(
        values: &[f64],
        n_bins: usize,
        n_classes: usize,
        class: impl Fn(usize) -> usize,
    ) -> Self {
        let finite = || values.iter().enumerate().filter(|(_, value)| value.is_finite());
        let low = finite().fold(f64::INFINITY, |low, (_, value)| low.min(*value));
        let high = finite().fold(f64::NEG_INFINITY, |high, (_, value)| high.max(*value));
        let mut histogram = Self::empty([low, high], n_bins, n_classes);
        finite().for_each(|(index, value)| histogram.add(*value, class(index)));
        histogram
    }

    /// One of values in this range, of which none is counted yet.
    pub(super) fn empty(range: [f64; 2], n_bins: usize, n_classes: usize) -> Self {
        Self { range, counts: vec![vec![0; n_classes]; n_bins] }
    }

    /// Counts a value in the range.
    pub(super) fn add(&mut self, value: f64, class: usize) {
        let ([low, high], n_bins) = (self.range, self.counts.len());
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        let bin = ((share * n_bins as f64) as usize).min(n_bins - 1);
        if let Some(count) = self.counts[bin].get_mut(class) {
            *count += 1;
        }
    }

    /// How many times each of several levels occurs: one bin per level.
    pub fn of_levels(
        codes: &[Option<u32>],
        n_levels: usize,
        n_classes: usize,
        class: impl Fn(usize) -> usize,
    ) -> Self {
        let mut counts = vec![vec![0; n_classes]; n_levels];
        for (index, code) in codes.iter().enumerate() {
            let bin = code.and_then(|code| counts.get_mut(code as usize));
            if let Some(count) = bin.and_then(|bin| bin.get_mut(class(index))) {
                *count += 1;
            }
        }
        Self { range: [0.0, n_levels as f64], counts }
    }

    /// The count of the fullest bin over all classes.
    pub fn highest(&self) -> u32 {
        self.counts.iter().map(|bin| bin.iter().sum()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finite_value_is_counted_once() {
        let values = [0.0, 1.0, 2.5, 5.0, 10.0, f64::NAN];
        let histogram = Histogram::new(&values, 4, 2, |index| index % 2);
        // Bins of width 2.5: 0, 1 | 2.5 | 5 | 10.
        assert_eq!(histogram.range, [0.0, 10.0]);
        assert_eq!(histogram.counts, [[1, 1], [1, 0], [0, 1], [1, 0]]);
        assert_eq!(histogram.highest(), 2);
    }

    #[test]
    fn a_constant_column_stands_in_the_middle() {
        let histogram = Histogram::new(&[3.0; 5], 4, 1, |_| 0);
        assert_eq!(histogram.counts, [[0], [0], [5], [0]]);
    }

    #[test]
    fn levels_are_bins() {
        let codes = [Some(1), None, Some(0), Some(1)];
        assert_eq!(Histogram::of_levels(&codes, 2, 1, |_| 0).counts, [[1], [2]]);
    }
}
