//! How samples are divided into parts: at random, by group, by time, by a column, in folds, and of
//! a subsample. Knows the table and the target's classes, nothing of features.

mod balance;
mod columns;
mod folds;
mod groups;
mod leakage;
mod random;
mod shuffled;
mod strata;
mod subsample;
mod time;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub(super) use balance::remark_on_balance;
pub use folds::{Fold, seeds_in_words};
pub(super) use leakage::remark_on_leakage;
pub use subsample::Subsample;

use self::columns::Keys;
use self::random::{by_remainder, quotas};
use self::strata::Strata;
use super::prepare::counted;
use super::store::Values;
use super::{DataError, RowSet, Table};
use crate::math::random::{Purpose, Stream};
use crate::settings::SettingError;

/// How samples are divided into parts.
///
/// ```text
/// n_part = ⌊s · n⌋ or one more, by the largest remainders, so that the parts sum to n
/// ```
///
/// `s` is the share of the part (the three sum to 1), `n` the number of samples. A part whose
/// share is above 0 is never empty. Which samples go where depends on the data, these settings and the
/// seed alone, so compared experiments see the same parts; inside a part the samples keep the
/// order of the table.
///
/// With `folds`, the run with seed `s = 1, 2, …` holds out one of `k` folds as its validation part:
///
/// ```text
/// fold (s − 1) mod k of partition ⌊(s − 1) / k⌋
/// ```
///
/// The test part, if it has a share, is set aside first and is the same for all seeds. What is left is
/// divided into `k` folds of equal size (or one more) at random, anew in each partition. The seeds 1 to `k` are
/// therefore one whole cross-validation, and `k + 1` to `2k` repeat it with other folds; the results'
/// mean and standard deviation over seeds are those of the cross-validation. The shares of train and validation
/// have no effect then.
///
/// Reference: M. Stone, Cross-validatory choice and assessment of statistical predictions, 1974.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Split {
    /// Share of samples to train on; above 0.
    pub train: f64,
    /// Share of samples to watch while training; 0 or more.
    pub validation: f64,
    /// Share of samples kept for one evaluation at the end; 0 or more.
    pub test: f64,
    /// Whether each class has the same share in every part, as nearly as whole samples or groups allow.
    /// Without effect by time and by a column, and on regression unless there are `quantile_bins`.
    pub stratified: bool,
    /// What says where a sample goes.
    #[serde(skip_serializing_if = "SplitBy::is_random")]
    pub by: SplitBy,
    /// Folds of a cross-validation, 2 to 1,000,000; 0 for none.
    #[serde(skip_serializing_if = "is_zero")]
    pub folds: usize,
    /// For a stratified split in regression: into how many bins of equal size the target is divided,
    /// to be treated as classes are, 2 to 1,000,000; 0 for none.
    #[serde(skip_serializing_if = "is_zero")]
    pub quantile_bins: usize,
    /// How many samples are used at all.
    #[serde(skip_serializing_if = "Subsample::is_off")]
    pub subsample: Subsample,
}

/// What says which part a sample goes to. A column that does is no feature; rows in which its cell
/// is missing are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SplitBy {
    /// Chance, by the seed.
    #[default]
    Random,
    /// Chance, but all samples with the same value in this column go to the same part: those of one
    /// patient, say. Shares are met as nearly as whole groups allow.
    Group(String),
    /// The order of this column, numbers or dates: the earliest to train on, the latest for the test,
    /// whatever the seed. Samples of the same time go to the same part. With folds, each is held out against
    /// all before it.
    Time(String),
    /// What this column says, in words such as `train`, `validation` and `test`. Shares have no effect.
    Column(String),
}

impl SplitBy {
    /// The name of the column; `None` for chance alone.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Random => None,
            Self::Group(name) | Self::Time(name) | Self::Column(name) => Some(name),
        }
    }

    fn is_random(&self) -> bool {
        *self == Self::Random
    }
}

fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Default for Split {
    fn default() -> Self {
        Self::of(0.7, 0.15, 0.15, true)
    }
}

/// How features (and numeric targets) are scaled, fitted on the training part only.
///
/// ```text
/// Standardize: (x − mean) / standard deviation     MinMax: (x − min) / (max − min)
/// Together:    (x − min) / (max − min), min and max of all features
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
    /// All features together to the range from 0 to 1, by the same shift and scale: for pixels, which
    /// are to keep their brightness. A numeric target by its own range.
    Together,
    /// To median 0 and distance of the quartiles 1, which outliers do not move.
    Robust,
}

/// Most folds.
const MOST_FOLDS: usize = 1_000_000;
/// Most bins of a numeric target.
const MOST_BINS: usize = 1_000_000;

const NAMES: [&str; 3] = ["train", "validation", "test"];

