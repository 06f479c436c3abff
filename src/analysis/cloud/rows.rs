//! What the rows of a table are in a cloud: their places along an axis, and their colours.

use super::{CloudQuestion, Coordinate, Tint};
use crate::data::{Cells, Column};

/// How far apart the names of a column stand, of which 1 is the distance.
pub(super) const JITTER: f64 = 0.56;

/// A number for each row.
pub(super) enum Reader<'a> {
    Numbers(&'a [f64]),
    Names { codes: &'a [Option<u32>], places: Vec<f64>, salt: u32 },
    Values(&'a [f32]),
}

impl<'a> Reader<'a> {
    pub(super) fn of(question: &'a CloudQuestion, axis: usize) -> Self {
        match &question.axes[axis] {
            Coordinate::Values(values) => Self::Values(&values.0),
            Coordinate::Column(column) => {
                match question.loaded.0.table.columns.get(*column).map(|column| &column.cells) {
                    Some(Cells::Numeric(values)) => Self::Numbers(values),
                    Some(Cells::Nominal { levels, codes }) => {
                        let mut places = vec![0.0; levels.len()];
                        for (place, code) in level_order(levels).into_iter().enumerate() {
                            places[code] = place as f64;
                        }
                        Self::Names { codes, places, salt: axis as u32 }
                    }
                    None => Self::Values(&[]),
                }
            }
        }
    }

    pub(super) fn get(&self, row: usize) -> f64 {
        let missing = f64::NAN;
        match self {
            Self::Numbers(values) => values.get(row).copied().unwrap_or(missing),
            Self::Values(values) => values.get(row).copied().map_or(missing, f64::from),
            Self::Names { codes, places, salt } => {
                let code = codes.get(row).copied().flatten();
                code.map_or(missing, |code| places[code as usize] + jitter(row, *salt))
            }
        }
    }
}

/// The levels of a nominal column in the order in which an axis has them: the alphabet's.
pub fn level_order(levels: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by(|a, b| levels[*a].cmp(&levels[*b]));
    order
}

/// How far beside its level a row stands: irregular, and always the same.
fn jitter(row: usize, salt: u32) -> f64 {
    let mut mixed = (row as u32).wrapping_mul(0x9e37_79b9) ^ salt.wrapping_mul(0x85eb_ca6b);
    mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d);
    mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39);
    mixed ^= mixed >> 15;
    JITTER * (f64::from(mixed) / f64::from(u32::MAX) - 0.5)
}

/// The colour of each row as a number, and how many kinds there are; 0 for values.
pub(super) struct Tints<'a> {
    source: TintSource<'a>,
    pub(super) n_kinds: usize,
}

enum TintSource<'a> {
    Plain,
    Class(&'a [u32], usize),
    Levels(&'a [Option<u32>]),
    Numbers(&'a [f64]),
}

impl<'a> Tints<'a> {
    pub(super) fn of(question: &'a CloudQuestion) -> Self {
        let plain = Self { source: TintSource::Plain, n_kinds: 1 };
        match question.tint {
            Tint::Plain => plain,
            Tint::Class => {
                let members = question.members.0.get();
                let n = question.members.0.data().class_names.len();
                Self { source: TintSource::Class(&members.classes, n), n_kinds: n }
            }
            Tint::Column(column) => match question.loaded.0.table.columns.get(column) {
                Some(Column { cells: Cells::Numeric(values), .. }) => {
                    Self { source: TintSource::Numbers(values), n_kinds: 0 }
                }
                Some(Column { cells: Cells::Nominal { levels, codes }, .. }) => {
                    Self { source: TintSource::Levels(codes), n_kinds: levels.len() }
                }
                None => plain,
            },
        }
    }

    pub(super) fn get(&self, row: usize) -> f32 {
        match self.source {
            TintSource::Plain => 0.0,
            TintSource::Class(classes, n) => {
                let class = classes.get(row).filter(|class| (**class as usize) < n);
                class.map_or(f32::NAN, |class| *class as f32)
            }
            TintSource::Levels(codes) => {
                codes.get(row).copied().flatten().map_or(f32::NAN, |code| code as f32)
            }
            TintSource::Numbers(values) => {
                values.get(row).filter(|x| x.is_finite()).map_or(f32::NAN, |x| *x as f32)
            }
        }
    }
}
