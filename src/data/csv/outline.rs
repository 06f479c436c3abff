//! What is found out about a file before its rows are read, and what that makes of each row.

use std::io::{Read, Seek};

use csv::StringRecord;

use super::dialect::{self, Dialect};
use super::encoding::{Gauge, Scan, Text, scan, unreadable};
use super::hints::Hints;
use super::records::builder;
use super::separators::separated;
use super::shape::{self, SampleRow, Shape};
use super::{LARGEST_SAMPLE, MOST_FIELDS, SAMPLE_BYTES, overrides};
use crate::data::source::encoding_named;
use crate::data::{CsvSource, DataError, DecimalSign, Footer};

/// A sample with fewer lines is made larger.
const FEW_ROWS: usize = 20;

/// What is found out before the rows are read.
pub(super) struct Outline {
    pub(super) scan: Scan,
    pub(super) dialect: Dialect,
    pub(super) shape: Shape,
    /// The rows of data in the sample.
    pub(super) sample: Vec<SampleRow>,
    /// What the sample gives reason to say about each column.
    pub(super) hints: Vec<Hints>,
    /// Lines that are left out because that was stated: line and first words.
    pub(super) above: Vec<(u64, String)>,
    /// Spellings of missing that were stated.
    pub(super) missing: Vec<String>,
    pub(super) footer: Footer,
}

impl Outline {
    /// A cell as it is read: without quotes and spaces around it, empty where it is missing by a
    /// spelling that was stated.
    pub(super) fn cell<'a>(&self, written: &'a str) -> &'a str {
        let cell = bare(written, self.dialect.quote);
        if self.missing.iter().any(|spelling| spelling == cell) { "" } else { cell }
    }
}

/// What becomes of a row that has another number of fields than the table has columns.
#[derive(Clone, Copy)]
pub(super) enum Fate {
    Fits,
    Padded(usize),
    TooLong,
    Blank,
    Comment,
    /// The row of names once more.
    Names,
}

pub(super) fn outline(
    source: &mut (impl Read + Seek),
    settings: &CsvSource,
) -> Result<Outline, DataError> {
    source.rewind().map_err(unreadable)?;
    let skip = settings.skip.unwrap_or(0);
    let scan = scan(&mut *source, encoding_named(&settings.encoding), skip)?;
    outline_of(source, scan, settings)
}

/// The outline of a file whose encoding is known.
pub(super) fn outline_of(
    source: &mut (impl Read + Seek),
    scan: Scan,
    settings: &CsvSource,
) -> Result<Outline, DataError> {
    let above = overrides::lines_above(source, &scan)?;
    source.rewind().map_err(unreadable)?;
    let mut text = Vec::new();
    let mut reader = Text::new(&mut *source, &scan, Gauge::default(), false);
    let mut is_whole = false;
    let mut size = SAMPLE_BYTES;
    // Wide tables need more than the usual sample to show a few rows.
    while !is_whole && size <= LARGEST_SAMPLE {
        let missing = size - text.len() as u64;
        (&mut reader).take(missing).read_to_end(&mut text).map_err(unreadable)?;
        is_whole = (text.len() as u64) < size;
        if text.iter().filter(|byte| **byte == b'\n').count() >= FEW_ROWS {
            break;
        }
        size *= 4;
    }
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if !is_whole && let Some(end) = text.rfind('\n') {
        text.truncate(end + 1);
    }
    if !is_whole && !text.trim_start_matches('\n').contains('\n') {
        let line = scan.skip + 1;
        let most = LARGEST_SAMPLE >> 20;
        return Err(DataError::at(
            line,
            format!(
                "this line is longer than {most} MiB; the first rows of a table are expected to be shorter"
            ),
        ));
    }
    let dialect = dialect::detect(&text, settings);
    refuse_too_many_fields(&text, dialect)?;
    let text = separated(&text, dialect.separator, dialect.quote);
    let mut sample = sample_rows(&text, dialect, is_whole);
    let shape = shape::detect(&sample, settings, &above);
    sample.drain(..shape.n_leading().min(sample.len()));
    let hints = (0..shape.width).map(|j| {
        let cells = sample.iter().filter_map(|(_, fields)| fields.get(j)).map(String::as_str);
        let is_stated =
            settings.decimal != DecimalSign::Auto || settings.type_of(&shape.names[j]).is_some();
        Hints::of(cells, dialect.delimiter == b';' && !is_stated)
    });
    let hints = hints.collect();
    let (missing, footer) = (settings.missing.clone(), settings.footer);
    Ok(Outline { scan, dialect, shape, sample, hints, above, missing, footer })
}

