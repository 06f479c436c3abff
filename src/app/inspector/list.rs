//! The form of an ordered list of members of a family: change, move, remove, add.

use egui::Ui;

use super::family::{Family, FamilyForm, family_form};
use crate::app::help::plain;
use crate::app::theme::{Theme, space};
use crate::app::widgets::link;

/// How a list is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListForm<'a> {
    /// What one of the list is called, such as `augmentation`.
    pub noun: &'a str,
    /// The members that can be added; `None` for all.
    pub suitable: Option<&'a [&'static str]>,
    /// Why others cannot.
    pub unsuitable: &'a str,
}

/// Draws the form and changes the list as the person says.
pub(super) fn list_form<F: Family + 'static>(
    ui: &mut Ui,
    theme: &Theme,
    form: ListForm<'_>,
    list: &mut Vec<F>,
    base: &[F],
) {
    let (mut swapped, mut removed) = (None, None);
    let n_members = list.len();
    let noun = form.noun;
    for (index, member) in list.iter_mut().enumerate() {
        ui.push_id((noun, index), |ui| {
            ui.add_space(space::TIGHT);
            let usual = F::by_name(member.member_name()).unwrap_or_else(|| member.clone());
            let reference = base.get(index).unwrap_or(&usual);
            let mut letters = noun.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string());
            let label = format!("{}{} {}", first.unwrap_or_default(), letters.as_str(), index + 1);
            let shown = FamilyForm { label: &label, suitable: None, explains: false };
            if let Some(changed) = family_form(ui, theme, shown, member, reference) {
                *member = changed;
            }
            ui.horizontal(|ui| {
                let number = index + 1;
                if index > 0 && link(ui, theme, &format!("Move {noun} {number} up")).clicked() {
                    swapped = Some(index - 1);
                }
                if number < n_members
                    && link(ui, theme, &format!("Move {noun} {number} down")).clicked()
                {
                    swapped = Some(index);
                }
                if link(ui, theme, &format!("Remove {noun} {number}")).clicked() {
                    removed = Some(index);
                }
            });
        });
    }
    if let Some(index) = swapped {
        list.swap(index, index + 1);
    }
    if let Some(index) = removed {
        list.remove(index);
    }
    let add = link(ui, theme, &format!("Add {noun}…"));
    egui::Popup::menu(&add).show(|ui| {
        for (name, page) in F::choices() {
            let is_suitable = form.suitable.is_none_or(|suitable| suitable.contains(&name));
            let item = ui.add_enabled(is_suitable, egui::Button::new(page.title));
            let item = item.on_hover_text(plain(&page.summary()));
            if item.on_disabled_hover_text(form.unsuitable).clicked() {
                list.extend(F::by_name(name));
            }
        }
    });
}
