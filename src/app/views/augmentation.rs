use std::sync::Arc;

use egui::{Color32, ColorImage, Rect, Sense, TextureHandle, TextureOptions, Ui, Vec2, pos2, vec2};
use egui_plot::{Line, PlotPoint, PlotPoints, Points};

use super::axes::{Axes, Bounds, Frame, empty_ui};
use super::{View, ViewContext};
use crate::analysis::AugmentedSamples;
use crate::app::theme::{Theme, small};
use crate::data::augmentation::Augment;
use crate::data::{ImageShape, Images, Prepared};
use crate::session::{DataState, Session};

/// Pictures one below the other, and draws beside each.
const N_PICTURES: usize = 8;
const N_DRAWS: usize = 9;
/// Rows of a table that are drawn as points.
const N_POINTS: usize = 300;

/// Training samples as they are, and as the first draws of the selected experiment's augmentation make
/// them: live, as its settings are dragged.
///
/// Reveals changes so strong that a sample is no longer what its target says.
#[derive(Default)]
pub(super) struct Augmentation {
    axes: Axes,
    /// For what the samples were drawn, and what came of it.
    drawn: Option<(Asked, AugmentedSamples)>,
    /// The pictures, and on what ground they were painted.
    texture: Option<TextureHandle>,
}

/// What decides how samples are drawn.
#[derive(Clone)]
struct Asked {
    data: Arc<Prepared>,
    list: Vec<Augment>,
    images: Images,
    seed: u64,
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.data, &other.data)
            && self.list == other.list
            && self.images == other.images
            && self.seed == other.seed
    }
}

/// Whether an experiment changes its samples.
pub(super) fn has_augmentation(session: &Session) -> bool {
    session.entries().iter().any(|entry| !entry.experiment.augmentation.is_empty())
}

impl View for Augmentation {
    fn title(&self) -> String {
        "Augmentation".to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let roomy = ui.available_width() > 420.0;
        if let Some(entry) = context.session.selected_entry().filter(|_| roomy) {
            ui.add(egui::Label::new(small(&entry.label).color(context.theme.dim)).truncate());
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let entry = context.session.selected_entry();
        let list = entry.map_or(&[][..], |entry| &entry.experiment.augmentation);
        let ready = entry.and_then(|entry| match &entry.data {
            DataState::Ready { prepared, .. } => Some((entry, prepared)),
            _ => None,
        });
        let Some((entry, data)) = ready.filter(|_| !list.is_empty()) else {
            let text = "Samples of the training part appear here, as they are and as the first \
                draws make them, once the selected experiment has an augmentation (Settings, \
                Data).";
            return empty_ui(ui, theme, "Samples are trained on as they are", text);
        };
        let images = entry.experiment.images;
        let problem = Augment::problems(list).into_iter().next();
        let problem = problem.or_else(|| Augment::problem_on(list, images, data));
        if let Some(problem) = problem {
            return empty_ui(ui, theme, "These samples cannot be changed so", &problem.to_string());
        }
        let seed = context.session.document().study().seeds.first().copied().unwrap_or(1);
        let asked = Asked { data: Arc::clone(data), list: list.to_vec(), images, seed };
        let shape = images.shape(data);
        let is_new = self.drawn.as_ref().is_none_or(|(known, _)| *known != asked);
        if is_new {
            let (n, draws) = if shape.is_some() { (N_PICTURES, N_DRAWS) } else { (N_POINTS, 1) };
            let samples = AugmentedSamples::new(list, images, data, seed, n, draws);
            if let Some(shape) = shape {
                let image = sheet(&samples, shape);
                let texture = ui.ctx().load_texture("augmentation", image, TextureOptions::NEAREST);
                self.texture = Some(texture);
            }
            self.drawn = Some((asked, samples));
        }
        let Some((_, samples)) = &self.drawn else { return };
        match (shape, &self.texture) {
            (Some(shape), Some(texture)) => pictures_ui(ui, theme, texture, shape, samples),
            _ => points_ui(ui, theme, &mut self.axes, data, samples),
        }
    }
}

/// All pictures on one, with a pixel between them: the samples as they are on the left, the draws
/// beside them.
fn sheet(samples: &AugmentedSamples, shape: ImageShape) -> ColorImage {
    let ImageShape { height, width, channels } = shape;
    let [sheet_width, sheet_height] = sheet_size(samples, shape);
    let originals = &samples.features[0];
    let low = originals.iter().copied().fold(f64::INFINITY, f64::min);
    let high = originals.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let scale = if high > low { 255.0 / (high - low) } else { 0.0 };
    let mut pixels = vec![Color32::TRANSPARENT; sheet_width * sheet_height];
    for (column, features) in samples.features.iter().enumerate() {
        for (line, picture) in features.chunks_exact(shape.n_features()).enumerate() {
            for (index, pixel) in picture.chunks_exact(channels).enumerate() {
                let level = |channel: usize| {
                    let value = pixel.get(channel).or(pixel.first()).copied().unwrap_or(low);
                    ((value - low) * scale).round().clamp(0.0, 255.0) as u8
                };
                let x = column * (width + 1) + index % width;
                let y = line * (height + 1) + index / width;
                let [red, green, blue] = if channels == 3 { [0, 1, 2] } else { [0; 3] };
                pixels[y * sheet_width + x] =
                    Color32::from_rgb(level(red), level(green), level(blue));
            }
        }
    }
    ColorImage::new([sheet_width, sheet_height], pixels)
}

fn sheet_size(samples: &AugmentedSamples, shape: ImageShape) -> [usize; 2] {
    [samples.features.len() * (shape.width + 1) - 1, samples.n_samples * (shape.height + 1) - 1]
}

/// Points between pictures, and beside those that are as they are.
const BETWEEN: f32 = 2.0;
const GAP: f32 = 10.0;
/// Points of a picture's longer side where there is not room for all.
const LEAST_SIDE: f32 = 56.0;

/// How large pictures are, and how many have room.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fitted {
    scale: f32,
    n_across: usize,
    n_down: usize,
}

