//! Reads the usual kind of file on all cores, in one pass: UTF-8, one character between fields,
//! quotes doubled inside quotes.
//!
//! Dialect and types are decided on the first part of the file ([`plan`]). Blocks that end with a row
//! are then read side by side ([`threads`], [`piece`]) while the file is hashed and checked
//! ([`blocks`]), and put together in order ([`merge`]). All cells are counted as in a reading row by
//! row, so that in the end it is known whether the types were right ([`completion`]); if not, they are
//! now, and the file is read again. What cannot
//! be decided in this way is left to [`read_in_turn`](super::read::read_in_turn), to which table,
//! report and hash are equal in every case.

mod blocks;
mod cells;
mod completion;
mod fields;
mod lexicon;
mod merge;
mod numbers;
mod piece;
mod plan;
mod rows;
mod store;
mod threads;
mod words;

use std::io::{Read, Seek, SeekFrom};

use super::cells::columns::Survey;
use super::overrides;
use super::text::encoding::unreadable;
use crate::data::csv::cells::bare::bare;
use crate::data::progress::Progress;
use crate::data::store::{StoredColumn, TableStore};
use crate::data::{Cells, Column, CsvSource, DataError, ReadReport};
use completion::{Completion, complete};
use piece::Kind;
use plan::{Plan, outline};
use store::{Columns, OnFile, Rows, Store};
pub(super) use threads::Limits;
use threads::read_blocks;
use words::Levels;

/// How often a file is read before it is left to the other reader: once with the types of its first
/// part, once with those of the whole.
const N_TRIES: usize = 2;

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
    let mut numbers = whole.store.numbers.into_iter();
    let mut words = whole.words.into_iter().zip(whole.store.words);
    let columns = whole.plan.kinds.iter().zip(whole.plan.shape.names).map(|(kind, name)| {
        let cells = match kind {
            Kind::Words => {
                let (Levels { levels, .. }, mut codes) = words.next().unwrap_or_default();
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

/// Reads a table to a file; `None` where the other reader has to.
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
    let parts = whole.store.finish()?;
    let mut levels = whole.words.into_iter().map(|words| words.levels);
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
    words: Vec<Levels>,
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
    let mut kinds = plan::kinds(&surveys, &types, &outline);
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

#[cfg(test)]
mod tests;
