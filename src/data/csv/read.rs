//! The reading of a whole file.

use std::io::{Read, Seek, SeekFrom};

use csv::StringRecord;

use super::columns::{Builder, Survey, Type};
use super::dates::Order;
use super::dialect::{self, Dialect, MOST_OUTSIDE};
use super::encoding::{Gauge, Scan, Text, scan, unreadable};
use super::footer::Waiting;
use super::hints::Hints;
use super::loose::is_infinite;
use super::open_quote::located;
use super::parallel;
use super::records::{Records, builder};
use super::separators::separated;
use super::shape::{self, SampleRow, Shape, in_short};
use super::values::{Decimal, is_missing_number};
use super::{
    HEAD_ROWS, LARGEST_FILE, LARGEST_SAMPLE, LARGEST_TABLE, MOST_REPORTED, MOST_WARNINGS,
    SAMPLE_BYTES, overrides,
};
use crate::data::progress::{Progress, Watched};
use crate::data::source::encoding_named;
use crate::data::store::{TableStore, TableWriter};
use crate::data::{
    Cells, Column, CsvSource, DataError, DecimalSign, Decisions, Footer, Matrix, ReadReport, Table,
};

/// Rows that are gathered on their way to a file.
const ROWS_AT_ONCE: usize = 1024;

/// Bytes of a table for each byte of the file, at most: a field and what ends it are two bytes.
const LARGEST_GROWTH: u64 = 4;

/// A sample with fewer lines is made larger.
const FEW_ROWS: usize = 20;

/// How often the whole file is read.
const N_PASSES: u64 = 3;

/// How many rows go by between two reports.
const ROWS_A_REPORT: usize = 4096;

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
    above: Vec<(u64, String)>,
    missing: Vec<String>,
    footer: Footer,
}

impl Outline {
    /// A cell as it is read: without quotes and spaces around it, empty where it is missing by a
    /// spelling that was stated.
    fn cell<'a>(&self, written: &'a str) -> &'a str {
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

/// The cells of a column that had to be made missing.
#[derive(Clone, Default)]
pub(super) struct Bad {
    n: usize,
    /// The lines of the first few.
    lines: Vec<u64>,
}

impl Bad {
    pub(super) fn note(&mut self, line: u64) {
        const MOST: usize = 5;
        self.n += 1;
        if self.lines.len() < MOST {
            self.lines.push(line);
        }
    }

    fn remark(&self, name: &str, kind: Type, n_rows: usize) -> Option<String> {
        let first = self.lines.first()?;
        let lines: Vec<String> = self.lines.iter().map(u64::to_string).collect();
        let more = if self.n > self.lines.len() { ", …" } else { "" };
        let what = if matches!(kind, Type::Date(_)) { "date" } else { "finite number" };
        let (are, s, of_lines) = match self.n {
            1 => ("is", "", format!("line {first}")),
            _ => ("are", "s", format!("lines {}{more}", lines.join(", "))),
        };
        let n = self.n;
        Some(format!(
            "column `{name}`: {n} of {n_rows} values {are} no {what}{s}; made missing ({of_lines})"
        ))
    }
}

/// What is found out by a look at all rows.
struct Findings {
    surveys: Vec<Survey>,
    n_rows: usize,
    /// Rows below the table.
    below: Vec<SampleRow>,
}

/// What was read.
pub(in crate::data) struct Found {
    /// All rows, or the first of those in the store.
    pub(in crate::data) table: Table,
    /// All rows, where they are too many for memory.
    pub(in crate::data) store: Option<TableStore>,
    pub(in crate::data) report: ReadReport,
    pub(in crate::data) fingerprint: String,
}

