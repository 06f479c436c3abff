//! The left panel's cards: the data that the experiments share, and their seeds.

use egui::Ui;

use super::orders::{Action, Order};
use super::theme::{Theme, small, space, strong};
use super::views::ViewContext;
use super::widgets::{card, heading, link, note};
use super::words;
use crate::data::{BUNDLED_SETS, Generated, Scaling, Source, SplitBy, seeds_in_words};
use crate::experiment::Experiment;
use crate::models::Initialization;
use crate::session::{DataState, SessionCommand};
use crate::surfaces::Surface;

/// Draws the card of the data.
pub(super) fn data_ui(ui: &mut Ui, context: &mut ViewContext<'_>, orders: &mut Vec<Order>) {
    let theme = context.theme;
    heading(ui, theme, "Data", |ui| {
        if link(ui, theme, "Open CSV…").clicked() {
            orders.push(Order::Act(Action::OpenCsv));
        }
        let change = link(ui, theme, "Change");
        egui::Popup::menu(&change).show(|ui| {
            if let Some(source) = source_menu(ui, orders) {
                let mut base = context.session.document().study().base.clone();
                change_source(&mut base, source);
                orders.push(Order::Session(SessionCommand::EditBase(Box::new(base))));
            }
        });
    });
    let Some(entry) = context.session.selected_entry() else { return };
    card(ui, theme, |ui| match &entry.data {
        DataState::None => surface_ui(ui, theme, &entry.experiment.data),
        DataState::Loading => {
            ui.horizontal(|ui| {
                ui.add(egui::Spinner::new().size(14.0));
                note(ui, theme, "Reading the data…");
            });
        }
        DataState::Failed(problem) => {
            ui.add(egui::Label::new(strong("The data cannot be used").color(theme.bad)).wrap());
            note(ui, theme, problem);
        }
        DataState::Ready { loaded, prepared } => {
            ui.add(egui::Label::new(strong(&loaded.name)).truncate());
            let target = match prepared.class_names.len() {
                0 => format!("target {}", prepared.target_name),
                n => words::counted(n as u64, "class", "classes"),
            };
            let rows = words::counted(loaded.n_rows() as u64, "row", "rows");
            let features = words::counted(prepared.n_features() as u64, "feature", "features");
            note(ui, theme, &format!("{rows} · {features} · {target}"));
            if loaded.store.is_some() {
                let shown = words::counted(loaded.table.n_rows() as u64, "row", "rows");
                note(
                    ui,
                    theme,
                    &format!("kept in a file; the views of data show the first {shown}"),
                );
            }
            if let Source::Csv(csv) = &entry.experiment.data
                && !csv.weights.is_empty()
            {
                note(ui, theme, &format!("samples count by {}", csv.weights));
            }
            let split = &entry.experiment.split;
            let percent = |share: f64| (share * 100.0).round();
            let parts = match split.is_plain() {
                true => format!(
                    "train {} % · validation {} % · test {} %",
                    percent(split.train),
                    percent(split.validation),
                    percent(split.test)
                ),
                false => split.in_words(),
            };
            note(ui, theme, &parts);
            note(
                ui,
                theme,
                match entry.experiment.scaling {
                    Scaling::Off => "not scaled",
                    Scaling::Standardize => "standardised on the training part",
                    Scaling::MinMax => "scaled to 0…1 on the training part",
                    Scaling::Together => "scaled together to 0…1 on the training part",
                    Scaling::Robust => "scaled by quartiles of the training part",
                },
            );
            if !prepared.notes.is_empty() {
                let n = prepared.notes.len() as u64;
                let text = words::counted(n, "note on the samples", "notes on the samples");
                ui.label(small(text).color(theme.dim)).on_hover_ui(|ui| {
                    prepared.notes.iter().for_each(|text| note(ui, theme, text));
                });
            }
            let report = &loaded.report;
            let n_remarks = report.skipped.len() + report.repaired.len() + report.warnings.len();
            if n_remarks > 0 {
                let text =
                    words::counted(n_remarks as u64, "remark on the file", "remarks on the file");
                let label = ui.label(small(text).color(theme.warn));
                label.on_hover_ui(|ui| remarks_ui(ui, theme, report));
            }
        }
    });
}

fn remarks_ui(ui: &mut Ui, theme: &Theme, report: &crate::data::ReadReport) {
    const SHOWN: usize = 12;
    for warning in report.warnings.iter().take(SHOWN) {
        note(ui, theme, warning);
    }
    for (line, what) in report.repaired.iter().take(SHOWN) {
        note(ui, theme, &format!("line {line}: {what}"));
    }
    for (line, why) in report.skipped.iter().take(SHOWN) {
        note(ui, theme, &format!("line {line} left out: {why}"));
    }
}

fn surface_ui(ui: &mut Ui, theme: &Theme, source: &Source) {
    if let Some(surface) = source.surface() {
        ui.add(egui::Label::new(strong(surface.page().title)).truncate());
        note(ui, theme, "a test surface: its coordinates are the parameters");
        if source.noise() > 0.0 {
            note(ui, theme, &format!("seen through noise, σ = {}", source.noise()));
        }
    }
}

