use std::sync::Arc;

use super::references::{Group, Reference, Row, groups, member, name_in};
use super::{Check, Comparison, Family, Measure};
use crate::math::reduce;
use crate::techniques::{Averaging, Clip, GradientNoise};

/// A division and a product for each entry, and averages of 40 steps: some roundings of 1.1e-16.
pub(super) const REFERENCES: [Reference; 1] =
    [Reference { text: include_str!("../../tests/references/techniques.csv"), tolerance: 1e-13 }];

/// A check for each limit, noise and average.
pub(super) fn checks(references: &[Reference]) -> Vec<Check> {
    let names = [Clip::NAMES, GradientNoise::NAMES, Averaging::NAMES].concat();
    let names: Vec<_> = names.into_iter().filter(|name| *name != "Off").collect();
    let check = |group: Group| {
        let rows = group.rows;
        let what = match Clip::named(&group.member).is_some() {
            true => "gradients",
            false if Averaging::named(&group.member).is_some() => "averages",
            false => "deviations",
        };
        Check {
            family: Family::Techniques,
            what: format!("{what}: {} settings", rows.chunk_by(same_settings).count()),
            member: group.member,
            source: group.source,
            measure: Measure::Scaled,
            tolerance: group.tolerance,
            compare: Arc::new(move |comparison| compare(&rows, comparison)),
        }
    };
    groups(&names, references, ';').into_iter().map(check).collect()
}

fn same_settings(a: &Row, b: &Row) -> bool {
    a.text(0) == b.text(0)
}

/// The numbers in a cell.
fn numbers(row: &Row, cell: usize) -> Result<Vec<f64>, String> {
    let text = row.text(cell);
    let numbers = text.split_whitespace().map(str::parse::<f64>).collect::<Result<Vec<_>, _>>();
    numbers.map_err(|_| format!("{}: “{text}” are no numbers", row.text(0)))
}

fn compare(rows: &[Row], comparison: &mut Comparison) -> Result<(), String> {
    for rows in rows.chunk_by(same_settings) {
        let settings = rows[0].text(0);
        let name = name_in(settings);
        let mut average = f64::NAN;
        for row in rows {
            let (step, mut found): (u64, _) = (row.number(1)?, numbers(row, 2)?);
            if Clip::NAMES.contains(&name) {
                let norm = reduce::norm(&found);
                member::<Clip>(settings)?.rule::<f64>().limit(&mut found, norm);
            } else if GradientNoise::NAMES.contains(&name) {
                found = vec![member::<GradientNoise>(settings)?.rule().deviation(step)];
            } else {
                let weight = member::<Averaging>(settings)?.rule().weight(step, 1);
                let param = found[0];
                average = if weight == 1.0 { param } else { average + weight * (param - average) };
                found = vec![average];
            }
            comparison.lists(&found, &numbers(row, 3)?, 1e-3, &format!("{settings}, step {step}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_average_fails_with_its_name() {
        let [reference] = REFERENCES;
        let start = reference.text.find("Polyak();1;").expect("its first row");
        let end = start + reference.text[start..].find('\n').expect("the end of the row");
        let text = format!("{}Polyak();1;1;2{}", &reference.text[..start], &reference.text[end..]);
        let checks = checks(&[Reference { text: text.leak(), ..reference }]);
        let failed: Vec<_> = checks.iter().map(Check::run).filter(|found| !found.passed).collect();
        assert_eq!(failed.iter().map(|found| &*found.member).collect::<Vec<_>>(), ["Polyak"]);
    }
}
