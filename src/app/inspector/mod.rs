//! The right panel: the settings of the selected experiment, as forms that follow from the
//! families' own descriptions. What differs from the study's base is marked and can be put back.

mod augmentation;
mod drawing;
mod family;
mod field;
mod list;
mod parts;
mod preprocessing;
mod recording;
mod row;
mod splits;
mod techniques;

use egui::Ui;

use self::family::{FamilyForm, family_form};
use self::row::{RowLabel, choice_row, optional_row};
use super::data_card;
use super::orders::{Action, Order};
use super::theme::{Theme, small, space};
use super::views::ViewContext;
use super::widgets::{formula, heading, link, note};
use super::words;
use crate::data::{Cells, Column, CsvSource, Source, SplitBy, Task};
use crate::experiment::Experiment;
use crate::losses::{ClassWeights, Penalty};
use crate::session::{DataState, ExperimentEntry, SessionCommand, adapt};
use crate::settings::Span;
use crate::surfaces::Noisy;

/// What the panel keeps between frames.
#[derive(Debug, Default)]
pub(super) struct Inspector {
    shown: Option<usize>,
    /// Whether other data is chosen for the shown experiment alone.
    only_this: bool,
}

impl Inspector {
    /// Draws the forms of the selected experiment.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        context: &mut ViewContext<'_>,
        orders: &mut Vec<Order>,
    ) {
        let theme = context.theme;
        let index = context.session.selected();
        let Some(entry) = context.session.selected_entry() else {
            note(ui, theme, "Select an experiment to see its settings.");
            return;
        };
        heading(ui, theme, &entry.label, |ui| {
            if link(ui, theme, "Duplicate").clicked() {
                orders.push(Order::Act(Action::Duplicate));
            }
        });
        let facts = egui::WidgetText::from(small(size_of(entry)).color(match entry.problem {
            Some(_) => theme.bad,
            None => theme.dim,
        }));
        let wrap = Some(egui::TextWrapMode::Wrap);
        let width = ui.available_width();
        let facts = facts.into_galley(ui, wrap, width, egui::TextStyle::Small);
        let height = ui.available_height() - facts.size().y.min(120.0) - 22.0;
        let scroll = egui::ScrollArea::vertical().id_salt("settings").auto_shrink(false);
        let is_other = self.shown.replace(index) != Some(index);
        self.only_this &= !is_other;
        let scroll = if is_other { scroll.vertical_scroll_offset(0.0) } else { scroll };
        let study = context.session.document().study();
        let mut edited = entry.experiment.clone();
        scroll.max_height(height).show(ui, |ui| {
            ui.set_width(ui.available_width() - 6.0);
            ui.spacing_mut().item_spacing.y = 6.0;
            // Fields keep what is typed under the experiment they belong to.
            ui.push_id(index, |ui| {
                self.sections(ui, context, entry, &study.base, &mut edited, orders);
            });
            ui.add_space(space::GROUP);
        });
        if edited != entry.experiment {
            context.commands.push(SessionCommand::Edit(index, Box::new(edited)));
        }
        ui.separator();
        ui.add(egui::Label::new(facts));
    }
}

