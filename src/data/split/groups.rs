//! Whole groups of samples: those of one patient, one recording, one place.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::folds::{Fold, held_out};
use super::{Draw, Split};
use crate::data::DataError;
use crate::math::random::Stream;

/// How many random orders of the groups are tried.
const TRIES: usize = 4;
/// How often all groups are looked at again.
const MOST_PASSES: usize = 10;
/// Most comparisons of a group with a fold in one pass, beyond which groups are dealt by their size. The
/// whole is then about four times ten passes, a few seconds.
const MOST_COMPARISONS: usize = 1 << 25;
/// Gains that may be nothing but rounding.
const LEAST_GAIN: f64 = 1e-9;

impl Split {
    /// Train, validation and test of whole groups. `groups` states the group of each sample, as
    /// numbers below their count, each of which occurs.
    pub(super) fn by_groups(
        &self,
        groups: &[u32],
        strata: &[u32],
        stream: &mut Stream,
    ) -> Result<[Vec<usize>; 3], DataError> {
        self.sizes(groups.len())?;
        let parts: Vec<usize> = (0..3).filter(|part| self.shares()[*part] > 0.0).collect();
        let shares: Vec<f64> = parts.iter().map(|part| self.shares()[*part]).collect();
        let groups = Groups::of(groups, strata);
        let n_groups = groups.len();
        if n_groups < shares.len() {
            let what = if n_groups == 1 { "group" } else { "groups" };
            return Err(DataError::new(format!(
                "{n_groups} {what} cannot be divided into {} parts; at least {} are needed",
                shares.len(),
                shares.len()
            )));
        }
        let part_of_group = groups.assign(&shares, stream);
        let mut divided = [const { Vec::new() }; 3];
        for (sample, group) in groups.of_sample.iter().enumerate() {
            divided[parts[part_of_group[*group as usize]]].push(sample);
        }
        Ok(divided)
    }

    /// Train, validation and test where a fold of whole groups is held out. Where groups times folds
    /// are too many for the best places to be looked for, folds have nearly the same size and the
    /// strata are as chance has it.
    pub(super) fn group_folds(
        &self,
        groups: &[u32],
        strata: &[u32],
        fold: Fold,
    ) -> Result<[Vec<usize>; 3], DataError> {
        let aside = self.without_validation();
        let [rest, _, test] = aside.by_groups(groups, strata, &mut Draw::Test.stream(0))?;
        let of_rest = numbered_anew(rest.iter().map(|sample| groups[*sample]));
        let strata: Vec<u32> = match strata.is_empty() {
            true => Vec::new(),
            false => rest.iter().map(|sample| strata[*sample]).collect(),
        };
        let groups = Groups::of(&of_rest, &strata);
        self.check_folds(groups.len(), "group", "groups")?;
        let stream = &mut Draw::Folds.stream(fold.partition);
        let fold_of_group = match groups.n_comparisons(self.folds) > MOST_COMPARISONS {
            true => groups.deal(self.folds, stream),
            false => groups.assign(&vec![1.0; self.folds], stream),
        };
        let fold_of: Vec<usize> =
            of_rest.iter().map(|group| fold_of_group[*group as usize]).collect();
        Ok(held_out(&rest, &fold_of, fold, test))
    }
}

/// The same groups, numbered from 0 in order of first appearance.
pub(super) fn numbered_anew(groups: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut new_numbers = std::collections::HashMap::new();
    groups
        .map(|group| {
            let next = new_numbers.len() as u32;
            *new_numbers.entry(group).or_insert(next)
        })
        .collect()
}

/// Groups with how many samples of each stratum they have.
struct Groups<'a> {
    /// The group of each sample.
    of_sample: &'a [u32],
    /// For each group its strata and how many samples are in each.
    counts: Vec<Vec<(u32, f64)>>,
    /// Samples of each stratum in all.
    totals: Vec<f64>,
}

