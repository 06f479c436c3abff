//! Folds of a cross-validation, one for each seed.

use std::fmt;

use super::shuffled::{Labels, shuffled};
use super::strata::Strata;
use super::{Draw, Split};
use crate::data::{DataError, RowSet};

/// The fold that a run holds out as its validation part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Which, from 0.
    pub index: usize,
    /// How many there are.
    pub of: usize,
    /// Of which partition into folds, from 0.
    pub partition: u64,
}

impl Fold {
    /// Fold `(seed − 1) mod n_folds` of partition `⌊(seed − 1) / n_folds⌋`; `None` for seed 0
    /// and for no folds.
    pub fn of_seed(seed: u64, n_folds: usize) -> Option<Self> {
        let (before, n) = (seed.checked_sub(1)?, n_folds as u64);
        let index = before.checked_rem(n)? as usize;
        Some(Self { index, of: n_folds, partition: before / n })
    }
}

impl fmt::Display for Fold {
    /// `fold 2 of 5`, and `fold 2 of 5, partition 3` beyond the first partition.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fold {} of {}", self.index + 1, self.of)?;
        match self.partition {
            0 => Ok(()),
            n => write!(f, ", partition {}", n + 1),
        }
    }
}

impl Split {
    /// The fold that a run with this seed holds out; `None` where there are no folds.
    pub fn fold(&self, seed: u64) -> Option<Fold> {
        if self.folds < 2 { None } else { Fold::of_seed(seed, self.folds) }
    }

    /// The fold of a seed where there are folds.
    pub(super) fn fold_of(&self, seed: u64) -> Result<Fold, DataError> {
        self.fold(seed).ok_or_else(|| {
            DataError::new(format!(
                "seed {seed} holds out no fold; with {} folds, seeds count from 1",
                self.folds
            ))
        })
    }

    /// Train, validation and test where a fold of single samples is held out.
    ///
    /// The samples, in random order within each stratum and stratum after stratum, are dealt to the folds in turn. So
    /// folds, and the samples of a stratum in them, differ by 1 at most.
    pub(super) fn random_folds(
        &self,
        n: usize,
        strata: &Strata<'_>,
        fold: Fold,
    ) -> Result<[RowSet; 3], DataError> {
        let aside = self.without_validation();
        let [rest, _, test] = aside.at_random(n, strata, &mut Draw::Test.stream(0))?;
        self.check_folds(rest.len(), "sample", "samples")?;
        let mut stream = Draw::Folds.stream(fold.partition);
        let of_rest = strata.of(&rest);
        // The shuffled members of one stratum after the other are dealt to the folds in turn.
        let mut n_dealt = 0;
        let counts = of_rest.counts(rest.len())?;
        let labels = counts.iter().map(|n| {
            let first = n_dealt;
            n_dealt += n;
            shuffled(*n, &mut stream, |place| u8::from((first + place) % fold.of == fold.index))
        });
        let labels: Vec<Labels> = labels.collect();
        let (mut train, mut validation) = (RowSet::new(), RowSet::new());
        let mut samples = rest.iter();
        of_rest.for_each_member(rest.len(), |_, stratum, member| {
            let Some(sample) = samples.next() else { return };
            let is_held_out = labels[stratum].get(member) == 1;
            if is_held_out { &mut validation } else { &mut train }.push(sample);
        })?;
        Ok([train, validation, test])
    }

    /// There must be a sample or a group for each fold.
    pub(super) fn check_folds(&self, n: usize, one: &str, more: &str) -> Result<(), DataError> {
        if n >= self.folds {
            return Ok(());
        }
        let what = if n == 1 { one } else { more };
        let beside = if self.test > 0.0 { " beside the test part" } else { "" };
        Err(DataError::new(format!(
            "{} folds need {} {more} or more, and there are {n} {what}{beside}",
            self.folds, self.folds
        )))
    }
}

/// The parts, given the fold of each of `rest`.
pub(super) fn held_out(
    rest: &[usize],
    fold_of: &[usize],
    fold: Fold,
    test: Vec<usize>,
) -> [Vec<usize>; 3] {
    let (mut train, mut validation) = (Vec::new(), Vec::new());
    for (sample, its_fold) in rest.iter().zip(fold_of) {
        if *its_fold == fold.index { &mut validation } else { &mut train }.push(*sample);
    }
    [train, validation, test]
}

/// What the seeds of a study make of `n_folds` folds, and whether it is whole cross-validations:
/// `5 folds: seeds 1–5 make one cross-validation`.
pub fn seeds_in_words(n_folds: usize, seeds: &[u64]) -> (String, bool) {
    let folds: Vec<Fold> = seeds.iter().filter_map(|seed| Fold::of_seed(*seed, n_folds)).collect();
    let mut partitions: Vec<u64> = folds.iter().map(|fold| fold.partition).collect();
    partitions.sort_unstable();
    partitions.dedup();
    let whole =
        partitions.len().checked_mul(n_folds) == Some(folds.len()) && folds.len() == seeds.len();
    let (n, first) = (n_folds as u64, partitions.first().copied().unwrap_or(0));
    let range = |partition: u64| {
        let before = partition.saturating_mul(n);
        format!("{}–{}", before.saturating_add(1), before.saturating_add(n))
    };
    let words = match partitions.len() {
        1 if whole => format!("seeds {} make one cross-validation", range(first)),
        times if whole => {
            format!("the seeds make {times} cross-validations, each with folds of its own")
        }
        _ => {
            let held = match folds.len() {
                1 => format!("the seed holds out {} alone", folds[0]),
                _ => "the seeds do not hold out each fold equally often".to_owned(),
            };
            format!("{held}; seeds {} would make one cross-validation", range(0))
        }
    };
    (format!("{n_folds} folds: {words}"), whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_count_through_folds_and_partitions() {
        let of = |seed| Fold::of_seed(seed, 5).map(|fold| (fold.index, fold.partition));
        assert_eq!([1, 5, 6, 13].map(of), [(0, 0), (4, 0), (0, 1), (2, 2)].map(Some));
        assert_eq!(of(0), None);
        let words = |seed| Fold::of_seed(seed, 5).unwrap().to_string();
        assert_eq!([words(2), words(7)], ["fold 2 of 5", "fold 2 of 5, partition 2"]);
        assert_eq!((Split::default().fold(1), Fold::of_seed(1, 0)), (None, None));
        assert!(!seeds_in_words(usize::MAX, &[1, u64::MAX]).1);
    }

    #[test]
    fn seeds_are_said_in_words() {
        let words = |seeds: &[u64]| seeds_in_words(3, seeds);
        assert_eq!(
            words(&[2, 3, 1]),
            ("3 folds: seeds 1–3 make one cross-validation".to_owned(), true)
        );
        assert_eq!(
            words(&[1, 2, 3, 4, 5, 6]).0,
            "3 folds: the seeds make 2 cross-validations, each with folds of its own"
        );
        assert_eq!(
            words(&[2]),
            (
                "3 folds: the seed holds out fold 2 of 3 alone; seeds 1–3 would make one cross-validation"
                    .to_owned(),
                false
            )
        );
        assert!(!words(&[1, 2, 4]).1 && !words(&[0, 1, 2, 3]).1);
    }
}
