//! Rows of numbers as a run reads them: in its number type, from memory or from a file.

use super::Values;
use crate::data::DataError;
use crate::math::Number;
use crate::math::team::Team;

/// Numbers that are worth waking another thread for when they are copied.
const MIN_COPIED: usize = 1 << 15;
/// The same when they are read from a file.
const MIN_READ: usize = 1 << 13;
/// Bytes of a block where the order of the rows asks for no other size.
const BLOCK_BYTES: usize = 1 << 20;
/// A block that is in no place of the cache.
const NOWHERE: u32 = u32::MAX;

/// In what order a run goes through its rows, which decides what is kept in memory of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// From the first to the last.
    InOrder,
    /// `window` blocks of `block` rows at a time.
    Blocks {
        /// Rows of a block.
        block: usize,
        /// Blocks at a time.
        window: usize,
    },
    /// Any row at any time.
    Anywhere,
}

/// What is kept in memory of rows in a file: so many blocks of so many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Rows of a block; the last may have fewer.
    block: usize,
    n_blocks: usize,
}

impl Kept {
    /// As many of `n_rows` rows as go into `memory` bytes, of which a row takes `row_bytes`; `None` where
    /// blocks would be read more often than they are used, so that single rows are better.
    pub fn new(memory: u64, n_rows: usize, row_bytes: usize, reading: Reading) -> Option<Self> {
        let row_bytes = row_bytes.max(1);
        let usual = ((BLOCK_BYTES as u64).min(memory) as usize / row_bytes).max(1);
        let (block, n_needed) = match reading {
            Reading::InOrder => (usual, 1),
            Reading::Blocks { block, window } => (block, window),
            Reading::Anywhere => (usual, usize::MAX),
        };
        let block = block.clamp(1, n_rows.max(1));
        let n_in_all = n_rows.div_ceil(block);
        let n_blocks = ((memory / (block as u64 * row_bytes as u64)) as usize).min(n_in_all);
        let is_enough = n_blocks > 0 && n_blocks >= n_needed.min(n_in_all);
        is_enough.then_some(Self { block, n_blocks })
    }

    /// Rows that are kept.
    pub fn n_rows(&self) -> usize {
        self.block * self.n_blocks
    }
}

/// The rows of one part, `width` numbers each.
///
/// `T` is what they are read as, `V` what they were written as.
pub struct Rows<T, V = f64> {
    width: usize,
    place: Place<T, V>,
}

enum Place<T, V> {
    Memory(Vec<T>),
    File { values: Values<V>, cache: Option<Cache<T>>, page: Vec<T> },
}

impl<T: Number, V: Number> Rows<T, V> {
    /// The rows of `values`, of which [`range`](Self::range) is asked for up to `page` at once. `kept` is
    /// what stays in memory of those in a file where they are gathered.
    pub fn new(values: &Values<V>, width: usize, page: usize, kept: Option<Kept>) -> Self {
        let place = match values.memory() {
            None => Place::Memory(values.iter().map(|value| T::from_f64(value.to_f64())).collect()),
            Some(_) => {
                let n_rows = (values.n_values() / width.max(1) as u64) as usize;
                Place::File {
                    values: values.clone(),
                    cache: kept.map(|kept| Cache::new(kept, n_rows, width)),
                    page: vec![T::default(); page.min(n_rows) * width],
                }
            }
        };
        Self { width, place }
    }

    /// The rows `start..end`.
    ///
    /// # Panics
    /// Where the temporary file can no longer be read: the run ends with these words as its status.
    pub fn range(&mut self, start: usize, end: usize, team: &Team) -> &[T] {
        let width = self.width;
        match &mut self.place {
            Place::Memory(values) => &values[start * width..end * width],
            Place::File { values, page, .. } => {
                let page = &mut page[..(end - start) * width];
                read(values, start * width, width, page, team);
                page
            }
        }
    }

    /// Copies `samples` to `to`, one after the other.
    ///
    /// # Panics
    /// As [`range`](Self::range).
    #[inline]
    pub fn gather(&mut self, samples: &[u32], to: &mut [T], team: &Team) {
        match &self.place {
            Place::Memory(from) if self.width == 1 => {
                for (value, sample) in to.iter_mut().zip(samples) {
                    *value = from[*sample as usize];
                }
            }
            _ => self.gather_rows(samples, to, team),
        }
    }

