//! Numbers of one part of the samples, in memory or in a file: features, targets, weights.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use super::scratch::{Scratch, check_room, unreadable};
use crate::data::DataError;
use crate::math::Number;

/// Rows in a file that are kept in memory too, to look at.
const HEAD_ROWS: usize = 10_000;
/// Bytes that they may take, at most.
const HEAD_BYTES: usize = 8 << 20;
/// Numbers read at once where all are gone through.
const PIECE: usize = 1 << 16;

/// Numbers `[n_samples × width]`, row-major: encoded features, or one target or weight of each sample.
///
/// As a slice (`&values[..]`) these are the numbers at hand: all of them in memory, and of those in a file the
/// first rows, up to 10,000. What needs more than a look goes through [`read`](Self::read).
#[derive(Clone, Debug)]
pub struct Values<V = f64>(Place<V>);

#[derive(Clone, Debug)]
enum Place<V> {
    Memory(Vec<V>),
    File(Arc<OnFile<V>>),
}

#[derive(Debug)]
struct OnFile<V> {
    numbers: Scratch,
    width: usize,
    /// The first rows.
    head: Vec<V>,
    /// Bytes that rows may take in memory while they are trained on.
    memory: u64,
}

/// Rows of so many numbers that are shown at once where they are in a file.
pub(crate) fn rows_at_once(width: usize) -> usize {
    (PIECE / width.max(1)).max(1)
}

impl<V: Number> Values<V> {
    /// How many numbers there are, samples times width.
    pub fn n_values(&self) -> u64 {
        match &self.0 {
            Place::Memory(values) => values.len() as u64,
            Place::File(file) => file.numbers.n_numbers(),
        }
    }

    /// Bytes of rows that may be in memory at a time; `None` where all are.
    pub fn memory(&self) -> Option<u64> {
        match &self.0 {
            Place::Memory(_) => None,
            Place::File(file) => Some(file.memory),
        }
    }

    /// Reads `to.len()` numbers from the one with index `first` on, in the number type of a run.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read.
    ///
    /// # Panics
    /// Where there are not as many in memory.
    pub fn read<T: Number>(&self, first: u64, to: &mut [T]) -> Result<(), DataError> {
        match &self.0 {
            Place::Memory(values) => {
                let values = &values[first as usize..][..to.len()];
                to.iter_mut().zip(values).for_each(|(to, value)| *to = T::from_f64(value.to_f64()));
                Ok(())
            }
            Place::File(file) => file.numbers.read(first, to).map_err(unreadable),
        }
    }

    /// Shows all rows to `look`, in order, some at a time.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read.
    pub fn for_each_rows(&self, mut look: impl FnMut(&[V])) -> Result<(), DataError> {
        let (file, width) = match &self.0 {
            Place::Memory(values) => {
                look(values);
                return Ok(());
            }
            Place::File(file) => (file, file.width),
        };
        let mut values = vec![V::default(); rows_at_once(width) * width];
        let (mut first, n) = (0, file.numbers.n_numbers());
        while first < n {
            let n_read = (values.len() as u64).min(n - first);
            let values = &mut values[..n_read as usize];
            file.numbers.read(first, values).map_err(unreadable)?;
            look(values);
            first += n_read;
        }
        Ok(())
    }
}

impl<V: Number> Values<V> {
    /// What `change` makes of each, in a file where `memory` is stated (see [`ValuesWriter::new`]).
    ///
    /// # Errors
    /// As [`for_each_rows`](Self::for_each_rows), and where the disk is full.
    pub fn map(mut self, memory: Option<u64>, change: impl Fn(V) -> V) -> Result<Self, DataError> {
        if let (Place::Memory(values), None) = (&mut self.0, memory) {
            values.iter_mut().for_each(|value| *value = change(*value));
            return Ok(self);
        }
        let mut writer = ValuesWriter::new(self.n_values() as usize, 1, memory)?;
        let (mut changed, mut result) = (Vec::new(), Ok(()));
        self.for_each_rows(|values| {
            changed.clear();
            changed.extend(values.iter().map(|value| change(*value)));
            if result.is_ok() {
                result = writer.append(&changed);
            }
        })?;
        result.map(|()| writer.finish())
    }

    /// All of them in memory.
    ///
    /// # Errors
    /// As [`for_each_rows`](Self::for_each_rows).
    pub fn all(&self) -> Result<Cow<'_, [V]>, DataError> {
        if let Place::Memory(values) = &self.0 {
            return Ok(Cow::Borrowed(values));
        }
        let mut all = Vec::with_capacity(self.n_values() as usize);
        self.for_each_rows(|values| all.extend_from_slice(values))?;
        Ok(Cow::Owned(all))
    }
}