/// Reads a table from a file (or from memory).
pub(in crate::data) fn read(
    mut source: impl Read + Seek + Send,
    settings: &CsvSource,
    progress: &Progress,
) -> Result<Found, DataError> {
    let n_bytes = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let may_fit =
        |memory: u64| n_bytes.checked_mul(LARGEST_GROWTH).is_some_and(|bytes| bytes <= memory);
    let memory = settings.memory_bytes().filter(|memory| !may_fit(*memory));
    let limits = parallel::Limits::default();
    if let Some(memory) = memory {
        let found = parallel::read_to_file(&mut source, settings, limits, progress)?;
        if let Some((store, report, fingerprint)) = found {
            let is_large = store.n_rows() as u64 * 8 * report.n_columns as u64 > memory;
            let n_kept = if is_large { HEAD_ROWS } else { usize::MAX };
            let table = store.rows(0..store.n_rows().min(n_kept), |_| true)?;
            let store = is_large.then_some(store);
            return Ok(Found { table, store, report, fingerprint });
        }
    } else {
        let found = parallel::read(&mut source, settings, limits, progress)?;
        if let Some((columns, report, fingerprint)) = found {
            return Ok(Found { table: Table { columns }, store: None, report, fingerprint });
        }
    }
    read_to_store(source, settings, progress)
}

/// Reads the columns that are not ignored into one matrix of numbers.
pub(in crate::data) fn read_matrix(
    mut source: impl Read + Seek + Send,
    settings: &CsvSource,
    progress: &Progress,
) -> Result<Matrix, DataError> {
    let found = parallel::read_rows(&mut source, settings, parallel::Limits::default(), progress)?;
    match found {
        Some(((names, values), report, fingerprint)) => {
            let (n_rows, n_columns) = (report.n_rows, names.len());
            Ok(Matrix { n_rows, n_columns, names, values, report, fingerprint })
        }
        None => {
            let in_memory = CsvSource { memory: None, ..settings.clone() };
            let (table, report, fingerprint) = read_in_turn(source, &in_memory, progress)?;
            Matrix::of(table, report, fingerprint, &settings.ignore)
        }
    }
}

/// Reads a table one row after the other: what [`parallel`] is held to, and what reads the files that
/// it does not.
pub(super) fn read_in_turn(
    source: impl Read + Seek,
    settings: &CsvSource,
    progress: &Progress,
) -> Result<(Table, ReadReport, String), DataError> {
    let Found { table, report, fingerprint, .. } = read_to_store(source, settings, progress)?;
    Ok((table, report, fingerprint))
}

/// The same; a table that is larger than the source wants in memory goes to a store.
fn read_to_store(
    mut source: impl Read + Seek,
    settings: &CsvSource,
    progress: &Progress,
) -> Result<Found, DataError> {
    let n_bytes = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let memory = settings.memory_bytes();
    if memory.is_none() && n_bytes > LARGEST_FILE {
        return Err(DataError::new(format!(
            "the file is larger than {} GiB, the most that is read into memory; use a part of it, or state how many MiB may be there at a time (the setting `memory`)",
            LARGEST_FILE >> 30
        )));
    }
    progress.begin(n_bytes, N_PASSES);
    let mut source = Watched::new(source, progress);
    let outline = outline(&mut source, settings)?;
    let findings = survey(&mut source, &outline);
    let findings =
        findings.map_err(|error| located(error, &mut source, &outline.scan, outline.dialect))?;
    let Findings { surveys, n_rows, .. } = &findings;
    let n_rows = *n_rows;
    if n_rows == 0 {
        return Err(nothing_to_read(&outline));
    }
    let comma_likely = outline.dialect.delimiter != b',';
    let mut remarks = Vec::new();
    let names = &outline.shape.names;
    let types = overrides::types(surveys, names, settings, comma_likely, &mut remarks);
    let n_bytes = n_rows as u64 * 8 * types.len() as u64;
    if memory.is_none() && n_bytes > LARGEST_TABLE {
        return Err(DataError::new(format!(
            "the table has {n_rows} rows and {} columns, more than the {} GiB that are kept; use a part of it, or state how many MiB may be in memory at a time (the setting `memory`)",
            types.len(),
            LARGEST_TABLE >> 30
        )));
    }
    let mut report = begin_report(&outline);
    report.warnings.extend(remarks);
    report.decisions = decisions(&outline, settings, &types, &findings.below);
    let weights = outline.shape.names.iter().position(|name| *name == settings.weights);
    let weights = weights.filter(|_| !settings.weights.is_empty());
    let is_large = memory.is_some_and(|memory| n_bytes > memory);
    let mut writer = is_large.then(|| TableWriter::new(types.len())).transpose()?;
    let way = (&outline, &findings, types.as_slice());
    let (mut columns, fingerprint) =
        fill(&mut source, way, weights, writer.as_mut(), &mut report, progress)?;
    let store = writer.map(|writer| stored(writer, &mut columns)).transpose()?;
    end_report(&outline, &types, surveys, &mut report);
    Ok(Found { table: Table { columns }, store, report, fingerprint })
}

