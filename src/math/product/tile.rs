//! The innermost loop: a tile of `C` held in registers while `k` runs.

use pulp::Simd;

use super::kernel::Kernel;

/// Rows of a full tile. Six rows of two vectors are twelve running sums: enough to hide the
/// latency of fused multiply-adds, and few enough for sixteen registers.
pub(super) const TILE_ROWS: usize = 6;

/// Vectors in a row of a full tile.
pub(super) const TILE_VECTORS: usize = 2;

/// `C[i, j] += Σₖ a(k)[i] · b(k)[j]` for a tile of `ROWS` rows and `width ≤ VECTORS · lanes`
/// columns that starts at `c[0]`, with `k` in rising order.
#[inline(always)]
pub(super) fn tile<S: Simd, T: Kernel, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    depth: usize,
    a: impl Fn(usize) -> [T; ROWS],
    b: impl Fn(usize) -> [T::Vector<S>; VECTORS],
    c: &mut [T],
    c_stride: usize,
    width: usize,
) {
    let lanes = T::lanes::<S>();
    let mut sums = [[T::splat(simd, T::default()); VECTORS]; ROWS];
    let full = width == VECTORS * lanes;
    for (row, sums) in sums.iter_mut().enumerate() {
        let c = &c[row * c_stride..][..width];
        if full {
            sums.copy_from_slice(T::vectors::<S>(c).0);
        } else {
            for (v, sum) in sums.iter_mut().enumerate() {
                let start = (v * lanes).min(width);
                *sum = T::load_part(simd, &c[start..(start + lanes).min(width)]);
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
        let c = &mut c[row * c_stride..][..width];
        if full {
            T::vectors_mut::<S>(c).0.copy_from_slice(sums);
        } else {
            for (v, &sum) in sums.iter().enumerate() {
                let start = (v * lanes).min(width);
                T::store_part(simd, &mut c[start..(start + lanes).min(width)], sum);
            }
        }
    }
}
