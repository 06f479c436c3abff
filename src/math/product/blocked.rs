//! Products of matrices, cut so that what a tile reads stays in the nearest cache.

use pulp::{Simd, WithSimd};

use super::MatrixView;
use super::kernel::Kernel;
use super::pack::pack_panel;
use super::tile::{TILE_ROWS, TILE_VECTORS, tile};

/// Largest `k` range of one pass: a panel of `B` (two vectors wide) then takes half of a 32 kB
/// first-level cache. A later range starts from the `C` that the earlier ones left, so the
/// chain of additions of an element does not notice.
const MAX_DEPTH: usize = 256;

/// Largest number of rows that reuse a packed panel before the next panel is packed: their part of
/// `A` has to stay in the second-level cache.
const MAX_ROWS: usize = 384;

/// Below this number of rows a panel of a row-major `B` is read in place.
const MIN_ROWS_TO_PACK: usize = 24;

/// How long the packing buffer of one thread has to be.
pub(super) const PANEL_LEN: usize = MAX_DEPTH * TILE_VECTORS * super::kernel::MAX_LANES;

/// `C += A·B` on one thread; `panel` has [`PANEL_LEN`] elements.
pub(super) struct Blocked<'a, T> {
    pub(super) a: MatrixView<'a, T>,
    pub(super) b: MatrixView<'a, T>,
    pub(super) c: &'a mut [T],
    pub(super) panel: &'a mut [T],
}

impl<T: Kernel> WithSimd for Blocked<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { a, b, c, panel } = self;
        let (m, n, depth) = (a.n_rows, b.n_columns, a.n_columns);
        let lanes = T::lanes::<S>();
        let depth_block = depth.div_ceil(depth.div_ceil(MAX_DEPTH)).next_multiple_of(8);
        let row_block = m.div_ceil(m.div_ceil(MAX_ROWS)).next_multiple_of(TILE_ROWS);
        let in_place = b.column_stride == 1 && m < MIN_ROWS_TO_PACK;
        for first_row in (0..m).step_by(row_block) {
            let rows = (first_row, row_block.min(m - first_row));
            let c = &mut c[first_row * n..][..rows.1 * n];
            for first in (0..depth).step_by(depth_block) {
                let range = (first, depth_block.min(depth - first));
                for column in (0..n).step_by(TILE_VECTORS * lanes) {
                    let width = (TILE_VECTORS * lanes).min(n - column);
                    let c = &mut c[column..];
                    if width > lanes {
                        panel_of_tiles::<S, T, TILE_VECTORS>(
                            simd,
                            a,
                            b,
                            rows,
                            range,
                            (column, width),
                            c,
                            n,
                            panel,
                            in_place,
                        );
                    } else {
                        panel_of_tiles::<S, T, 1>(
                            simd,
                            a,
                            b,
                            rows,
                            range,
                            (column, width),
                            c,
                            n,
                            panel,
                            in_place,
                        );
                    }
                }
            }
        }
    }
}

/// One panel of `B` times all rows of `A`.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn panel_of_tiles<S: Simd, T: Kernel, const VECTORS: usize>(
    simd: S,
    a: MatrixView<'_, T>,
    b: MatrixView<'_, T>,
    rows: (usize, usize),
    (first, depth): (usize, usize),
    (column, width): (usize, usize),
    c: &mut [T],
    c_stride: usize,
    panel: &mut [T],
    in_place: bool,
) {
    let panel_width = VECTORS * T::lanes::<S>();
    if in_place && width == panel_width {
        let b_at = |k: usize| -> [T::Vector<S>; VECTORS] {
            let row = &b.data[(first + k) * b.row_stride + column..][..panel_width];
            let row = T::vectors::<S>(row).0;
            std::array::from_fn(|v| row[v])
        };
        rows_of_tiles(simd, a, rows, (first, depth), b_at, c, c_stride, width);
    } else {
        pack_panel(simd, b, (first, depth), (column, width), panel, panel_width);
        let packed = T::vectors::<S>(&panel[..depth * panel_width]).0;
        let packed = &packed.as_chunks::<VECTORS>().0[..depth];
        rows_of_tiles(simd, a, rows, (first, depth), |k| packed[k], c, c_stride, width);
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn rows_of_tiles<S: Simd, T: Kernel, const VECTORS: usize>(
    simd: S,
    a: MatrixView<'_, T>,
    (first_row, n_rows): (usize, usize),
    range: (usize, usize),
    b: impl Fn(usize) -> [T::Vector<S>; VECTORS] + Copy,
    c: &mut [T],
    c_stride: usize,
    width: usize,
) {
    let mut row = 0;
    while row < n_rows {
        let left = n_rows - row;
        // The last two tiles share their rows evenly: two of four are faster than six and two.
        let height = if left > TILE_ROWS && left < 2 * TILE_ROWS {
            left.div_ceil(2)
        } else {
            left.min(TILE_ROWS)
        };
        let c = &mut c[row * c_stride..];
        let i = first_row + row;
        macro_rules! rows {
            ($rows:literal) => {
                one_tile::<S, T, $rows, VECTORS>(simd, a, i, range, b, c, c_stride, width)
            };
        }
        match height {
            1 => rows!(1),
            2 => rows!(2),
            3 => rows!(3),
            4 => rows!(4),
            5 => rows!(5),
            _ => rows!(6),
        }
        row += height;
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn one_tile<S: Simd, T: Kernel, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    a: MatrixView<'_, T>,
    i: usize,
    (first, depth): (usize, usize),
    b: impl Fn(usize) -> [T::Vector<S>; VECTORS],
    c: &mut [T],
    c_stride: usize,
    width: usize,
) {
    if a.column_stride == 1 {
        let rows: [&[T]; ROWS] =
            std::array::from_fn(|r| &a.data[(i + r) * a.row_stride + first..][..depth]);
        let a_at = |k: usize| std::array::from_fn(|r| rows[r][k]);
        tile::<S, T, ROWS, VECTORS>(simd, depth, a_at, b, c, c_stride, width);
    } else if a.row_stride == 1 {
        let a_at = |k: usize| -> [T; ROWS] {
            let column = &a.data[(first + k) * a.column_stride + i..][..ROWS];
            std::array::from_fn(|r| column[r])
        };
        tile::<S, T, ROWS, VECTORS>(simd, depth, a_at, b, c, c_stride, width);
    } else {
        let a_at = |k: usize| -> [T; ROWS] {
            let k = (first + k) * a.column_stride;
            std::array::from_fn(|r| a.data[(i + r) * a.row_stride + k])
        };
        tile::<S, T, ROWS, VECTORS>(simd, depth, a_at, b, c, c_stride, width);
    }
}
