use egui::{Align, Layout, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::axes::{empty_ui, quiet_table, swatch_ui};
use super::{View, ViewContext};
use crate::app::theme::small;
use crate::experiment::differences;
use crate::session::SessionCommand;

/// The settings in which the experiments differ, side by side; what is equal is left out.
#[derive(Default)]
pub(super) struct Differences;

/// A setting's name on screen: `optimizer.learning_rate` becomes `optimizer: learning rate`.
fn shown(setting: &str) -> String {
    setting.replace('.', ": ").replace('_', " ")
}

impl View for Differences {
    fn title(&self) -> String {
        "What differs".to_owned()
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let entries = context.session.entries();
        let experiments: Vec<_> = entries.iter().map(|entry| &entry.experiment).collect();
        let rows = differences(&experiments);
        if rows.is_empty() {
            let text = "Settings that are not the same in all experiments stand here. Duplicate \
                an experiment and change something.";
            empty_ui(ui, theme, "Nothing differs", text);
            return;
        }
        egui::ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
            quiet_table(ui, theme);
            let mut table = TableBuilder::new(ui)
                .sense(Sense::hover())
                .cell_layout(Layout::left_to_right(Align::Center))
                .auto_shrink([false, false])
                .column(Column::initial(170.0).at_least(80.0).clip(true).resizable(true));
            for _ in entries {
                table =
                    table.column(Column::initial(120.0).at_least(70.0).clip(true).resizable(true));
            }
            table
                .header(26.0, |mut header| {
                    header.col(|ui| {
                        ui.add_space(4.0);
                        ui.label(small("setting").color(theme.dim));
                    });
                    for (index, entry) in entries.iter().enumerate() {
                        header.col(|ui| {
                            ui.horizontal_centered(|ui| {
                                swatch_ui(ui, theme.run(entry.color));
                                let text = egui::RichText::new(&entry.label);
                                let button = egui::Button::new(text).frame(false).truncate();
                                let response = ui.add(button);
                                if response.hovered() {
                                    *context.hover = Some(index);
                                }
                                if response.clicked() {
                                    context.commands.push(SessionCommand::Select(index));
                                }
                            });
                        });
                    }
                })
                .body(|body| {
                    body.rows(26.0, rows.len(), |mut row| {
                        let difference = &rows[row.index()];
                        row.col(|ui| {
                            ui.add_space(4.0);
                            let text = small(shown(&difference.setting)).color(theme.dim);
                            ui.add(egui::Label::new(text).truncate());
                        });
                        for value in &difference.values {
                            row.col(|ui| {
                                let text = match value.as_str() {
                                    "" => egui::RichText::new("–").color(theme.faint),
                                    value => egui::RichText::new(value),
                                };
                                ui.add(egui::Label::new(text).truncate());
                            });
                        }
                    });
                });
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_as_words() {
        assert_eq!(shown("optimizer.learning_rate"), "optimizer: learning rate");
        assert_eq!(shown("batch"), "batch");
    }
}
