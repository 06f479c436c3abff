//! Copies parts of `A` and `B` into the order in which tiles read them.

use pulp::Simd;

use super::MatrixView;
use super::kernel::{Kernel, MAX_LANES};
use super::tile::vector_start;

/// Copies columns `column … column + width` of rows `first … first + depth` of `b` to `panel`:
/// row after row, each as `VECTORS` vectors that begin at [`vector_start`]. Lanes beyond a width
/// of less than one vector may hold anything; no result is stored from them.
#[inline(always)]
pub(super) fn pack_panel<S: Simd, T: Kernel, const VECTORS: usize>(
    simd: S,
    b: MatrixView<'_, T>,
    (first, depth): (usize, usize),
    (column, width): (usize, usize),
    panel: &mut [T],
) {
    let lanes = T::lanes::<S>();
    let panel_width = VECTORS * lanes;
    let panel = &mut panel[..depth * panel_width];
    if b.row_stride == 1 && lanes > 1 {
        for v in 0..VECTORS {
            let start = vector_start(v, lanes, width);
            let columns = (column + start, lanes.min(width - start));
            pack_transposed(simd, b, (first, depth), columns, &mut panel[v * lanes..], panel_width);
        }
        return;
    }
    for (k, out) in panel.chunks_exact_mut(panel_width).enumerate() {
        let source = &b.data[(first + k) * b.row_stride + column * b.column_stride..];
        for v in 0..VECTORS {
            let start = vector_start(v, lanes, width);
            let out = &mut out[v * lanes..][..lanes];
            if b.column_stride == 1 && width >= lanes {
                T::vectors_mut::<S>(out).0[0] = T::vectors::<S>(&source[start..][..lanes]).0[0];
            } else {
                for (j, out) in out[..lanes.min(width - start)].iter_mut().enumerate() {
                    *out = source[(start + j) * b.column_stride];
                }
            }
        }
    }
}

/// Copies at most one vector of contiguous columns of `b` across rows of `panel_width`.
#[inline(always)]
fn pack_transposed<S: Simd, T: Kernel>(
    simd: S,
    b: MatrixView<'_, T>,
    (first, depth): (usize, usize),
    (column, width): (usize, usize),
    panel: &mut [T],
    panel_width: usize,
) {
    let lanes = T::lanes::<S>();
    // A missing column is replaced by the last one.
    let source: [&[T]; MAX_LANES] = std::array::from_fn(|j| {
        &b.data[(column + j.min(width - 1)) * b.column_stride + first..][..depth]
    });
    let mut rows = [T::splat(simd, T::default()); MAX_LANES];
    let mut k = 0;
    while k < depth {
        // The last block ends with the columns and may overlap the one before.
        let start = k.min(depth.saturating_sub(lanes));
        if depth >= lanes
            && T::transpose_block(simd, |j| &source[j][start..start + lanes], &mut rows)
        {
            for (i, &row) in rows.iter().enumerate().take(lanes) {
                let out = &mut panel[(start + i) * panel_width..][..lanes];
                T::vectors_mut::<S>(out).0[0] = row;
            }
        } else {
            for i in k..depth.min(k + lanes) {
                for j in 0..lanes {
                    panel[i * panel_width + j] = source[j][i];
                }
            }
        }
        k += lanes;
    }
}

/// Copies `ROWS` rows from `row` on of an `a` whose columns are contiguous: for each `k` its
/// `ROWS` numbers side by side.
#[inline(always)]
pub(super) fn pack_rows<T: Kernel, const ROWS: usize>(
    a: MatrixView<'_, T>,
    row: usize,
    (first, depth): (usize, usize),
    packed: &mut [T],
) {
    for (k, out) in packed.as_chunks_mut::<ROWS>().0.iter_mut().enumerate().take(depth) {
        let column = &a.data[(first + k) * a.column_stride + row..][..ROWS];
        out.copy_from_slice(column);
    }
}
