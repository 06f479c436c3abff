use std::collections::BTreeSet;
use std::sync::Arc;

use super::references::{Group, Reference, Row, groups, member};
use super::{Check, Comparison, Family, Measure};
use crate::schedules::{Course, Plateau, Schedule, SchedulePer, Stage};

/// Factors after some of the steps. PyTorch carries its rates from step to step, multiplying and
/// adding, while ours are computed anew from the step: it gathers up to 120 roundings of 1.1e-16,
/// magnified where a cosine ends near zero. The largest difference was 5e-15.
pub(super) const REFERENCES: [Reference; 1] =
    [Reference { text: include_str!("../../tests/references/schedules.csv"), tolerance: 5e-13 }];

/// A check for each schedule and source of its factors.
pub(super) fn checks(references: &[Reference]) -> Vec<Check> {
    let check = |group: Group| {
        let rows = group.rows;
        let settings: BTreeSet<_> =
            rows.iter().map(|row| [0, 1, 2, 3, 6, 7].map(|cell| row.text(cell))).collect();
        Check {
            family: Family::Schedules,
            member: group.member,
            what: format!("factors: {} settings", settings.len()),
            source: group.source,
            measure: Measure::Relative,
            tolerance: group.tolerance,
            compare: Arc::new(move |comparison| compare(&rows, comparison)),
        }
    };
    groups(Schedule::NAMES, references, ';').into_iter().map(check).collect()
}

fn compare(rows: &[Row], comparison: &mut Comparison) -> Result<(), String> {
    // Rows of one course stand together, in the order of their steps.
    let course_of = |row: &Row| [0, 1, 2, 3, 6, 7].map(|cell| row.text(cell));
    for rows in rows.chunk_by(|a, b| course_of(a) == course_of(b)) {
        let [settings, .., then, per] = course_of(&rows[0]);
        let schedule: Schedule = member(settings)?;
        let stages: Vec<Stage> = if then.is_empty() { Vec::new() } else { member(then)? };
        let per = if per.is_empty() { SchedulePer::Step } else { member(per)? };
        let (warmup, per_epoch, total) =
            (rows[0].number(1)?, rows[0].number(2)?, rows[0].number(3)?);
        let course = Course::new(&schedule, warmup, total, per_epoch).chained(&stages, per);
        let mut plateau = Plateau::default();
        for row in rows {
            let step = row.number(4)?;
            comparison.relative(course.factor(step, &plateau), row.number(5)?, || {
                format!("{settings}, warm-up {warmup}, step {step}")
            });
            if !row.text(8).is_empty() {
                course.observe(step + 1, row.number(8)?, &mut plateau);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_factor_fails_with_the_name_of_its_schedule() {
        let [reference] = REFERENCES;
        let line = "Constant;0;5;120;0;1";
        let text = reference.text.replacen(line, "Constant;0;5;120;0;1.000001", 1);
        assert_ne!(text, reference.text);
        let checks = checks(&[Reference { text: text.leak(), ..reference }]);
        let failed: Vec<_> = checks.iter().map(Check::run).filter(|found| !found.passed).collect();
        let [failed] = &failed[..] else { panic!("{failed:?}") };
        assert_eq!(failed.member, "Constant");
        let problem = "Constant, warm-up 0, step 0: 1 instead of 1.000001";
        assert_eq!(failed.problem.as_deref(), Some(problem));
    }
}
