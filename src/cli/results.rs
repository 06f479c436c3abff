use std::io::{self, Write};

use serde_json::{Value, json};

use super::table::{TextTable, short_number};
use crate::analysis::ClosedForm;
use crate::experiment::Study;
use crate::record::{Clock, Metric, Part};
use crate::training::{Ending, Run, RunState, StartOutcome};

/// What one run came to, in numbers.
struct Summary {
    train_loss: Option<f64>,
    best_train_loss: Option<f64>,
    validation_loss: Option<f64>,
    best_validation_loss: Option<f64>,
    /// Accuracy or R², on the validation part where there is one.
    quality: Option<f64>,
    best_quality: Option<f64>,
    best_step: Option<u64>,
    test_loss: Option<f64>,
    test_quality: Option<f64>,
    seconds: f64,
}

impl Summary {
    fn of(run: &Run) -> Self {
        let history = run.history();
        let quality_metric = [Metric::Accuracy, Metric::R2]
            .into_iter()
            .find(|metric| history.track(Part::Train).metric(*metric).is_some());
        let values = |part, metric| history.series(part, metric, Clock::Step).map(|(_, ys)| ys);
        let kept = kept_evaluation(run);
        let last = |part, metric| {
            let values: &[f64] = values(part, metric)?;
            values.get(kept.unwrap_or(values.len().checked_sub(1)?)).copied()
        };
        let best = |part, metric| {
            values(part, metric)?.iter().copied().filter(|y| !y.is_nan()).reduce(f64::min)
        };
        let quality_part = match values(Part::Validation, Metric::Loss) {
            Some(values) if !values.is_empty() => Part::Validation,
            _ => Part::Train,
        };
        let best_of_run = run.outcome().and_then(|outcome| outcome.best);
        let test = run.outcome().and_then(|outcome| outcome.test_best.or(outcome.test_last));
        let number = |x: f64| (!x.is_nan()).then_some(x);
        Self {
            train_loss: last(Part::Train, Metric::Loss),
            best_train_loss: best(Part::Train, Metric::Loss),
            validation_loss: last(Part::Validation, Metric::Loss),
            best_validation_loss: best(Part::Validation, Metric::Loss),
            quality: quality_metric.and_then(|metric| last(quality_part, metric)),
            best_quality: best_of_run.and_then(|best| number(best.quality)),
            best_step: best_of_run.map(|best| best.step),
            test_loss: test.map(|test| test.loss),
            test_quality: test.and_then(|test| number(test.quality)),
            seconds: run.clocks().seconds,
        }
    }

    /// The numbers of the table, in its order.
    fn numbers(&self) -> [Option<f64>; 8] {
        [
            self.train_loss,
            self.best_train_loss,
            self.validation_loss,
            self.best_validation_loss,
            self.quality,
            self.best_quality,
            self.test_loss,
            self.test_quality,
        ]
    }
}

/// Of several starts the best is kept, not the last: the index of its best evaluation.
fn kept_evaluation(run: &Run) -> Option<usize> {
    let best = run.outcome()?.best.filter(|_| run.plan().experiment.starts > 1)?;
    let history = run.history();
    let watched = match history.series(Part::Validation, Metric::Loss, Clock::Step) {
        Some((_, losses)) if !losses.is_empty() => losses.to_vec(),
        _ => {
            let of = |metric| history.series(Part::Train, metric, Clock::Step).map(|(_, ys)| ys);
            let (losses, penalties) = (of(Metric::Loss)?, of(Metric::Penalty)?);
            losses.iter().zip(penalties).map(|(loss, penalty)| loss + penalty).collect()
        }
    };
    // Where one start ends and the next begins, two evaluations share a step.
    let steps = history.track(Part::Train).clock(Clock::Step);
    let at_step = (0..steps.len()).filter(|index| steps[*index] == best.step as f64);
    let away = |index: &usize| watched.get(*index).map_or(f64::INFINITY, |x| (x - best.loss).abs());
    at_step.min_by(|a, b| away(a).total_cmp(&away(b)))
}

/// Why a run ended, in words.
fn ending_words(run: &Run) -> String {
    let RunState::Ended(ending) = run.state() else { return "not ended".to_owned() };
    match ending {
        Ending::BudgetSpent { step } => format!("all {step} steps done"),
        Ending::TargetReached { step, .. } => format!("target loss reached at step {step}"),
        Ending::EarlyStopped { step, best_step } => {
            format!("stopped early at step {step}, best at step {best_step}")
        }
        Ending::Converged { step, gradient_norm } => {
            format!("gradient norm down to {gradient_norm:.3e} at step {step}")
        }
        Ending::TimeSpent { step, seconds } => {
            format!("time of {seconds:.1} s spent at step {step}")
        }
        Ending::Diverged { step } => format!("diverged at step {step}"),
        Ending::Stopped { step } => format!("stopped at step {step}"),
        Ending::Failed { message } => format!("failed: {message}"),
    }
}

