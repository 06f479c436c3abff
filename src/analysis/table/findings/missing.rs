//! Gaps.

use super::{Finding, Look, listed, number, percent};
use crate::analysis::table::Change;
use crate::data::Cells;

/// A share of missing values at which it is worth thinking about the whole column.
const MOSTLY_MISSING: f64 = 0.4;

impl Look<'_> {
    /// Columns with gaps: those that have hardly anything apart from the others.
    pub(super) fn missing(&self) -> Vec<Finding> {
        let mut groups = [Vec::new(), Vec::new()];
        for (index, column, summary) in self.features() {
            let statistics = &summary.statistics;
            if statistics.n_missing == 0
                || statistics.n_missing == statistics.n_rows
                || self.is_transformed(&column.name, &["Impute", "DropMissing"])
            {
                continue;
            }
            let share = statistics.n_missing as f64 / statistics.n_rows as f64;
            groups[usize::from(share < MOSTLY_MISSING)].push(index);
        }
        let [mostly, some] = groups;
        let is_number =
            |index: &usize| matches!(self.loaded.table.columns[*index].cells, Cells::Numeric(_));
        let tell = |columns: Vec<usize>, is_mostly: bool| -> Option<Finding> {
            let names: Vec<String> = columns.iter().map(|index| self.name(*index)).collect();
            let most = columns.iter().map(|index| &self.summaries[*index].statistics);
            let most = most.max_by_key(|statistics| statistics.n_missing)?;
            let (lacks, up_to) = if names.len() == 1 { ("lacks", "") } else { ("lack", "up to ") };
            let n_numbers = columns.iter().filter(|index| is_number(index)).count();
            let becomes = match n_numbers {
                0 => "missing is a level of its own",
                n if n == columns.len() => "their place is taken by the mean of the training part",
                _ => "numbers become the mean of the training part, names a level of their own",
            };
            let text = format!(
                "{} {lacks} {up_to}{} of {} values ({}); {becomes}.",
                listed(&names),
                number(most.n_missing),
                number(most.n_rows),
                percent(most.n_missing, most.n_rows),
            );
            let numbers = columns.iter().filter(|index| is_number(index));
            let numbers: Vec<String> = numbers.map(|index| self.name(*index)).collect();
            let mut remedies = Vec::new();
            if is_mostly {
                remedies.push(Change::Ignore(names.clone()));
            }
            if !numbers.is_empty() {
                remedies.push(Change::Fill(numbers));
            }
            if !is_mostly {
                remedies.push(Change::DropRows(names));
            }
            Some(Finding { columns, text, remedies: self.possible(remedies) })
        };
        [tell(mostly, true), tell(some, false)].into_iter().flatten().collect()
    }
}
