use serde::{Deserialize, Serialize};

use super::DataError;
use crate::math::random::{Purpose, Stream};

/// How samples are divided into parts.
///
/// ```text
/// n_part = ⌊s · n⌋ or one more, by the largest remainders, so that the parts sum to n
/// ```
///
/// `s` is the share of the part (the three sum to 1), `n` the number of samples. A part whose
/// share is above 0 is never empty. Which samples go where depends on the data, the shares and the
/// seed alone, so compared experiments see the same parts; inside a part the samples keep the
/// order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Split {
    /// Share of samples to train on; above 0.
    pub train: f64,
    /// Share of samples to watch while training; 0 or more.
    pub validation: f64,
    /// Share of samples kept for one evaluation at the end; 0 or more.
    pub test: f64,
    /// Whether each class has the same share in every part. Without effect on regression.
    pub stratified: bool,
}

impl Default for Split {
    fn default() -> Self {
        Self { train: 0.7, validation: 0.15, test: 0.15, stratified: true }
    }
}

/// How features (and numeric targets) are scaled, fitted on the training part only.
///
/// ```text
/// Standardize: (x − mean) / standard deviation     MinMax: (x − min) / (max − min)
/// Robust: (x − median) / (upper quartile − lower quartile)
/// ```
///
/// The standard deviation is that of the population (divided by n). A column that is constant in
/// the training part is only shifted. Indicators of nominal features stay 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scaling {
    /// As they are.
    Off,
    /// To mean 0 and standard deviation 1.
    #[default]
    Standardize,
    /// To the range from 0 to 1.
    MinMax,
    /// To median 0 and distance of the quartiles 1, which outliers do not move.
    Robust,
}

const NAMES: [&str; 3] = ["train", "validation", "test"];

impl Split {
    fn shares(&self) -> [f64; 3] {
        [self.train, self.validation, self.test]
    }

    /// Checks that the shares are from 0 to 1, sum to 1, and leave something to train on.
    pub fn check(&self) -> Result<(), DataError> {
        for (name, share) in NAMES.iter().zip(self.shares()) {
            if !(0.0..=1.0).contains(&share) {
                return Err(DataError::new(format!(
                    "the {name} share is {share}; it must be from 0 to 1"
                )));
            }
        }
        if self.train <= 0.0 {
            return Err(DataError::new("the train share is 0; something is needed to train on"));
        }
        let sum = self.train + self.validation + self.test;
        if (sum - 1.0).abs() > 1e-9 {
            return Err(DataError::new(format!(
                "the shares train {}, validation {} and test {} sum to {sum}; they must sum to 1",
                self.train, self.validation, self.test
            )));
        }
        Ok(())
    }

    /// How many of `n` samples go to train, validation and test.
    pub fn sizes(&self, n: usize) -> Result<[usize; 3], DataError> {
        self.check()?;
        let shares = self.shares();
        let n_parts = shares.iter().filter(|share| **share > 0.0).count();
        if n < n_parts {
            let samples = if n == 1 { "sample" } else { "samples" };
            return Err(DataError::new(format!(
                "{n} usable {samples} cannot be divided into {n_parts} parts; at least {n_parts} are needed"
            )));
        }
        let mut sizes = quotas(n, shares).map(|(whole, _)| whole);
        let mut left = n - sizes.iter().sum::<usize>();
        for part in by_remainder(quotas(n, shares)) {
            if left > 0 && shares[part] > 0.0 {
                sizes[part] += 1;
                left -= 1;
            }
        }
        for part in 0..3 {
            if shares[part] > 0.0 && sizes[part] == 0 {
                let largest = (0..3).rev().max_by_key(|part| sizes[*part]).unwrap_or(0);
                sizes[largest] -= 1;
                sizes[part] += 1;
            }
        }
        Ok(sizes)
    }

    /// The samples (indices from 0) of train, validation and test, each in ascending order.
    /// `classes` states the class of each sample; empty for regression.
    pub(super) fn parts(
        &self,
        n: usize,
        classes: &[u32],
        seed: u64,
    ) -> Result<[Vec<usize>; 3], DataError> {
        let sizes = self.sizes(n)?;
        let mut stream = Stream::new(seed, Purpose::Split);
        let mut parts: [Vec<usize>; 3] = sizes.map(Vec::with_capacity);
        if self.stratified && !classes.is_empty() {
            let n_classes = classes.iter().max().map_or(0, |largest| *largest as usize + 1);
            let mut members = vec![Vec::new(); n_classes];
            for (sample, class) in classes.iter().enumerate() {
                members[*class as usize].push(sample);
            }
            let counts: Vec<usize> = members.iter().map(Vec::len).collect();
            let sizes = self.sizes_by_class(sizes, &counts);
            for (members, sizes) in members.iter_mut().zip(sizes) {
                stream.shuffle(members);
                deal(members, sizes, &mut parts);
            }
        } else {
            let mut samples: Vec<usize> = (0..n).collect();
            stream.shuffle(&mut samples);
            deal(&samples, sizes, &mut parts);
        }
        parts.iter_mut().for_each(|part| part.sort_unstable());
        Ok(parts)
    }

    /// Sizes for each class that sum to the sizes of the parts: first the whole numbers of each
    /// class's quotas, then what is left to the parts that still lack samples, largest remainder
    /// first.
    fn sizes_by_class(&self, sizes: [usize; 3], counts: &[usize]) -> Vec<[usize; 3]> {
        let shares = self.shares();
        let mut dealt: Vec<[usize; 3]> =
            counts.iter().map(|n| quotas(*n, shares).map(|(whole, _)| whole)).collect();
        let mut lacking = sizes.map(|size| size as i64);
        for class in &dealt {
            (0..3).for_each(|part| lacking[part] -= class[part] as i64);
        }
        for (class, &n) in dealt.iter_mut().zip(counts) {
            let mut left = n - class.iter().sum::<usize>();
            for part in by_remainder(quotas(n, shares)) {
                if left > 0 && lacking[part] > 0 {
                    class[part] += 1;
                    lacking[part] -= 1;
                    left -= 1;
                }
            }
            for part in 0..3 {
                while left > 0 && lacking[part] > 0 {
                    class[part] += 1;
                    lacking[part] -= 1;
                    left -= 1;
                }
            }
        }
        // A part that got one sample out of turn, because its quota was below 1, is served by
        // the class that has most in the part that has one too many.
        while let Some(to) = (0..3).find(|part| lacking[*part] > 0) {
            let Some(from) = (0..3).find(|part| lacking[*part] < 0) else { break };
            let Some(class) = dealt.iter_mut().max_by_key(|class| class[from]) else { break };
            class[from] -= 1;
            class[to] += 1;
            lacking[from] += 1;
            lacking[to] -= 1;
        }
        dealt
    }
}

/// For each part the whole number of samples it is due, and the remainder.
fn quotas(n: usize, shares: [f64; 3]) -> [(usize, f64); 3] {
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
fn by_remainder(quotas: [(usize, f64); 3]) -> [usize; 3] {
    let mut order = [0, 1, 2];
    order.sort_by(|a, b| quotas[*b].1.total_cmp(&quotas[*a].1));
    order
}

fn deal(samples: &[usize], sizes: [usize; 3], parts: &mut [Vec<usize>; 3]) {
    let mut rest = samples;
    for (part, size) in parts.iter_mut().zip(sizes) {
        let (dealt, left) = rest.split_at(size);
        part.extend_from_slice(dealt);
        rest = left;
    }
}
