//! Rows of a text, one after the other, with their line numbers.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::Read;
use std::rc::Rc;

use csv::{ReaderBuilder, StringRecord};

use super::odd_rows::{MOST_LINES, Mended, Mender, whole_row};
use super::open_quote::{Closing, LONG_ROW, MANY_LINES, OPEN_QUOTE, of_row};
use super::stray_quotes::{Behind, swallowed, text_behind};
use crate::data::DataError;
use crate::data::csv::LARGEST_ROW;
use crate::data::csv::dialect::Dialect;
use crate::data::csv::text::encoding::Scan;
use crate::data::csv::text::stream::{END_MARK, Gauge, Kept, Text};

/// Reads rows with exact line numbers; notices a quote that is never closed.
pub(in crate::data::csv) struct Records<R> {
    reader: csv::Reader<Text<R>>,
    gauge: Gauge,
    /// The current row.
    pub(in crate::data::csv) record: StringRecord,
    /// The line on which the current row begins.
    pub(in crate::data::csv) line: u64,
    /// Whether blank lines stand above the current row.
    pub(in crate::data::csv) after_gap: bool,
    next_line: u64,
    /// What is odd about the quotes of the current row.
    pub(in crate::data::csv) remark: Option<String>,
    dialect: Dialect,
    /// The number of columns, where fields are looked at for rows inside them.
    width: Option<usize>,
    /// Takes rows apart that do not fit, where that is wanted.
    mender: Option<Mender>,
    /// Quotes that are put in.
    closings: VecDeque<Closing>,
    /// Whether rows are refused that do not fit and go over many lines.
    refuses_long: bool,
    /// How many rows were taken apart.
    pub(in crate::data::csv) n_mended: usize,
    /// Rows that were found inside a field or in the lines of one, with their lines and remarks.
    found: VecDeque<(u64, Vec<String>, Option<String>)>,
}

impl<R: Read> Records<R> {
    pub(in crate::data::csv) fn new(
        source: R,
        scan: &Scan,
        dialect: Dialect,
        hashed: bool,
    ) -> Self {
        let gauge =
            Gauge { kept: Some(Rc::new(RefCell::new(Kept::default()))), ..Gauge::default() };
        let text = Text::new(source, scan, gauge.clone(), true)
            .separated(dialect.separator, dialect.quote);
        let behind = || Behind::new(dialect.delimiter, dialect.quote, dialect.escape);
        let text = match (hashed, dialect.quote) {
            (true, 0) => text.hashed(),
            (true, _) => text.hashed().watched(behind()),
            (false, _) => text,
        };
        let reader = builder(dialect).from_reader(text);
        Self {
            reader,
            gauge,
            record: StringRecord::new(),
            line: 0,
            after_gap: false,
            next_line: scan.skip + 1,
            remark: None,
            dialect,
            width: None,
            mender: None,
            closings: scan.closings.iter().copied().collect(),
            refuses_long: false,
            n_mended: 0,
            found: VecDeque::new(),
        }
    }

    /// From here on, rows of a table of `width` columns inside a field are read as rows, and those
    /// that do not fit are taken apart.
    pub(in crate::data::csv) fn of_table(
        &mut self,
        width: usize,
        mender: Option<Mender>,
        refuses_long: bool,
    ) {
        self.width = Some(width);
        self.mender = mender;
        self.refuses_long = refuses_long;
    }

