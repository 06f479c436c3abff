//! The list of transforms: each with its settings, in the order in which they are done.

use egui::{PopupCloseBehavior, Ui};

use super::family::{FamilyForm, family_form};
use crate::app::help::plain;
use crate::app::theme::{Theme, small, space};
use crate::app::widgets::{link, note};
use crate::data::prepare::Loaded;
use crate::data::transforms::setting_in;
use crate::data::{Prepared, Transform};
use crate::experiment::Experiment;
use crate::session::{DataState, ExperimentEntry};
use crate::settings::Value;

/// Features whose making is listed; the command line lists all.
const MOST_LISTED: usize = 200;

/// What a person did to the list.
enum Change {
    Remove(usize),
    /// Exchange this one with the next.
    Swap(usize),
}

/// Draws the list.
pub(super) fn preprocessing_form(
    ui: &mut Ui,
    theme: &Theme,
    entry: &ExperimentEntry,
    now: &mut Experiment,
    base: &Experiment,
) {
    let loaded = match &entry.data {
        DataState::Ready { loaded, .. } => Some(loaded.as_ref()),
        _ => None,
    };
    let problem = problem_of(entry);
    let n_transforms = now.preprocessing.len();
    let mut change = None;
    for (index, transform) in now.preprocessing.iter_mut().enumerate() {
        ui.push_id(("transform", index), |ui| {
            ui.add_space(space::TIGHT);
            let usual = Transform::named(transform.name()).unwrap_or_else(|| transform.clone());
            let reference = base.preprocessing.get(index).unwrap_or(&usual);
            let label = format!("Transform {}", index + 1);
            let form = FamilyForm { label: &label, suitable: None, explains: false };
            if let Some(changed) = family_form(ui, theme, form, transform, reference) {
                *transform = named_columns(changed, loaded);
            }
            if let Some((_, text)) = problem.as_ref().filter(|(place, _)| *place == index) {
                ui.add(egui::Label::new(small(text).color(theme.bad)).wrap());
            }
            ui.horizontal(|ui| {
                if let Some(columns) = columns_menu(ui, theme, transform, loaded) {
                    let _ = transform.set("columns", Value::Texts(columns));
                }
                if index > 0 && link(ui, theme, &format!("Move {} up", index + 1)).clicked() {
                    change = Some(Change::Swap(index - 1));
                }
                if index + 1 < n_transforms
                    && link(ui, theme, &format!("Move {} down", index + 1)).clicked()
                {
                    change = Some(Change::Swap(index));
                }
                if link(ui, theme, &format!("Remove {}", index + 1)).clicked() {
                    change = Some(Change::Remove(index));
                }
            });
        });
    }
    match change {
        Some(Change::Remove(index)) => drop(now.preprocessing.remove(index)),
        Some(Change::Swap(index)) => now.preprocessing.swap(index, index + 1),
        None => {}
    }
    let add = link(ui, theme, "Add a transform");
    egui::Popup::menu(&add).show(|ui| {
        for member in Transform::members() {
            let item = ui.button(member.page.title);
            if item.on_hover_text(plain(&member.page.summary())).clicked() {
                now.preprocessing.push(named_columns((member.default)(), loaded));
            }
        }
    });
    if let DataState::Ready { prepared, .. } = &entry.data {
        made_ui(ui, theme, prepared);
    }
}

/// Which transform cannot be done, and why.
fn problem_of(entry: &ExperimentEntry) -> Option<(usize, String)> {
    let problem = match &entry.data {
        DataState::Failed(problem) => problem,
        _ => entry.problem.as_ref()?,
    };
    let setting = setting_in(problem)?;
    let digits = setting.trim_start_matches("preprocessing[").trim_end_matches(']');
    let said = problem.split_once(setting).map_or("", |(_, said)| said);
    Some((digits.parse().ok()?, said.trim_start_matches(['.', ' ']).to_owned()))
}

/// A transform that wants columns to be named gets some to begin with: all are kept, one is dropped.
fn named_columns(mut transform: Transform, loaded: Option<&Loaded>) -> Transform {
    let Some(loaded) = loaded.filter(|_| transform.check().is_err()) else { return transform };
    let mut names = feature_columns(loaded);
    if matches!(transform, Transform::DropColumns(_)) {
        names.truncate(1);
    }
    let _ = transform.set("columns", Value::Texts(names));
    transform
}

/// The names of the columns that are not the target.
fn feature_columns(loaded: &Loaded) -> Vec<String> {
    let columns = loaded.table.columns.iter().enumerate();
    let features = columns.filter(|(index, _)| *index != loaded.target);
    features.map(|(_, column)| column.name.clone()).collect()
}

/// A menu of the table's columns, each with a mark where the transform is on it.
fn columns_menu(
    ui: &mut Ui,
    theme: &Theme,
    transform: &Transform,
    loaded: Option<&Loaded>,
) -> Option<Vec<String>> {
    let Some(Value::Texts(mut chosen)) = transform.get("columns") else { return None };
    let loaded = loaded?;
    let mut changed = false;
    let choose = link(ui, theme, "Columns…");
    egui::Popup::menu(&choose).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for name in feature_columns(loaded) {
                let mut is_chosen = chosen.contains(&name);
                if ui.checkbox(&mut is_chosen, &name).changed() {
                    changed = true;
                    match is_chosen {
                        true => chosen.push(name),
                        false => chosen.retain(|other| *other != name),
                    }
                }
            }
        });
    });
    changed.then_some(chosen)
}

/// How each feature is made, with the fitted numbers.
fn made_ui(ui: &mut Ui, theme: &Theme, prepared: &Prepared) {
    let title = format!("How the {} features are made", prepared.n_features());
    egui::CollapsingHeader::new(small(title).color(theme.dim)).show(ui, |ui| {
        for feature in prepared.pipeline.features.iter().take(MOST_LISTED) {
            let words = feature.expression.words();
            ui.add(egui::Label::new(small(format!("{}: {words}", feature.name))).wrap());
        }
        let more = prepared.n_features().saturating_sub(MOST_LISTED);
        if more > 0 {
            note(ui, theme, &format!("… and {more} more; `descent check --json` lists all."));
        }
    });
}
