use crate::data::{Cells, Column};

/// Which values come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The smallest.
    Ascending,
    /// The largest.
    Descending,
}

/// The rows of a table in the order of a column: numbers by their size, names alphabetically without
/// regard to case. Missing ones come last in both directions, and rows that are equal stay as they were.
pub fn sorted_rows(column: &Column, direction: Direction) -> Vec<u32> {
    match &column.cells {
        Cells::Numeric(values) => {
            sorted(values.len(), direction, |row| (!values[row].is_nan()).then(|| key(values[row])))
        }
        Cells::Nominal { levels, codes } => {
            let ranks = ranks(levels);
            sorted(codes.len(), direction, |row| {
                codes[row].map(|code| u64::from(ranks[code as usize]))
            })
        }
    }
}

/// A whole number that grows with `x`; the same for both zeros.
fn key(x: f64) -> u64 {
    let bits = (x + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The place of each level among all of them.
fn ranks(levels: &[String]) -> Vec<u32> {
    let lower: Vec<String> = levels.iter().map(|level| level.to_lowercase()).collect();
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by(|a, b| (&lower[*a], &levels[*a]).cmp(&(&lower[*b], &levels[*b])));
    let mut ranks = vec![0; levels.len()];
    order.iter().zip(0..).for_each(|(level, rank)| ranks[*level] = rank);
    ranks
}

fn sorted(n_rows: usize, direction: Direction, key: impl Fn(usize) -> Option<u64>) -> Vec<u32> {
    let keyed = |row: usize| {
        // Turned round rather than sorted backwards, so that equal rows stay in order.
        let key = key(row).map(|key| if direction == Direction::Descending { !key } else { key });
        (key.is_none(), key.unwrap_or(0), row as u32)
    };
    let mut rows: Vec<(bool, u64, u32)> = (0..n_rows).map(keyed).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(_, _, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_sorted_as_numbers_with_missing_ones_last() {
        let values = vec![10.0, f64::NAN, 9.0, -1.0, 9.0, f64::NAN, -f64::INFINITY, 0.0, -0.0];
        let column = Column { name: "x".into(), cells: Cells::Numeric(values) };
        assert_eq!(sorted_rows(&column, Direction::Ascending), [6, 3, 7, 8, 2, 4, 0, 1, 5]);
        assert_eq!(sorted_rows(&column, Direction::Descending), [0, 2, 4, 7, 8, 3, 6, 1, 5]);
    }

    #[test]
    fn names_are_sorted_as_in_a_dictionary() {
        let levels = ["pear", "Apple", "banana", "apple"].map(str::to_owned).to_vec();
        let codes = vec![Some(0), Some(1), None, Some(2), Some(3), Some(0)];
        let column = Column { name: "x".into(), cells: Cells::Nominal { levels, codes } };
        assert_eq!(sorted_rows(&column, Direction::Ascending), [1, 4, 3, 0, 5, 2]);
        assert_eq!(sorted_rows(&column, Direction::Descending), [0, 5, 3, 4, 1, 2]);
    }
}
