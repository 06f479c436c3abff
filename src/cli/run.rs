use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;

use super::check::quoted;
use super::followed::followed;
use super::outputs;
use super::progress::Progress;
use super::{Stop, Success, exports, results, trajectory, units};
use crate::data::transforms::setting_in;
use crate::experiment::{Problem, Study, StudyError, file};
use crate::record::{ExperimentProblem, PlannedStudy, Record, plan_study_with};
use crate::training::{Command, Ending, Executor, PlanError, Run, RunState};

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The study file
    pub(super) study: PathBuf,
    /// Run with this seed instead of the study's own; may be given several times
    #[arg(long, value_name = "N")]
    seed: Vec<u64>,
    /// Use this many cores [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=4096))]
    threads: Option<u64>,
    /// Write every recorded metric to this CSV file
    #[arg(long, value_name = "OUT.csv")]
    pub(super) metrics: Option<PathBuf>,
    /// Write the parameters at every recorded step to this CSV file
    #[arg(long, value_name = "OUT.csv")]
    pub(super) trajectory: Option<PathBuf>,
    /// Write the coefficients of linear models, in the units of the data, to this CSV file: those of
    /// the best weights, by the validation loss where there is a validation part; `step` says which
    #[arg(long, value_name = "OUT.csv")]
    pub(super) coefficients: Option<PathBuf>,
    /// Write what the best weights predict of every sample, in the units of the data, to this CSV file.
    /// They are the best by the validation loss where there is a validation part; `step` says which.
    /// `row` is the row of the table as read, counted from 1 as `descent data --rows` prints it; rows
    /// left out in reading (`descent data FILE` lists them) are not counted
    #[arg(long, value_name = "OUT.csv")]
    pub(super) predictions: Option<PathBuf>,
    /// Write a record for `descent replay` to this file
    #[arg(long, value_name = "RECORD")]
    pub(super) save: Option<PathBuf>,
    /// Print JSON lines with full-precision numbers
    #[arg(long)]
    json: bool,
    /// Print neither progress nor results
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(arguments: &RunArguments) -> Result<Success, Stop> {
    let mut study = file::load(&arguments.study).map_err(Stop::input)?;
    if !arguments.seed.is_empty() {
        study.seeds.clear();
        for seed in &arguments.seed {
            if study.seeds.contains(seed) {
                return Err(Stop::input(format!("--seed {seed} is given twice; each seed once")));
            }
            study.seeds.push(*seed);
        }
    }
    let planned = plan(&study, &arguments.study, arguments.quiet)?;
    // Files that cannot be written are better refused before an hour of training than after.
    outputs::check(arguments, &study)?;
    units::check(arguments, &planned)?;
    if !arguments.quiet {
        for (index, (_, remark)) in planned.remarks.iter().enumerate() {
            if planned.remarks[..index].iter().all(|(_, known)| known != remark) {
                eprintln!("note: {remark}");
            }
        }
    }

    let executor = Executor::new(arguments.threads.map(|n| n as usize));
    let (wake, woken) = crossbeam_channel::bounded(1);
    let wake = Arc::new(move || {
        // A full queue already holds the news that there is news.
        let _ = wake.try_send(());
    });
    let interrupted = interruption(wake.clone());
    let mut runs = executor.start_all(planned.plans.clone(), false, wake);
    let mut progress = Progress::new(!arguments.quiet && io::stderr().is_terminal());
    let mut is_stopping = false;
    while !follow(&mut runs) {
        progress.show(&runs);
        if interrupted.load(Ordering::Relaxed) && !is_stopping {
            is_stopping = true;
            runs.iter().for_each(|run| run.command(Command::Stop));
        }
        // The limit is for the clock on screen; results are never waited for.
        let _ = woken.recv_timeout(Duration::from_millis(200));
    }
    progress.clear();

    // Files first: a reader of the table who goes away takes nothing else. A file that fails does
    // not take the others with it.
    let mut written = Vec::new();
    if let Some(path) = &arguments.save {
        let study = planned.decided(&study);
        let record = Record::new(&study, folder_of(&arguments.study), planned.inputs, &runs);
        written.push(record.save(path).map_err(Stop::input));
    }
    if let Some(path) = &arguments.metrics {
        written.push(outputs::write(path, |mut out| exports::write_metrics(&mut out, &runs)));
    }
    if let Some(path) = arguments.trajectory.as_ref().filter(|_| !is_stopping) {
        let n_threads = executor.n_threads();
        written.push(outputs::write(path, |mut out| trajectory::write(&mut out, &runs, n_threads)));
    }
    if let Some(path) = &arguments.coefficients {
        written.push(outputs::write(path, |mut out| units::write_coefficients(&mut out, &runs)));
    }
    if let Some(path) = &arguments.predictions {
        written.push(outputs::write(path, |mut out| units::write_predictions(&mut out, &runs)));
    }
    if !arguments.quiet {
        let mut out = BufWriter::new(io::stdout().lock());
        match arguments.json {
            true => results::write_json(&mut out, &runs)?,
            false => results::write_table(&mut out, &study, &runs)?,
        }
        out.flush()?;
    }
    written.into_iter().collect::<Result<(), Stop>>()?;
    if is_stopping {
        return Ok(Success::Interrupted);
    }
    let failed = |run: &Run| {
        matches!(run.state(), RunState::Ended(Ending::Diverged { .. } | Ending::Failed { .. }))
    };
    Ok(if runs.iter().any(failed) { Success::Differs } else { Success::Done })
}

