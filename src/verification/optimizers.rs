use std::collections::BTreeSet;
use std::sync::Arc;

use super::references::{Group, Reference, Row, groups, member};
use super::{Check, Comparison, Family, Measure};
use crate::math::team::Team;
use crate::optimizers::{Arrival, Optimizer, OptimizerState, Search, Update};
use crate::surfaces::Surface;

/// Trajectories in f64. Both sides round each operation to 1.1e-16 but do not order them alike
/// (PyTorch interpolates its averages, differentiates automatically and divides in another order), so
/// each of 200 steps adds a few 1e-16. No surface pulls neighbours apart for long at these rates: the
/// largest difference was 6e-15, and 5e-14 for `RAdam`, whose rectification takes large numbers
/// from each other. Ten times that is still far below a wrong term.
pub(super) const REFERENCES: [Reference; 2] = [
    Reference { text: include_str!("../../tests/references/optimizers.csv"), tolerance: 5e-13 },
    Reference {
        text: include_str!("../../tests/references/optimizers_optax.csv"),
        tolerance: 5e-13,
    },
];

/// A check for each optimizer and source of its trajectories.
pub(super) fn checks(references: &[Reference]) -> Vec<Check> {
    let check = |group: Group| {
        let rows = group.rows;
        let count = |cell| rows.iter().map(|row| row.text(cell)).collect::<BTreeSet<_>>().len();
        Check {
            family: Family::Optimizers,
            member: group.member,
            what: format!("trajectories: {} settings × {} surfaces", count(0), count(1)),
            source: group.source,
            measure: Measure::Relative,
            tolerance: group.tolerance,
            compare: Arc::new(move |comparison| compare(&rows, comparison)),
        }
    };
    groups(Optimizer::NAMES, references, ';').into_iter().map(check).collect()
}

/// Descends again along every trajectory. Its rows stand together, in the order of their steps.
fn compare(rows: &[Row], comparison: &mut Comparison) -> Result<(), String> {
    let team = Team::solo();
    for rows in rows.chunk_by(|a, b| a.cells[..2] == b.cells[..2]) {
        let (settings, place) = (rows[0].text(0), rows[0].text(1));
        let (optimizer, surface): (Optimizer, Surface) = (member(settings)?, member(place)?);
        let (rule, surface) = (optimizer.rule::<f64>(), surface.rule::<f64>());
        let mut params = surface.start();
        let mut gradient = vec![0.0; params.len()];
        let mut arrival = Arrival { value: None, gradient: gradient.clone() };
        let mut state = OptimizerState::new(rule, params.len());
        for row in rows {
            let until = row.number(2)?;
            while state.step < until {
                let value = surface.value_and_gradient(&params, &mut gradient);
                state.step += 1;
                let mut evaluate =
                    |at: &[f64], gradient: &mut [f64]| surface.value_and_gradient(at, gradient);
                let mut update = Update::new(&mut params, &gradient, rule.learning_rate(), &team);
                if rule.searches() {
                    arrival.value = None;
                    update.search =
                        Some(Search { value, evaluate: &mut evaluate, arrival: &mut arrival });
                }
                rule.update(&mut state, update);
            }
            for (index, found) in params.iter().enumerate() {
                let expected = row.number(3 + index)?;
                comparison.relative(*found, expected, || {
                    format!("{settings} on {place}, step {until}, p{index}")
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One digit of one reference changed: its member fails, and nobody else.
    #[test]
    fn a_wrong_reference_fails_with_the_name_of_its_member() {
        let line = "Adam();Beale;10;";
        let at = REFERENCES[0].text.find(line).unwrap() + line.len();
        let mut wrong = REFERENCES[0].text.to_owned();
        let digit = if &wrong[at + 10..at + 11] == "5" { "6" } else { "5" };
        wrong.replace_range(at + 10..at + 11, digit);
        let references = [Reference { text: wrong.leak(), ..REFERENCES[0] }, REFERENCES[1]];
        let findings = checks(&references).iter().map(Check::run).collect::<Vec<_>>();
        let failed: Vec<_> = findings.iter().filter(|finding| !finding.passed).collect();
        let [failed] = failed[..] else { panic!("{failed:?}") };
        assert_eq!(failed.member, "Adam");
        let problem = failed.problem.as_ref().unwrap();
        assert!(problem.starts_with("Adam() on Beale, step 10, p0: "), "{problem}");
    }

    #[test]
    fn an_optimizer_without_trajectories_fails() {
        let kept = |line: &&str| !line.starts_with("Yogi");
        let text = REFERENCES[1].text.lines().filter(kept).collect::<Vec<_>>().join("\n");
        let references = [REFERENCES[0], Reference { text: text.leak(), ..REFERENCES[1] }];
        let checks = checks(&references);
        let yogi = checks.iter().find(|check| check.member == "Yogi").unwrap().run();
        assert_eq!(yogi.problem.as_deref(), Some("there are no reference values"));
    }

    #[test]
    fn trajectories_of_an_unknown_optimizer_fail() {
        let text = "# A\noptimizer;surface;step;x;y\nAdm();Beale;1;1;1";
        let checks = checks(&[Reference { text, tolerance: 1.0 }]);
        let finding = checks.iter().find(|check| check.member == "Adm").unwrap().run();
        assert!(finding.problem.unwrap().starts_with("Adm(): "));
    }
}
