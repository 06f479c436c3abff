//! Rows above a table that are no rows of it: titles, comments, `key: value`, other tables.

use super::header::{are_groups, are_names, comment_names, header_rows, looks_like_names, votes};
use super::shape::{SampleRow, comment_mark, n_used};
use crate::data::Header;
use crate::data::csv::MOST_OUTSIDE;
use crate::data::csv::cells::values::Look;

/// How many rows stand above the table: titles, comments, `key: value` and blank rows.
///
/// One piece of text where the table has several columns is no row of it. Rows that hold a few
/// values more could be ragged ones; they stand above the table only if a row of names follows, or
/// if they stand between such pieces of text.
pub(in crate::data::csv) fn n_before(rows: &[SampleRow], common: usize, header: Header) -> usize {
    /// How many rows of a table follow more than a title, at least.
    const FEWEST_ROWS: usize = 2;
    let mut n_certain = 0;
    let mut all_certain = true;
    let is_long = |tail: &[SampleRow]| {
        let n_full = tail.iter().filter(|(_, fields)| fields.len() >= common).count();
        n_full > FEWEST_ROWS
    };
    for (index, (_, fields)) in rows.iter().enumerate().take(MOST_OUTSIDE) {
        let tail = &rows[index + 1..];
        let is_last = tail.len() == 1 && !is_hint(fields) && header != Header::Absent;
        if tail.is_empty() || is_last && all_certain {
            break;
        }
        if comment_mark(fields).is_some() && fields.len() >= common && !is_bare(fields, common) {
            // Names behind a comment sign, unless names follow.
            let next = tail.iter().position(|(_, fields)| comment_mark(fields).is_none());
            let names_itself = next == Some(0) && {
                let (_, after) = &tail[0];
                after.len() == fields.len()
                    && !(tail.len() > 1 && looks_like_names(after, &tail[1..]))
                    && looks_like_names(fields, tail)
            };
            if names_itself || next.is_none() {
                break;
            }
            if all_certain {
                n_certain = index + 1;
            }
        } else if comment_names(fields, tail).is_some() {
            return index;
        } else if is_remark(fields, common) && (all_certain || n_certain > 0 && is_long(tail)) {
            n_certain = index + 1;
        } else if comment_mark(fields).is_some() || is_remark(fields, common) {
            if all_certain {
                n_certain = index + 1;
            }
        } else if all_certain && is_cut_prose(rows, index, common) {
            n_certain = index + 1;
        } else if may_stand_above(fields, common) {
            all_certain = false;
        } else if !all_certain {
            let is_table = fields.len() >= common && begins_table(rows, index);
            let top = if is_table { Some(index) } else { with_gaps(rows) };
            return top.map_or(n_certain, |top| levels_above(rows, top, n_certain));
        } else {
            return n_certain;
        }
    }
    let top = if all_certain { None } else { with_gaps(rows) };
    top.map_or(n_certain, |top| levels_above(rows, top, n_certain).max(n_certain))
}

/// Whether the first row says how large the table is, as some sample data sets do: numbers among few
/// fields, where all other rows have more than twice as many.
pub(super) fn counts_above(rows: &[SampleRow], common: usize) -> bool {
    /// The fewest rows that show how wide the table is.
    const FEWEST: usize = 5;
    let Some(((_, first), data)) = rows.split_first() else { return false };
    let is_count = |field: &String| Look::of(field.trim()) == Look::Whole;
    first.len() >= 2
        && first.len() * 2 < common
        && first.iter().take(2).all(is_count)
        && n_used(first) == first.len()
        && data.len() >= FEWEST
        && data.iter().all(|(_, fields)| fields.len() == common)
}

/// Whether a row of prose, cut where its blanks are, stands above names and rows that all have fewer
/// fields.
fn is_cut_prose(rows: &[SampleRow], index: usize, common: usize) -> bool {
    /// The fewest rows of the table.
    const FEWEST: usize = 3;
    let tail = &rows[index + 1..];
    let Some(top) = tail.iter().take(MOST_OUTSIDE).position(|(_, row)| row.len() == common) else {
        return false;
    };
    let table = &tail[top..];
    rows[index].1.len() > common
        && table.len() > FEWEST
        && table.iter().all(|(_, row)| row.len() <= common)
        && begins_table(tail, top)
        && votes(&table[0].1, &table[1..]) > 0
}

