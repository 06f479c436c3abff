//! What the target has to say: another task, columns that tell it, rare classes.

use std::collections::HashMap;

use super::{FEW_ROWS, Finding, Look, number, percent};
use crate::analysis::table::Change;
use crate::data::statistics::Detail;
use crate::data::{Cells, Column, Source, Task};
use crate::losses::{ClassWeights, TargetKind};

/// A class is rare where the largest has this many times its rows.
const RARE: usize = 8;

impl Look<'_> {
    /// A target that looks like another task.
    pub(super) fn target(&self) -> Option<Finding> {
        const MOST: usize = 10;
        let (column, summary) = self.target_column()?;
        let Detail::Numeric(Some(numbers)) = &summary.statistics.detail else { return None };
        let n = summary.statistics.n_distinct;
        let is_code = numbers.is_whole && (2..=MOST).contains(&n) && column.n_rows() >= 10 * n;
        let is_csv = matches!(self.experiment.data, Source::Csv(_));
        (is_code && is_csv && self.task() == Task::Auto).then(|| Finding {
            columns: vec![self.loaded.target],
            text: format!(
                "The target `{}` has only {n} different values, all whole: are they classes? It is \
                 predicted as a number.",
                column.name
            ),
            remedies: self.possible(vec![Change::Classify]),
        })
    }

    /// Columns that say the target itself.
    pub(super) fn by_heart(&self) -> Option<Finding> {
        let (target, _) = self.target_column()?;
        let copies = self.features().filter(|(_, column, summary)| {
            summary.statistics.n_distinct > 1 && is_copy(column, target)
        });
        self.ignorable(
            copies.map(|(index, ..)| index).collect(),
            "says the target exactly: a model that has it learns nothing else.",
            "say the target exactly: a model that has them learns nothing else.",
        )
    }

    /// Classes that are far smaller than others.
    pub(super) fn classes(&self) -> Option<Finding> {
        let (column, _) = self.target_column()?;
        if !self.is_classified(column) {
            return None;
        }
        let is_dealt_with = self.experiment.class_weights != ClassWeights::Off
            || self.experiment.sampling.name() == "ClassBalanced";
        let counts = class_counts(column);
        let largest = counts.first()?.1;
        let rare: Vec<_> = counts.iter().filter(|(_, n)| n * RARE <= largest).collect();
        let (smallest, n_smallest) = counts.last()?;
        if rare.is_empty() || is_dealt_with {
            return None;
        }
        let others = match rare.len() {
            1 => String::new(),
            n => format!(", one of {n} rare classes,"),
        };
        let rows = if *n_smallest == 1 { "row" } else { "rows" };
        Some(Finding {
            columns: vec![self.loaded.target],
            text: format!(
                "The class `{smallest}`{others} has {} {rows} of {} ({}), the largest {}: a model \
                 can be right most of the time without it.",
                number(*n_smallest),
                number(column.n_rows()),
                percent(*n_smallest, column.n_rows()),
                number(largest),
            ),
            remedies: self.possible(vec![Change::BalanceClasses, Change::DrawClassesAlike]),
        })
    }

    /// Whether the target's values are classes.
    fn is_classified(&self, target: &Column) -> bool {
        match (self.task(), &target.cells) {
            (Task::Auto, Cells::Nominal { .. }) | (Task::Classification, _) => true,
            // A set that comes with the program says so itself, and the loss suits it.
            (Task::Auto, Cells::Numeric(_)) => {
                let kind = self.experiment.loss.rule::<f64>().target_kind();
                self.loaded.report.encoding.is_empty() && kind != TargetKind::Number
            }
            (Task::Regression, _) => false,
        }
    }

    fn task(&self) -> Task {
        match &self.experiment.data {
            Source::Csv(csv) => csv.task,
            _ => Task::Auto,
        }
    }
}

/// The classes and how many rows each has, the largest first.
fn class_counts(target: &Column) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = match &target.cells {
        Cells::Nominal { levels, codes } => {
            let mut counts = vec![0; levels.len()];
            codes.iter().flatten().for_each(|code| counts[*code as usize] += 1);
            levels.iter().cloned().zip(counts).filter(|(_, n)| *n > 0).collect()
        }
        Cells::Numeric(values) => {
            let mut counts: HashMap<u64, usize> = HashMap::new();
            for value in values.iter().filter(|value| !value.is_nan()) {
                *counts.entry((value + 0.0).to_bits()).or_default() += 1;
            }
            counts.into_iter().map(|(bits, n)| (f64::from_bits(bits).to_string(), n)).collect()
        }
    };
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// Whether one column says the other: equal numbers, or names that go together one to one. Rows
/// without the target do not count.
fn is_copy(column: &Column, target: &Column) -> bool {
    match (&column.cells, &target.cells) {
        (Cells::Numeric(values), Cells::Numeric(targets)) => {
            let differs = |(a, b): (&f64, &f64)| !b.is_nan() && a != b;
            !values.iter().zip(targets).any(differs)
        }
        (Cells::Nominal { levels, codes }, Cells::Nominal { levels: classes, codes: targets }) => {
            let mut to = vec![None; levels.len()];
            let mut from = vec![None; classes.len()];
            let fits = |(a, b): (&Option<u32>, &Option<u32>)| match (a, b) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(a), Some(b)) => {
                    *to[*a as usize].get_or_insert(*b) == *b
                        && *from[*b as usize].get_or_insert(*a) == *a
                }
            };
            classes.len() * FEW_ROWS <= 2 * targets.len() && codes.iter().zip(targets).all(fits)
        }
        (Cells::Numeric(values), Cells::Nominal { levels: classes, codes: targets }) => {
            let mut from: Vec<Option<u64>> = vec![None; classes.len()];
            let mut to: HashMap<u64, u32> = HashMap::new();
            let fits = |(a, b): (&f64, &Option<u32>)| match b {
                None => true,
                Some(_) if a.is_nan() => false,
                Some(b) => {
                    let bits = (a + 0.0).to_bits();
                    *from[*b as usize].get_or_insert(bits) == bits
                        && *to.entry(bits).or_insert(*b) == *b
                }
            };
            classes.len() * FEW_ROWS <= 2 * targets.len() && values.iter().zip(targets).all(fits)
        }
        (Cells::Nominal { .. }, Cells::Numeric(_)) => false,
    }
}