impl Inspector {
    fn sections(
        &mut self,
        ui: &mut Ui,
        context: &ViewContext<'_>,
        entry: &ExperimentEntry,
        base: &Experiment,
        edited: &mut Experiment,
        orders: &mut Vec<Order>,
    ) {
        let theme = context.theme;
        let on_surface = entry.experiment.data.surface().is_some();
        let prepared = match &entry.data {
            DataState::Ready { prepared, .. } => Some(prepared.clone()),
            _ => None,
        };
        if !on_surface {
            let models = prepared.as_ref().map(|prepared| adapt::suitable_models(prepared));
            let form = FamilyForm { label: "Model", suitable: models.as_deref(), explains: false };
            if let Some(model) = ui
                .push_id("model", |ui| family_form(ui, theme, form, &edited.model, &base.model))
                .inner
            {
                edited.model = model;
                // A loss that the new model cannot have follows it.
                if let Some(prepared) = &prepared
                    && let Some((fitting, _)) = adapt::adapted(edited, prepared)
                {
                    *edited = fitting;
                }
            }
            let losses = prepared.as_ref().map(|p| adapt::suitable_losses(p, &edited.model));
            let form = FamilyForm { label: "Loss", suitable: losses.as_deref(), explains: false };
            if let Some(loss) = ui
                .push_id("loss", |ui| family_form(ui, theme, form, &edited.loss, &base.loss))
                .inner
            {
                edited.loss = loss;
            }
            let class_names = prepared.as_ref().map(|prepared| &prepared.class_names[..]);
            if let Some(class_weights) = parts::class_weights_form(
                ui,
                theme,
                &edited.class_weights,
                &base.class_weights,
                class_names.unwrap_or_default(),
            ) {
                edited.class_weights = class_weights;
            }
            if edited.class_weights != ClassWeights::Off {
                explain_row(ui, theme, "class weights", edited.class_weights.name(), orders);
            }
            if let Some(penalty) = parts::penalty_form(ui, theme, &edited.penalty, &base.penalty) {
                edited.penalty = penalty;
            }
            if edited.penalty != Penalty::Off {
                explain_row(ui, theme, "penalty", edited.penalty.name(), orders);
            }
        }
        let start = &edited.initialization;
        if let Some(start) =
            parts::initialization_form(ui, theme, start, &base.initialization, on_surface)
        {
            edited.initialization = start;
        }
        explain_row(ui, theme, "initialization", edited.initialization.name(), orders);

        section(ui, theme, "Optimizer", "optimizer", edited.optimizer.name(), orders);
        let form = FamilyForm { label: "Method", suitable: None, explains: true };
        if let Some(optimizer) = ui
            .push_id("optimizer", |ui| {
                family_form(ui, theme, form, &edited.optimizer, &base.optimizer)
            })
            .inner
        {
            edited.optimizer = optimizer;
        }

        section(ui, theme, "Schedule", "schedule", edited.schedule.name(), orders);
        schedule_section(ui, theme, entry, base, edited);

        plain_section(ui, theme, "Training");
        if !on_surface {
            let n_train = prepared.as_ref().map(|prepared| prepared.train.rows.len());
            parts::batch_form(ui, theme, edited, base, n_train.filter(|n| *n > 0));
            let has_classes =
                prepared.as_ref().is_none_or(|prepared| !prepared.class_names.is_empty());
            techniques::sampling_form(ui, theme, edited, base, has_classes);
        }
        parts::budget_form(ui, theme, edited, base, on_surface);
        recording::recording_form(ui, theme, edited, base, on_surface);
        if let Some(precision) = parts::precision_form(ui, theme, edited.precision, base.precision)
        {
            edited.precision = precision;
        }

        plain_section(ui, theme, "Techniques");
        techniques::techniques_form(ui, theme, edited, base);

        plain_section(ui, theme, if on_surface { "Surface" } else { "Data" });
        self.data_section(ui, context, entry, base, edited, orders);
    }

    fn data_section(
        &mut self,
        ui: &mut Ui,
        context: &ViewContext<'_>,
        entry: &ExperimentEntry,
        base: &Experiment,
        edited: &mut Experiment,
        orders: &mut Vec<Order>,
    ) {
        let theme = context.theme;
        let is_own = entry.experiment.data != base.data;
        let mut chosen = None;
        match &entry.experiment.data {
            source @ (Source::Surface(surface) | Source::Noisy(Noisy { surface, .. })) => {
                let reference = base.data.surface().unwrap_or(surface);
                let form = FamilyForm { label: "Surface", suitable: None, explains: true };
                if let Some(surface) = family_form(ui, theme, form, surface, reference) {
                    chosen = Some(Source::of_surface(surface, source.noise()));
                }
                if let Some(noise) = parts::noise_form(ui, theme, source.noise(), base.data.noise())
                {
                    chosen = Some(Source::of_surface(surface.clone(), noise));
                }
            }
            Source::Generated(generated) => {
                let reference = match &base.data {
                    Source::Generated(generated) => generated,
                    _ => generated,
                };
                let form = FamilyForm { label: "Set", suitable: None, explains: false };
                if let Some(generated) = family_form(ui, theme, form, generated, reference) {
                    chosen = Some(Source::Generated(generated));
                }
            }
            Source::Csv(csv) => {
                if let Some(csv) = csv_form(ui, theme, entry, csv) {
                    chosen = Some(Source::Csv(csv));
                }
            }
            Source::Bundled(_) | Source::Idx(_) => {}
        }
        ui.horizontal(|ui| {
            let change = link(ui, theme, "Other data…");
            egui::Popup::menu(&change).show(|ui| {
                chosen = data_card::source_menu(ui, orders).or(chosen.take());
            });
        });
        if context.session.entries().len() > 1 {
            self.reach_row(ui, theme, is_own, base, edited);
        }
        if let Some(source) = chosen {
            if is_own || self.only_this {
                data_card::change_source(edited, source);
            } else {
                let mut base = base.clone();
                data_card::change_source(&mut base, source);
                orders.push(Order::Session(SessionCommand::EditBase(Box::new(base))));
            }
        }
        if entry.experiment.data.surface().is_some() {
            return;
        }
        let is_nominal = match &entry.data {
            DataState::Ready { prepared, .. } => !prepared.class_names.is_empty(),
            _ => true,
        };
        if !matches!(edited.split.by, SplitBy::Column(_))
            && let Some(split) =
                parts::split_form(ui, theme, &edited.split, &base.split, is_nominal)
        {
            edited.split = split;
        }
        splits::ways_form(ui, theme, entry, &mut edited.split, &base.split, is_nominal);
        preprocessing::preprocessing_form(ui, theme, entry, edited, base);
        if let Some(scaling) = parts::scaling_form(ui, theme, edited.scaling, base.scaling) {
            edited.scaling = scaling;
        }
        let prepared = match &entry.data {
            DataState::Ready { prepared, .. } => Some(prepared.as_ref()),
            _ => None,
        };
        augmentation::augmentation_form(ui, theme, edited, base, prepared);
    }

