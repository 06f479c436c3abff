//! The form of one setting, from its own description.

use egui::{Id, Slider, Ui};

use super::row::{
    Change, LABELS, RowLabel, checked_field, checked_row, choice, flag_row, optional_row,
    read_number, row,
};
use crate::activations::Activation;
use crate::app::help::plain;
use crate::app::theme::{Theme, space};
use crate::app::widgets::segments;
use crate::settings::{Bounds, Field, Kind, Scale, Span, Value};

/// Draws the row of a setting. `base` is its value in the study's base, where there is one.
pub(super) fn field_row(
    ui: &mut Ui,
    theme: &Theme,
    field: &Field,
    now: &Value,
    base: Option<&Value>,
) -> Option<Value> {
    let label = match field.symbol {
        "" => field.label(),
        symbol if is_letter(field.name) => symbol.to_owned(),
        symbol => format!("{} {symbol}", field.label()),
    };
    let help = field.help.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let help = format!("{} ({})", plain(&help), field.kind.expectation());
    let differs = base.is_some_and(|base| base != now);
    let label = RowLabel::plain(&label, &help).differing(differs);
    let change = ui.push_id(field.name, |ui| value_row(ui, theme, field, label, now)).inner;
    change.value(|| base.unwrap_or(&field.default).clone())
}

/// Whether a setting is called after its symbol: `beta1` is β₁.
fn is_letter(name: &str) -> bool {
    let stem = name.trim_end_matches(|digit: char| digit.is_ascii_digit() || digit == '_');
    ["alpha", "beta", "gamma", "delta", "epsilon", "lambda", "rho", "sigma"].contains(&stem)
}

fn value_row(
    ui: &mut Ui,
    theme: &Theme,
    field: &Field,
    label: RowLabel<'_>,
    now: &Value,
) -> Change<Value> {
    let checked = |value: Value| match field.check(&value) {
        Ok(()) => Ok(value),
        Err(error) => Err(format!("Must be {}", error.expected)),
    };
    let expected = || format!("Must be {}", field.kind.expectation());
    match (&field.kind, now) {
        (Kind::Number(bounds), Value::Number(x)) => {
            let parse = |text: &str| {
                read_number(text).ok_or_else(expected).and_then(|x| checked(Value::Number(x)))
            };
            number_row(ui, theme, label, *x, bounds, now, parse)
        }
        (Kind::Count(_), Value::Count(n)) => {
            checked_row(ui, theme, label, &n.to_string(), |text| {
                let n = text.trim().replace('_', "").parse::<u64>();
                n.map_err(|_| expected()).and_then(|n| checked(Value::Count(n)))
            })
        }
        (Kind::Flag, Value::Flag(flag)) => match flag_row(ui, theme, label, *flag) {
            Change::Set(flag) => Change::Set(Value::Flag(flag)),
            Change::PutBack => Change::PutBack,
            Change::None => Change::None,
        },
        (Kind::Choice(names), Value::Text(_)) => {
            let options = options(names, |name| Value::Text(name.to_owned()));
            row(ui, theme, label, |ui, id| choice(ui, id, now, &options))
        }
        (Kind::Span, Value::Span(span)) => match span_row(ui, theme, label, *span, false) {
            Change::Set(span) => Change::Set(Value::Span(span)),
            Change::PutBack => Change::PutBack,
            Change::None => Change::None,
        },
        (kind, _) => {
            let shown = now.to_string();
            let shown = shown.trim_start_matches('[').trim_end_matches(']');
            optional_row(ui, theme, label, shown, "none", |text| {
                list(kind, text).ok_or_else(expected).and_then(checked)
            })
        }
    }
}

/// A list or a text as typed.
fn list(kind: &Kind, text: &str) -> Option<Value> {
    let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
    let items = inner.split([',', ' ', ';']).filter(|item| !item.is_empty());
    match kind {
        Kind::Text => Some(Value::Text(text.to_owned())),
        Kind::Names => {
            // Names of columns may have spaces in them.
            let names = inner.split(',').map(str::trim).filter(|name| !name.is_empty());
            Some(Value::Texts(names.map(str::to_owned).collect()))
        }
        Kind::Counts(_) => {
            items.map(|item| item.parse().ok()).collect::<Option<_>>().map(Value::Counts)
        }
        Kind::Numbers => {
            items.map(|item| item.parse().ok()).collect::<Option<_>>().map(Value::Numbers)
        }
        _ => None,
    }
}

