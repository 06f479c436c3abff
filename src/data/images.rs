//! Samples that are pictures: which columns are pixels, and how they lie.

use serde::{Deserialize, Serialize};

use super::{Cells, Column, Loaded, Prepared, Table};

/// The size of pictures whose pixels are features: pixel `(y, x)` of channel `c` is feature
/// `(y · width + x) · channels + c`, row by row from the top, each from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageShape {
    /// Rows of pixels.
    pub height: usize,
    /// Pixels in a row.
    pub width: usize,
    /// Numbers for each pixel: 1 for grey, 3 for colours.
    #[serde(default = "ImageShape::grey", skip_serializing_if = "ImageShape::is_grey")]
    pub channels: usize,
}

/// Whether the features of an experiment are the pixels of pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Images {
    /// As the data look.
    #[default]
    Auto,
    /// They are, and the pictures have this size.
    Size(ImageShape),
}

impl Images {
    /// The pictures that the features of prepared data are; `None` where they are none, or not of the
    /// size that is stated.
    pub fn shape(&self, data: &Prepared) -> Option<ImageShape> {
        match self {
            Self::Auto => data.images,
            Self::Size(shape) => {
                Some(*shape).filter(|shape| shape.n_features() == data.n_features())
            }
        }
    }
}

/// Fewest pixels of a picture that is recognized as one; tables of so many columns are common below.
const FEWEST_PIXELS: usize = 25;
/// The brightest pixel of the usual 8 bits.
const BRIGHTEST: f64 = 255.0;

impl ImageShape {
    /// Pictures of one channel.
    pub const fn new(height: usize, width: usize) -> Self {
        Self { height, width, channels: 1 }
    }

    fn grey() -> usize {
        1
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    fn is_grey(channels: &usize) -> bool {
        *channels == Self::grey()
    }

    /// Features that a picture has: `height · width · channels`.
    pub fn n_features(&self) -> usize {
        self.height.saturating_mul(self.width).saturating_mul(self.channels)
    }

    /// The shape of the pictures in loaded data whose columns, but for the target, look like pixels;
    /// see [`of_columns`](Self::of_columns).
    pub fn guess(loaded: &Loaded) -> Option<Self> {
        let columns = loaded.table.columns.iter().enumerate();
        Self::of_columns(columns.filter(|(j, _)| *j != loaded.target).map(|(_, column)| column))
    }

    /// The shape of the pictures whose pixels these features are: all of them columns of the table, in its
    /// order, that look like pixels.
    pub(super) fn of_features(table: &Table, names: &[String]) -> Option<Self> {
        let mut columns = table.columns.iter();
        let pixels = names.iter().map(|name| columns.find(|column| column.name == *name));
        Self::of_columns(pixels.collect::<Option<Vec<_>>>()?)
    }

    /// A square of as many pixels as there are columns, where these look like pixels: 25 or more of
    /// them, all numbers, none missing, either whole ones from 0 to 255 or none outside 0 to 1, and at
    /// least a quarter of the columns reach half of the largest number of all. Colours and pictures that
    /// are not square cannot be told from their columns.
    pub fn of_columns<'a>(columns: impl IntoIterator<Item = &'a Column>) -> Option<Self> {
        let columns: Vec<&Column> = columns.into_iter().collect();
        let side = columns.len().isqrt();
        if columns.len() < FEWEST_PIXELS || side * side != columns.len() {
            return None;
        }
        let mut largest = Vec::with_capacity(columns.len());
        let (mut all_whole, mut all_shares) = (true, true);
        for column in columns {
            let Cells::Numeric(values) = &column.cells else { return None };
            let mut highest = 0.0_f64;
            for value in values {
                // A missing value is in no range.
                if !(0.0..=BRIGHTEST).contains(value) {
                    return None;
                }
                all_whole &= value.floor() == *value;
                all_shares &= *value <= 1.0;
                highest = highest.max(*value);
            }
            if !all_whole && !all_shares {
                return None;
            }
            largest.push(highest);
        }
        let brightest = largest.iter().copied().fold(0.0, f64::max);
        let n_bright = largest.iter().filter(|highest| **highest >= brightest / 2.0).count();
        let is_picture = brightest > 0.0 && n_bright * 4 >= largest.len();
        is_picture.then_some(Self::new(side, side))
    }
}

impl std::fmt::Display for ImageShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} × {}", self.height, self.width)?;
        if self.channels > 1 { write!(f, " × {}", self.channels) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{BUNDLED_SETS, Source, load};

    fn columns(n: usize, value: impl Fn(usize, usize) -> f64) -> Vec<Column> {
        let column = |j: usize| Column {
            name: format!("x{j}"),
            cells: Cells::Numeric((0..10).map(|row| value(row, j)).collect()),
        };
        (0..n).map(column).collect()
    }

    #[test]
    fn of_the_bundled_sets_only_the_digits_are_pictures() {
        for set in BUNDLED_SETS {
            let source = Source::Bundled(set.name.to_owned());
            let loaded = load(&source, std::path::Path::new(".")).unwrap();
            let expected = (set.name == "digits").then_some(ImageShape::new(8, 8));
            assert_eq!(ImageShape::guess(&loaded), expected, "{}", set.name);
        }
    }

    #[test]
    fn what_is_no_picture_is_not_taken_for_one() {
        let square = |value: &dyn Fn(usize, usize) -> f64| {
            ImageShape::of_columns(&columns(36, value)).map(|shape| shape.to_string())
        };
        let grey = |row: usize, j: usize| ((row * 7 + j * 13) % 256) as f64;
        assert_eq!(square(&grey).as_deref(), Some("6 × 6"));
        assert_eq!(square(&|row, j| grey(row, j) / 255.0).as_deref(), Some("6 × 6"));
        // Negative, broken, too large, missing, of very different size.
        assert_eq!(square(&|row, j| grey(row, j) - 1.0), None);
        assert_eq!(square(&|row, j| grey(row, j) / 2.0), None);
        assert_eq!(square(&|row, j| grey(row, j) * 2.0), None);
        assert_eq!(square(&|row, j| if row == j { f64::NAN } else { grey(row, j) }), None);
        assert_eq!(square(&|row, j| if j == 3 { grey(row, j) } else { 1.0 }), None);
        assert_eq!(square(&|_, _| 0.0), None);
        // Too few, and no square.
        assert_eq!(ImageShape::of_columns(&columns(16, grey)), None);
        assert_eq!(ImageShape::of_columns(&columns(35, grey)), None);
    }

    #[test]
    fn a_shape_is_written_as_it_is_read() {
        assert_eq!(ron::to_string(&ImageShape::new(8, 9)).unwrap(), "(height:8,width:9)");
        let colours = ImageShape { channels: 3, ..ImageShape::new(8, 9) };
        assert_eq!(ron::from_str("(height: 8, width: 9, channels: 3)"), Ok(colours));
        assert_eq!((colours.to_string(), colours.n_features()), ("8 × 9 × 3".to_owned(), 216));
    }
}
