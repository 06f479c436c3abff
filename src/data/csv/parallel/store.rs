//! Where the numbers of a file go.

use std::sync::{Mutex, PoisonError};

use crate::data::DataError;
use crate::data::store::{Part, TableWriter};
use crate::math::Scalar;

/// A place for numbers that come block by block, each a few rows of all columns of numbers.
pub(in crate::data::csv) trait Store: Send {
    /// What a number is kept as.
    type Value: Scalar;

    /// Whether all numbers are in memory, where they may not be too many.
    const IS_IN_MEMORY: bool;

    /// Room for about so many rows of columns of numbers and columns of words.
    fn new(n_numbers: usize, n_words: usize, n_rows: usize) -> Self;

    /// Puts the rows of a block into the order in which they are kept. Workers do this side by side.
    fn arrange(values: &mut Vec<Self::Value>, n_columns: usize, spare: &mut Vec<Self::Value>);

    /// Adds an arranged block.
    ///
    /// # Errors
    /// Where there is no room for it.
    fn add(&mut self, values: &[Self::Value]) -> Result<(), DataError>;

    /// Adds the rows of a block for each column of words: which of its words stands there.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    fn add_words(&mut self, codes: &[Vec<Option<u32>>]) -> Result<(), DataError>;

    /// The numbers of a column.
    fn column(&self, index: usize) -> impl Iterator<Item = Self::Value>;
}

/// Each column for itself.
pub(in crate::data::csv) struct Columns {
    pub(in crate::data::csv) numbers: Vec<Vec<f64>>,
    pub(in crate::data::csv) words: Vec<Vec<Option<u32>>>,
}

impl Store for Columns {
    type Value = f64;
    const IS_IN_MEMORY: bool = true;

    fn new(n_numbers: usize, n_words: usize, n_rows: usize) -> Self {
        Self {
            numbers: (0..n_numbers).map(|_| Vec::with_capacity(n_rows)).collect(),
            words: (0..n_words).map(|_| Vec::with_capacity(n_rows)).collect(),
        }
    }

    fn arrange(values: &mut Vec<f64>, n_columns: usize, spare: &mut Vec<f64>) {
        if n_columns < 2 {
            return;
        }
        let n_rows = values.len() / n_columns;
        spare.clear();
        spare.resize(values.len(), 0.0);
        // A few columns at a time, so that a row's neighbours are read while they are at hand.
        const AT_ONCE: usize = 8;
        for (columns, first) in
            spare.chunks_mut(AT_ONCE * n_rows.max(1)).zip((0..n_columns).step_by(AT_ONCE))
        {
            let last = (first + AT_ONCE).min(n_columns);
            for (i, row) in values.chunks_exact(n_columns).enumerate() {
                for (j, value) in row[first..last].iter().enumerate() {
                    columns[j * n_rows + i] = *value;
                }
            }
        }
        std::mem::swap(values, spare);
    }

    fn add(&mut self, values: &[f64]) -> Result<(), DataError> {
        let n_rows = values.len() / self.numbers.len().max(1);
        for (column, values) in self.numbers.iter_mut().zip(values.chunks(n_rows.max(1))) {
            column.extend_from_slice(values);
        }
        Ok(())
    }

    fn add_words(&mut self, codes: &[Vec<Option<u32>>]) -> Result<(), DataError> {
        self.words.iter_mut().zip(codes).for_each(|(all, some)| all.extend_from_slice(some));
        Ok(())
    }

    fn column(&self, index: usize) -> impl Iterator<Item = f64> {
        self.numbers[index].iter().copied()
    }
}

/// Row after row, in the order of the file.
pub(in crate::data::csv) struct Rows {
    n_columns: usize,
    pub(in crate::data::csv) values: Vec<f32>,
}

impl Store for Rows {
    type Value = f32;
    const IS_IN_MEMORY: bool = true;

    fn new(n_columns: usize, _: usize, n_rows: usize) -> Self {
        Self { n_columns, values: Vec::with_capacity(n_columns * n_rows) }
    }

    fn arrange(_: &mut Vec<f32>, _: usize, _: &mut Vec<f32>) {}

    fn add(&mut self, values: &[f32]) -> Result<(), DataError> {
        self.values.extend_from_slice(values);
        Ok(())
    }

    /// Words have no place among numbers.
    fn add_words(&mut self, _: &[Vec<Option<u32>>]) -> Result<(), DataError> {
        Ok(())
    }

    fn column(&self, index: usize) -> impl Iterator<Item = f32> {
        self.values.iter().skip(index).step_by(self.n_columns.max(1)).copied()
    }
}

/// Each column for itself, in a file.
pub(in crate::data::csv) struct OnFile {
    /// None for a table without columns of numbers.
    numbers: Option<TableWriter>,
    /// None for one without columns of words.
    words: Option<TableWriter>,
    /// The first thing that went wrong; nothing is kept from then on.
    error: Mutex<Option<DataError>>,
}

impl OnFile {
    fn fail(&self, error: DataError) {
        let mut first = self.error.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(error);
    }

    /// The columns of numbers, if there are any, and then those of words.
    pub(in crate::data::csv) fn finish(self) -> Result<Vec<Part>, DataError> {
        match self.error.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => {
                let writers = self.numbers.into_iter().chain(self.words);
                writers.map(TableWriter::into_part).collect()
            }
        }
    }
}

impl Store for OnFile {
    type Value = f64;
    const IS_IN_MEMORY: bool = false;

    fn new(n_numbers: usize, n_words: usize, n_rows: usize) -> Self {
        let mut store = Self { numbers: None, words: None, error: Mutex::default() };
        for (n_columns, place) in [(n_numbers, &mut store.numbers), (n_words, &mut store.words)] {
            match (n_columns > 0).then(|| TableWriter::new(n_columns, n_rows)).transpose() {
                Ok(writer) => *place = writer,
                Err(error) => {
                    *store.error.get_mut().unwrap_or_else(PoisonError::into_inner) = Some(error)
                }
            }
        }
        store
    }

    fn arrange(values: &mut Vec<f64>, n_columns: usize, spare: &mut Vec<f64>) {
        Columns::arrange(values, n_columns, spare);
    }

    fn add(&mut self, values: &[f64]) -> Result<(), DataError> {
        let error = self.error.get_mut().unwrap_or_else(PoisonError::into_inner);
        match error.take() {
            Some(error) => Err(error),
            None => self.numbers.as_mut().map_or(Ok(()), |writer| writer.append_columns(values)),
        }
    }

    fn add_words(&mut self, codes: &[Vec<Option<u32>>]) -> Result<(), DataError> {
        self.words.as_mut().map_or(Ok(()), |writer| writer.append_codes(codes))
    }

    fn column(&self, index: usize) -> impl Iterator<Item = f64> {
        let blocks = self.numbers.iter().flat_map(move |writer| writer.column(index));
        let whole = blocks.map_while(|block| match block {
            Ok(values) => Some(values),
            Err(error) => {
                let what = format!("the temporary file for the rows cannot be read: {error}");
                self.fail(DataError::new(what));
                None
            }
        });
        whole.flatten()
    }
}
