use std::sync::Arc;

use egui::{Align2, Color32, FontId, Mesh, Pos2, Rect, Sense, Stroke, Ui, Vec2, pos2, vec2};

use super::axes::empty_ui;
use super::subject::{
    DataSubject, Shown, beside_pointer, controls_ui, waiting_ui, waker, want_pair,
};
use super::{View, ViewContext};
use crate::analysis::{
    CorrelationKind, Correlations, Latest, MOST_COMPARED, Variable, format_value, numeric_features,
};
use crate::app::theme::{Theme, small, strong};
use crate::app::words;

/// Products of two values up to which correlations are computed at once.
const FEW_PRODUCTS: usize = 4_000_000;
/// Rooms for names beside and above the cells.
const NAMES: [f32; 2] = [132.0, 96.0];
/// From this side on a cell has room for its value.
const ROOM_FOR_VALUE: f32 = 30.0;
/// From this side on a row has room for its name.
const ROOM_FOR_NAME: f32 = 11.0;
/// And from this one on, in smaller letters.
const LEAST_FOR_NAME: f32 = 8.5;

/// How numeric columns depend on one another and on the target.
///
/// Reveals features that say the same, features that tell the target, and leaks.
pub(super) struct CorrelationMap {
    data: DataSubject,
    kind: CorrelationKind,
    found: Latest<Question, Correlations>,
}

#[derive(Clone)]
struct Question {
    shown: Shown,
    kind: CorrelationKind,
}

impl PartialEq for Question {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shown.members, &other.shown.members) && self.kind == other.kind
    }
}

fn answer(question: &Question) -> Correlations {
    let shown = &question.shown;
    let (table, target) = (shown.table(), shown.loaded.target);
    let columns = numeric_features(table, target, &shown.left_out);
    let members = shown.members.get();
    Correlations::of(table, target, &columns, &shown.prepared, members, question.kind)
}

impl Default for CorrelationMap {
    fn default() -> Self {
        Self {
            data: DataSubject::default(),
            kind: CorrelationKind::default(),
            found: Latest::new("correlations", answer),
        }
    }
}

impl View for CorrelationMap {
    fn title(&self) -> String {
        "Correlations".to_owned()
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some(shown) = self.data.get_rows(ui, context) else { return };
        let n_columns = numeric_features(shown.table(), shown.loaded.target, &shown.left_out).len();
        let question = Question { shown: shown.clone(), kind: self.kind };
        let is_small = shown.table().n_rows() * n_columns * n_columns <= FEW_PRODUCTS;
        let found = self.found.ask(&question, is_small, || waker(ui.ctx()));
        let found = found.filter(|(asked, _)| **asked == question).map(|(_, found)| found.clone());
        controls_ui(ui, |ui| self.controls_ui(ui, theme, &shown, found.as_deref()));
        let Some(found) = found else {
            return waiting_ui(ui, theme, self.found.has_failed(&question));
        };
        if found.n() < 2 {
            let text = "Correlations take two numeric columns.";
            return empty_ui(ui, theme, "There is nothing to compare", text);
        }
        map_ui(ui, theme, &shown, &found);
    }
}

impl CorrelationMap {
    fn controls_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        shown: &Shown,
        found: Option<&Correlations>,
    ) {
        for (name, kind, help) in [
            ("Pearson", CorrelationKind::Pearson, "How near the values lie to a straight line"),
            (
                "Spearman",
                CorrelationKind::Spearman,
                "Of the ranks: how near the values lie to any line that only rises or only falls",
            ),
        ] {
            let label = ui.selectable_label(self.kind == kind, small(name));
            if label.on_hover_text(help).clicked() {
                self.kind = kind;
            }
        }
        let Some(found) = found else { return };
        let mut text = String::new();
        if found.n_left_out > 0 {
            let all = MOST_COMPARED + found.n_left_out;
            text = format!(
                "The {MOST_COMPARED} of {} numeric features that tell most about {}",
                format_value(all as f64, 9),
                shown.name(shown.loaded.target)
            );
        }
        if found.stride > 1 {
            let rows = format!("One of every {} rows", found.stride);
            text = if text.is_empty() { rows } else { format!("{text} · {rows}") };
        }
        if found.n_constant > 0 {
            let n = words::counted(found.n_constant as u64, "column that does", "columns that do");
            let constant = format!("without {n} not vary");
            text = if text.is_empty() { constant } else { format!("{text} · {constant}") };
        }
        ui.add(egui::Label::new(small(text).color(theme.dim)).wrap());
    }
}

