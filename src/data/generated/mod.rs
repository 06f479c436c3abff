//! Generated toy sets: small problems in one or two dimensions that can be seen whole.

use super::{Cells, Column, Table};
use crate::math::random::Stream;

/// The rule of a generated set.
pub trait Generator: Sync {
    /// Draws the table; the last column is the target.
    fn generate(&self, stream: &mut Stream) -> Table;

    /// The seed of the data, which is not that of the run: every run sees the same set.
    fn seed(&self) -> u64;
}

crate::family! {
    /// A generated set with its settings.
    pub enum Generated = Generator {
        blobs::Blobs,
        circles::Circles,
        moons::Moons,
        spiral::Spiral,
        xor::Xor,
        noisy_line::NoisyLine,
        noisy_sine::NoisySine,
    }
}

/// A full turn, in radians.
const TURN: f64 = std::f64::consts::TAU;

/// Columns `x` and `y` and a class.
fn plane(points: Vec<(f64, f64, u32)>, class: &str, levels: Vec<String>) -> Table {
    let xs = points.iter().map(|point| point.0).collect();
    let ys = points.iter().map(|point| point.1).collect();
    let codes = points.iter().map(|point| Some(point.2)).collect();
    Table {
        columns: vec![
            Column { name: "x".into(), cells: Cells::Numeric(xs) },
            Column { name: "y".into(), cells: Cells::Numeric(ys) },
            Column { name: class.into(), cells: Cells::Nominal { levels, codes } },
        ],
    }
}

/// Columns `x` and `y`, the latter to be predicted.
fn line(points: Vec<(f64, f64)>) -> Table {
    let (xs, ys) = points.into_iter().unzip();
    Table {
        columns: vec![
            Column { name: "x".into(), cells: Cells::Numeric(xs) },
            Column { name: "y".into(), cells: Cells::Numeric(ys) },
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::Purpose;
    use crate::settings::Value;

    fn generate(generated: &Generated) -> Table {
        let rule = generated.rule();
        rule.generate(&mut Stream::new(rule.seed(), Purpose::Generation))
    }

    #[test]
    fn every_member_has_its_size_and_a_target_that_varies() {
        for member in Generated::members() {
            let mut generated = (member.default)();
            generated.set("n_samples", Value::Count(101)).expect("all have a size");
            let table = generate(&generated);
            assert_eq!(table.n_rows(), 101, "{}", member.name);
            for column in &table.columns {
                assert_eq!((column.n_rows(), column.n_missing()), (101, 0), "{}", member.name);
            }
            match &table.columns.last().expect("a target").cells {
                Cells::Nominal { levels, codes } => {
                    let mut counts = vec![0; levels.len()];
                    codes.iter().flatten().for_each(|code| counts[*code as usize] += 1);
                    let (least, most) = (counts.iter().min(), counts.iter().max());
                    assert!(levels.len() > 1, "{}", member.name);
                    assert!(most.unwrap() - least.unwrap() <= 1, "{}: {counts:?}", member.name);
                }
                Cells::Numeric(values) => assert!(values.iter().any(|value| *value != values[0])),
            }
        }
    }

    #[test]
    fn the_seed_decides_everything() {
        for member in Generated::members() {
            let first = (member.default)();
            let mut other = first.clone();
            other.set("seed", Value::Count(1)).expect("all have a seed");
            assert_eq!(generate(&first), generate(&first));
            assert_ne!(generate(&first), generate(&other), "{}", member.name);
        }
    }

    #[test]
    fn noise_spreads() {
        for member in Generated::members() {
            let (mut still, mut noisy) = ((member.default)(), (member.default)());
            still.set("noise", Value::Number(0.0)).expect("all have noise");
            noisy.set("noise", Value::Number(0.5)).expect("all have noise");
            assert_ne!(generate(&still), generate(&noisy), "{}", member.name);
        }
    }
}
