//! The columns of a table in a file.

use std::io;
use std::ops::Range;

use super::scratch::{Scratch, check_room, unreadable};
use crate::data::{Cells, Column, DataError, Table};

/// Bytes of a block, about: what is in memory of a table that is in a file.
const BLOCK_BYTES: usize = 4 << 20;
/// A missing name, among the indices of levels.
const MISSING: f64 = -1.0;

/// A table in a file: column by column within blocks of rows, so that one column is read without
/// the others, and some rows without the rest.
#[derive(Debug)]
pub struct TableStore {
    parts: Vec<Part>,
    columns: Vec<StoredColumn>,
    n_rows: usize,
    block: usize,
}

/// A column of a table in a file.
#[derive(Debug)]
pub struct StoredColumn {
    /// The name of the column.
    pub name: String,
    /// Its levels; `None` for numbers.
    pub levels: Option<Vec<String>>,
    /// In which part of the store it is.
    pub part: usize,
    /// Its place among the columns of that part.
    pub place: usize,
}

/// Some columns of a table in a file.
#[derive(Debug)]
pub struct Part {
    numbers: Scratch,
    n_columns: usize,
    n_rows: usize,
    block: usize,
}

impl Part {
    /// Some rows of a column.
    fn values(&self, column: usize, rows: Range<usize>) -> io::Result<Vec<f64>> {
        let mut values = vec![0.0; rows.len()];
        let mut to = values.as_mut_slice();
        let mut row = rows.start;
        while !to.is_empty() {
            let first = row - row % self.block;
            let size = self.block.min(self.n_rows - first);
            let inside = row - first;
            let (some, rest) = to.split_at_mut((size - inside).min(to.len()));
            self.numbers.read((first * self.n_columns + column * size + inside) as u64, some)?;
            row += some.len();
            to = rest;
        }
        Ok(values)
    }
}

/// Two are equal where they are one: what is in a file is compared by its fingerprint.
impl PartialEq for TableStore {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl TableStore {
    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// A table of columns in several parts, which have as many rows.
    pub fn of_parts(parts: Vec<Part>, columns: Vec<StoredColumn>) -> Self {
        let n_rows = parts.first().map_or(0, |part| part.n_rows);
        let block = parts.iter().map(|part| part.block).min().unwrap_or(1);
        Self { parts, columns, n_rows, block }
    }

    /// Rows that are best read together.
    pub fn block(&self) -> usize {
        self.block
    }

    /// A whole column: 8 bytes for each row, 16 where it is nominal.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read.
    pub fn column(&self, index: usize) -> Result<Column, DataError> {
        self.cells(index, 0..self.n_rows)
    }

    /// Some rows. Of the columns with other names than `wants` there is the name alone.
    ///
    /// # Errors
    /// As [`column`](Self::column).
    pub fn rows(
        &self,
        rows: Range<usize>,
        wants: impl Fn(&str) -> bool,
    ) -> Result<Table, DataError> {
        let column = |(index, column): (usize, &StoredColumn)| match wants(&column.name) {
            true => self.cells(index, rows.clone()),
            false => Ok(Column { name: column.name.clone(), cells: Cells::Numeric(Vec::new()) }),
        };
        let columns = self.columns.iter().enumerate().map(column);
        Ok(Table { columns: columns.collect::<Result<_, _>>()? })
    }

    fn cells(&self, index: usize, rows: Range<usize>) -> Result<Column, DataError> {
        let StoredColumn { name, levels, part, place } = &self.columns[index];
        let values = self.parts[*part].values(*place, rows).map_err(unreadable)?;
        let cells = match levels {
            None => Cells::Numeric(values),
            Some(levels) => Cells::Nominal {
                levels: levels.clone(),
                codes: values.iter().map(|code| (*code >= 0.0).then_some(*code as u32)).collect(),
            },
        };
        Ok(Column { name: name.clone(), cells })
    }
}

/// Gathers a table, some rows at a time.
#[derive(Debug)]
pub struct TableWriter {
    numbers: Scratch,
    /// The cells of the block that is not full yet, for each column.
    pending: Vec<Vec<f64>>,
    n_rows: usize,
    block: usize,
}

impl TableWriter {
    /// For a table of `n_columns` (1 or more) and about `n_rows`.
    ///
    /// # Errors
    /// Where there can be no temporary file, or none of that size.
    pub fn new(n_columns: usize, n_rows: usize) -> Result<Self, DataError> {
        check_room((n_rows as u64).saturating_mul((n_columns * size_of::<f64>()) as u64))?;
        let block = (BLOCK_BYTES / size_of::<f64>() / n_columns.max(1)).clamp(64, 65_536);
        let pending = vec![Vec::with_capacity(block); n_columns];
        Ok(Self { numbers: Scratch::new()?, pending, n_rows: 0, block })
    }

    /// Adds rows: `cells`, as many of each column, one column after the other. The indices of levels are
    /// those of the list that [`finish`](Self::finish) is given.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn append<'a>(
        &mut self,
        cells: impl IntoIterator<Item = &'a Cells>,
    ) -> Result<(), DataError> {
        for (pending, cells) in self.pending.iter_mut().zip(cells) {
            match cells {
                Cells::Numeric(values) => pending.extend_from_slice(values),
                Cells::Nominal { codes, .. } => {
                    pending.extend(codes.iter().map(|code| code.map_or(MISSING, f64::from)));
                }
            }
        }
        self.write(self.block)
    }

