use std::collections::BTreeSet;
use std::sync::Arc;

use super::references::{Group, Reference, Row, groups, member};
use super::{Check, Comparison, Family, Measure};
use crate::math::team::Team;
use crate::optimizers::{Arrival, Optimizer, OptimizerState, Search, Update, UpdateRule};
use crate::surfaces::{Surface, SurfaceFunction};

/// Trajectories in f64. Both sides round each operation to 1.1e-16 but do not order them alike
/// (PyTorch interpolates its averages, differentiates automatically and divides in another order), so
/// each of 200 steps adds a few 1e-16. No surface pulls neighbours apart for long at these rates: the
/// largest difference was 6e-15, and 5e-14 for `RAdam`, whose rectification takes large numbers
/// from each other. Ten times that is still far below a wrong term.
pub(super) const REFERENCES: [Reference; 4] = [
    Reference { text: include_str!("../../tests/references/optimizers.csv"), tolerance: 5e-13 },
    Reference {
        text: include_str!("../../tests/references/optimizers_optax.csv"),
        tolerance: 5e-13,
    },
    Reference {
        text: include_str!("../../tests/references/optimizers_blocks.csv"),
        tolerance: 5e-13,
    },
    // A search magnifies what rounding makes of the slopes along its line, and each step begins
    // where the last one ended.
    Reference {
        text: include_str!("../../tests/references/optimizers_lbfgs.csv"),
        tolerance: 1e-9,
    },
];

/// What the files hold, in their order: in words, and how to compare it.
type Form = (&'static str, fn(&[Row], &mut Comparison) -> Result<(), String>);
const FORMS: [Form; 4] = [
    ("trajectories", compare),
    ("trajectories", compare),
    ("trajectories in blocks", compare_blocks),
    ("ends of searches", compare_searches),
];

/// A check for each optimizer and source of its trajectories.
pub(super) fn checks(references: &[Reference]) -> Vec<Check> {
    let check = |group: Group| {
        let rows = group.rows;
        let (what, compare) = FORMS[group.file];
        let count = |cell| rows.iter().map(|row| row.text(cell)).collect::<BTreeSet<_>>().len();
        Check {
            family: Family::Optimizers,
            member: group.member,
            what: match group.file {
                2 => format!("{what}: {} settings", count(0)),
                _ => format!("{what}: {} settings × {} surfaces", count(0), count(1)),
            },
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
        let mut descent = Descent::new(rule, surface, surface.start());
        for row in rows {
            let until = row.number(2)?;
            descent.advance(until, &team);
            for (index, found) in descent.params.iter().enumerate() {
                let expected = row.number(3 + index)?;
                comparison.relative(*found, expected, || {
                    format!("{settings} on {place}, step {until}, p{index}")
                });
            }
        }
    }
    Ok(())
}

/// An optimizer on its way down a surface.
struct Descent<'a> {
    rule: &'a dyn UpdateRule<f64>,
    surface: &'a dyn SurfaceFunction<f64>,
    params: Vec<f64>,
    gradient: Vec<f64>,
    arrival: Arrival<f64>,
    state: OptimizerState<f64>,
}

impl<'a> Descent<'a> {
    fn new(
        rule: &'a dyn UpdateRule<f64>,
        surface: &'a dyn SurfaceFunction<f64>,
        params: Vec<f64>,
    ) -> Self {
        let gradient = vec![0.0; params.len()];
        let arrival = Arrival { value: None, gradient: gradient.clone() };
        let state = OptimizerState::new(rule, params.len());
        Self { rule, surface, params, gradient, arrival, state }
    }

    /// Goes on to a step.
    fn advance(&mut self, until: u64, team: &Team) {
        let Self { rule, surface, params, gradient, arrival, state } = self;
        while state.step < until {
            let value = surface.value_and_gradient(params, gradient);
            state.step += 1;
            let mut evaluate =
                |at: &[f64], gradient: &mut [f64]| surface.value_and_gradient(at, gradient);
            let mut update = Update::new(params, gradient, rule.learning_rate(), team);
            if rule.searches() {
                arrival.value = None;
                update.search = Some(Search { value, evaluate: &mut evaluate, arrival });
            }
            rule.update(state, update);
        }
    }
}

/// A weight matrix of 2 × 3 and a bias of 3, each a block, with the gradient that the script states.
fn compare_blocks(rows: &[Row], comparison: &mut Comparison) -> Result<(), String> {
    let (team, blocks) = (Team::solo(), [0..6, 6..9]);
    for rows in rows.chunk_by(|a, b| a.cells[0] == b.cells[0]) {
        let settings = rows[0].text(0);
        let optimizer: Optimizer = member(settings)?;
        let rule = optimizer.rule::<f64>();
        let mut params: Vec<_> =
            (0..9).map(|i| if i < 6 { 0.5 - 0.2 * f64::from(i) } else { 0.0 }).collect();
        let mut gradient = vec![0.0; 9];
        let mut state = OptimizerState::new(rule, 9);
        for row in rows {
            let until = row.number(1)?;
            while state.step < until {
                for (i, (slope, param)) in gradient.iter_mut().zip(&params).enumerate() {
                    let target = (i % 3) as f64 - 1.0 + i as f64 / 10.0;
                    *slope = (1.0 + i as f64 / 4.0) * (param - target);
                }
                state.step += 1;
                let update = Update::new(&mut params, &gradient, rule.learning_rate(), &team);
                rule.update(&mut state, Update { blocks: &blocks, ..update });
            }
            for (index, found) in params.iter().enumerate() {
                let expected: f64 = row.number(2 + index)?;
                // Some come close to zero, in a company of numbers around 1.
                comparison.scaled(*found, expected, expected.abs().max(1e-3), || {
                    format!("{settings} in blocks, step {until}, p{index}")
                });
            }
        }
    }
    Ok(())
}

/// Whether rounding, and not the rule, decides where a search comes to. Two pairs for a bowl a million
/// times steeper one way than the other, or along Rosenbrock's valley, say so little that after some
/// ten steps rounding decides about the next; both then come to the minimum by other ways. From
/// (−1, ½) Beale's function falls for ever towards −∞, where nothing holds two runs together.
fn is_left_to_rounding(row: &Row, n_steps: u64) -> bool {
    let is_endless = (row.text(1), row.text(2).starts_with('-')) == ("Beale", true);
    (is_endless && n_steps == 200) || (n_steps >= 10 && row.text(0).contains("history: 2"))
}

/// Rules that search for the length of their steps, from the starts that the rows state.
fn compare_searches(rows: &[Row], comparison: &mut Comparison) -> Result<(), String> {
    let team = Team::solo();
    for row in rows {
        let (settings, place, n_steps) = (row.text(0), row.text(1), row.number(4)?);
        if is_left_to_rounding(row, n_steps) {
            continue;
        }
        let (optimizer, surface): (Optimizer, Surface) = (member(settings)?, member(place)?);
        let (rule, surface) = (optimizer.rule::<f64>(), surface.rule::<f64>());
        let mut descent = Descent::new(rule, surface, vec![row.number(2)?, row.number(3)?]);
        descent.advance(n_steps, &team);
        for (index, found) in descent.params.iter().enumerate() {
            let expected: f64 = row.number(7 + index)?;
            comparison.scaled(*found, expected, expected.abs().max(1.0), || {
                format!("{settings} on {place}, step {n_steps}, p{index}")
            });
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
        let mut references = REFERENCES;
        references[0].text = wrong.leak();
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
        let mut references = REFERENCES;
        references[1].text = text.leak();
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
