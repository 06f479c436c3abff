//! What is not permitted in a study, by its path in the file: of its parts taken alone, of parts
//! together, and of the study around its experiments.

mod parts;
mod together;

use std::collections::BTreeSet;

use super::{Experiment, Study, Variation};
use crate::settings::{SettingError, Span};

impl Experiment {
    /// Every setting that is out of its permitted range, by its path: `optimizer.learning_rate`.
    /// What depends on the data (a batch larger than the training part) is left to the plan.
    pub fn problems(&self) -> Vec<SettingError> {
        let mut problems = self.problems_of_parts();
        problems.extend(self.problems_together());
        problems
    }
}

/// Every setting of a study that is not permitted, by its path in the file:
/// `compare[2].optimizer.learning_rate`. Empty where the study can be run (as far as can be said
/// without its data).
pub fn validate(study: &Study) -> Vec<SettingError> {
    let mut problems = Vec::new();
    let of_base = match study.compare.is_empty() {
        true => study.base.problems(),
        false => study.base.problems_of_parts(),
    };
    problems.extend(of_base.into_iter().map(|problem| problem.within("base")));

    let of_base_together: Vec<_> = study.base.problems_together().collect();
    let mut labels = BTreeSet::new();
    for (index, variation) in study.compare.iter().enumerate() {
        let here = format!("compare[{index}]");
        check_label(variation, &here, &mut labels, &mut problems);
        let stated = variation.stated();
        let experiment = variation.applied_to(&study.base);
        let of_parts = experiment.problems_of_parts().into_iter().map(|problem| {
            let part = problem.field.split(['.', '[']).next().unwrap_or_default();
            let inherited = !stated.contains(&part);
            problem.within(if inherited { "base" } else { &here })
        });
        // A warm-up too long for a budget stated here is a matter of this experiment.
        // Where the base alone has it too, it is a matter of the base.
        let together = experiment.problems_together().map(|problem| {
            let is_of_base = of_base_together.contains(&problem);
            problem.within(if is_of_base { "base" } else { &here })
        });
        for problem in of_parts.chain(together) {
            if !problems.iter().any(|known| known.field == problem.field) {
                problems.push(problem);
            }
        }
    }

    if study.seeds.is_empty() {
        let expected = "a list with one whole number or more, such as [1]";
        problems.push(SettingError::new("seeds", "an empty list", expected));
    }
    let folds = study.experiments().into_iter().map(|(_, experiment)| experiment.split.folds);
    let has_folds = folds.max().is_some_and(|folds| folds > 1);
    let mut seen = BTreeSet::new();
    for (index, seed) in study.seeds.iter().enumerate() {
        if has_folds && *seed == 0 {
            let expected = "1 or more: with folds, seed 1 holds out the first of them";
            problems.push(SettingError::new(format!("seeds[{index}]"), 0, expected));
        }
        if !seen.insert(seed) {
            let found = format!("{seed} once more");
            problems.push(SettingError::new(
                format!("seeds[{index}]"),
                found,
                "different from the seeds before it",
            ));
        }
    }
    problems
}

fn check_label<'a>(
    variation: &'a Variation,
    here: &str,
    labels: &mut BTreeSet<&'a str>,
    problems: &mut Vec<SettingError>,
) {
    let label = variation.label.as_str();
    if label.trim().is_empty() {
        let expected = "a name for the experiment";
        problems.push(SettingError::new(format!("{here}.label"), "empty", expected));
    } else if !labels.insert(label) {
        let found = format!("{label:?} once more");
        let expected = "different from the labels before it";
        problems.push(SettingError::new(format!("{here}.label"), found, expected));
    }
    let color = variation.color.as_str();
    let digits = color.strip_prefix('#').unwrap_or_default();
    let is_color = digits.len() == 6 && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    if !color.is_empty() && !is_color {
        let expected = "a colour such as \"#0072b2\"";
        problems.push(SettingError::new(format!("{here}.color"), format!("{color:?}"), expected));
    }
}

/// Whether one point of a budget comes after another, where both are in the same unit.
fn is_after(a: Span, b: Span) -> bool {
    match (a, b) {
        (Span::Steps(a), Span::Steps(b)) => a > b,
        (Span::Epochs(a), Span::Epochs(b)) => a > b,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
