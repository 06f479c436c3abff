//! The reference check, family by family: every member agrees with its references from outside.
//! What is compared, where the values come from and why the tolerances are what they are stands in
//! `src/verification/`; the values and the scripts that computed them are in `tests/references/`.

use std::collections::BTreeMap;

use descent::optimizers::Optimizer;
use descent::schedules::Schedule;
use descent::verification::{self, Family, Finding};

/// Runs the checks of a family, and asserts that all of them pass.
#[track_caller]
fn passes(family: Family) -> Vec<Finding> {
    let findings: Vec<_> =
        verification::checks(Some(family)).iter().map(|check| check.run()).collect();
    for finding in &findings {
        println!("{finding}");
        assert!(finding.passed, "{finding}");
    }
    findings
}

/// How many numbers of a member are compared.
fn n_values(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.member.as_str()).or_default() += finding.n_values;
    }
    counts
}

#[test]
fn optimizers_follow_the_trajectories_of_others() {
    let findings = passes(Family::Optimizers);
    // Two settings on each of four surfaces, with two numbers at each of nine steps.
    for name in Optimizer::NAMES {
        assert!(n_values(&findings)[name] >= 2 * 4 * 9 * 2, "{name}");
    }
}

#[test]
fn schedules_give_the_factors_of_others() {
    let findings = passes(Family::Schedules);
    for name in Schedule::NAMES {
        assert!(n_values(&findings)[name] >= 20, "{name}");
    }
}

#[test]
fn techniques_do_what_others_do() {
    let findings = passes(Family::Techniques);
    for name in ["Norm", "Value", "Annealed", "MovingAverage", "Polyak"] {
        assert!(n_values(&findings)[name] >= 80, "{name}");
    }
}

#[test]
fn losses_and_their_gradients_agree() {
    passes(Family::Losses);
}

#[test]
fn activations_and_their_slopes_agree() {
    passes(Family::Activations);
}

#[test]
fn models_agree_in_gradients_and_ten_steps_of_training() {
    passes(Family::Models);
}

#[test]
fn surfaces_have_their_gradients_and_minima() {
    passes(Family::Surfaces);
}

#[test]
fn functions_are_within_their_bounds_of_the_true_values() {
    let findings = passes(Family::Functions);
    assert!(findings.iter().all(|finding| finding.n_values > 100));
}

#[test]
fn products_have_the_bits_of_a_plain_loop() {
    passes(Family::Products);
}