/// Whether the row at `index` names the columns of a table below rows of a few values each. Where
/// words stand over words, nothing but titles may stand above.
fn begins_table(rows: &[SampleRow], index: usize) -> bool {
    let ((_, fields), tail) = (&rows[index], &rows[index + 1..]);
    let titles_alone = rows[..index].iter().all(|(_, fields)| n_used(fields) <= 1);
    are_names(fields, tail)
        && if titles_alone { looks_like_names(fields, tail) } else { votes(fields, tail) > 0 }
}

/// The row of names below titles where it has gaps: words, more of them than a title and a
/// `key, value` have, over columns of numbers.
fn with_gaps(rows: &[SampleRow]) -> Option<usize> {
    /// The fewest names of such a row.
    const FEWEST: usize = 3;
    let fewest = |fields: &[String]| {
        let has_corner = fields.first().is_some_and(|corner| corner.trim().is_empty());
        if has_corner { FEWEST - 1 } else { FEWEST }
    };
    let is_wide = |(_, fields): &SampleRow| n_used(fields) >= fewest(fields);
    let index = rows.iter().take(MOST_OUTSIDE).position(is_wide)?;
    let ((_, fields), tail) = (&rows[index], &rows[index + 1..]);
    (index > 0 && are_names(fields, tail) && votes(fields, tail) > 0).then_some(index)
}

/// The first of the rows of names of which the last is at `top`: groups of columns stand above it.
fn levels_above(rows: &[SampleRow], mut top: usize, n_certain: usize) -> usize {
    while top > n_certain {
        let (_, fields) = &rows[top - 1];
        let is_group = n_used(fields) >= 2
            && are_groups(fields)
            && fields.iter().skip(2).any(|name| !name.trim().is_empty())
            && matches!(header_rows(fields, &rows[top..]), Header::Levels | Header::Rows(_));
        if !is_group {
            break;
        }
        top -= 1;
    }
    top
}

/// Where a table begins among the rows that stand above another, with names of its own. It is the
/// table of the file unless the other one is much larger.
pub(super) fn table_above(rows: &[SampleRow], n_before: usize) -> Option<usize> {
    /// How many cells a row has at least that is no title and no `key, value`.
    const FEWEST: usize = 3;
    /// How many times as long another table is that is taken instead.
    const MUCH: usize = 3;
    let above = &rows[..n_before];
    let first = above.iter().position(|(_, fields)| n_used(fields) >= FEWEST)?;
    let (_, names) = &above[first];
    let width = names.iter().rposition(|name| !name.trim().is_empty())? + 1;
    let belongs = |(_, fields): &&SampleRow| {
        n_used(fields) > 0 && n_used(&fields[width.min(fields.len())..]) == 0
    };
    let run: Vec<SampleRow> = above[first + 1..].iter().take_while(belongs).cloned().collect();
    let n_full = run.iter().filter(|(_, fields)| n_used(fields) >= FEWEST).count();
    let n_after = rows.len() - n_before;
    (n_full >= 2
        && n_after < MUCH * (run.len() + 1)
        && are_names(names, &run)
        && votes(names, &run) > 0)
        .then_some(first)
}

/// The hint at the delimiter that some spreadsheets write.
fn is_hint(fields: &[String]) -> bool {
    fields.first().is_some_and(|field| field.trim().starts_with("sep="))
}

/// Whether the first field is a comment sign alone, with as many others as there are columns.
fn is_bare(fields: &[String], common: usize) -> bool {
    fields.len() == common + 1
        && fields.first().is_some_and(|first| comment_mark(fields) == Some(first.trim()))
}

/// A title or comment above a table: one piece of text where the table has several columns.
fn is_remark(fields: &[String], common: usize) -> bool {
    let text = fields.first().is_some_and(|field| Look::of(field.trim()) == Look::Text);
    is_hint(fields) || common > 1 && fields.len() < common && n_used(fields) == 1 && text
}

/// A row with so few values that it may be a title or a `key, value` above a table.
fn may_stand_above(fields: &[String], common: usize) -> bool {
    let n_used = n_used(fields);
    n_used == 0 || common >= 2 && n_used < common
}
