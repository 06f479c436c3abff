use std::sync::Arc;

use egui::{Align2, FontId, Rect, Sense, Ui, Vec2, pos2, vec2};

use super::axes::empty_ui;
use super::pictures::{Background, PerData, at_hand, front, subjects, watched};
use super::{View, ViewContext};
use crate::analysis::Confusion;
use crate::data::{Prepared, TargetColumn};

/// How often the selected experiment takes each class for each class, on the validation part.
///
/// Reveals which classes are confused with which.
#[derive(Default)]
pub(super) struct ConfusionMatrix {
    background: Background,
    samples: PerData<Watched>,
    counted: Option<(Arc<Vec<f64>>, Confusion)>,
}

struct Watched {
    features: Arc<Vec<f64>>,
    classes: Vec<u32>,
    /// The part, and which of its samples.
    part: [String; 2],
}

impl Watched {
    fn new(data: &Prepared) -> Self {
        let (samples, part) = watched(data);
        // Of samples in a file, those at hand.
        let n_samples = samples.n_at_hand();
        let classes = match &samples.targets {
            TargetColumn::Classes(classes) => classes[..n_samples].to_vec(),
            TargetColumn::Numbers(_) => Vec::new(),
        };
        let features = samples.features[..n_samples * data.n_features()].to_vec();
        let part = [part.to_owned(), at_hand(samples)];
        Self { features: Arc::new(features), classes, part }
    }
}

impl View for ConfusionMatrix {
    fn title(&self) -> String {
        "Confusion matrix".to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let found = subjects(context.session, |data| !data.class_names.is_empty());
        if let Some(subject) = front(context, &found) {
            subject.name_ui(ui, context.theme);
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let found = subjects(context.session, |data| !data.class_names.is_empty());
        let Some(subject) = front(context, &found) else {
            let text = "For classes, how often each is taken for each appears here, live, when \
                the selected experiment runs.";
            empty_ui(ui, theme, "No confusion matrix yet", text);
            return;
        };
        let samples = self.samples.get(subject.data, Watched::new);
        let names = &subject.data.class_names;
        let answer = subject.ask(&mut self.background, ui.ctx(), 0, &samples.features);
        let Some(answer) =
            answer.filter(|answer| Arc::ptr_eq(&answer.job.features, &samples.features))
        else {
            empty_ui(ui, theme, "Waiting for the first predictions", "They take a moment.");
            return;
        };
        let known =
            self.counted.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, &answer.outputs));
        if !known {
            let confusion = Confusion::new(&answer.outputs, &samples.classes, names.len());
            self.counted = Some((Arc::clone(&answer.outputs), confusion));
        }
        if let Some((_, confusion)) = &self.counted {
            matrix_ui(ui, context, confusion, names, &samples.part, subject.entry.color);
        }
    }
}

fn matrix_ui(
    ui: &mut Ui,
    context: &ViewContext<'_>,
    confusion: &Confusion,
    names: &[String],
    [part, which]: &[String; 2],
    color: [u8; 3],
) {
    let theme = context.theme;
    let n = confusion.n_classes;
    if n == 0 {
        return;
    }
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let painter = ui.painter().with_clip_rect(rect);
    let font = FontId::proportional(11.0);
    let longest = names
        .iter()
        .map(|name| painter.layout_no_wrap(name.clone(), font.clone(), theme.dim).size().x);
    let left = longest.fold(0.0, f32::max).clamp(16.0, 110.0) + 34.0;
    let room = rect.size() - vec2(left + 12.0, 58.0);
    let cell = (room.x / n as f32).min(room.y / n as f32).clamp(4.0, 64.0);
    let side = Vec2::splat(cell * n as f32);
    let spare = (room - side).max(Vec2::ZERO);
    let corner = rect.min + vec2(left + 0.5 * spare.x, 26.0 + 0.5 * spare.y.min(80.0));
    let tint = theme.run(color);
    let lightness = egui::Rgba::from(tint).intensity();
    let on_tint = if lightness > 0.25 { egui::Color32::BLACK } else { egui::Color32::WHITE };
    for actual in 0..n {
        let sum = confusion.row_sum(actual).max(1);
        for predicted in 0..n {
            let count = confusion.count(actual, predicted);
            let at = corner + vec2(predicted as f32, actual as f32) * cell;
            let area = Rect::from_min_size(at, Vec2::splat(cell)).shrink(0.75);
            let share = count as f32 / sum as f32;
            let fill = theme.field.lerp_to_gamma(tint, 0.85 * share);
            painter.rect_filled(area, 2, fill);
            if count > 0 && cell >= 16.0 {
                let text = if share > 0.6 { on_tint } else { theme.text };
                let size = if cell >= 26.0 { 12.0 } else { 9.5 };
                painter.text(
                    area.center(),
                    Align2::CENTER_CENTER,
                    count.to_string(),
                    FontId::proportional(size),
                    text,
                );
            }
        }
    }
    let fitted = |text: &str, width: f32| {
        let mut job =
            egui::text::LayoutJob::simple_singleline(text.to_owned(), font.clone(), theme.dim);
        job.wrap = egui::text::TextWrapping::truncate_at_width(width);
        painter.layout_job(job)
    };
    for (class, name) in names.iter().enumerate() {
        let middle = (class as f32 + 0.5) * cell;
        if cell >= 10.0 {
            let galley = fitted(name, 110.0);
            let at =
                pos2(corner.x - 6.0 - galley.size().x, corner.y + middle - 0.5 * galley.size().y);
            painter.galley(at, galley, theme.dim);
            let galley = fitted(name, cell - 2.0);
            // A lone ellipsis says nothing; the pointer tells the name.
            if galley.elided && cell < 24.0 {
                continue;
            }
            let at = pos2(corner.x + middle - 0.5 * galley.size().x, corner.y + side.y + 4.0);
            painter.galley(at, galley, theme.dim);
        }
    }
    let (all, right) = confusion.totals();
    let heading =
        |text: String| painter.layout_no_wrap(text, FontId::proportional(12.0), theme.text);
    let mut galley = heading(format!("{right} of {all} right on the {part} part{which}"));
    if galley.size().x > rect.width() - 16.0 {
        galley = heading(format!("{right} of {all} right"));
    }
    let left = corner.x.min(rect.right() - 8.0 - galley.size().x).max(rect.left() + 8.0);
    painter.galley(pos2(left, corner.y - 8.0 - galley.size().y), galley, theme.text);
    let below = pos2(corner.x + 0.5 * side.x, corner.y + side.y + 20.0);
    painter.text(below, Align2::CENTER_TOP, "predicted class", font.clone(), theme.faint);
    let galley = painter.layout_no_wrap("actual class".to_owned(), font, theme.faint);
    let at = pos2(rect.left() + 6.0 + 0.5 * spare.x, corner.y + 0.5 * (side.y + galley.size().x));
    let turned = egui::epaint::TextShape::new(at, galley, theme.faint);
    painter.add(turned.with_angle(-std::f32::consts::FRAC_PI_2));
    if let Some(at) = response.hover_pos() {
        let place = (at - corner) / cell;
        let inside = |x: f32| (0.0..n as f32).contains(&x);
        if inside(place.x) && inside(place.y) {
            let (actual, predicted) = (place.y as usize, place.x as usize);
            let count = confusion.count(actual, predicted);
            let sum = confusion.row_sum(actual);
            let share = 100.0 * f64::from(count) / f64::from(sum.max(1));
            response.on_hover_text_at_pointer(format!(
                "{count} of {sum} samples of {} taken for {} ({share:.1} %)",
                names[actual], names[predicted],
            ));
        }
    }
}
