//! The encoded features of one part, in memory or in a file.

use std::io;
use std::ops::Deref;
use std::sync::Arc;

use super::scratch::Scratch;
use crate::data::DataError;
use crate::math::Scalar;

/// Rows of features in a file that are kept in memory too, to look at.
const HEAD_ROWS: usize = 10_000;
/// Bytes that they may take, at most.
const HEAD_BYTES: usize = 8 << 20;
/// Numbers read at once where all are gone through.
const PIECE: usize = 1 << 16;

/// Features `[n_samples × n_features]`, row-major.
///
/// As a slice (`&features[..]`) these are the features at hand: all of them in memory, and of those in a file the
/// first rows, up to 10,000. What needs more than a look goes through [`read`](Self::read).
#[derive(Clone, Debug)]
pub struct Features(Place);

#[derive(Clone, Debug)]
enum Place {
    Memory(Vec<f64>),
    File(Arc<OnFile>),
}

#[derive(Debug)]
struct OnFile {
    numbers: Scratch,
    n_features: usize,
    /// The first rows.
    head: Vec<f64>,
    /// Bytes that rows may take in memory while they are trained on.
    memory: u64,
}

/// Rows of so many features that are shown at once where they are in a file.
pub(crate) fn rows_at_once(n_features: usize) -> usize {
    (PIECE / n_features.max(1)).max(1)
}

impl Features {
    /// How many numbers there are, samples times features.
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
    pub fn read<T: Scalar>(&self, first: u64, to: &mut [T]) -> io::Result<()> {
        match &self.0 {
            Place::Memory(values) => {
                let values = &values[first as usize..][..to.len()];
                to.iter_mut().zip(values).for_each(|(to, value)| *to = T::from_f64(*value));
                Ok(())
            }
            Place::File(file) => file.numbers.read(first, to),
        }
    }

    /// Shows all rows to `look`, in order, some at a time.
    ///
    /// # Errors
    /// Where the temporary file can no longer be read.
    pub fn for_each_rows(&self, mut look: impl FnMut(&[f64])) -> io::Result<()> {
        let (file, n_features) = match &self.0 {
            Place::Memory(values) => {
                look(values);
                return Ok(());
            }
            Place::File(file) => (file, file.n_features),
        };
        let mut values = vec![0.0; rows_at_once(n_features) * n_features];
        let (mut first, n) = (0, file.numbers.n_numbers());
        while first < n {
            let n_read = (values.len() as u64).min(n - first);
            let values = &mut values[..n_read as usize];
            file.numbers.read(first, values)?;
            look(values);
            first += n_read;
        }
        Ok(())
    }
}

impl Deref for Features {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        match &self.0 {
            Place::Memory(values) => values,
            Place::File(file) => &file.head,
        }
    }
}

impl Default for Features {
    fn default() -> Self {
        Self(Place::Memory(Vec::new()))
    }
}

impl From<Vec<f64>> for Features {
    fn from(values: Vec<f64>) -> Self {
        Self(Place::Memory(values))
    }
}

/// Equal numbers, wherever they are. Those in a file are compared as far as they are at hand, and by
/// their number.
impl PartialEq for Features {
    fn eq(&self, other: &Self) -> bool {
        let n = self.len().min(other.len());
        self.n_values() == other.n_values() && self[..n] == other[..n]
    }
}

impl<const N: usize> PartialEq<[f64; N]> for Features {
    fn eq(&self, other: &[f64; N]) -> bool {
        self.n_values() == N as u64 && self[..] == other[..]
    }
}

/// Gathers features row by row, in memory or in a file.
#[derive(Debug)]
pub struct FeaturesWriter {
    values: Vec<f64>,
    /// Numbers kept as the head.
    n_head: usize,
    file: Option<(Scratch, u64)>,
    n_features: usize,
}

impl FeaturesWriter {
    /// For `n_rows` rows of `n_features`. They go to a file where `memory` is stated: the bytes that
    /// rows may take in memory while they are trained on.
    ///
    /// # Errors
    /// Where there can be no temporary file.
    pub fn new(n_rows: usize, n_features: usize, memory: Option<u64>) -> Result<Self, DataError> {
        let head_rows = HEAD_ROWS.min(HEAD_BYTES / size_of::<f64>() / n_features.max(1)).max(1);
        let (file, kept) = match memory {
            None => (None, n_rows),
            Some(memory) => (Some((Scratch::new()?, memory)), n_rows.min(head_rows)),
        };
        let n_head = kept * n_features;
        Ok(Self { values: Vec::with_capacity(n_head), n_head, file, n_features })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn append(&mut self, rows: &[f64]) -> Result<(), DataError> {
        let Some((file, _)) = &mut self.file else {
            self.values.extend_from_slice(rows);
            return Ok(());
        };
        let n_missing = self.n_head - self.values.len();
        self.values.extend_from_slice(&rows[..n_missing.min(rows.len())]);
        file.append(rows)
    }

    /// The features.
    pub fn finish(self) -> Features {
        Features(match self.file {
            None => Place::Memory(self.values),
            Some((numbers, memory)) => Place::File(Arc::new(OnFile {
                numbers,
                n_features: self.n_features,
                head: self.values,
                memory,
            })),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(n_rows: usize, memory: Option<u64>) -> Features {
        let values: Vec<f64> = (0..n_rows * 3).map(|i| i as f64 / 7.0).collect();
        let mut writer = FeaturesWriter::new(n_rows, 3, memory).unwrap();
        values.chunks(300).for_each(|rows| writer.append(rows).unwrap());
        writer.finish()
    }

    #[test]
    fn a_file_holds_what_memory_holds_and_the_first_rows_are_at_hand() {
        let [memory, file] = [None, Some(1 << 20)].map(|limit| features(25_000, limit));
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
        assert_ne!(features(24_999, None), memory);
    }
}
