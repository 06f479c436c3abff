//! One shift and scale for all features.

use super::Prepared;

/// Scales features, which are as they were read, to the range from 0 to 1 of all of them together, as
/// the training part has it. Where all values are equal they are only shifted.
pub(super) fn scale_together(data: &mut Prepared) {
    let values = &data.train.features;
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = high - low;
    if !width.is_finite() {
        return;
    }
    let scaling = (low, if width > 0.0 { width } else { 1.0 });
    for part in [&mut data.train, &mut data.validation, &mut data.test] {
        for value in &mut part.features {
            *value = (*value - scaling.0) / scaling.1;
        }
    }
    data.feature_scaling.fill(scaling);
}

#[cfg(test)]
mod tests {
    use crate::data::{Scaling, Source, Split, load, prepare};

    #[test]
    fn all_pixels_have_the_same_shift_and_scale() {
        let source = Source::Bundled("digits".to_owned());
        let loaded = load(&source, std::path::Path::new(".")).unwrap();
        let data = |scaling| prepare(&loaded, &source, &Split::default(), scaling, 1).unwrap();
        let (raw, together) = (data(Scaling::Off), data(Scaling::Together));
        assert_eq!(together.feature_scaling, vec![(0.0, 16.0); 64]);
        for (part, raw) in [(&together.train, &raw.train), (&together.test, &raw.test)] {
            let scaled: Vec<f64> = raw.features.iter().map(|value| value / 16.0).collect();
            assert_eq!(part.features, scaled);
        }
    }

    /// A numeric target is a column of its own.
    #[test]
    fn a_target_is_scaled_by_its_own_range() {
        let source = Source::Bundled("penguins".to_owned());
        let loaded = load(&source, std::path::Path::new(".")).unwrap();
        let data = |scaling| prepare(&loaded, &source, &Split::default(), scaling, 1).unwrap();
        let (alone, together) = (data(Scaling::MinMax), data(Scaling::Together));
        assert_eq!(together.target_scaling, alone.target_scaling);
        assert!(together.train.features.iter().all(|value| (0.0..=1.0).contains(value)));
    }
}