    /// Writes blocks of `least` rows or more, as long as there are so many.
    fn write(&mut self, least: usize) -> Result<(), DataError> {
        let n_pending = self.pending.first().map_or(0, Vec::len);
        let mut start = 0;
        while n_pending - start >= least.max(1) {
            let end = (start + self.block).min(n_pending);
            for cells in &self.pending {
                self.numbers.append(&cells[start..end])?;
            }
            self.n_rows += end - start;
            start = end;
        }
        if start > 0 {
            self.pending.iter_mut().for_each(|cells| drop(cells.drain(..start)));
        }
        Ok(())
    }

    /// The table, with the names of its columns and the levels of those that are nominal.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn finish(
        self,
        columns: impl IntoIterator<Item = (String, Option<Vec<String>>)>,
    ) -> Result<TableStore, DataError> {
        let columns = columns.into_iter().enumerate();
        let columns =
            columns.map(|(place, (name, levels))| StoredColumn { name, levels, part: 0, place });
        let columns = columns.collect();
        Ok(TableStore::of_parts(vec![self.into_part()?], columns))
    }

    /// The columns as a part of a table.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn into_part(mut self) -> Result<Part, DataError> {
        self.write(1)?;
        let Self { numbers, pending, n_rows, block } = self;
        Ok(Part { numbers, n_columns: pending.len(), n_rows, block })
    }

    /// Adds numbers of as many rows for each column, one column after the other.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn append_columns(&mut self, values: &[f64]) -> Result<(), DataError> {
        let n_rows = values.len() / self.pending.len().max(1);
        for (pending, values) in self.pending.iter_mut().zip(values.chunks(n_rows.max(1))) {
            pending.extend_from_slice(values);
        }
        self.write(self.block)
    }

    /// Adds the levels of as many rows for each column.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn append_codes(&mut self, codes: &[Vec<Option<u32>>]) -> Result<(), DataError> {
        for (pending, codes) in self.pending.iter_mut().zip(codes) {
            pending.extend(codes.iter().map(|code| code.map_or(MISSING, f64::from)));
        }
        self.write(self.block)
    }

    /// A column as far as it is there, block by block; an error where the temporary file cannot be read.
    pub fn column(&self, index: usize) -> impl Iterator<Item = io::Result<Vec<f64>>> {
        let n_columns = self.pending.len();
        let block = move |first: usize| {
            let mut values = vec![0.0; self.block];
            let start = (first * n_columns + index * self.block) as u64;
            self.numbers.read(start, &mut values).map(|()| values)
        };
        let blocks = (0..self.n_rows).step_by(self.block).map(block);
        blocks.chain(std::iter::once_with(move || Ok(self.pending[index].clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `x`, a number with gaps, and `c`, one of two names or missing.
    fn table(n: usize) -> Table {
        let x = (0..n).map(|i| if i % 11 == 0 { f64::NAN } else { i as f64 / 3.0 });
        let codes = (0..n).map(|i| [Some(1), None, Some(0)][i % 3]);
        let levels = vec!["red".to_owned(), "blue".to_owned()];
        let cells = Cells::Nominal { levels, codes: codes.collect() };
        Table {
            columns: vec![
                Column { name: "x".into(), cells: Cells::Numeric(x.collect()) },
                Column { name: "c".into(), cells },
            ],
        }
    }

    fn part(column: &Column, rows: Range<usize>) -> Column {
        let cells = match &column.cells {
            Cells::Numeric(values) => Cells::Numeric(values[rows].to_vec()),
            Cells::Nominal { levels, codes } => {
                Cells::Nominal { levels: levels.clone(), codes: codes[rows].to_vec() }
            }
        };
        Column { name: column.name.clone(), cells }
    }

    /// As text, in which a missing number equals another.
    fn text(columns: &[Column]) -> String {
        format!("{columns:?}")
    }

    #[test]
    fn columns_and_rows_come_back_whatever_the_pieces() {
        let whole = table(150_000);
        for pieces in [vec![150_000], vec![1, 65_535, 2, 84_462], vec![70_000; 2]] {
            let mut writer = TableWriter::new(2, 0).unwrap();
            let mut start = 0;
            for n in &pieces {
                let some = whole.columns.iter().map(|column| part(column, start..start + n).cells);
                writer.append(&some.collect::<Vec<_>>()).unwrap();
                start += n;
            }
            let levels = vec!["red".to_owned(), "blue".to_owned()];
            let store = writer.finish([("x".into(), None), ("c".into(), Some(levels))]).unwrap();
            assert_eq!(store.n_rows(), pieces.iter().sum::<usize>());
            for column in 0..2 {
                let expected = part(&whole.columns[column], 0..store.n_rows());
                assert!(text(&[store.column(column).unwrap()]) == text(&[expected]));
            }
            for rows in [0..10, 65_530..65_540, 131_000..139_999, 7..7] {
                let found = store.rows(rows.clone(), |_| true).unwrap();
                let expected: Vec<Column> =
                    whole.columns.iter().map(|column| part(column, rows.clone())).collect();
                assert!(text(&found.columns) == text(&expected), "{rows:?}");
            }
        }
    }
}