impl<V> Deref for Values<V> {
    type Target = [V];

    fn deref(&self) -> &[V] {
        match &self.0 {
            Place::Memory(values) => values,
            Place::File(file) => &file.head,
        }
    }
}

impl<V> Default for Values<V> {
    fn default() -> Self {
        Self(Place::Memory(Vec::new()))
    }
}

impl<V> From<Vec<V>> for Values<V> {
    fn from(values: Vec<V>) -> Self {
        Self(Place::Memory(values))
    }
}

impl<V> FromIterator<V> for Values<V> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        Vec::from_iter(values).into()
    }
}

/// Those at hand.
impl<'a, V> IntoIterator for &'a Values<V> {
    type Item = &'a V;
    type IntoIter = std::slice::Iter<'a, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Equal numbers, wherever they are. Those in a file are compared as far as they are at hand, and by
/// their number.
impl<V: Number> PartialEq for Values<V> {
    fn eq(&self, other: &Self) -> bool {
        let n = self.len().min(other.len());
        self.n_values() == other.n_values() && self[..n] == other[..n]
    }
}

impl<V: Number, const N: usize> PartialEq<[V; N]> for Values<V> {
    fn eq(&self, other: &[V; N]) -> bool {
        self.n_values() == N as u64 && self[..] == other[..]
    }
}

/// Gathers numbers row by row, in memory or in a file.
#[derive(Debug)]
pub struct ValuesWriter<V = f64> {
    values: Vec<V>,
    /// Numbers kept as the head.
    n_head: usize,
    file: Option<(Scratch, u64)>,
    width: usize,
}

impl<V: Number> ValuesWriter<V> {
    /// For `n_rows` rows of `width` numbers. They go to a file where `memory` is stated: the bytes that
    /// rows may take in memory while they are trained on.
    ///
    /// # Errors
    /// Where there can be no temporary file.
    pub fn new(n_rows: usize, width: usize, memory: Option<u64>) -> Result<Self, DataError> {
        let head_rows = HEAD_ROWS.min(HEAD_BYTES / size_of::<f64>() / width.max(1)).max(1);
        let (file, kept) = match memory {
            None => (None, n_rows),
            Some(memory) => {
                check_room((n_rows as u64).saturating_mul((width * size_of::<f64>()) as u64))?;
                (Some((Scratch::new()?, memory)), n_rows.min(head_rows))
            }
        };
        let n_head = kept * width;
        Ok(Self { values: Vec::with_capacity(n_head), n_head, file, width })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn append(&mut self, rows: &[V]) -> Result<(), DataError> {
        let Some((file, _)) = &mut self.file else {
            self.values.extend_from_slice(rows);
            return Ok(());
        };
        let n_missing = self.n_head - self.values.len();
        self.values.extend_from_slice(&rows[..n_missing.min(rows.len())]);
        file.append(rows)
    }

    /// The numbers.
    pub fn finish(self) -> Values<V> {
        Values(match self.file {
            None => Place::Memory(self.values),
            Some((numbers, memory)) => Place::File(Arc::new(OnFile {
                numbers,
                width: self.width,
                head: self.values,
                memory,
            })),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(n_rows: usize, memory: Option<u64>) -> Values {
        let values: Vec<f64> = (0..n_rows * 3).map(|i| i as f64 / 7.0).collect();
        let mut writer = ValuesWriter::new(n_rows, 3, memory).unwrap();
        values.chunks(300).for_each(|rows| writer.append(rows).unwrap());
        writer.finish()
    }

    #[test]
    fn a_file_holds_what_memory_holds_and_the_first_rows_are_at_hand() {
        let [memory, file] = [None, Some(1 << 20)].map(|limit| values(25_000, limit));
        assert_eq!((memory.n_values(), file.n_values()), (75_000, 75_000));
        assert_eq!((memory.memory(), file.memory()), (None, Some(1 << 20)));
        assert_eq!((memory.len(), file.len()), (75_000, 3 * HEAD_ROWS));
        assert_eq!(memory, file);
        assert_eq!(memory[..file.len()], file[..]);
        let (mut all, mut n_looks) = (Vec::new(), 0);
        file.for_each_rows(|rows| {
            assert_eq!(rows.len() % 3, 0, "whole rows");
            all.extend_from_slice(rows);
            n_looks += 1;
        })
        .unwrap();
        assert_eq!(all, memory[..]);
        assert!(n_looks > 1);
        let [mut a, mut b] = [[0.0_f32; 9]; 2];
        memory.read(71_111, &mut a).unwrap();
        file.read(71_111, &mut b).unwrap();
        assert_eq!(a, b);
        assert_ne!(values(24_999, None), memory);
    }
}