/// One row for each run, and for several seeds the mean and standard deviation over them.
pub(super) fn write_table(out: &mut impl Write, study: &Study, runs: &[Run]) -> io::Result<()> {
    if !study.title.is_empty() {
        writeln!(out, "{}\n", study.title)?;
    }
    let quality = if runs.iter().any(is_classification) { "accuracy" } else { "R²" };
    let (best_quality, test_quality) = (format!("best {quality}"), format!("test {quality}"));
    let header = [
        "<experiment",
        "<seed",
        "train loss",
        "best",
        "validation loss",
        "best",
        quality,
        &best_quality,
        "test loss",
        &test_quality,
        "best step",
        "seconds",
        "<ending",
    ];
    let mut table = TextTable::new(&header);
    for of_experiment in runs.chunks(study.seeds.len().max(1)) {
        let summaries: Vec<_> = of_experiment.iter().map(Summary::of).collect();
        for (run, summary) in of_experiment.iter().zip(&summaries) {
            let mut row = vec![run.plan().label.clone(), run.plan().seed_in_words()];
            row.extend(summary.numbers().map(short_number));
            row.push(summary.best_step.map_or_else(String::new, |step| step.to_string()));
            row.push(format!("{:.2}", summary.seconds));
            row.push(ending_words(run));
            table.push(row);
        }
        if summaries.len() > 1 {
            let mut row = vec![of_experiment[0].plan().label.clone(), "mean ± s.d.".to_owned()];
            for column in 0..8 {
                let values: Vec<_> =
                    summaries.iter().filter_map(|summary| summary.numbers()[column]).collect();
                row.push(mean_and_deviation(&values));
            }
            row.extend([String::new(), String::new(), String::new()]);
            table.push(row);
        }
    }
    table.write(out)?;
    for run in runs {
        write_remarks(out, run)?;
    }
    for of_experiment in runs.chunks(study.seeds.len().max(1)) {
        write_optimum(out, &of_experiment[0])?;
    }
    Ok(())
}

/// How far a linear regression ended from the minimum that a direct solution gives.
fn write_optimum(out: &mut impl Write, run: &Run) -> io::Result<()> {
    let last = |metric| {
        let (_, values) = run.history().series(Part::Train, metric, Clock::Step)?;
        values.last().copied()
    };
    let (Some(optimum), Some(loss)) = (ClosedForm::of(run.plan()), last(Metric::Loss)) else {
        return Ok(());
    };
    let above = loss + last(Metric::Penalty).unwrap_or(0.0) - optimum.objective;
    let plan = run.plan();
    writeln!(
        out,
        "{}, seed {}: least squares in closed form has the objective {}; the last step is {} above",
        plan.label,
        plan.seed,
        short_number(Some(optimum.objective)),
        short_number(Some(above)),
    )
}

fn is_classification(run: &Run) -> bool {
    run.plan().data.as_ref().is_some_and(|data| data.is_classification())
}