/// All pictures as large as there is room; fewer where they would be too small to be looked at. A
/// pixel is a whole number of points, unless one picture alone is larger than the room.
fn fitted(room: Vec2, shape: ImageShape, samples: &AugmentedSamples) -> Fitted {
    let most = [samples.features.len(), samples.n_samples];
    let cell = vec2(shape.width as f32, shape.height as f32);
    let n = |scale: f32| {
        let fits =
            ((room + Vec2::splat(BETWEEN)) / (cell * scale + Vec2::splat(BETWEEN))).max(Vec2::ZERO);
        [(fits.x as usize).min(most[0]), (fits.y as usize).min(most[1])]
    };
    let longer = cell.max_elem();
    let least = (LEAST_SIDE / longer).round().max(1.0);
    let mut scale = least;
    while scale * longer < 2000.0 && n(scale + 1.0) == most {
        scale += 1.0;
    }
    while scale > 1.0 && (n(scale)[0] < 2 || n(scale)[1] < 1) {
        scale -= 1.0;
    }
    let [n_across, n_down] = n(scale);
    if n_across < 2 || n_down < 1 {
        let fit = (room / (cell * vec2(2.0, 1.0) + vec2(BETWEEN, 0.0))).min_elem();
        return Fitted { scale: fit.max(0.01), n_across: most[0].min(2), n_down: most[1].min(1) };
    }
    Fitted { scale, n_across, n_down }
}

fn pictures_ui(
    ui: &mut Ui,
    theme: &Theme,
    texture: &TextureHandle,
    shape: ImageShape,
    samples: &AugmentedSamples,
) {
    let area = ui.available_rect_before_wrap().shrink2(vec2(12.0, 8.0));
    let response = ui.allocate_rect(area, Sense::hover());
    let head = 18.0;
    let fitted = fitted(area.size() - vec2(GAP, head), shape, samples);
    let Fitted { scale, n_across, n_down } = fitted;
    let cell = vec2(shape.width as f32, shape.height as f32) * scale;
    let step = cell + Vec2::splat(BETWEEN);
    let corner = pos2(area.left(), area.top() + head);
    let whole = sheet_size(samples, shape).map(|size| size as f32);
    let painter = ui.painter();
    for column in 0..n_across {
        for line in 0..n_down {
            let gap = if column > 0 { GAP } else { 0.0 };
            let at = corner + vec2(column as f32, line as f32) * step + vec2(gap, 0.0);
            let from = pos2(
                (column * (shape.width + 1)) as f32 / whole[0],
                (line * (shape.height + 1)) as f32 / whole[1],
            );
            let size = vec2(shape.width as f32 / whole[0], shape.height as f32 / whole[1]);
            let part = Rect::from_min_size(from, size);
            painter.image(texture.id(), Rect::from_min_size(at, cell), part, Color32::WHITE);
        }
    }
    let left = Rect::from_min_size(corner, vec2(cell.x, step.y * n_down as f32));
    let right = Rect::from_min_size(
        corner + vec2(step.x + GAP, 0.0),
        step * vec2(n_across.saturating_sub(1) as f32, n_down as f32),
    );
    let font = egui::FontId::proportional(11.0);
    let caption = |x: f32, text: String| {
        let at = pos2(x, area.top());
        painter.text(at, egui::Align2::LEFT_TOP, text, font.clone(), theme.dim)
    };
    let drawn = caption(left.left(), "as it is".to_owned());
    let x = right.left().max(drawn.right() + 12.0);
    let n_steps = n_across.saturating_sub(1);
    caption(x, format!("as drawn for the first {n_steps} steps"));
    let name = format!("{n_down} pictures as they are and as augmentation makes them");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let Some(at) = response.hover_pos().filter(|at| right.contains(*at)) else { return };
    let index = ((at.x - right.left()) / step.x) as usize;
    let text = match samples.shares.get(index).copied().flatten() {
        Some(share) => format!("step {}: {share:.2} of itself, the rest of another", index + 1),
        None => format!("step {}", index + 1),
    };
    response.on_hover_text_at_pointer(text);
}

