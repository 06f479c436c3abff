use std::borrow::Cow;

use egui::Ui;
use egui_plot::PlotPoint;

use super::super::axes::Drawn;
use super::super::subject::{Shown, beside_pointer, shortened};
use super::Told;
use crate::analysis::{CloudPicture, Coordinate, Density, Dot, PARTS, Tint, format_value, table};
use crate::app::theme::{Theme, small, strong};
use crate::data::{Cells, Column};

/// How near the pointer must be to a point, in points of the screen.
const NEAR: f32 = 9.0;
/// Letters of a name or value that are shown.
const MOST_LETTERS: usize = 40;
/// Further columns whose values are told.
const MOST_VALUES: usize = 8;

/// Tells which row or how many rows are under the pointer.
pub(super) fn ui(ui: &Ui, theme: &Theme, shown: &Shown, told: &Told, drawn: &Drawn) {
    let Some(pointer) = drawn.response.hover_pos() else { return };
    let area = *drawn.transform.frame();
    if !area.contains(pointer) {
        return;
    }
    let place =
        |dot: &Dot| drawn.transform.position_from_point(&PlotPoint::new(dot.at[0], dot.at[1]));
    match &told.cloud.picture {
        CloudPicture::Dots(dots) => {
            let distances = dots.iter().map(|dot| (place(dot).distance_sq(pointer), dot));
            let nearest = distances.min_by(|a, b| a.0.total_cmp(&b.0));
            let Some((_, dot)) = nearest.filter(|(distance, _)| *distance < NEAR * NEAR) else {
                return;
            };
            let painter = ui.painter().with_clip_rect(area);
            painter.circle_stroke(place(dot), 5.5, egui::Stroke::new(1.5, theme.text));
            beside_pointer(ui, &drawn.response, |ui| {
                row_ui(ui, theme, shown, told, dot.row as usize, "");
            });
        }
        CloudPicture::Density(density) => {
            let at = drawn.transform.value_from_position(pointer);
            let Some(cell) = density.filled_near([at.x, at.y], REACH) else { return };
            beside_pointer(ui, &drawn.response, |ui| {
                cell_ui(ui, theme, shown, told, density, cell)
            });
        }
    }
}

/// Cells of a density, each a point or so wide, by which the pointer may miss one.
const REACH: usize = 5;

/// What is in a cell of a density, and one of its rows.
fn cell_ui(ui: &mut Ui, theme: &Theme, shown: &Shown, told: &Told, density: &Density, cell: usize) {
    let count = density.counts[cell];
    if count > 1 {
        ui.label(strong(format!("{} rows here", format_value(f64::from(count), 9))));
        let names: &[String] = match told.asked.tint {
            Tint::Class => &shown.prepared.class_names,
            Tint::Column(column) => {
                match shown.table().columns.get(column).map(|column| &column.cells) {
                    Some(Cells::Nominal { levels, .. }) => levels,
                    _ => &[],
                }
            }
            Tint::Plain => &[],
        };
        let shades = density.shades.get(cell * density.n_shades..).unwrap_or_default();
        let mut counts: Vec<(u32, &String)> = shades
            .iter()
            .take(density.n_shades)
            .copied()
            .zip(names)
            .filter(|(n, _)| *n > 0)
            .collect();
        counts.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        for (n, name) in counts.into_iter().take(5) {
            let share = 100.0 * f64::from(n) / f64::from(count);
            ui.label(small(format!("{name}: {n} ({share:.0} %)")).color(theme.dim));
        }
        if let Some(mean) = density.means.get(cell).filter(|mean| !mean.is_nan())
            && let Tint::Column(column) = told.asked.tint
        {
            let text =
                format!("mean {}: {}", shown.name(column), format_value(f64::from(*mean), 5));
            ui.label(small(text).color(theme.dim));
        }
        ui.separator();
    }
    let word = if count > 1 { "one of them: " } else { "" };
    row_ui(ui, theme, shown, told, density.rows[cell] as usize, word);
}

/// A row's number, part and values.
fn row_ui(ui: &mut Ui, theme: &Theme, shown: &Shown, told: &Told, row: usize, word: &str) {
    let members = shown.members.get();
    let part = members.parts.get(row).and_then(|part| PARTS.get(usize::from(*part)));
    let part = part.map_or("no target", |part| part);
    let number = format_value((row + 1) as f64, 12);
    ui.label(small(format!("{word}row {number} · {part}")).color(theme.dim));
    let grid = egui::Grid::new("values of the row").num_columns(2);
    let grid = grid.min_row_height(16.0).spacing([10.0, 3.0]);
    let mut more = 0;
    grid.show(ui, |ui| {
        let mut columns = Vec::new();
        for (axis, label) in told.asked.axes.iter().zip(&told.labels) {
            match axis {
                Coordinate::Column(column) => columns.push(*column),
                Coordinate::Values(values) => {
                    let value = values.0.get(row).map_or(f64::NAN, |value| f64::from(*value));
                    let name = label.split(" (").next().unwrap_or_default();
                    ui.label(small(name).color(theme.dim));
                    ui.label(format_value(value, 4));
                    ui.end_row();
                }
            }
        }
        columns.push(shown.loaded.target);
        let n_first = columns.len();
        let rest = (0..shown.table().columns.len()).filter(|column| !columns.contains(column));
        let rest: Vec<usize> = rest.take(MOST_VALUES).collect();
        columns.extend(rest);
        let mut seen = Vec::new();
        for (index, column) in columns.into_iter().enumerate() {
            let Some(found) = shown.table().columns.get(column) else { continue };
            if seen.contains(&column) {
                continue;
            }
            seen.push(column);
            let color = if index < n_first { theme.text } else { theme.dim };
            ui.label(small(shortened(&found.name, MOST_LETTERS)).color(theme.dim));
            ui.label(
                egui::RichText::new(shortened(&text(shown, column, row), MOST_LETTERS))
                    .color(color),
            );
            ui.end_row();
        }
        more = shown.table().columns.len() - seen.len();
    });
    if more > 0 {
        ui.label(small(format!("and {more} more columns")).color(theme.faint));
    }
}

/// What stands in a cell, a date as such.
fn text(shown: &Shown, column: usize, row: usize) -> String {
    let Some(found) = shown.table().columns.get(column) else { return String::new() };
    match table::is_date(&shown.loaded, column) {
        true => table::cell_text(found, true, row).map_or("missing".into(), Cow::into_owned),
        false => cell_text(found, row),
    }
}

/// What stands in a cell of the table.
fn cell_text(column: &Column, row: usize) -> String {
    let text = match &column.cells {
        Cells::Numeric(values) => {
            // As short as it is exact, where that is short.
            values.get(row).filter(|x| !x.is_nan()).map(|x| match x.to_string() {
                exact if exact.len() <= 12 => exact.replace('-', "−"),
                _ => format_value(*x, 6),
            })
        }
        Cells::Nominal { levels, codes } => {
            let code = codes.get(row).copied().flatten();
            code.and_then(|code| levels.get(code as usize).cloned())
        }
    };
    text.unwrap_or_else(|| "missing".to_owned())
}
