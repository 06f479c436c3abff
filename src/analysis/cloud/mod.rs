//! Rows of a table as points in a plane, coloured by class, level or value; where they are too many,
//! as their density.

mod density;
mod rows;

use std::sync::Arc;

pub use density::Density;
pub use rows::level_order;

use self::rows::{Reader, Tints};
use super::latest::Same;
use super::members::{LazyMembers, PARTS};
use crate::data::prepare::Loaded;
use crate::math::elementary::double::ln;

/// Rows up to which each is a point of its own; more make a picture of their density.
pub const MOST_DOTS: usize = 20_000;
/// How much of the width stays free at either side.
const MARGIN: f64 = 0.04;

/// What a row's place along an axis is.
#[derive(Clone, Debug, PartialEq)]
pub enum Coordinate {
    /// The value in a column; of a name its place in the alphabet, and a little beside it.
    Column(usize),
    /// Some number of each row, such as its score on a component.
    Values(Same<Vec<f32>>),
}

/// What a row's colour is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// The same for all.
    Plain,
    /// That of its class.
    Class,
    /// That of its value or level in a column.
    Column(usize),
}

/// Which rows are to be seen, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct CloudQuestion {
    /// The table.
    pub loaded: Same<Loaded>,
    /// To which part and class its rows belong.
    pub members: Same<LazyMembers>,
    /// What stands along x and y.
    pub axes: [Coordinate; 2],
    /// Whether decimal logarithms are taken.
    pub log: [bool; 2],
    /// The colours.
    pub tint: Tint,
    /// Which parts are shown, and the rows that are in none.
    pub parts: [bool; 4],
    /// The part of the plane in view, in the coordinates of the axes; `None` for all of it. Matters
    /// where there are more than [`MOST_DOTS`] rows.
    pub window: Option<[[f64; 2]; 2]>,
    /// Cells of a density along x and y.
    pub cells: [usize; 2],
}

/// A row as a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Where it is.
    pub at: [f64; 2],
    /// The row of the table.
    pub row: u32,
    /// Its part, as in [`Members`](super::Members).
    pub part: u8,
    /// Its class, level or value; NaN where it has none.
    pub tint: f32,
}

/// What is to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum CloudPicture {
    /// Every row in view.
    Dots(Vec<Dot>),
    /// Too many rows to draw each.
    Density(Density),
}

/// Rows as points in a plane, or as their density where they are too many.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    /// Where the rows of all parts lie, with a margin.
    pub whole: [[f64; 2]; 2],
    /// Whether all values along an axis are above 0, so that logarithms can be taken.
    pub is_positive: [bool; 2],
    /// Rows of the parts shown that have both values, in view or not.
    pub n_rows: usize,
    /// Rows of the parts shown that lack a value (or are not above 0 on a logarithmic axis).
    pub n_missing: usize,
    /// The smallest and the largest value that colours rows; `None` where classes or levels do.
    pub tint_range: Option<[f64; 2]>,
    /// The rows in view.
    pub picture: CloudPicture,
}