/// The first two features, or the only one and the target, before and after.
fn points_ui(
    ui: &mut Ui,
    theme: &Theme,
    axes: &mut Axes,
    data: &Prepared,
    samples: &AugmentedSamples,
) {
    let width = data.n_features();
    let with_target = width == 1 && !samples.targets[0].is_empty();
    let upward = usize::from(width > 1);
    let points = |draw: usize| -> Vec<PlotPoint> {
        let rows = samples.features[draw].chunks_exact(width.max(1)).enumerate();
        let raw = |value: f64, (shift, scale): (f64, f64)| value * scale + shift;
        rows.map(|(index, row)| {
            let y = match with_target {
                true => raw(samples.targets[draw][index], data.target_scaling),
                false => raw(row[upward], data.feature_scaling[upward]),
            };
            PlotPoint::new(raw(row[0], data.feature_scaling[0]), y)
        })
        .collect()
    };
    let [before, after] = [points(0), points(1)];
    let mut whole: Bounds = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
    for point in before.iter().chain(&after) {
        for ([low, high], value) in whole.iter_mut().zip([point.x, point.y]) {
            (*low, *high) = (low.min(value), high.max(value));
        }
    }
    for [low, high] in &mut whole {
        let margin = if *high > *low { 0.06 * (*high - *low) } else { 0.5 };
        (*low, *high) = (*low - margin, *high + margin);
    }
    let y_name = if with_target { &data.target_name } else { &data.feature_names[upward] };
    let frame = Frame {
        name: "Samples before and after augmentation",
        whole,
        log: [false; 2],
        labels: [&data.feature_names[0], y_name],
        grid: true,
        theme,
    };
    let drawn = axes.show(ui, &frame, |plot| {
        for (index, (a, b)) in before.iter().zip(&after).enumerate() {
            let way = PlotPoints::Owned(vec![*a, *b]);
            let line = Line::new(format!("way {index}"), way).width(0.8).color(theme.line);
            plot.line(line.allow_hover(false));
        }
        for (points, color, filled) in [(&before, theme.faint, false), (&after, theme.accent, true)]
        {
            let name = if filled { "after" } else { "before" };
            let points = Points::new(name, PlotPoints::Owned(points.clone()));
            plot.points(points.radius(2.4).filled(filled).color(color).allow_hover(false));
        }
    });
    let at = drawn.transform.frame().left_top() + vec2(8.0, 6.0);
    let share = samples.shares.first().copied().flatten();
    let share = share.map_or(String::new(), |share| format!(", {share:.2} of themselves"));
    let text = format!(
        "{} samples: rings as they are, dots as drawn for the first step{share}",
        samples.n_samples
    );
    let font = egui::FontId::proportional(11.0);
    ui.painter().text(at, egui::Align2::LEFT_TOP, text, font, theme.dim);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_large_and_fewer_where_there_is_little_room() {
        let samples = AugmentedSamples {
            n_samples: N_PICTURES,
            features: vec![Vec::new(); N_DRAWS + 1],
            targets: Vec::new(),
            shares: Vec::new(),
        };
        let fit = |x: f32, y: f32, side: usize| {
            let shape = ImageShape::new(side, side);
            let fitted = fitted(vec2(x, y), shape, &samples);
            (fitted.scale, fitted.n_across, fitted.n_down)
        };
        assert_eq!(fit(270.0, 220.0, 28), (2.0, 4, 3));
        assert_eq!(fit(270.0, 220.0, 8), (7.0, 4, 3));
        assert_eq!(fit(1000.0, 700.0, 8), (10.0, 10, 8));
        assert_eq!(fit(60.0, 50.0, 28), (1.0, 2, 1));
        assert_eq!(fit(30.0, 30.0, 100).1, 2);
        assert!(fit(30.0, 30.0, 100).0 < 0.2);
    }
}
