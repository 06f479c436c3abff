use egui::Ui;

use super::Curves;
use crate::app::views::quantity::{menu, quantity_name, recorded};
use crate::record::Clock;
use crate::session::Session;

/// Weights of the past that the smoothing menu offers.
const SMOOTHINGS: [f64; 6] = [0.0, 0.3, 0.6, 0.9, 0.97, 0.99];

impl Curves {
    /// The menus above the curves.
    pub(super) fn menus_ui(&mut self, ui: &mut Ui, session: &Session) {
        // Everything where there is room; else one menu, so that the tabs stay readable.
        let roomy = ui.available_width() > 620.0;
        if roomy {
            let smoothing = match self.smoothing {
                0.0 => "smooth ▾".to_owned(),
                beta => format!("smooth {beta} ▾"),
            };
            menu(ui, smoothing, |ui| self.smoothing_ui(ui));
            menu(ui, format!("x: {} ▾", self.clock.label()), |ui| self.clock_ui(ui));
            menu(ui, "metric ▾".to_owned(), |ui| self.metric_ui(ui, session));
        } else {
            menu(ui, "show ▾".to_owned(), |ui| {
                ui.menu_button("Metric", |ui| self.metric_ui(ui, session));
                ui.menu_button("Clock of the x axis", |ui| self.clock_ui(ui));
                ui.menu_button("Smoothing", |ui| self.smoothing_ui(ui));
                let mut log = self.log[1];
                if ui.checkbox(&mut log, "Logarithmic y axis").changed() {
                    self.choose_log_y(log);
                }
            });
        }
        if ui.available_width() > 400.0 {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (name, log, help) in [
                ("linear", false, "Linear y axis"),
                ("log", true, "Logarithmic y axis: equal ratios are equal distances"),
            ] {
                let text = crate::app::theme::small(name);
                if ui.selectable_label(self.log[1] == log, text).on_hover_text(help).clicked() {
                    self.choose_log_y(log);
                }
            }
        }
    }

    fn smoothing_ui(&mut self, ui: &mut Ui) {
        for beta in SMOOTHINGS {
            let name =
                if beta == 0.0 { "No smoothing".to_owned() } else { format!("Smooth {beta}") };
            if ui.selectable_label(self.smoothing == beta, name).clicked() {
                self.smoothing = beta;
            }
        }
    }

    fn clock_ui(&mut self, ui: &mut Ui) {
        for clock in Clock::ALL {
            if ui.selectable_label(self.clock == clock, clock.label()).clicked() {
                self.clock = clock;
                self.axes.reset();
            }
        }
        ui.separator();
        if ui.checkbox(&mut self.log[0], "Logarithmic x axis").changed() {
            self.axes.reset();
        }
    }

    fn metric_ui(&mut self, ui: &mut Ui, session: &Session) {
        let mut offered = recorded(session);
        for wanted in (self.preferred)(session) {
            if !offered.contains(&wanted) {
                offered.push(wanted);
            }
        }
        for (part, metric) in offered {
            let name = quantity_name(part, metric);
            if ui.selectable_label(self.shown == (part, metric), name).clicked() {
                self.chosen = Some((part, metric));
            }
        }
    }
}
