//! What can be checked only where data, model and steps are known.

use super::Plan;
use crate::data::{Augment, DataError, Images, Prepared, Sampling, Source, TargetColumn};
use crate::experiment::Experiment;
use crate::losses::{ClassWeights, TargetKind};
use crate::settings::SettingError;
use crate::training::PlanError;
use crate::training::sample_weights::{class_weights, largest_weight};
use crate::training::samples::{Gathering, memory};

/// Numbers that an optimizer may keep: 4 GiB of them in `f64`.
const MAX_STATE: usize = 1 << 29;

impl Plan {
    /// The stages of chained schedules, in steps: in order, behind the warm-up, within the budget.
    pub(super) fn check_stages(&self) -> Result<(), SettingError> {
        let (mut last, mut place) = (self.warmup_steps(), "the warm-up");
        for (index, stage) in self.experiment.then.iter().enumerate() {
            let at = stage.at.steps(self.steps_per_epoch);
            let expected = if at < last || (index > 0 && at == last) {
                format!(
                    "after {place}, which {} step {last}",
                    if index == 0 { "ends at" } else { "begins at" }
                )
            } else if at >= self.steps_per_start {
                format!("before the end of the budget, step {}", self.steps_per_start)
            } else {
                (last, place) = (at, "the stage before it");
                continue;
            };
            let found = format!("{} (step {at})", stage.at);
            let problem = SettingError::new(format!("then[{index}].at"), found, expected);
            return Err(problem.titled(format!("the beginning of schedule {}", index + 2)));
        }
        Ok(())
    }

    /// An average that begins after the last step is none.
    pub(super) fn check_averaging(&self) -> Result<(), SettingError> {
        let begins = self.experiment.averaging.rule().begins(self.steps_per_epoch);
        if begins < self.steps_per_start {
            return Ok(());
        }
        let expected = format!("before the end of the budget, step {}", self.steps_per_start);
        Err(SettingError::new("averaging.from", format!("step {begins}"), expected))
    }

    /// That the order of samples in a file takes more than all their rows may, where it does so.
    pub fn note_on_order(&self) -> Option<String> {
        let train = &self.data.as_ref()?.train;
        let limit = memory(train)?;
        let gathering = Gathering::new(&self.experiment, self.n_train, self.batch_size);
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        let remedy = match &self.experiment.sampling {
            Sampling::Blocks(_) => "a smaller block or window takes less",
            _ => "Blocks keeps a part of the order only",
        };
        (gathering.order_bytes > limit).then(|| {
            format!(
                "the sampling {} keeps {} MiB in memory for the order of the samples, more than the {} MiB \
                 that rows may take; {remedy}",
                self.experiment.sampling.name(),
                mib(gathering.order_bytes),
                mib(limit)
            )
        })
    }

    /// What the optimizer keeps has to fit into memory.
    pub(super) fn check_state(&self) -> Result<(), SettingError> {
        let rule = self.experiment.optimizer.rule::<f64>();
        let lengths = (0..rule.vectors().len())
            .map(|vector| rule.vector_length(vector, self.n_params()))
            .fold(0, usize::saturating_add);
        if lengths > MAX_STATE {
            let found =
                format!("{} with {lengths} numbers to keep", self.experiment.optimizer.name());
            let expected = format!(
                "one that keeps at most {MAX_STATE}, by a shorter history or fewer parameters"
            );
            return Err(SettingError::new("optimizer", found, expected));
        }
        Ok(())
    }
}

/// Whether data, model and loss go together; the number of outputs.
pub(super) fn check_targets(experiment: &Experiment, data: &Prepared) -> Result<usize, PlanError> {
    let kind = experiment.loss.rule::<f64>().target_kind();
    let n_classes = data.class_names.len();
    let target = &data.target_name;
    let suits = |kind: TargetKind| match kind {
        TargetKind::Number => !data.is_classification(),
        TargetKind::TwoClasses => n_classes == 2,
        TargetKind::Classes => data.is_classification(),
    };
    if !suits(kind) {
        let found = match n_classes {
            0 => "numbers".to_owned(),
            n => format!("{n} classes"),
        };
        let fitting: Vec<_> = crate::losses::Loss::members()
            .into_iter()
            .filter(|member| suits((member.default)().rule::<f64>().target_kind()))
            .map(|member| member.name)
            .collect();
        let fitting = fitting.join(", ");
        let remedy = remedy(experiment, data)?;
        let expected =
            format!("one for the target “{target}”, which has {found}: {fitting}{remedy}");
        return Err(SettingError::new("loss", experiment.loss.name(), expected).into());
    }
    check_class_weights(experiment, data)?;
    check_lowest_target(experiment, data)?;
    check_pictures(experiment, data)?;
    let kinds = experiment.model.rule::<f64>().target_kinds();
    if !kinds.contains(&kind) {
        let fitting: Vec<_> = crate::models::Model::members()
            .into_iter()
            .filter(|member| (member.default)().rule::<f64>().target_kinds().contains(&kind))
            .map(|member| member.name)
            .collect();
        let expected = format!(
            "one that goes with the loss {}: {}",
            experiment.loss.name(),
            fitting.join(", ")
        );
        return Err(SettingError::new("model", experiment.model.name(), expected).into());
    }
    Ok(if kind == TargetKind::Classes { n_classes } else { 1 })
}

