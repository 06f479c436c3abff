use egui::{Align, DragValue, Layout, Role, Slider, Ui, WidgetInfo, vec2};

use super::{Chosen, StepView, parameter};
use crate::analysis::Dissection;
use crate::app::theme::{Theme, small, space};
use crate::app::words;
use crate::training::Plan;

impl StepView {
    /// Which step: back, forth, a slider over all steps done, the number, and the latest.
    pub(super) fn step_row(&mut self, ui: &mut Ui, theme: &Theme, n_done: u64, n_steps: u64) {
        let step = self.step(n_done);
        ui.horizontal(|ui| {
            ui.set_height(space::CONTROL);
            let arrow = |ui: &mut Ui, mark: &str, name: &'static str, key: &str, is_on: bool| {
                let arrow = egui::Button::new(mark).min_size(vec2(space::CONTROL, space::CONTROL));
                let response = ui.add_enabled(is_on, arrow);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, is_on, name));
                response.on_hover_text(format!("{name} ({key})")).clicked()
            };
            if arrow(ui, "◀", "Previous step", "←", step > 1) {
                self.choose(step - 1, n_done);
            }
            if arrow(ui, "▶", "Next step", "→", step < n_done) {
                self.choose(step + 1, n_done);
            }
            let label = ui.label(small("Step").color(theme.dim));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let is_latest = self.chosen == Chosen::Latest;
                let latest = egui::Button::selectable(is_latest, small("Latest"))
                    .min_size(vec2(0.0, space::CONTROL));
                let help = "The last step that the run has done, as it goes on (End)";
                if ui.add(latest).on_hover_text(help).clicked() {
                    self.chosen = Chosen::Latest;
                }
                let mut typed = step;
                let number = DragValue::new(&mut typed).range(1..=n_done).speed(0.2);
                // Where the budget is not spent, its length would mislead.
                let whole = if n_done == n_steps { "of" } else { "done:" };
                ui.label(small(format!("{whole} {}", words::count(n_done))).color(theme.dim));
                let number = ui.add_sized(vec2(58.0, space::FIELD), number);
                if number.labelled_by(label.id).changed() {
                    self.choose(typed, n_done);
                }
                let mut slid = step;
                ui.spacing_mut().slider_width = (ui.available_width() - 4.0).max(40.0);
                let slider = Slider::new(&mut slid, 1..=n_done.max(2))
                    .integer()
                    .step_by(1.0)
                    .show_value(false);
                let slider = ui.add_enabled(n_done > 1, slider).labelled_by(label.id);
                if slider.changed() {
                    self.choose(slid, n_done);
                }
            });
        });
    }

    /// Which parameter: its block and its place there, or the one where most goes on.
    pub(super) fn parameter_row(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        plan: &Plan,
        shown: Option<&Dissection>,
    ) {
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(space::FIELD);
            let label = ui.label(small("Parameter").color(theme.dim));
            if let Some(names) = parameter::letters(plan) {
                for (index, name) in names.iter().enumerate() {
                    let button = egui::Button::selectable(self.parameter == index, *name)
                        .min_size(vec2(space::CONTROL, space::FIELD));
                    if ui.add(button).clicked() {
                        self.parameter = index;
                    }
                }
            } else {
                self.place_ui(ui, plan, label.id);
            }
            if plan.n_params() < 2 {
                return;
            }
            ui.add_space(space::TIGHT);
            for (name, help, values) in [
                (
                    "Largest gradient",
                    "Goes to the parameter with the steepest slope in this step",
                    shown.map(|shown| &shown.anatomy.gradient),
                ),
                (
                    "Largest update",
                    "Goes to the parameter that moves farthest in this step",
                    shown.map(|shown| &shown.update),
                ),
            ] {
                let text = small(name).color(theme.accent);
                let link = egui::Button::new(text).frame(false).min_size(vec2(0.0, space::FIELD));
                let response = ui.add_enabled(values.is_some(), link).on_hover_text(help);
                if let (true, Some(values)) = (response.clicked(), values) {
                    self.parameter = parameter::largest(values);
                }
            }
        });
    }

    /// The block and the place in it, by row and column where it has them.
    fn place_ui(&mut self, ui: &mut Ui, plan: &Plan, label: egui::Id) {
        let blocks = plan.layout.blocks();
        let place = parameter::place(plan, self.parameter);
        let block = &blocks[place.block];
        let combo = egui::ComboBox::from_id_salt("block of the parameter")
            .selected_text(&block.name)
            .width(104.0)
            .truncate()
            .show_ui(ui, |ui| {
                for (index, other) in blocks.iter().enumerate() {
                    let shape = parameter::shape(&other.shape);
                    let text = format!("{}   {shape}", other.name);
                    let is_on = index == place.block;
                    if ui.selectable_label(is_on, text).clicked() && !is_on {
                        self.parameter = other.range.start;
                    }
                }
            });
        combo.response.labelled_by(label);
        ui.spacing_mut().item_spacing.x = space::TIGHT;
        let names = parameter::axes(block.shape.len());
        for (axis, (at, length)) in place.index.iter().zip(&block.shape).enumerate() {
            let mut typed = *at;
            let last = length.saturating_sub(1);
            let number = DragValue::new(&mut typed).range(0..=last).speed(0.1);
            let response = ui.add_enabled(last > 0, number);
            let name = names[axis.min(names.len() - 1)];
            let help = format!("The {name}, from 0 to {}", words::count(last as u64));
            if response.on_hover_text(help).changed() {
                let mut index = place.index.clone();
                index[axis] = typed.min(last);
                self.parameter = parameter::flat(block, &index);
            }
        }
        ui.spacing_mut().item_spacing.x = space::NORMAL;
    }
}