    /// Whether a change of the data is for all experiments or for this one.
    fn reach_row(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        is_own: bool,
        base: &Experiment,
        edited: &mut Experiment,
    ) {
        let help = "Whom a change of the data is for. Back to all experiments: this one takes the study's data again.";
        let label = RowLabel::plain("Data for", help).differing(is_own);
        let options = [(false, "All experiments"), (true, "Only this one")];
        match choice_row(ui, theme, label, &(is_own || self.only_this), &options) {
            row::Change::None => {}
            row::Change::Set(true) => self.only_this = true,
            row::Change::Set(false) | row::Change::PutBack => {
                self.only_this = false;
                if is_own {
                    data_card::change_source(edited, base.data.clone());
                }
            }
        }
    }
}

/// `6,826 parameters · 1,200 steps`, or why it cannot run.
fn size_of(entry: &ExperimentEntry) -> String {
    if let Some(problem) = &entry.problem {
        return format!("Cannot run: {problem}");
    }
    match &entry.plan {
        Some(plan) => {
            let parameters = words::counted(plan.n_params() as u64, "parameter", "parameters");
            format!("{parameters} · {}", words::counted(plan.total_steps, "step", "steps"))
        }
        None => "Checking the settings…".to_owned(),
    }
}

fn plain_section(ui: &mut Ui, theme: &Theme, title: &str) {
    ui.add_space(space::NORMAL);
    heading(ui, theme, title, |_| {});
}

fn section(
    ui: &mut Ui,
    theme: &Theme,
    title: &str,
    family: &'static str,
    name: &'static str,
    orders: &mut Vec<Order>,
) {
    ui.add_space(space::NORMAL);
    heading(ui, theme, title, |ui| {
        if link(ui, theme, "Explain").on_hover_text("Opens the help page").clicked() {
            orders.push(Order::Help(family, name));
        }
    });
}

/// The way to a help page, below a row that has no section of its own.
fn explain_row(
    ui: &mut Ui,
    theme: &Theme,
    family: &'static str,
    name: &'static str,
    orders: &mut Vec<Order>,
) {
    ui.with_layout(egui::Layout::top_down(egui::Align::Max), |ui| {
        let explain = link(ui, theme, &format!("Explain the {family}"));
        if explain.on_hover_text("Opens the help page").clicked() {
            orders.push(Order::Help(family, name));
        }
    });
}

fn schedule_section(
    ui: &mut Ui,
    theme: &Theme,
    entry: &ExperimentEntry,
    base: &Experiment,
    edited: &mut Experiment,
) {
    let form = FamilyForm { label: "Schedule", suitable: None, explains: false };
    if let Some(schedule) = ui
        .push_id("schedule", |ui| family_form(ui, theme, form, &edited.schedule, &base.schedule))
        .inner
    {
        edited.schedule = schedule;
    }
    formula(ui, theme, &family::narrow(&edited.schedule.page().formula()));
    let help =
        "A stretch in which the learning rate rises from near 0, before the schedule begins.";
    let label = RowLabel::plain("Warm-up", help).differing(edited.warmup != base.warmup);
    if let Some(warmup) =
        field::span_row(ui, theme, label, edited.warmup, false).value(|| base.warmup)
    {
        edited.warmup = warmup;
    }
    let on_surface = edited.data.surface().is_some();
    techniques::stages_form(ui, theme, edited, base, on_surface);
    let steps_per_epoch = entry.plan.as_ref().map_or(1, |plan| plan.steps_per_epoch);
    let total = edited.budget.steps(steps_per_epoch);
    drawing::schedule_drawing(ui, theme, edited, total, steps_per_epoch);
    techniques::plateau_note(ui, theme, edited);
    if matches!(edited.budget, Span::Steps(0)) {
        note(ui, theme, "The budget has no step.");
    }
}