/// Everything that was decided about a file.
pub(super) fn decisions(
    outline: &Outline,
    settings: &CsvSource,
    types: &[Type],
    below: &[SampleRow],
) -> Decisions {
    let Outline { scan, dialect, shape, .. } = outline;
    overrides::decisions(settings, scan, *dialect, shape, types, below)
}

/// The report on how the file was understood, before any of its rows.
pub(super) fn begin_report(outline: &Outline) -> ReadReport {
    let mut report = ReadReport {
        delimiter: outline.dialect.separator_name(),
        quote: char::from(outline.dialect.quote),
        encoding: outline.scan.name().to_owned(),
        header: outline.shape.header,
        n_columns: outline.shape.width,
        ..ReadReport::default()
    };
    remark_on_encoding(&outline.scan, &mut report);
    report.warnings.extend(outline.shape.warnings.iter().cloned());
    report
}

/// What the columns give reason to say, once all rows are in.
pub(super) fn end_report(
    outline: &Outline,
    types: &[Type],
    surveys: &[Survey],
    report: &mut ReadReport,
) {
    let names = &outline.shape.names;
    for (name, survey) in names.iter().zip(surveys) {
        if survey.is_empty() {
            report.warnings.push(format!(
                "column `{name}` is empty: all {} values are missing; it is not used",
                report.n_rows
            ));
        }
    }
    remark_on_spellings(names, types, surveys, report);
    remark_on_hints(outline, types, surveys, report);
    if report.warnings.len() > MOST_WARNINGS {
        let n_more = report.warnings.len() - MOST_WARNINGS;
        report.warnings.truncate(MOST_WARNINGS);
        report.warnings.push(format!("and {n_more} more remarks of the same kinds"));
    }
}

/// The first rows of data, cells as written.
pub(in crate::data) fn first_rows(
    mut source: impl Read + Seek,
    settings: &CsvSource,
    n: usize,
) -> Result<Vec<Vec<String>>, DataError> {
    let outline = outline(&mut source, settings)?;
    let mut records = rows(&mut source, &outline, false)?;
    let mut first: Vec<(u64, Vec<String>)> = Vec::new();
    // Whether the last of them stand below the table is known where the file ends.
    let enough = n.saturating_add(MOST_OUTSIDE);
    while first.len() < enough && records.advance()? {
        if fate_of(&records.record, &outline.shape).is_read() {
            let cell =
                |j| as_written(records.record.get(j).unwrap_or_default(), outline.dialect.quote);
            let cells = (0..outline.shape.width).map(|j| cell(j).to_owned()).collect();
            first.push((records.line, cells));
        }
    }
    if first.len() < enough {
        let below = survey(&mut source, &outline)?.below;
        let end = below.first().map_or(u64::MAX, |(line, _)| *line);
        first.retain(|(line, _)| *line < end);
    }
    Ok(first.into_iter().take(n).map(|(_, cells)| cells).collect())
}

