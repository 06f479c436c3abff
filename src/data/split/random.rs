//! At random, sample by sample: with the same shares of each class in every part, if wanted.

use super::Split;
use super::shuffled::{Labels, shuffled};
use super::strata::Strata;
use crate::data::{DataError, RowSet};
use crate::math::random::Stream;

impl Split {
    /// The samples (indices from 0) of train, validation and test, as if a list of all, or of those of
    /// each stratum, were shuffled and cut.
    pub(super) fn at_random(
        &self,
        n: usize,
        strata: &Strata<'_>,
        stream: &mut Stream,
    ) -> Result<[RowSet; 3], DataError> {
        let sizes = self.sizes(n)?;
        let counts = strata.counts(n)?;
        let sizes = match strata.are_one() {
            true => vec![sizes],
            false => self.sizes_by_stratum(sizes, &counts),
        };
        let labels = counts.iter().zip(sizes).map(|(n, [train, validation, test])| {
            let ends = [train, train + validation, train + validation + test];
            shuffled(*n, stream, |place| ends.iter().filter(|end| place >= **end).count() as u8)
        });
        let labels: Vec<Labels> = labels.collect();
        let mut parts = [const { RowSet::new() }; 3];
        strata.for_each_member(n, |sample, stratum, member| {
            if let Some(part) = parts.get_mut(usize::from(labels[stratum].get(member))) {
                part.push(sample);
            }
        })?;
        Ok(parts)
    }

    /// Sizes for each stratum that sum to the sizes of the parts: first the whole numbers of each
    /// stratum's quotas, then what is left to the parts that still lack samples, largest remainder
    /// first.
    fn sizes_by_stratum(&self, sizes: [usize; 3], counts: &[usize]) -> Vec<[usize; 3]> {
        let shares = self.shares();
        let mut dealt: Vec<[usize; 3]> =
            counts.iter().map(|n| quotas(*n, shares).map(|(whole, _)| whole)).collect();
        let mut lacking = sizes.map(|size| size as i64);
        for stratum in &dealt {
            (0..3).for_each(|part| lacking[part] -= stratum[part] as i64);
        }
        for (stratum, &n) in dealt.iter_mut().zip(counts) {
            let mut left = n - stratum.iter().sum::<usize>();
            for part in by_remainder(quotas(n, shares)) {
                if left > 0 && lacking[part] > 0 {
                    stratum[part] += 1;
                    lacking[part] -= 1;
                    left -= 1;
                }
            }
            for part in 0..3 {
                while left > 0 && lacking[part] > 0 {
                    stratum[part] += 1;
                    lacking[part] -= 1;
                    left -= 1;
                }
            }
        }
        // A part that got one sample out of turn, because its quota was below 1, is served by
        // the stratum that has most in the part that has one too many.
        while let Some(to) = (0..3).find(|part| lacking[*part] > 0) {
            let Some(from) = (0..3).find(|part| lacking[*part] < 0) else { break };
            let Some(stratum) = dealt.iter_mut().max_by_key(|stratum| stratum[from]) else { break };
            stratum[from] -= 1;
            stratum[to] += 1;
            lacking[from] += 1;
            lacking[to] -= 1;
        }
        dealt
    }
}

/// For each part the whole number of samples it is due, and the remainder.
pub(super) fn quotas(n: usize, shares: [f64; 3]) -> [(usize, f64); 3] {
    let sum = shares[0] + shares[1] + shares[2];
    let mut left = n;
    shares.map(|share| {
        // The tiny amount keeps 0.7 · 10 from being 6.999….
        let quota = share / sum * n as f64 + 1e-9;
        let whole = (quota.floor() as usize).min(left);
        left -= whole;
        (whole, (quota - whole as f64).max(0.0))
    })
}

/// The parts, largest remainder first; of equal ones train, then validation.
pub(super) fn by_remainder(quotas: [(usize, f64); 3]) -> [usize; 3] {
    let mut order = [0, 1, 2];
    order.sort_by(|a, b| quotas[*b].1.total_cmp(&quotas[*a].1));
    order
}
