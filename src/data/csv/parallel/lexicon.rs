//! Words, each of them once.

/// Finds words by their hashes; the words themselves are elsewhere.
#[derive(Default)]
pub(super) struct Index {
    /// Hash and number + 1 of a word, at the place that its hash tells or behind; a power of two of
    /// them, at most half of them taken.
    slots: Vec<(u32, u32)>,
    n: usize,
}

impl Index {
    /// The number of the word with this hash for which `is_it` is true. Where there is none, `next` is
    /// from now on its number.
    pub(super) fn number(&mut self, hash: u32, next: u32, is_it: impl Fn(u32) -> bool) -> u32 {
        if 2 * (self.n + 1) > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                (_, 0) => {
                    self.slots[at] = (hash, next + 1);
                    self.n += 1;
                    return next;
                }
                (known, number) if known == hash && is_it(number - 1) => return number - 1,
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        const FEWEST: usize = 32;
        let n_slots = FEWEST.max(2 * self.slots.len());
        let slots = std::mem::replace(&mut self.slots, vec![(0, 0); n_slots]);
        for (hash, number) in slots.into_iter().filter(|(_, number)| *number > 0) {
            let mut at = hash as usize & (n_slots - 1);
            while self.slots[at].1 > 0 {
                at = (at + 1) & (n_slots - 1);
            }
            self.slots[at] = (hash, number);
        }
    }
}

/// A number that depends on all bytes of `word`. With a `seed` that nobody foresees, nobody can make a
/// file whose words all have the same.
pub(super) fn hash(word: &[u8], seed: u64) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |state: u64, bytes: u64| {
        let product = u128::from(state ^ bytes) * u128::from(ODD);
        product as u64 ^ (product >> 64) as u64
    };
    let n = word.len();
    let eight = |at: usize| word[at..at + 8].try_into().map_or(0, u64::from_le_bytes);
    let four = |at: usize| word[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
    let mut state = mix(seed, n as u64);
    // The last bytes are taken together, some of them twice.
    let last = match n {
        8.. => {
            for at in (0..n - 8).step_by(8) {
                state = mix(state, eight(at));
            }
            eight(n - 8)
        }
        4.. => u64::from(four(0)) | u64::from(four(n - 4)) << 32,
        1.. => u64::from(word[0]) | u64::from(word[n / 2]) << 8 | u64::from(word[n - 1]) << 16,
        0 => 0,
    };
    state = mix(state, last);
    (state >> 32) as u32 ^ state as u32
}

/// Words in the order in which they first came, one behind the other in one text.
#[derive(Default)]
pub(super) struct Lexicon {
    text: String,
    /// Hash and end of each.
    words: Vec<(u32, usize)>,
    index: Index,
}

impl Lexicon {
    /// The number of a word: that of a new one is how many there were before.
    pub(super) fn number(&mut self, word: &str, seed: u64) -> usize {
        let hash = hash(word.as_bytes(), seed);
        // There are fewer words than bytes in a block, fewer than 2³².
        let next = self.words.len() as u32;
        let (text, words) = (self.text.as_bytes(), &self.words);
        let is_it = |number: u32| {
            let (start, end) = place(words, number as usize);
            &text[start..end] == word.as_bytes()
        };
        let number = self.index.number(hash, next, is_it);
        if number == next {
            self.text.push_str(word);
            self.words.push((hash, self.text.len()));
        }
        number as usize
    }

    /// A word, and its hash.
    pub(super) fn word(&self, number: usize) -> (&str, u32) {
        let (start, end) = place(&self.words, number);
        (&self.text[start..end], self.words[number].0)
    }
}

fn place(words: &[(u32, usize)], number: usize) -> (usize, usize) {
    let start = number.checked_sub(1).map_or(0, |before| words[before].1);
    (start, words[number].1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_are_numbered_as_they_come(words in prop::collection::vec("[ab]{0,12}", 0..200), seed: u64) {
            let mut lexicon = Lexicon::default();
            let mut known: HashMap<&str, usize> = HashMap::new();
            for word in &words {
                let n = known.len();
                let expected = *known.entry(word).or_insert(n);
                prop_assert_eq!(lexicon.number(word, seed), expected);
                prop_assert_eq!(lexicon.word(expected), (word.as_str(), hash(word.as_bytes(), seed)));
            }
            prop_assert_eq!(lexicon.words.len(), known.len());
        }
    }

    #[test]
    fn every_byte_counts() {
        for n in 1..40 {
            let word = vec![b'a'; n];
            for at in 0..n {
                let mut other = word.clone();
                other[at] = b'b';
                // Of three bytes and less some are taken twice, none is left out.
                assert_ne!(hash(&word, 1), hash(&other, 1), "{n}, {at}");
            }
        }
    }

    #[test]
    fn equal_hashes_are_told_apart() {
        let mut index = Index::default();
        for number in 0..100 {
            assert_eq!(index.number(7, number, |_| false), number);
        }
        for number in 0..100 {
            assert_eq!(index.number(7, 100, |other| other == number), number);
        }
    }
}
