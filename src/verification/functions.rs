use std::sync::Arc;

use super::references::{Group, Reference, Row, groups};
use super::{Check, Comparison, Family, Measure};
use crate::math::{Scalar, elementary};

/// True values, rounded once to the precision, at arguments from the least numbers to the largest.
/// Each function has its own tolerance: [`bounds`].
pub(super) const REFERENCES: &[Reference] =
    &[Reference { text: include_str!("../../tests/references/elementary.csv"), tolerance: 0.0 }];

/// The largest distances allowed, in units in the last place of f32 and of f64: what the
/// documentation of each function promises.
fn bounds(name: &str) -> (f64, f64) {
    match name {
        "exp_m1" | "ln_1p" | "tanh" | "sigmoid" | "softplus" => (1.0, 2.0),
        _ => (1.0, 1.0),
    }
}

/// A check for each function and precision.
pub(super) fn checks(references: &[Reference]) -> Vec<Check> {
    let checks = |group: Group| {
        let bounds = bounds(&group.member);
        [("f32", bounds.0), ("f64", bounds.1)].map(|(precision, tolerance)| {
            let rows = group.rows.iter().filter(|row| row.text(1) == precision);
            let (rows, name) = (rows.cloned().collect::<Vec<_>>(), group.member.clone());
            Check {
                family: Family::Functions,
                member: group.member.clone(),
                what: format!("values in {precision}"),
                source: group.source.clone(),
                measure: Measure::UnitsInLastPlace,
                tolerance,
                compare: Arc::new(move |comparison| match precision {
                    "f32" => compare(&name, &rows, |bits| f32::from_bits(bits as u32), comparison),
                    _ => compare(&name, &rows, f64::from_bits, comparison),
                }),
            }
        })
    };
    groups(elementary::NAMES, references, ',').into_iter().flat_map(checks).collect()
}

fn compare<T: Scalar>(
    name: &str,
    rows: &[Row],
    from_bits: fn(u64) -> T,
    comparison: &mut Comparison,
) -> Result<(), String> {
    let function = elementary::named::<T>(name).ok_or(format!("there is no function {name}"))?;
    for row in rows {
        let bits = |cell| {
            let bits = u64::from_str_radix(row.text(cell), 16);
            bits.map(from_bits).map_err(|_| format!("{}: no bits", row.cells.join(" ")))
        };
        let (argument, value) = (bits(2)?, bits(3)?);
        comparison.units(function(argument), value, || format!("{name}({argument})"));
    }
    Ok(())
}
