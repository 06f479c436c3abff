//! Augmentation: training samples are changed a little, afresh in every step, in ways that leave
//! their targets true, so that a model does not learn them by heart. Only what is trained on is
//! changed: evaluations of whole parts see the samples as they are. Knows nothing of models.

mod augmenter;
mod movement;

pub use augmenter::Augmenter;
pub use movement::Movement;

use super::Prepared;
use super::images::{ImageShape, Images};
use crate::math::Scalar;
use crate::math::random::Stream;
use crate::settings::SettingError;

/// Most augmentations of one experiment.
pub const MOST: usize = 16;

/// What an augmentation works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It moves the pixels of a picture.
    Movement,
    /// It changes the features of one sample, whatever they are.
    Change,
    /// It mixes the samples of a batch.
    Mixing,
}

/// The rule of an augmentation: the method that belongs to its [`Kind`] does something.
pub trait Augmentation<T: Scalar>: Sync {
    /// What it works on.
    fn kind(&self) -> Kind;

    /// Draws how the picture of one sample is moved.
    fn movement(&self, _stream: &mut Stream) -> Movement {
        Movement::NONE
    }

    /// Changes the scaled features of one sample in place.
    fn change(&self, _features: &mut [T], _stream: &mut Stream) {}

    /// Draws the share that the samples of a batch keep of themselves; the rest is of others.
    fn share(&self, _stream: &mut Stream) -> f64 {
        1.0
    }
}

crate::family! {
    /// A way to change training samples with its settings.
    pub enum Augment = Augmentation<T> {
        shift::Shift,
        rotate::Rotate,
        scale::Scale,
        flip::Flip,
        noise::Noise,
        mixup::Mixup,
    }
}

impl Augment {
    /// What it works on.
    pub fn kind(&self) -> Kind {
        self.rule::<f64>().kind()
    }

    /// What is wrong with a list of augmentations, whatever the data.
    pub fn problems(list: &[Self]) -> Vec<SettingError> {
        let mut problems = Vec::new();
        if list.len() > MOST {
            let found = format!("a list of {}", list.len());
            let expected = format!("a list of at most {MOST}");
            problems.push(SettingError::new("augmentation", found, expected));
        }
        for (index, member) in list.iter().enumerate() {
            let here = format!("augmentation[{index}]");
            problems.extend(member.check().err().map(|problem| problem.within(&here)));
            if member.kind() == Kind::Mixing && index + 1 < list.len() {
                let found = format!("{} before {}", member.name(), list[index + 1].name());
                let expected = "the last of the list: samples are mixed when each is finished";
                problems.push(SettingError::new(here, found, expected));
            }
        }
        problems
    }

    /// What is wrong with a list of augmentations on these data: pixels can only be moved where there are
    /// pictures, and where all pixels are scaled alike, since a bright pixel would otherwise be out of all
    /// proportion in a place that is mostly dark.
    pub fn problem_on(list: &[Self], images: Images, data: &Prepared) -> Option<SettingError> {
        let index = list.iter().position(|member| member.kind() == Kind::Movement)?;
        let wrong = |found: &str, expected: String| {
            let found = format!("{}{found}", list[index].name());
            Some(SettingError::new(format!("augmentation[{index}]"), found, expected))
        };
        if images.shape(data).is_none() {
            let expected = format!(
                "one for any features (Noise, Mixup): the {} features of “{}” are not known to be the \
                 pixels of pictures; where they are, state images: Size(height: …, width: …)",
                data.n_features(),
                data.name
            );
            return wrong("", expected);
        }
        let first = data.feature_scaling.first()?;
        if data.feature_scaling.iter().any(|scaling| scaling != first) {
            let expected = "with pixels that are scaled alike: scaling Together or Off".to_owned();
            return wrong(" with pixels scaled one by one", expected);
        }
        None
    }

    /// The pictures that a list of augmentations moves, with the scaled value of what comes in from
    /// outside of them, which is 0 before scaling: black; `None` where nothing is moved.
    pub fn pictures(list: &[Self], images: Images, data: &Prepared) -> Option<(ImageShape, f64)> {
        let moves = list.iter().any(|member| member.kind() == Kind::Movement);
        let shape = images.shape(data).filter(|_| moves)?;
        let (shift, scale) = data.feature_scaling.first()?;
        Some((shape, (0.0 - shift) / scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each member with other settings than its defaults.
    fn unusual() -> Vec<Augment> {
        vec![
            Augment::Shift(Shift { pixels: 2.5, whole: false }),
            Augment::Rotate(Rotate { degrees: 30.0 }),
            Augment::Scale(Scale { smallest: 0.5, largest: 1.25 }),
            Augment::Flip(Flip { horizontal: 0.25, vertical: 0.75 }),
            Augment::Noise(Noise { deviation: 0.3 }),
            Augment::Mixup(Mixup { alpha: 1.5 }),
        ]
    }

    #[test]
    fn every_member_is_valid_and_is_written_as_it_is_read() {
        let names: Vec<_> = unusual().iter().map(Augment::name).collect();
        assert_eq!(names, Augment::NAMES);
        let defaults: Vec<_> = Augment::members().iter().map(|member| (member.default)()).collect();
        assert_eq!(Augment::problems(&defaults), []);
        let options = ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::UNWRAP_VARIANT_NEWTYPES);
        for list in [defaults, unusual()] {
            let text = options.to_string(&list).unwrap();
            assert_eq!(options.from_str::<Vec<Augment>>(&text).unwrap(), list, "{text}");
        }
    }

    #[test]
    fn settings_and_lists_out_of_range_are_refused() {
        let message = |list: &[Augment]| {
            let problems = Augment::problems(list);
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        let shift = |pixels, whole| Augment::Shift(Shift { pixels, whole });
        assert_eq!(
            message(&[shift(1.0, true), shift(0.5, true)]),
            "augmentation[1].pixels is 0.5; it must be 1 or more where shifts are by whole pixels"
        );
        assert_eq!(message(&[shift(0.5, false)]), "");
        let scale = Augment::Scale(Scale { smallest: 1.2, largest: 1.1 });
        assert_eq!(
            message(&[scale]),
            "augmentation[0].smallest is 1.2; it must be at most the largest factor, 1.1"
        );
        let rotate = Augment::Rotate(Rotate { degrees: 181.0 });
        assert_eq!(
            message(&[rotate]),
            "augmentation[0].degrees is 181; it must be a number above 0 to 180"
        );
        let mixup = Augment::Mixup(Mixup::default());
        assert_eq!(
            message(&[mixup.clone(), mixup]),
            "augmentation[0] is Mixup before Mixup; it must be the last of the list: samples are mixed when each is finished"
        );
        assert_eq!(
            message(&vec![shift(1.0, true); MOST + 1]),
            "augmentation is a list of 17; it must be a list of at most 16"
        );
    }
}
