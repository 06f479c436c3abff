//! Rows of forms: a label, a field, and what is wrong with what was typed.

use egui::{Align, Id, Label, Layout, RichText, Sense, Stroke, TextEdit, Ui, Vec2, vec2};

use crate::app::theme::{Theme, small, space};

/// Width of the column of labels.
pub(super) const LABELS: f32 = 116.0;

/// What a row says about its setting.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowLabel<'a> {
    /// The name on screen.
    pub text: &'a str,
    /// What it does.
    pub help: &'a str,
    /// Whether it differs from the study's base.
    pub differs: bool,
}

impl<'a> RowLabel<'a> {
    /// A label without marks.
    pub(super) fn plain(text: &'a str, help: &'a str) -> Self {
        Self { text, help, differs: false }
    }

    /// The same, marked where the setting differs from the base.
    pub(super) fn differing(self, differs: bool) -> Self {
        Self { differs, ..self }
    }
}

/// What a person did in a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change<T> {
    /// Nothing.
    None,
    /// Chose or typed this.
    Set(T),
    /// Put it back to the base.
    PutBack,
}

impl<T> Change<T> {
    /// The new value, where there is one; `base` where it was put back.
    pub(super) fn value(self, base: impl FnOnce() -> T) -> Option<T> {
        match self {
            Self::None => None,
            Self::Set(value) => Some(value),
            Self::PutBack => Some(base()),
        }
    }
}

/// Draws a row; `content` gets the rest of the width and the id of the label. What it returns is
/// the new value, and what is wrong with what is typed.
pub(super) fn row<T>(
    ui: &mut Ui,
    theme: &Theme,
    label: RowLabel<'_>,
    content: impl FnOnce(&mut Ui, Id) -> (Option<T>, Option<String>),
) -> Change<T> {
    let mut put_back = false;
    let (value, problem) = ui
        .horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::NORMAL;
            let size = vec2(LABELS, space::FIELD);
            let column =
                ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                    ui.set_min_size(size);
                    ui.set_max_width(LABELS);
                    ui.spacing_mut().item_spacing.x = 2.0;
                    let color = if label.differs { theme.accent } else { theme.dim };
                    let text = RichText::new(label.text).color(color);
                    let reserved = if label.differs { 20.0 } else { 0.0 };
                    let shown = ui
                        .scope(|ui| {
                            ui.set_max_width(LABELS - reserved);
                            ui.add(Label::new(text).truncate().sense(Sense::hover()))
                        })
                        .inner;
                    if label.differs {
                        let back = egui::Button::new(RichText::new("↶").color(theme.accent))
                            .frame(false)
                            .min_size(Vec2::splat(16.0));
                        let back = ui.add(back).on_hover_text("Put back to the study's base");
                        let name = format!("Put back {}", label.text.to_lowercase());
                        back.widget_info(|| {
                            egui::WidgetInfo::labeled(egui::Role::Button, true, &name)
                        });
                        put_back = back.clicked();
                    }
                    if label.help.is_empty() { shown } else { shown.on_hover_text(label.help) }
                });
            mark_fields(ui, theme, label.differs);
            content(ui, column.inner.id)
        })
        .inner;
    if let Some(problem) = &problem {
        ui.horizontal(|ui| {
            ui.add_space(LABELS + space::NORMAL);
            ui.add(Label::new(small(problem).color(theme.bad)).wrap());
        });
    }
    match value {
        _ if put_back => Change::PutBack,
        Some(value) => Change::Set(value),
        None => Change::None,
    }
}

/// Fields on a quiet ground; with the accent around them where they differ.
fn mark_fields(ui: &mut Ui, theme: &Theme, differs: bool) {
    let widgets = &mut ui.visuals_mut().widgets;
    widgets.inactive.weak_bg_fill = theme.field;
    if differs {
        widgets.inactive.bg_stroke = Stroke::new(1.0, theme.accent);
    }
}

