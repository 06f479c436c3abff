//! The reading of a whole file.

use std::io::{Read, Seek, SeekFrom};

use super::MOST_OUTSIDE;
use super::cells::bare::{as_written, bare};
use super::cells::builder::Builder;
use super::cells::columns::Type;
use super::cells::missing::{Spellings, Words};
use super::cells::values::{Decimal, is_missing_number};
use super::findings::{Findings, survey};
use super::outline::{Outline, looked_at};
use super::overrides::Roles;
use super::parallel;
use super::remarks::{
    Bad, another_table, begin_report, end_report, flaw, list_above, nothing_to_read, reason_below,
    remark_on_rows,
};
use super::table::fate::fate_of;
use super::table::shape::{SampleRow, Shape};
use super::text::encoding::unreadable;
use super::{HEAD_ROWS, LARGEST_FILE, LARGEST_SAMPLE, LARGEST_TABLE, MOST_REPORTED, overrides};
use crate::data::progress::{Progress, Watched};
use crate::data::store::{TableStore, TableWriter};
use crate::data::{Cells, Column, CsvSource, DataError, Decisions, Matrix, ReadReport, Table};

/// Rows that are gathered on their way to a file.
const ROWS_AT_ONCE: usize = 1024;

/// Bytes of a table for each byte of the file, at most: a field and what ends it are two bytes.
const LARGEST_GROWTH: u64 = 4;

/// How often the whole file is read.
const N_PASSES: u64 = 3;

/// How many rows go by between two reports.
const ROWS_A_REPORT: usize = 4096;

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
    if settings.skip.is_none() {
        refuse_blank(&mut source)?;
    }
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

/// A file that begins with so many line ends that no table is looked for behind them.
fn refuse_blank(source: &mut (impl Read + Seek)) -> Result<(), DataError> {
    source.rewind().map_err(unreadable)?;
    let mut bytes = vec![0; 4 << 10];
    let mut n_blank = 0;
    while n_blank < LARGEST_SAMPLE {
        let n = source.read(&mut bytes).map_err(unreadable)?;
        if n == 0 || !bytes[..n].iter().all(|byte| matches!(byte, b'\n' | b'\r')) {
            return Ok(());
        }
        n_blank += n as u64;
    }
    Err(DataError::new(format!(
        "the first {} MiB are nothing but line ends; a table with a header is expected",
        LARGEST_SAMPLE >> 20
    )))
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
    let (outline, findings) = looked_at(&mut source, settings, survey)?;
    let Findings { surveys, n_rows, .. } = &findings;
    let n_rows = *n_rows;
    if n_rows == 0 {
        return Err(nothing_to_read(&outline, settings));
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
    let words = overrides::words(surveys, settings);
    let roles = Roles {
        is_mended: findings.is_mended,
        has_codes: words.contains(&Words::Codes),
        has_recent: overrides::has_recent(surveys, &types),
    };
    report.decisions = decisions(&outline, settings, &types, &findings.below, roles);
    report.warnings.extend(findings.second.map(another_table));
    let weights = outline.shape.names.iter().position(|name| *name == settings.weights);
    let weights = weights.filter(|_| !settings.weights.is_empty());
    let is_large = memory.is_some_and(|memory| n_bytes > memory);
    let mut writer = is_large.then(|| TableWriter::new(types.len(), n_rows)).transpose()?;
    let way = (&outline, &findings, types.as_slice(), words.as_slice());
    let (mut columns, fingerprint) =
        fill(&mut source, way, weights, writer.as_mut(), &mut report, progress)?;
    let store = writer.map(|writer| stored(writer, &mut columns)).transpose()?;
    end_report(&outline, &types, surveys, &words, &mut report);
    Ok(Found { table: Table { columns }, store, report, fingerprint })
}

/// Everything that was decided about a file.
pub(super) fn decisions(
    outline: &Outline,
    settings: &CsvSource,
    types: &[Type],
    below: &[SampleRow],
    roles: Roles,
) -> Decisions {
    let Outline { scan, dialect, shape, .. } = outline;
    overrides::decisions(settings, scan, *dialect, shape, types, below, roles)
}

/// The first rows of data, cells as written.
pub(in crate::data) fn first_rows(
    mut source: impl Read + Seek,
    settings: &CsvSource,
    n: usize,
) -> Result<Vec<Vec<String>>, DataError> {
    let (_, rows) = looked_at(&mut source, settings, |source, outline| rows(source, outline, n))?;
    Ok(rows)
}

fn rows(
    source: &mut (impl Read + Seek),
    outline: &Outline,
    n: usize,
) -> Result<Vec<Vec<String>>, DataError> {
    let mut records = outline.rows(source, false)?;
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
        let below = survey(source, outline)?.below;
        let end = below.first().map_or(u64::MAX, |(line, _)| *line);
        first.retain(|(line, _)| *line < end);
    }
    Ok(first.into_iter().take(n).map(|(_, cells)| cells).collect())
}

fn fill(
    source: &mut (impl Read + Seek),
    (outline, findings, types, words): (&Outline, &Findings, &[Type], &[Words]),
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
    let mut spellings = Spellings::default();
    let n_above = list_above(outline, report);
    n_skipped += n_above;
    n_repaired += report.repaired.len();
    let is_damaged = outline.scan.is_damaged();
    let mut records = outline.rows(source, true)?;
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
            let written = bare(record.get(j).unwrap_or_default(), outline.dialect.quote);
            let cell = outline.present(written);
            if words[j].is_missing(cell, types[j] != Type::Nominal) {
                spellings.add(j, written, 1);
            }
            if weights == Some(j) {
                check_weight(cell, types[j], &names[j])
                    .map_err(|message| DataError::at(line, message))?;
            }
            if !builder.push(cell, words[j])? {
                repair(flaw(cell, types[j], &names[j]));
                bad[j].note(line);
            }
        }
    }
    progress.set_rows(report.n_rows as u64);
    report.missing = spellings.report(names, MOST_REPORTED);
    remark_on_rows(&bad, names, types, [n_above, n_skipped, n_repaired], report);
    let columns = builders
        .into_iter()
        .zip(names)
        .map(|(builder, name)| builder.finish(name.clone()))
        .collect();
    Ok((columns, records.fingerprint()))
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
