//! Which metrics there are to choose from, and their words.

use egui::Ui;

use crate::record::{Metric, Part};
use crate::session::Session;

/// A menu that looks like plain text, for the headers of views.
pub(super) fn menu(ui: &mut Ui, title: String, add: impl FnOnce(&mut Ui)) {
    let text = crate::app::theme::small(title);
    egui::containers::menu::MenuButton::from_button(egui::Button::new(text).frame(false)).ui(
        ui,
        |ui| {
            ui.set_min_width(140.0);
            add(ui);
        },
    );
}

/// Every metric of every part that some visible run has recorded.
pub(super) fn recorded(session: &Session) -> Vec<(Part, Metric)> {
    let mut found = Vec::new();
    let visible = session.entries().iter().filter(|entry| entry.visible);
    for run in visible.flat_map(|entry| &entry.runs) {
        for part in [Part::Validation, Part::Train, Part::Batch] {
            let track = run.history().track(part);
            for metric in track.metrics.iter().filter(|_| !track.is_empty()) {
                if !found.contains(&(part, *metric)) {
                    found.push((part, *metric));
                }
            }
        }
    }
    found
}

/// The words for a metric of a part: `Validation loss`.
pub(super) fn quantity_name(part: Part, metric: Metric) -> String {
    let metric = match metric {
        Metric::Loss => "loss",
        Metric::Penalty => "penalty",
        Metric::Accuracy => "accuracy",
        Metric::R2 => "R²",
        Metric::GradientNorm => return "Gradient norm".to_owned(),
        Metric::UpdateNorm => return "Update norm".to_owned(),
        Metric::LearningRate => return "Learning rate".to_owned(),
        Metric::ClippedShare => return "Share of clipped steps".to_owned(),
        Metric::Start => return "Start".to_owned(),
        Metric::AveragedLoss => "loss, averaged weights",
        Metric::AveragedAccuracy => "accuracy, averaged weights",
        Metric::AveragedR2 => "R², averaged weights",
        Metric::Coordinate(index) => return format!("Coordinate {}", index + 1),
    };
    match part {
        Part::Batch => format!("Batch {metric}"),
        Part::Train => format!("Training {metric}"),
        Part::Validation => format!("Validation {metric}"),
    }
}

/// The same words with a small first letter, for the middle of a sentence.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_names_a_person_knows() {
        assert_eq!(quantity_name(Part::Validation, Metric::Loss), "Validation loss");
        assert_eq!(quantity_name(Part::Batch, Metric::GradientNorm), "Gradient norm");
        assert_eq!(lower_first("Training R²"), "training R²");
    }
}
