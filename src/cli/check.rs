use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::run::plan;
use super::table::TextTable;
use super::{Stop, Success};
use crate::data::seeds_in_words;
use crate::experiment::{Study, file};
use crate::record::PlannedStudy;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The study file
    study: PathBuf,
}

pub(super) fn run(arguments: &CheckArguments) -> Result<Success, Stop> {
    let study = file::load(&arguments.study).map_err(Stop::input)?;
    let planned = plan(&study, &arguments.study)?;
    let mut table = TextTable::new(&[
        "<experiment",
        "parameters",
        "steps",
        "runs",
        "train",
        "validation",
        "test",
        "features",
        "<data",
    ]);
    for plans in planned.plans.chunks(study.seeds.len()) {
        let first = &plans[0];
        let mut row = vec![
            first.label.clone(),
            first.n_params().to_string(),
            first.total_steps.to_string(),
            plans.len().to_string(),
        ];
        match &first.data {
            Some(data) => {
                let parts = [&data.train, &data.validation, &data.test];
                row.extend(parts.map(|part| part.n_samples().to_string()));
                row.extend([data.n_features().to_string(), data.name.clone()]);
            }
            None => {
                let surface = first.surface.as_ref().map_or("", |surface| surface.page().title);
                row.extend([const { String::new() }; 4]);
                row.push(match first.experiment.data.noise() {
                    0.0 => format!("{surface} (surface)"),
                    noise => format!("{surface} (surface, noise {noise})"),
                });
            }
        }
        table.push(row);
    }
    let (n_experiments, n_seeds) = (planned.inputs.len(), study.seeds.len());
    let n_steps: u64 = planned.plans.iter().map(|plan| plan.total_steps).sum();
    let mut out = io::stdout().lock();
    if !study.title.is_empty() {
        writeln!(out, "{}\n", study.title)?;
    }
    table.write(&mut out)?;
    writeln!(
        out,
        "\n{} × {} = {}, {n_steps} steps in all",
        counted(n_experiments, "experiment"),
        counted(n_seeds, "seed"),
        counted(planned.plans.len(), "run"),
    )?;
    for remark in remarks(&study, &planned) {
        writeln!(out, "{remark}")?;
    }
    Ok(Success::Done)
}

/// How the samples are divided, where that is not by shares alone, and what was noted on the way; each
/// once, with the experiments it is true of where it is not true of all.
fn remarks(study: &Study, planned: &PlannedStudy) -> Vec<String> {
    let mut remarks: Vec<(String, Vec<&str>)> = Vec::new();
    for plans in planned.plans.chunks(study.seeds.len()) {
        let plan = &plans[0];
        let Some(data) = &plan.data else { continue };
        let split = &plan.experiment.split;
        let mut of_plan = Vec::new();
        if !split.is_plain() {
            of_plan.push(format!("split: {}", split.in_words()));
        }
        if split.folds > 1 {
            let (words, is_whole) = seeds_in_words(split.folds, &study.seeds);
            of_plan.push(if is_whole { words } else { format!("warning: {words}") });
        }
        of_plan.extend(data.notes.iter().map(|note| format!("note: {note}")));
        for remark in of_plan {
            match remarks.iter_mut().find(|(known, _)| *known == remark) {
                Some((_, labels)) => labels.push(&plan.label),
                None => remarks.push((remark, vec![&plan.label])),
            }
        }
    }
    let n_experiments = planned.inputs.len();
    let with_labels = |(remark, labels): (String, Vec<&str>)| match labels.len() {
        n if n == n_experiments => remark,
        _ => format!("in {}: {remark}", quoted(&labels)),
    };
    remarks.into_iter().map(with_labels).collect()
}

/// `“a”, “b”`.
fn quoted(labels: &[&str]) -> String {
    labels.iter().map(|label| format!("“{label}”")).collect::<Vec<_>>().join(", ")
}

/// `1 run`, `2 runs`.
fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
