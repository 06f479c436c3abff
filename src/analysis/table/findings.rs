use std::collections::HashMap;
use std::sync::Arc;

use super::ColumnSummary;
use super::change::Change;
use crate::analysis::format_value;
use crate::data::statistics::Detail;
use crate::data::{Cells, Column, Loaded, Source, Task};
use crate::experiment::Experiment;
use crate::losses::{ClassWeights, TargetKind};
use crate::settings::Value;

/// With fewer rows nothing is said of values that are all different.
const FEW_ROWS: usize = 20;
/// A class is rare where the largest has this many times its rows.
const RARE: usize = 8;
/// A share of missing values at which it is worth thinking about the whole column.
const MOSTLY_MISSING: f64 = 0.4;
/// A column of names has many where there are more than this and each has few rows.
const MANY_LEVELS: usize = 50;
/// A tail is long from this skewness on.
const LONG_TAIL: f64 = 2.0;
/// Interquartile ranges beyond which a value is far out, as in [`Statistics`](crate::data::Statistics).
pub(super) const REACH: f64 = 3.0;
/// More values than this share are no outliers.
const MOST_FAR: f64 = 0.05;
/// Names that are spelled out in a sentence.
const NAMED: usize = 4;

/// Something that should be looked at before training on a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The columns it is about, by their places.
    pub columns: Vec<usize>,
    /// What was found and why it matters, in a sentence.
    pub text: String,
    /// What can be done.
    pub remedies: Vec<Change>,
}

/// `a`, `a, b and c`, `a, b, c, d and 12 more`.
pub(super) fn listed(names: &[String]) -> String {
    let quoted = |name: &String| format!("`{name}`");
    match names {
        [] => String::new(),
        [one] => quoted(one),
        [first @ .., last] if names.len() <= NAMED + 1 => {
            let first: Vec<String> = first.iter().map(quoted).collect();
            format!("{} and {}", first.join(", "), quoted(last))
        }
        _ => {
            let first: Vec<String> = names.iter().take(NAMED).map(quoted).collect();
            format!("{} and {} more", first.join(", "), names.len() - NAMED)
        }
    }
}

fn percent(part: usize, whole: usize) -> String {
    let percent = 100.0 * part as f64 / whole.max(1) as f64;
    if percent < 0.1 { "under 0.1 %".to_owned() } else { format!("{} %", format_value(percent, 2)) }
}

fn number(n: usize) -> String {
    format_value(n as f64, 9)
}

/// What is worth a look in these data, the most harmful first. `summaries` are those of all columns.
/// What the experiment already deals with is not listed.
pub fn findings(
    loaded: &Loaded,
    experiment: &Experiment,
    summaries: &[Arc<ColumnSummary>],
) -> Vec<Finding> {
    let look = Look { loaded, experiment, summaries };
    let mut findings = Vec::new();
    findings.extend(look.target());
    findings.extend(look.by_heart());
    findings.extend(look.useless());
    findings.extend(look.classes());
    findings.extend(look.missing());
    findings.extend(look.many_levels());
    findings.extend(look.spread());
    findings
}

struct Look<'a> {
    loaded: &'a Loaded,
    experiment: &'a Experiment,
    summaries: &'a [Arc<ColumnSummary>],
}

impl<'a> Look<'a> {
    /// The columns that are features, with their summaries.
    fn features(&self) -> impl Iterator<Item = (usize, &'a Column, &'a ColumnSummary)> {
        let (ignored, weights): (&[String], &str) = match &self.experiment.data {
            Source::Csv(csv) => (&csv.ignore, &csv.weights),
            _ => (&[], ""),
        };
        let target = self.loaded.target;
        let columns = self.loaded.table.columns.iter().zip(self.summaries).enumerate();
        columns
            .filter(move |(index, (column, _))| {
                *index != target && !ignored.contains(&column.name) && column.name != weights
            })
            .map(|(index, (column, summary))| (index, column, &**summary))
    }

    /// A finding about columns that are best left out: `one` and `many` end the sentence that begins
    /// with their names.
    fn ignorable(&self, columns: Vec<usize>, one: &str, many: &str) -> Option<Finding> {
        if columns.is_empty() {
            return None;
        }
        let name = |index: &usize| self.loaded.table.columns[*index].name.clone();
        let names: Vec<String> = columns.iter().map(name).collect();
        let rest = if names.len() == 1 { one } else { many };
        let text = format!("{} {rest}", listed(&names));
        Some(Finding { columns, text, remedies: self.possible(vec![Change::Ignore(names)]) })
    }