/// Becomes true at Ctrl-C, so that the runs can be stopped and what they came to be written; a
/// second Ctrl-C ends the program at once. `wake` is called as well.
fn interruption(wake: Arc<impl Fn() + Send + Sync + 'static>) -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let shared = Arc::clone(&interrupted);
    let handler = move || {
        if shared.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Success::Interrupted.code()));
        }
        wake();
    };
    // Where no handler can be had, Ctrl-C ends the program at once.
    let _ = ctrlc::set_handler(handler);
    interrupted
}

/// Takes in what the runs report; whether all have ended.
fn follow(runs: &mut [Run]) -> bool {
    let mut all_ended = true;
    for run in runs {
        run.receive();
        all_ended &= matches!(run.state(), RunState::Ended(_));
    }
    all_ended
}

/// Where the paths in a study file start.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Plans all runs of the study in the file at `path`; every problem with its place in that file.
pub(super) fn plan(study: &Study, path: &Path, is_quiet: bool) -> Result<PlannedStudy, Stop> {
    let planned = followed(is_quiet, |progress| plan_study_with(study, folder_of(path), progress));
    planned.map_err(|problems| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let problems = together(problems);
        let problems: Vec<_> = problems
            .iter()
            .map(|(labels, problem)| placed(study, &text, problem, labels))
            .collect();
        Stop::input(StudyError { path: path.to_owned(), problems })
    })
}

/// Problems with the labels of all experiments that have them, each told once.
fn together(problems: Vec<ExperimentProblem>) -> Vec<(Vec<String>, ExperimentProblem)> {
    let mut told: Vec<(Vec<String>, ExperimentProblem)> = Vec::new();
    for problem in problems {
        let words = problem.error.to_string();
        match told.iter_mut().find(|(_, known)| known.error.to_string() == words) {
            Some((labels, _)) => labels.push(problem.label),
            None => told.push((vec![problem.label.clone()], problem)),
        }
    }
    told
}

/// A problem of experiments with these labels, with the place where the setting concerned is stated.
fn placed(study: &Study, text: &str, problem: &ExperimentProblem, labels: &[String]) -> Problem {
    let setting = match &problem.error {
        PlanError::Setting(error) => error.field.clone(),
        PlanError::Data(error) => setting_in(&error.message).unwrap_or("data").to_owned(),
        PlanError::Initialization(_) => "initialization".to_owned(),
    };
    let part = setting.split(['.', '[']).next().unwrap_or_default();
    let stated = study
        .compare
        .get(problem.index)
        .is_some_and(|variation| variation.stated().contains(&part));
    let setting = match stated {
        true => format!("compare[{}].{setting}", problem.index),
        false => format!("base.{setting}"),
    };
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let message = format!("in {}: {}", quoted(&labels), problem.error);
    Problem { position: file::position_of(text, &setting), message, setting }
}
