use std::sync::Arc;

use egui::{Stroke, Ui};
use egui_plot::{Line, PlotPoint, PlotPoints, Points};

use super::axes::{Axes, Bounds, Frame, empty_ui};
use super::pictures::{Background, PerData, at_hand, front, subjects, watched};
use super::{View, ViewContext};
use crate::data::{Prepared, TargetColumn};

/// Samples drawn at most.
const MOST_SAMPLES: usize = 1_500;

/// Predicted against actual values of the selected experiment. On the diagonal they are equal.
///
/// Reveals bias, outliers, and ranges where the model is blind.
#[derive(Default)]
pub(super) struct Scatter {
    axes: Axes,
    background: Background,
    samples: PerData<Watched>,
    points: Vec<PlotPoint>,
}

/// The samples watched: features and actual values in raw units.
struct Watched {
    features: Arc<Vec<f64>>,
    actual: Vec<f64>,
    bounds: [f64; 2],
    part: String,
}

impl Watched {
    fn new(data: &Prepared) -> Self {
        let (samples, part) = watched(data);
        let (shift, scale) = data.target_scaling;
        let mut bounds = [f64::INFINITY, f64::NEG_INFINITY];
        let (mut features, mut actual) = (Vec::new(), Vec::new());
        let stride = samples.n_at_hand().div_ceil(MOST_SAMPLES).max(1);
        if let TargetColumn::Numbers(targets) = &samples.targets {
            let rows = samples.features.chunks(data.n_features());
            for (row, target) in rows.zip(targets).step_by(stride) {
                let value = target * scale + shift;
                bounds = [bounds[0].min(value), bounds[1].max(value)];
                features.extend_from_slice(row);
                actual.push(value);
            }
        }
        let width = if bounds[1] > bounds[0] { bounds[1] - bounds[0] } else { 1.0 };
        let bounds = [bounds[0] - 0.08 * width, bounds[1] + 0.08 * width];
        let part = format!("{part}{}", at_hand(samples));
        Self { features: Arc::new(features), actual, bounds, part }
    }
}

impl View for Scatter {
    fn title(&self) -> String {
        "Predicted against actual".to_owned()
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let found = subjects(context.session, |data| data.class_names.is_empty());
        let Some(subject) = front(context, &found) else {
            let text = "For a numeric target, the predictions of the selected experiment appear \
                here against the actual values, live, when it runs.";
            empty_ui(ui, theme, "No predictions yet", text);
            return;
        };
        let samples = self.samples.get(subject.data, Watched::new);
        let answer = subject.ask(&mut self.background, ui.ctx(), 0, &samples.features);
        let outputs = answer.map(|answer| answer.outputs).unwrap_or_default();
        let (shift, scale) = subject.data.target_scaling;
        self.points.clear();
        if outputs.len() == samples.actual.len() {
            let pairs = samples.actual.iter().zip(outputs.iter());
            let points = pairs.map(|(actual, y)| PlotPoint::new(*actual, y * scale + shift));
            self.points.extend(points.filter(|point| point.y.is_finite()));
        }
        let [low, high] = samples.bounds;
        let whole: Bounds = [[low, high], [low, high]];
        let (x_label, y_label) = (
            format!("actual {} ({})", subject.data.target_name, samples.part),
            "predicted".to_owned(),
        );
        let frame = Frame {
            name: "Predicted against actual",
            whole,
            log: [false; 2],
            labels: [&x_label, &y_label],
            grid: true,
            theme,
        };
        let diagonal = [PlotPoint::new(low, low), PlotPoint::new(high, high)];
        let points = &self.points;
        let color = theme.run(subject.entry.color).gamma_multiply(0.75);
        self.axes.show(ui, &frame, |plot| {
            let line = Line::new("equal", PlotPoints::Owned(diagonal.to_vec()));
            let line = line.stroke(Stroke::new(1.0, theme.faint)).allow_hover(false);
            plot.line(line.style(egui_plot::LineStyle::dashed_loose()));
            let points = Points::new("samples", PlotPoints::Borrowed(points));
            plot.points(points.radius(2.4).color(color).allow_hover(false));
        });
    }
}