/// The sets and surfaces to choose from; the chosen one.
pub(super) fn source_menu(ui: &mut Ui, orders: &mut Vec<Order>) -> Option<Source> {
    let mut chosen = None;
    ui.menu_button("Real data", |ui| {
        for set in BUNDLED_SETS {
            if ui.button(set.title).on_hover_text(set.help).clicked() {
                chosen = Some(Source::Bundled(set.name.to_owned()));
            }
        }
    });
    ui.menu_button("Generated", |ui| {
        for member in Generated::members() {
            if ui.button(member.page.title).on_hover_text(member.page.summary()).clicked() {
                chosen = Some(Source::Generated((member.default)()));
            }
        }
    });
    ui.menu_button("Test surface", |ui| {
        for member in Surface::members() {
            if ui.button(member.page.title).on_hover_text(member.page.summary()).clicked() {
                chosen = Some(Source::Surface((member.default)()));
            }
        }
    });
    if ui.button("CSV file…").clicked() {
        orders.push(Order::Act(Action::OpenCsv));
    }
    chosen
}

/// Gives an experiment other data. A start that was stated for the old one does not fit the new.
pub(super) fn change_source(experiment: &mut Experiment, source: Source) {
    if source.surface().is_some_and(|surface| experiment.data.surface() == Some(surface)) {
        // Other noise on the same surface.
        experiment.data = source;
        return;
    }
    let is_same_file = match (&experiment.data, &source) {
        (Source::Csv(old), Source::Csv(new)) => old.path == new.path,
        _ => false,
    };
    if !is_same_file {
        // The column to split by belongs to the old table.
        experiment.split.by = SplitBy::Random;
    }
    let is_same_kind = std::mem::discriminant(&experiment.data) == std::mem::discriminant(&source);
    if !is_same_kind || !matches!(source, Source::Csv(_)) {
        experiment.initialization = Initialization::Auto;
    }
    experiment.data = source;
}

/// More seeds than this are for the command line.
const MAX_SEEDS: usize = 100;

/// The first seeds of a list, and as many new ones as it takes.
fn resized(seeds: &[u64], n: usize) -> Vec<u64> {
    let kept = &seeds[..n.min(seeds.len())];
    let fresh = (1..).filter(|seed| !kept.contains(seed));
    kept.iter().copied().chain(fresh).take(n).collect()
}

/// Draws the card of the seeds.
pub(super) fn seeds_ui(ui: &mut Ui, context: &mut ViewContext<'_>, orders: &mut Vec<Order>) {
    let theme = context.theme;
    let seeds = &context.session.document().study().seeds;
    let entry = context.session.selected_entry();
    let folds = entry.filter(|entry| entry.experiment.data.surface().is_none());
    let folds = folds.map_or(0, |entry| entry.experiment.split.folds);
    heading(ui, theme, "Repeat", |_| {});
    card(ui, theme, |ui| {
        ui.horizontal(|ui| {
            let n = seeds.len();
            let mut wanted = n;
            let field = egui::DragValue::new(&mut wanted).range(1..=MAX_SEEDS).speed(0.05);
            let field = ui.add_sized(egui::vec2(40.0, 22.0), field);
            let label = ui.label(strong(if n == 1 { "seed" } else { "seeds" }));
            let field = field.labelled_by(label.id).on_hover_ui(|ui| {
                let list: Vec<String> = seeds.iter().map(u64::to_string).collect();
                let help = "Every experiment is run once with each seed. Type how many, or drag.";
                note(ui, theme, &format!("{help} Now: {}.", list.join(", ")));
            });
            if field.changed() && wanted != n {
                orders.push(Order::Session(SessionCommand::SetSeeds(resized(seeds, wanted))));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space::TIGHT;
                let step = |text: &str| {
                    egui::Button::new(text.to_owned()).min_size(egui::vec2(24.0, 22.0))
                };
                let more = ui.add(step("+")).on_hover_text("One seed more");
                more.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::Button, true, "One seed more")
                });
                if more.clicked() {
                    let seeds = resized(seeds, n + 1);
                    orders.push(Order::Session(SessionCommand::SetSeeds(seeds)));
                }
                let fewer = ui.add_enabled(n > 1, step("−")).on_hover_text("One seed less");
                fewer.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::Button, n > 1, "One seed less")
                });
                if fewer.clicked() {
                    let seeds = resized(seeds, n - 1);
                    orders.push(Order::Session(SessionCommand::SetSeeds(seeds)));
                }
            });
        });
        if folds > 1 {
            let (words, is_whole) = seeds_in_words(folds, seeds);
            note(ui, theme, &words);
            if !is_whole && link(ui, theme, "One seed for each fold").clicked() {
                let seeds = (1..=folds as u64).collect();
                orders.push(Order::Session(SessionCommand::SetSeeds(seeds)));
            }
        } else if seeds.len() == 1 {
            note(ui, theme, "More seeds tell luck from method: curves get bands.");
        } else {
            note(ui, theme, "The same start weights and batches for all experiments.");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::resized;

    #[test]
    fn seeds_keep_their_order_and_new_ones_are_the_lowest_free() {
        assert_eq!(resized(&[7, 2], 4), [7, 2, 1, 3]);
        assert_eq!(resized(&[7, 2, 5], 2), [7, 2]);
        assert_eq!(resized(&[1], 1), [1]);
    }
}
