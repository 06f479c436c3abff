//! Reads the usual kind of file on all cores, in one pass: UTF-8, one character between fields,
//! quotes doubled inside quotes.
//!
//! Dialect and types are decided on the first part of the file. Blocks that end with a row are then
//! read side by side ([`piece`]) while the file is hashed and checked ([`blocks`]), and put together
//! in order ([`merge`]). All cells are counted as in a reading row by row, so that in the end it is
//! known whether the types were right; if not, they are now, and the file is read again. What cannot
//! be decided in this way is left to [`read_in_turn`](super::read::read_in_turn), to which table,
//! report and hash are equal in every case.

mod blocks;
mod fields;
mod merge;
mod numbers;
mod piece;
mod store;

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use encoding_rs::UTF_8;

use super::columns::{Survey, Type};
use super::encoding::{scan, unreadable};
use super::footer::Waiting;
use super::hints::Hints;
use super::outline::{Outline, bare, fate, outline_of};
use super::read::decisions;
use super::remarks::{begin_report, end_report, list_above, reason_below, remark_on_rows};
use super::separators::Separator;
use super::shape::{SampleRow, Shape};
use super::values::Decimal;
use super::{LARGEST_TABLE, MOST_REPORTED, SAMPLE_BYTES, overrides};
use crate::data::progress::{Progress, Watched};
use crate::data::source::encoding_named;
use crate::data::store::{Part, StoredColumn, TableStore, TableWriter};
use crate::data::{Cells, Column, CsvSource, DataError, Footer, ReadReport};
use crate::math::Scalar;
use blocks::{Block, Blocks, Next};
use merge::Merger;
use piece::{Kind, Looks, Parser};
use store::{Columns, OnFile, Rows, Store};

/// How often a file is read before it is left to the other reader: once with the types of its first
/// part, once with those of the whole.
const N_TRIES: usize = 2;

/// How the work is divided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Text that is read at a time: enough to be worth a turn, little enough for the cache.
    pub(super) block_bytes: usize,
    pub(super) n_threads: usize,
    /// Largest file, and largest table, in bytes, of what is kept in memory.
    pub(super) largest: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MOST_THREADS: usize = 32;
        let n_cores = thread::available_parallelism().map_or(1, usize::from);
        Self { block_bytes: 1 << 20, n_threads: n_cores.min(MOST_THREADS), largest: LARGEST_TABLE }
    }
}

/// How the rows of a file are read.
pub(super) struct Plan {
    shape: Shape,
    delimiter: u8,
    quote: u8,
    kinds: Vec<Kind>,
    /// How many columns are kept as numbers, and how many as words.
    n_numbers: usize,
    n_words: usize,
    /// Whether all are plain numbers.
    is_plain: bool,
    /// The place of each column among those of its kind.
    places: Vec<usize>,
    n_leading: usize,
    /// Lines above those that are passed over.
    n_skipped_lines: u64,
    /// Whether rows at the end may stand below the table.
    has_footer: bool,
}

impl Plan {
    fn new(outline: &Outline, kinds: Vec<Kind>, settings: &CsvSource) -> Self {
        let (mut n_words, mut n_numbers) = (0, 0);
        let places = kinds.iter().map(|kind| {
            let n = if *kind == Kind::Words { &mut n_words } else { &mut n_numbers };
            *n += 1;
            *n - 1
        });
        let places = places.collect();
        Self {
            shape: outline.shape.clone(),
            delimiter: outline.dialect.delimiter,
            quote: outline.dialect.quote,
            n_numbers,
            places,
            n_words,
            is_plain: kinds.iter().all(|kind| *kind == Kind::Plain),
            n_leading: outline.shape.n_leading(),
            n_skipped_lines: outline.scan.skip,
            has_footer: settings.footer != Footer::Kept,
            kinds,
        }
    }
}

/// Columns, report and fingerprint of a file.
pub(super) type Found<T> = (T, ReadReport, String);

