//! How many fields the rows of a table have, where not all have the same number.

use std::ops::Range;

use crate::data::csv::MOST_OUTSIDE;

/// The commonest number and how often it occurs; the larger of equally common ones.
pub(in crate::data::csv) fn commonest(widths: &[usize]) -> (usize, usize) {
    let mut sorted = widths.to_vec();
    sorted.sort_unstable();
    let groups = sorted.chunk_by(|a, b| a == b);
    groups.map(|group| (group[0], group.len())).max_by_key(|(_, n)| *n).unwrap_or((0, 0))
}

/// The number of fields of most rows, and the rows from the first to the last that have it.
///
/// A few rows above or below a table do not make it ragged; where more than [`MOST_OUTSIDE`] do not
/// fit on a side, they belong to it. Where there are more such rows than rows of the table, the
/// latter are those of one width that take most of the second half.
pub(in crate::data::csv) fn body(widths: &[usize]) -> (usize, Range<usize>) {
    let (mut width, n_rows) = commonest(widths);
    let half = &widths[widths.len() / 2..];
    let (late, n_late) = commonest(half);
    if late > width && n_late * 2 > half.len() && n_late >= 2 && n_rows <= MOST_OUTSIDE {
        width = late;
    }
    if width == 1
        && let Some((wide, rows)) = long_run(widths)
    {
        return (wide, rows);
    }
    let first = widths.iter().position(|other| *other == width).unwrap_or(0);
    let last = widths.iter().rposition(|other| *other == width).unwrap_or(0);
    let start = if first <= MOST_OUTSIDE { first } else { 0 };
    let end = if last + MOST_OUTSIDE >= widths.len() { last + 1 } else { widths.len() };
    (width, start..end.min(widths.len()))
}

/// The longest run of rows with the same number of fields, where rows of a single field are the most:
/// titles and notes around a table. There are so many fields, in so many rows, that no text has them by
/// chance.
fn long_run(widths: &[usize]) -> Option<(usize, Range<usize>)> {
    const FEWEST_ROWS: usize = 8;
    const FEWEST_FIELDS: usize = 5;
    let mut start = 0;
    let runs = widths.chunk_by(|a, b| a == b).map(|run| {
        start += run.len();
        (run[0], start - run.len()..start)
    });
    let (width, rows) = runs.max_by_key(|(_, rows)| rows.len())?;
    let is_table = width >= FEWEST_FIELDS && rows.len() >= FEWEST_ROWS;
    let is_near = rows.start <= MOST_OUTSIDE && widths.len() - rows.end <= MOST_OUTSIDE;
    (is_table && is_near).then_some((width, rows))
}

/// How many rows of a single field begin a file, where they are more than stand above a table otherwise
/// and nearly all rows below them have the same number of fields. They may be prose, or a column whose
/// other values have separators in them.
pub(in crate::data::csv) fn n_single(widths: &[usize]) -> Option<usize> {
    /// The fewest rows of the table.
    const FEWEST: usize = 5;
    let n = widths.iter().take_while(|width| **width == 1).count();
    let (width, n_alike) = commonest(&widths[n..]);
    let is_table = width >= 2 && n_alike >= FEWEST && n_alike * 10 >= (widths.len() - n) * 9;
    (n > MOST_OUTSIDE && is_table).then_some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_outside_a_table_do_not_count() {
        assert_eq!(body(&[1, 1, 2, 1, 1, 1, 4, 4, 4, 4, 4, 1, 1]), (4, 6..11));
        assert_eq!(body(&[2, 2, 3, 1, 2]), (2, 0..5));
        assert_eq!(body(&[[2; 90], [3; 90]].concat()).0, 3, "the larger of equally common ones");
        assert_eq!(body(&[vec![1; 90], vec![3; 20]].concat()).0, 1, "a column");
        let around = [vec![1; 8], vec![6; 9], vec![1; 7]].concat();
        assert_eq!(body(&around), (6, 8..17), "notes above and below");
        let text = [vec![1; 8], vec![3; 9], vec![1; 7]].concat();
        assert_eq!(body(&text).0, 1, "so few separators are in text too");
    }

    #[test]
    fn many_rows_of_a_single_field_begin_a_file() {
        assert_eq!(n_single(&[vec![1; 90], vec![3; 20]].concat()), Some(90));
        assert_eq!(n_single(&[vec![1; 90], vec![3; 20], vec![2; 20]].concat()), None, "no table");
        assert_eq!(n_single(&[vec![1; 9], vec![3; 20]].concat()), None, "as above any table");
    }
}