    /// Goes to the next row; false at the end.
    pub(in crate::data::csv) fn advance(&mut self) -> Result<bool, DataError> {
        self.gauge.since_row.set(0);
        self.remark = None;
        if let Some((line, fields, remark)) = self.found.pop_front() {
            (self.record, self.line, self.after_gap) = (fields.into(), line, false);
            self.remark = remark;
            return Ok(true);
        }
        let start = self.reader.position().byte();
        if let Some(kept) = &self.gauge.kept {
            kept.borrow_mut().let_go(start);
        }
        let found = match self.reader.read_record(&mut self.record) {
            Ok(found) => found,
            Err(_) if self.gauge.overflowed.get() => {
                return Err(DataError::at(
                    self.next_line,
                    format!("{LONG_ROW} {} MiB; is a quote not closed?", LARGEST_ROW >> 20),
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
                    "{OPEN_QUOTE} in field {} is never closed {}",
                    self.record.len(),
                    of_row(line_after - inside)
                ),
            ));
        }
        if self.record.len() == 1 && last == END_MARK {
            return Ok(false);
        }
        self.line = line_after - 1 - lines_in(self.record.as_slice());
        self.after_gap = self.line > self.next_line;
        self.next_line = line_after;
        if self.dialect.wrapped && self.record.len() == 1 {
            let Dialect { delimiter, quote, .. } = self.dialect;
            if let Some(fields) = whole_row(&self.record[0], delimiter, quote) {
                self.record = fields.into();
            }
        }
        self.look_at_quotes();
        self.mend(start);
        while let Some(closing) = self.closings.pop_front_if(|one| one.line < self.next_line) {
            self.n_mended += 1;
            self.remark.get_or_insert_with(|| closing.remark());
        }
        self.refuse_long()?;
        Ok(true)
    }

    /// Notes text behind a closing quote, and takes a field that swallowed rows apart.
    fn look_at_quotes(&mut self) {
        let mut behind = self.gauge.behind_quotes.borrow_mut();
        while let Some((_, field)) = behind.pop_front_if(|(line, _)| *line < self.next_line) {
            self.remark.get_or_insert_with(|| text_behind(field));
        }
        let Some(width) = self.width.filter(|_| self.record.as_slice().contains('\n')) else {
            return;
        };
        let (record, delimiter) = (&self.record, self.dialect.delimiter);
        let Some(found) = swallowed(record.len(), |j| &record[j], width, delimiter) else {
            return;
        };
        self.remark = Some(found.remark());
        if found.is_certain {
            let fields: Vec<&str> = record.iter().collect();
            let lines_above: u64 = fields[..found.field].iter().map(|field| lines_in(field)).sum();
            let start = self.line + lines_above;
            let rows = found.rows(&fields, delimiter, self.dialect.quote);
            self.found = rows.into_iter().map(|(line, row)| (start + line, row, None)).collect();
            if let Some((_, first, _)) = self.found.pop_front() {
                self.record = first.into();
            }
        }
    }

    /// An error for a row that does not fit and goes over more lines than are taken apart: a quote may
    /// have taken them into its field.
    fn refuse_long(&self) -> Result<(), DataError> {
        let n_lines = self.next_line - self.line;
        let fits = self.width.is_none_or(|width| self.record.len() == width);
        if !self.refuses_long || fits || !self.found.is_empty() || n_lines <= MOST_LINES as u64 {
            return Ok(());
        }
        Err(DataError::at(self.line, format!("{MANY_LINES} {n_lines} lines")))
    }

    /// Takes the row apart whose text begins at a place, where that makes it fit.
    fn mend(&mut self, start: u64) {
        let record = &self.record;
        let (Some(mender), Some(kept)) = (&self.mender, &self.gauge.kept) else { return };
        if !self.found.is_empty() || !mender.concerns(record.len(), |j| &record[j]) {
            return;
        }
        let kept = kept.borrow();
        let Some(text) = kept.text(start, self.reader.position().byte()) else { return };
        let joins = mender.joins(record.len(), |j| &record[j]);
        let Some(rows) = mender.rows(text, record.len(), joins) else { return };
        self.n_mended += rows.iter().filter(|row| row.what.is_some()).count();
        let line = self.line;
        let placed = |row: Mended| (line + row.line, row.fields, row.what);
        self.found = rows.into_iter().map(placed).collect();
        if let Some((_, first, what)) = self.found.pop_front() {
            (self.record, self.remark) = (first.into(), what);
        }
    }

    /// BLAKE3 hash of the file, if it was to be hashed; complete once [`advance`](Self::advance) has returned false.
    pub(in crate::data::csv) fn fingerprint(&self) -> String {
        self.reader.get_ref().fingerprint()
    }
}

/// The settings of the reader for a dialect.
pub(in crate::data::csv) fn builder(dialect: Dialect) -> ReaderBuilder {
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