impl<'a> Groups<'a> {
    fn of(of_sample: &'a [u32], strata: &[u32]) -> Self {
        let n_groups = of_sample.iter().max().map_or(0, |largest| *largest as usize + 1);
        let n_strata = strata.iter().max().map_or(1, |largest| *largest as usize + 1);
        let mut counts: Vec<Vec<(u32, f64)>> = vec![Vec::new(); n_groups];
        let mut totals = vec![0.0; n_strata];
        let mut order: Vec<usize> = (0..of_sample.len()).collect();
        let stratum = |sample: usize| strata.get(sample).copied().unwrap_or(0);
        order.sort_by_key(|sample| (of_sample[*sample], stratum(*sample)));
        for sample in order {
            let (its, stratum) = (&mut counts[of_sample[sample] as usize], stratum(sample));
            match its.last_mut() {
                Some((last, n)) if *last == stratum => *n += 1.0,
                _ => its.push((stratum, 1.0)),
            }
            totals[stratum as usize] += 1.0;
        }
        Self { of_sample, counts, totals }
    }

    fn len(&self) -> usize {
        self.counts.len()
    }

    /// How much is looked at, or kept, to find the best of `n_parts` for each group.
    fn n_comparisons(&self, n_parts: usize) -> usize {
        let n_pairs: usize = self.counts.iter().map(Vec::len).sum();
        n_pairs.max(self.totals.len()).saturating_mul(n_parts)
    }

    /// The part of each group where the largest are dealt first (of equal ones in random order), each to
    /// the part with the fewest samples, of equal ones the first.
    ///
    /// Reference: R. L. Graham, Bounds on multiprocessing timing anomalies, 1969.
    fn deal(&self, n_parts: usize, stream: &mut Stream) -> Vec<usize> {
        let size =
            |group: &usize| -> u64 { self.counts[*group].iter().map(|(_, n)| *n as u64).sum() };
        let mut order: Vec<usize> = (0..self.len()).collect();
        stream.shuffle(&mut order);
        order.sort_by_key(|group| Reverse(size(group)));
        let mut parts: BinaryHeap<_> = (0..n_parts).map(|part| Reverse((0, part))).collect();
        let mut part_of = vec![0; self.len()];
        for group in order {
            let Some(mut emptiest) = parts.peek_mut() else { break };
            part_of[group] = emptiest.0.1;
            emptiest.0.0 += size(&group);
        }
        part_of
    }

    /// The part of each group.
    ///
    /// ```text
    /// d(p, c) = s(p) n(c) − samples of stratum c in part p
    /// cost    = Σ_p Σ_c d(p, c)² / n(c)
    /// ```
    ///
    /// `s(p)` is the share of the part, `n(c)` the samples of stratum c; without strata there is one.
    /// Groups come in random order, each goes where the cost becomes least (of equal parts to the first), then
    /// single groups are moved as long as that lowers the cost. Of four orders the one with the
    /// least cost counts, the first of equal ones. No part stays empty: the last groups go to the parts
    /// that have none.
    fn assign(&self, shares: &[f64], stream: &mut Stream) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        let mut best: Option<(f64, Vec<usize>)> = None;
        for _ in 0..TRIES {
            stream.shuffle(&mut order);
            let mut filling = Filling::of(self, shares);
            filling.place_all(&order);
            for _ in 0..MOST_PASSES {
                if !filling.improve(&order) {
                    break;
                }
            }
            let cost = filling.cost();
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, filling.part_of));
            }
        }
        best.map_or_else(Vec::new, |(_, part_of)| part_of)
    }
}

/// Parts as they are filled with groups.
struct Filling<'a> {
    groups: &'a Groups<'a>,
    /// `d(p, c)`, `[n_parts × n_strata]`.
    lacking: Vec<f64>,
    /// Groups in each part.
    n_groups: Vec<usize>,
    part_of: Vec<usize>,
}

impl<'a> Filling<'a> {
    fn of(groups: &'a Groups<'a>, shares: &[f64]) -> Self {
        let sum: f64 = shares.iter().sum();
        let of_part = |share: &f64| {
            let share = share / sum;
            groups.totals.iter().map(move |total| share * total)
        };
        Self {
            groups,
            lacking: shares.iter().flat_map(of_part).collect(),
            n_groups: vec![0; shares.len()],
            part_of: vec![0; groups.len()],
        }
    }

