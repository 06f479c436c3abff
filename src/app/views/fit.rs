use std::sync::Arc;

use egui::{Stroke, Ui};
use egui_plot::{Line, PlotPoint, PlotPoints, Points};

use super::axes::{Axes, Bounds, Frame, empty_ui};
use super::pictures::{Background, PerData, front, subjects};
use super::{View, ViewContext};
use crate::data::{Prepared, TargetColumn};

/// Points on a fitted line.
const N_POINTS: usize = 256;
/// Samples drawn at most.
const MOST_SAMPLES: usize = 2_000;

/// The lines that all visible experiments have fitted to data with one feature, over the points.
///
/// Reveals underfitting, overfitting, and how the line gets there.
#[derive(Default)]
pub(super) struct Fit {
    axes: Axes,
    background: Background,
    points: PerData<Cloud>,
    lines: Vec<Vec<PlotPoint>>,
}

/// The samples in raw units.
struct Cloud {
    bounds: Bounds,
    /// Scaled feature at each point of the line.
    features: Arc<Vec<f64>>,
    train: Vec<PlotPoint>,
    others: Vec<PlotPoint>,
}

impl Cloud {
    fn new(data: &Prepared) -> Self {
        let ((x_shift, x_scale), (y_shift, y_scale)) =
            (data.feature_scaling[0], data.target_scaling);
        let mut cloud = Self {
            bounds: [[f64::INFINITY, f64::NEG_INFINITY]; 2],
            features: Arc::default(),
            train: Vec::new(),
            others: Vec::new(),
        };
        let parts = [&data.train, &data.validation, &data.test];
        let total: usize = parts.iter().map(|part| part.n_at_hand()).sum();
        let stride = total.div_ceil(MOST_SAMPLES).max(1);
        for part in parts {
            let TargetColumn::Numbers(targets) = &part.targets else { continue };
            for (index, (x, y)) in part.features.iter().zip(targets).enumerate() {
                let point = [x * x_scale + x_shift, y * y_scale + y_shift];
                for ([low, high], value) in cloud.bounds.iter_mut().zip(point) {
                    (*low, *high) = (low.min(value), high.max(value));
                }
                if index % stride == 0 {
                    let is_train = std::ptr::eq(part, &raw const data.train);
                    let points = if is_train { &mut cloud.train } else { &mut cloud.others };
                    points.push(point.into());
                }
            }
        }
        for edge in &mut cloud.bounds {
            let width = if edge[1] > edge[0] { edge[1] - edge[0] } else { 1.0 };
            *edge = [edge[0] - 0.06 * width, edge[1] + 0.06 * width];
        }
        let [from, to] = cloud.bounds[0];
        let xs = (0..N_POINTS).map(|index| {
            let x = from + (to - from) * index as f64 / (N_POINTS - 1) as f64;
            (x - x_shift) / x_scale
        });
        cloud.features = Arc::new(xs.collect());
        cloud
    }
}

impl View for Fit {
    fn title(&self) -> String {
        "Fitted line".to_owned()
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let found = subjects(context.session, is_line);
        let Some(subject) = front(context, &found) else {
            let text = "For a number predicted from one feature, the line of every visible \
                experiment appears here over the points, live, when it runs.";
            empty_ui(ui, theme, "No fitted line yet", text);
            return;
        };
        let cloud = self.points.get(subject.data, Cloud::new);
        let (x_shift, x_scale) = subject.data.feature_scaling[0];
        let (y_shift, y_scale) = subject.data.target_scaling;
        self.lines.clear();
        for other in &found {
            let key = other.index as u64;
            let answer = other.ask(&mut self.background, ui.ctx(), key, &cloud.features);
            let outputs = answer.map(|answer| answer.outputs).unwrap_or_default();
            let points = cloud
                .features
                .iter()
                .zip(outputs.iter())
                .map(|(x, y)| PlotPoint::new(x * x_scale + x_shift, y * y_scale + y_shift));
            self.lines.push(points.filter(|point| point.y.is_finite()).collect());
        }
        let frame = Frame {
            name: "Fitted line",
            whole: cloud.bounds,
            log: [false; 2],
            labels: [&subject.data.feature_names[0], &subject.data.target_name],
            grid: true,
            theme,
        };
        let (hovered, selected) = (context.hovered, context.session.selected());
        let lines = &self.lines;
        let cloud = &*cloud;
        let found = &found;
        let drawn = self.axes.show(ui, &frame, |plot| {
            for (points, filled, name) in
                [(&cloud.train, true, "training"), (&cloud.others, false, "others")]
            {
                let points = Points::new(name, PlotPoints::Borrowed(points));
                let points = points.radius(2.6).filled(filled).color(theme.faint);
                plot.points(points.allow_hover(false));
            }
            for (subject, points) in found.iter().zip(lines) {
                let faded = hovered.is_some_and(|hovered| hovered != subject.index);
                let strong = hovered == Some(subject.index) || selected == subject.index;
                let color = theme.run(subject.entry.color);
                let color = color.gamma_multiply(if faded { 0.3 } else { 1.0 });
                let stroke = Stroke::new(if strong { 2.6 } else { 1.8 }, color);
                let name = format!("line {}", subject.index);
                let line = Line::new(name, PlotPoints::Borrowed(points)).stroke(stroke);
                plot.line(line.allow_band(false).allow_hover(false));
            }
        });
        // The line under the pointer is highlighted everywhere.
        if let Some(at) = drawn.response.hover_pos() {
            let distance = |points: &[PlotPoint]| {
                let places = points.iter().map(|point| drawn.transform.position_from_point(point));
                places.map(|place| place.distance(at)).fold(f32::INFINITY, f32::min)
            };
            let nearest = found.iter().zip(lines).map(|(subject, line)| (distance(line), subject));
            let nearest = nearest.min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, subject)) = nearest.filter(|(distance, _)| *distance < 16.0) {
                *context.hover = Some(subject.index);
                drawn.response.on_hover_text_at_pointer(&subject.entry.label);
            }
        }
    }
}

fn is_line(data: &Prepared) -> bool {
    data.class_names.is_empty() && data.n_features() == 1
}
