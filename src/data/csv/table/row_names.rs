//! Rows with names of their own, over whose column the header has none.

use std::collections::HashSet;

use super::shape::SampleRow;
use crate::data::csv::cells::values::Look;

/// Whether the first column names the rows and the `n_names` names belong to the others, as R and
/// pandas write tables: nearly all rows have exactly one field more, the last is used, and the first
/// holds words or dates that are all different, or whole numbers that count up by one.
///
/// One name fewer is also what is left where the last column has none; there the first column mostly
/// repeats its values, and the names stay where they are.
pub(super) fn has_row_names(n_names: usize, data: &[SampleRow]) -> bool {
    let n_rows = data.iter().filter(|(_, fields)| fields.len() > 1).count();
    let rows = || data.iter().filter(|(_, fields)| fields.len() == n_names + 1);
    let n_wide = rows().count();
    if n_names == 0 || n_wide == 0 || n_wide * 5 < n_rows * 4 {
        return false;
    }
    if rows().all(|(_, fields)| fields.last().is_none_or(|last| last.trim().is_empty())) {
        return false;
    }
    let first = || rows().map(|(_, fields)| fields[0].trim());
    let whole: Option<Vec<i64>> = first().map(|cell| cell.parse().ok()).collect();
    if let Some(whole) = whole {
        let counts = whole.windows(2).all(|pair| pair[1].checked_sub(pair[0]) == Some(1));
        return counts && (n_wide > 1 || whole[0] <= 1);
    }
    let is_name = |cell: &str| matches!(Look::of(cell), Look::Text | Look::Date);
    let mut seen = HashSet::new();
    n_wide > 1 && first().all(|cell| is_name(cell) && seen.insert(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(n_names: usize, text: &str) -> bool {
        let row = |line: &str| (1, line.split(',').map(str::to_owned).collect());
        let rows: Vec<SampleRow> = text.lines().map(row).collect();
        has_row_names(n_names, &rows)
    }

    #[test]
    fn what_differs_in_every_row_names_it() {
        assert!(found(2, "a,1,2\nb,3,4"));
        assert!(found(2, "0,1,2\n1,3,4\n2,5,6"));
        assert!(found(2, "2020-01-01,1,2\n2020-01-02,3,4"));
        assert!(!found(2, "a,1,2\na,3,4"), "a value twice");
        assert!(!found(2, "1,1,2\n3,3,4"), "numbers that do not count");
        assert!(!found(2, "a,1,\nb,3,"), "separators at the ends of the rows");
        assert!(!found(2, "a,1,2\n,3,4"), "a gap");
        assert!(!found(3, "a,1,2\nb,3,4"), "as many names as columns");
        assert!(!found(1, "a,1,2\nb,3,4"), "two too few");
        assert!(!found(2, "a,1,2\nb,3\nc,4"), "rows as short as the names");
    }
}
