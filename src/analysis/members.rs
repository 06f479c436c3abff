use std::sync::{Arc, OnceLock};

use crate::data::{Prepared, Samples, TargetColumn};

/// The parts of the data, in the order of [`Members::parts`].
pub const PARTS: [&str; 3] = ["training", "validation", "test"];
/// The part of rows that are in none: those without a target, for example.
pub(super) const NO_PART: u8 = 3;
/// The class of rows that have none.
pub(super) const NO_CLASS: u32 = u32::MAX;

/// To which part and class each row of a table belongs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members {
    /// For each row the index of its part in [`PARTS`], or `NO_PART`.
    pub parts: Vec<u8>,
    /// For each row its class, or `NO_CLASS`; empty where the target is a number.
    pub classes: Vec<u32>,
}

impl Members {
    /// The parts and classes of `n_rows` rows.
    pub fn of(data: &Prepared, n_rows: usize) -> Self {
        let mut parts = vec![NO_PART; n_rows];
        let mut classes = match data.is_classification() {
            true => vec![NO_CLASS; n_rows],
            false => Vec::new(),
        };
        for (part, samples) in samples(data).into_iter().enumerate() {
            for row in &samples.rows {
                if let Some(place) = parts.get_mut(row) {
                    *place = part as u8;
                }
            }
            if let TargetColumn::Classes(of_part) = &samples.targets {
                for (row, class) in samples.rows.iter().zip(of_part) {
                    if let Some(place) = classes.get_mut(row) {
                        *place = *class;
                    }
                }
            }
        }
        Self { parts, classes }
    }

    /// The class of a row.
    pub fn class(&self, row: usize) -> Option<u32> {
        self.classes.get(row).copied().filter(|class| *class != NO_CLASS)
    }
}

/// The samples of each part, in the order of [`PARTS`].
pub(super) fn samples(data: &Prepared) -> [&Samples; 3] {
    [&data.train, &data.validation, &data.test]
}

/// [`Members`] that are found out when first needed, by whichever thread needs them.
#[derive(Debug)]
pub struct LazyMembers {
    data: Arc<Prepared>,
    n_rows: usize,
    found: OnceLock<Members>,
}

impl LazyMembers {
    /// Those of `n_rows` rows.
    pub fn new(data: Arc<Prepared>, n_rows: usize) -> Self {
        Self { data, n_rows, found: OnceLock::new() }
    }

    /// The data they come from.
    pub fn data(&self) -> &Arc<Prepared> {
        &self.data
    }

    /// Parts and classes.
    pub fn get(&self) -> &Members {
        self.found.get_or_init(|| Members::of(&self.data, self.n_rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_knows_its_part_and_class() {
        let part = |rows: &[usize], classes: &[u32]| Samples {
            rows: rows.iter().copied().collect(),
            targets: TargetColumn::Classes(classes.to_vec().into()),
            ..Samples::default()
        };
        let data = Prepared {
            class_names: vec!["a".into(), "b".into()],
            target_scaling: (0.0, 1.0),
            train: part(&[0, 3], &[1, 0]),
            validation: part(&[4], &[1]),
            test: part(&[1], &[0]),
            ..Prepared::default()
        };
        let members = Members::of(&data, 5);
        assert_eq!(members.parts, [0, 2, NO_PART, 0, 1]);
        assert_eq!(members.classes, [1, 0, NO_CLASS, 0, 1]);
        assert_eq!((members.class(2), members.class(3), members.class(9)), (None, Some(0), None));
    }
}
