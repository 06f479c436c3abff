use egui::{Align, DragValue, Layout, Role, Slider, Ui, WidgetInfo, vec2};

use super::{Chosen, StepView, parameter};
use crate::analysis::Dissection;
use crate::app::theme::{Theme, small, space};
use crate::app::words;
use crate::training::Plan;

/// Below this width, controls take another row.
const NARROW: f32 = 380.0;

impl StepView {
    /// Which step: back, forth, a slider over all steps done, the number, and the latest.
    pub(super) fn step_row(&mut self, ui: &mut Ui, theme: &Theme, n_done: u64, n_steps: u64) {
        let step = self.step(n_done);
        // Where the budget is not spent, its length would mislead.
        let whole = if n_done == n_steps { "of" } else { "done:" };
        let whole = small(format!("{whole} {}", words::count(n_done))).color(theme.dim);
        let is_narrow = ui.available_width() < NARROW;
        let mut below = None;
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
            if !is_narrow {
                let rest = Layout::right_to_left(Align::Center);
                ui.with_layout(rest, |ui| {
                    self.latest_ui(ui);
                    ui.label(whole);
                    let label = self.number_ui(ui, theme, step, n_done, true);
                    self.slider_ui(ui, step, n_done, label);
                });
                return;
            }
            let label = self.number_ui(ui, theme, step, n_done, false);
            below = Some((label, whole));
            self.latest_ui(ui);
        });
        if let Some((label, whole)) = below {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.label(whole);
                    self.slider_ui(ui, step, n_done, label);
                });
            });
        }
    }

    fn latest_ui(&mut self, ui: &mut Ui) {
        let is_on = self.chosen == Chosen::Latest;
        let latest = egui::Button::selectable(is_on, small("Latest"));
        let help = "The last step that the run has done, as it goes on (End)";
        let latest = latest.min_size(vec2(0.0, space::CONTROL));
        if ui.add(latest).on_hover_text(help).clicked() {
            self.chosen = Chosen::Latest;
        }
    }

    /// The number of the step in a field, with its label, whose identity is the result.
    fn number_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        step: u64,
        n_done: u64,
        from_right: bool,
    ) -> egui::Id {
        let name = small("step").color(theme.dim);
        let mut typed = step;
        let number = DragValue::new(&mut typed).range(1..=n_done).speed(0.2);
        let width = 26.0 + 8.0 * (n_done.ilog10() + 1).max(3) as f32;
        let size = vec2(width, space::FIELD);
        let (label, number) = if from_right {
            let number = ui.add_sized(size, number);
            (ui.label(name).id, number)
        } else {
            (ui.label(name).id, ui.add_sized(size, number))
        };
        let help = "The step shown: drag, or click and type";
        if number.labelled_by(label).on_hover_text(help).changed() {
            self.choose(typed, n_done);
        }
        label
    }

    fn slider_ui(&mut self, ui: &mut Ui, step: u64, n_done: u64, label: egui::Id) {
        let mut slid = step;
        ui.spacing_mut().slider_width = (ui.available_width() - 4.0).max(40.0);
        let slider = Slider::new(&mut slid, 1..=n_done.max(2)).integer().step_by(1.0);
        let slider = ui.add_enabled(n_done > 1, slider.show_value(false)).labelled_by(label);
        if slider.changed() {
            self.choose(slid, n_done);
        }
    }

    /// Which parameter: its block and its place there, or the one where most goes on.
    pub(super) fn parameter_row(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        plan: &Plan,
        shown: Option<&Dissection>,
    ) {
        let is_narrow = ui.available_width() < NARROW;
        ui.horizontal_wrapped(|ui| {
            ui.set_min_height(space::FIELD);
            let name = small("Parameter").color(theme.dim);
            if let Some(names) = parameter::letters(plan) {
                // The letters say what they are.
                if !is_narrow {
                    ui.label(name);
                }
                for (index, name) in names.iter().enumerate() {
                    let button = egui::Button::selectable(self.parameter == index, *name)
                        .min_size(vec2(space::CONTROL, space::FIELD));
                    if ui.add(button).clicked() {
                        self.parameter = index;
                    }
                }
            } else {
                let label = ui.label(name);
                self.place_ui(ui, plan, label.id);
            }
            if plan.n_params() < 2 {
                return;
            }
            let sizes = [
                ("gradient", "Largest gradient", "with the steepest slope in this step"),
                ("update", "Largest update", "that moves farthest in this step"),
            ];
            // All three words, or none of them, on the next line.
            if is_narrow && parameter::letters(plan).is_none() {
                ui.end_row();
            } else {
                ui.add_space(space::NORMAL);
            }
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 6.0;
                ui.label(small("largest").color(theme.dim));
                for ((word, name, which), is_update) in sizes.into_iter().zip([false, true]) {
                    let values = shown.map(|shown| match is_update {
                        true => &shown.update,
                        false => &shown.anatomy.gradient,
                    });
                    let text = small(word).color(theme.accent);
                    let link = egui::Button::new(text).frame(false);
                    let link = link.min_size(vec2(0.0, space::FIELD));
                    let response = ui.add_enabled(values.is_some(), link);
                    response
                        .widget_info(|| WidgetInfo::labeled(Role::Button, values.is_some(), name));
                    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
                    let response = response.on_hover_text(format!("Goes to the parameter {which}"));
                    if let (true, Some(values)) = (response.clicked(), values) {
                        self.parameter = parameter::largest(values);
                    }
                }
            });
        });
    }

    /// The block and the place in it, by row and column where it has them.
    fn place_ui(&mut self, ui: &mut Ui, plan: &Plan, label: egui::Id) {
        let blocks = plan.layout.blocks();
        let place = parameter::place(plan, self.parameter);
        let block = &blocks[place.block];
        let combo = egui::ComboBox::from_id_salt("block of the parameter")
            .selected_text(&block.name)
            .width(84.0)
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
