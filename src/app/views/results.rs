use std::sync::Arc;

use egui::{Align, Layout, Sense, Ui};
use egui_extras::{Column, TableBuilder};

use super::axes::{empty_ui, quiet_table, swatch_ui};
use super::{View, ViewContext};
use crate::analysis::{Accumulator, format_value};
use crate::app::theme::{small, strong};
use crate::record::{Clock, Metric, Part};
use crate::session::{ExperimentEntry, SessionCommand};
use crate::training::{Ending, Plan, Run, RunState};

/// The numbers of the table, in the order of its columns.
const N_NUMBERS: usize = 9;
/// The column with the reason of the ending.
const ENDED: usize = N_NUMBERS + 1;
/// The columns of numbers from the most important on: where there is little room, the last are left
/// out first.
const BY_IMPORTANCE: [usize; N_NUMBERS] = [1, 4, 2, 6, 5, 8, 7, 9, 3];
/// Widths of the columns with the label, and with the ending at most before numbers are left out.
const LABEL_WIDTH: f32 = 116.0;
const ENDED_WIDTH: f32 = 136.0;
/// Between columns.
const GAP: f32 = 10.0;

/// What each experiment came to: final and best loss, quality, test, step, seconds, why it ended.
/// Several seeds give means with the 95 % interval of the mean.
#[derive(Default)]
pub(super) struct Results {
    /// The column sorted by, and whether from large to small; `None` for the study's order.
    sorted: Option<(usize, bool)>,
    best: Vec<Vec<Best>>,
    /// Whether to show columns that there is no room for, by scrolling sideways.
    show_all: bool,
    /// How many columns are left out for want of room.
    n_hidden: usize,
}

/// The smallest loss of a run so far, kept up to date as the run grows.
struct Best {
    plan: Option<Arc<Plan>>,
    taken: usize,
    loss: f64,
    step: f64,
}

impl Default for Best {
    fn default() -> Self {
        Self { plan: None, taken: 0, loss: f64::NAN, step: f64::NAN }
    }
}

impl Best {
    fn update(&mut self, run: &Run) {
        let Some((steps, losses)) = losses(run) else { return };
        let same = self.plan.as_ref().is_some_and(|plan| Arc::ptr_eq(plan, run.plan()));
        if !same || losses.len() < self.taken {
            let plan = Some(Arc::clone(run.plan()));
            *self = Self { plan, ..Self::default() };
        }
        for index in self.taken..losses.len() {
            if losses[index].is_finite() && (self.loss.is_nan() || losses[index] < self.loss) {
                (self.loss, self.step) = (losses[index], steps[index]);
            }
        }
        self.taken = losses.len();
    }
}

/// The losses that a run is judged by: on validation, else on the training part, else of batches.
fn losses(run: &Run) -> Option<(&[f64], &[f64])> {
    let series = |part| run.history().series(part, Metric::Loss, Clock::Step);
    [Part::Validation, Part::Train, Part::Batch]
        .into_iter()
        .filter_map(series)
        .find(|(_, values)| !values.is_empty())
}

/// The last accuracy or R² of a run.
fn quality(run: &Run) -> Option<f64> {
    [Part::Validation, Part::Train].into_iter().find_map(|part| {
        let track = run.history().track(part);
        let values = track.metric(Metric::Accuracy).or_else(|| track.metric(Metric::R2))?;
        values.last().copied()
    })
}

/// The last value of something that is recorded with the steps.
fn last_of_batches(run: &Run, metric: Metric) -> Option<f64> {
    run.history().track(Part::Batch).metric(metric)?.last().copied()
}

/// The numbers of one experiment, over its runs.
fn numbers(entry: &ExperimentEntry, best: &[Best]) -> [Accumulator; N_NUMBERS] {
    let mut all = [Accumulator::default(); N_NUMBERS];
    for (run, best) in entry.runs.iter().zip(best) {
        let outcome = run.outcome();
        let test = outcome.and_then(|outcome| outcome.test_best.or(outcome.test_last));
        // Of several starts the best is kept, not the last.
        let kept = outcome.filter(|_| run.plan().experiment.starts > 1).and_then(|o| o.best);
        let last_loss = || losses(run).and_then(|(_, values)| values.last().copied());
        let values = [
            kept.map(|kept| kept.loss).or_else(last_loss),
            Some(best.loss),
            Some(best.step),
            kept.map(|kept| kept.quality).filter(|q| !q.is_nan()).or_else(|| quality(run)),
            test.map(|test| test.loss),
            test.map(|test| test.quality),
            (run.clocks().step > 0).then(|| run.clocks().seconds),
            outcome.and_then(|outcome| outcome.test_averaged).map(|test| test.loss),
            last_of_batches(run, Metric::ClippedShare).map(|share| 100.0 * share),
        ];
        for (accumulator, value) in all.iter_mut().zip(values) {
            if let Some(value) = value {
                accumulator.add(value);
            }
        }
    }
    all
}

