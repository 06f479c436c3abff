use super::members::LazyMembers;
use crate::data::{Cells, Column, ImageShape, Table};

/// Columns taken for the pixels of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Pixels {
    /// The columns, in the order of the pixels.
    pub columns: Vec<usize>,
    /// The shape that they look like; `None` where they do not look like images.
    pub guess: Option<ImageShape>,
    /// The smallest and the largest value of all.
    pub range: [f64; 2],
}

impl Pixels {
    /// Of these columns of a table, which are numeric.
    pub fn of(table: &Table, columns: Vec<usize>) -> Self {
        let of_table = || columns.iter().filter_map(|column| table.columns.get(*column));
        let guess = ImageShape::of_columns(of_table());
        let values = of_table().filter_map(numbers).flatten().filter(|x| x.is_finite());
        let [low, high] = values
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(*x), high.max(*x)]);
        let range = if low <= high { [low, high] } else { [0.0, 1.0] };
        Self { columns, guess, range }
    }

    /// The shape of this height and width, with as many channels as the columns make of it.
    pub fn shaped(&self, height: usize, width: usize) -> Option<ImageShape> {
        let of_channels = |channels| ImageShape { height, width, channels };
        [1, 3].map(of_channels).into_iter().find(|shape| shape.n_features() == self.columns.len())
    }

    /// The height and width of which the height is at most the width and they differ least.
    pub fn most_square(&self) -> [usize; 2] {
        let n = self.columns.len().max(1);
        let height = (1..=n.isqrt()).rev().find(|height| n.is_multiple_of(*height)).unwrap_or(1);
        [height, n / height]
    }

    /// The brightness of every pixel of a row's image from 0 to 255, `[height × width × channels]`;
    /// a missing one is 0.
    pub fn image<'a>(&'a self, table: &'a Table, row: usize) -> impl Iterator<Item = u8> + 'a {
        self.columns.iter().map(move |column| {
            let values = table.columns.get(*column).and_then(numbers);
            let value = values.and_then(|values| values.get(row)).copied();
            self.brightness(value.unwrap_or(self.range[0]))
        })
    }

    /// The brightness of a value from 0 to 255; a missing one is 0.
    pub fn brightness(&self, value: f64) -> u8 {
        let [low, high] = self.range;
        let scale = if high > low { 255.0 / (high - low) } else { 0.0 };
        // NaN becomes 0 in this conversion.
        ((value - low) * scale).round() as u8
    }
}

fn numbers(column: &Column) -> Option<&Vec<f64>> {
    match &column.cells {
        Cells::Numeric(values) => Some(values),
        Cells::Nominal { .. } => None,
    }
}

/// The rows of some parts and of one class, in the order of the table. `parts` says for each part,
/// and for rows in none, whether it is wanted.
pub fn rows_of(members: &LazyMembers, parts: [bool; 4], class: Option<u32>) -> Vec<u32> {
    let members = members.get();
    let is_wanted = |row: &usize| {
        let part = parts[usize::from(members.parts[*row]).min(3)];
        part && class.is_none_or(|class| members.class(*row) == Some(class))
    };
    (0..members.parts.len()).filter(is_wanted).map(|row| row as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(columns: &[&[f64]]) -> Table {
        let column = |values: &&[f64]| Column {
            name: String::new(),
            cells: Cells::Numeric(values.to_vec()),
        };
        Table { columns: columns.iter().map(column).collect() }
    }

    #[test]
    fn pixels_span_black_to_white() {
        let table = table(&[&[2.0, 6.0], &[10.0, f64::NAN], &[7.0, 3.0]]);
        let pixels = Pixels::of(&table, vec![0, 1]);
        assert_eq!((pixels.range, pixels.guess), ([2.0, 10.0], None));
        assert_eq!(pixels.image(&table, 0).collect::<Vec<_>>(), [0, 255]);
        assert_eq!(pixels.image(&table, 1).collect::<Vec<_>>(), [128, 0]);
    }

    #[test]
    fn shapes_fit_the_number_of_columns() {
        let of = |n: usize| Pixels { columns: (0..n).collect(), guess: None, range: [0.0, 1.0] };
        assert_eq!(of(64).shaped(8, 8), Some(ImageShape::new(8, 8)));
        assert_eq!(of(64).shaped(8, 9), None);
        assert_eq!(of(192).shaped(8, 8).map(|shape| shape.channels), Some(3));
        assert_eq!(of(784).most_square(), [28, 28]);
        assert_eq!(of(30).most_square(), [5, 6]);
        assert_eq!(of(13).most_square(), [1, 13]);
    }
}
