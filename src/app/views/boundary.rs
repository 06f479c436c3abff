use std::sync::Arc;

use egui::{Color32, ColorImage, TextureHandle, TextureOptions, Ui};
use egui_plot::{MarkerShape, PlotImage, PlotPoint, PlotPoints, Points};

use super::axes::{Axes, Bounds, Frame, empty_ui};
use super::pictures::{Background, PerData, class_color, front, subjects};
use super::subject::legend_ui;
use super::{View, ViewContext};
use crate::analysis::Grid;
use crate::app::theme::Theme;
use crate::data::{Prepared, Samples, TargetColumn};
use crate::losses::quality::predicted_class;
use crate::math::elementary::double::exp;

/// Cells along each side of the picture.
const SIDE: usize = 120;
/// Samples drawn at most.
const MOST_SAMPLES: usize = 2_000;

/// The class that the selected experiment predicts at every point of the plane, live, with the
/// samples. The fainter, the less sure.
///
/// Reveals which shapes a model can learn, and when it has learned the noise.
#[derive(Default)]
pub(super) struct Boundary {
    axes: Axes,
    background: Background,
    plane: PerData<Plane>,
    texture: Option<TextureHandle>,
    painted: Option<(Arc<Vec<f64>>, bool)>,
}

/// The plane of two features with its samples, in raw units.
struct Plane {
    bounds: Bounds,
    /// Scaled features of every cell.
    cells: Arc<Vec<f64>>,
    /// For each class its training samples, and the others.
    samples: Vec<[Vec<PlotPoint>; 2]>,
    n_left_out: usize,
}

impl Plane {
    fn new(data: &Prepared) -> Self {
        let raw = |row: &[f64]| {
            [0, 1].map(|axis| {
                let (shift, scale) = data.feature_scaling[axis];
                row[axis] * scale + shift
            })
        };
        let parts: [&Samples; 3] = [&data.train, &data.validation, &data.test];
        let total: usize = parts.iter().map(|part| part.n_at_hand()).sum();
        let stride = total.div_ceil(MOST_SAMPLES).max(1);
        let mut bounds: Bounds = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
        let mut samples = vec![[Vec::new(), Vec::new()]; data.class_names.len()];
        let mut n_drawn = 0;
        for (part, others) in parts.into_iter().zip([0, 1, 1]) {
            let TargetColumn::Classes(classes) = &part.targets else { continue };
            for (index, (row, class)) in part.features.chunks(2).zip(classes).enumerate() {
                let point = raw(row);
                for axis in 0..2 {
                    bounds[axis][0] = bounds[axis][0].min(point[axis]);
                    bounds[axis][1] = bounds[axis][1].max(point[axis]);
                }
                if index % stride == 0
                    && let Some(place) = samples.get_mut(*class as usize)
                {
                    place[others].push(PlotPoint::from(point));
                    n_drawn += 1;
                }
            }
        }
        for edge in &mut bounds {
            let width = if edge[1] > edge[0] { edge[1] - edge[0] } else { 1.0 };
            *edge = [edge[0] - 0.12 * width, edge[1] + 0.12 * width];
        }
        let mut cells = Vec::with_capacity(2 * SIDE * SIDE);
        for point in Grid::points([SIDE, SIDE], bounds) {
            for (value, (shift, scale)) in point.iter().zip(&data.feature_scaling) {
                cells.push((value - shift) / scale);
            }
        }
        Self { bounds, cells: Arc::new(cells), samples, n_left_out: total - n_drawn }
    }
}

/// The picture of a model's outputs over the plane: the tint of the predicted class, stronger
/// where it is surer.
fn paint(outputs: &[f64], n_outputs: usize, theme: &Theme) -> ColorImage {
    let pixels = outputs
        .chunks(n_outputs)
        .map(|row| {
            let class = predicted_class(row) as usize;
            let sureness = match row {
                [logit] => 1.0 / (1.0 + exp(-logit.abs())),
                _ => 1.0 / row.iter().map(|logit| exp(logit - row[class])).sum::<f64>(),
            };
            let least = 1.0 / n_outputs.max(2) as f64;
            let share = ((sureness - least) / (1.0 - least)).clamp(0.0, 1.0) as f32;
            theme.plot.lerp_to_gamma(class_color(theme, class), 0.06 + 0.30 * share)
        })
        .collect::<Vec<Color32>>();
    ColorImage::new([SIDE, SIDE], pixels)
}

