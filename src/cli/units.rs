//! What models come to in the units of the data: coefficients and predictions.

use std::io::{self, Write};

use super::Stop;
use super::exports::quoted;
use super::run::RunArguments;
use crate::analysis::{Forecast, coefficients};
use crate::data::{Prepared, TargetColumn};
use crate::models::Model;
use crate::record::PlannedStudy;
use crate::training::Run;

/// Refuses what would be a file without a row.
pub(super) fn check(arguments: &RunArguments, planned: &PlannedStudy) -> Result<(), Stop> {
    let any = |test: fn(&Model) -> bool| {
        let mut plans = planned.plans.iter().filter(|plan| plan.data.is_some());
        plans.any(|plan| test(&plan.experiment.model))
    };
    let is_linear = |model: &Model| {
        matches!(model, Model::Linear(_) | Model::Logistic(_) | Model::Multinomial(_))
    };
    if arguments.coefficients.is_some() && !any(is_linear) {
        return Err(Stop::input(
            "--coefficients: no experiment has a linear, logistic or multinomial model, whose coefficients could be written",
        ));
    }
    if arguments.predictions.is_some() && !any(|_| true) {
        return Err(Stop::input("--predictions: the study is on surfaces, which have no samples"));
    }
    Ok(())
}

/// The best parameters of a run that has got that far, by the validation loss where there is one,
/// and their step.
fn best(run: &Run) -> Option<(u64, &[f64])> {
    let params = run.best_params().filter(|params| params.len() == run.plan().n_params())?;
    let step = run.outcome().and_then(|outcome| outcome.best).map(|best| best.step);
    Some((step.unwrap_or(run.clocks().step), params))
}

/// Writes the coefficients of every run of a linear model, one a row.
pub(super) fn write_coefficients(out: &mut impl Write, runs: &[Run]) -> io::Result<()> {
    writeln!(
        out,
        "experiment,seed,step,output,feature,coefficient,in_original_units,scaled_coefficient,note"
    )?;
    for run in runs {
        let Some((step, params)) = best(run) else { continue };
        let plan = run.plan();
        let label = quoted(&plan.label)?;
        for coefficient in coefficients(plan, params) {
            writeln!(
                out,
                "{label},{},{step},{},{},{},{},{},{}",
                plan.seed,
                quoted(&coefficient.output)?,
                quoted(&coefficient.feature)?,
                coefficient.value,
                coefficient.in_original_units,
                coefficient.scaled,
                if coefficient.note.is_empty() {
                    String::new()
                } else {
                    quoted(&coefficient.note)?
                },
            )?;
        }
    }
    Ok(())
}

/// Writes what every run predicts of every sample, one a row, with a column for the probability of
/// each class. Rows are numbered from 1, as they
/// stand in the table: those that were left out in reading are not counted.
pub(super) fn write_predictions(out: &mut impl Write, runs: &[Run]) -> io::Result<()> {
    let mut classes: Vec<&str> = Vec::new();
    let data = runs.iter().filter_map(|run| run.plan().data.as_ref());
    for class in data.flat_map(|data| &data.class_names) {
        if !classes.contains(&class.as_str()) {
            classes.push(class);
        }
    }
    write!(out, "experiment,seed,step,part,row,target,prediction")?;
    for class in &classes {
        write!(out, ",{}", quoted(&format!("probability of {class}"))?)?;
    }
    writeln!(out)?;
    for run in runs {
        let plan = run.plan();
        let (Some((step, params)), Some(data)) = (best(run), &plan.data) else { continue };
        let label = quoted(&plan.label)?;
        let own: Vec<Option<usize>> = classes
            .iter()
            .map(|class| data.class_names.iter().position(|name| name == class))
            .collect();
        let parts =
            [("train", &data.train), ("validation", &data.validation), ("test", &data.test)];
        for (part, samples) in parts {
            let mut rows = samples.rows.iter();
            Forecast::for_each(plan, params, samples, |targets, forecast| {
                let n_samples = match targets {
                    TargetColumn::Numbers(targets) => targets.len(),
                    TargetColumn::Classes(targets) => targets.len(),
                };
                for (index, row) in rows.by_ref().take(n_samples).enumerate() {
                    write!(out, "{label},{},{step},{part},{}", plan.seed, row + 1)?;
                    write_answer(out, data, &own, index, targets, forecast)?;
                    writeln!(out)?;
                }
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// The target of a sample and what is predicted: one number or class, and the probabilities of the classes
/// that have a column, each by its index where these data have it.
fn write_answer(
    out: &mut impl Write,
    data: &Prepared,
    classes: &[Option<usize>],
    index: usize,
    targets: &TargetColumn,
    forecast: &Forecast,
) -> io::Result<()> {
    let (shift, scale) = data.target_scaling;
    match (targets, forecast) {
        (TargetColumn::Numbers(targets), Forecast::Numbers(values)) => {
            let target = unrounded(targets[index], shift, scale);
            write!(out, ",{target},{}", values[index])?;
            write!(out, "{}", ",".repeat(classes.len()))
        }
        (
            TargetColumn::Classes(targets),
            Forecast::Classes { classes: predicted, probabilities },
        ) => {
            let name = |class: u32| quoted(&data.class_names[class as usize]);
            write!(out, ",{},{}", name(targets[index])?, name(predicted[index])?)?;
            let n_classes = data.class_names.len();
            for class in classes {
                let place = class.map(|class| index * n_classes + class);
                match place.and_then(|place| probabilities.get(place)) {
                    Some(probability) => write!(out, ",{probability}")?,
                    None => write!(out, ",")?,
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A number `z · scale + shift` as it was before it was scaled: without what scaling there and back
/// did to the digits that are lost beside the largest of the three.
fn unrounded(z: f64, shift: f64, scale: f64) -> f64 {
    /// Decimal digits that survive a few operations.
    const DIGITS: i32 = 14;
    let x = z * scale + shift;
    let largest = x.abs().max(shift.abs()).max((z * scale).abs());
    let exponent = format!("{largest:e}").split_once('e').and_then(|(_, power)| power.parse().ok());
    let decimals = exponent.map_or(-1, |exponent: i32| DIGITS - exponent);
    let text = match usize::try_from(decimals) {
        Ok(decimals) => format!("{x:.decimals$}"),
        Err(_) => format!("{x:.*e}", DIGITS as usize),
    };
    text.parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::unrounded;

    #[test]
    fn scaling_there_and_back_leaves_a_number_as_it_was() {
        for (shift, scale) in [(4201.75, 801.95), (-1e-7, 3.0), (7e20, 1e19)] {
            for x in [3750.0, 39.1, -812.25, 0.0, 7.25e20, 1.5e-3] {
                let found = unrounded((x - shift) / scale, shift, scale);
                let is_lost = x.abs() * 1e16 < f64::abs(shift);
                assert!(found == x || is_lost, "{found} {x} {shift}");
            }
        }
    }
}