/// The target of a table and how it is used.
fn csv_form(
    ui: &mut Ui,
    theme: &Theme,
    entry: &ExperimentEntry,
    csv: &CsvSource,
) -> Option<CsvSource> {
    let mut changed = None;
    if let DataState::Ready { loaded, .. } = &entry.data {
        let names: Vec<(usize, &str)> = loaded
            .table
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| (index, column.name.as_str()))
            .collect();
        let label = RowLabel::plain("Target", "The column to predict.");
        if let row::Change::Set(index) = choice_row(ui, theme, label, &loaded.target, &names) {
            let target = loaded.table.columns[index].name.clone();
            changed = Some(CsvSource { target, task: Task::Auto, ..csv.clone() });
        }
        // Only columns that can be: what the file says in others would be refused.
        let can_be = |column: &Column| match &column.cells {
            Cells::Numeric(weights) => {
                weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0)
                    && weights.iter().any(|weight| *weight > 0.0)
            }
            Cells::Nominal { .. } => false,
        };
        let target = &loaded.table.columns[loaded.target].name;
        let names = loaded
            .table
            .columns
            .iter()
            .filter(|column| column.name != *target && can_be(column))
            .map(|column| (column.name.clone(), column.name.as_str()));
        let names: Vec<_> =
            [(String::new(), "None: all count alike")].into_iter().chain(names).collect();
        let help = "A column of numbers of 0 or more that says how much each sample counts in the loss. It is no feature; accuracy and R² count all alike.";
        let label = RowLabel::plain("Sample weights", help);
        if let row::Change::Set(weights) = choice_row(ui, theme, label, &csv.weights, &names) {
            let target = target.clone();
            changed = Some(CsvSource { weights, target, ..csv.clone() });
        }
    }
    let label = RowLabel::plain("Task", "Whether the target is a number or a class.");
    let options = [
        (Task::Auto, "As the column looks"),
        (Task::Regression, "Predict a number"),
        (Task::Classification, "Predict a class"),
    ];
    if let row::Change::Set(task) = choice_row(ui, theme, label, &csv.task, &options) {
        changed = Some(CsvSource { task, ..csv.clone() });
    }
    let help = "How many MiB (2²⁰ bytes) of memory the rows may take, in each run: larger tables are kept in temporary files and read in blocks. Empty: all in memory. No result depends on it. With the sampling Blocks a run is nearly as fast as from memory. The files take 8 bytes for each cell, and as much again for each seed, in the folder that the variable TMPDIR names, or else in /var/tmp.";
    let label = RowLabel::plain("Memory limit", help);
    let shown = csv.memory.map_or_else(String::new, |mebibytes| mebibytes.to_string());
    let change = optional_row(ui, theme, label, &shown, "none: all in memory", read_mebibytes);
    if let row::Change::Set(memory) = change
        && memory != csv.memory
    {
        changed = Some(CsvSource { memory, ..csv.clone() });
    }
    changed
}

/// A limit as typed: `512`, `512 MiB`, `2 GiB`; nothing for none.
fn read_mebibytes(text: &str) -> Result<Option<u32>, String> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Ok(None);
    }
    let units = [("gib", 1024), ("gb", 1024), ("mib", 1), ("mb", 1)];
    let unit = units.into_iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, size)));
    let (number, size) = unit.unwrap_or((&text, 1));
    let mebibytes = number.trim().parse::<u32>().ok().and_then(|n| n.checked_mul(size));
    match mebibytes.filter(|n| *n > 0) {
        Some(n) => Ok(Some(n)),
        None => Err("Must be a whole number of MiB, 1 or more, or empty".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::read_mebibytes;

    #[test]
    fn limits_are_read_as_people_type_them() {
        assert_eq!(read_mebibytes(" "), Ok(None));
        assert_eq!(read_mebibytes("512"), Ok(Some(512)));
        assert_eq!(read_mebibytes("2 GiB"), Ok(Some(2048)));
        assert_eq!(read_mebibytes("64 MB"), Ok(Some(64)));
        for wrong in ["0", "much", "-3", "9999999 GiB"] {
            assert!(read_mebibytes(wrong).is_err(), "{wrong}");
        }
    }
}