fn shown(number: &Accumulator, column: usize) -> String {
    let text = |value: f64| match column {
        2 => format_value(value.round(), 5),
        3 | 5 => format!("{value:.4}"),
        6 if value < 10.0 => format!("{value:.2}"),
        6 => format!("{value:.1}"),
        8 => format!("{value:.1} %"),
        _ => format_value(value, 4),
    };
    match number.n {
        0 => "–".to_owned(),
        1 => text(number.mean),
        _ => format!("{} ± {}", text(number.mean), format_value(number.half_interval(), 2)),
    }
}

/// Which folds the runs of a cross-validation held out.
fn folds_in_words(entries: &[ExperimentEntry]) -> String {
    let runs = entries.iter().map(|entry| &entry.runs);
    let Some(runs) =
        runs.max_by_key(|runs| runs.iter().filter_map(|run| run.plan().fold()).count())
    else {
        return String::new();
    };
    let of_run = |run: &Run| Some(format!("seed {}: {}", run.plan().seed, run.plan().fold()?));
    let folds: Vec<String> = runs.iter().filter_map(of_run).collect();
    if folds.is_empty() { String::new() } else { format!(". Held out: {}", folds.join("; ")) }
}

/// Why a run ended, or where it stands, in a few words.
fn ending(run: &Run) -> String {
    let text = match run.state() {
        RunState::Queued => "waiting for a core".to_owned(),
        RunState::Running => "running".to_owned(),
        RunState::Paused => "paused".to_owned(),
        RunState::Ended(ending) => match ending {
            Ending::BudgetSpent { .. } => "all steps done".to_owned(),
            Ending::TargetReached { step, .. } => format!("target reached at step {step}"),
            Ending::EarlyStopped { best_step, .. } => {
                format!("early stop, best at step {best_step}")
            }
            Ending::Converged { step, .. } => format!("gradient norm reached at step {step}"),
            Ending::TimeSpent { step, .. } => format!("time spent at step {step}"),
            Ending::Diverged { step } => format!("diverged at step {step}"),
            Ending::Stopped { step } => format!("stopped at step {step}"),
            Ending::Failed { message } => format!("failed: {message}"),
        },
    };
    let text = if run.is_recorded() { format!("recorded: {text}") } else { text };
    let starts = run.outcome().map_or(&[][..], |outcome| &outcome.starts);
    if starts.is_empty() {
        return text;
    }
    let losses: Vec<_> = starts.iter().map(|start| format_value(start.best_loss, 4)).collect();
    format!("{text}; best losses of the {} starts: {}", starts.len(), losses.join(", "))
}

/// The endings of all runs of an experiment, equal ones counted.
fn endings(entry: &ExperimentEntry) -> String {
    if entry.runs.is_empty() {
        return entry.problem.clone().unwrap_or_else(|| "not run yet".to_owned());
    }
    let mut counted: Vec<(String, usize)> = Vec::new();
    for run in &entry.runs {
        let text = ending(run);
        match counted.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counted.push((text, 1)),
        }
    }
    if let [(text, _)] = &counted[..] {
        return text.clone();
    }
    let parts = counted.iter().map(|(text, count)| format!("{count} × {text}"));
    parts.collect::<Vec<_>>().join(", ")
}

