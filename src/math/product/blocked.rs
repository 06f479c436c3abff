//! Products of matrices, cut so that what a tile reads stays in the nearest cache.

use pulp::{Simd, WithSimd};

use super::kernel::{Kernel, MAX_LANES};
use super::pack::{pack_panel, pack_rows};
use super::tile::{Sums, TILE_ROWS, TILE_VECTORS, tile};
use super::{MatrixView, Product, Start};

/// Largest range of `k` in one pass: a panel of `B` (two vectors wide) then takes half of a 32 kB
/// first-level cache. A later range starts from the `C` that the earlier ones left, so the
/// chain of additions of an element does not notice.
const MAX_DEPTH: usize = 256;

/// Largest number of rows that reuse a packed panel before the next panel is packed: their part of
/// `A` has to stay in the second-level cache.
const MAX_ROWS: usize = 384;

/// Below this number of rows a panel of a row-major `B` is read in place.
const MIN_ROWS_TO_PACK: usize = 24;

/// An `A` with contiguous columns is copied when its columns spread over more than this, so
/// that a tile's walk over `k` would miss the first-level cache,
const MAX_SPREAD_BYTES: usize = 1 << 15;

/// and when at least so many columns of `C` profit.
const MIN_COLUMNS_TO_PACK: usize = 64;

/// How long the buffer for a panel of `B` has to be.
pub(super) const PANEL_LEN: usize = MAX_DEPTH * TILE_VECTORS * MAX_LANES;

/// How long the buffer for rows of `A` has to be; 0 if they are read in place.
pub(super) fn packed_rows_len<T>(a: MatrixView<'_, T>, n_columns: usize) -> usize {
    let spread = a.column_stride * a.n_columns.min(MAX_DEPTH) * size_of::<T>();
    if a.row_stride == 1
        && a.column_stride != 1
        && spread > MAX_SPREAD_BYTES
        && n_columns >= MIN_COLUMNS_TO_PACK
    {
        a.n_rows.min(MAX_ROWS) * a.n_columns.min(MAX_DEPTH)
    } else {
        0
    }
}

/// A product on one thread. `panel` has [`PANEL_LEN`] elements, `packed_rows`
/// [`packed_rows_len`].
pub(super) struct Blocked<'a, T> {
    pub(super) product: Product<'a, T>,
    pub(super) c: &'a mut [T],
    pub(super) panel: &'a mut [T],
    pub(super) packed_rows: &'a mut [T],
}

/// Cuts `len` into blocks of equal size, at most `max` (a multiple of `unit`) and a multiple of
/// `unit`.
#[inline(always)]
fn block_size(len: usize, max: usize, unit: usize) -> usize {
    if len <= max { len } else { len.div_ceil(len.div_ceil(max)).next_multiple_of(unit) }
}

impl<T: Kernel> WithSimd for Blocked<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { product: Product { a, b, start }, c, panel, packed_rows } = self;
        let (m, n, depth) = (a.n_rows, b.n_columns, a.n_columns);
        let lanes = T::lanes::<S>();
        let depth_block = block_size(depth, MAX_DEPTH, MAX_LANES);
        let row_block = block_size(m, MAX_ROWS, TILE_ROWS);
        let mut row = 0;
        while row < m {
            let n_rows = row_block.min(m - row);
            let c = &mut c[row * n..][..n_rows * n];
            let mut first = 0;
            while first < depth {
                let range = (first, depth_block.min(depth - first));
                pack_left(a, (row, n_rows), range, packed_rows);
                let left = Left { a, packed: packed_rows, row, n_rows, range };
                let mut column = 0;
                while column < n {
                    let width = (TILE_VECTORS * lanes).min(n - column);
                    let start = match start {
                        // What an earlier range of `k` has left.
                        _ if first > 0 => Start::Kept,
                        Start::Row(row) => Start::Row(&row[column..][..width]),
                        start => start,
                    };
                    let sums = Sums { c: &mut c[column..], stride: n, width, start };
                    if width > lanes {
                        one_panel::<S, T, TILE_VECTORS>(simd, left, b, column, sums, panel);
                    } else {
                        one_panel::<S, T, 1>(simd, left, b, column, sums, panel);
                    }
                    column += TILE_VECTORS * lanes;
                }
                first += depth_block;
            }
            row += row_block;
        }
    }
}

/// The part of `A` in work: rows `row … row + n_rows` over a range of `k`.
#[derive(Clone, Copy)]
struct Left<'a, T> {
    a: MatrixView<'a, T>,
    /// Those rows packed tile by tile, or nothing.
    packed: &'a [T],
    row: usize,
    n_rows: usize,
    /// First `k`, and how many.
    range: (usize, usize),
}

