//! What should be looked at before training, found column by column.

mod missing;
mod spread;
mod target;
mod useless;

use std::sync::Arc;

use super::ColumnSummary;
use super::change::Change;
use crate::analysis::format_value;
use crate::data::{Column, Loaded, Source};
use crate::experiment::Experiment;
use crate::settings::Value;

/// With fewer rows nothing is said of values that are all different.
const FEW_ROWS: usize = 20;
/// Interquartile ranges beyond which a value is far out, as in [`Statistics`](crate::data::Statistics).
pub(in crate::analysis::table) const REACH: f64 = 3.0;
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
pub(in crate::analysis::table) fn listed(names: &[String]) -> String {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::table::ClassCodes;
    use crate::analysis::table::test_support::loaded;
    use crate::data::transforms::Transform;
    use crate::data::{Cells, CsvSource};
    use crate::losses::ClassWeights;

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
