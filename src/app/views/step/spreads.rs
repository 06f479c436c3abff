use egui::{Align2, Color32, FontId, Rect, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::parameter;
use crate::analysis::{Dissection, Spread, VectorSpread, format_value};
use crate::app::theme::{Theme, small, space, strong};
use crate::app::words;
use crate::math::elementary::double::ln_1p;

/// Up to so many parameters are listed one by one.
const FEW: usize = 6;

/// The least width of a histogram, and the height of its bars.
const LEAST_WIDTH: f32 = 176.0;
const BARS: f32 = 58.0;

/// Gradient, update and state of all parameters: a table of few, histograms of many. Returns the
/// parameter that was clicked.
pub(super) fn ui(
    ui: &mut Ui,
    theme: &Theme,
    color: Color32,
    shown: &Dissection,
    index: usize,
) -> Option<usize> {
    let n = shown.anatomy.plan.n_params();
    if n <= FEW {
        return table_ui(ui, theme, color, shown, index);
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::NORMAL;
        ui.label(strong(format!("Over all {} parameters", words::count(n as u64))));
        let text = "counts on a logarithmic scale, a line where this one is";
        ui.label(small(text).color(theme.faint));
    });
    let gap = space::GROUP;
    let room = ui.available_width();
    let n_columns = (((room + gap) / (LEAST_WIDTH + gap)) as usize).clamp(1, shown.spreads.len());
    let width = (room - gap * (n_columns - 1) as f32) / n_columns as f32;
    for row in shown.spreads.chunks(n_columns) {
        ui.add_space(space::TIGHT);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for vector in row {
                tile_ui(ui, theme, color, width, vector, value(shown, vector, index));
            }
        });
    }
    None
}

/// The entry of one parameter in a vector.
fn value(shown: &Dissection, vector: &VectorSpread, index: usize) -> f64 {
    let anatomy = &shown.anatomy;
    let values = match vector.state {
        Some(state) => &anatomy.states[1].vectors[state],
        None if vector.name == "update" => &shown.update,
        None => &anatomy.gradient,
    };
    values.get(index).copied().unwrap_or(f64::NAN)
}

/// A vector's name as on screen.
fn title(vector: &VectorSpread) -> String {
    vector.name.replace('_', " ")
}

/// The parts of a spread in words.
fn summary(spread: &Spread) -> String {
    let mut text = format!(
        "n {} · {} zero\nmin {} · median {} · max {}",
        words::count(spread.n as u64),
        share(spread.n_zero, spread.n),
        format_value(spread.min, 3),
        format_value(spread.median, 3),
        format_value(spread.max, 3),
    );
    if spread.n_not_finite > 0 {
        let n = words::count(spread.n_not_finite as u64);
        text.push_str(&format!("\n{n} infinite or not a number"));
    }
    text
}

/// A share in percent: `12 %`; some and not all never read 0 or 100.
fn share(part: usize, whole: usize) -> String {
    let percent = 100.0 * part as f64 / whole.max(1) as f64;
    if part > 0 && percent < 1.0 {
        "under 1 %".to_owned()
    } else if part < whole && percent > 99.0 {
        "over 99 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

fn tile_ui(
    ui: &mut Ui,
    theme: &Theme,
    color: Color32,
    width: f32,
    vector: &VectorSpread,
    mark: f64,
) {
    let spread = &vector.spread;
    ui.allocate_ui(vec2(width, 0.0), |ui| {
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.label(title(vector));
            let size = vec2(width, BARS + 18.0);
            let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
            let name = format!("Histogram of {}", title(vector));
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, &name));
            let bars = Rect::from_min_size(rect.min, vec2(width, BARS));
            let pointed = response.hover_pos().filter(|at| bars.contains(*at));
            let bin = bars_ui(ui, theme, color, bars, spread, mark, pointed.map(|at| at.x));
            ends_ui(ui, theme, rect, spread);
            let zeros = share(spread.n_zero, spread.n);
            let text = format!("median {} · {zeros} zero", format_value(spread.median, 3));
            ui.add(egui::Label::new(small(text).color(theme.dim)).wrap());
            let text = match bin {
                Some(bin) => {
                    let [from, to] = spread.bin(bin).map(|x| format_value(x, 3));
                    let count: u32 = spread.histogram.counts[bin].iter().sum();
                    let count = words::counted(u64::from(count), "parameter", "parameters");
                    format!("{from} to {to}: {count}\n{}", summary(spread))
                }
                None => summary(spread),
            };
            response.on_hover_text_at_pointer(text);
        });
    });
}

