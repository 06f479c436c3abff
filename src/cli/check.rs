use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::run::plan;
use super::table::{TextTable, in_one_line};
use super::{Stop, Success};
use crate::data::{Pipeline, seeds_in_words};
use crate::experiment::{Study, file};
use crate::losses::ClassWeights;
use crate::record::PlannedStudy;
use crate::training::Plan;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    /// The study file
    study: PathBuf,
    /// Print JSON lines, one for each experiment
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &CheckArguments) -> Result<Success, Stop> {
    let study = file::load(&arguments.study).map_err(Stop::input)?;
    let planned = plan(&study, &arguments.study, false)?;
    if arguments.json {
        return write_json(&planned, study.seeds.len());
    }
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
    write_features(&mut out, &planned, study.seeds.len())?;
    Ok(Success::Done)
}

/// Features beyond which a list is for the window or for `--json`.
const MOST_LISTED: usize = 40;

/// How each feature of the experiments with a list of transforms is made, each list once.
fn write_features(out: &mut impl Write, planned: &PlannedStudy, n_seeds: usize) -> io::Result<()> {
    let mut told: Vec<&Pipeline> = Vec::new();
    for plan in planned.plans.iter().step_by(n_seeds.max(1)) {
        let Some(data) = &plan.data else { continue };
        if plan.experiment.preprocessing.is_empty() || told.contains(&data.pipeline.as_ref()) {
            continue;
        }
        told.push(&data.pipeline);
        let (label, seed) = (&plan.label, plan.seed);
        writeln!(out, "\n{label}: features, fitted on the training part with seed {seed}")?;
        let lines = data.pipeline.describe();
        let width = lines.iter().take(MOST_LISTED).map(|(name, _)| name.chars().count()).max();
        for (name, words) in lines.iter().take(MOST_LISTED) {
            writeln!(out, "  {name:width$}  {words}", width = width.unwrap_or_default())?;
        }
        if lines.len() > MOST_LISTED {
            writeln!(out, "  … {} more (--json lists all)", lines.len() - MOST_LISTED)?;
        }
    }
    Ok(())
}

/// One object for each experiment, with how each feature is made for its first seed.
fn write_json(planned: &PlannedStudy, n_seeds: usize) -> Result<Success, Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for plans in planned.plans.chunks(n_seeds.max(1)) {
        let plan = &plans[0];
        let mut line = json!({
            "experiment": plan.label,
            "parameters": plan.n_params(),
            "steps": plan.total_steps,
            "runs": plans.len(),
        });
        if let Some(data) = &plan.data {
            let feature = |(name, words)| json!({ "name": name, "made": words });
            line["data"] = json!(data.name);
            line["train"] = json!(data.train.n_samples());
            line["validation"] = json!(data.validation.n_samples());
            line["test"] = json!(data.test.n_samples());
            line["features"] = data.pipeline.describe().into_iter().map(feature).collect();
            let reading = planned.remarks_on(&plan.experiment.data);
            let notes = reading.chain(data.notes.iter().map(String::as_str));
            let of_order = plan.note_on_order();
            line["notes"] = notes.chain(of_order.as_deref()).collect::<Vec<_>>().into();
            if let Some(weights) = class_weights(plan) {
                line["class_weights"] = weights
                    .map(|(class, weight)| json!({ "class": class, "weight": weight }))
                    .collect();
            }
        }
        writeln!(out, "{line}")?;
    }
    out.flush()?;
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
        if let Some(weights) = class_weights(plan) {
            let words =
                weights.map(|(class, weight)| format!("{} {weight}", in_one_line(class, 40)));
            of_plan.push(format!("class weights: {}", words.collect::<Vec<_>>().join(", ")));
        }
        let reading = planned.remarks_on(&plan.experiment.data);
        let notes = reading.chain(data.notes.iter().map(String::as_str));
        let of_order = plan.note_on_order();
        of_plan.extend(notes.chain(of_order.as_deref()).map(|note| format!("note: {note}")));
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

/// The classes with the weights that are stated for them, in the order in which they count.
fn class_weights(plan: &Plan) -> Option<impl Iterator<Item = (&str, f64)>> {
    let ClassWeights::Explicit(weights) = &plan.experiment.class_weights else { return None };
    let names = plan.data.as_ref()?.class_names.iter().map(String::as_str);
    Some(names.zip(weights.iter().copied()))
}

/// `“a”, “b”`.
pub(super) fn quoted(labels: &[&str]) -> String {
    labels.iter().map(|label| format!("“{label}”")).collect::<Vec<_>>().join(", ")
}

/// `1 run`, `2 runs`.
fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
