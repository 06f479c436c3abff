//! Fewer samples of a large table.

use serde::{Deserialize, Serialize};

use super::Draw;
use super::shuffled::{Labels, shuffled};
use super::strata::Strata;
use crate::data::{DataError, RowSet};
use crate::settings::SettingError;

/// How many samples are used at all, drawn at random without replacement before anything else is decided.
///
/// The draw is the same for all seeds, so that runs differ in their parts and not in their data. In a
/// stratified split each class keeps its share, and at least one sample while there is room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Subsample {
    /// All.
    #[default]
    Off,
    /// So many, or all where there are fewer; 1 or more.
    Rows(usize),
    /// This share, above 0 and up to 1.
    Share(f64),
}

impl Subsample {
    pub(super) fn is_off(&self) -> bool {
        *self == Self::Off
    }

    /// Checks that something is left.
    pub fn check(&self) -> Result<(), SettingError> {
        match *self {
            Self::Rows(0) => {
                Err(SettingError::new("subsample", "Rows(0)", "Rows(n) with n of 1 or more"))
            }
            Self::Share(share) if !(share > 0.0 && share <= 1.0) => {
                let expected = "Share(s) with s above 0 and up to 1";
                Err(SettingError::new("subsample", format!("Share({share})"), expected))
            }
            _ => Ok(()),
        }
    }

    /// The samples drawn of `n`; `None` for all.
    pub(super) fn draw(self, strata: &Strata<'_>, n: usize) -> Result<Option<RowSet>, DataError> {
        let wanted = match self {
            Self::Off => return Ok(None),
            Self::Rows(rows) => rows,
            Self::Share(share) => ((share * n as f64).round() as usize).max(1),
        };
        if wanted >= n {
            return Ok(None);
        }
        let mut stream = Draw::Subsample.stream(0);
        let counts = strata.counts(n)?;
        let sizes = apportioned(wanted, &counts);
        let labels = counts.iter().zip(sizes);
        let labels: Vec<Labels> = labels
            .map(|(n, size)| shuffled(*n, &mut stream, |place| u8::from(place < size)))
            .collect();
        let mut drawn = RowSet::new();
        strata.for_each_member(n, |sample, stratum, member| {
            if labels[stratum].get(member) == 1 {
                drawn.push(sample);
            }
        })?;
        Ok(Some(drawn))
    }
}

/// Of `wanted` samples so many for each stratum as its count says, by the largest remainders (of equal ones the first);
/// one at least where there are enough.
fn apportioned(wanted: usize, counts: &[usize]) -> Vec<usize> {
    let n: u128 = counts.iter().map(|count| *count as u128).sum();
    let due = |count: &usize| wanted as u128 * *count as u128;
    let mut sizes: Vec<usize> = counts.iter().map(|count| (due(count) / n) as usize).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|stratum| std::cmp::Reverse(due(&counts[*stratum]) % n));
    let left = wanted - sizes.iter().sum::<usize>();
    order.iter().take(left).for_each(|stratum| sizes[*stratum] += 1);
    let present = counts.iter().filter(|count| **count > 0).count();
    if wanted >= present {
        while let Some(empty) = (0..sizes.len()).find(|k| sizes[*k] == 0 && counts[*k] > 0) {
            let Some(largest) = (0..sizes.len()).rev().max_by_key(|k| sizes[*k]) else { break };
            sizes[largest] -= 1;
            sizes[empty] += 1;
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::apportioned;

    #[test]
    fn strata_keep_their_shares_and_none_is_lost() {
        assert_eq!(apportioned(10, &[50, 30, 20]), [5, 3, 2]);
        assert_eq!(apportioned(5, &[50, 30, 20]), [3, 1, 1]); // 2.5, 1.5 and 1
        assert_eq!(apportioned(10, &[990, 0, 8, 2]), [8, 0, 1, 1]);
        assert_eq!(apportioned(2, &[98, 1, 1]), [2, 0, 0]);
    }
}
