use std::sync::Arc;

use egui::{Align, Layout, Rect, Sense, Ui, Vec2, pos2, vec2};
use egui_extras::{Column as TableColumn, TableBuilder};

use super::axes::{empty_ui, quiet_table};
use super::pictures::class_color;
use super::{View, ViewContext};
use crate::analysis::{Histogram, format_value};
use crate::app::theme::{Theme, small, strong};
use crate::data::prepare::Loaded;
use crate::data::statistics::{Detail, Statistics};
use crate::data::{Cells, Column, Source, Task};
use crate::session::{DataState, SessionCommand};

/// Bins of the histograms.
const N_BINS: usize = 20;
/// Levels of a nominal column that its histogram shows.
const MOST_LEVELS: usize = 20;
/// Classes that have colours of their own in the histograms.
const MOST_CLASSES: usize = 9;

/// The data of the selected experiment: every row, and for each column its type, missing values,
/// statistics and histogram; the target can be chosen.
#[derive(Default)]
pub(super) struct DataTable {
    summary: Option<(Arc<Loaded>, Vec<Summary>)>,
}

/// What stands above a column.
struct Summary {
    statistics: Statistics,
    histogram: Histogram,
}

fn summarize(loaded: &Loaded) -> Vec<Summary> {
    let target = loaded.table.columns.get(loaded.target);
    let codes = match target.map(|column| &column.cells) {
        Some(Cells::Nominal { levels, codes }) if levels.len() <= MOST_CLASSES => {
            Some((levels.len(), codes))
        }
        _ => None,
    };
    let n_classes = codes.map_or(1, |(n, _)| n);
    let class = |row: usize| match codes {
        Some((n, codes)) => codes.get(row).copied().flatten().map_or(n, |code| code as usize),
        None => 0,
    };
    let summary = |column: &Column| Summary {
        statistics: Statistics::of(column, N_BINS),
        histogram: match &column.cells {
            Cells::Numeric(values) => Histogram::new(values, N_BINS, n_classes, class),
            Cells::Nominal { levels, codes } => {
                Histogram::of_levels(codes, levels.len().min(MOST_LEVELS), n_classes, class)
            }
        },
    };
    loaded.table.columns.iter().map(summary).collect()
}

impl View for DataTable {
    fn title(&self) -> String {
        "Data".to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let Some(entry) = context.session.selected_entry() else { return };
        let DataState::Ready { loaded, .. } = &entry.data else { return };
        let rows = format_value(loaded.table.n_rows() as f64, 9);
        let text =
            format!("{} · {rows} rows · {} columns", loaded.name, loaded.table.columns.len());
        // Only where the tabs have room beside it.
        if ui.available_width() > 420.0 {
            ui.add(egui::Label::new(small(text).color(context.theme.dim)).truncate());
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some(entry) = context.session.selected_entry() else {
            empty_ui(ui, theme, "No experiment selected", "Its data appear here.");
            return;
        };
        let loaded = match &entry.data {
            DataState::Ready { loaded, .. } => Arc::clone(loaded),
            DataState::None => {
                let text = "The selected experiment descends a test surface.";
                return empty_ui(ui, theme, "No data", text);
            }
            DataState::Loading => {
                return empty_ui(ui, theme, "Reading the data…", "The table appears here.");
            }
            DataState::Failed(reason) => {
                return empty_ui(ui, theme, "The data cannot be used", reason);
            }
        };
        if !self.summary.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, &loaded)) {
            self.summary = Some((Arc::clone(&loaded), summarize(&loaded)));
        }
        let Some((_, summaries)) = &self.summary else { return };
        let mut content = |ui: &mut Ui| {
            egui::Frame::NONE.inner_margin(egui::Margin::symmetric(8, 0)).show(ui, |ui| {
                target_ui(ui, context, &loaded);
                report_ui(ui, theme, &loaded);
            });
            ui.add_space(4.0);
            let size = vec2(ui.available_width(), ui.available_height().max(LEAST_TABLE));
            ui.allocate_ui(size, |ui| table_ui(ui, theme, &loaded, summaries));
        };
        // Where there is no room for some rows, all of it scrolls.
        if ui.available_height() < LEAST_TABLE + 90.0 {
            egui::ScrollArea::vertical().show(ui, content);
        } else {
            content(ui);
        }
    }
}

