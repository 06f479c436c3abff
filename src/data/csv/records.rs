//! Rows of a text, one after the other, with their line numbers.

use std::io::Read;

use csv::{ReaderBuilder, StringRecord};

use super::LARGEST_ROW;
use super::dialect::Dialect;
use super::encoding::{END_MARK, Gauge, Scan, Text};
use super::open_quote::OPEN_QUOTE;
use crate::data::DataError;

/// Reads rows with exact line numbers; notices a quote that is never closed.
pub(super) struct Records<R> {
    reader: csv::Reader<Text<R>>,
    gauge: Gauge,
    /// The current row.
    pub(super) record: StringRecord,
    /// The line on which the current row begins.
    pub(super) line: u64,
    /// Whether blank lines stand above the current row.
    pub(super) after_gap: bool,
    next_line: u64,
}

impl<R: Read> Records<R> {
    pub(super) fn new(source: R, scan: &Scan, dialect: Dialect, hashed: bool) -> Self {
        let gauge = Gauge::default();
        let text = Text::new(source, scan, gauge.clone(), true)
            .separated(dialect.separator, dialect.quote);
        let text = if hashed { text.hashed() } else { text };
        let reader = builder(dialect).from_reader(text);
        Self { reader, gauge, record: StringRecord::new(), line: 0, after_gap: false, next_line: 1 }
    }

    /// Goes to the next row; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, DataError> {
        self.gauge.since_row.set(0);
        let found = match self.reader.read_record(&mut self.record) {
            Ok(found) => found,
            Err(_) if self.gauge.overflowed.get() => {
                return Err(DataError::at(
                    self.next_line,
                    format!(
                        "the row that begins here is longer than {} MiB; is a quote not closed?",
                        LARGEST_ROW >> 20
                    ),
                ));
            }
            Err(error) => {
                return Err(DataError::at(
                    self.next_line,
                    format!("the file cannot be read: {error}"),
                ));
            }
        };
        if !found {
            return Ok(false);
        }
        let last = self.record.get(self.record.len().saturating_sub(1)).unwrap_or_default();
        let line_after = self.reader.position().line();
        if last.ends_with('\n') && last.trim_end_matches('\n').ends_with(END_MARK) {
            let inside = lines_in(self.record.as_slice());
            let in_last = lines_in(last);
            return Err(DataError::at(
                line_after - in_last,
                format!(
                    "{OPEN_QUOTE} in field {} is never closed (the row begins on line {})",
                    self.record.len(),
                    line_after - inside
                ),
            ));
        }
        if self.record.len() == 1 && last == END_MARK {
            return Ok(false);
        }
        self.line = line_after - 1 - lines_in(self.record.as_slice());
        self.after_gap = self.line > self.next_line;
        self.next_line = line_after;
        Ok(true)
    }

    /// BLAKE3 hash of the file, if it was to be hashed; complete once [`advance`](Self::advance) has returned false.
    pub(super) fn fingerprint(&self) -> String {
        self.reader.get_ref().fingerprint()
    }
}

/// The settings of the reader for a dialect.
pub(super) fn builder(dialect: Dialect) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder
        .delimiter(dialect.delimiter)
        .quote(dialect.quote)
        .quoting(dialect.quote != 0)
        .escape(dialect.escape.then_some(b'\\'))
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(64 << 10);
    builder
}

fn lines_in(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}