impl View for Results {
    fn title(&self) -> String {
        "Results".to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        if self.n_hidden > 0 || self.show_all {
            let text = match self.n_hidden {
                0 => "fewer columns".to_owned(),
                1 => "1 more column".to_owned(),
                n => format!("{n} more columns"),
            };
            let button = egui::Button::new(small(text)).frame(false);
            if ui.add(button).on_hover_text("Columns that there is no room for").clicked() {
                self.show_all = !self.show_all;
            }
        }
        let n = context.session.entries().iter().map(|entry| entry.runs.len()).max().unwrap_or(0);
        if n > 1 {
            let text = small(format!("mean ± 95 % interval, n = {n}")).color(context.theme.dim);
            let help = "Mean over the seeds and half the width of its 95 % interval \
                (Student's t), for runs that have a value";
            let folds = folds_in_words(context.session.entries());
            ui.add(egui::Label::new(text).truncate()).on_hover_text(format!("{help}{folds}"));
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let entries = context.session.entries();
        if entries.iter().all(|entry| entry.runs.is_empty()) {
            let text = "Press Run: losses, test results, times and the reason of each ending \
                appear here.";
            empty_ui(ui, theme, "No results yet", text);
            return;
        }
        self.best.resize_with(entries.len(), Vec::new);
        let mut rows = Vec::new();
        for (index, (entry, best)) in entries.iter().zip(&mut self.best).enumerate() {
            best.resize_with(entry.runs.len(), Best::default);
            for (run, best) in entry.runs.iter().zip(best.iter_mut()) {
                best.update(run);
            }
            rows.push((index, numbers(entry, best), endings(entry)));
        }
        if let Some((column, falling)) = self.sorted {
            rows.sort_by(|(a, x, end_a), (b, y, end_b)| {
                let order = match column {
                    0 => entries[*a].label.cmp(&entries[*b].label),
                    _ if column <= N_NUMBERS => {
                        let key = |number: &Accumulator| match number.n {
                            // Those without a value come last, whichever the direction.
                            0 if falling => f64::NEG_INFINITY,
                            0 => f64::INFINITY,
                            _ => number.mean,
                        };
                        key(&x[column - 1]).total_cmp(&key(&y[column - 1]))
                    }
                    _ => end_a.cmp(end_b),
                };
                if falling { order.reverse() } else { order }
            });
        }
        let judged = entries.iter().flat_map(|entry| &entry.runs).find_map(|run| {
            let recorded = |part| run.history().series(part, Metric::Loss, Clock::Step);
            [(Part::Validation, "validation loss"), (Part::Train, "training loss")]
                .into_iter()
                .find(|(part, _)| recorded(*part).is_some_and(|(_, values)| !values.is_empty()))
        });
        let judged = judged.map_or("loss", |(_, name)| name);
        let quality =
            if super::pictures::has_classes(context.session) { "accuracy" } else { "R²" };
        let test_quality = format!("test {quality}");
        let helps = [
            "Experiment".to_owned(),
            format!("Last {judged}"),
            format!("Smallest {judged}"),
            format!("Step with the smallest {judged}"),
            format!("Last {quality}"),
            "Loss on the test part, at the best step".to_owned(),
            format!("On the test part, at the best step: {quality}"),
            "Seconds of training".to_owned(),
            "Loss on the test part of the averaged weights".to_owned(),
            "Share of the steps whose gradient was clipped".to_owned(),
            "Why the run ended".to_owned(),
        ];
        let heads = [
            "experiment",
            "loss",
            "best",
            "at step",
            quality,
            "test loss",
            &test_quality,
            "seconds",
            "averaged",
            "clipped",
            "ended",
        ];
        // Columns in which no experiment has a number are left out.
        let is_used = |column: &usize| match *column {
            0 | ENDED => true,
            _ => rows.iter().any(|(_, numbers, _)| numbers[column - 1].n > 0),
        };
        let font = egui::TextStyle::Body.resolve(ui.style());
        let measured =
            |text: String| ui.painter().layout_no_wrap(text, font.clone(), theme.text).size().x;
        let widest =
            |texts: &mut dyn Iterator<Item = String>| texts.map(&measured).fold(0.0, f32::max);
        let width = |column: usize| match column {
            ENDED => widest(&mut rows.iter().map(|row| row.2.clone())).clamp(56.0, ENDED_WIDTH),
            _ => {
                let cells = rows.iter().map(|row| shown(&row.1[column - 1], column - 1));
                // A little more for the best, which is bold.
                1.06 * widest(&mut cells.chain([heads[column].to_owned()])) + 8.0
            }
        };
        let widths: Vec<f32> = (0..heads.len())
            .map(|column| if column == 0 { LABEL_WIDTH } else { width(column) })
            .collect();
        let important: Vec<usize> = BY_IMPORTANCE.into_iter().filter(is_used).collect();
        let mut room = ui.available_width() - LABEL_WIDTH - widths[ENDED] - 2.0 * GAP;
        let fitting = important.iter().take_while(|column| {
            room -= widths[**column] + GAP;
            room >= 0.0
        });
        let n_fitting = fitting.count().max(1);
        let left_out: &[usize] = match self.show_all {
            true => &[],
            false => important.get(n_fitting..).unwrap_or_default(),
        };
        self.n_hidden = left_out.len();
        let used: Vec<usize> = (0..heads.len())
            .filter(|column| is_used(column) && !left_out.contains(column))
            .collect();
        let widths: Vec<f32> = used[1..].iter().map(|column| widths[*column]).collect();
        egui::ScrollArea::horizontal().auto_shrink([false, false]).show(ui, |ui| {
            quiet_table(ui, theme);
            // A table remembers its widths; with other numbers it is another table.
            let shape: Vec<(usize, u32)> =
                used[1..].iter().copied().zip(widths.iter().map(|width| *width as u32)).collect();
            let mut table = TableBuilder::new(ui)
                .id_salt(shape)
                .sense(Sense::click())
                .cell_layout(Layout::left_to_right(Align::Center))
                .auto_shrink([false, false])
                .column(Column::initial(LABEL_WIDTH).at_least(90.0).clip(true).resizable(true));
            for (column, width) in used[1..].iter().zip(widths) {
                table = table.column(if *column == ENDED {
                    Column::remainder().at_least(width).clip(true)
                } else {
                    Column::initial(width).at_least(width).clip(true).resizable(true)
                });
            }
            table
                .header(26.0, |mut header| {
                    for column in &used {
                        header.col(|ui| {
                            let layout = match *column {
                                0 | ENDED => Layout::left_to_right(Align::Center),
                                _ => Layout::right_to_left(Align::Center),
                            };
                            if *column == 0 {
                                ui.add_space(4.0);
                            }
                            ui.with_layout(layout, |ui| {
                                let mark = match self.sorted {
                                    Some((sorted, true)) if sorted == *column => " ▾",
                                    Some((sorted, false)) if sorted == *column => " ▴",
                                    _ => "",
                                };
                                let text = small(format!("{}{mark}", heads[*column]));
                                let text = text.color(theme.dim);
                                let button = egui::Button::new(text).frame(false);
                                let help = format!("{}. A click sorts.", helps[*column]);
                                if ui.add(button).on_hover_text(help).clicked() {
                                    self.sorted = match self.sorted {
                                        Some((sorted, false)) if sorted == *column => {
                                            Some((*column, true))
                                        }
                                        Some((sorted, true)) if sorted == *column => None,
                                        _ => Some((*column, false)),
                                    };
                                }
                            });
                        });
                    }
                })
                .body(|body| {
                    body.rows(27.0, rows.len(), |mut row| {
                        let (index, numbers, ended) = &rows[row.index()];
                        let entry = &entries[*index];
                        row.set_selected(context.session.selected() == *index);
                        row.set_hovered(context.hovered == Some(*index));
                        for column in &used {
                            row.col(|ui| match *column {
                                0 => {
                                    ui.add_space(4.0);
                                    swatch_ui(ui, theme.run(entry.color));
                                    let name = egui::RichText::new(&entry.label);
                                    let name =
                                        if entry.stale { name.color(theme.dim) } else { name };
                                    ui.add(egui::Label::new(name).truncate());
                                }
                                ENDED => {
                                    let bad =
                                        ended.contains("diverged") || ended.contains("failed");
                                    let color = if bad { theme.bad } else { theme.dim };
                                    let text = if entry.stale {
                                        format!("{ended}, before the last change")
                                    } else {
                                        ended.clone()
                                    };
                                    let label = egui::Label::new(small(&text).color(color));
                                    ui.add(label.truncate()).on_hover_text(text);
                                }
                                _ => {
                                    let number = &numbers[column - 1];
                                    let layout = Layout::right_to_left(Align::Center);
                                    ui.with_layout(layout, |ui| {
                                        let text = shown(number, column - 1);
                                        let best = is_best(&rows, column - 1, number);
                                        let text = if best { strong(text) } else { text.into() };
                                        let label = ui.add(egui::Label::new(text).truncate());
                                        if number.n > 1 {
                                            label.on_hover_text(format!("n = {}", number.n));
                                        }
                                    });
                                }
                            });
                        }
                        let response = row.response();
                        if response.hovered() {
                            *context.hover = Some(*index);
                        }
                        if response.clicked() {
                            context.commands.push(SessionCommand::Select(*index));
                        }
                    });
                });
        });
    }
}

/// Whether a number is the best of its column, where larger or smaller is better.
fn is_best(
    rows: &[(usize, [Accumulator; N_NUMBERS], String)],
    column: usize,
    number: &Accumulator,
) -> bool {
    let sign = match column {
        0 | 1 | 4 | 7 => 1.0,
        3 | 5 => -1.0,
        _ => return false,
    };
    let others = rows.iter().map(|(_, numbers, _)| &numbers[column]).filter(|other| other.n > 0);
    rows.len() > 1
        && number.n > 0
        && others.into_iter().all(|other| sign * number.mean <= sign * other.mean)
}