/// The target and the task; both can be changed where the data are a file.
fn target_ui(ui: &mut Ui, context: &mut ViewContext<'_>, loaded: &Loaded) {
    let theme = context.theme;
    let columns = &loaded.table.columns;
    let target = columns.get(loaded.target).map_or("", |column| column.name.as_str());
    let Some(entry) = context.session.selected_entry() else { return };
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(small("Target").color(theme.dim));
        let Source::Csv(source) = &entry.experiment.data else {
            ui.label(strong(target));
            return;
        };
        let mut changed = source.clone();
        egui::ComboBox::from_id_salt("target column")
            .selected_text(target)
            .width(150.0)
            .truncate()
            .show_ui(ui, |ui| {
                for column in columns {
                    let chosen = column.name == target;
                    if ui.selectable_label(chosen, &column.name).clicked() {
                        changed.target.clone_from(&column.name);
                        changed.ignore.retain(|ignored| *ignored != column.name);
                    }
                }
            })
            .response
            .labelled_by(label.id);
        if ui.available_width() < 260.0 {
            ui.end_row();
        }
        let label = ui.label(small("Task").color(theme.dim));
        let name = |task| match task {
            Task::Auto => "as the column looks",
            Task::Regression => "regression",
            Task::Classification => "classification",
        };
        egui::ComboBox::from_id_salt("task")
            .selected_text(name(changed.task))
            .width(150.0)
            .show_ui(ui, |ui| {
                for task in [Task::Auto, Task::Regression, Task::Classification] {
                    ui.selectable_value(&mut changed.task, task, name(task));
                }
            })
            .response
            .labelled_by(label.id);
        if changed != *source {
            // Experiments that share their data keep sharing them.
            let base = &context.session.document().study().base;
            let data = Source::Csv(changed);
            let command = if base.data == entry.experiment.data {
                SessionCommand::EditBase(Box::new(crate::experiment::Experiment {
                    data,
                    ..base.clone()
                }))
            } else {
                let experiment = crate::experiment::Experiment { data, ..entry.experiment.clone() };
                SessionCommand::Edit(context.session.selected(), Box::new(experiment))
            };
            context.commands.push(command);
        }
    });
}

/// How the file was read, with everything that was left out or repaired.
fn report_ui(ui: &mut Ui, theme: &Theme, loaded: &Loaded) {
    let report = &loaded.report;
    let n_notes = report.warnings.len() + report.skipped.len() + report.repaired.len();
    // Sets that are not files were not read.
    if report.encoding.is_empty() && n_notes == 0 {
        return;
    }
    let delimiter = match report.delimiter.as_str() {
        "\t" => "tab",
        " " => "spaces",
        other => other,
    };
    let header = if report.header { "with" } else { "without" };
    let text = format!("{} · fields separated by {delimiter} · {header} header", report.encoding);
    ui.add(egui::Label::new(small(text).color(theme.dim)).wrap());
    if n_notes == 0 {
        return;
    }
    let title = match n_notes {
        1 => "1 remark on the file".to_owned(),
        n => format!("{n} remarks on the file"),
    };
    egui::CollapsingHeader::new(small(title).color(theme.warn)).show(ui, |ui| {
        egui::ScrollArea::vertical().max_height(110.0).auto_shrink([false, true]).show(ui, |ui| {
            for warning in &report.warnings {
                ui.label(small(warning));
            }
            for (kind, lines) in [("left out", &report.skipped), ("repaired", &report.repaired)] {
                for (line, what) in lines.iter().take(200) {
                    ui.label(small(format!("line {line} {kind}: {what}")));
                }
            }
        });
    });
}

/// Height of a table's head and some rows.
const LEAST_TABLE: f32 = 220.0;

fn table_ui(ui: &mut Ui, theme: &Theme, loaded: &Loaded, summaries: &[Summary]) {
    let columns = &loaded.table.columns;
    egui::ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
        quiet_table(ui, theme);
        let mut table = TableBuilder::new(ui)
            .auto_shrink([false, false])
            .cell_layout(Layout::right_to_left(Align::Center))
            .column(TableColumn::exact(48.0));
        for _ in columns {
            table =
                table.column(TableColumn::initial(118.0).at_least(70.0).clip(true).resizable(true));
        }
        table
            .header(112.0, |mut header| {
                header.col(|ui| {
                    ui.label(small("row").color(theme.faint));
                });
                for (index, (column, summary)) in columns.iter().zip(summaries).enumerate() {
                    header.col(|ui| {
                        ui.with_layout(Layout::top_down(Align::Min), |ui| {
                            head_ui(ui, theme, column, summary, index == loaded.target);
                        });
                    });
                }
            })
            .body(|body| {
                body.rows(22.0, loaded.table.n_rows(), |mut row| {
                    let index = row.index();
                    row.col(|ui| {
                        let number = format_value((index + 1) as f64, 9);
                        ui.label(small(number).color(theme.faint));
                    });
                    for column in columns {
                        row.col(|ui| cell_ui(ui, theme, column, index));
                    }
                });
            });
    });
}