/// The bars, a line where this parameter is, and the bin under the pointer.
fn bars_ui(
    ui: &Ui,
    theme: &Theme,
    color: Color32,
    bars: Rect,
    spread: &Spread,
    mark: f64,
    pointer: Option<f32>,
) -> Option<usize> {
    let counts = &spread.histogram.counts;
    let painter = ui.painter();
    let highest = ln_1p(f64::from(spread.histogram.highest())).max(f64::MIN_POSITIVE);
    let width = bars.width() / counts.len().max(1) as f32;
    let pointed = pointer.map(|x| ((x - bars.left()) / width) as usize);
    let pointed = pointed.map(|bin| bin.min(counts.len().saturating_sub(1)));
    for (bin, count) in counts.iter().enumerate() {
        let count: u32 = count.iter().sum();
        let left = bars.left() + bin as f32 * width;
        let column = Rect::from_x_y_ranges(left..=left + width, bars.y_range());
        if pointed == Some(bin) {
            painter.rect_filled(column, 0, theme.field);
        }
        if count == 0 {
            continue;
        }
        let height = (ln_1p(f64::from(count)) / highest) as f32 * (bars.height() - 6.0);
        let bar = Rect::from_min_max(
            pos2(left, bars.bottom() - height.max(1.5)),
            pos2(left + (width - 1.0).max(0.75), bars.bottom()),
        );
        let fill = color.gamma_multiply(if pointed == Some(bin) { 0.9 } else { 0.6 });
        painter.rect_filled(bar, 0, fill);
    }
    painter.hline(bars.x_range(), bars.bottom(), Stroke::new(1.0, theme.line));
    if let Some(place) = spread.place(mark) {
        let x = bars.left() + place as f32 * bars.width();
        painter.vline(x, bars.y_range(), Stroke::new(1.5, theme.text));
        let tip = [pos2(x - 3.5, bars.top()), pos2(x + 3.5, bars.top()), pos2(x, bars.top() + 5.0)];
        painter.add(egui::Shape::convex_polygon(tip.to_vec(), theme.text, Stroke::NONE));
    }
    pointed
}

/// The values at both ends below the bars, and zero between them.
fn ends_ui(ui: &Ui, theme: &Theme, rect: Rect, spread: &Spread) {
    let n_bins = spread.histogram.counts.len();
    let font = FontId::proportional(11.0);
    let (low, high) = (spread.bin(0)[0], spread.bin(n_bins.saturating_sub(1))[1]);
    let painter = ui.painter();
    let bottom = rect.bottom();
    if low == high || !low.is_finite() {
        // All values are one.
        let text = if low.is_finite() { format_value(low, 3) } else { "no number".to_owned() };
        painter.text(pos2(rect.center().x, bottom), Align2::CENTER_BOTTOM, text, font, theme.faint);
        return;
    }
    let left = painter.text(
        rect.left_bottom(),
        Align2::LEFT_BOTTOM,
        format_value(low, 3),
        font.clone(),
        theme.faint,
    );
    let right = painter.text(
        rect.right_bottom(),
        Align2::RIGHT_BOTTOM,
        format_value(high, 3),
        font.clone(),
        theme.faint,
    );
    if low < 0.0 && high > 0.0 {
        let x = rect.left() + (-low / (high - low)) as f32 * rect.width();
        if x > left.right() + 10.0 && x < right.left() - 10.0 {
            painter.text(pos2(x, bottom), Align2::CENTER_BOTTOM, "0", font, theme.faint);
        }
    }
}

/// A column for each parameter, when they are few.
fn table_ui(
    ui: &mut Ui,
    theme: &Theme,
    color: Color32,
    shown: &Dissection,
    index: usize,
) -> Option<usize> {
    let anatomy = &shown.anatomy;
    let n = anatomy.plan.n_params();
    let heading = if n == 1 { "The parameter".to_owned() } else { format!("All {n} parameters") };
    ui.label(strong(heading));
    let mut chosen = None;
    egui::ScrollArea::horizontal().auto_shrink([false, true]).show(ui, |ui| {
        // Two columns fit into the narrowest of views.
        let is_narrow = ui.available_width() < 300.0;
        let (gap, n_digits) = if is_narrow { (6.0, 3) } else { (14.0, 5) };
        let grid = egui::Grid::new("all parameters").spacing(vec2(gap, 3.0)).min_col_width(0.0);
        grid.min_row_height(20.0).show(ui, |ui| {
            let at_right = |ui: &mut Ui, content: &mut dyn FnMut(&mut Ui)| {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| content(ui));
            };
            ui.label("");
            for parameter in 0..n {
                let name = parameter::name(&anatomy.plan, parameter);
                at_right(ui, &mut |ui| {
                    let button = egui::Button::selectable(parameter == index, name.as_str());
                    if ui.add(button.min_size(Vec2::splat(space::FIELD))).clicked() {
                        chosen = Some(parameter);
                    }
                });
            }
            ui.end_row();
            let mut row = |name: &str, values: &mut dyn Iterator<Item = f64>, color: Color32| {
                ui.label(small(name).color(theme.dim));
                for x in values {
                    let text = format_value(x, n_digits);
                    let text = egui::RichText::new(text).monospace().color(color);
                    at_right(ui, &mut |ui| {
                        ui.label(text.clone());
                    });
                }
                ui.end_row();
            };
            let [before, after] = &anatomy.params;
            row("before", &mut before.iter().copied(), theme.text);
            for vector in &shown.spreads {
                let mut values = (0..n).map(|parameter| value(shown, vector, parameter));
                row(&title(vector), &mut values, theme.text);
            }
            row("after", &mut after.iter().copied(), color.lerp_to_gamma(theme.text, 0.25));
        });
    });
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_never_none_nor_all() {
        assert_eq!(share(0, 1000), "0 %");
        assert_eq!(share(1, 1000), "under 1 %");
        assert_eq!(share(120, 1000), "12 %");
        assert_eq!(share(999, 1000), "over 99 %");
        assert_eq!(share(1000, 1000), "100 %");
    }

    #[test]
    fn a_spread_in_words() {
        let spread = Spread::new(&[0.0, 0.0, -1.5, 2.5]);
        let expected = "n 4 · 50 % zero\nmin −1.50 · median 0 · max 2.50";
        assert_eq!(summary(&spread), expected);
    }
}