/// The words for a variable.
fn name(shown: &Shown, variable: Variable) -> String {
    match variable {
        Variable::Column(column) => shown.name(column).to_owned(),
        Variable::SecondClass => {
            let class = shown.prepared.class_names.get(1).map_or("", String::as_str);
            format!("{} = {class}", shown.prepared.target_name)
        }
    }
}

/// The column behind a variable.
fn column(shown: &Shown, variable: Variable) -> usize {
    match variable {
        Variable::Column(column) => column,
        Variable::SecondClass => shown.loaded.target,
    }
}

/// Blue for −1, orange for 1, and the ground for 0: colours that people who see fewer of them also
/// tell apart.
fn color(theme: &Theme, r: f64) -> Color32 {
    let (light, dark) = match r < 0.0 {
        true => (Color32::from_rgb(0x1f, 0x6f, 0xb8), Color32::from_rgb(0x5a, 0xa6, 0xf0)),
        false => (Color32::from_rgb(0xc4, 0x57, 0x0a), Color32::from_rgb(0xf2, 0x91, 0x3d)),
    };
    theme.field.lerp_to_gamma(if theme.dark { dark } else { light }, r.abs() as f32)
}

fn map_ui(ui: &mut Ui, theme: &Theme, shown: &Shown, found: &Correlations) {
    let n = found.n();
    let names: Vec<String> = found.variables.iter().map(|v| name(shown, *v)).collect();
    let room = ui.available_size() - vec2(20.0, 12.0);
    let scale = 44.0;
    let font = FontId::proportional(11.0);
    let longest = names
        .iter()
        .map(|name| ui.painter().layout_no_wrap(name.clone(), font.clone(), theme.dim).size().x)
        .fold(0.0, f32::max);
    // Names beside and above, beside alone, or none: as there is room.
    let [beside, above] = NAMES.map(|most| longest.min(most) + 8.0);
    let heads = [(vec2(beside, above), ROOM_FOR_NAME), (vec2(beside, 8.0), LEAST_FOR_NAME)];
    let side_with = |head: Vec2| {
        let free = (room - head - vec2(scale, 0.0)) / n as f32;
        free.min_elem().clamp(2.5, 52.0)
    };
    let fitting = heads.into_iter().find(|(head, least)| side_with(*head) >= *least);
    let head = fitting.map_or(vec2(8.0, 8.0), |(head, _)| head);
    let side = side_with(head);
    let size = head + Vec2::splat(side * n as f32) + vec2(scale, 8.0);
    egui::ScrollArea::both().auto_shrink([false, false]).show(ui, |ui| {
        let spare = (ui.available_width() - size.x).max(0.0);
        let whole = size.max(vec2(ui.available_width(), 0.0));
        let (rect, response) = ui.allocate_exact_size(whole, Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Correlations"));
        let corner = rect.min + head + vec2(0.5 * spare, 0.0);
        let cells = Cells { corner, side, n };
        cells.paint(ui, theme, found);
        if fitting.is_some() {
            names_ui(ui, theme, &cells, &names, found.has_target, head.y > 8.0);
        }
        scale_ui(ui, theme, pos2(cells.rect().right() + 18.0, corner.y), cells.rect().height());
        if let Some((a, b)) = response.hover_pos().and_then(|at| cells.at(at)) {
            let painter = ui.painter();
            let stroke = Stroke::new(1.5, theme.text);
            painter.rect_stroke(cells.cell(a, b), 1, stroke, egui::StrokeKind::Inside);
            beside_pointer(ui, &response, |ui| reading_ui(ui, theme, found, &names, a, b));
            let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
            if response.clicked() && a != b {
                let pair = [b, a].map(|k| shown.name(column(shown, found.variables[k])).to_owned());
                want_pair(ui.ctx(), pair);
            }
        }
    });
}

/// The correlation under the pointer.
fn reading_ui(
    ui: &mut Ui,
    theme: &Theme,
    found: &Correlations,
    names: &[String],
    row: usize,
    column: usize,
) {
    let n = format_value(f64::from(found.count(row, column)), 12);
    ui.label(match row == column {
        true => names[row].clone(),
        false => format!("{} and {}", names[row], names[column]),
    });
    let told = match found.coefficient(row, column) {
        Some(r) => format!("{} over {n} rows", format_value(r, 6)),
        None => format!("none: a column does not vary over the {n} rows that have both"),
    };
    ui.label(strong(told));
    if row != column {
        ui.label(small("Click for the scatter of the two.").color(theme.dim));
    }
}

/// Where the cells are.
struct Cells {
    corner: Pos2,
    side: f32,
    n: usize,
}

impl Cells {
    fn rect(&self) -> Rect {
        Rect::from_min_size(self.corner, Vec2::splat(self.side * self.n as f32))
    }

    fn cell(&self, row: usize, column: usize) -> Rect {
        let at = self.corner + vec2(column as f32, row as f32) * self.side;
        let gap = if self.side > 12.0 { 0.5 } else { 0.0 };
        Rect::from_min_size(at, Vec2::splat(self.side)).shrink(gap)
    }

    /// Row and column under the pointer.
    fn at(&self, pointer: Pos2) -> Option<(usize, usize)> {
        let place = (pointer - self.corner) / self.side;
        let inside = |x: f32| (0.0..self.n as f32).contains(&x).then_some(x as usize);
        Some((inside(place.y)?, inside(place.x)?))
    }

    fn paint(&self, ui: &Ui, theme: &Theme, found: &Correlations) {
        let painter = ui.painter();
        let seen = painter.clip_rect();
        let mut mesh = Mesh::default();
        let mut values = Vec::new();
        for row in 0..self.n {
            for column in 0..self.n {
                let cell = self.cell(row, column);
                let Some(r) = found.coefficient(row, column).filter(|_| seen.intersects(cell))
                else {
                    continue;
                };
                let fill = color(theme, r);
                mesh.add_colored_rect(cell, fill);
                if self.side >= ROOM_FOR_VALUE && row != column {
                    values.push((cell.center(), r, fill));
                }
            }
        }
        painter.add(mesh);
        for (at, r, fill) in values {
            let brightness = egui::Rgba::from(fill).intensity();
            let ink = if brightness > 0.22 { Color32::BLACK } else { Color32::WHITE };
            let sign = if r <= -0.005 { "−" } else { "" };
            let text = format!("{sign}{:.2}", r.abs());
            painter.text(at, Align2::CENTER_CENTER, text, FontId::proportional(10.5), ink);
        }
    }
}

fn names_ui(
    ui: &Ui,
    theme: &Theme,
    cells: &Cells,
    names: &[String],
    has_target: bool,
    is_above: bool,
) {
    let font = FontId::proportional(if cells.side < ROOM_FOR_NAME { 9.0 } else { 11.0 });
    for (index, name) in names.iter().enumerate() {
        let color = if index == 0 && has_target { theme.accent } else { theme.dim };
        let fitted = |width: f32| {
            let mut job =
                egui::text::LayoutJob::simple_singleline(name.clone(), font.clone(), color);
            job.wrap = egui::text::TextWrapping::truncate_at_width(width);
            ui.painter().layout_job(job)
        };
        let middle = (index as f32 + 0.5) * cells.side;
        let galley = fitted(NAMES[0]);
        let left = cells.corner.x - 6.0 - galley.size().x;
        let at = pos2(left, cells.corner.y + middle - 0.5 * galley.size().y);
        ui.painter().galley(at, galley, color);
        if !is_above {
            continue;
        }
        let galley = fitted(NAMES[1]);
        let at = pos2(cells.corner.x + middle - 0.5 * galley.size().y, cells.corner.y - 6.0);
        let turned = egui::epaint::TextShape::new(at, galley, color);
        ui.painter().add(turned.with_angle(-std::f32::consts::FRAC_PI_2));
    }
}

/// What the colours mean.
fn scale_ui(ui: &Ui, theme: &Theme, at: Pos2, height: f32) {
    const N: usize = 40;
    let height = height.clamp(60.0, 180.0);
    let painter = ui.painter();
    for step in 0..N {
        let r = 1.0 - 2.0 * (step as f64 + 0.5) / N as f64;
        let top = at.y + height * step as f32 / N as f32;
        let area = Rect::from_min_size(pos2(at.x, top), vec2(10.0, height / N as f32 + 0.5));
        painter.rect_filled(area, 0, color(theme, r));
    }
    for (share, text) in [(0.0, "1"), (0.5, "0"), (1.0, "−1")] {
        let place = pos2(at.x + 15.0, at.y + height * share);
        painter.text(place, Align2::LEFT_CENTER, text, FontId::proportional(11.0), theme.faint);
    }
}
