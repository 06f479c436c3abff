//! Copies a panel of `B` into the order in which tiles read it.

use pulp::Simd;

use super::MatrixView;
use super::kernel::{Kernel, MAX_LANES};

/// Copies columns `column … column + width` of rows `first … first + depth` of `b` to `panel`,
/// `panel_width ≥ width` numbers for each row. What stands beyond `width` is never stored in a
/// result and may be anything.
#[inline(always)]
pub(super) fn pack_panel<S: Simd, T: Kernel>(
    simd: S,
    b: MatrixView<'_, T>,
    (first, depth): (usize, usize),
    (column, width): (usize, usize),
    panel: &mut [T],
    panel_width: usize,
) {
    let panel = &mut panel[..depth * panel_width];
    if b.column_stride == 1 {
        for (k, out) in panel.chunks_exact_mut(panel_width).enumerate() {
            let source = &b.data[(first + k) * b.row_stride + column..][..width];
            if width == panel_width {
                let (source, out) = (T::vectors::<S>(source).0, T::vectors_mut::<S>(out).0);
                for (out, &value) in out.iter_mut().zip(source) {
                    *out = value;
                }
            } else {
                out[..width].copy_from_slice(source);
            }
        }
    } else if b.row_stride == 1 {
        pack_transposed(simd, b, (first, depth), (column, width), panel, panel_width);
    } else {
        for (k, out) in panel.chunks_exact_mut(panel_width).enumerate() {
            for (j, out) in out[..width].iter_mut().enumerate() {
                *out = b.data[(first + k) * b.row_stride + (column + j) * b.column_stride];
            }
        }
    }
}

/// The same for a `b` whose columns are contiguous.
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
    let column_of_b = |j: usize| &b.data[(column + j) * b.column_stride + first..][..depth];
    if lanes == 1 {
        for j in 0..width {
            for (out, &value) in panel.chunks_exact_mut(panel_width).zip(column_of_b(j)) {
                out[j] = value;
            }
        }
        return;
    }
    for block in (0..width).step_by(lanes) {
        // A missing column is replaced by the last one: what is computed from it is not stored.
        let source: [&[T]; MAX_LANES] =
            std::array::from_fn(|j| column_of_b((block + j).min(width - 1)));
        let mut rows = [T::splat(simd, T::default()); MAX_LANES];
        let whole = depth - depth % lanes;
        for k in (0..whole).step_by(lanes) {
            let load = |j: usize| &source[j][k..k + lanes];
            if T::transpose_block(simd, load, &mut rows) {
                for (i, &row) in rows.iter().enumerate().take(lanes) {
                    let out = &mut panel[(k + i) * panel_width + block..][..lanes];
                    T::vectors_mut::<S>(out).0[0] = row;
                }
            } else {
                for i in 0..lanes {
                    for j in 0..lanes {
                        panel[(k + i) * panel_width + block + j] = source[j][k + i];
                    }
                }
            }
        }
        for k in whole..depth {
            for j in 0..lanes {
                panel[k * panel_width + block + j] = source[j][k];
            }
        }
    }
}
