//! Columns by which samples belong together, although they are divided at random.

use std::collections::HashSet;

use super::{Split, SplitBy};
use crate::data::{Cells, Column, Loaded, RowSet};

/// Words in the name of a column that names whose sample a row is.
const OWNERS: &[&str] = &[
    "patient",
    "subject",
    "participant",
    "person",
    "user",
    "customer",
    "client",
    "speaker",
    "writer",
    "author",
    "household",
    "session",
    "group",
    "batch",
    "station",
    "device",
    "animal",
];
/// Names of a column that says when.
const TIMES: &[&str] = &["date", "time", "datetime", "timestamp", "day"];
/// Fewer groups than this may as well be a feature.
const FEWEST_GROUPS: usize = 8;
/// Rows of a group, on average, that are more than chance.
const ROWS_EACH: usize = 2;

impl Split {
    fn is_at_random(&self) -> bool {
        self.by == SplitBy::Random && (self.folds > 1 || self.train < 1.0)
    }
}

/// Notes columns that by name and content say whose the samples are, or that they stand in order of time, where they
/// are divided at random. Both are asked for, so that it stays quiet where all is well.
pub(in crate::data) fn remark_on_leakage(
    split: &Split,
    loaded: &Loaded,
    rows: &RowSet,
    notes: &mut Vec<String>,
) {
    if !split.is_at_random() {
        return;
    }
    // The first rows have to do for a table in a file.
    let n_seen = loaded.table.n_rows();
    let rows: Vec<usize> = rows.within(0..n_seen).collect();
    let of_first = match loaded.store {
        Some(_) => format!(" in the first {n_seen} rows"),
        None => String::new(),
    };
    for (index, column) in loaded.table.columns.iter().enumerate() {
        let name = &column.name;
        if index == loaded.target {
            continue;
        }
        if let Some(n) = groups(column, &rows) {
            notes.push(format!(
                "`{name}` has {n} values{of_first}, each in several rows: if they belong together, split by `Group`, or the validation part is easier than new data"
            ));
        } else if is_order_of_time(column, &rows) {
            notes.push(format!(
                "the rows{of_first} stand in order of `{name}`: if later ones are to be predicted from earlier ones, split by `Time`, or the validation part is easier than the future"
            ));
        }
    }
}

/// The words of a name, in small letters: `patientID` and `patient_id` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a column is called like one that names groups.
fn names_groups(name: &str) -> bool {
    let words = words(name);
    let (Some(last), Some(first)) = (words.last(), words.first()) else { return false };
    let is_owner = |word: &str| OWNERS.contains(&word);
    is_owner(last) || (matches!(&**last, "id" | "no" | "nr" | "number") && is_owner(first))
}

/// Whether a column is called like one that says when.
fn names_a_time(name: &str) -> bool {
    words(name).iter().any(|word| TIMES.contains(&word.as_str()))
}

/// How many groups a column makes, where it looks like one that names groups.
fn groups(column: &Column, rows: &[usize]) -> Option<usize> {
    if !names_groups(&column.name) {
        return None;
    }
    let most = rows.len() / ROWS_EACH;
    let mut seen = HashSet::new();
    for row in rows {
        match &column.cells {
            Cells::Numeric(values) if values[*row].fract() != 0.0 => return None,
            Cells::Numeric(values) => seen.insert((values[*row] + 0.0).to_bits()),
            Cells::Nominal { codes, .. } => seen.insert(u64::from(codes[*row]?)),
        };
        if seen.len() > most {
            return None;
        }
    }
    (seen.len() >= FEWEST_GROUPS).then_some(seen.len())
}

/// Whether the rows stand in order of a column that says when.
fn is_order_of_time(column: &Column, rows: &[usize]) -> bool {
    let Cells::Numeric(values) = &column.cells else { return false };
    let is_name = names_a_time(&column.name);
    let rises = || rows.iter().map(|row| values[*row]).is_sorted();
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return false };
    // More than two values: a flag is in order by accident.
    let n_changes =
        rows.windows(2).filter(|pair| values[pair[0]] != values[pair[1]]).take(3).count();
    is_name && values[*first] < values[*last] && n_changes > 2 && rises()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(words("patientID"), ["patient", "id"]);
        assert_eq!(words("Patient_No."), ["patient", "no"]);
        assert_eq!(words("USER-ID 2"), ["user", "id", "2"]);
        assert!(words("").is_empty());
    }
}
