//! Products of a matrix and a vector, without packing: an output is one lane of a register, as in
//! the products of matrices, and adds its terms in the same order.

use pulp::{Simd, WithSimd};

use super::kernel::MAX_LANES;
use super::tile::{Sums, load, store, tile, vector_start};
use super::{MatrixView, Start};
use crate::math::Scalar;

/// `y += A·x`, where element `k` of `x` is `x[k · x_stride]`.
pub(super) struct MatrixVector<'a, T> {
    pub(super) a: MatrixView<'a, T>,
    pub(super) x: &'a [T],
    pub(super) x_stride: usize,
    pub(super) y: &'a mut [T],
}

/// Most vectors of outputs that one pass over a matrix with contiguous columns serves.
const MAX_VECTORS: usize = 8;

impl<T: Scalar> WithSimd for MatrixVector<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { a, x, x_stride, y } = self;
        if a.row_stride == 1 {
            columns(simd, a, |k| x[k * x_stride], y);
        } else if a.column_stride == 1 && x_stride == 1 {
            rows(simd, a, &x[..a.n_columns], y);
        } else {
            for (i, y) in y.iter_mut().enumerate() {
                for k in 0..a.n_columns {
                    let a = a.data[i * a.row_stride + k * a.column_stride];
                    *y = T::fused_numbers(simd, a, x[k * x_stride], *y);
                }
            }
        }
    }
}

/// A matrix whose columns are contiguous: vectors of outputs are vectors of a column.
#[inline(always)]
fn columns<S: Simd, T: Scalar>(
    simd: S,
    a: MatrixView<'_, T>,
    x: impl Fn(usize) -> T + Copy,
    y: &mut [T],
) {
    let lanes = T::lanes::<S>();
    let mut rest = y;
    let mut row = 0;
    while !rest.is_empty() {
        let width = rest.len().min(MAX_VECTORS * lanes);
        let (y, after) = rest.split_at_mut(width);
        macro_rules! pass {
            ($vectors:literal) => {
                columns_pass::<S, T, $vectors>(simd, a, row, x, y)
            };
        }
        match width.div_ceil(lanes) {
            1 => pass!(1),
            2 => pass!(2),
            3 => pass!(3),
            4 => pass!(4),
            5 | 6 => pass!(6),
            _ => pass!(8),
        }
        row += width;
        rest = after;
    }
}

#[inline(always)]
fn columns_pass<S: Simd, T: Scalar, const VECTORS: usize>(
    simd: S,
    a: MatrixView<'_, T>,
    row: usize,
    x: impl Fn(usize) -> T,
    y: &mut [T],
) {
    let (lanes, width) = (T::lanes::<S>(), y.len());
    let starts: [usize; VECTORS] = std::array::from_fn(|v| vector_start(v, lanes, width));
    let column = |k: usize| &a.data[k * a.column_stride + row..][..width];
    let sums = Sums { c: y, stride: width, width, start: Start::Kept };
    if width >= lanes {
        let a_at = |k: usize| -> [T::Vector<S>; VECTORS] {
            let column = column(k);
            std::array::from_fn(|v| T::vectors::<S>(&column[starts[v]..][..lanes]).0[0])
        };
        tile::<S, T, 1, VECTORS>(simd, a.n_columns, |k| [x(k)], a_at, sums);
    } else {
        let a_at = |k: usize| [T::load_part(simd, column(k))];
        tile::<S, T, 1, 1>(simd, a.n_columns, |k| [x(k)], a_at, sums);
    }
}

/// A matrix whose rows are contiguous: square blocks are transposed in registers.
#[inline(always)]
fn rows<S: Simd, T: Scalar>(simd: S, a: MatrixView<'_, T>, x: &[T], y: &mut [T]) {
    let lanes = T::lanes::<S>();
    let (n_rows, depth) = (y.len(), x.len());
    let mut row = 0;
    while row < n_rows {
        let height = if lanes == 1 { MAX_LANES } else { lanes }.min(n_rows - row);
        // A missing row is replaced by the last one; its sum is not stored.
        let source: [&[T]; MAX_LANES] =
            std::array::from_fn(|r| &a.data[(row + r.min(height - 1)) * a.row_stride..][..depth]);
        let y = &mut y[row..row + height];
        if depth >= lanes && lanes > 1 {
            let mut sum = load(simd, y);
            let mut block = [sum; MAX_LANES];
            let mut k = 0;
            while k + lanes <= depth
                && T::transpose_block(simd, |r| &source[r][k..k + lanes], &mut block)
            {
                for i in 0..lanes {
                    sum = T::fused(simd, block[i], T::splat(simd, x[k + i]), sum);
                }
                k += lanes;
            }
            let last = depth - lanes;
            if k > last && k < depth {
                // The last block ends with the rows; its first columns have been added already.
                T::transpose_block(simd, |r| &source[r][last..last + lanes], &mut block);
                for k in k..depth {
                    sum = T::fused(simd, block[k - last], T::splat(simd, x[k]), sum);
                }
                k = depth;
            }
            store(simd, y, sum);
            scalar_rows(simd, &source, x, k, y);
        } else {
            scalar_rows(simd, &source, x, 0, y);
        }
        row += height;
    }
}

/// Continues the sums of a few rows from `k = first` on, number by number.
#[inline(always)]
fn scalar_rows<S: Simd, T: Scalar>(
    simd: S,
    rows: &[&[T]; MAX_LANES],
    x: &[T],
    first: usize,
    y: &mut [T],
) {
    if first == x.len() {
        return;
    }
    let mut sums: [T; MAX_LANES] = std::array::from_fn(|r| y[r.min(y.len() - 1)]);
    for k in first..x.len() {
        for (sum, row) in sums.iter_mut().zip(rows) {
            *sum = T::fused_numbers(simd, row[k], x[k], *sum);
        }
    }
    y.copy_from_slice(&sums[..y.len()]);
}