    fn gather_rows(&mut self, samples: &[u32], to: &mut [T], team: &Team) {
        let width = self.width;
        match &mut self.place {
            Place::Memory(from) => {
                let min_rows = MIN_COPIED.div_ceil(width.max(1));
                team.for_each_rows(to, width, min_rows, |first, rows| {
                    let rows = rows.chunks_exact_mut(width.max(1));
                    for (row, sample) in rows.zip(&samples[first..]) {
                        row.copy_from_slice(&from[*sample as usize * width..][..width]);
                    }
                });
            }
            Place::File { values, cache, .. } => {
                if let Some(cache) = cache {
                    cache.admit(samples, values, team);
                }
                let (values, cache) = (&*values, cache.as_ref());
                let min_rows = match cache {
                    Some(_) => MIN_COPIED.div_ceil(width.max(1)),
                    // A read costs as much as the copy of some hundred numbers.
                    None => MIN_READ.div_ceil(width + 300),
                };
                team.for_each_rows(to, width, min_rows, |first, rows| {
                    let rows = rows.chunks_exact_mut(width.max(1));
                    for (row, sample) in rows.zip(&samples[first..]) {
                        match cache.and_then(|cache| cache.row(*sample)) {
                            Some(kept) => row.copy_from_slice(kept),
                            None => read_some(values, *sample as usize * width, row),
                        }
                    }
                });
            }
        }
    }
}

/// Blocks of rows that are kept in memory; the one that was not used for longest makes room.
struct Cache<T> {
    n_rows: usize,
    width: usize,
    /// Rows of a block; the last may have fewer.
    block: usize,
    /// For each block its place, or `NOWHERE`.
    place_of: Vec<u32>,
    /// For each place its block, and the batch that used it last.
    places: Vec<(u32, u64)>,
    values: Vec<T>,
    n_batches: u64,
}

impl<T: Number> Cache<T> {
    /// An empty one.
    fn new(kept: Kept, n_rows: usize, width: usize) -> Self {
        Self {
            n_rows,
            width,
            block: kept.block,
            place_of: vec![NOWHERE; n_rows.div_ceil(kept.block)],
            places: vec![(NOWHERE, 0); kept.n_blocks],
            values: vec![T::default(); kept.n_rows() * width],
            n_batches: 0,
        }
    }

    /// Reads the blocks of a batch that are not there, as far as there is room beside its others.
    fn admit<V: Number>(&mut self, samples: &[u32], values: &Values<V>, team: &Team) {
        self.n_batches += 1;
        for sample in samples {
            let block = *sample as usize / self.block;
            if self.place_of[block] == NOWHERE && !self.load(block, values, team) {
                continue;
            }
            self.places[self.place_of[block] as usize].1 = self.n_batches;
        }
    }

    /// Reads a block; false where this batch needs all that is there.
    fn load<V: Number>(&mut self, block: usize, values: &Values<V>, team: &Team) -> bool {
        let oldest = self.places.iter().enumerate().min_by_key(|(_, (_, last))| *last);
        let Some((place, &(old, last))) = oldest else { return false };
        if last == self.n_batches {
            return false;
        }
        if old != NOWHERE {
            self.place_of[old as usize] = NOWHERE;
        }
        let (width, first) = (self.width, block * self.block);
        let n_rows = self.block.min(self.n_rows - first);
        let kept = &mut self.values[place * self.block * width..][..n_rows * width];
        read(values, first * width, width, kept, team);
        self.places[place] = (block as u32, self.n_batches);
        self.place_of[block] = place as u32;
        true
    }

    fn row(&self, sample: u32) -> Option<&[T]> {
        let (block, inside) = (sample as usize / self.block, sample as usize % self.block);
        let place = self.place_of[block];
        (place != NOWHERE).then(|| {
            let row = place as usize * self.block + inside;
            &self.values[row * self.width..][..self.width]
        })
    }
}

fn read<T: Number>(
    values: &Values<impl Number>,
    first: usize,
    width: usize,
    to: &mut [T],
    team: &Team,
) {
    let min_rows = MIN_READ.div_ceil(width.max(1));
    team.for_each_rows(to, width, min_rows, |row, rows| {
        read_some(values, first + row * width, rows);
    });
}

