use std::sync::Arc;

use egui::{Color32, ColorImage, Rect, Sense, TextureHandle, TextureOptions, Ui, pos2, vec2};
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
    let [sheet_width, sheet_height] = sheet_size(samples, shape).map(|size| size as f32);
    // As they are, a gap, the draws.
    let gap = 10.0;
    let scale = ((area.width() - gap) / sheet_width).min((area.height() - head) / sheet_height);
    let scale = if scale >= 1.0 { scale.floor() } else { scale.max(0.0) };
    let first = shape.width as f32 * scale;
    let top = area.top() + head;
    let height = sheet_height * scale;
    let left = Rect::from_min_size(pos2(area.left(), top), vec2(first, height));
    let rest = (sheet_width - shape.width as f32 - 1.0) * scale;
    let right = Rect::from_min_size(pos2(left.right() + gap, top), vec2(rest, height));
    let split = shape.width as f32 / sheet_width;
    let begin = (shape.width as f32 + 1.0) / sheet_width;
    let painter = ui.painter();
    let part = |from: f32, to: f32| Rect::from_min_max(pos2(from, 0.0), pos2(to, 1.0));
    painter.image(texture.id(), left, part(0.0, split), Color32::WHITE);
    painter.image(texture.id(), right, part(begin, 1.0), Color32::WHITE);
    let font = egui::FontId::proportional(11.0);
    let caption = |x: f32, text: String| {
        let at = pos2(x, area.top());
        painter.text(at, egui::Align2::LEFT_TOP, text, font.clone(), theme.dim)
    };
    let drawn = caption(left.left(), "as it is".to_owned());
    let x = right.left().max(drawn.right() + 12.0);
    caption(x, format!("as drawn for the first {} steps", samples.shares.len()));
    let name = format!("{} pictures as they are and as augmentation makes them", samples.n_samples);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let Some(at) = response.hover_pos().filter(|at| right.contains(*at)) else { return };
    let index = ((at.x - right.left()) / (scale * (shape.width as f32 + 1.0))) as usize;
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