/// Reads a table; `None` where the other reader has to.
pub(super) fn read(
    source: &mut (impl Read + Seek + Send),
    settings: &CsvSource,
    limits: Limits,
    progress: &Progress,
) -> Result<Option<Found<Vec<Column>>>, DataError> {
    let Some((whole, report, fingerprint)) = whole::<Columns>(source, settings, limits, progress)?
    else {
        return Ok(None);
    };
    let mut numbers = whole.store.0.into_iter();
    let mut words = whole.words.into_iter();
    let columns = whole.plan.kinds.iter().zip(whole.plan.shape.names).map(|(kind, name)| {
        let cells = match kind {
            Kind::Words => {
                let merge::Levels { levels, mut codes, .. } = words.next().unwrap_or_default();
                codes.shrink_to_fit();
                Cells::Nominal { levels, codes }
            }
            _ => {
                let mut values = numbers.next().unwrap_or_default();
                values.shrink_to_fit();
                Cells::Numeric(values)
            }
        };
        Column { name, cells }
    });
    Ok(Some((columns.collect(), report, fingerprint)))
}

/// Reads a table to a file; `None` where the other reader has to. Of columns of words the index of
/// each is in memory until all is read.
pub(super) fn read_to_file(
    source: &mut (impl Read + Seek + Send),
    settings: &CsvSource,
    limits: Limits,
    progress: &Progress,
) -> Result<Option<Found<TableStore>>, DataError> {
    let Some((whole, report, fingerprint)) = whole::<OnFile>(source, settings, limits, progress)?
    else {
        return Ok(None);
    };
    let n_parts = usize::from(whole.plan.n_numbers > 0);
    let mut parts: Vec<Part> = whole.store.finish()?.into_iter().collect();
    let mut levels = Vec::new();
    if whole.plan.n_words > 0 {
        let mut codes = Vec::new();
        for words in whole.words {
            levels.push(words.levels);
            codes.push(words.codes);
        }
        let mut writer = TableWriter::new(codes.len(), report.n_rows)?;
        const AT_ONCE: usize = 4096;
        for first in (0..report.n_rows).step_by(AT_ONCE) {
            let rows = first..(first + AT_ONCE).min(report.n_rows);
            let cells: Vec<Cells> = codes
                .iter()
                .map(|codes| Cells::Nominal {
                    levels: Vec::new(),
                    codes: codes[rows.clone()].to_vec(),
                })
                .collect();
            writer.append(&cells)?;
        }
        parts.push(writer.into_part()?);
    }
    let mut levels = levels.into_iter();
    let Plan { kinds, shape, places, .. } = whole.plan;
    let columns =
        kinds.iter().zip(shape.names).zip(places).map(|((kind, name), place)| match kind {
            Kind::Words => StoredColumn { name, levels: levels.next(), part: n_parts, place },
            _ => StoredColumn { name, levels: None, part: 0, place },
        });
    let columns = columns.collect();
    Ok(Some((TableStore::of_parts(parts, columns), report, fingerprint)))
}

/// Names of the columns and their numbers, row after row.
pub(super) type Numbers = (Vec<String>, Vec<f32>);

/// Reads the columns of a table that are not ignored, all of them numbers, into one matrix; `None`
/// where the other reader has to, which also says what is wrong with columns of words.
pub(super) fn read_rows(
    source: &mut (impl Read + Seek + Send),
    settings: &CsvSource,
    limits: Limits,
    progress: &Progress,
) -> Result<Option<Found<Numbers>>, DataError> {
    let Some((whole, report, fingerprint)) = whole::<Rows>(source, settings, limits, progress)?
    else {
        return Ok(None);
    };
    let Plan { kinds, shape, n_numbers, .. } = whole.plan;
    let is_used: Vec<bool> =
        shape.names.iter().map(|name| !settings.ignore.contains(name)).collect();
    let is_words = |j: usize| kinds[j] == Kind::Words;
    let all_known = settings.ignore.iter().all(|name| shape.names.contains(name));
    if !all_known || (0..kinds.len()).any(|j| is_used[j] && is_words(j)) {
        return Ok(None);
    }
    let mut values = whole.store.values;
    let kept: Vec<bool> = (0..kinds.len()).filter(|j| !is_words(*j)).map(|j| is_used[j]).collect();
    if kept.contains(&false) {
        let mut index = 0;
        values.retain(|_| {
            index += 1;
            kept[(index - 1) % n_numbers]
        });
    }
    values.shrink_to_fit();
    let names = shape.names.into_iter().zip(is_used).filter(|(_, used)| *used);
    Ok(Some(((names.map(|(name, _)| name).collect(), values), report, fingerprint)))
}

