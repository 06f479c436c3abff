//! The form of a member of a family: which one, its formula, its settings.

use egui::Ui;

use super::field::{field_row, layers_rows};
use super::row::{RowLabel, choice, row};
use crate::app::help::plain;
use crate::app::theme::Theme;
use crate::app::widgets::{formula, note};
use crate::data::{Augment, Generated, Sampling, Transform};
use crate::losses::Loss;
use crate::models::Model;
use crate::optimizers::Optimizer;
use crate::schedules::Schedule;
use crate::settings::{Field, Kind, Page, SettingError, Value};
use crate::surfaces::Surface;
use crate::techniques::{Averaging, Clip, GradientNoise};

/// What all families have, for forms.
pub(super) trait Family: Clone + PartialEq {
    /// The members: name and help page.
    fn choices() -> Vec<(&'static str, Page)>;
    /// The member of a name with its defaults.
    fn by_name(name: &str) -> Option<Self>;
    /// The name of this member.
    fn member_name(&self) -> &'static str;
    /// The help page of this member.
    fn member_page(&self) -> Page;
    /// The settings of this member.
    fn member_fields(&self) -> Vec<Field>;
    /// The value of a setting.
    fn value(&self, name: &str) -> Option<Value>;
    /// Changes a setting.
    fn change(&mut self, name: &str, value: Value) -> Result<(), SettingError>;
}

macro_rules! families {
    ($($family:ident)*) => {
        $(impl Family for $family {
            fn choices() -> Vec<(&'static str, Page)> {
                Self::members().into_iter().map(|member| (member.name, member.page)).collect()
            }
            fn by_name(name: &str) -> Option<Self> {
                Self::named(name)
            }
            fn member_name(&self) -> &'static str {
                self.name()
            }
            fn member_page(&self) -> Page {
                self.page()
            }
            fn member_fields(&self) -> Vec<Field> {
                self.fields()
            }
            fn value(&self, name: &str) -> Option<Value> {
                self.get(name)
            }
            fn change(&mut self, name: &str, value: Value) -> Result<(), SettingError> {
                self.set(name, value)
            }
        })*
    };
}
families! {
    Model Loss Optimizer Schedule Surface Generated Sampling Augment Clip GradientNoise Averaging
    Transform
}

/// How the form of a family is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct FamilyForm<'a> {
    /// The label of the chooser.
    pub label: &'a str,
    /// The members that can be chosen; `None` for all.
    pub suitable: Option<&'a [&'static str]>,
    /// Whether the formula and the summary are shown.
    pub explains: bool,
}

/// Draws the form; the member with its new settings where something was changed.
pub(super) fn family_form<F: Family + 'static>(
    ui: &mut Ui,
    theme: &Theme,
    form: FamilyForm<'_>,
    now: &F,
    base: &F,
) -> Option<F> {
    let mut changed = None;
    let options: Vec<_> = F::choices()
        .into_iter()
        .map(|(name, page)| {
            let is_suitable = form.suitable.is_none_or(|suitable| suitable.contains(&name));
            (name, page.title.to_owned(), plain(&page.summary()), is_suitable)
        })
        .collect();
    let page = now.member_page();
    let is_other = now.member_name() != base.member_name();
    let help = plain(&page.summary());
    let label = RowLabel::plain(form.label, &help).differing(is_other);
    let change = row(ui, theme, label, |ui, id| choice(ui, id, &now.member_name(), &options));
    if let Some(name) = change.value(|| base.member_name()) {
        let chosen = if name == base.member_name() { Some(base.clone()) } else { F::by_name(name) };
        changed = chosen.map(|chosen| carried_over(now, chosen));
    }
    if form.explains {
        formula(ui, theme, &narrow(&page.formula()));
        note(ui, theme, &plain(&page.summary()));
    }
    let fields = now.member_fields();
    let n_layers = fields.iter().find_map(|field| match now.value(field.name) {
        Some(Value::Counts(widths)) => Some(widths.len()),
        _ => None,
    });
    let n_layers = n_layers.unwrap_or_default();
    for field in fields {
        let Some(value) = now.value(field.name) else { continue };
        let base_value = if is_other { None } else { base.value(field.name) };
        let edited = match (&field.kind, &value) {
            (Kind::Choices(names), Value::Texts(list)) => {
                let in_all = in_all_layers(now).unwrap_or_default();
                let (field, now) = ((&field, &names[..]), (&list[..], &in_all[..]));
                layers_rows(ui, theme, field, now, base_value.as_ref(), n_layers).map(Value::Texts)
            }
            _ => field_row(ui, theme, &field, &value, base_value.as_ref()),
        };
        if let Some(value) = edited {
            let mut member = now.clone();
            if let Value::Counts(widths) = &value {
                fit_layers(&mut member, widths.len());
            }
            if member.change(field.name, value).is_ok() {
                changed = Some(member);
            }
        }
    }
    changed
}

/// The choice that holds for all layers where none is made for each.
fn in_all_layers<F: Family>(member: &F) -> Option<String> {
    member.member_fields().iter().find_map(|field| match (&field.kind, member.value(field.name)) {
        (Kind::Choice(_), Some(Value::Text(name))) => Some(name),
        _ => None,
    })
}

/// Makes lists of choices, one for each layer, as long as there will be layers.
fn fit_layers<F: Family>(member: &mut F, n_layers: usize) {
    for field in member.member_fields() {
        if let Some(Value::Texts(mut list)) = member.value(field.name)
            && let Some(last) = list.last().cloned()
        {
            list.resize(n_layers, last);
            // Too many layers are refused as such; the list is no matter then.
            let _ = member.change(field.name, Value::Texts(list));
        }
    }
}

/// A formula with what stands side by side put on lines of its own.
pub(super) fn narrow(formula: &str) -> String {
    let parts = |line: &str| -> Vec<String> {
        line.split("    ")
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    formula.lines().flat_map(parts).collect::<Vec<_>>().join("\n")
}

/// The chosen member with the settings that it has in common with the last one. Learning rates
/// are not: what is right for one optimizer is wrong for another.
fn carried_over<F: Family>(last: &F, mut chosen: F) -> F {
    let is_common = |field: &&Field| {
        field.name != "learning_rate"
            && last.member_fields().iter().any(|other| {
                other.name == field.name
                    && other.kind == field.kind
                    && last.value(field.name) != Some(other.default.clone())
            })
    };
    for field in chosen.member_fields().iter().filter(is_common) {
        if let Some(value) = last.value(field.name) {
            // What the chosen member does not permit stays its own.
            let _ = chosen.change(field.name, value);
        }
    }
    chosen
}
