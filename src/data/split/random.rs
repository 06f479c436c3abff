//! At random, sample by sample: with the same shares of each class in every part, if wanted.

use super::Split;
use crate::data::DataError;
use crate::math::random::Stream;

impl Split {
    /// The samples (indices from 0) of train, validation and test, each in ascending order.
    /// `strata` states the stratum of each sample, whose shares are to be the same in all parts;
    /// empty for none.
    pub(super) fn at_random(
        &self,
        n: usize,
        strata: &[u32],
        stream: &mut Stream,
    ) -> Result<[Vec<usize>; 3], DataError> {
        let sizes = self.sizes(n)?;
        let mut parts: [Vec<usize>; 3] = sizes.map(Vec::with_capacity);
        if strata.is_empty() {
            // Of these there may be as many as fit 32 bits, and no more.
            let mut samples: Vec<u32> = (0..n as u32).collect();
            stream.shuffle(&mut samples);
            deal(&samples, sizes, &mut parts);
        } else {
            let mut members = members(strata);
            let counts: Vec<usize> = members.iter().map(Vec::len).collect();
            let sizes = self.sizes_by_stratum(sizes, &counts);
            for (members, sizes) in members.iter_mut().zip(sizes) {
                stream.shuffle(members);
                deal(members, sizes, &mut parts);
            }
        }
        parts.iter_mut().for_each(|part| part.sort_unstable());
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

/// The samples of each stratum, in order.
pub(super) fn members(strata: &[u32]) -> Vec<Vec<u32>> {
    let n_strata = strata.iter().max().map_or(0, |largest| *largest as usize + 1);
    let mut members = vec![Vec::new(); n_strata];
    for (sample, stratum) in (0..).zip(strata) {
        members[*stratum as usize].push(sample);
    }
    members
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

fn deal(samples: &[u32], sizes: [usize; 3], parts: &mut [Vec<usize>; 3]) {
    let mut rest = samples;
    for (part, size) in parts.iter_mut().zip(sizes) {
        let (dealt, left) = rest.split_at(size);
        part.extend(dealt.iter().map(|sample| *sample as usize));
        rest = left;
    }
}