    /// `Σ_c g(c) d(p, c) / n(c)`: how much a part lacks a group.
    fn lack(&self, group: usize, part: usize) -> f64 {
        let n_strata = self.groups.totals.len();
        let of = |(stratum, n): &(u32, f64)| {
            let stratum = *stratum as usize;
            n * self.lacking[part * n_strata + stratum] / self.groups.totals[stratum]
        };
        self.groups.counts[group].iter().map(of).sum()
    }

    fn put(&mut self, group: usize, part: usize, sign: f64) {
        let n_strata = self.groups.totals.len();
        for (stratum, n) in &self.groups.counts[group] {
            self.lacking[part * n_strata + *stratum as usize] -= sign * n;
        }
    }

    fn place_all(&mut self, order: &[usize]) {
        let mut n_empty = self.n_groups.len();
        for (place, group) in order.iter().enumerate() {
            let must_fill = order.len() - place <= n_empty;
            let mut chosen: Option<(f64, usize)> = None;
            for part in 0..self.n_groups.len() {
                if must_fill && self.n_groups[part] > 0 {
                    continue;
                }
                let lack = self.lack(*group, part);
                if chosen.is_none_or(|(most, _)| lack > most) {
                    chosen = Some((lack, part));
                }
            }
            let Some((_, part)) = chosen else { continue };
            n_empty -= usize::from(self.n_groups[part] == 0);
            self.n_groups[part] += 1;
            self.part_of[*group] = part;
            self.put(*group, part, 1.0);
        }
    }

    /// Moves each group where the cost is lower; whether any was moved.
    fn improve(&mut self, order: &[usize]) -> bool {
        let mut has_moved = false;
        for group in order {
            let from = self.part_of[*group];
            if self.n_groups[from] == 1 {
                continue;
            }
            self.put(*group, from, -1.0);
            let mut best = (self.lack(*group, from) + LEAST_GAIN, from);
            for part in 0..self.n_groups.len() {
                let lack = self.lack(*group, part);
                if part != from && lack > best.0 {
                    best = (lack, part);
                }
            }
            let (_, to) = best;
            self.put(*group, to, 1.0);
            if to != from {
                self.n_groups[from] -= 1;
                self.n_groups[to] += 1;
                self.part_of[*group] = to;
                has_moved = true;
            }
        }
        has_moved
    }

    fn cost(&self) -> f64 {
        let totals = &self.groups.totals;
        self.lacking
            .chunks_exact(totals.len())
            .flat_map(|of_part| of_part.iter().zip(totals))
            .map(|(lacking, total)| if *total > 0.0 { lacking * lacking / total } else { 0.0 })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_groups_and_folds_are_dealt_by_size() {
        // Groups of 1, 2 and 3 samples: 60,000 samples, 20,000 groups, 6,000 folds of 10 samples each.
        let groups: Vec<u32> =
            (0..20_000).flat_map(|group| (0..=group % 3).map(move |_| group)).collect();
        let n = groups.len();
        let split = Split { folds: 6000, ..Split::of(1.0, 0.0, 0.0, false) };
        let fold = |seed| {
            let fold = split.fold(seed).unwrap();
            split.group_folds(&groups, &[], fold).unwrap()
        };
        let [train, held, test] = fold(17);
        assert_eq!((train.len() + held.len(), test.len()), (n, 0));
        assert!(held.len().abs_diff(n / 6000) <= 2, "{}", held.len());
        assert!(
            held.iter().all(|sample| train.iter().all(|other| groups[*other] != groups[*sample]))
        );
        assert_ne!(held, fold(6017)[1], "another partition");
        // As many folds as groups: each has one.
        let split = Split { folds: 20_000, ..split };
        let [_, held, _] = split.group_folds(&groups, &[], split.fold(1).unwrap()).unwrap();
        assert!(held.iter().all(|sample| groups[*sample] == groups[held[0]]));
    }
}
