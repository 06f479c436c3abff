use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::run::plan;
use super::table::TextTable;
use super::{Stop, Success};
use crate::experiment::file;

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
    Ok(Success::Done)
}

/// `1 run`, `2 runs`.
fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