/// All that the rows of a file came to.
struct Whole<S> {
    plan: Plan,
    store: S,
    words: Vec<merge::Levels>,
}

fn whole<S: Store>(
    source: &mut (impl Read + Seek + Send),
    settings: &CsvSource,
    limits: Limits,
    progress: &Progress,
) -> Result<Option<Found<Whole<S>>>, DataError> {
    progress.check()?;
    let n_bytes = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let largest_file = if S::IS_IN_MEMORY { limits.largest } else { u64::MAX };
    let Some(mut outline) = outline(source, settings, n_bytes, largest_file)? else {
        return Ok(None);
    };
    let comma_likely = outline.dialect.delimiter != b',';
    let mut surveys = vec![Survey::default(); outline.shape.width];
    for (_, fields) in std::mem::take(&mut outline.sample) {
        for (survey, cell) in surveys.iter_mut().zip(&fields) {
            survey.look(bare(cell, outline.dialect.quote));
        }
    }
    let names = &outline.shape.names;
    let types = overrides::types(&surveys, names, settings, comma_likely, &mut Vec::new());
    let mut kinds = self::kinds(&surveys, &types, &outline);
    for _ in 0..N_TRIES {
        let plan = Plan::new(&outline, kinds, settings);
        let Some((merger, looks, fingerprint)) =
            read_blocks::<S>(source, n_bytes, &plan, limits, progress)?
        else {
            return Ok(None);
        };
        match complete(merger, looks, &plan, &outline, settings) {
            Completion::Done(store, words, report) => {
                return Ok(Some((Whole { plan, store, words }, *report, fingerprint)));
            }
            Completion::OtherKinds(others) => kinds = others,
            Completion::Unsuited => return Ok(None),
        }
    }
    Ok(None)
}

/// What the first part of a file shows, if it is of the usual kind.
fn outline(
    source: &mut (impl Read + Seek),
    settings: &CsvSource,
    n_bytes: u64,
    largest_file: u64,
) -> Result<Option<Outline>, DataError> {
    /// What the encoding is told by.
    const FEWEST_BYTES: usize = 4096;
    if n_bytes > largest_file {
        return Ok(None);
    }
    source.rewind().map_err(unreadable)?;
    let mut start = Vec::new();
    source.take(SAMPLE_BYTES).read_to_end(&mut start).map_err(unreadable)?;
    if n_bytes > start.len() as u64 {
        let end = start.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        if end < FEWEST_BYTES {
            return Ok(None);
        }
        start.truncate(end);
    }
    let stated = encoding_named(&settings.encoding);
    let skip = settings.skip.unwrap_or(0);
    if !settings.missing.is_empty()
        || !settings.encoding.is_empty() && stated != Some(UTF_8)
        || !are_plain_lines(&start, skip)
    {
        return Ok(None);
    }
    // What is wrong with a file is said by the other reader.
    let Ok(scan) = scan(Cursor::new(&start), stated, skip) else {
        return Ok(None);
    };
    if scan.encoding != UTF_8 || scan.not_utf_8_line.is_some() || scan.guessed_utf_16 {
        return Ok(None);
    }
    let outline = outline_of(source, scan, settings)?;
    let dialect = outline.dialect;
    let is_usual = |byte: u8| {
        byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\0 \r\n+-.".contains(&byte)
    };
    let fits = dialect.separator == Separator::One
        && !dialect.escape
        && is_usual(dialect.delimiter)
        && is_usual(dialect.quote)
        && dialect.quote != dialect.delimiter
        && outline.shape.width > 0;
    Ok(fits.then_some(outline))
}

