//! The form of what says where samples go: chance, groups, time, a column; folds; subsamples.

use egui::Ui;

use super::row::{Change, RowLabel, choice_row, optional_row, read_number};
use crate::app::theme::Theme;
use crate::data::{Cells, Column, Split, SplitBy, Subsample};
use crate::session::{DataState, ExperimentEntry};

/// How a way to split is called on screen.
const WAYS: [(&str, &str); 4] = [
    ("Random", "At random"),
    ("Group", "Whole groups, at random"),
    ("Time", "In order of time"),
    ("Column", "As a column says"),
];

/// What says where samples go.
pub(super) fn ways_form(
    ui: &mut Ui,
    theme: &Theme,
    entry: &ExperimentEntry,
    now: &mut Split,
    base: &Split,
    is_nominal: bool,
) {
    let columns: Vec<&Column> = match &entry.data {
        DataState::Ready { loaded, .. } => {
            let columns = loaded.table.columns.iter().enumerate();
            columns.filter(|(index, _)| *index != loaded.target).map(|(_, column)| column).collect()
        }
        _ => Vec::new(),
    };
    let help = "What says where a sample goes. Whole groups: all samples with the same value in a column, such as those of one patient, go to the same part. In order of time: the earliest to train on, the latest for the test.";
    let label = RowLabel::plain("Split", help).differing(name(&now.by) != name(&base.by));
    match choice_row(ui, theme, label, &name(&now.by), &WAYS) {
        Change::None => {}
        Change::PutBack => now.by = base.by.clone(),
        Change::Set(way) => {
            let old = now.by.column().unwrap_or_default();
            now.by = way_of(way, &first_suitable(way, &columns, old));
            if way == "Column" {
                now.folds = 0;
            }
        }
    }
    if let Some(column) = now.by.column() {
        let help =
            "The column that says it. It is no feature; rows in which it is missing are left out.";
        let label = RowLabel::plain("Split column", help).differing(now.by != base.by);
        let way = name(&now.by);
        let names: Vec<(String, &str)> = columns
            .iter()
            .filter(|other| suits(way, other) || other.name == column)
            .map(|column| (column.name.clone(), column.name.as_str()))
            .collect();
        let change = match names.is_empty() {
            false => choice_row(ui, theme, label, &column.to_owned(), &names),
            // Without the table, its names have to be typed.
            true => optional_row(ui, theme, label, column, "a column", |text| match text.trim() {
                "" => Err("Must be the name of a column".to_owned()),
                name => Ok(name.to_owned()),
            }),
        };
        match change {
            Change::None => {}
            Change::PutBack => now.by = base.by.clone(),
            Change::Set(column) => now.by = way_of(way, &column),
        }
    }
    if !matches!(now.by, SplitBy::Column(_)) {
        let help = "A cross-validation: the run with seed 1 holds out the first fold as its validation part, seed 2 the second, and so on. The test part is set aside first. Empty: none.";
        let label = RowLabel::plain("Folds", help).differing(now.folds != base.folds);
        count_row(ui, theme, label, &mut now.folds, base.folds);
    }
    if !is_nominal && matches!(now.by, SplitBy::Random | SplitBy::Group(_)) {
        let help = "Into how many bins of equal size the target is divided, each with the same share in every part. Empty: none.";
        let differs = now.quantile_bins != base.quantile_bins;
        let label = RowLabel::plain("Target bins", help).differing(differs);
        if count_row(ui, theme, label, &mut now.quantile_bins, base.quantile_bins) {
            now.stratified = now.quantile_bins > 0 || base.stratified;
        }
    }
    let shown = match now.subsample {
        Subsample::Off => String::new(),
        Subsample::Rows(n) => n.to_string(),
        Subsample::Share(share) => format!("{} %", (share * 1e12).round() / 1e10),
    };
    let help = "How many rows to use, drawn at random, the same for all seeds: a number, or a share such as 10 %. Empty: all.";
    let label = RowLabel::plain("Rows used", help).differing(now.subsample != base.subsample);
    let change = optional_row(ui, theme, label, &shown, "all", |text| {
        let expected = || "Must be a whole number of 1 or more, or a share such as 10 %".to_owned();
        let read = match text.trim() {
            "" => Some(Subsample::Off),
            text => match text.strip_suffix('%') {
                Some(percent) => read_number(percent).map(|x| Subsample::Share(x / 100.0)),
                None => text.parse().ok().map(Subsample::Rows),
            },
        };
        read.filter(|subsample| subsample.check().is_ok()).ok_or_else(expected)
    });
    if let Some(subsample) = change.value(|| base.subsample) {
        now.subsample = subsample;
    }
}

/// A row for a number of 2 or more, or nothing; whether it was changed.
fn count_row(
    ui: &mut Ui,
    theme: &Theme,
    label: RowLabel<'_>,
    now: &mut usize,
    base: usize,
) -> bool {
    let shown = if *now == 0 { String::new() } else { now.to_string() };
    let change = optional_row(ui, theme, label, &shown, "none", |text| match text.trim() {
        "" | "0" => Ok(0),
        text => text
            .parse::<usize>()
            .ok()
            .filter(|n| (2..=1_000_000).contains(n))
            .ok_or_else(|| "Must be a whole number from 2 to 1,000,000, or empty".to_owned()),
    });
    let changed = change.value(|| base);
    changed.inspect(|n| *now = *n).is_some()
}

fn name(by: &SplitBy) -> &'static str {
    match by {
        SplitBy::Random => WAYS[0].0,
        SplitBy::Group(_) => WAYS[1].0,
        SplitBy::Time(_) => WAYS[2].0,
        SplitBy::Column(_) => WAYS[3].0,
    }
}

fn way_of(name: &str, column: &str) -> SplitBy {
    let column = column.to_owned();
    match name {
        "Group" => SplitBy::Group(column),
        "Time" => SplitBy::Time(column),
        "Column" => SplitBy::Column(column),
        _ => SplitBy::Random,
    }
}

/// Whether a column can say it; what it cannot is refused with a sentence when it is chosen by name.
fn suits(way: &str, column: &Column) -> bool {
    let is_number = matches!(column.cells, Cells::Numeric(_));
    match way {
        "Time" => is_number,
        "Column" => !is_number,
        _ => true,
    }
}

/// The column to begin with: the one there was, one that is named so, or the first that can be.
fn first_suitable(way: &str, columns: &[&Column], old: &str) -> String {
    let words: &[&str] = match way {
        "Time" => &["date", "time", "year", "day"],
        "Column" => &["split", "part", "set", "fold"],
        _ => &["group", "patient", "subject", "user", "id"],
    };
    let of_way = || columns.iter().filter(|column| suits(way, column));
    let is_named = |column: &&&Column| {
        let name = column.name.to_lowercase();
        words.iter().any(|word| name.contains(word))
    };
    let is_nominal = |column: &&&Column| matches!(column.cells, Cells::Nominal { .. });
    of_way()
        .find(|column| column.name == old)
        .or_else(|| of_way().find(is_named))
        .or_else(|| of_way().find(is_nominal))
        .or_else(|| of_way().next())
        .map_or_else(|| old.to_owned(), |column| column.name.clone())
}
