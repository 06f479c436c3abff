//! Columns from which nothing, or little, can be learnt.

use super::{FEW_ROWS, Finding, Look, number};
use crate::analysis::table::Change;
use crate::data::Cells;
use crate::data::statistics::Detail;

/// Whole numbers that are all different count the rows where their range is at most so many times
/// the rows: some may have been left out.
const MOST_GAPS: f64 = 1.05;
/// A column of names has many where there are more than this and each has few rows.
const MANY_LEVELS: usize = 50;

impl Look<'_> {
    /// Columns from which nothing can be learnt.
    pub(super) fn useless(&self) -> Vec<Finding> {
        let (mut empty, mut constant, mut all_different) = (Vec::new(), Vec::new(), Vec::new());
        for (index, _, summary) in self.features() {
            let statistics = &summary.statistics;
            let n_present = statistics.n_rows - statistics.n_missing;
            if n_present == 0 {
                empty.push(index);
            } else if statistics.n_distinct == 1 && statistics.n_missing == 0 {
                constant.push(index);
            } else if n_present >= FEW_ROWS && statistics.n_distinct == n_present {
                let is_number_of_row = match &statistics.detail {
                    Detail::Numeric(Some(numbers)) => {
                        let range = numbers.max - numbers.min + 1.0;
                        numbers.is_whole && range <= MOST_GAPS * n_present as f64
                    }
                    Detail::Numeric(None) => false,
                    Detail::Nominal(_) => true,
                };
                if is_number_of_row {
                    all_different.push(index);
                }
            }
        }
        let findings = [
            self.ignorable(
                all_different,
                "is different in every row, like a number or a name of the row: it says nothing \
                 about other rows.",
                "are different in every row, like numbers or names of the rows: they say nothing \
                 about other rows.",
            ),
            self.ignorable(empty, "is empty.", "are empty."),
            self.ignorable(
                constant,
                "is the same in every row: nothing can be learnt from it.",
                "are the same in every row: nothing can be learnt from them.",
            ),
        ];
        findings.into_iter().flatten().collect()
    }

    /// Text, and names so many that each has few rows.
    pub(super) fn many_levels(&self) -> Vec<Finding> {
        let many = self.features().filter(|(_, column, summary)| {
            let n_present = summary.statistics.n_rows - summary.statistics.n_missing;
            let n = summary.statistics.n_distinct;
            let is_all = n == n_present;
            matches!(column.cells, Cells::Nominal { .. })
                && n > MANY_LEVELS
                && !is_all
                && n * 10 > n_present
        });
        many.map(|(index, column, summary)| Finding {
            columns: vec![index],
            text: format!(
                "`{}` has {} different names in {} rows: each becomes a feature that few rows share.",
                column.name,
                number(summary.statistics.n_distinct),
                number(summary.statistics.n_rows),
            ),
            remedies: self.possible(vec![Change::Ignore(vec![column.name.clone()])]),
        })
        .collect()
    }
}