impl Split {
    /// A split at random with these shares.
    pub const fn of(train: f64, validation: f64, test: f64, stratified: bool) -> Self {
        let (by, subsample) = (SplitBy::Random, Subsample::Off);
        Self { train, validation, test, stratified, by, folds: 0, quantile_bins: 0, subsample }
    }

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

    /// Checks what says where samples go; the shares are for [`check`](Self::check).
    pub fn check_ways(&self) -> Result<(), SettingError> {
        const FOLDS: &str = "0 for no folds, or a whole number from 2 to 1,000,000";
        const BINS: &str = "0 for none, or a whole number from 2 to 1,000,000";
        if self.by.column().is_some_and(|name| name.trim().is_empty()) {
            let found = format!("{:?}", self.by);
            return Err(SettingError::new("by", found, "the way with the name of a column in it"));
        }
        if self.folds == 1 || self.folds > MOST_FOLDS {
            return Err(SettingError::new("folds", self.folds, FOLDS));
        }
        if self.folds > 1 && matches!(self.by, SplitBy::Column(_)) {
            let found = format!("{} with a column that says the part", self.folds);
            let expected = "0, or another way to divide: Random, Group or Time";
            return Err(SettingError::new("folds", found, expected));
        }
        if self.folds > 1 && self.test >= 1.0 - 1e-9 {
            return Err(SettingError::new(
                "test",
                self.test,
                "below 1, to leave samples for folds",
            ));
        }
        if self.quantile_bins == 1 || self.quantile_bins > MOST_BINS {
            return Err(SettingError::new("quantile_bins", self.quantile_bins, BINS));
        }
        self.subsample.check()
    }

    /// Whether all samples are divided at random by their shares, and nothing else is asked for.
    pub fn is_plain(&self) -> bool {
        self.by.is_random() && self.folds == 0 && self.subsample.is_off()
    }

    /// How samples are divided, in a few words: `70 % train, 15 % validation, 15 % test, by group
    /// of patient`.
    pub fn in_words(&self) -> String {
        let percent = |share: f64| (share * 1000.0).round() / 10.0;
        let shares = match (&self.by, self.folds) {
            (SplitBy::Column(_), _) => String::new(),
            (_, 2..) if self.test > 0.0 => {
                format!("{} % test, of the rest {} folds, ", percent(self.test), self.folds)
            }
            (_, 2..) => format!("{} folds, ", self.folds),
            _ => {
                let of_parts = NAMES.iter().zip(self.shares()).filter(|(_, share)| *share > 0.0);
                of_parts.map(|(name, share)| format!("{} % {name}, ", percent(share))).collect()
            }
        };
        let way = match &self.by {
            SplitBy::Random => "at random".to_owned(),
            SplitBy::Group(name) => format!("by groups of `{name}`"),
            SplitBy::Time(name) => format!("in the order of `{name}`"),
            SplitBy::Column(name) => format!("as `{name}` says"),
        };
        let drawn = match self.subsample {
            Subsample::Off => String::new(),
            Subsample::Rows(n) => format!(", of {n} rows drawn"),
            Subsample::Share(share) => format!(", of {} % of the rows drawn", percent(share)),
        };
        format!("{shares}{way}{drawn}")
    }

    /// The same, with all but the test part in one: what is to be divided into folds.
    fn without_validation(&self) -> Self {
        Self { train: 1.0 - self.test, validation: 0.0, ..self.clone() }
    }