/// Whether the first part of a file goes on behind this many lines, in which there is no quote that
/// a row could be taken to begin with.
fn are_plain_lines(start: &[u8], n: u64) -> bool {
    let mut at = 0;
    for _ in 0..n {
        let Some(end) = start[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            return false;
        };
        if start[at..at + end].iter().any(|byte| matches!(byte, b'"' | b'\'')) {
            return false;
        }
        at = fields::line_after(start, at + end);
    }
    at < start.len()
}

/// How the columns are read. Where any number has a comma, it takes a look at all numbers to know
/// what points and commas mean.
fn kinds(surveys: &[Survey], types: &[Type], outline: &Outline) -> Vec<Kind> {
    let have_commas = have_commas(surveys, types);
    let kind = |(column_type, hints): (&Type, &Hints)| match *column_type {
        Type::Numeric(Decimal::Point) if !have_commas && !hints.has_unclear_points => Kind::Plain,
        Type::Nominal => Kind::Words,
        other => Kind::Looked(other),
    };
    types.iter().zip(&outline.hints).map(kind).collect()
}

/// Whether any column of numbers has commas.
fn have_commas(surveys: &[Survey], types: &[Type]) -> bool {
    let is_number = |kind: &Type| matches!(kind, Type::Numeric(_));
    surveys.iter().zip(types).any(|(survey, kind)| is_number(kind) && survey.has_commas())
}

/// What the threads share.
struct Shared<'p, R, S: Store> {
    blocks: Mutex<Blocks<R>>,
    merger: Mutex<Merger<'p, S>>,
    /// A piece was added.
    added: Condvar,
    stopped: AtomicBool,
}

impl<R, S: Store> Shared<'_, R, S> {
    /// Ends the work and the waiting of all threads.
    fn stop(&self) {
        // With the lock, so that no thread is between its look at `stopped` and its wait.
        let _merger = lock(&self.merger);
        self.stopped.store(true, Ordering::Relaxed);
        self.added.notify_all();
    }
}

/// Ends the waiting of the others where a thread ends before its time.
struct StopOnPanic<'a, 'p, R, S: Store>(&'a Shared<'p, R, S>);

impl<R, S: Store> Drop for StopOnPanic<'_, '_, R, S> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What reading the blocks gives: the pieces together, what was looked at, the fingerprint.
type Blockwise<'p, S> = (Merger<'p, S>, Vec<Looks>, String);

