//! Techniques that go with any optimizer, and the schedules chained to the first.

use egui::Ui;

use super::family::{FamilyForm, family_form, narrow};
use super::field::span_row;
use super::row::{RowLabel, checked_row, choice_row, read_number};
use crate::app::theme::{Theme, space};
use crate::app::widgets::{formula, link, note};
use crate::data::Batch;
use crate::experiment::Experiment;
use crate::schedules::{Schedule, SchedulePer, Stage};
use crate::settings::Span;

/// How the samples of an epoch are chosen, and how many batches make a step.
pub(super) fn sampling_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &mut Experiment,
    base: &Experiment,
    has_classes: bool,
) {
    if now.batch == Batch::Full {
        return;
    }
    if now.shuffle {
        let suitable: Vec<_> = crate::data::Sampling::members()
            .into_iter()
            .filter(|member| has_classes || !(member.default)().rule().needs_classes())
            .map(|member| member.name)
            .collect();
        let form = FamilyForm { label: "Sampling", suitable: Some(&suitable), explains: false };
        let changed = ui
            .push_id("sampling", |ui| family_form(ui, theme, form, &now.sampling, &base.sampling));
        now.sampling = changed.inner.unwrap_or_else(|| now.sampling.clone());
    }
    let help = "Batches whose gradients are averaged into one step: as a batch that many times as large, in the memory of a small one.";
    let accumulated = count_row(ui, theme, ("Accumulate", help), now.accumulate, base.accumulate);
    now.accumulate = accumulated.unwrap_or(now.accumulate);
}

/// Clipping, noise, averages and random starts.
pub(super) fn techniques_form(ui: &mut Ui, theme: &Theme, now: &mut Experiment, base: &Experiment) {
    macro_rules! technique {
        ($part:ident, $label:literal) => {
            let form = FamilyForm { label: $label, suitable: None, explains: false };
            let changed = ui.push_id(stringify!($part), |ui| {
                family_form(ui, theme, form, &now.$part, &base.$part)
            });
            if let Some(member) = changed.inner {
                now.$part = member;
            }
        };
    }
    technique!(clip, "Clip gradient");
    technique!(gradient_noise, "Gradient noise");
    technique!(averaging, "Average weights");
    let help =
        "Random starts, each trained for the whole budget. The best weights of all are kept.";
    let starts = count_row(ui, theme, ("Random starts", help), now.starts, base.starts);
    now.starts = starts.unwrap_or(now.starts);
}

/// A row for a whole number of 1 or more.
fn count_row(
    ui: &mut Ui,
    theme: &Theme,
    (name, help): (&str, &str),
    now: usize,
    base: usize,
) -> Option<usize> {
    let label = RowLabel::plain(name, help).differing(now != base);
    let change = checked_row(ui, theme, label, &now.to_string(), |text| {
        let count = text.trim().parse::<usize>().ok();
        count.filter(|n| *n > 0).ok_or_else(|| "Must be a whole number of 1 or more".to_owned())
    });
    change.value(|| base)
}

/// The schedules that follow the first, and how often all of them change the rate.
pub(super) fn stages_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &mut Experiment,
    base: &Experiment,
    on_surface: bool,
) {
    let mut removed = None;
    for (index, stage) in now.then.iter_mut().enumerate() {
        ui.push_id(("stage", index), |ui| {
            ui.add_space(space::TIGHT);
            let usual = Stage::new(stage.at, stage.schedule.clone());
            let reference = base.then.get(index).unwrap_or(&usual);
            let text = format!("Schedule {} from", index + 2);
            let help = "Where in the budget the next schedule takes over.";
            let label = RowLabel::plain(&text, help).differing(stage.at != reference.at);
            let at = span_row(ui, theme, label, stage.at, on_surface).value(|| reference.at);
            stage.at = at.unwrap_or(stage.at);
            let form = FamilyForm { label: "Schedule", suitable: None, explains: false };
            if let Some(schedule) =
                family_form(ui, theme, form, &stage.schedule, &reference.schedule)
            {
                stage.schedule = schedule;
            }
            formula(ui, theme, &narrow(&stage.schedule.page().formula()));
            let help = "What the optimizer's learning rate is multiplied by as long as this schedule lasts.";
            let label = RowLabel::plain("Scale", help).differing(stage.scale != reference.scale);
            let change = checked_row(ui, theme, label, &stage.scale.to_string(), |text| {
                let number = read_number(text).filter(|x| x.is_finite() && *x >= 0.0);
                number.ok_or_else(|| "Must be a number of 0 or more".to_owned())
            });
            stage.scale = change.value(|| reference.scale).unwrap_or(stage.scale);
            if link(ui, theme, "Remove this schedule").clicked() {
                removed = Some(index);
            }
        });
    }
    if let Some(index) = removed {
        now.then.remove(index);
    }
    if link(ui, theme, "Add a schedule that follows").clicked() {
        let at = next_stage(now);
        now.then.push(Stage::new(at, now.schedule.clone()));
    }
    if !on_surface {
        let help = "Whether schedules change the learning rate at every step or at the start of every epoch.";
        let is_other = now.schedule_per != base.schedule_per;
        let label = RowLabel::plain("Changes", help).differing(is_other);
        let options = [(SchedulePer::Step, "Every step"), (SchedulePer::Epoch, "Every epoch")];
        let per = choice_row(ui, theme, label, &now.schedule_per, &options);
        now.schedule_per = per.value(|| base.schedule_per).unwrap_or(now.schedule_per);
    }
}

/// What cannot be drawn before the run.
pub(super) fn plateau_note(ui: &mut Ui, theme: &Theme, experiment: &Experiment) {
    let stages = experiment.then.iter().map(|stage| &stage.schedule);
    let watches = |schedule: &Schedule| schedule.rule().watches();
    if std::iter::once(&experiment.schedule).chain(stages).any(watches) {
        note(ui, theme, "Drawn as if the validation loss never stopped falling.");
    }
}

/// Half way between the last stage and the end of the budget.
fn next_stage(experiment: &Experiment) -> Span {
    let last = experiment.then.last().map(|stage| stage.at);
    match (last, experiment.budget) {
        (Some(Span::Steps(last)), Span::Steps(budget)) => Span::Steps(last.midpoint(budget)),
        (Some(Span::Epochs(last)), Span::Epochs(budget)) => Span::Epochs(last.midpoint(budget)),
        (_, Span::Steps(budget)) => Span::Steps((budget / 2).max(1)),
        (_, Span::Epochs(budget)) => Span::Epochs(budget / 2.0),
    }
}
