use crate::analysis::Histogram;
use crate::data::{Cells, Column, Loaded, Statistics};

/// Bins of the histograms.
const N_BINS: usize = 20;
/// Levels of a nominal column that its histogram shows.
const MOST_LEVELS: usize = 20;
/// Classes that are told apart in the histograms.
const MOST_CLASSES: usize = 9;

/// What stands above a column.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnSummary {
    /// Missing and distinct values, range and mean, or levels.
    pub statistics: Statistics,
    /// How the values are spread, by class. Of names: one bin for each of the commonest.
    pub histogram: Histogram,
}

/// The class of every row, where the target is one of a few names.
pub struct ClassCodes<'a> {
    n_classes: usize,
    codes: &'a [Option<u32>],
}

impl<'a> ClassCodes<'a> {
    /// The classes of these data.
    pub fn of(loaded: &'a Loaded) -> Self {
        match loaded.table.columns.get(loaded.target).map(|column| &column.cells) {
            Some(Cells::Nominal { levels, codes }) if levels.len() <= MOST_CLASSES => {
                Self { n_classes: levels.len(), codes }
            }
            _ => Self { n_classes: 1, codes: &[] },
        }
    }

    fn class(&self, row: usize) -> usize {
        match self.codes {
            [] => 0,
            codes => codes[row].map_or(self.n_classes, |code| code as usize),
        }
    }
}

impl ColumnSummary {
    /// Looks at all cells of a column.
    pub fn of(column: &Column, classes: &ClassCodes<'_>) -> Self {
        let statistics = Statistics::of(column, N_BINS);
        let class = |row: usize| classes.class(row);
        let histogram = match &column.cells {
            Cells::Numeric(values) => Histogram::new(values, N_BINS, classes.n_classes, class),
            Cells::Nominal { levels, codes } => {
                let mut places = vec![None; levels.len()];
                let mut order: Vec<usize> = (0..levels.len()).collect();
                let mut counts = vec![0usize; levels.len()];
                codes.iter().flatten().for_each(|code| counts[*code as usize] += 1);
                order.sort_by_key(|level| (std::cmp::Reverse(counts[*level]), *level));
                order.truncate(MOST_LEVELS);
                order.iter().zip(0..).for_each(|(level, place)| places[*level] = Some(place));
                let n_bins = order.len();
                let common: Vec<Option<u32>> =
                    codes.iter().map(|code| code.and_then(|code| places[code as usize])).collect();
                Histogram::of_levels(&common, n_bins, classes.n_classes, class)
            }
        };
        Self { statistics, histogram }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::table::test_support::loaded;

    fn nominal(levels: Vec<String>, codes: Vec<Option<u32>>) -> Column {
        Column { name: "c".into(), cells: Cells::Nominal { levels, codes } }
    }

    #[test]
    fn the_commonest_levels_come_first_and_classes_are_told_apart() {
        let levels = (0..30).map(|level| format!("level {level}")).collect();
        let mut codes: Vec<Option<u32>> = (0..30).map(Some).collect();
        codes.extend([Some(29), Some(29), Some(28), None]);
        let target = codes.iter().map(|_| Some(0)).take(33).chain([Some(1)]).collect();
        let target = nominal(vec!["a".into(), "b".into()], target);
        let column = nominal(levels, codes);
        let loaded = loaded(vec![column, target]);
        let classes = ClassCodes::of(&loaded);
        let summary = ColumnSummary::of(&loaded.table.columns[0], &classes);
        assert_eq!(summary.histogram.counts.len(), MOST_LEVELS);
        assert_eq!(summary.histogram.counts[..3], [[3, 0], [2, 0], [1, 0]]);
        let summary = ColumnSummary::of(&loaded.table.columns[1], &classes);
        assert_eq!(summary.histogram.counts, [[33, 0], [0, 1]]);
    }
}