fn cell_ui(ui: &mut Ui, theme: &Theme, column: &Column, row: usize) {
    let text = match &column.cells {
        Cells::Numeric(values) if !values[row].is_nan() => {
            // As short as it is exact, where that is short.
            let exact = values[row].to_string();
            let rounded = || format_value(values[row], 6).replace(',', "");
            Some(if exact.len() <= 12 { exact } else { rounded() })
        }
        Cells::Nominal { levels, codes } => codes[row].map(|code| levels[code as usize].clone()),
        Cells::Numeric(_) => None,
    };
    let text = match text {
        Some(text) => egui::RichText::new(text),
        None => small("missing").color(theme.warn),
    };
    ui.add(egui::Label::new(text).truncate());
}

fn head_ui(ui: &mut Ui, theme: &Theme, column: &Column, summary: &Summary, is_target: bool) {
    let statistics = &summary.statistics;
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.add_space(2.0);
    let name = strong(&column.name).color(if is_target { theme.accent } else { theme.text });
    ui.add(egui::Label::new(name).truncate()).on_hover_text(&column.name);
    let kind = match column.cells {
        Cells::Numeric(_) => "number",
        Cells::Nominal { .. } => "name",
    };
    let target = if is_target { " · target" } else { "" };
    ui.add(egui::Label::new(small(format!("{kind}{target}")).color(theme.dim)).truncate());
    let missing = match statistics.n_missing {
        0 => small("none missing").color(theme.faint),
        n => small(format!("{} missing", format_value(n as f64, 9))).color(theme.warn),
    };
    ui.add(egui::Label::new(missing).truncate());
    let (line, all) = match &statistics.detail {
        Detail::Numeric(Some(numbers)) => (
            format!("{} ± {}", format_value(numbers.mean, 3), format_value(numbers.std, 2)),
            format!(
                "from {} to {}, median {}, mean {}, standard deviation {}, {} different values",
                format_value(numbers.min, 5),
                format_value(numbers.max, 5),
                format_value(numbers.median, 5),
                format_value(numbers.mean, 5),
                format_value(numbers.std, 5),
                statistics.n_distinct,
            ),
        ),
        Detail::Numeric(None) => ("all missing".to_owned(), "There is no number.".to_owned()),
        Detail::Nominal(counts) => {
            let most = counts.iter().take(12).map(|(level, n)| format!("{level}: {n}"));
            let text = format!("{} different", statistics.n_distinct);
            (text, most.collect::<Vec<_>>().join("\n"))
        }
    };
    ui.add(egui::Label::new(small(line).color(theme.dim)).truncate()).on_hover_text(&all);
    let size = Vec2::new(ui.available_width(), 30.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    histogram_ui(ui, theme, rect, &summary.histogram);
    response.on_hover_text(all);
}

fn histogram_ui(ui: &Ui, theme: &Theme, rect: Rect, histogram: &Histogram) {
    let highest = histogram.highest().max(1) as f32;
    let n_bins = histogram.counts.len().max(1) as f32;
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let width = (rect.width() / n_bins).min(14.0);
    for (bin, counts) in histogram.counts.iter().enumerate() {
        let left = rect.left() + bin as f32 * width;
        let mut bottom = rect.bottom();
        for (class, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let height = (rect.height() - 2.0) * *count as f32 / highest;
            let area = Rect::from_min_max(
                pos2(left, bottom - height.max(0.5)),
                pos2(left + (width - 1.0).max(0.5), bottom),
            );
            let color = if counts.len() > 1 { class_color(theme, class) } else { theme.faint };
            painter.rect_filled(area, 0, color);
            bottom -= height;
        }
    }
    let base = rect.left_bottom();
    let end = base + vec2(width * n_bins, 0.0);
    painter.line_segment([base, end], egui::Stroke::new(1.0, theme.line));
}