    /// The changes that this experiment can be given.
    fn possible(&self, mut changes: Vec<Change>) -> Vec<Change> {
        changes.retain(|change| change.apply(self.experiment).is_some());
        changes
    }

    fn target_column(&self) -> Option<(&'a Column, &'a ColumnSummary)> {
        let column = self.loaded.table.columns.get(self.loaded.target)?;
        Some((column, self.summaries.get(self.loaded.target)?))
    }

    fn task(&self) -> Task {
        match &self.experiment.data {
            Source::Csv(csv) => csv.task,
            _ => Task::Auto,
        }
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

    /// A target that looks like another task.
    fn target(&self) -> Option<Finding> {
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
    fn by_heart(&self) -> Option<Finding> {
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

    /// Columns from which nothing can be learnt.
    fn useless(&self) -> Vec<Finding> {
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
                        numbers.is_whole && numbers.max - numbers.min + 1.0 == n_present as f64
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

    /// Classes that are far smaller than others.
    fn classes(&self) -> Option<Finding> {
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

    /// Whether the preprocessing has one of these transforms for a column.
    fn is_transformed(&self, name: &str, by: &[&str]) -> bool {
        self.experiment.preprocessing.iter().any(|transform| {
            let is_meant = match transform.get("columns") {
                Some(Value::Texts(names)) => {
                    names.is_empty() || names.iter().any(|other| other == name)
                }
                _ => false,
            };
            by.contains(&transform.name()) && is_meant
        })
    }

    fn name(&self, index: usize) -> String {
        self.loaded.table.columns[index].name.clone()
    }

    /// Columns with gaps: those that have hardly anything apart from the others.
    fn missing(&self) -> Vec<Finding> {
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

    /// Numbers with a long tail, and with values far from the others.
    fn spread(&self) -> Vec<Finding> {
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

    /// Text, and names so many that each has few rows.
    fn many_levels(&self) -> Vec<Finding> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::table::ClassCodes;
    use crate::analysis::table::test_support::loaded;
    use crate::data::CsvSource;
    use crate::data::transforms::Transform;

    fn numbers(name: &str, value: impl Fn(usize) -> f64, n: usize) -> Column {
        Column { name: name.into(), cells: Cells::Numeric((0..n).map(value).collect()) }
    }

    fn names(name: &str, value: impl Fn(usize) -> String, n: usize) -> Column {
        let mut levels: Vec<String> = Vec::new();
        let mut code = |row: usize| {
            let text = value(row);
            let known = levels.iter().position(|level| *level == text);
            Some(known.unwrap_or_else(|| {
                levels.push(text);
                levels.len() - 1
            }) as u32)
        };
        let codes = (0..n).map(&mut code).collect();
        Column { name: name.into(), cells: Cells::Nominal { levels, codes } }
    }

    fn found(columns: Vec<Column>, experiment: &Experiment) -> Vec<Finding> {
        let loaded = loaded(columns);
        let classes = ClassCodes::of(&loaded);
        let summary = |column: &Column| Arc::new(ColumnSummary::of(column, &classes));
        let summaries: Vec<_> = loaded.table.columns.iter().map(summary).collect();
        findings(&loaded, experiment, &summaries)
    }

    fn on_csv() -> Experiment {
        Experiment { data: Source::Csv(CsvSource::default()), ..Experiment::default() }
    }

    const N: usize = 200;

    fn class(row: usize) -> String {
        if row.is_multiple_of(20) { "ill" } else { "well" }.to_owned()
    }

    #[test]
    fn what_should_be_looked_at_is_found_with_its_remedy() {
        let columns = vec![
            numbers("id", |row| 1000.0 + row as f64, N),
            names("person", |row| format!("person {row}"), N),
            numbers("nothing", |_| f64::NAN, N),
            numbers("always", |_| 3.0, N),
            numbers("code", |row| if row % 20 == 0 { 1.0 } else { 0.0 }, N),
            numbers("age", |row| if row % 4 == 0 { f64::NAN } else { (row % 17) as f64 }, N),
            numbers("fine", |row| ((row * 37) % 101) as f64, N),
            names("street", |row| format!("street {}", row / 2), N),
            names("state", class, N),
        ];
        let findings = found(columns, &on_csv());
        let told: Vec<(&[usize], &str)> =
            findings.iter().map(|finding| (&*finding.columns, finding.text.as_str())).collect();
        assert_eq!(told[0].0, [4]);
        assert!(told[0].1.starts_with("`code` says the target exactly"), "{}", told[0].1);
        assert_eq!(told[1].0, [0, 1]);
        assert!(told[1].1.starts_with("`id` and `person` are different in every row"));
        assert_eq!(told[2], (&[2][..], "`nothing` is empty."));
        assert_eq!(told[3].0, [3]);
        assert_eq!(
            told[4].1,
            "The class `ill` has 10 rows of 200 (5 %), the largest 190: a model can be right most \
             of the time without it."
        );
        assert_eq!(
            told[5].1,
            "`age` lacks 50 of 200 values (25 %); their place is taken by the mean of the training \
             part."
        );
        assert_eq!(told[6].0, [7]);
        assert_eq!(told.len(), 7);
        let remedy = &findings[1].remedies[0];
        assert_eq!(remedy, &Change::Ignore(vec!["id".into(), "person".into()]));
        let Some(Experiment { data: Source::Csv(csv), .. }) = remedy.apply(&on_csv()) else {
            panic!("a file")
        };
        assert_eq!(csv.ignore, ["id", "person"]);
    }

    #[test]
    fn what_is_dealt_with_is_not_listed_again() {
        let columns = || vec![numbers("always", |_| 3.0, N), names("state", class, N)];
        let mut experiment = on_csv();
        for n_left in [2, 1, 0] {
            let findings = found(columns(), &experiment);
            assert_eq!(findings.len(), n_left);
            if let Some(finding) = findings.first() {
                let changed = finding.remedies[0].apply(&experiment).expect("it can be changed");
                assert_ne!(changed, experiment);
                experiment = changed;
            }
        }
        assert_eq!(experiment.class_weights, ClassWeights::Balanced);
    }

    #[test]
    fn gaps_tails_and_outliers_are_dealt_with_by_the_preprocessing() {
        let mut experiment = on_csv();
        let columns = || {
            vec![
                numbers("gaps", |row| if row % 9 == 0 { f64::NAN } else { (row % 17) as f64 }, N),
                numbers("tail", |row| 1.0 + f64::from(1u32 << (row % 20)), N),
                numbers("far", |row| if row == 7 { 1e6 } else { (row * 37 % 101) as f64 }, N),
                numbers("y", |row| ((row * 31) % 103) as f64, N),
            ]
        };
        for (index, name) in [(0, "Impute"), (1, "Log"), (2, "TukeyFences")] {
            let findings = found(columns(), &experiment);
            assert_eq!(findings[0].columns, [index], "{findings:?}");
            assert_eq!(findings.len(), 3 - index);
            experiment = findings[0].remedies[0].apply(&experiment).expect("it can be changed");
            assert!(experiment.preprocessing.iter().any(|transform| transform.name() == name));
        }
        assert_eq!(found(columns(), &experiment), []);
        let names: Vec<_> = experiment.preprocessing.iter().map(Transform::name).collect();
        assert_eq!(names, ["Impute", "TukeyFences", "Log"]);
        assert_eq!(experiment.problems().len(), on_csv().problems().len());
        // The other way to deal with gaps.
        let findings = found(columns(), &on_csv());
        let dropped = findings[0].remedies[1].apply(&on_csv()).expect("it can be changed");
        assert_eq!(dropped.preprocessing[0].name(), "DropMissing");
        assert_eq!(found(columns(), &dropped).len(), 2);
    }

    #[test]
    fn numbers_that_may_be_classes() {
        let columns = vec![
            numbers("x", |row| ((row * 37) % 101) as f64, N),
            numbers("y", |row| (row % 3) as f64, N),
        ];
        let findings = found(columns.clone(), &on_csv());
        assert_eq!(findings[0].remedies, [Change::Classify]);
        let changed = findings[0].remedies[0].apply(&on_csv()).expect("a file");
        assert!(found(columns, &changed).is_empty());
    }

    #[test]
    fn good_data_raise_no_alarm_and_sets_without_a_file_cannot_ignore() {
        let columns = vec![
            numbers("x", |row| 0.1 * row as f64, N),
            names("y", |row| ["a", "b"][row % 2].to_owned(), N),
        ];
        assert_eq!(found(columns, &on_csv()), []);
        let columns = vec![numbers("x", |_| 1.0, N), numbers("y", |row| 0.1 * row as f64, N)];
        assert!(found(columns, &Experiment::default())[0].remedies.is_empty());
    }
}