/// Mean and sample standard deviation.
fn mean_and_deviation(values: &[f64]) -> String {
    if values.len() < 2 {
        return String::new();
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let deviation = (squares / (n - 1.0)).sqrt();
    format!("{} ± {}", short_number(Some(mean)), short_number(Some(deviation)))
}

/// One JSON object a line for each run, numbers with all their digits; what is not finite is null.
pub(super) fn write_json(out: &mut impl Write, runs: &[Run]) -> io::Result<()> {
    for run in runs {
        let summary = Summary::of(run);
        let clocks = run.clocks();
        let (ending, reason) = match run.state() {
            RunState::Ended(ending) => (ending_name(ending), ending_words(run)),
            _ => ("not_ended", String::new()),
        };
        let line: Value = json!({
            "experiment": run.plan().label,
            "seed": run.plan().seed,
            "fold": run.plan().fold().map(|fold| fold.index + 1),
            "parameters": run.plan().n_params(),
            "steps": clocks.step,
            "epochs": clocks.epoch,
            "evaluations": clocks.evaluations,
            "samples": clocks.samples,
            "seconds": clocks.seconds,
            "train_loss": summary.train_loss,
            "best_train_loss": summary.best_train_loss,
            "validation_loss": summary.validation_loss,
            "best_validation_loss": summary.best_validation_loss,
            "quality": summary.quality,
            "best_quality": summary.best_quality,
            "best_step": summary.best_step,
            "test_loss": summary.test_loss,
            "test_quality": summary.test_quality,
            "ending": ending,
            "reason": reason,
            "averaged": averaged_json(run),
            "clipped_share": last_value(run, Part::Batch, Metric::ClippedShare),
            "starts": starts_json(run),
            "hash": run.hashes().last().map(|(_, hash)| format!("{hash:016x}")),
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The last recorded value of a metric.
fn last_value(run: &Run, part: Part, metric: Metric) -> Option<f64> {
    run.history().series(part, metric, Clock::Step)?.1.last().copied()
}

/// The losses at the average of the weights; null where none is kept.
fn averaged_json(run: &Run) -> Value {
    let Some(train) = last_value(run, Part::Train, Metric::AveragedLoss) else {
        return Value::Null;
    };
    let test = run.outcome().and_then(|outcome| outcome.test_averaged);
    json!({
        "train_loss": train,
        "validation_loss": last_value(run, Part::Validation, Metric::AveragedLoss),
        "test_loss": test.map(|test| test.loss),
        "test_quality": test.map(|test| test.quality),
    })
}

/// What each of several random starts came to; null where there is one.
fn starts_json(run: &Run) -> Value {
    let starts = run.outcome().map_or(&[][..], |outcome| &outcome.starts);
    let start = |start: &StartOutcome| json!({ "ending": ending_name(&start.ending), "best_loss": start.best_loss });
    if starts.is_empty() { Value::Null } else { starts.iter().map(start).collect() }
}

/// What a run came to beyond the numbers of the table: random starts, averaged weights, clipping.
fn write_remarks(out: &mut impl Write, run: &Run) -> io::Result<()> {
    let plan = run.plan();
    let mut remarks = Vec::new();
    let starts = run.outcome().map_or(&[][..], |outcome| &outcome.starts);
    if let Some(best) = starts.iter().map(|start| start.best_loss).reduce(f64::min) {
        let losses: Vec<_> =
            starts.iter().map(|start| short_number(Some(start.best_loss))).collect();
        let n = starts.len();
        let best = short_number(Some(best));
        remarks.push(format!("{n} starts, best losses {}: the best {best}", losses.join(", ")));
    }
    if let Some(train) = last_value(run, Part::Train, Metric::AveragedLoss) {
        let validation = last_value(run, Part::Validation, Metric::AveragedLoss);
        let test = run.outcome().and_then(|outcome| outcome.test_averaged);
        let losses = [("train", Some(train)), ("validation", validation)]
            .into_iter()
            .chain([("test", test.map(|test| test.loss))])
            .filter_map(|(part, loss)| Some(format!("{part} {}", short_number(Some(loss?)))));
        let losses = losses.collect::<Vec<_>>().join(", ");
        let last = run.outcome().and_then(|outcome| outcome.test_last);
        let beside = last.map_or_else(String::new, |last| {
            format!(" (the last weights themselves: test {})", short_number(Some(last.loss)))
        });
        remarks.push(format!("at the end the averaged weights have the losses {losses}{beside}"));
    }
    if let Some(share) = last_value(run, Part::Batch, Metric::ClippedShare) {
        remarks.push(format!("{:.1} % of the steps were clipped", 100.0 * share));
    }
    for remark in remarks {
        writeln!(out, "{}, seed {}: {remark}", plan.label, plan.seed)?;
    }
    Ok(())
}

fn ending_name(ending: &Ending) -> &'static str {
    match ending {
        Ending::BudgetSpent { .. } => "budget_spent",
        Ending::TargetReached { .. } => "target_reached",
        Ending::EarlyStopped { .. } => "early_stopped",
        Ending::Converged { .. } => "converged",
        Ending::TimeSpent { .. } => "time_spent",
        Ending::Diverged { .. } => "diverged",
        Ending::Stopped { .. } => "stopped",
        Ending::Failed { .. } => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviation_is_that_of_a_sample() {
        // Of 1, 2, 3: mean 2, squares 1 + 0 + 1, over n − 1 = 2.
        assert_eq!(mean_and_deviation(&[1.0, 2.0, 3.0]), "2.0000 ± 1.0000");
        assert_eq!(mean_and_deviation(&[1.0]), "");
    }
}
