//! What is to have the same share in all parts.

use std::borrow::Cow;
use std::rc::Rc;

use crate::data::store::Values;
use crate::data::{DataError, RowSet};

/// The stratum of each sample: its class, or the bin of its target.
#[derive(Clone)]
pub(super) struct Strata<'a> {
    of_all: Stored<'a>,
    /// The samples that are meant; `None` for all.
    among: Option<RowSet>,
}

#[derive(Clone)]
enum Stored<'a> {
    /// All samples are of one.
    One,
    Classes(&'a Values<u32>),
    Bins(Rc<[u32]>),
}

impl<'a> Strata<'a> {
    /// One for all samples.
    pub(super) const ONE: Self = Self { of_all: Stored::One, among: None };

    pub(super) fn classes(classes: &'a Values<u32>) -> Self {
        Self { of_all: Stored::Classes(classes), among: None }
    }

    pub(super) fn bins(bins: Vec<u32>) -> Self {
        Self { of_all: Stored::Bins(bins.into()), among: None }
    }

    pub(super) fn are_one(&self) -> bool {
        matches!(self.of_all, Stored::One)
    }

    /// The same of some of these samples, by their places among them.
    pub(super) fn of(&self, samples: &RowSet) -> Self {
        let among = match &self.among {
            Some(among) => among.at(samples),
            None => samples.clone(),
        };
        Self { of_all: self.of_all.clone(), among: Some(among) }
    }

    /// Shows the stratum of each sample, in order; nothing where there is one.
    fn for_each(&self, mut look: impl FnMut(u32)) -> Result<(), DataError> {
        let mut sample = 0;
        let mut look_at = |stratum: &u32| {
            if self.among.as_ref().is_none_or(|among| among.contains(sample)) {
                look(*stratum);
            }
            sample += 1;
        };
        match &self.of_all {
            Stored::One => Ok(()),
            Stored::Classes(classes) => {
                classes.for_each_rows(|some| some.iter().for_each(&mut look_at))
            }
            Stored::Bins(bins) => {
                bins.iter().for_each(look_at);
                Ok(())
            }
        }
    }

    /// How many of the `n` samples are in each.
    pub(super) fn counts(&self, n: usize) -> Result<Vec<usize>, DataError> {
        if self.are_one() {
            return Ok(vec![n]);
        }
        let mut counts = Vec::new();
        self.for_each(|stratum| {
            let stratum = stratum as usize;
            counts.resize(counts.len().max(stratum + 1), 0);
            counts[stratum] += 1;
        })?;
        Ok(counts)
    }

    /// Shows of each of the `n` samples, in order, its stratum and how many before it are of the same.
    pub(super) fn for_each_member(
        &self,
        n: usize,
        mut look: impl FnMut(usize, usize, usize),
    ) -> Result<(), DataError> {
        if self.are_one() {
            (0..n).for_each(|sample| look(sample, 0, sample));
            return Ok(());
        }
        let (mut n_seen, mut sample) = (vec![0; self.counts(n)?.len()], 0);
        self.for_each(|stratum| {
            let member = &mut n_seen[stratum as usize];
            look(sample, stratum as usize, *member);
            *member += 1;
            sample += 1;
        })
    }

    /// A list of them; empty for one.
    pub(super) fn list(&self) -> Result<Cow<'_, [u32]>, DataError> {
        if let (Stored::Classes(classes), None) = (&self.of_all, &self.among) {
            return classes.all();
        }
        let mut all = Vec::new();
        self.for_each(|stratum| all.push(stratum))?;
        Ok(Cow::Owned(all))
    }
}
