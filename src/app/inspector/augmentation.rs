//! How training samples are changed: the list, the size of pictures, and what it asks of the scaling.

use egui::Ui;

use super::list::{ListForm, list_form};
use super::row::{RowLabel, optional_row};
use crate::app::theme::Theme;
use crate::app::widgets::{link, note};
use crate::data::augmentation::Kind;
use crate::data::{Augment, ImageShape, Images, Prepared, Scaling};
use crate::experiment::Experiment;

/// Draws the form; `data` are those of the experiment, where they are read.
pub(super) fn augmentation_form(
    ui: &mut Ui,
    theme: &Theme,
    now: &mut Experiment,
    base: &Experiment,
    data: Option<&Prepared>,
) {
    let has = |list: &[Augment], kind: Kind| list.iter().any(|member| member.kind() == kind);
    let shape = data.and_then(|data| now.images.shape(data));
    let suitable: Vec<_> = Augment::members()
        .into_iter()
        .filter(|member| match (member.default)().kind() {
            Kind::Movement => data.is_none() || shape.is_some(),
            Kind::Mixing => !has(&now.augmentation, Kind::Mixing),
            Kind::Change => true,
        })
        .map(|member| member.name)
        .collect();
    let form = ListForm {
        noun: "augmentation",
        suitable: Some(&suitable),
        unsuitable: "Pixels are moved where the features are those of pictures, and samples mixed once",
    };
    list_form(ui, theme, form, &mut now.augmentation, &base.augmentation);
    // Samples are mixed when each is finished.
    now.augmentation.sort_by_key(|member| member.kind() == Kind::Mixing);
    let help = "Height × width of the pictures whose pixels the features are, such as 28 × 28; of coloured ones 32 × 32 × 3, the colours of a pixel side by side. Empty: as the data look.";
    let label = RowLabel::plain("Picture size", help).differing(now.images != base.images);
    let hint = match data.and_then(|data| data.images) {
        Some(guess) => guess.to_string(),
        None => "no pictures".to_owned(),
    };
    let shown = match now.images {
        Images::Auto => String::new(),
        Images::Size(shape) => shape.to_string(),
    };
    let n_features = data.map(Prepared::n_features);
    let change = optional_row(ui, theme, label, &shown, &hint, |text| read_size(text, n_features));
    now.images = change.value(|| base.images).unwrap_or(now.images);
    let is_alike = matches!(now.scaling, Scaling::Together | Scaling::Off);
    if has(&now.augmentation, Kind::Movement) && !is_alike {
        note(ui, theme, "Pixels that are moved have to be scaled alike.");
        if link(ui, theme, "Scale all pixels together").clicked() {
            now.scaling = Scaling::Together;
        }
    }
}

/// `28x28`, `32 × 32 × 3`, or nothing.
fn read_size(text: &str, n_features: Option<usize>) -> Result<Images, String> {
    if text.trim().is_empty() {
        return Ok(Images::Auto);
    }
    let parts = text.split(['x', '×', 'X', '*', ',']).map(|part| part.trim().parse::<usize>());
    let parts: Vec<usize> = parts.collect::<Result<_, _>>().unwrap_or_default();
    let shape = match parts[..] {
        [height, width] => ImageShape::new(height, width),
        [height, width, channels] => ImageShape { height, width, channels },
        _ => return Err("Must be a height × a width, such as 28 × 28".to_owned()),
    };
    match n_features {
        Some(n) if n != shape.n_features() => {
            Err(format!("{} numbers, but there are {n} features", shape.n_features()))
        }
        _ if shape.n_features() == 0 => Err("Must be 1 or more".to_owned()),
        _ => Ok(Images::Size(shape)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_type_them() {
        let size = |height, width| Ok(Images::Size(ImageShape::new(height, width)));
        assert_eq!(read_size("28x28", None), size(28, 28));
        assert_eq!(read_size(" 4 × 16 ", Some(64)), size(4, 16));
        assert_eq!(read_size("", Some(64)), Ok(Images::Auto));
        let colours = Images::Size(ImageShape { channels: 3, ..ImageShape::new(2, 2) });
        assert_eq!(read_size("2,2,3", None), Ok(colours));
        assert!(read_size("8 × 9", Some(64)).is_err());
        assert!(read_size("8", None).is_err() && read_size("0x8", None).is_err());
    }
}