/// An error for a line with more fields than any table has: each would take more memory than its text.
fn refuse_too_many_fields(text: &str, dialect: Dialect) -> Result<(), DataError> {
    for (line, row) in (1..).zip(text.lines()) {
        let n_delimiters = row.bytes().filter(|byte| *byte == dialect.delimiter).count();
        if n_delimiters >= MOST_FIELDS {
            return Err(DataError::at(
                line,
                format!(
                    "there are more than {MOST_FIELDS} fields here, with `{}` between them; no table has as many",
                    dialect.separator_name()
                ),
            ));
        }
    }
    Ok(())
}

/// The rows of the sample; the last may be cut and is left out unless it is the only one.
pub(super) fn sample_rows(text: &str, dialect: Dialect, is_whole: bool) -> Vec<SampleRow> {
    let mut reader = builder(dialect).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut rows = Vec::new();
    while let Ok(true) = reader.read_record(&mut record) {
        let inside = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
        let line = reader.position().line().saturating_sub(1 + inside).max(1);
        rows.push((line, record.iter().map(|cell| bare(cell, dialect.quote).to_owned()).collect()));
    }
    if !is_whole && rows.len() > 1 {
        rows.pop();
    }
    rows
}

/// The fate of a row of `n` fields.
pub(super) fn fate<'a>(n: usize, field: impl Fn(usize) -> &'a str, shape: &Shape) -> Fate {
    let width = shape.width;
    if shape.comment.as_ref().is_some_and(|mark| field(0).starts_with(mark)) {
        Fate::Comment
    } else if n == width && width > 1 && (0..n).all(|j| field(j).is_empty()) {
        Fate::Blank
    } else if n == width && shape.is_names_again(n, &field) {
        Fate::Names
    } else if n == width {
        Fate::Fits
    } else if n == 1 && field(0).trim().is_empty() {
        Fate::Blank
    } else if n < width {
        Fate::Padded(width - n)
    } else if (width..n).all(|j| field(j).trim().is_empty()) {
        Fate::Fits
    } else {
        Fate::TooLong
    }
}

pub(super) fn fate_of(record: &StringRecord, shape: &Shape) -> Fate {
    fate(record.len(), |j| &record[j], shape)
}

impl Fate {
    pub(super) fn is_read(self) -> bool {
        matches!(self, Self::Fits | Self::Padded(_))
    }

    /// What is done about a row that is read all the same.
    pub(super) fn repair(self, width: usize) -> Option<String> {
        let Self::Padded(n) = self else {
            return None;
        };
        let values = if n == 1 { "value" } else { "values" };
        Some(format!("{} of {width} fields; the last {n} {values} made missing", width - n))
    }

    /// Why a row of `n` fields is left out.
    pub(super) fn reason(self, n: usize, first: &str, width: usize) -> String {
        match (self, n) {
            (Self::Names, _) => "the names of the columns again".to_owned(),
            (Self::Blank, 2..) => "nothing but separators".to_owned(),
            (Self::Comment, _) => {
                let comment: String = first.trim().chars().take(40).collect();
                format!("a comment: `{comment}`")
            }
            (_, 1) => "nothing but spaces".to_owned(),
            (_, n) => format!("{n} fields instead of {width}"),
        }
    }
}

/// A cell without spaces and invisible signs around it.
pub(super) fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [first, .., last] if !first.is_ascii() || !last.is_ascii() => {
            let is_invisible = |sign: char| matches!(sign, '\u{feff}' | '\u{200b}'..='\u{200d}');
            cell.trim_matches(|sign: char| sign.is_whitespace() || is_invisible(sign))
        }
        _ => cell.trim(),
    }
}

/// A cell without the spaces around it, and without quotes that stand behind such a space, where
/// they are part of the field for a strict reader.
pub(super) fn bare(cell: &str, quote: u8) -> &str {
    let trimmed = trimmed(cell);
    let quote = char::from(quote);
    if !cell.starts_with(' ') || trimmed.len() < 2 {
        return trimmed;
    }
    let inner = trimmed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner.map_or(trimmed, str::trim)
}

/// A cell with its spaces, unless they stand in front of a quote.
pub(super) fn as_written(cell: &str, quote: u8) -> &str {
    let is_quoted = cell.trim().starts_with(char::from(quote));
    if is_quoted { bare(cell, quote) } else { cell }
}