    /// Divides the samples for one seed: their indices of train, validation and test. What was decided
    /// is noted.
    pub(super) fn divide(
        &self,
        samples: &Divisible<'_>,
        seed: u64,
        notes: &mut Vec<String>,
    ) -> Result<[RowSet; 3], DataError> {
        self.check()?;
        self.check_ways().map_err(|problem| DataError::new(format!("split: {problem}")))?;
        let keys = Keys::find(&self.by, samples)?;
        // `None`: all of them.
        let mut used = keys.known(samples.rows, notes);
        let mut strata = self.strata(samples)?;
        if let Some(used) = &used {
            strata = strata.of(used);
        }
        let n_known = used.as_ref().map_or(samples.rows.len(), RowSet::len);
        if let Subsample::Rows(wanted) = self.subsample
            && wanted > n_known
        {
            notes.push(format!(
                "all {n_known} samples are used: a subsample of {wanted} is more than there are"
            ));
        }
        if let Some(drawn) = self.subsample.draw(&strata, n_known)? {
            let n = drawn.len();
            notes.push(format!("{n} of {n_known} samples drawn, the same for all seeds"));
            strata = strata.of(&drawn);
            used = Some(match used {
                Some(used) => used.at(&drawn),
                None => drawn,
            });
        }
        let n = used.as_ref().map_or(n_known, RowSet::len);
        let divides_strata = matches!(keys, Keys::None | Keys::Groups(_));
        if divides_strata && samples.classes.is_none() && self.stratified {
            self.remark_on_bins(n, notes);
        }
        let rows = match &used {
            Some(used) => Cow::Owned(samples.rows.at(used)),
            None => Cow::Borrowed(samples.rows),
        };
        let sets = |parts: [Vec<usize>; 3]| parts.map(RowSet::from_iter);
        let parts = match (&keys, self.folds) {
            (Keys::None, 0) => self.at_random(n, &strata, &mut Stream::new(seed, Purpose::Split)),
            (Keys::None, _) => self.random_folds(n, &strata, self.fold_of(seed)?),
            (Keys::Groups(groups), 0) => {
                let (groups, strata) = (groups.of(rows.iter()), strata.list()?);
                self.by_groups(&groups, &strata, &mut Stream::new(seed, Purpose::Split)).map(sets)
            }
            (Keys::Groups(groups), _) => {
                let (groups, strata) = (groups.of(rows.iter()), strata.list()?);
                self.group_folds(&groups, &strata, self.fold_of(seed)?).map(sets)
            }
            (Keys::Times(times), folds) => {
                let times: Vec<_> = rows.iter().map(|row| times[row]).collect();
                match folds {
                    0 => self.by_time(&times).map(sets),
                    _ => self.time_folds(&times, self.fold_of(seed)?).map(sets),
                }
            }
            (Keys::Parts(part), _) => {
                columns::by_column(rows.iter().map(|row| part[row])).map(sets)
            }
        };
        let parts = parts.map_err(|mut error| {
            if let Some(name) = self.by.column() {
                error.message = format!("split by `{name}`: {}", error.message);
            }
            error
        })?;
        keys.note(&self.by, &parts, notes);
        if let (Keys::Times(_), 0, Some(name)) = (&keys, self.folds, self.by.column())
            && parts.each_ref().map(RowSet::len) != self.sizes(n)?
        {
            notes.push(format!(
                "rows with the same `{name}` stay together, so the parts are not exactly of the \
                 sizes that are stated"
            ));
        }
        Ok(match used {
            Some(used) => parts.map(|part| used.at(&part)),
            None => parts,
        })
    }

    /// Bins with less than a sample for each part cannot have the same share in all of them.
    fn remark_on_bins(&self, n: usize, notes: &mut Vec<String>) {
        let n_parts = match self.folds {
            0 => self.shares().iter().filter(|share| **share > 0.0).count(),
            folds => folds,
        };
        let most = n / n_parts.max(1);
        if self.quantile_bins > most.max(1) && n_parts > 1 {
            notes.push(format!(
                "{} quantile_bins of {n} samples have fewer than {n_parts} each, one for each part; {} \
                 or less divide the target evenly",
                self.quantile_bins,
                most.max(1)
            ));
        }
    }

    /// What is to have the same share in all parts: the classes, or bins of a numeric target.
    fn strata<'a>(&self, samples: &Divisible<'a>) -> Result<Strata<'a>, DataError> {
        Ok(match (samples.classes, samples.numbers) {
            _ if !self.stratified => Strata::ONE,
            (Some(classes), _) => Strata::classes(classes),
            (None, Some(numbers)) if self.quantile_bins > 1 => {
                Strata::bins(quantile_bins(&numbers.all()?, self.quantile_bins))
            }
            _ => Strata::ONE,
        })
    }
}

/// What is divided: the samples of a table that have a target.
pub(super) struct Divisible<'a> {
    /// The table.
    pub(super) table: &'a Table,
    /// The index of its target column.
    pub(super) target: usize,
    /// The row of each sample.
    pub(super) rows: &'a RowSet,
    /// The class of each, in classification.
    pub(super) classes: Option<&'a Values<u32>>,
    /// The number to be predicted of each, in regression.
    pub(super) numbers: Option<&'a Values>,
}

/// The bin of each number among `n_bins` of equal size: `⌊rank · n_bins / n⌋`, where equal numbers share
/// the rank of the first of them.
fn quantile_bins(numbers: &[f64], n_bins: usize) -> Vec<u32> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| (numbers[*a] + 0.0).total_cmp(&(numbers[*b] + 0.0)));
    let mut bins = vec![0; numbers.len()];
    let mut rank = 0;
    for (place, sample) in order.iter().enumerate() {
        if place > 0 && numbers[*sample] != numbers[order[place - 1]] {
            rank = place;
        }
        bins[*sample] = (rank as u64 * n_bins as u64 / numbers.len() as u64) as u32;
    }
    bins
}

/// Streams of random numbers for what is the same for all seeds, or for a partition into folds;
/// number 0 is that of a plain split.
#[derive(Clone, Copy)]
enum Draw {
    /// The folds of a partition, which takes the place of the seed.
    Folds = 1,
    /// The test part beside folds.
    Test = 2,
    /// The subsample.
    Subsample = 3,
}

impl Draw {
    fn stream(self, partition: u64) -> Stream {
        Stream::numbered(partition, Purpose::Split, self as u64)
    }
}
