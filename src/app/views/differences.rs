use egui::{Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::axes::{empty_ui, quiet_table, swatch_ui};
use super::{View, ViewContext};
use crate::app::theme::small;
use crate::data::Source;
use crate::data::batches::Batch;
use crate::experiment::{Experiment, Precision};
use crate::session::SessionCommand;
use crate::settings::{Field, Value};

/// The settings in which the experiments differ, side by side; what is equal is left out.
#[derive(Default)]
pub(super) struct Differences;

/// A setting of an experiment: its part and its name, with its value in words.
type Setting = (String, String);

/// The settings of an experiment, in the order of the form.
fn settings(experiment: &Experiment) -> Vec<Setting> {
    let mut all = Vec::new();
    let mut add = |name: &str, value: String| all.push((name.to_owned(), value));
    let name = match &experiment.data {
        Source::Csv(csv) => csv.path.clone(),
        Source::Bundled(name) => name.clone(),
        Source::Generated(generated) => generated.page().title.to_owned(),
        Source::Surface(surface) => surface.page().title.to_owned(),
    };
    add("data", name);
    match &experiment.data {
        Source::Csv(csv) => {
            add("target", csv.target.clone());
            add("task", format!("{:?}", csv.task).to_lowercase());
            add("ignored columns", csv.ignore.join(", "));
        }
        Source::Bundled(_) => {}
        Source::Generated(member) => {
            members(&mut add, "data", member.fields(), |name| member.get(name));
        }
        Source::Surface(member) => {
            members(&mut add, "surface", member.fields(), |name| member.get(name));
        }
    }
    let split = experiment.split;
    let share = |part: f64| format!("{} %", (1e4 * part).round() / 1e2);
    add("training part", share(split.train));
    add("validation part", share(split.validation));
    add("test part", share(split.test));
    add("stratified split", if split.stratified { "yes" } else { "no" }.to_owned());
    add("scaling", words(&format!("{:?}", experiment.scaling)));
    let model = &experiment.model;
    add("model", model.page().title.to_owned());
    members(&mut add, "model", model.fields(), |name| model.get(name));
    add("initialization", words(&format!("{:?}", experiment.initialization)));
    let loss = &experiment.loss;
    add("loss", loss.page().title.to_owned());
    members(&mut add, "loss", loss.fields(), |name| loss.get(name));
    add("penalty", words(&format!("{:?}", experiment.penalty)));
    let optimizer = &experiment.optimizer;
    add("optimizer", optimizer.page().title.to_owned());
    members(&mut add, "", optimizer.fields(), |name| optimizer.get(name));
    let schedule = &experiment.schedule;
    add("schedule", schedule.page().title.to_owned());
    members(&mut add, "schedule", schedule.fields(), |name| schedule.get(name));
    add("warm-up", experiment.warmup.to_string());
    let batch = match experiment.batch {
        Batch::Full => "all samples".to_owned(),
        Batch::Mini(size) => format!("{size} samples"),
        Batch::Stochastic => "1 sample".to_owned(),
    };
    add("batch", batch);
    add("shuffle", if experiment.shuffle { "yes" } else { "no" }.to_owned());
    add("budget", experiment.budget.to_string());
    let optional = |value: Option<String>| value.unwrap_or_else(|| "off".to_owned());
    add("target loss", optional(experiment.stopping.target_loss.map(|loss| loss.to_string())));
    add("patience", optional(experiment.stopping.patience.map(|n| format!("{n} evaluations"))));
    let precision = match experiment.precision {
        Precision::F32 => "32 bit",
        Precision::F64 => "64 bit",
    };
    add("precision", precision.to_owned());
    all
}

fn members(
    add: &mut impl FnMut(&str, String),
    part: &str,
    fields: Vec<Field>,
    get: impl Fn(&str) -> Option<Value>,
) {
    for field in fields {
        if let Some(value) = get(field.name) {
            let name = field.name.replace('_', " ");
            let name = if part.is_empty() { name } else { format!("{part}: {name}") };
            add(&name, value.to_string());
        }
    }
}

/// A variant's name as words: `ElasticNet { l1: 0.1 }` becomes `elastic net { l1: 0.1 }`.
fn words(name: &str) -> String {
    let end = name.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(name.len());
    let mut text = String::new();
    let mut before_small = false;
    for letter in name[..end].chars() {
        if letter.is_uppercase() && before_small {
            text.push(' ');
        }
        before_small = letter.is_lowercase();
        text.extend(letter.to_lowercase());
    }
    text + &name[end..]
}

/// The settings in which experiments differ: the name, and the value of each (none where it does
/// not have that setting).
fn differences(experiments: &[&Experiment]) -> Vec<(String, Vec<Option<String>>)> {
    let all: Vec<Vec<Setting>> = experiments.iter().map(|one| settings(one)).collect();
    let mut names: Vec<String> = Vec::new();
    for experiment in &all {
        // A setting that only some have comes after the one it follows there.
        let mut place = 0;
        for (name, _) in experiment {
            match names.iter().position(|known| known == name) {
                Some(known) => place = known + 1,
                None => {
                    names.insert(place, name.clone());
                    place += 1;
                }
            }
        }
    }
    let value = |settings: &[Setting], name: &str| {
        settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let rows = names.into_iter().map(|name| {
        let values: Vec<_> = all.iter().map(|settings| value(settings, &name)).collect();
        (name, values)
    });
    rows.filter(|(_, values)| values.iter().any(|other| *other != values[0])).collect()
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
                .auto_shrink([false, false])
                .column(Column::initial(140.0).at_least(80.0).clip(true).resizable(true));
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
                        let (name, values) = &rows[row.index()];
                        row.col(|ui| {
                            ui.add_space(4.0);
                            let text = small(name).color(theme.dim);
                            ui.add(egui::Label::new(text).truncate());
                        });
                        for value in values {
                            row.col(|ui| {
                                let text = match value {
                                    Some(value) => egui::RichText::new(value),
                                    None => egui::RichText::new("–").color(theme.faint),
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
    use crate::optimizers::Optimizer;

    #[test]
    fn only_what_differs_is_listed() {
        let base = Experiment::default();
        assert!(differences(&[&base, &base]).is_empty());
        let mut other = Experiment { batch: Batch::Mini(8), ..base.clone() };
        other.optimizer.set("learning_rate", Value::Number(0.5)).unwrap();
        let rows = differences(&[&base, &other]);
        let names: Vec<_> = rows.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["learning rate", "batch"]);
        assert_eq!(rows[1].1, [Some("32 samples".to_owned()), Some("8 samples".to_owned())]);
    }

    #[test]
    fn a_setting_that_only_some_have_stands_with_its_neighbours() {
        let plain = Experiment {
            optimizer: Optimizer::named("GradientDescent").unwrap(),
            ..Experiment::default()
        };
        let Some(momentum) = Optimizer::named("Momentum") else { return };
        let rows = differences(&[&plain, &Experiment { optimizer: momentum, ..plain.clone() }]);
        let beta = rows.iter().find(|(name, _)| name.contains("momentum") || name.contains("beta"));
        let (_, values) = beta.expect("momentum has a weight of its own");
        assert!(values[0].is_none() && values[1].is_some());
    }

    #[test]
    fn variants_read_as_words() {
        assert_eq!(words("MinMax"), "min max");
        assert_eq!(words("L2(0.1)"), "l2(0.1)");
    }
}