fn read_some<T: Number>(values: &Values<impl Number>, first: usize, to: &mut [T]) {
    values.read(first as u64, to).unwrap_or_else(|error| unreadable(&error));
}

/// Ends a run whose rows cannot be read: the disk itself failed. A run that panics says so in its status,
/// and nothing else stops.
pub(crate) fn unreadable(error: &DataError) -> ! {
    panic!("{error}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::store::ValuesWriter;
    use crate::math::random::{Purpose, Stream};

    const N: usize = 1000;

    fn features(memory: Option<u64>) -> Values {
        let values: Vec<f64> = (0..N * 3).map(|i| 1.0 / (i + 1) as f64).collect();
        let mut writer = ValuesWriter::new(N, 3, memory).unwrap();
        writer.append(&values).unwrap();
        writer.finish()
    }

    /// Every limit, from none of the rows to all of them, and every order give the same rows.
    #[test]
    fn rows_are_the_same_from_everywhere() {
        let in_memory = features(None);
        let mut expected = Rows::<f32, f64>::new(&in_memory, 3, 64, None);
        let mut stream = Stream::new(1, Purpose::Shuffling);
        let jumping: Vec<u32> = (0..700).map(|_| stream.below(N as u32)).collect();
        let local: Vec<u32> = (0..2000).map(|i| 300 + (i * 7) % 200).collect();
        for memory in [0, 100, 2_400, 12_000, 1 << 20] {
            let on_file = features(Some(memory));
            for reading in [
                Reading::InOrder,
                Reading::Anywhere,
                Reading::Blocks { block: 50, window: 4 },
                Reading::Blocks { block: 5000, window: 40 },
            ] {
                for n_threads in [1, 3] {
                    let team = Team::new(n_threads);
                    let kept = Kept::new(memory, N, 3 * size_of::<f32>(), reading);
                    let mut rows = Rows::<f32, f64>::new(&on_file, 3, 64, kept);
                    for samples in [&jumping, &local] {
                        for batch in samples.chunks(33) {
                            let [mut a, mut b] = [(); 2].map(|()| vec![0.0; batch.len() * 3]);
                            expected.gather(batch, &mut a, &team);
                            rows.gather(batch, &mut b, &team);
                            assert_eq!(a, b, "{memory} {reading:?}");
                        }
                    }
                    for (start, end) in [(0, 64), (990, N), (500, 501)] {
                        let a = expected.range(start, end, &team).to_vec();
                        assert_eq!(a, rows.range(start, end, &team));
                    }
                }
            }
        }
    }

    /// 4 of 20 blocks at a time, each row once: with room for 4 every block is read once.
    #[test]
    fn a_window_that_fits_is_read_once() {
        let memory = 4 * 50 * 3 * 8;
        let on_file = features(Some(memory));
        let reading = Reading::Blocks { block: 50, window: 4 };
        let kept = Kept::new(memory, N, 3 * 8, reading);
        let Place::File { cache: Some(mut cache), .. } =
            Rows::<f64, f64>::new(&on_file, 3, 1, kept).place
        else {
            panic!("a file with a cache")
        };
        assert_eq!(cache.places.len(), 4);
        let team = Team::solo();
        let mut n_loaded = 0;
        for window in 0..5 {
            let mut order: Vec<u32> = (window * 200..(window + 1) * 200).collect();
            Stream::new(1, Purpose::Shuffling).shuffle(&mut order);
            for batch in order.chunks(10) {
                let before = cache.place_of.clone();
                cache.admit(batch, &on_file, &team);
                let is_new = |(old, new): (&u32, &u32)| *old == NOWHERE && *new != NOWHERE;
                n_loaded += before.iter().zip(&cache.place_of).filter(|pair| is_new(*pair)).count();
                assert!(batch.iter().all(|sample| cache.row(*sample).is_some()));
            }
        }
        assert_eq!(n_loaded, 20);
        // Where it does not fit, single rows are read.
        assert_eq!(Kept::new(memory - 1, N, 3 * 8, reading), None);
        let rows = Rows::<f64, f64>::new(&on_file, 3, 1, None);
        assert!(matches!(rows.place, Place::File { cache: None, .. }));
    }
}
