//! How much a sample looks like a table in a dialect.

use std::borrow::Cow;

use csv::StringRecord;

use super::separators::{Separator, separated};
use super::{DELIMITERS, Dialect, MOST_ROWS};
use crate::data::csv::cells::values::Look;
use crate::data::csv::rows::odd_rows::whole_row;
use crate::data::csv::rows::records::builder;
use crate::data::csv::rows::widths::{body, n_single};
use crate::data::csv::table::shape::{MOST_BELOW, SampleRow, is_prose};

/// How much a sample looks like a table in a dialect.
///
/// ```text
/// score = c² · t · b  c: share of rows of the body that have the commonest number of fields
///                     t: share of cells in which no other delimiter is left over
///                     b: 1 less a quarter of the share of rows above and below the body
/// ```
///
/// Prose above the table is outside of the body, however long it is.
/// A dialect with which the commonest row has a single field scores 0.
pub(super) fn score(sample: &str, dialect: Dialect) -> f64 {
    let text = rewritten(sample, dialect);
    let mut reader = builder(dialect).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut widths = Vec::new();
    // Rows of a single field that begin the sample, and some below them.
    let (mut first, mut n_below) = (Vec::<SampleRow>::new(), 0);
    let (mut n_cells, mut n_clean) = (0usize, 0usize);
    while widths.len() < MOST_ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        if dialect.wrapped
            && record.len() == 1
            && let Some(fields) = whole_row(&record[0], dialect.delimiter, dialect.quote)
        {
            record = fields.into();
        }
        widths.push(record.len());
        n_below += usize::from(n_below > 0 || record.len() > 1);
        if n_below <= MOST_BELOW {
            first.push((0, record.iter().map(str::to_owned).collect()));
        }
        n_cells += record.len();
        n_clean += record.iter().filter(|cell| is_clean(cell.trim(), dialect)).count();
    }
    let n_prose = n_single(&widths).filter(|n| is_prose(first.split_at(*n))).unwrap_or(0);
    let below = &widths[n_prose..];
    let (width, body) = body(below);
    if width < 2 {
        return 0.0;
    }
    let n_rows = below[body.clone()].iter().filter(|other| **other == width).count();
    let consistency = n_rows as f64 / body.len() as f64;
    let outside = 1.0 - body.len() as f64 / widths.len() as f64;
    let clean = n_clean as f64 / n_cells as f64;
    consistency * consistency * clean * (1.0 - 0.25 * outside)
}

fn is_clean(cell: &str, dialect: Dialect) -> bool {
    let has_other =
        cell.bytes().any(|byte| DELIMITERS.contains(&byte) && byte != dialect.delimiter);
    !has_other || Look::of(cell).is_number()
}

/// The share of cells below the first row that are numbers.
pub(super) fn share_of_numbers(sample: &str, dialect: Dialect) -> f64 {
    let text = separated(sample, dialect.separator, dialect.quote);
    let mut reader = builder(dialect).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let (mut n_cells, mut n_numbers, mut n_rows) = (0usize, 0usize, 0usize);
    while n_rows < MOST_ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        n_rows += 1;
        if n_rows == 1 {
            continue; // probably names
        }
        n_cells += record.len();
        n_numbers += record.iter().filter(|cell| Look::of(cell.trim()).is_number()).count();
    }
    n_numbers as f64 / n_cells.max(1) as f64
}

/// The sample with longer separators rewritten.
pub(super) fn rewritten(sample: &str, dialect: Dialect) -> Cow<'_, str> {
    match dialect.separator {
        Separator::One => Cow::Borrowed(sample),
        separator => Cow::Owned(separated(sample, separator, dialect.quote)),
    }
}
