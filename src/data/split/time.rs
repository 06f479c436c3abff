//! In the order of a column: the past to train on, the future to be tested by.

use super::folds::Fold;
use super::{NAMES, Split};
use crate::data::DataError;

impl Split {
    /// Train, validation and test, the earliest first. Cuts stand where the shares want them, or at
    /// the nearest change of time (of two, the earlier), so that equal times stay together.
    pub(super) fn by_time(&self, times: &[f64]) -> Result<[Vec<usize>; 3], DataError> {
        let sizes = self.sizes(times.len())?;
        let present: Vec<usize> = (0..NAMES.len()).filter(|part| sizes[*part] > 0).collect();
        let mut wanted = Vec::new();
        let mut before = 0;
        for part in &present[..present.len() - 1] {
            before += sizes[*part];
            wanted.push(before);
        }
        let order = Order::of(times);
        let cuts = order.cuts(&wanted, "parts")?;
        let mut parts = [const { Vec::new() }; 3];
        for (k, part) in present.iter().enumerate() {
            parts[*part] = order.stretch(&cuts, k);
        }
        Ok(parts)
    }

    /// Train, validation and test where fold `i` of `k` is held out against all before it.
    ///
    /// ```text
    /// the last k · m of the n samples are the folds, m = ⌊n / (k + 1)⌋ each
    /// ```
    ///
    /// `n` counts the samples beside the test part, which is the latest. Those after the fold are not used. The
    /// seed does not matter beyond the number of the fold. The same as scikit-learn's `TimeSeriesSplit`.
    pub(super) fn time_folds(
        &self,
        times: &[f64],
        fold: Fold,
    ) -> Result<[Vec<usize>; 3], DataError> {
        let [n, _, n_test] = self.without_validation().sizes(times.len())?;
        let k = self.folds;
        let n_stretches = k.saturating_add(1);
        let size = n / n_stretches;
        if size == 0 {
            return Err(DataError::new(format!(
                "{k} folds in order need {n_stretches} samples or more to train on and hold out, and there are {n}"
            )));
        }
        let mut wanted: Vec<usize> = (0..k).map(|fold| n - (k - fold) * size).collect();
        if n_test > 0 {
            wanted.push(n);
        }
        let order = Order::of(times);
        let cuts = order.cuts(&wanted, "folds and other stretches")?;
        let mut train: Vec<usize> =
            (0..=fold.index).flat_map(|stretch| order.stretch(&cuts, stretch)).collect();
        train.sort_unstable();
        let test = if n_test > 0 { order.stretch(&cuts, k + 1) } else { Vec::new() };
        Ok([train, order.stretch(&cuts, fold.index + 1), test])
    }
}

/// Samples from the earliest to the latest; of equal times, in the order of the file.
struct Order {
    samples: Vec<usize>,
    /// How many samples come before each change of time.
    changes: Vec<usize>,
}

impl Order {
    fn of(times: &[f64]) -> Self {
        let mut samples: Vec<usize> = (0..times.len()).collect();
        samples.sort_by(|a, b| (times[*a] + 0.0).total_cmp(&(times[*b] + 0.0)));
        let is_change = |place: &usize| times[samples[*place]] != times[samples[*place - 1]];
        let changes = (1..samples.len()).filter(is_change).collect();
        Self { samples, changes }
    }

    /// The changes of time nearest to the `wanted` places, in ascending order and all different.
    fn cuts(&self, wanted: &[usize], what: &str) -> Result<Vec<usize>, DataError> {
        if self.changes.len() < wanted.len() {
            let n = self.changes.len() + 1;
            let values = if n == 1 { "value" } else { "values" };
            return Err(DataError::new(format!(
                "{n} different {values} cannot be divided into {} {what}; at least {} are needed",
                wanted.len() + 1,
                wanted.len() + 1
            )));
        }
        let mut cuts = Vec::with_capacity(wanted.len());
        let mut free = 0;
        for (k, place) in wanted.iter().enumerate() {
            // As many changes as cuts are still to come must be left.
            let last = self.changes.len() - (wanted.len() - k);
            let after = self.changes[free..=last].partition_point(|change| change < place) + free;
            let nearest = match after {
                after if after > last => last,
                after if after > free => {
                    let (below, above) = (self.changes[after - 1], self.changes[after]);
                    if place - below <= above - place { after - 1 } else { after }
                }
                after => after,
            };
            cuts.push(self.changes[nearest]);
            free = nearest + 1;
        }
        Ok(cuts)
    }

    /// The samples between two cuts, in ascending order.
    fn stretch(&self, cuts: &[usize], k: usize) -> Vec<usize> {
        let start = if k == 0 { 0 } else { cuts[k - 1] };
        let end = cuts.get(k).copied().unwrap_or(self.samples.len());
        let mut samples = self.samples[start..end].to_vec();
        samples.sort_unstable();
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_stand_at_the_nearest_change() {
        // Changes after 3, 4 and 9 samples.
        let times = [1.0, 1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0, 3.0, 4.0];
        let cuts = |wanted: &[usize]| Order::of(&times).cuts(wanted, "parts").unwrap();
        assert_eq!(cuts(&[7]), [9]);
        assert_eq!(cuts(&[6]), [4]);
        assert_eq!(cuts(&[4, 5]), [4, 9]);
        assert_eq!(cuts(&[8, 9]), [4, 9]);
        assert_eq!(cuts(&[1, 1, 1]), [3, 4, 9]);
        assert!(Order::of(&times).cuts(&[1, 2, 3, 4], "parts").is_err());
    }
}
