//! The column that says where samples go.

use super::groups::numbered_anew;
use super::{Divisible, NAMES, SplitBy, counted};
use crate::data::load::hint;
use crate::data::{Cells, DataError, RowSet};

/// The words for each part.
const WORDS: [&[&str]; 3] = [
    &["train", "training", "learn", "learning", "fit"],
    &["validation", "validate", "valid", "val", "dev", "development", "tune", "tuning"],
    &["test", "testing", "holdout", "hold-out", "hold out", "eval", "evaluation"],
];

/// Unknown words that a message lists.
const MOST_LISTED: usize = 5;

/// What a column says, for each row of the table.
pub(super) enum Keys<'a> {
    /// There is no column.
    None,
    /// Groups.
    Groups(Groups<'a>),
    /// Numbers to order by.
    Times(&'a [f64]),
    /// The part that each row belongs to.
    Parts(Vec<Option<u8>>),
}

/// The values of a column as groups.
pub(super) enum Groups<'a> {
    Numbers(&'a [f64]),
    Levels(&'a [Option<u32>]),
}

impl Groups<'_> {
    /// The groups of some rows, numbered from 0 in order of first appearance.
    pub(super) fn of(&self, rows: impl Iterator<Item = usize>) -> Vec<u32> {
        match self {
            Self::Levels(codes) => numbered_anew(rows.filter_map(|row| codes[row])),
            Self::Numbers(values) => {
                let mut numbers = std::collections::HashMap::new();
                rows.map(|row| {
                    let next = numbers.len() as u32;
                    *numbers.entry((values[row] + 0.0).to_bits()).or_insert(next)
                })
                .collect()
            }
        }
    }
}

impl<'a> Keys<'a> {
    /// Looks up the column and reads it as `by` needs it.
    pub(super) fn find(by: &SplitBy, samples: &Divisible<'a>) -> Result<Self, DataError> {
        let Some(name) = by.column() else { return Ok(Self::None) };
        let columns = &samples.table.columns;
        let Some(index) = columns.iter().position(|column| column.name == name) else {
            let hint = hint(name, columns.iter().map(|column| column.name.as_str()));
            return Err(DataError::new(format!("`{name}`, to split by, is not a column{hint}")));
        };
        if index == samples.target {
            return Err(DataError::new(format!(
                "`{name}` is the target and cannot say which part a sample goes to; split by another column, or choose another target"
            )));
        }
        Ok(match (by, &columns[index].cells) {
            (SplitBy::Group(_), Cells::Numeric(values)) => Self::Groups(Groups::Numbers(values)),
            (SplitBy::Group(_), Cells::Nominal { codes, .. }) => {
                Self::Groups(Groups::Levels(codes))
            }
            (SplitBy::Time(_), Cells::Numeric(values)) => Self::Times(values),
            (SplitBy::Time(_), Cells::Nominal { levels, .. }) => {
                let example = levels.first().map_or("", String::as_str);
                return Err(DataError::new(format!(
                    "`{name}`, to split by time, holds texts such as `{example}`; numbers or dates are needed"
                )));
            }
            (_, Cells::Numeric(_)) => {
                return Err(DataError::new(format!(
                    "`{name}`, which is to name the part of each row, holds numbers; words are needed: {}",
                    known_words()
                )));
            }
            (_, Cells::Nominal { levels, codes }) => Self::Parts(parts(name, levels, codes)?),
        })
    }

    /// The samples of which the column says something, `None` for all; how many it does not is noted.
    pub(super) fn known(&self, rows: &RowSet, notes: &mut Vec<String>) -> Option<RowSet> {
        if matches!(self, Self::None) {
            return None;
        }
        let is_known = |row: usize| match self {
            Self::None => true,
            Self::Groups(Groups::Levels(codes)) => codes[row].is_some(),
            Self::Groups(Groups::Numbers(values)) | Self::Times(values) => !values[row].is_nan(),
            Self::Parts(parts) => parts[row].is_some(),
        };
        let samples = rows.iter().enumerate().filter(|(_, row)| is_known(*row));
        let known: RowSet = samples.map(|(sample, _)| sample).collect();
        if known.len() == rows.len() {
            return None;
        }
        let left_out = counted(rows.len() - known.len(), "row", "rows");
        notes.push(format!("{left_out} left out because the column to split by is missing"));
        Some(known)
    }

    /// Says how it came out, where that is not as the shares say.
    pub(super) fn note(&self, by: &SplitBy, parts: &[RowSet; 3], notes: &mut Vec<String>) {
        let Some(name) = by.column() else { return };
        let sizes: Vec<String> = NAMES
            .iter()
            .zip(parts)
            .filter(|(_, part)| !part.is_empty())
            .map(|(name, part)| format!("{name} {}", part.len()))
            .collect();
        let how = match self {
            Self::None => return,
            Self::Groups(_) => format!("split by whole groups of `{name}`"),
            Self::Times(_) => format!("split in the order of `{name}`"),
            Self::Parts(_) => format!("split as `{name}` says"),
        };
        notes.push(format!("{how}, which is no feature: {}", sizes.join(", ")));
    }
}

fn known_words() -> String {
    let of_parts = NAMES.iter().zip(WORDS).map(|(name, words)| {
        let others: Vec<&str> = words.iter().copied().filter(|word| word != name).collect();
        format!("{name} (or {})", others.join(", "))
    });
    of_parts.collect::<Vec<_>>().join("; ")
}

/// The part that each row belongs to.
fn parts(
    name: &str,
    levels: &[String],
    codes: &[Option<u32>],
) -> Result<Vec<Option<u8>>, DataError> {
    let part_of_word = |word: &str| {
        let word = word.trim().to_lowercase();
        WORDS.iter().position(|words| words.contains(&word.as_str()))
    };
    let of_level: Vec<Option<usize>> = levels.iter().map(|level| part_of_word(level)).collect();
    let unknown: Vec<&str> = levels
        .iter()
        .zip(&of_level)
        .filter(|(_, part)| part.is_none())
        .map(|(level, _)| level.as_str())
        .collect();
    if !unknown.is_empty() {
        let mut listed: Vec<String> =
            unknown.iter().take(MOST_LISTED).map(|word| format!("`{word}`")).collect();
        if unknown.len() > MOST_LISTED {
            listed.push(format!("{} more", unknown.len() - MOST_LISTED));
        }
        return Err(DataError::new(format!(
            "`{name}`, which is to name the part of each row, says {}; known are {}",
            listed.join(", "),
            known_words()
        )));
    }
    Ok(codes.iter().map(|code| Some(of_level[(*code)? as usize]? as u8)).collect())
}

/// Divides samples as stated for each.
pub(super) fn by_column(
    parts: impl Iterator<Item = Option<u8>>,
) -> Result<[Vec<usize>; 3], DataError> {
    let mut divided = [const { Vec::new() }; 3];
    for (sample, part) in parts.enumerate() {
        if let Some(part) = part {
            divided[usize::from(part)].push(sample);
        }
    }
    if divided[0].is_empty() {
        return Err(DataError::new(
            "no row with a target says `train`; something is needed to train on",
        ));
    }
    Ok(divided)
}
