use std::sync::Arc;

use egui::{Align2, Color32, FontId, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::pictures::class_color;
use super::subject::{DataSubject, Shown, beside_pointer, waiting_ui, waker};
use super::{View, ViewContext};
use crate::analysis::{
    Average, Balance, Histogram, Latest, PARTS, format_short, format_value, linear_ticks,
};
use crate::app::theme::{Theme, small};

/// Rows up to which the target is counted at once.
const FEW_ROWS: usize = 200_000;
/// Height of the bars of a class.
const CLASS: f32 = 46.0;
/// Least height of the histogram of a part.
const LEAST_HISTOGRAM: f32 = 60.0;

/// What there is to be predicted: how often each class occurs, or how the numbers lie, in each part
/// of the data.
///
/// Reveals imbalance, outliers, and parts that are unlike one another.
pub(super) struct Target {
    data: DataSubject,
    found: Latest<Question, Option<Balance>>,
}

#[derive(Clone)]
struct Question(Shown);

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.members, &other.0.members)
    }
}

impl Default for Target {
    fn default() -> Self {
        let answer = |Question(shown): &Question| {
            Balance::of(&shown.prepared, shown.members.get(), shown.table(), shown.loaded.target)
        };
        Self { data: DataSubject::default(), found: Latest::new("balance", answer) }
    }
}

impl View for Target {
    fn title(&self) -> String {
        "Target".to_owned()
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some(shown) = self.data.get(ui, context) else { return };
        let question = Question(shown.clone());
        let is_small = shown.loaded.n_rows() <= FEW_ROWS;
        let found = self.found.ask(&question, is_small, || waker(ui.ctx()));
        let found = found.filter(|(asked, _)| **asked == question).map(|(_, found)| found.clone());
        let Some(balance) = found.as_ref().and_then(|found| found.as_ref().as_ref()) else {
            return waiting_ui(ui, theme, self.found.has_failed(&question));
        };
        egui::Frame::NONE.inner_margin(egui::Margin::symmetric(12, 8)).show(ui, |ui| {
            let names = &shown.prepared.class_names;
            if let Some(remark) = balance.remark(names) {
                ui.add(egui::Label::new(small(remark).color(theme.warn)).wrap());
                ui.add_space(4.0);
            }
            match balance {
                Balance::Classes(counts) => classes_ui(ui, theme, counts, names),
                Balance::Numbers { histogram, summary } => {
                    let name = &shown.prepared.target_name;
                    numbers_ui(ui, theme, histogram, summary, name);
                }
            }
        });
    }
}

/// Fainter for the parts that are not trained on.
fn part_color(color: Color32, part: usize) -> Color32 {
    color.gamma_multiply([1.0, 0.62, 0.38][part.min(2)])
}

fn classes_ui(ui: &mut Ui, theme: &Theme, counts: &[[u32; 3]], names: &[String]) {
    let totals: [u32; 3] = std::array::from_fn(|part| counts.iter().map(|n| n[part]).sum());
    let share =
        |class: usize, part: usize| f64::from(counts[class][part]) / f64::from(totals[part].max(1));
    let parts: Vec<usize> = (0..3).filter(|part| totals[*part] > 0).collect();
    let highest = (0..counts.len())
        .flat_map(|class| parts.iter().map(move |part| share(class, *part)))
        .fold(1e-9, f64::max);
    let sizes = parts
        .iter()
        .map(|part| format!("{} {}", PARTS[*part], format_value(f64::from(totals[*part]), 12)));
    let head =
        format!("Share of each class in each part ({} rows)", sizes.collect::<Vec<_>>().join(", "));
    ui.add(egui::Label::new(small(head).color(theme.dim)).wrap());
    ui.add_space(4.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    let area = egui::ScrollArea::vertical().auto_shrink([false, false]);
    area.show_rows(ui, CLASS, counts.len(), |ui, range| {
        for class in range {
            let (rect, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), CLASS), Sense::hover());
            let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
            let font = FontId::proportional(12.0);
            let fitted = |text: &str, width: f32, color: Color32| {
                let mut job =
                    egui::text::LayoutJob::simple_singleline(text.to_owned(), font.clone(), color);
                job.wrap = egui::text::TextWrapping::truncate_at_width(width);
                painter.layout_job(job)
            };
            let label_width = (0.26 * rect.width()).clamp(40.0, 150.0);
            let galley = fitted(&names[class], label_width, theme.text);
            let top = rect.center().y - 0.5 * galley.size().y;
            painter.galley(pos2(rect.left(), top), galley, theme.text);
            let left = rect.left() + label_width + 10.0;
            let room = (rect.right() - left - 150.0).max(20.0);
            let bar = ((CLASS - 8.0) / parts.len().max(1) as f32).min(13.0);
            let mut y = rect.center().y - 0.5 * bar * parts.len() as f32;
            let mut told = names[class].clone();
            for part in &parts {
                let count = counts[class][*part];
                let share = share(class, *part);
                let width =
                    (room * (share / highest) as f32).max(if count > 0 { 1.0 } else { 0.0 });
                let area = Rect::from_min_size(pos2(left, y), vec2(width, bar - 2.0));
                painter.rect_filled(area, 2, part_color(class_color(theme, class), *part));
                let text = format!(
                    "{} · {:.1} % {}",
                    format_value(f64::from(count), 12),
                    100.0 * share,
                    PARTS[*part]
                );
                let at = pos2(left + width + 6.0, y + 0.5 * bar - 1.0);
                let small = FontId::proportional(10.5);
                painter.text(at, Align2::LEFT_CENTER, &text, small, theme.dim);
                told += &format!("\n{text}");
                y += bar;
            }
            if response.hovered() {
                beside_pointer(ui, &response, |ui| drop(ui.label(told)));
            }
        }
    });
}