/// How a loss for classes goes with a target in a file that has few different numbers.
fn remedy(experiment: &Experiment, data: &Prepared) -> Result<String, DataError> {
    /// As many numbers may be names of classes.
    const FEW: usize = 20;
    let kind = experiment.loss.rule::<f64>().target_kind();
    let (TargetColumn::Numbers(targets), Source::Csv(_)) = (&data.train.targets, &experiment.data)
    else {
        return Ok(String::new());
    };
    let mut distinct: Vec<f64> = Vec::new();
    let look = |targets: &[f64]| {
        for target in targets {
            if distinct.len() <= FEW && !distinct.contains(target) {
                distinct.push(*target);
            }
        }
    };
    targets.for_each_rows(look)?;
    Ok(match (kind, distinct.len()) {
        (TargetKind::TwoClasses, 2) | (TargetKind::Classes, 2..=FEW) => format!(
            "; or state `task: Classification` in Csv(…), so that its {} numbers are classes",
            distinct.len()
        ),
        _ => String::new(),
    })
}

/// Whether there is a weight for each class, and a training sample whose weight is above 0.
fn check_class_weights(experiment: &Experiment, data: &Prepared) -> Result<(), PlanError> {
    let stated = &experiment.class_weights;
    let wrong = |found: String, expected: String| {
        Err(SettingError::new("class_weights", found, expected).into())
    };
    let target = &data.target_name;
    if !data.is_classification() {
        return match stated {
            ClassWeights::Off => Ok(()),
            ClassWeights::Balanced => wrong(
                "Balanced".to_owned(),
                format!("Off, since the target “{target}” is a number"),
            ),
            ClassWeights::Explicit(_) => {
                wrong("a list".to_owned(), format!("Off, since the target “{target}” is a number"))
            }
        };
    }
    let n_classes = data.class_names.len();
    if let ClassWeights::Explicit(weights) = stated
        && weights.len() != n_classes
    {
        let names = data.class_names.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
        let more = if n_classes > 10 { ", …" } else { "" };
        let found = match weights.len() {
            1 => "a list of 1 number".to_owned(),
            n => format!("a list of {n} numbers"),
        };
        let expected = format!(
            "a list of {n_classes}, one for each class of the target “{target}”: {names}{more}"
        );
        return wrong(found, expected);
    }
    if let Some(weights) = class_weights(experiment, data)?
        && largest_weight(&data.train, Some(&weights))? <= 0.0
    {
        let expected = "a list that gives a training sample a weight above 0".to_owned();
        return wrong("0 for every training sample".to_owned(), expected);
    }
    Ok(())
}

/// Whether the pictures have the stated size, and samples can be changed as they are to be.
fn check_pictures(experiment: &Experiment, data: &Prepared) -> Result<(), SettingError> {
    let images = experiment.images;
    if let Images::Size(shape) = images
        && shape.n_features() != data.n_features()
    {
        let found = format!("{shape}, {} numbers", shape.n_features());
        let expected = format!("of {} numbers, as “{}” has features", data.n_features(), data.name);
        return Err(SettingError::new("images", found, expected));
    }
    match Augment::problem_on(&experiment.augmentation, images, data) {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

/// Whether the loss is defined for all targets.
fn check_lowest_target(experiment: &Experiment, data: &Prepared) -> Result<(), PlanError> {
    let lowest = experiment.loss.rule::<f64>().lowest_target();
    let (shift, scale) = data.target_scaling;
    for part in [&data.train, &data.validation, &data.test] {
        let TargetColumn::Numbers(targets) = &part.targets else { return Ok(()) };
        let (mut first, mut n) = (None, 0);
        let look = |targets: &[f64]| {
            if first.is_none() {
                let found = targets.iter().position(|target| *target < lowest);
                first = found.map(|index| (n + index, targets[index]));
            }
            n += targets.len();
        };
        targets.for_each_rows(look)?;
        if let Some((index, target)) = first {
            let found = experiment.loss.name();
            let (value, row) = (target * scale + shift, part.rows.get(index) + 1);
            let target = &data.target_name;
            let expected = if value < lowest {
                format!(
                    "one for the target “{target}”, which is {value} in row {row} of the data; \
                     {found} needs numbers of {lowest} or more"
                )
            } else {
                format!("one for a target that is scaled; {found} needs it as it is")
            };
            return Err(SettingError::new("loss", found, expected).into());
        }
    }
    Ok(())
}
