use std::sync::Arc;

use super::{Check, Comparison, Family, Measure};
use crate::math::Scalar;
use crate::math::product::{MatrixView, Workspace, multiply_add};
use crate::math::random::{Purpose, Stream};
use crate::math::team::Team;

/// Rows, depth and columns: vectors, single tiles with rests, several blocks.
const SHAPES: [(usize, usize, usize); 6] =
    [(1, 9, 1), (1, 300, 21), (33, 20, 1), (13, 19, 37), (70, 270, 40), (9, 1100, 9)];

/// What is multiplied: whether a factor stands row by row or column by column.
const LAYOUTS: [(&str, bool, bool); 4] =
    [("A·B", false, false), ("Aᵀ·B", true, false), ("A·Bᵀ", false, true), ("Aᵀ·Bᵀ", true, true)];

/// The kernels that this processor runs, beside one chain of fused steps for each element: not a bit
/// may differ.
pub(super) fn checks() -> Vec<Check> {
    let check =
        |(member, left, right), precision: &str, compare: fn(_, _, &mut Comparison)| Check {
            family: Family::Products,
            member: String::from(member),
            what: format!("{} shapes in {precision}", SHAPES.len()),
            source: "plain fused loop, same bits".to_owned(),
            measure: Measure::UnitsInLastPlace,
            tolerance: 0.0,
            compare: Arc::new(move |comparison| {
                compare(left, right, comparison);
                Ok(())
            }),
        };
    let both =
        |layout| [check(layout, "f32", compare::<f32>), check(layout, "f64", compare::<f64>)];
    LAYOUTS.into_iter().flat_map(both).collect()
}

fn random<T: Scalar>(len: usize, seed: u64) -> Vec<T> {
    let mut stream = Stream::new(seed, Purpose::Generation);
    (0..len).map(|_| T::from_f64(stream.normal())).collect()
}

fn compare<T: Scalar>(left: bool, right: bool, comparison: &mut Comparison) {
    let (mut workspace, team) = (Workspace::default(), Team::solo());
    for (m, depth, n) in SHAPES {
        let (a, b, start) = (random::<T>(m * depth, 1), random(depth * n, 2), random(m * n, 3));
        let view = |data, n_rows, n_columns, transposed| match transposed {
            false => MatrixView::row_major(data, n_rows, n_columns),
            true => MatrixView::row_major(data, n_columns, n_rows).transposed(),
        };
        let (a, b) = (view(&a, m, depth, left), view(&b, depth, n, right));
        let mut product = start.clone();
        multiply_add(a, b, &mut product, &mut workspace, &team);
        for (index, found) in product.iter().enumerate() {
            let (row, column) = (index / n, index % n);
            let element = |matrix: MatrixView<'_, T>, row, column| {
                matrix.data[row * matrix.row_stride + column * matrix.column_stride]
            };
            let expected = (0..depth).fold(start[index], |sum, k| {
                element(a, row, k).mul_add(element(b, k, column), sum)
            });
            comparison.units(*found, expected, || {
                format!("[{m} × {depth}]·[{depth} × {n}], row {row}, column {column}")
            });
        }
    }
}