/// A field for text that is checked as it is typed. What is wrong stays in the field, marked,
/// until it is right or the field is left. `hint` is shown while it is empty.
pub(super) fn checked_field<T>(
    ui: &mut Ui,
    theme: &Theme,
    label: Id,
    width: f32,
    shown: &str,
    hint: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> (Option<T>, Option<String>) {
    let id = ui.scope_id().with(("typed", label));
    let typed: Option<String> = ui.data(|data| data.get_temp(id));
    let mut text = typed.clone().unwrap_or_else(|| shown.to_owned());
    let parsed = typed.as_ref().map(|typed| parse(typed));
    let is_wrong = matches!(parsed, Some(Err(_)));
    if is_wrong {
        let stroke = Stroke::new(1.0, theme.bad);
        let visuals = ui.visuals_mut();
        visuals.widgets.inactive.bg_stroke = stroke;
        visuals.widgets.hovered.bg_stroke = stroke;
        visuals.selection.stroke = stroke;
    }
    let field = TextEdit::singleline(&mut text)
        .desired_width(width - 16.0)
        .hint_text(hint)
        .min_size(vec2(width, space::FIELD))
        .margin(egui::Margin::symmetric(8, 4));
    let response = ui.add(field).labelled_by(label);
    if response.changed() {
        ui.data_mut(|data| data.insert_temp(id, text));
    } else if !response.has_focus() && typed.is_some() {
        ui.data_mut(|data| data.remove::<String>(id));
    }
    // What was typed in the last frame counts now.
    match parsed {
        Some(Ok(value)) => (Some(value), None),
        Some(Err(problem)) => (None, Some(problem)),
        None => (None, None),
    }
}

/// A menu of choices; each with its text, its help, and whether it can be chosen.
pub(super) fn choice<T: Clone + PartialEq>(
    ui: &mut Ui,
    label: Id,
    now: &T,
    options: &[(T, String, String, bool)],
) -> (Option<T>, Option<String>) {
    let mut chosen = None;
    let shown = options.iter().find(|option| option.0 == *now).map_or("", |option| &option.1);
    let width = ui.available_width();
    let combo = egui::ComboBox::from_id_salt(label)
        .selected_text(shown)
        .width(width)
        .truncate()
        .show_ui(ui, |ui| {
            for (value, text, help, is_suitable) in options {
                let item = egui::Button::selectable(value == now, text.as_str());
                let mut response = ui.add_enabled(*is_suitable, item);
                if !help.is_empty() {
                    response = response.on_hover_text(help);
                }
                if response.on_disabled_hover_text("Does not suit this target").clicked()
                    && value != now
                {
                    chosen = Some(value.clone());
                }
            }
        });
    let response = combo.response.labelled_by(label);
    let font = egui::TextStyle::Button.resolve(ui.style());
    let text = ui.painter().layout_no_wrap(shown.to_owned(), font, egui::Color32::PLACEHOLDER);
    if text.size().x > width - 40.0 {
        response.on_hover_text(shown);
    }
    (chosen, None)
}

/// A row with a menu of plain choices.
pub(super) fn choice_row<T: Clone + PartialEq>(
    ui: &mut Ui,
    theme: &Theme,
    label: RowLabel<'_>,
    now: &T,
    options: &[(T, &str)],
) -> Change<T> {
    let options: Vec<_> = options
        .iter()
        .map(|(value, text)| (value.clone(), (*text).to_owned(), String::new(), true))
        .collect();
    row(ui, theme, label, |ui, id| choice(ui, id, now, &options))
}

/// A row with a field for text that is checked as it is typed.
pub(super) fn checked_row<T>(
    ui: &mut Ui,
    theme: &Theme,
    label: RowLabel<'_>,
    shown: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Change<T> {
    row(ui, theme, label, |ui, id| {
        let width = ui.available_width();
        checked_field(ui, theme, id, width, shown, "", parse)
    })
}

/// The same, with words in the field while it is empty.
pub(super) fn optional_row<T>(
    ui: &mut Ui,
    theme: &Theme,
    label: RowLabel<'_>,
    shown: &str,
    hint: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Change<T> {
    row(ui, theme, label, |ui, id| {
        let width = ui.available_width();
        checked_field(ui, theme, id, width, shown, hint, parse)
    })
}

/// A row with a switch.
pub(super) fn flag_row(ui: &mut Ui, theme: &Theme, label: RowLabel<'_>, now: bool) -> Change<bool> {
    row(ui, theme, label, |ui, id| {
        let mut flag = now;
        let response = ui.add(egui::Checkbox::without_text(&mut flag)).labelled_by(id);
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::CheckBox, true, now, label.text)
        });
        (response.changed().then_some(flag), None)
    })
}

/// A number as typed: `1e-3`, `0,5`, `1/8`.
pub(super) fn read_number(text: &str) -> Option<f64> {
    let text = text.trim().replace(',', ".");
    let plain = |text: &str| text.trim().parse::<f64>().ok();
    match text.split_once('/') {
        Some((above, below)) => Some(plain(above)? / plain(below)?),
        None => plain(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::read_number;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(read_number(" 1e-3 "), Some(0.001));
        assert_eq!(read_number("0,5"), Some(0.5));
        assert_eq!(read_number("1/8"), Some(0.125));
        assert_eq!(read_number("fast"), None);
        assert_eq!(read_number(""), None);
    }
}
