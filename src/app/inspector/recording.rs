//! How often a run is evaluated and recorded.

use egui::Ui;

use super::row::{Change, RowLabel, checked_field, choice_row, read_number, row};
use crate::app::theme::Theme;
use crate::experiment::{Cadence, Experiment};

/// The rows of both cadences.
pub(super) fn recording_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &mut Experiment,
    base: &Experiment,
    on_surface: bool,
) {
    if !on_surface {
        let help = "How often the model is evaluated on the whole training and validation part. It costs time, but never changes the training.";
        let change =
            cadence_rows(ui, theme, "Evaluate", help, now.evaluate_every, base.evaluate_every);
        now.evaluate_every = change.unwrap_or(now.evaluate_every);
    }
    let help = "How often a step's loss, norms and learning rate are recorded.";
    let change = cadence_rows(ui, theme, "Record", help, now.record_every, base.record_every);
    now.record_every = change.unwrap_or(now.record_every);
}

fn cadence_rows(
    ui: &mut Ui,
    theme: &Theme,
    name: &str,
    help: &str,
    now: Cadence,
    base: Cadence,
) -> Option<Cadence> {
    let unit = |cadence: Cadence| match cadence {
        Cadence::Auto => "as suits",
        Cadence::Steps(_) => "steps",
        Cadence::Epochs(_) => "epochs",
    };
    let label = RowLabel::plain(name, help).differing(now != base);
    let options = [
        ("as suits", "As suits the plots"),
        ("steps", "Every … steps"),
        ("epochs", "Every … epochs"),
    ];
    let mut changed = match choice_row(ui, theme, label, &unit(now), &options) {
        Change::None => None,
        Change::PutBack => Some(base),
        Change::Set("steps") => Some(Cadence::Steps(10)),
        Change::Set("epochs") => Some(Cadence::Epochs(1.0)),
        Change::Set(_) => Some(Cadence::Auto),
    };
    let shown = match now {
        Cadence::Auto => return changed,
        Cadence::Steps(steps) => steps.to_string(),
        Cadence::Epochs(epochs) => epochs.to_string(),
    };
    let text = format!("{name} every");
    let label = RowLabel::plain(&text, help);
    let typed = row(ui, theme, label, |ui, id| {
        let width = (ui.available_width() - 54.0).max(48.0);
        let field = checked_field(ui, theme, id, width, &shown, "", |text| read(now, text));
        ui.label(egui::RichText::new(unit(now)).color(theme.dim));
        field
    });
    if let Change::Set(cadence) = typed {
        changed = Some(cadence);
    }
    changed
}

/// A number as typed, in the unit that is chosen.
fn read(now: Cadence, text: &str) -> Result<Cadence, String> {
    match now {
        Cadence::Epochs(_) => read_number(text)
            .filter(|epochs| epochs.is_finite() && *epochs > 0.0)
            .map(Cadence::Epochs)
            .ok_or_else(|| "Must be a finite number above 0".to_owned()),
        _ => (text.trim().parse().ok())
            .filter(|steps| *steps > 0)
            .map(Cadence::Steps)
            .ok_or_else(|| "Must be a whole number of 1 or more".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cadence_is_a_number_above_zero_in_its_own_unit() {
        assert_eq!(read(Cadence::Steps(1), " 25 "), Ok(Cadence::Steps(25)));
        assert_eq!(read(Cadence::Epochs(1.0), "0.5"), Ok(Cadence::Epochs(0.5)));
        assert!(read(Cadence::Steps(1), "0").is_err());
        assert!(read(Cadence::Steps(1), "0.5").is_err());
        assert!(read(Cadence::Epochs(1.0), "0").is_err());
        assert!(read(Cadence::Epochs(1.0), "1/0").is_err());
    }
}
