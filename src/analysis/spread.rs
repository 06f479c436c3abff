use super::Histogram;
use crate::math::elementary::double::ln;

/// Bins of a histogram.
const N_BINS: usize = 41;

/// From this ratio of the largest to the smallest on, bins are of equal ratio, not of equal width.
const WIDE: f64 = 1e3;

/// How the values of a vector lie: their ends, their middle, how many are zero, and a histogram.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// How many values there are.
    pub n: usize,
    /// How many of them are zero.
    pub n_zero: usize,
    /// How many of them are infinite or not a number; they are in nothing else here.
    pub n_not_finite: usize,
    /// The smallest.
    pub min: f64,
    /// The middle one in order; the mean of the two in the middle where their number is even.
    pub median: f64,
    /// The largest.
    pub max: f64,
    /// Counts; of decimal logarithms where `is_log`, and then without zeros.
    pub histogram: Histogram,
    /// Whether no value is negative and they span more than three powers of ten, as squares do.
    pub is_log: bool,
}

impl Spread {
    /// The spread of these values.
    pub fn new(values: &[f64]) -> Self {
        let mut finite: Vec<f64> = values.iter().copied().filter(|x| x.is_finite()).collect();
        let n_zero = finite.iter().filter(|x| **x == 0.0).count();
        let min = finite.iter().copied().fold(f64::INFINITY, f64::min);
        let max = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let smallest = finite.iter().copied().filter(|x| *x > 0.0).fold(f64::INFINITY, f64::min);
        let is_log = min >= 0.0 && max / smallest > WIDE;
        let histogram = if is_log {
            let positive = finite.iter().filter(|x| **x > 0.0);
            let logs: Vec<f64> = positive.map(|x| ln(*x) / std::f64::consts::LN_10).collect();
            Histogram::new(&logs, N_BINS, 1, |_| 0)
        } else {
            Histogram::new(&finite, N_BINS, 1, |_| 0)
        };
        let median = median(&mut finite);
        let n_not_finite = values.len() - finite.len();
        Self { n: values.len(), n_zero, n_not_finite, min, median, max, histogram, is_log }
    }

    /// Where a value lies between the ends of the histogram, from 0 to 1; `None` where it is not in it.
    pub fn place(&self, x: f64) -> Option<f64> {
        let at = if self.is_log { ln(x) / std::f64::consts::LN_10 } else { x };
        let [from, to] = self.histogram.range;
        let is_in = x.is_finite() && (!self.is_log || x > 0.0);
        is_in.then(|| if to > from { ((at - from) / (to - from)).clamp(0.0, 1.0) } else { 0.5 })
    }

    /// The ends of a bin, as values.
    pub fn bin(&self, index: usize) -> [f64; 2] {
        let [from, to] = self.histogram.range;
        let width = (to - from) / self.histogram.counts.len().max(1) as f64;
        [index, index + 1].map(|index| {
            let at = from + width * index as f64;
            if self.is_log { super::power_of_ten(at) } else { at }
        })
    }
}

fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let (n, middle) = (values.len(), values.len() / 2);
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if n % 2 == 1 {
        return *upper;
    }
    0.5 * (*upper + below.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_middle_and_zeros() {
        let spread = Spread::new(&[3.0, 0.0, -1.0, f64::NAN, 0.0, 2.0, 8.0]);
        assert_eq!((spread.n, spread.n_zero, spread.n_not_finite), (7, 2, 1));
        assert_eq!((spread.min, spread.median, spread.max), (-1.0, 1.0, 8.0));
        assert!(!spread.is_log);
        assert_eq!(spread.place(-1.0), Some(0.0));
        assert_eq!(spread.place(3.5), Some(0.5));
        assert_eq!(spread.histogram.counts.iter().map(|bin| bin[0]).sum::<u32>(), 6);
        assert_eq!(Spread::new(&[2.0, 9.0, 4.0]).median, 4.0);
        assert!(Spread::new(&[]).median.is_nan());
    }

    #[test]
    fn squares_over_many_powers_of_ten_have_bins_of_equal_ratio() {
        let values: Vec<f64> =
            (0..=8).map(|power| super::super::power_of_ten(-f64::from(power))).collect();
        let spread = Spread::new(&[&values[..], &[0.0]].concat());
        assert!(spread.is_log);
        assert_eq!(spread.min, 0.0);
        let used = spread.histogram.counts.iter().filter(|bin| bin[0] > 0).count();
        assert_eq!(used, 9);
        assert!((spread.place(1e-4).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(spread.place(0.0), None);
        let [low, high] = spread.bin(0);
        assert!((low - 1e-8).abs() < 1e-16 && high > low);
    }
}