impl View for Boundary {
    fn title(&self) -> String {
        "Decision boundary".to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let found = subjects(context.session, is_plane);
        if let Some(subject) = front(context, &found) {
            subject.name_ui(ui, context.theme);
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let found = subjects(context.session, is_plane);
        let Some(subject) = front(context, &found) else {
            let text = "For classes in a plane (two features), the regions of the selected \
                experiment appear here, live, when it runs.";
            empty_ui(ui, theme, "No decision boundary yet", text);
            return;
        };
        let plane = self.plane.get(subject.data, Plane::new);
        let answer = subject.ask(&mut self.background, ui.ctx(), 0, &plane.cells);
        let n_outputs = subject.run.plan().n_outputs;
        let answer = answer
            .filter(|answer| answer.outputs.len() == n_outputs * SIDE * SIDE)
            .filter(|answer| Arc::ptr_eq(&answer.job.features, &plane.cells));
        if answer.is_none() {
            (self.texture, self.painted) = (None, None);
        }
        if let Some(answer) = answer {
            let fresh = self.painted.as_ref().is_none_or(|(outputs, dark)| {
                !Arc::ptr_eq(outputs, &answer.outputs) || *dark != theme.dark
            });
            if fresh {
                let image = paint(&answer.outputs, n_outputs, theme);
                let options = TextureOptions::LINEAR;
                match &mut self.texture {
                    Some(texture) => texture.set(image, options),
                    None => {
                        self.texture = Some(ui.ctx().load_texture("boundary", image, options));
                    }
                }
                self.painted = Some((answer.outputs, theme.dark));
            }
        }
        let frame = Frame {
            name: "Decision boundary",
            whole: plane.bounds,
            log: [false; 2],
            labels: [&subject.data.feature_names[0], &subject.data.feature_names[1]],
            grid: false,
            theme,
        };
        let [[x0, x1], [y0, y1]] = plane.bounds;
        let texture = self.texture.as_ref().map(TextureHandle::id);
        let samples = &plane.samples;
        let drawn = self.axes.show(ui, &frame, |plot| {
            if let Some(texture) = texture {
                let center = PlotPoint::new(0.5 * (x0 + x1), 0.5 * (y0 + y1));
                let size = [(x1 - x0) as f32, (y1 - y0) as f32];
                let image = PlotImage::new("regions", texture, center, size);
                plot.image(image.allow_hover(false));
            }
            for (class, [train, others]) in samples.iter().enumerate() {
                let color = class_color(theme, class);
                for (points, filled, name) in [(train, true, "train"), (others, false, "other")] {
                    let series = PlotPoints::Borrowed(points);
                    let points = Points::new(format!("{name} {class}"), series)
                        .shape(MarkerShape::Circle)
                        .filled(filled)
                        .radius(if filled { 2.6 } else { 3.0 })
                        .color(color)
                        .allow_hover(false);
                    plot.points(points);
                }
            }
        });
        let lines = legend(theme, &subject.data.class_names, plane.n_left_out);
        legend_ui(ui, theme, *drawn.transform.frame(), &lines);
    }
}

/// Names and colours of the classes.
fn legend(theme: &Theme, names: &[String], n_left_out: usize) -> Vec<(Option<Color32>, String)> {
    let mut lines: Vec<(Option<Color32>, String)> = names
        .iter()
        .take(9)
        .enumerate()
        .map(|(class, name)| (Some(class_color(theme, class)), name.clone()))
        .collect();
    lines.push((None, "filled: training".to_owned()));
    if n_left_out > 0 {
        lines.push((None, format!("{n_left_out} samples not drawn")));
    }
    lines
}

fn is_plane(data: &Prepared) -> bool {
    !data.class_names.is_empty() && data.n_features() == 2
}
