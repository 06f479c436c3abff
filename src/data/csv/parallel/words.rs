//! A column of words.

use super::lexicon::{Index, Lexicon};
use crate::data::csv::cells::values::is_missing;

/// What stands for a missing word.
pub(super) const MISSING: u32 = u32::MAX;

/// What stands for a word that was looked at, but is in no row of the table so far.
const UNUSED: u32 = u32::MAX - 1;

/// The words of a column in a block.
#[derive(Default)]
pub(super) struct Words {
    lexicon: Lexicon,
    /// The code of each word in the lexicon.
    code_of: Vec<u32>,
    /// Whether a row could begin with each and stand below the table, where that was asked.
    may_end: Vec<Option<bool>>,
    /// The words of the table, in the order in which they first appear in it.
    levels: Vec<u32>,
    pub(super) codes: Vec<u32>,
    /// The words that are missing values, and how often each is there.
    missing: Vec<(usize, usize)>,
}

impl Words {
    /// Adds the cell of a row.
    pub(super) fn add(&mut self, cell: &str, seed: u64) {
        if cell.is_empty() {
            return self.codes.push(MISSING);
        }
        let number = self.number(cell, seed);
        let mut code = self.code_of[number];
        if code == UNUSED {
            code = self.levels.len() as u32;
            self.code_of[number] = code;
            self.levels.push(number as u32);
        }
        if code == MISSING {
            match self.missing.iter_mut().find(|(known, _)| *known == number) {
                Some((_, n)) => *n += 1,
                None => self.missing.push((number, 1)),
            }
        }
        self.codes.push(code);
    }

    /// The words that are missing values, and how often each is there.
    pub(super) fn missing(&self) -> impl Iterator<Item = (&str, usize)> {
        self.missing.iter().map(|(number, n)| (self.lexicon.word(*number).0, *n))
    }

    /// What `judge` says of a cell, which is asked once for each word.
    pub(super) fn may_end(&mut self, cell: &str, seed: u64, judge: impl FnOnce() -> bool) -> bool {
        let number = self.number(cell, seed);
        *self.may_end[number].get_or_insert_with(judge)
    }

    fn number(&mut self, cell: &str, seed: u64) -> usize {
        let number = self.lexicon.number(cell, seed);
        if number == self.code_of.len() {
            self.code_of.push(if is_missing(cell) { MISSING } else { UNUSED });
            self.may_end.push(None);
        }
        number
    }
}

/// The words of a column in the whole file.
#[derive(Default)]
pub(super) struct Levels {
    /// In the order in which they first appear.
    pub(super) levels: Vec<String>,
    /// How many rows have each.
    pub(super) counts: Vec<usize>,
    index: Index,
}

impl Levels {
    /// Adds the words of a block, whose codes are written to `codes`; false where there are too many.
    pub(super) fn add(&mut self, words: &Words, codes: &mut Vec<Option<u32>>) -> bool {
        let mut known = Vec::with_capacity(words.levels.len());
        for number in &words.levels {
            let (word, hash) = words.lexicon.word(*number as usize);
            let Some(next) = u32::try_from(self.levels.len()).ok().filter(|next| *next < UNUSED)
            else {
                return false;
            };
            let levels = &self.levels;
            let code = self.index.number(hash, next, |code| levels[code as usize] == word);
            if code == next {
                self.levels.push(word.to_owned());
                self.counts.push(0);
            }
            known.push(code);
        }
        codes.clear();
        codes.extend(words.codes.iter().map(|code| known.get(*code as usize).copied()));
        codes.iter().flatten().for_each(|code| self.counts[*code as usize] += 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_two_blocks_have_one_list() {
        let block = |cells: &[&str]| {
            let mut words = Words::default();
            cells.iter().for_each(|cell| words.add(cell, 5));
            words
        };
        let mut levels = Levels::default();
        let mut codes = Vec::new();
        assert!(levels.add(&block(&["b", "NA", "a", "", "b"]), &mut codes));
        assert_eq!(codes, [Some(0), None, Some(1), None, Some(0)]);
        assert!(levels.add(&block(&["c", "a", "c"]), &mut codes));
        assert_eq!(codes, [Some(2), Some(1), Some(2)]);
        assert_eq!(
            (levels.levels, levels.counts),
            (["b", "a", "c"].map(str::to_owned).to_vec(), vec![2; 3])
        );
    }

    #[test]
    fn a_word_that_is_only_looked_at_is_no_level() {
        let mut words = Words::default();
        assert!(words.may_end("total", 5, || true));
        assert!(words.may_end("total", 5, || panic!("it is known")));
        words.add("x", 5);
        let mut levels = Levels::default();
        let mut codes = Vec::new();
        assert!(levels.add(&words, &mut codes));
        assert_eq!((levels.levels, codes), (vec!["x".to_owned()], vec![Some(0)]));
    }
}
