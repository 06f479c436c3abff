//! Model, loss and batches that suit the data.

use crate::data::Prepared;
use crate::data::batches::Batch;
use crate::experiment::Experiment;
use crate::losses::{ClassWeights, Loss, TargetKind};
use crate::models::Model;

/// The kinds of targets that this data can be, the most natural first.
fn kinds_of(prepared: &Prepared) -> &'static [TargetKind] {
    match prepared.class_names.len() {
        0 => &[TargetKind::Number],
        2 => &[TargetKind::TwoClasses, TargetKind::Classes],
        _ => &[TargetKind::Classes],
    }
}

fn kind_of(loss: &Loss) -> TargetKind {
    loss.rule::<f64>().target_kind()
}

/// The kinds of targets a model is for.
fn kinds_for(model: &Model) -> &'static [TargetKind] {
    model.rule::<f64>().target_kinds()
}

/// Whether a mini-batch has more samples than there are to train on.
fn is_batch_too_large(batch: Batch, prepared: &Prepared) -> bool {
    let n_train = prepared.train.rows.len();
    n_train > 0 && matches!(batch, Batch::Mini(size) if size > n_train)
}

/// Whether class weights are stated for other classes than the data has.
fn are_for_other_classes(weights: &ClassWeights, prepared: &Prepared) -> bool {
    match weights {
        ClassWeights::Off => false,
        ClassWeights::Balanced => !prepared.is_classification(),
        ClassWeights::Explicit(weights) => weights.len() != prepared.class_names.len(),
    }
}

/// Whether model, loss and class weights fit each other and the data, and batches are no larger than
/// it.
pub fn fits(experiment: &Experiment, prepared: &Prepared) -> bool {
    if is_batch_too_large(experiment.batch, prepared)
        || are_for_other_classes(&experiment.class_weights, prepared)
    {
        return false;
    }
    let kind = kind_of(&experiment.loss);
    kinds_of(prepared).contains(&kind) && kinds_for(&experiment.model).contains(&kind)
}

/// The experiment with a model, a loss and batches that suit the data: the model stays where it can, then
/// the loss is the first that suits; else the first model does too. What was changed, in words.
pub fn adapted(experiment: &Experiment, prepared: &Prepared) -> Option<(Experiment, String)> {
    if fits(experiment, prepared) {
        return None;
    }
    let mut adapted = experiment.clone();
    let suits =
        |model: &Model| kinds_of(prepared).iter().any(|kind| kinds_for(model).contains(kind));
    if !suits(&adapted.model) {
        let mut models = Model::members().into_iter().map(|member| (member.default)());
        adapted.model = models.find(suits)?;
    }
    let kind =
        kinds_of(prepared).iter().find(|kind| kinds_for(&adapted.model).contains(kind)).copied()?;
    if kind_of(&adapted.loss) != kind {
        let mut losses = Loss::members().into_iter().map(|member| (member.default)());
        adapted.loss = losses.find(|loss| kind_of(loss) == kind)?;
    }
    let mut changes = Vec::new();
    if are_for_other_classes(&adapted.class_weights, prepared) {
        adapted.class_weights = ClassWeights::Off;
        changes.push("there are no class weights any more".to_owned());
    }
    if is_batch_too_large(adapted.batch, prepared) {
        adapted.batch = Batch::Full;
        let n = prepared.train.rows.len();
        changes.push(format!("batches are now all {n} training samples"));
    }
    if adapted.model != experiment.model {
        changes.push(format!("the model is now {}", adapted.model.page().title.to_lowercase()));
    }
    if adapted.loss != experiment.loss {
        changes.push(format!("the loss is now {}", adapted.loss.page().title.to_lowercase()));
    }
    let target = match prepared.class_names.len() {
        0 => format!("{} is a number", prepared.target_name),
        n => format!("{} has {n} classes", prepared.target_name),
    };
    Some((adapted, format!("{target}: {}.", changes.join(", "))))
}

/// The models that suit the data, for menus.
pub fn suitable_models(prepared: &Prepared) -> Vec<&'static str> {
    Model::members()
        .into_iter()
        .filter(|member| {
            let model = (member.default)();
            kinds_of(prepared).iter().any(|kind| kinds_for(&model).contains(kind))
        })
        .map(|member| member.name)
        .collect()
}

/// The losses that suit the data and a model, for menus.
pub fn suitable_losses(prepared: &Prepared, model: &Model) -> Vec<&'static str> {
    Loss::members()
        .into_iter()
        .filter(|member| {
            let kind = kind_of(&(member.default)());
            kinds_of(prepared).contains(&kind) && kinds_for(model).contains(&kind)
        })
        .map(|member| member.name)
        .collect()
}
