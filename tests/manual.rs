//! The README and ARCHITECTURE.md say what is so: the study shown can be run, and every shipped
//! study, every member of the main families and every dependency is named.

use std::path::Path;

use descent::experiment::file::read;
use descent::record::plan_study;

const README: &str = include_str!("../README.md");
const ARCHITECTURE: &str = include_str!("../ARCHITECTURE.md");

/// The first block of this language in a text.
fn block<'a>(text: &'a str, language: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("such a block");
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_study_in_the_readme_runs() {
    let study = read(block(README, "ron"), Path::new("README.md"))
        .unwrap_or_else(|error| panic!("{error}"));
    let planned = plan_study(&study, Path::new("")).unwrap();
    let n_steps: u64 = planned.plans.iter().map(|plan| plan.total_steps).sum();
    assert!(README.contains(&format!("{} runs, {n_steps} steps in all", planned.plans.len())));
    for plan in planned.plans {
        assert!(README.contains(&format!(" {}    {} ", plan.n_params(), plan.total_steps)));
    }
}

#[test]
fn every_shipped_study_is_in_the_readme() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(README.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = include_str!("../Cargo.toml");
    let mut section = "";
    let mut n_dependencies = 0;
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if matches!(section, "[dependencies]" | "[dev-dependencies]")
            && !line.starts_with('#')
            && let Some((name, _)) = line.split_once(" = ")
        {
            n_dependencies += 1;
            assert!(ARCHITECTURE.contains(&format!("`{name}`")), "{name}");
        }
    }
    assert!(n_dependencies > 20, "the manifest is read");
}
