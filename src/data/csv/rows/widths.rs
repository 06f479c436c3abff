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
    let first = widths.iter().position(|other| *other == width).unwrap_or(0);
    let last = widths.iter().rposition(|other| *other == width).unwrap_or(0);
    let start = if first <= MOST_OUTSIDE { first } else { 0 };
    let end = if last + MOST_OUTSIDE >= widths.len() { last + 1 } else { widths.len() };
    (width, start..end.min(widths.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_outside_a_table_do_not_count() {
        assert_eq!(body(&[1, 1, 2, 1, 1, 1, 4, 4, 4, 4, 4, 1, 1]), (4, 6..11));
        assert_eq!(body(&[2, 2, 3, 1, 2]), (2, 0..5));
        assert_eq!(body(&[[2; 90], [3; 90]].concat()).0, 3, "the larger of equally common ones");
    }
}
