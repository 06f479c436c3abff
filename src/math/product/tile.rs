//! The innermost loop: a tile of `C` held in registers while `k` runs.

use pulp::Simd;

use super::Start;
use super::kernel::Kernel;

/// Rows of a full tile. Six rows of two vectors are twelve running sums: enough to hide the
/// latency of fused multiply-adds, and few enough for sixteen registers.
pub(super) const TILE_ROWS: usize = 6;

/// Vectors in a row of a full tile.
pub(super) const TILE_VECTORS: usize = 2;

/// Where vector `index` of a row of `width` numbers begins. The last one ends with the row, so it
/// may overlap the one before: both then hold the same sums, and storing them twice does no harm.
#[inline(always)]
pub(super) fn vector_start(index: usize, lanes: usize, width: usize) -> usize {
    (index * lanes).min(width.saturating_sub(lanes))
}

/// Where the sums of some neighbouring columns of `C` begin and end.
pub(super) struct Sums<'a, T> {
    /// `C` from the first of these columns on.
    pub(super) c: &'a mut [T],
    /// Distance between the starts of two rows.
    pub(super) stride: usize,
    /// How many columns.
    pub(super) width: usize,
    /// What they start from; a row is of this width.
    pub(super) start: Start<'a, T>,
}

impl<T: Copy> Sums<'_, T> {
    /// The same columns from `row` on.
    #[inline(always)]
    pub(super) fn rows_from(&mut self, row: usize) -> Sums<'_, T> {
        let Self { stride, width, start, .. } = *self;
        Sums { c: &mut self.c[row * stride..], stride, width, start }
    }
}

/// `start + Σₖ a(k)[i] · b(k)[j]` for a tile of `ROWS` rows and `width ≤ VECTORS · lanes` columns,
/// with `k` in rising order. Vector `v` of `b(k)` belongs to the columns from
/// [`vector_start`]`(v)` on.
#[inline(always)]
pub(super) fn tile<S: Simd, T: Kernel, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    depth: usize,
    a: impl Fn(usize) -> [T; ROWS],
    b: impl Fn(usize) -> [T::Vector<S>; VECTORS],
    out: Sums<'_, T>,
) {
    let Sums { c, stride, width, start } = out;
    let lanes = T::lanes::<S>();
    let mut sums = [[T::splat(simd, T::default()); VECTORS]; ROWS];
    if !matches!(start, Start::Zero) {
        for (row, sums) in sums.iter_mut().enumerate() {
            let from = match start {
                Start::Row(from) => &from[..width],
                _ => &c[row * stride..][..width],
            };
            for (v, sum) in sums.iter_mut().enumerate() {
                *sum = load(simd, &from[vector_start(v, lanes, width)..]);
            }
        }
    }
    for k in 0..depth {
        let a = a(k);
        let b = b(k);
        for row in 0..ROWS {
            let a = T::splat(simd, a[row]);
            for v in 0..VECTORS {
                sums[row][v] = T::fused(simd, a, b[v], sums[row][v]);
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        let c = &mut c[row * stride..][..width];
        for (v, &sum) in sums.iter().enumerate() {
            store(simd, &mut c[vector_start(v, lanes, width)..], sum);
        }
    }
}

/// The vector at the start of a slice, or what there is of it.
#[inline(always)]
pub(super) fn load<S: Simd, T: Kernel>(simd: S, x: &[T]) -> T::Vector<S> {
    match x.get(..T::lanes::<S>()) {
        Some(x) => T::vectors::<S>(x).0[0],
        None => T::load_part(simd, x),
    }
}

/// Writes a vector to the start of a slice, or as much as there is room for.
#[inline(always)]
pub(super) fn store<S: Simd, T: Kernel>(simd: S, x: &mut [T], value: T::Vector<S>) {
    match x.get_mut(..T::lanes::<S>()) {
        Some(x) => T::vectors_mut::<S>(x).0[0] = value,
        None => T::store_part(simd, x, value),
    }
}
