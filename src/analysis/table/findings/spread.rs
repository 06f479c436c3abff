//! How numbers lie: long tails, values far out.

use super::{FEW_ROWS, Finding, Look, listed};
use crate::analysis::table::Change;
use crate::data::statistics::Detail;

/// A tail is long from this skewness on.
const LONG_TAIL: f64 = 2.0;
/// More values than this share are no outliers.
const MOST_FAR: f64 = 0.05;

impl Look<'_> {
    /// Numbers with a long tail, and with values far from the others.
    pub(super) fn spread(&self) -> Vec<Finding> {
        let (mut skewed, mut far) = (Vec::new(), Vec::new());
        for (index, column, summary) in self.features() {
            let Detail::Numeric(Some(numbers)) = &summary.statistics.detail else { continue };
            let n_present = summary.statistics.n_rows - summary.statistics.n_missing;
            let has_changed = |by: &[&str]| self.is_transformed(&column.name, by);
            if n_present < 5 * FEW_ROWS || has_changed(&["Log", "Power"]) {
                continue;
            }
            let is_clipped = has_changed(&["Winsorize", "SigmaClip", "TukeyFences"]);
            if numbers.min > 0.0 && numbers.skewness > LONG_TAIL {
                skewed.push(index);
            } else if numbers.n_far > 0
                && numbers.n_far as f64 <= MOST_FAR * n_present as f64
                && !is_clipped
            {
                far.push(index);
            }
        }
        let tell =
            |columns: Vec<usize>, one: &str, many: &str, change: fn(Vec<String>) -> Change| {
                let names: Vec<String> = columns.iter().map(|index| self.name(*index)).collect();
                let rest = if names.len() == 1 { one } else { many };
                let text = format!("{} {rest}", listed(&names));
                let remedies = self.possible(vec![change(names)]);
                (!columns.is_empty()).then_some(Finding { columns, text, remedies })
            };
        let findings = [
            tell(
                skewed,
                "is positive with a long tail of large values: its logarithm is often easier to \
                 learn from.",
                "are positive with long tails of large values: their logarithms are often easier \
                 to learn from.",
                Change::Log,
            ),
            tell(
                far,
                "has a few values far from all others, beyond three interquartile ranges: they \
                 can rule the loss.",
                "have a few values far from all others, beyond three interquartile ranges: they \
                 can rule the loss.",
                Change::Clip,
            ),
        ];
        findings.into_iter().flatten().collect()
    }
}
