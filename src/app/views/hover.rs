use egui::{Color32, Pos2, Stroke, Ui};

use super::axes::{Drawn, swatch_ui};
use crate::analysis::format_value;
use crate::app::theme::{Theme, small, strong};
use crate::record::Clock;

/// Rows that the table shows at most.
const MOST: usize = 10;

/// What one curve has at the pointer.
pub(super) struct Row {
    /// The experiment.
    pub experiment: usize,
    /// Its name.
    pub label: String,
    /// Its colour.
    pub color: Color32,
    /// The clock of the moment nearest to the pointer.
    pub clock: f64,
    /// That moment in the coordinates of the axes.
    pub place: [f64; 2],
    /// Its value.
    pub value: f64,
    /// Half the width of the 95 % interval, and the number of seeds.
    pub interval: Option<(f64, u32)>,
    /// Something to know.
    pub note: String,
}

/// Marks the moments on the curves and shows a small table of them beside the pointer, the nearest
/// first. Returns the experiment whose curve is nearest, if it is near.
pub(super) fn ui(
    ui: &Ui,
    theme: &Theme,
    drawn: &Drawn,
    pointer: Pos2,
    clock: Clock,
    rows: Vec<Row>,
) -> Option<usize> {
    let position = |row: &Row| {
        let [x, y] = row.place;
        drawn.transform.position_from_point(&egui_plot::PlotPoint::new(x, y))
    };
    let mut rows: Vec<(f32, Pos2, Row)> = rows
        .into_iter()
        .map(|row| {
            let at = position(&row);
            let distance = (at.y - pointer.y).abs();
            (if distance.is_finite() { distance } else { f32::MAX }, at, row)
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (distance, nearest_at, nearest) = rows.first()?;
    let near =
        (*distance < 24.0 && (nearest_at.x - pointer.x).abs() < 60.0).then_some(nearest.experiment);
    let frame = *drawn.transform.frame();
    let painter = ui.painter().with_clip_rect(frame);
    painter.vline(nearest_at.x, frame.y_range(), Stroke::new(1.0, theme.faint.gamma_multiply(0.5)));
    for (_, at, row) in rows.iter().filter(|(_, at, _)| frame.contains(*at)) {
        painter.circle(*at, 3.5, row.color, Stroke::new(1.5, theme.plot));
    }
    let head = format!("{} {}", clock.label(), format_value(nearest.clock, 4));
    let id = drawn.response.id.with("values under the pointer");
    let anchor = egui::PopupAnchor::Pointer;
    egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, anchor).gap(14.0).show(|ui| {
        ui.label(small(head).color(theme.dim));
        let grid = egui::Grid::new(id.with("table")).num_columns(5);
        grid.spacing([8.0, 3.0]).min_row_height(16.0).min_col_width(0.0).show(ui, |ui| {
            for (_, _, row) in rows.iter().take(MOST) {
                swatch_ui(ui, row.color);
                let label = short(&row.label);
                let front = near == Some(row.experiment);
                ui.label(if front { strong(label) } else { egui::RichText::new(label) });
                ui.label(format_value(row.value, 5));
                match row.interval {
                    Some((half, n)) if n > 1 => {
                        let text = format!("± {}  n = {n}", format_value(half, 2));
                        ui.label(small(text).color(theme.dim));
                    }
                    Some((_, n)) => {
                        ui.label(small(format!("n = {n}")).color(theme.dim));
                    }
                    None => {
                        ui.label("");
                    }
                }
                if !row.note.is_empty() {
                    ui.label(small(&row.note).color(theme.bad));
                }
                ui.end_row();
            }
        });
        if rows.len() > MOST {
            ui.label(small(format!("and {} more", rows.len() - MOST)).color(theme.faint));
        }
    });
    near
}

fn short(label: &str) -> String {
    const MOST_LETTERS: usize = 32;
    if label.chars().count() <= MOST_LETTERS {
        return label.to_owned();
    }
    label.chars().take(MOST_LETTERS - 1).chain(['…']).collect()
}