fn outline(source: &mut (impl Read + Seek), settings: &CsvSource) -> Result<Outline, DataError> {
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
    let dialect = dialect::detect(&text, settings);
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

/// The rows of the sample; the last may be cut and is left out unless it is the only one.
fn sample_rows(text: &str, dialect: Dialect, is_whole: bool) -> Vec<SampleRow> {
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

/// The rows of the table, from its first row of data.
fn rows<'a, R: Read + Seek>(
    source: &'a mut R,
    outline: &Outline,
    hashed: bool,
) -> Result<Records<&'a mut R>, DataError> {
    source.rewind().map_err(unreadable)?;
    let mut records = Records::new(source, &outline.scan, outline.dialect, hashed);
    for _ in 0..outline.shape.n_leading() {
        records.advance()?;
    }
    records.of_table(outline.shape.width);
    Ok(records)
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

fn fate_of(record: &StringRecord, shape: &Shape) -> Fate {
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

fn survey(source: &mut (impl Read + Seek), outline: &Outline) -> Result<Findings, DataError> {
    let width = outline.shape.width;
    let mut surveys = vec![Survey::default(); width];
    let mut waiting = Waiting::default();
    let mut n_rows = 0;
    let look = |surveys: &mut [Survey], row: &SampleRow| {
        for (j, survey) in surveys.iter_mut().enumerate() {
            survey.look(outline.cell(row.1.get(j).map_or("", String::as_str)));
        }
    };
    let mut stated_below = None;
    let mut records = rows(source, outline, false)?;
    while records.advance()? {
        let record = &records.record;
        if !fate_of(record, &outline.shape).is_read() {
            continue;
        }
        let may_wait = outline.footer == Footer::Auto && !waiting.is_full();
        if matches!(outline.footer, Footer::From(line) if records.line >= line) {
            stated_below.get_or_insert_with(|| overrides::row(records.line, record));
            continue;
        }
        if may_wait && Waiting::may_be(record.iter(), record.len(), width) {
            let fields = record.iter().map(str::to_owned).collect();
            waiting.push((records.line, fields), records.after_gap);
            continue;
        }
        for row in waiting.release() {
            n_rows += 1;
            look(&mut surveys, &row);
        }
        n_rows += 1;
        for (j, survey) in surveys.iter_mut().enumerate() {
            survey.look(outline.cell(record.get(j).unwrap_or_default()));
        }
    }
    let first_is_numeric = surveys.first().is_some_and(Survey::is_mostly_numbers);
    // What follows nothing is the table.
    let [table, below] = match n_rows {
        0 => [waiting.release().collect(), Vec::new()],
        _ => waiting.part(width, first_is_numeric),
    };
    n_rows += table.len();
    table.iter().for_each(|row| look(&mut surveys, row));
    Ok(Findings { surveys, n_rows, below: stated_below.map_or(below, |row| vec![row]) })
}

fn fill(
    source: &mut (impl Read + Seek),
    (outline, findings, types): (&Outline, &Findings, &[Type]),
    weights: Option<usize>,
    mut writer: Option<&mut TableWriter>,
    report: &mut ReadReport,
    progress: &Progress,
) -> Result<(Vec<Column>, String), DataError> {
    let Shape { width, names, .. } = &outline.shape;
    let n_rows = if writer.is_some() { ROWS_AT_ONCE } else { findings.n_rows };
    let end = findings.below.first().map_or(u64::MAX, |(line, _)| *line);
    let mut builders: Vec<Builder> = types.iter().map(|kind| Builder::new(*kind, n_rows)).collect();
    let (mut n_skipped, mut n_repaired) = (0usize, 0usize);
    let mut bad = vec![Bad::default(); *width];
    n_skipped += list_above(outline, report);
    let is_damaged = outline.scan.is_damaged();
    let mut records = rows(source, outline, true)?;
    while records.advance()? {
        let (record, line) = (&records.record, records.line);
        if line >= end {
            // The rest is read for its hash alone.
            n_skipped += 1;
            if n_skipped <= MOST_REPORTED {
                let fields = record.iter().map(str::to_owned).collect();
                report.skipped.push((line, reason_below(&(line, fields))));
            }
            continue;
        }
        let mut repair = |what: String| {
            n_repaired += 1;
            if n_repaired <= MOST_REPORTED {
                report.repaired.push((line, what));
            }
        };
        let fate = fate_of(record, &outline.shape);
        if !fate.is_read() {
            n_skipped += 1;
            if n_skipped <= MOST_REPORTED {
                report.skipped.push((line, fate.reason(record.len(), &record[0], *width)));
            }
            continue;
        }
        if let Some(what) = fate.repair(*width) {
            repair(what);
        }
        if is_damaged && record.as_slice().contains('\u{fffd}') {
            repair("not UTF-8; what cannot be read became \u{fffd}".to_owned());
        }
        if let Some(what) = &records.remark {
            repair(what.clone());
        }
        if let Some(writer) = &mut writer
            && report.n_rows > 0
            && report.n_rows.is_multiple_of(ROWS_AT_ONCE)
        {
            let cells: Vec<Cells> = builders.iter_mut().map(Builder::take).collect();
            writer.append(&cells)?;
        }
        report.n_rows += 1;
        if report.n_rows.is_multiple_of(ROWS_A_REPORT) {
            progress.set_rows(report.n_rows as u64);
        }
        for (j, builder) in builders.iter_mut().enumerate() {
            let cell = outline.cell(record.get(j).unwrap_or_default());
            if weights == Some(j) {
                check_weight(cell, types[j], &names[j])
                    .map_err(|message| DataError::at(line, message))?;
            }
            if !builder.push(cell)? {
                repair(flaw(cell, types[j], &names[j]));
                bad[j].note(line);
            }
        }
    }
    progress.set_rows(report.n_rows as u64);
    remark_on_rows(&bad, names, types, [n_skipped, n_repaired], report);
    let columns = builders
        .into_iter()
        .zip(names)
        .map(|(builder, name)| builder.finish(name.clone()))
        .collect();
    Ok((columns, records.fingerprint()))
}

/// Reports the rows above the table and of units; gives their number.
pub(super) fn list_above(outline: &Outline, report: &mut ReadReport) -> usize {
    let before = &outline.shape.before;
    for (line, text) in outline.above.iter().chain(before) {
        let reason = match text.as_str() {
            "" => "nothing but separators above the table".to_owned(),
            text => format!("stands above the table: `{text}`"),
        };
        report.skipped.push((*line, reason));
    }
    if let Some((line, text)) = &outline.shape.units {
        report.skipped.push((*line, format!("stands below the names: `{text}`")));
    }
    report.skipped.len()
}

/// Why a row below the table is left out.
pub(super) fn reason_below(row: &SampleRow) -> String {
    match in_short(row).1.as_str() {
        "" => "nothing but separators below the table".to_owned(),
        text => format!("stands below the table: `{text}`"),
    }
}

/// What is wrong with a cell that is made missing.
pub(super) fn flaw(cell: &str, kind: Type, name: &str) -> String {
    let what = match kind {
        _ if is_infinite(cell) => "is infinite",
        Type::Date(_) => "is not a date",
        _ => "is not a number",
    };
    let cell: String = cell.chars().take(40).collect();
    format!("`{cell}` in column `{name}` {what}; made missing")
}

/// Says how many cells and rows were repaired or left out.
pub(super) fn remark_on_rows(
    bad: &[Bad],
    names: &[String],
    types: &[Type],
    [n_skipped, n_repaired]: [usize; 2],
    report: &mut ReadReport,
) {
    for ((bad, name), kind) in bad.iter().zip(names).zip(types) {
        report.warnings.extend(bad.remark(name, *kind, report.n_rows));
    }
    for (n, what) in [(n_skipped, "skipped"), (n_repaired, "repaired")] {
        if n > MOST_REPORTED {
            let more = n - MOST_REPORTED;
            report
                .warnings
                .push(format!("{more} more rows were {what} than are listed ({n} in all)"));
        }
    }
}

/// Brings the last cells to the file, and leaves the first rows in `columns`.
fn stored(mut writer: TableWriter, columns: &mut Vec<Column>) -> Result<TableStore, DataError> {
    writer.append(columns.iter().map(|column| &column.cells))?;
    let names_and_levels = columns.drain(..).map(|Column { name, cells }| match cells {
        Cells::Numeric(_) => (name, None),
        Cells::Nominal { levels, .. } => (name, Some(levels)),
    });
    let store = writer.finish(names_and_levels)?;
    *columns = store.rows(0..store.n_rows().min(HEAD_ROWS), |_| true)?.columns;
    Ok(store)
}

/// A weight that is missing or cannot be one is no matter for repair: it would change what is learnt
/// without a sign.
fn check_weight(cell: &str, column_type: Type, name: &str) -> Result<(), String> {
    const EXPECTED: &str = "a weight must be a finite number of 0 or more";
    if is_missing_number(cell) {
        return Err(format!("the weight in column `{name}` is missing; {EXPECTED}"));
    }
    let column_type = match column_type {
        Type::Nominal => Type::Numeric(Decimal::Point),
        other => other,
    };
    match column_type.number(cell) {
        Some(weight) if weight.is_finite() && weight >= 0.0 => Ok(()),
        _ => {
            let cell: String = cell.chars().take(40).collect();
            Err(format!("the weight in column `{name}` is `{cell}`; {EXPECTED}"))
        }
    }
}

/// A cell without spaces and invisible signs around it.
fn trimmed(cell: &str) -> &str {
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
fn as_written(cell: &str, quote: u8) -> &str {
    let is_quoted = cell.trim().starts_with(char::from(quote));
    if is_quoted { bare(cell, quote) } else { cell }
}

fn nothing_to_read(outline: &Outline) -> DataError {
    if let n @ 1.. = outline.scan.skip {
        let lines = if n == 1 { "line that is".to_owned() } else { format!("{n} lines that are") };
        DataError::new(format!(
            "there is no row of data below the {lines} left out above the table"
        ))
    } else if outline.shape.header {
        DataError::new("there is a header but no rows of data below it")
    } else {
        DataError::new("there are only blank lines; a table with a header is expected")
    }
}

fn remark_on_encoding(scan: &Scan, report: &mut ReadReport) {
    if let Some(line) = scan.not_utf_8_line.filter(|_| scan.is_stated) {
        report.warnings.push(format!(
            "line {line} is not UTF-8, though that was stated; what cannot be read became \u{fffd}"
        ));
    } else if let Some(line) = scan.not_utf_8_line.filter(|_| scan.is_damaged()) {
        report.warnings.push(format!(
            "line {line} is not UTF-8, though nearly all of the file is; what cannot be read became \u{fffd}"
        ));
    } else if let Some(line) = scan.not_utf_8_line {
        report.warnings.push(format!(
            "line {line} is not UTF-8; the file was read as {} (if letters look wrong, save it as UTF-8 or state its encoding with `--encoding`, such as `macintosh`)",
            scan.name()
        ));
    }
    if scan.guessed_utf_16 {
        let name = scan.name();
        report.warnings.push(format!("no byte order mark; the file was read as {name}"));
    }
}

/// Says how numbers and dates were read that could be read in another way.
fn remark_on_spellings(
    names: &[String],
    types: &[Type],
    surveys: &[Survey],
    report: &mut ReadReport,
) {
    type Test = fn(Type, &Survey) -> bool;
    let is_number = |kind: Type| matches!(kind, Type::Numeric(_));
    let groups: [(&str, Test); 6] = [
        ("decimal commas in", |kind, _| kind == Type::Numeric(Decimal::Comma)),
        ("thousands separators left out in", |kind, survey| match kind {
            Type::Numeric(decimal) => survey.has_groups(decimal),
            _ => false,
        }),
        ("`1,234` could be 1234 or 1.234 and is read as a fraction in", |kind, survey| {
            kind == Type::Numeric(Decimal::Comma) && survey.is_ambiguous()
        }),
        ("percent signs (12.5% is read as 0.125) in", |_, survey| survey.n_percent > 0),
        ("signs of money left out in", |_, survey| survey.n_currency > 0),
        ("numbers in parentheses read as negative in", |_, survey| survey.n_parentheses > 0),
    ];
    let dates: [(&str, Test); 3] = [
        ("dates read as days since 1970-01-01 in", |kind, _| matches!(kind, Type::Date(_))),
        (
            "nothing shows whether day or month comes first; read as month, day in",
            |kind, survey| kind == Type::Date(Order::MonthFirst) && survey.order_is_guessed(),
        ),
        (
            "nothing shows whether day or month comes first; read as day, month in",
            |kind, survey| kind == Type::Date(Order::DayFirst) && survey.order_is_guessed(),
        ),
    ];
    let all = groups.iter().map(|group| (group, true)).chain(dates.iter().map(|d| (d, false)));
    for ((what, test), of_numbers) in all {
        let names: Vec<&str> = names
            .iter()
            .zip(types)
            .zip(surveys)
            .filter(|((_, kind), survey)| is_number(**kind) == of_numbers && test(**kind, survey))
            .map(|((name, _), _)| name.as_str())
            .collect();
        if !names.is_empty() {
            report.warnings.push(format!("{what}: {}", listed(&names)));
        }
    }
}

/// Says what the first rows show that is lost or has to be known.
fn remark_on_hints(outline: &Outline, types: &[Type], surveys: &[Survey], report: &mut ReadReport) {
    type Test = fn(Type, &Hints, &Survey) -> bool;
    let is_number: fn(Type) -> bool = |kind| matches!(kind, Type::Numeric(_));
    let tests: [(&str, &str, bool, Test); 5] = [
        ("leading zeros are lost in", "; the type Nominal keeps them", true, |_, hints, _| {
            hints.has_leading_zeros
        }),
        (
            "of more than 15 digits the last are not exact in",
            "; the type Nominal keeps them",
            true,
            |_, hints, _| hints.is_long,
        ),
        ("different signs of money read as if they were one in", "", true, |_, hints, _| {
            hints.has_currencies
        }),
        (
            "nothing shows whether `1.234` is 1234 or a fraction; read as a fraction in",
            "",
            true,
            |kind, hints, survey| {
                let is_point = kind == Type::Numeric(Decimal::Point);
                is_point && hints.has_unclear_points && survey.has_unclear_points()
            },
        ),
        ("years of two digits read as 1970 to 2069 in", "", false, |kind, hints, _| {
            matches!(kind, Type::Date(_)) && hints.has_short_years
        }),
    ];
    for (what, remedy, of_numbers, test) in tests {
        let columns = outline.shape.names.iter().zip(types).zip(&outline.hints).zip(surveys);
        let names: Vec<&str> = columns
            .filter(|(((_, kind), hints), survey)| {
                is_number(**kind) == of_numbers && test(**kind, hints, survey)
            })
            .map(|(((name, _), _), _)| name.as_str())
            .collect();
        if !names.is_empty() {
            report.warnings.push(format!("{what}: {}{remedy}", listed(&names)));
        }
    }
}

fn listed(names: &[&str]) -> String {
    const MOST: usize = 5;
    let mut text =
        names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text += &format!(" and {} more", names.len() - MOST);
    }
    text
}