/// Calls `$body` with the constant `$rows`, the height of the next tile.
macro_rules! with_rows {
    ($height:expr, $rows:ident => $body:expr) => {
        match $height {
            1 => {
                const $rows: usize = 1;
                $body
            }
            2 => {
                const $rows: usize = 2;
                $body
            }
            3 => {
                const $rows: usize = 3;
                $body
            }
            4 => {
                const $rows: usize = 4;
                $body
            }
            5 => {
                const $rows: usize = 5;
                $body
            }
            _ => {
                const $rows: usize = TILE_ROWS;
                $body
            }
        }
    };
}

/// How many of the rows that are left the next tile takes. The last two tiles share theirs evenly:
/// two tiles of four are faster than one of six and one of two.
#[inline(always)]
fn tile_height(left: usize) -> usize {
    if left > TILE_ROWS && left < 2 * TILE_ROWS { left.div_ceil(2) } else { left.min(TILE_ROWS) }
}

#[inline(always)]
fn pack_left<T: Kernel>(
    a: MatrixView<'_, T>,
    (first_row, n_rows): (usize, usize),
    range: (usize, usize),
    packed: &mut [T],
) {
    let mut row = 0;
    while row < n_rows && !packed.is_empty() {
        let height = tile_height(n_rows - row);
        let packed = &mut packed[row * range.1..];
        with_rows!(height, ROWS => pack_rows::<T, ROWS>(a, first_row + row, range, packed));
        row += height;
    }
}

/// One panel of `B` times all rows in work.
#[inline(always)]
fn one_panel<S: Simd, T: Kernel, const VECTORS: usize>(
    simd: S,
    left: Left<'_, T>,
    b: MatrixView<'_, T>,
    column: usize,
    sums: Sums<'_, T>,
    panel: &mut [T],
) {
    let ((first, depth), width) = (left.range, sums.width);
    let lanes = T::lanes::<S>();
    let panel_width = VECTORS * lanes;
    if b.column_stride == 1 && left.n_rows < MIN_ROWS_TO_PACK && width == panel_width {
        let b_at = |k: usize| -> [T::Vector<S>; VECTORS] {
            let row = &b.data[(first + k) * b.row_stride + column..][..panel_width];
            let row = T::vectors::<S>(row).0;
            std::array::from_fn(|v| row[v])
        };
        all_rows(simd, left, b_at, sums);
    } else {
        pack_panel::<S, T, VECTORS>(simd, b, left.range, (column, width), panel);
        let packed = T::vectors::<S>(&panel[..depth * panel_width]).0;
        let packed = &packed.as_chunks::<VECTORS>().0[..depth];
        all_rows(simd, left, |k| packed[k], sums);
    }
}

#[inline(always)]
fn all_rows<S: Simd, T: Kernel, const VECTORS: usize>(
    simd: S,
    left: Left<'_, T>,
    b: impl Fn(usize) -> [T::Vector<S>; VECTORS] + Copy,
    mut sums: Sums<'_, T>,
) {
    let mut row = 0;
    while row < left.n_rows {
        let height = tile_height(left.n_rows - row);
        let sums = sums.rows_from(row);
        with_rows!(height, ROWS => one_tile::<S, T, ROWS, VECTORS>(simd, left, row, b, sums));
        row += height;
    }
}

#[inline(always)]
fn one_tile<S: Simd, T: Kernel, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    left: Left<'_, T>,
    row: usize,
    b: impl Fn(usize) -> [T::Vector<S>; VECTORS],
    sums: Sums<'_, T>,
) {
    let (Left { a, packed, .. }, i, (first, depth)) = (left, left.row + row, left.range);
    if a.column_stride == 1 {
        let rows: [&[T]; ROWS] =
            std::array::from_fn(|r| &a.data[(i + r) * a.row_stride + first..][..depth]);
        let a_at = |k: usize| std::array::from_fn(|r| rows[r][k]);
        tile::<S, T, ROWS, VECTORS>(simd, depth, a_at, b, sums);
    } else if !packed.is_empty() {
        let packed = &packed[row * depth..].as_chunks::<ROWS>().0[..depth];
        tile::<S, T, ROWS, VECTORS>(simd, depth, |k| packed[k], b, sums);
    } else if a.row_stride == 1 {
        let a_at = |k: usize| -> [T; ROWS] {
            let column = &a.data[(first + k) * a.column_stride + i..][..ROWS];
            std::array::from_fn(|r| column[r])
        };
        tile::<S, T, ROWS, VECTORS>(simd, depth, a_at, b, sums);
    } else {
        let a_at = |k: usize| -> [T; ROWS] {
            let k = (first + k) * a.column_stride;
            std::array::from_fn(|r| a.data[(i + r) * a.row_stride + k])
        };
        tile::<S, T, ROWS, VECTORS>(simd, depth, a_at, b, sums);
    }
}
