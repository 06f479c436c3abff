//! Some of many rows, in a little more than a bit each.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

/// Bits of a word.
const WORD: usize = u64::BITS as usize;
/// Words between two places where rows are counted.
const STRIDE: usize = 16;

/// Row numbers in ascending order, each once. They take a bit for each row up to the last of them, whatever
/// their number, so that the parts of a table larger than memory fit into it.
///
/// ```
/// use descent::data::RowSet;
/// let rows: RowSet = [2, 3, 70].into_iter().collect();
/// assert_eq!((rows.len(), rows.get(2)), (3, 70));
/// assert!(rows.contains(3) && !rows.contains(4));
/// assert!(rows.within(3..100).eq([3, 70]));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RowSet {
    words: Vec<u64>,
    /// How many rows there are before every `STRIDE`-th word.
    n_before: Vec<usize>,
    len: usize,
}

impl RowSet {
    /// None.
    pub const fn new() -> Self {
        Self { words: Vec::new(), n_before: Vec::new(), len: 0 }
    }

    /// The rows from 0 to `n`, without `n`.
    pub fn first(n: usize) -> Self {
        (0..n).collect()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row behind the last.
    ///
    /// # Panics
    /// Where it does not come behind the last.
    pub fn push(&mut self, row: usize) {
        let (word, bit) = (row / WORD, row % WORD);
        while self.words.len() <= word {
            if self.words.len().is_multiple_of(STRIDE) {
                self.n_before.push(self.len);
            }
            self.words.push(0);
        }
        let is_behind = word + 1 == self.words.len() && self.words[word] >> bit == 0;
        assert!(is_behind, "rows are in ascending order");
        self.words[word] |= 1 << bit;
        self.len += 1;
    }

    /// Whether `row` is one of them.
    pub fn contains(&self, row: usize) -> bool {
        self.words.get(row / WORD).is_some_and(|word| word >> (row % WORD) & 1 == 1)
    }

    /// The row that `index` others come before.
    ///
    /// # Panics
    /// Where there are not as many.
    pub fn get(&self, index: usize) -> usize {
        assert!(index < self.len, "row {index} of {}", self.len);
        let stride = self.n_before.partition_point(|n| *n <= index) - 1;
        let mut left = index - self.n_before[stride];
        let mut at = stride * STRIDE;
        while left >= self.words[at].count_ones() as usize {
            left -= self.words[at].count_ones() as usize;
            at += 1;
        }
        let mut word = self.words[at];
        for _ in 0..left {
            word &= word - 1;
        }
        at * WORD + word.trailing_zeros() as usize
    }

    /// The first row.
    pub fn lowest(&self) -> Option<usize> {
        self.iter().next()
    }

    /// The last row.
    pub fn highest(&self) -> Option<usize> {
        self.len.checked_sub(1).map(|last| self.get(last))
    }

    /// All rows, in ascending order.
    pub fn iter(&self) -> Iter<'_> {
        Iter { within: self.within(0..self.words.len() * WORD), n_left: self.len }
    }

    /// A list of them: 8 bytes each.
    pub fn to_vec(&self) -> Vec<usize> {
        self.iter().collect()
    }

    /// The rows that stand at these places among them.
    pub fn at(&self, places: &Self) -> Self {
        let rows = self.iter().enumerate();
        rows.filter(|(place, _)| places.contains(*place)).map(|(_, row)| row).collect()
    }

    /// Those of a range, in ascending order.
    pub fn within(&self, range: Range<usize>) -> Within<'_> {
        let at = range.start / WORD;
        let word = self.words.get(at).map_or(0, |word| word & (u64::MAX << (range.start % WORD)));
        Within { words: &self.words, at, word, end: range.end }
    }
}

impl FromIterator<usize> for RowSet {
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> Self {
        let mut set = Self::default();
        rows.into_iter().for_each(|row| set.push(row));
        set
    }
}

impl<'a> IntoIterator for &'a RowSet {
    type Item = usize;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl fmt::Debug for RowSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<const N: usize> PartialEq<[usize; N]> for RowSet {
    fn eq(&self, other: &[usize; N]) -> bool {
        self.iter().eq(other.iter().copied())
    }
}

/// Rows of a range.
#[derive(Clone, Debug)]
pub struct Within<'a> {
    words: &'a [u64],
    at: usize,
    /// What is left of the word there.
    word: u64,
    end: usize,
}

impl Iterator for Within<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            self.at += 1;
            if self.at * WORD >= self.end {
                return None;
            }
            self.word = *self.words.get(self.at)?;
        }
        let row = self.at * WORD + self.word.trailing_zeros() as usize;
        if row >= self.end {
            return None;
        }
        self.word &= self.word - 1;
        Some(row)
    }
}

/// All rows, counted.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    within: Within<'a>,
    n_left: usize,
}

impl Iterator for Iter<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let row = self.within.next()?;
        self.n_left -= 1;
        Some(row)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.n_left, Some(self.n_left))
    }
}

impl ExactSizeIterator for Iter<'_> {}
impl FusedIterator for Iter<'_> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A sorted list says the same.
        #[test]
        fn a_set_is_a_sorted_list(
            rows in prop::collection::btree_set(0usize..5000, 0..400),
            ranges in prop::collection::vec((0usize..5200, 0usize..5200), 1..20),
        ) {
            let list: Vec<usize> = rows.iter().copied().collect();
            let set: RowSet = list.iter().copied().collect();
            prop_assert_eq!(set.len(), list.len());
            prop_assert_eq!(set.iter().len(), list.len());
            prop_assert!(set.iter().eq(list.iter().copied()));
            for (index, row) in list.iter().enumerate() {
                prop_assert_eq!(set.get(index), *row);
            }
            prop_assert!((0..5300).all(|row| set.contains(row) == rows.contains(&row)));
            prop_assert_eq!((set.lowest(), set.highest()), (list.first().copied(), list.last().copied()));
            for (start, end) in ranges {
                let expected = list.iter().copied().filter(|row| (start..end).contains(row));
                prop_assert!(set.within(start..end).eq(expected), "{}..{}", start, end);
            }
        }
    }

    #[test]
    #[should_panic(expected = "rows are in ascending order")]
    fn a_row_that_comes_too_late_is_refused() {
        let mut set: RowSet = [5, 70].into_iter().collect();
        set.push(6);
    }
}
