//! What is known of the columns of a table after one look at all rows.

use super::{Cells, Column, DataError, Loaded, Progress};

/// Missing cells of a column, and the range and mean of its numbers, over all rows wherever they are.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnOverview {
    /// Missing cells.
    pub n_missing: usize,
    /// Smallest, mean and largest; `None` without a number.
    pub numbers: Option<[f64; 3]>,
}

/// Numbers so far.
#[derive(Clone)]
struct Sums {
    n_missing: usize,
    n: usize,
    sum: f64,
    low: f64,
    high: f64,
}

impl Sums {
    fn look(&mut self, column: &Column) {
        match &column.cells {
            Cells::Nominal { codes, .. } => {
                self.n_missing += codes.iter().filter(|code| code.is_none()).count();
            }
            Cells::Numeric(values) => {
                for value in values {
                    if value.is_nan() {
                        self.n_missing += 1;
                        continue;
                    }
                    self.n += 1;
                    self.sum += value;
                    self.low = self.low.min(*value);
                    self.high = self.high.max(*value);
                }
            }
        }
    }
}

/// Looks once at all rows, some at a time.
///
/// # Errors
/// Where a temporary file with the rows can no longer be read.
pub fn overview(loaded: &Loaded) -> Result<Vec<ColumnOverview>, DataError> {
    let columns = &loaded.table.columns;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let nothing =
        Sums { n_missing: 0, n: 0, sum: 0.0, low: f64::INFINITY, high: f64::NEG_INFINITY };
    let mut all = vec![nothing; columns.len()];
    loaded.for_each_rows(&names, &Progress::default(), |table, _| {
        all.iter_mut().zip(&table.columns).for_each(|(sums, column)| sums.look(column));
        Ok(())
    })?;
    let numbers = |sums: &Sums| [sums.low, sums.sum / sums.n as f64, sums.high];
    let told = |sums: Sums| ColumnOverview {
        n_missing: sums.n_missing,
        numbers: (sums.n > 0).then(|| numbers(&sums)),
    };
    Ok(all.into_iter().map(told).collect())
}