/// Draws the rows of a setting that is a list of choices, one for each layer of a network, or empty
/// for the same in all: a switch, and below it a chooser for each of `n_layers`.
pub(super) fn layers_rows(
    ui: &mut Ui,
    theme: &Theme,
    (field, names): (&Field, &[&'static str]),
    (now, in_all): (&[String], &str),
    base: Option<&Value>,
    n_layers: usize,
) -> Option<Vec<String>> {
    let base: Option<&[String]> = match base {
        Some(Value::Texts(list)) => Some(list),
        _ => None,
    };
    let differs = base.is_some_and(|base| base != now);
    let label =
        RowLabel::plain("Layer by layer", "Whether each hidden layer has its own activation.");
    let change = ui
        .push_id(field.name, |ui| flag_row(ui, theme, label.differing(differs), !now.is_empty()))
        .inner;
    let mut changed = match change {
        Change::None => None,
        Change::PutBack => Some(base.unwrap_or_default().to_vec()),
        Change::Set(true) => Some(vec![in_all.to_owned(); n_layers]),
        Change::Set(false) => Some(Vec::new()),
    };
    let options = options(names, str::to_owned);
    for (index, name) in now.iter().enumerate() {
        let text = format!("  Layer {}", index + 1);
        let label = RowLabel::plain(&text, field.help.lines().next().unwrap_or_default().trim());
        let row = |ui: &mut Ui| row(ui, theme, label, |ui, id| choice(ui, id, name, &options));
        if let Change::Set(name) = ui.push_id((field.name, index), row).inner {
            let mut list = now.to_vec();
            list[index] = name;
            changed = Some(list);
        }
    }
    changed
}

fn options<T>(names: &[&'static str], value: impl Fn(&str) -> T) -> Vec<(T, String, String, bool)> {
    let option = |name: &&'static str| {
        let (title, help) = described(name);
        (value(name), title, help, true)
    };
    names.iter().map(option).collect()
}

/// The title and the summary of a choice, where it is a member of a family.
fn described(name: &str) -> (String, String) {
    match Activation::named(name) {
        Some(member) => (member.page().title.to_owned(), plain(&member.page().summary())),
        None => (name.to_owned(), String::new()),
    }
}

fn number_row(
    ui: &mut Ui,
    theme: &Theme,
    label: RowLabel<'_>,
    x: f64,
    bounds: &Bounds,
    now: &Value,
    parse: impl FnOnce(&str) -> Result<Value, String>,
) -> Change<Value> {
    let is_bounded = bounds.low.is_finite() && bounds.high.is_finite();
    let has_ladder = bounds.scale == Scale::Logarithmic && x >= 1e-7;
    let change = row(ui, theme, label, |ui, id| {
        let whole = ui.available_width();
        let slides = (bounds.scale == Scale::Linear && is_bounded) || has_ladder;
        let width = if slides { 66.0 } else { whole };
        let (mut value, problem) = checked_field(ui, theme, id, width, &now.to_string(), "", parse);
        if slides {
            value = value.or_else(|| slider(ui, theme, id, x, bounds).map(Value::Number));
        }
        (value, problem)
    });
    let has_ladder = has_ladder
        && matches!(label.text.split(' ').next(), Some("Learning" | "Strength" | "L1" | "L2"));
    if change == Change::None && has_ladder {
        let rung = ui
            .horizontal(|ui| {
                ui.add_space(LABELS + space::NORMAL);
                ladder(ui, theme, x)
            })
            .inner;
        return rung
            .filter(|x| bounds.contains(*x))
            .map_or(Change::None, |x| Change::Set(Value::Number(x)));
    }
    change
}

fn slider(ui: &mut Ui, theme: &Theme, label: Id, x: f64, bounds: &Bounds) -> Option<f64> {
    let mut dragged = x;
    ui.spacing_mut().slider_width = (ui.available_width() - 4.0).max(40.0);
    ui.spacing_mut().interact_size.y = 18.0;
    ui.visuals_mut().selection.bg_fill = theme.accent;
    let slider = match bounds.scale {
        Scale::Linear => Slider::new(&mut dragged, bounds.low..=bounds.high),
        Scale::Logarithmic => {
            let (low, high) = (x.min(1e-6), x.max(10.0).min(bounds.high.max(x)));
            Slider::new(&mut dragged, low..=high).logarithmic(true)
        }
    };
    let response = ui.add(slider.show_value(false)).labelled_by(label);
    let rounded = match bounds.scale {
        Scale::Linear => (dragged * 1000.0).round() / 1000.0,
        Scale::Logarithmic => format!("{dragged:.1e}").parse().unwrap_or(dragged),
    };
    (response.changed() && rounded != x && bounds.contains(rounded)).then_some(rounded)
}

/// The rungs 1, 3, 10, 30, ... near a number.
fn ladder(ui: &mut Ui, theme: &Theme, x: f64) -> Option<f64> {
    const SHOWN: i32 = 5;
    let rung = |index: i32| -> f64 {
        let digit = if index.rem_euclid(2) == 0 { 1 } else { 3 };
        format!("{digit}e{}", index.div_euclid(2)).parse().unwrap_or(1.0)
    };
    let nearest = (-40..40).min_by(|a, b| {
        let away = |index: i32| (rung(index).ln() - x.ln()).abs();
        away(*a).total_cmp(&away(*b))
    })?;
    let id = ui.scope_id().with("ladder");
    let kept: i32 = ui.data(|data| data.get_temp(id)).unwrap_or(nearest - SHOWN / 2);
    // The rungs stay where they are while the number moves among them.
    let first = kept.clamp(nearest - SHOWN + 2, nearest - 1);
    ui.data_mut(|data| data.insert_temp(id, first));
    let rungs: Vec<f64> = (first..first + SHOWN).map(rung).collect();
    let names: Vec<String> = rungs.iter().map(|x| format!("{x:e}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let on = rungs.iter().position(|rung| *rung == x);
    segments(ui, theme, &names, on).map(|index| rungs[index])
}

/// A row for a stretch of training: a number and its unit.
pub(super) fn span_row(
    ui: &mut Ui,
    theme: &Theme,
    label: RowLabel<'_>,
    now: Span,
    only_steps: bool,
) -> Change<Span> {
    row(ui, theme, label, |ui, id| {
        let (shown, is_steps) = match now {
            Span::Steps(steps) => (steps.to_string(), true),
            Span::Epochs(epochs) => (epochs.to_string(), false),
        };
        let unit_width = 84.0;
        let width = (ui.available_width() - unit_width - space::TIGHT).max(48.0);
        ui.spacing_mut().item_spacing.x = space::TIGHT;
        let (value, problem) = checked_field(ui, theme, id, width, &shown, "", |text| {
            let span = match is_steps {
                true => text.trim().replace('_', "").parse().ok().map(Span::Steps),
                false => read_number(text).map(Span::Epochs).filter(Span::is_valid),
            };
            span.ok_or_else(|| "Must be a number of 0 or more".to_owned())
        });
        if only_steps && is_steps {
            ui.label(egui::RichText::new("steps").color(theme.dim));
            return (value, problem);
        }
        let mut unit = None;
        let text = if is_steps { "steps" } else { "epochs" };
        let combo = egui::ComboBox::from_id_salt((id, "unit"))
            .selected_text(text)
            .width(unit_width)
            .show_ui(ui, |ui| {
                if ui.selectable_label(is_steps, "steps").clicked() && !is_steps {
                    unit = Some(match now {
                        Span::Epochs(epochs) => Span::Steps(epochs.round().max(1.0) as u64),
                        steps => steps,
                    });
                }
                if ui.selectable_label(!is_steps, "epochs").clicked() && is_steps {
                    unit = Some(match now {
                        Span::Steps(steps) => Span::Epochs(steps as f64),
                        epochs => epochs,
                    });
                }
            });
        combo.response.labelled_by(id);
        (unit.or(value), problem)
    })
}
