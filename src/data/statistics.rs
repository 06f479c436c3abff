//! What a column looks like: the numbers and the histogram of the data view.

use super::{Cells, Column};

/// Statistics of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Number of rows, missing ones included.
    pub n_rows: usize,
    /// Number of missing values.
    pub n_missing: usize,
    /// Number of distinct values.
    pub n_distinct: usize,
    /// What depends on the type.
    pub detail: Detail,
}

/// What only numbers, or only names, have.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Of a numeric column; `None` where all values are missing.
    Numeric(Option<Numbers>),
    /// Of a nominal column: its levels and how often each occurs, the commonest first.
    Nominal(Vec<(String, usize)>),
}

/// Statistics of numbers.
///
/// ```text
/// mean = Σx / n     std = √(Σ(x − mean)² / n)     median: the middle value, or the mean of the two
/// skewness = Σ((x − mean) / std)³ / n             quartiles: at a quarter and three quarters of the
///                                                 sorted values, the nearest value
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation of the population.
    pub std: f64,
    /// Median.
    pub median: f64,
    /// The lower and the upper quartile.
    pub quartiles: [f64; 2],
    /// 0 where both sides are alike, above 0 with a long tail at large values.
    pub skewness: f64,
    /// How many values lie more than three times the distance of the quartiles outside them.
    pub n_far: usize,
    /// Whether all of them are whole.
    pub is_whole: bool,
    /// How many values lie in each bin of equal width from `min` to `max`; the last includes
    /// `max`. A single bin where all values are equal.
    pub histogram: Vec<usize>,
}

impl Statistics {
    /// Statistics of `column`, with `n_bins` (at least 1) bins in the histogram.
    pub fn of(column: &Column, n_bins: usize) -> Self {
        let (n_rows, n_missing) = (column.n_rows(), column.n_missing());
        match &column.cells {
            Cells::Numeric(values) => {
                let mut sorted: Vec<f64> =
                    values.iter().copied().filter(|value| !value.is_nan()).collect();
                sorted.sort_unstable_by(f64::total_cmp);
                let n_distinct = sorted.chunk_by(|a, b| a == b).count();
                let detail = Detail::Numeric(numbers(&sorted, n_bins.max(1)));
                Self { n_rows, n_missing, n_distinct, detail }
            }
            Cells::Nominal { levels, codes } => {
                let mut counts = vec![0; levels.len()];
                codes.iter().flatten().for_each(|code| counts[*code as usize] += 1);
                let mut counts: Vec<(String, usize)> = levels.iter().cloned().zip(counts).collect();
                counts.retain(|(_, count)| *count > 0);
                counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                Self {
                    n_rows,
                    n_missing,
                    n_distinct: counts.len(),
                    detail: Detail::Nominal(counts),
                }
            }
        }
    }
}

fn numbers(sorted: &[f64], n_bins: usize) -> Option<Numbers> {
    let (&min, &max) = (sorted.first()?, sorted.last()?);
    let n = sorted.len() as f64;
    // Divided before summing, so that large values do not overflow.
    let mean = sorted.iter().fold(0.0, |sum, x| sum + x / n);
    let variance = sorted.iter().fold(0.0, |sum, x| sum + (x - mean) * (x - mean) / n);
    let half = sorted.len() / 2;
    let median = match sorted.len() % 2 {
        1 => sorted[half],
        _ => 0.5 * sorted[half - 1] + 0.5 * sorted[half],
    };
    let std = variance.sqrt();
    let cubed = |x: f64| ((x - mean) / std) * ((x - mean) / std) * ((x - mean) / std);
    let skewness =
        if std > 0.0 { sorted.iter().fold(0.0, |sum, x| sum + cubed(*x) / n) } else { 0.0 };
    let quartile = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let quartiles = [quartile(0.25), quartile(0.75)];
    let reach = 3.0 * (quartiles[1] - quartiles[0]);
    let n_low = sorted.partition_point(|x| *x < quartiles[0] - reach);
    let n_high = sorted.len() - sorted.partition_point(|x| *x <= quartiles[1] + reach);
    // Where half of the values are equal, the quartiles say nothing about the others.
    let n_far = if reach > 0.0 { n_low + n_high } else { 0 };
    let is_whole = sorted.iter().all(|x| x.fract() == 0.0);
    let mut histogram = vec![0; if min == max { 1 } else { n_bins }];
    let last = histogram.len() - 1;
    for x in sorted {
        // Halves, so that the width of the widest range is finite too.
        let share = if min == max { 0.0 } else { (0.5 * x - 0.5 * min) / (0.5 * max - 0.5 * min) };
        histogram[((share * n_bins as f64) as usize).min(last)] += 1;
    }
    Some(Numbers { min, max, mean, std, median, quartiles, skewness, n_far, is_whole, histogram })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_column() {
        let values = vec![2.0, 4.0, f64::NAN, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        let column = Column { name: "x".into(), cells: Cells::Numeric(values) };
        let statistics = Statistics::of(&column, 7);
        assert_eq!((statistics.n_rows, statistics.n_missing, statistics.n_distinct), (9, 1, 5));
        let Detail::Numeric(Some(numbers)) = statistics.detail else { panic!("numbers") };
        assert_eq!((numbers.min, numbers.max, numbers.median), (2.0, 9.0, 4.5));
        assert_eq!((numbers.mean, numbers.std), (5.0, 2.0));
        // Deviations −3, −1, −1, −1, 0, 0, 2, 4: cubes that sum to 42, over 8 · 2³.
        assert_eq!((numbers.skewness, numbers.quartiles), (0.65625, [4.0, 5.0]));
        assert_eq!((numbers.n_far, numbers.is_whole), (1, true), "9 > 5 + 3 · 1");
        assert_eq!(numbers.histogram, [1, 0, 3, 2, 0, 1, 1]);
    }

    #[test]
    fn extremes_neither_overflow_nor_panic() {
        for values in [vec![], vec![f64::NAN], vec![3.0; 4], vec![-1.7e308, 1.7e308]] {
            let n = values.iter().filter(|value| !value.is_nan()).count();
            let column = Column { name: "x".into(), cells: Cells::Numeric(values) };
            match Statistics::of(&column, 5).detail {
                Detail::Numeric(Some(numbers)) => {
                    assert_eq!(numbers.histogram.iter().sum::<usize>(), n);
                    assert!(numbers.mean.is_finite() && numbers.median.is_finite());
                }
                detail => assert_eq!((detail, n), (Detail::Numeric(None), 0)),
            }
        }
    }

    #[test]
    fn levels_by_how_often_they_occur() {
        let levels = vec!["red".to_owned(), "blue".to_owned(), "green".to_owned()];
        let codes = vec![Some(0), Some(1), None, Some(1), Some(2)];
        let column = Column { name: "c".into(), cells: Cells::Nominal { levels, codes } };
        let statistics = Statistics::of(&column, 5);
        assert_eq!((statistics.n_missing, statistics.n_distinct), (1, 3));
        let expected = [("blue", 2), ("green", 1), ("red", 1)];
        let expected = expected.map(|(level, n)| (level.to_owned(), n)).to_vec();
        assert_eq!(statistics.detail, Detail::Nominal(expected));
    }
}