impl Cloud {
    /// Answers a question: one pass over the rows, and another where they are too many to be points.
    pub fn of(question: &CloudQuestion) -> Self {
        let parts = &question.members.0.get().parts;
        let n_rows = question.loaded.0.table.n_rows();
        let readers = [0, 1].map(|axis| Reader::of(question, axis));
        let tints = Tints::of(question);
        let part = |row: usize| parts.get(row).map_or(PARTS.len(), |part| *part as usize);
        let raw = |row: usize| [0, 1].map(|axis: usize| readers[axis].get(row));
        let scaled = |raw: [f64; 2]| {
            [0, 1].map(|axis: usize| match raw[axis] {
                value if !question.log[axis] => value,
                value if value > 0.0 => ln(value) / std::f64::consts::LN_10,
                _ => f64::NAN,
            })
        };
        let place = |row: usize| scaled(raw(row));
        let mut whole = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
        let (mut n_shown, mut n_missing) = (0, 0);
        let mut is_positive = [true; 2];
        let mut range = [f64::INFINITY, f64::NEG_INFINITY];
        for row in 0..n_rows {
            let values = raw(row);
            let at = scaled(values);
            let is_shown = question.parts[part(row)];
            for axis in 0..2 {
                is_positive[axis] &= values[axis] > 0.0 || values[axis].is_nan();
            }
            if !(at[0].is_finite() && at[1].is_finite()) {
                n_missing += usize::from(is_shown);
                continue;
            }
            for axis in 0..2 {
                whole[axis] = [whole[axis][0].min(at[axis]), whole[axis][1].max(at[axis])];
            }
            if !is_shown {
                continue;
            }
            n_shown += 1;
            let tint = tints.get(row);
            if tints.n_kinds == 0 && !tint.is_nan() {
                range = [range[0].min(f64::from(tint)), range[1].max(f64::from(tint))];
            }
        }
        for axis in 0..2 {
            is_positive[axis] &= !matches!(readers[axis], Reader::Names { .. });
            whole[axis] = widened(whole[axis], matches!(readers[axis], Reader::Names { .. }));
        }
        let dot = |row: usize| {
            let (at, tint) = (place(row), tints.get(row));
            Dot { at, row: row as u32, part: part(row) as u8, tint }
        };
        let bounds = question.window.unwrap_or(whole);
        let is_inside = |row: &usize| {
            let at = place(*row);
            (0..2).all(|axis| at[axis] >= bounds[axis][0] && at[axis] <= bounds[axis][1])
        };
        let shown = || (0..n_rows).filter(|row| question.parts[part(*row)]);
        let in_view = || shown().filter(is_inside);
        // Few rows are all points, in view or not: the picture is then the same wherever one looks.
        let dots: Vec<Dot> = match n_shown <= MOST_DOTS {
            true => shown().map(dot).filter(Dot::has_place).collect(),
            false => in_view().take(MOST_DOTS + 1).map(dot).collect(),
        };
        let picture = match dots.len() <= MOST_DOTS {
            true => CloudPicture::Dots(dots),
            false => {
                let rows = in_view().map(|row| (row, place(row)));
                CloudPicture::Density(Density::of(rows, bounds, question.cells, &tints))
            }
        };
        let tint_range = (tints.n_kinds == 0 && range[0] <= range[1]).then_some(range);
        Self { whole, is_positive, n_rows: n_shown, n_missing, tint_range, picture }
    }
}

impl Dot {
    fn has_place(&self) -> bool {
        self.at[0].is_finite() && self.at[1].is_finite()
    }
}

fn widened([low, high]: [f64; 2], is_nominal: bool) -> [f64; 2] {
    if low > high {
        return [0.0, 1.0];
    }
    if is_nominal {
        return [low.round() - 0.5, high.round() + 0.5];
    }
    let width = if high > low { high - low } else { low.abs().max(1.0) };
    [low - MARGIN * width, high + MARGIN * width]
}

impl CloudQuestion {
    /// Whether answering takes no longer than a frame may.
    pub fn is_small(&self) -> bool {
        self.loaded.0.table.n_rows() <= MOST_DOTS
    }