fn numbers_ui(
    ui: &mut Ui,
    theme: &Theme,
    histogram: &Histogram,
    summary: &[Option<Average>; 3],
    name: &str,
) {
    let parts: Vec<usize> = (0..3).filter(|part| summary[*part].is_some()).collect();
    let room = ui.available_height() - 40.0;
    let height = (room / parts.len().max(1) as f32).clamp(LEAST_HISTOGRAM, 220.0);
    egui::ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for part in &parts {
            let Some(average) = &summary[*part] else { continue };
            part_ui(ui, theme, histogram, *part, average, height);
        }
        axis_ui(ui, theme, histogram, name);
    });
}

/// The histogram of one part, each as high as its own fullest bin.
fn part_ui(
    ui: &mut Ui,
    theme: &Theme,
    histogram: &Histogram,
    part: usize,
    average: &Average,
    height: f32,
) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let text = format!(
        "{} · {} rows · {} ± {}",
        PARTS[part],
        format_value(average.n as f64, 12),
        format_value(average.mean, 4),
        format_value(average.std, 3)
    );
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let font = FontId::proportional(12.0);
    painter.text(rect.min + vec2(0.0, 2.0), Align2::LEFT_TOP, text, font, theme.dim);
    let plot = Rect::from_min_max(rect.min + vec2(0.0, 20.0), rect.max - vec2(0.0, 3.0));
    let n_bins = histogram.counts.len().max(1);
    let highest = histogram.counts.iter().map(|bin| bin[part]).max().unwrap_or(0).max(1);
    let width = plot.width() / n_bins as f32;
    let color = part_color(class_color(theme, 0), part);
    for (bin, counts) in histogram.counts.iter().enumerate().filter(|(_, bin)| bin[part] > 0) {
        let tall = (plot.height() * counts[part] as f32 / highest as f32).max(1.0);
        let left = plot.left() + bin as f32 * width;
        let area = Rect::from_min_max(
            pos2(left, plot.bottom() - tall),
            pos2(left + (width - 1.0).max(0.5), plot.bottom()),
        );
        painter.rect_filled(area, 0, color);
    }
    let [low, high] = histogram.range;
    if high > low {
        let share = ((average.mean - low) / (high - low)) as f32;
        let at = plot.left() + share * plot.width();
        painter.vline(at, plot.y_range(), Stroke::new(1.0, theme.text));
    }
    painter.hline(plot.x_range(), plot.bottom(), Stroke::new(1.0, theme.line));
    if let Some(at) = response.hover_pos().filter(|at| plot.x_range().contains(at.x)) {
        let bin = (((at.x - plot.left()) / width) as usize).min(n_bins - 1);
        let edge = |index: usize| low + (high - low) * index as f64 / n_bins as f64;
        let (from, to) = (format_value(edge(bin), 4), format_value(edge(bin + 1), 4));
        let count = histogram.counts[bin][part];
        let share = 100.0 * f64::from(count) / average.n as f64;
        let count = format_value(f64::from(count), 12);
        let text = format!("{count} rows ({share:.1} %) from {from} to {to}");
        beside_pointer(ui, &response, |ui| drop(ui.label(text)));
    }
}

fn axis_ui(ui: &mut Ui, theme: &Theme, histogram: &Histogram, name: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
    let painter = ui.painter();
    let font = FontId::proportional(11.0);
    let [low, high] = histogram.range;
    let place = |value: f64| rect.left() + ((value - low) / (high - low)) as f32 * rect.width();
    let ticks = linear_ticks(low, high, (rect.width() / 90.0).clamp(2.0, 9.0) as usize);
    for tick in ticks {
        let at = place(tick.at);
        let align = match at {
            at if at < rect.left() + 12.0 => Align2::LEFT_TOP,
            at if at > rect.right() - 12.0 => Align2::RIGHT_TOP,
            _ => Align2::CENTER_TOP,
        };
        painter.text(pos2(at, rect.top() + 2.0), align, tick.label, font.clone(), theme.faint);
    }
    if low >= high {
        let text = format_short(low, low.abs().max(1e-9));
        painter.text(rect.center_top(), Align2::CENTER_TOP, text, font.clone(), theme.faint);
    }
    let below = pos2(rect.center().x, rect.top() + 17.0);
    painter.text(below, Align2::CENTER_TOP, name, FontId::proportional(12.0), theme.dim);
}