fn read_blocks<'p, S: Store>(
    source: &mut (impl Read + Seek + Send),
    n_bytes: u64,
    plan: &'p Plan,
    limits: Limits,
    progress: &'p Progress,
) -> Result<Option<Blockwise<'p, S>>, DataError> {
    source.rewind().map_err(unreadable)?;
    progress.begin(n_bytes, 1);
    let source = Watched::new(source, progress);
    let blocks = Blocks::new(source, plan.delimiter, plan.quote, limits.block_bytes);
    let shared = Shared {
        blocks: Mutex::new(blocks),
        merger: Mutex::new(Merger::<S>::new(plan, n_bytes, limits.largest, progress)),
        added: Condvar::new(),
        stopped: AtomicBool::new(false),
    };
    let n_threads = limits.n_threads.min((n_bytes as usize).div_ceil(limits.block_bytes)).max(1);
    let mut looks = vec![Looks::default(); plan.kinds.len()];
    let mut gather = |found: Vec<Looks>| {
        looks.iter_mut().zip(found).for_each(|(all, some)| all.add(&some));
    };
    thread::scope(|scope| {
        let work = || work(&shared, plan, limits);
        let others: Vec<_> = (1..n_threads)
            .map_while(|index| {
                let name = format!("descent-reader-{index}");
                thread::Builder::new().name(name).spawn_scoped(scope, work).ok()
            })
            .collect();
        let mut result = work().map(&mut gather);
        for other in others {
            match other.join() {
                Ok(found) => result = result.and(found.map(&mut gather)),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        result
    })?;
    let blocks = shared.blocks.into_inner().unwrap_or_else(PoisonError::into_inner);
    let merger = shared.merger.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = merger.failure {
        return Err(error);
    }
    if merger.is_unsuited {
        return Ok(None);
    }
    Ok(Some((merger, looks, blocks.hasher.finalize().to_hex().to_string())))
}

/// What one thread does: read a block, parse it, hand it over, until there are no more.
fn work<R: Read, S: Store>(
    shared: &Shared<'_, R, S>,
    plan: &Plan,
    limits: Limits,
) -> Result<Vec<Looks>, DataError> {
    let _guard = StopOnPanic(shared);
    let mut parser = Parser::new(plan);
    let mut block = Block::default();
    let mut spare = Vec::new();
    while !shared.stopped.load(Ordering::Relaxed) {
        let next = lock(&shared.blocks).next(&mut block);
        match next {
            Ok(Next::Block) => {}
            Ok(Next::End) => break,
            Ok(Next::Unsuited) => {
                lock(&shared.merger).is_unsuited = true;
                shared.stop();
                break;
            }
            Err(error) => {
                shared.stop();
                return Err(unreadable(error));
            }
        }
        let values = lock(&shared.merger).buffer();
        let piece = parser.parse(&block, values).map(|mut piece| {
            S::arrange(&mut piece.values, plan.n_numbers, &mut spare);
            piece
        });
        let mut merger = lock(&shared.merger);
        match piece {
            Some(piece) => merger.take(block.index, piece, block.n_bytes),
            None => merger.is_unsuited = true,
        }
        if merger.is_unsuited {
            drop(merger);
            shared.stop();
            break;
        }
        shared.added.notify_all();
        while merger.n_waiting() > 2 * limits.n_threads && !shared.stopped.load(Ordering::Relaxed) {
            merger = shared.added.wait(merger).unwrap_or_else(PoisonError::into_inner);
        }
    }
    Ok(parser.looks)
}

/// What the whole of a file shows.
enum Completion<S> {
    Done(S, Vec<merge::Levels>, Box<ReadReport>),
    /// The first part told other types.
    OtherKinds(Vec<Kind>),
    Unsuited,
}

fn complete<S: Store>(
    mut merger: Merger<'_, S>,
    looks: Vec<Looks>,
    plan: &Plan,
    outline: &Outline,
    settings: &CsvSource,
) -> Completion<S> {
    if merger.overflowed {
        return Completion::Unsuited;
    }
    let mut surveys = surveys(&merger, &looks, plan);
    let Some(end) = end_of_table(&merger, &surveys, plan) else {
        return Completion::Unsuited;
    };
    let n_rows = merger.n_rows;
    merger.release(end);
    let below = std::mem::take(&mut merger.held);
    if merger.n_rows > n_rows {
        surveys = self::surveys(&merger, &looks, plan);
    }
    let Some(store) = merger.store.take().filter(|_| !merger.is_unsuited) else {
        return Completion::Unsuited;
    };
    let comma_likely = outline.dialect.delimiter != b',';
    if let (Footer::From(line), first) = (settings.footer, below.first())
        && first.map(|row| row.line) != Some(line)
    {
        return Completion::Unsuited;
    }
    let mut remarks = Vec::new();
    let types = overrides::types(&surveys, &plan.shape.names, settings, comma_likely, &mut remarks);
    let all_known = !have_commas(&surveys, &types) || !plan.kinds.contains(&Kind::Plain);
    let is_right = |(column_type, kind): (&Type, &Kind)| kind.column_type() == *column_type;
    if !all_known || !types.iter().zip(&plan.kinds).all(is_right) {
        return Completion::OtherKinds(kinds(&surveys, &types, outline));
    }
    if !weights_are_sound(&store, plan, settings) {
        return Completion::Unsuited;
    }
    let first_below: Vec<SampleRow> =
        below.first().map(|row| (row.line, row.fields.clone())).into_iter().collect();
    for row in below {
        merger.skipped.add(row.line, || reason_below(&(row.line, row.fields)));
    }
    let mut report = begin_report(outline);
    report.warnings.extend(remarks);
    report.decisions = decisions(outline, settings, &types, &first_below);
    report.n_rows = merger.n_rows;
    let n_above = list_above(outline, &mut report);
    let room = MOST_REPORTED.saturating_sub(n_above);
    report.skipped.extend(merger.skipped.first.into_iter().take(room));
    report.repaired = merger.repaired.first;
    let counts = [n_above + merger.skipped.n, merger.repaired.n];
    remark_on_rows(&merger.bad, &plan.shape.names, &types, counts, &mut report);
    end_report(outline, &types, &surveys, &mut report);
    Completion::Done(store, merger.words, Box::new(report))
}

/// The line of the first row below the table; `None` where more rows could be one than may wait.
fn end_of_table<S: Store>(merger: &Merger<'_, S>, surveys: &[Survey], plan: &Plan) -> Option<u64> {
    let width = plan.kinds.len();
    let mut waiting = Waiting::default();
    for row in &merger.held {
        let field = |j: usize| row.fields.get(j).map_or("", String::as_str);
        if fate(row.fields.len(), field, &plan.shape).is_read() {
            if waiting.is_full() {
                return None;
            }
            waiting.push((row.line, row.fields.clone()), row.after_gap);
        }
    }
    let first_is_numeric = surveys.first().is_some_and(Survey::is_mostly_numbers);
    let [_, below] = match merger.n_rows {
        0 => Default::default(), // what follows nothing is the table
        _ => waiting.part(width, first_is_numeric),
    };
    Some(below.first().map_or(u64::MAX, |(line, _)| *line))
}

/// What the cells of each column look like.
fn surveys<S: Store>(merger: &Merger<'_, S>, looks: &[Looks], plan: &Plan) -> Vec<Survey> {
    let survey = |j: usize| {
        let place = plan.places[j];
        let mut looks = looks[j].clone();
        looks.add(&merger.parser.looks[j]);
        let mut survey = looks.survey;
        match (plan.kinds[j], &merger.store) {
            (Kind::Words, _) => {
                let words = &merger.words[place];
                let mut counts = vec![0; words.levels.len()];
                words.codes.iter().flatten().for_each(|code| counts[*code as usize] += 1);
                for (level, n) in words.levels.iter().zip(counts) {
                    survey.look_often(level, n);
                }
            }
            (Kind::Plain, Some(store)) => {
                let is_missing = |value: &S::Value| value.to_f64().is_nan();
                let n_plain = if looks.n_looked_at == 0 {
                    // One is as good as many.
                    usize::from(!store.column(place).all(|value| is_missing(&value)))
                } else {
                    let n_missing = store.column(place).filter(is_missing).count();
                    merger.n_rows - looks.n_looked_at - (n_missing - looks.n_missing)
                };
                survey.add_numbers(n_plain);
            }
            _ => {}
        }
        survey
    };
    (0..plan.kinds.len()).map(survey).collect()
}

/// Whether all weights can be used; if not, the other reader says why.
fn weights_are_sound<S: Store>(store: &S, plan: &Plan, settings: &CsvSource) -> bool {
    let names = &plan.shape.names;
    let named = names.iter().position(|name| *name == settings.weights);
    let Some(j) = named.filter(|_| !settings.weights.is_empty()) else {
        return true;
    };
    let is_sound = |value: f64| value.is_finite() && value >= 0.0;
    plan.kinds[j] != Kind::Words
        && store.column(plan.places[j]).all(|value| is_sound(value.to_f64()))
}

#[cfg(test)]
mod tests;