    /// A question about a table, shown plainly and as a whole.
    pub fn new(loaded: &Arc<Loaded>, members: &Arc<LazyMembers>, axes: [Coordinate; 2]) -> Self {
        Self {
            loaded: Same(Arc::clone(loaded)),
            members: Same(Arc::clone(members)),
            axes,
            log: [false; 2],
            tint: Tint::Plain,
            parts: [true; 4],
            window: None,
            cells: [200, 150],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::rows::JITTER;
    use super::*;
    use crate::data::{Cells, Column, Prepared, ReadReport, Samples, Table, TargetColumn};

    fn loaded(columns: Vec<(&str, Cells)>) -> Arc<Loaded> {
        let column = |(name, cells): (&str, Cells)| Column { name: name.to_owned(), cells };
        let table = Table { columns: columns.into_iter().map(column).collect() };
        let (name, fingerprint) = (String::new(), String::new());
        Arc::new(Loaded {
            store: None,
            name,
            table: Arc::new(table),
            report: ReadReport::default(),
            target: 0,
            bytes: fingerprint.clone(),
            fingerprint,
            image_shape: None,
        })
    }

    /// Even rows are for training, odd ones for validation; two classes, in turn by pairs.
    fn members(n_rows: usize) -> Arc<LazyMembers> {
        let part = |rows: Vec<usize>| Samples {
            targets: TargetColumn::Classes(rows.iter().map(|row| (row / 2 % 2) as u32).collect()),
            rows: rows.into_iter().collect(),
            ..Samples::default()
        };
        let data = Prepared {
            class_names: vec!["a".into(), "b".into()],
            target_scaling: (0.0, 1.0),
            train: part((0..n_rows).step_by(2).collect()),
            validation: part((1..n_rows).step_by(2).collect()),
            ..Prepared::default()
        };
        Arc::new(LazyMembers::new(Arc::new(data), n_rows))
    }

    fn dots(cloud: &Cloud) -> &[Dot] {
        match &cloud.picture {
            CloudPicture::Dots(dots) => dots,
            CloudPicture::Density(_) => panic!("points were expected"),
        }
    }

    #[test]
    fn rows_with_both_values_are_points_and_the_others_are_counted() {
        let x = Cells::Numeric(vec![1.0, 10.0, f64::NAN, 100.0, -5.0]);
        let y = Cells::Numeric(vec![1.0, 2.0, 3.0, 4.0, 5.0]);
        let axes = [Coordinate::Column(0), Coordinate::Column(1)];
        let mut question = CloudQuestion::new(&loaded(vec![("x", x), ("y", y)]), &members(5), axes);
        question.tint = Tint::Class;
        let cloud = Cloud::of(&question);
        assert_eq!((cloud.n_rows, cloud.n_missing, cloud.is_positive), (4, 1, [false, true]));
        assert_eq!(dots(&cloud)[2], Dot { at: [100.0, 4.0], row: 3, part: 1, tint: 1.0 });
        // Logarithms leave out what is not above 0; a part that is off is not counted at all.
        question.log = [true, false];
        question.parts = [true, false, false, false];
        let cloud = Cloud::of(&question);
        assert_eq!((cloud.n_rows, cloud.n_missing), (1, 2));
        assert_eq!(cloud.whole[0], [-0.08, 2.08]);
        question.tint = Tint::Column(1);
        assert_eq!(Cloud::of(&question).tint_range, Some([1.0, 1.0]));
    }

    #[test]
    fn names_stand_in_bands_in_the_order_of_the_alphabet() {
        let levels = vec!["b".to_owned(), "a".to_owned()];
        let codes = (0..100).map(|row| (row > 0).then_some(row % 2)).collect();
        let y = Cells::Numeric((0..100).map(f64::from).collect());
        let table = loaded(vec![("name", Cells::Nominal { levels, codes }), ("y", y)]);
        let axes = [Coordinate::Column(0), Coordinate::Column(1)];
        let cloud = Cloud::of(&CloudQuestion::new(&table, &members(100), axes));
        assert_eq!((cloud.n_missing, cloud.whole[0]), (1, [-0.5, 1.5]));
        for dot in dots(&cloud) {
            let band = if dot.row % 2 == 0 { 1.0 } else { 0.0 };
            assert!((dot.at[0] - band).abs() <= 0.5 * JITTER, "{dot:?}");
        }
        let sides = dots(&cloud).iter().filter(|dot| dot.at[0].fract().abs() < 0.14).count();
        assert!((20..80).contains(&sides), "the bands are not filled evenly: {sides}");
    }

    #[test]
    fn many_rows_make_a_density_and_few_of_them_in_view_are_points_again() {
        let n = 40_000;
        let x = Cells::Numeric((0..n).map(|row| (row % 200) as f64).collect());
        let y = Cells::Numeric((0..n).map(|row| (row / 200) as f64).collect());
        let table = loaded(vec![("x", x), ("y", y)]);
        let axes = [Coordinate::Column(0), Coordinate::Column(1)];
        let mut question = CloudQuestion::new(&table, &members(n), axes);
        question.window = Some([[-0.5, 199.5], [-0.5, 199.5]]);
        question.cells = [20, 10];
        question.tint = Tint::Class;
        let cloud = Cloud::of(&question);
        let CloudPicture::Density(density) = &cloud.picture else { panic!("a density") };
        assert!(density.counts.iter().all(|count| *count == 200), "{:?}", density.counts);
        assert_eq!(density.n_shades, 3);
        assert_eq!(&density.shades[..3], [120, 80, 0]);
        // The top left cell has the rows with the largest y and the smallest x.
        assert_eq!(density.rows[0], 180 * 200);
        assert_eq!(density.cell_at([0.0, 199.0]), Some(0));
        assert_eq!(density.cell_at([199.0, 0.0]), Some(199));
        assert_eq!(density.cell_at([250.0, 0.0]), None);
        question.tint = Tint::Column(1);
        let cloud = Cloud::of(&question);
        let CloudPicture::Density(density) = &cloud.picture else { panic!("a density") };
        assert_eq!((density.means[0], density.n_shades), (189.5, 0));
        question.window = Some([[-0.5, 9.5], [-0.5, 9.5]]);
        assert_eq!(dots(&Cloud::of(&question)).len(), 100);
    }
}
