//! The vectors of the two number types, behind one name, and the transposition of small blocks.

use std::any::Any;

use pulp::Simd;
#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

/// The vector operations of a number type. Implemented for `f32` and `f64` only.
///
/// `S` is the instruction set chosen at run time; with `pulp::Scalar` a vector is one number. Every
/// operation here is exact or correctly rounded, so the choice never shows in a result.
#[doc(hidden)]
pub trait Kernel: Copy + Default + Send + Sync + 'static {
    /// As many numbers as fit in one register.
    type Vector<S: Simd>: Copy;

    /// Numbers in a vector.
    fn lanes<S: Simd>() -> usize;
    /// The same number in every lane.
    fn splat<S: Simd>(simd: S, x: Self) -> Self::Vector<S>;
    /// `a · b + c`, rounded once.
    fn fused<S: Simd>(
        simd: S,
        a: Self::Vector<S>,
        b: Self::Vector<S>,
        c: Self::Vector<S>,
    ) -> Self::Vector<S>;
    /// `a · b + c`, rounded once, of single numbers.
    fn fused_numbers<S: Simd>(simd: S, a: Self, b: Self, c: Self) -> Self;
    /// The slice as whole vectors, and what is left.
    fn vectors<S: Simd>(x: &[Self]) -> (&[Self::Vector<S>], &[Self]);
    /// The slice as whole vectors, and what is left.
    fn vectors_mut<S: Simd>(x: &mut [Self]) -> (&mut [Self::Vector<S>], &mut [Self]);
    /// The first lanes from a slice of at most one vector; zero in the others.
    fn load_part<S: Simd>(simd: S, x: &[Self]) -> Self::Vector<S>;
    /// The first lanes to a slice of at most one vector.
    fn store_part<S: Simd>(simd: S, x: &mut [Self], value: Self::Vector<S>);
    /// Rows and columns of a square block exchanged: `row(i)` starts with the block's row `i`.
    /// Fills the first `lanes` entries of `columns` and returns `true`, if the instruction set has
    /// a fast way.
    fn transpose_block<'a, S: Simd>(
        simd: S,
        row: impl Fn(usize) -> &'a [Self],
        columns: &mut [Self::Vector<S>; MAX_LANES],
    ) -> bool;
}

/// No vector is longer.
pub(super) const MAX_LANES: usize = 8;

macro_rules! kernel {
    ($type:ident, $vector:ident, $lanes:ident, $splat:ident, $fused:ident, $as_simd:ident, $as_mut_simd:ident,
     $load:ident, $store:ident, $transpose:ident,
     $first:ident, $software:path) => {
        impl Kernel for $type {
            type Vector<S: Simd> = S::$vector;

            #[inline(always)]
            fn lanes<S: Simd>() -> usize {
                const { assert!(S::$lanes <= MAX_LANES) };
                S::$lanes
            }
            #[inline(always)]
            fn splat<S: Simd>(simd: S, x: Self) -> S::$vector {
                simd.$splat(x)
            }
            #[inline(always)]
            fn fused<S: Simd>(simd: S, a: S::$vector, b: S::$vector, c: S::$vector) -> S::$vector {
                if S::IS_SCALAR {
                    simd.$splat($software(simd.$first(a), simd.$first(b), simd.$first(c)))
                } else {
                    simd.$fused(a, b, c)
                }
            }
            #[inline(always)]
            fn fused_numbers<S: Simd>(_simd: S, a: Self, b: Self, c: Self) -> Self {
                if S::IS_SCALAR { $software(a, b, c) } else { a.mul_add(b, c) }
            }
            #[inline(always)]
            fn vectors<S: Simd>(x: &[Self]) -> (&[S::$vector], &[Self]) {
                S::$as_simd(x)
            }
            #[inline(always)]
            fn vectors_mut<S: Simd>(x: &mut [Self]) -> (&mut [S::$vector], &mut [Self]) {
                S::$as_mut_simd(x)
            }
            #[inline(always)]
            fn load_part<S: Simd>(simd: S, x: &[Self]) -> S::$vector {
                simd.$load(x)
            }
            #[inline(always)]
            fn store_part<S: Simd>(simd: S, x: &mut [Self], value: S::$vector) {
                simd.$store(x, value);
            }
            #[inline(always)]
            fn transpose_block<'a, S: Simd>(
                simd: S,
                row: impl Fn(usize) -> &'a [Self],
                columns: &mut [S::$vector; MAX_LANES],
            ) -> bool {
                #[cfg(target_arch = "x86_64")]
                if let Some(&simd) = (&simd as &dyn Any).downcast_ref::<V3>()
                    && let Some(columns) = (columns as &mut dyn Any)
                        .downcast_mut::<[<V3 as Simd>::$vector; MAX_LANES]>()
                {
                    let rows = std::array::from_fn(|i| pulp::cast(V3::$as_simd(row(i)).0[0]));
                    let transposed = x86::$transpose(simd, rows);
                    for (column, value) in columns.iter_mut().zip(transposed) {
                        *column = pulp::cast(value);
                    }
                    return true;
                }
                let _ = (&simd as &dyn Any, row, columns);
                false
            }
        }
    };
}

kernel!(
    f32,
    f32s,
    F32_LANES,
    splat_f32s,
    mul_add_f32s,
    as_simd_f32s,
    as_mut_simd_f32s,
    partial_load_f32s,
    partial_store_f32s,
    transpose_f32,
    reduce_sum_f32s,
    super::fused::fused_f32
);
kernel!(
    f64,
    f64s,
    F64_LANES,
    splat_f64s,
    mul_add_f64s,
    as_simd_f64s,
    as_mut_simd_f64s,
    partial_load_f64s,
    partial_store_f64s,
    transpose_f64,
    reduce_sum_f64s,
    super::fused::fused_f64
);

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m256, __m256d};

    use pulp::x86::V3;

    // The intrinsics are functions of instruction sets that a closure would not have by itself:
    // everything here has to be inlined into the caller, which has them.

    /// Eight rows of eight.
    #[inline(always)]
    pub(super) fn transpose_f32(simd: V3, rows: [__m256; 8]) -> [__m256; 8] {
        // Lower halves of rows i and i + 4 side by side, then their upper halves: what remains are
        // two 4 × 4 transpositions in each register.
        let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
        let [c0, c1, c2, c3] = transpose_quarters(
            simd,
            [
                low_f32(simd, r0, r4),
                low_f32(simd, r1, r5),
                low_f32(simd, r2, r6),
                low_f32(simd, r3, r7),
            ],
        );
        let [c4, c5, c6, c7] = transpose_quarters(
            simd,
            [
                high_f32(simd, r0, r4),
                high_f32(simd, r1, r5),
                high_f32(simd, r2, r6),
                high_f32(simd, r3, r7),
            ],
        );
        [c0, c1, c2, c3, c4, c5, c6, c7]
    }

    #[inline(always)]
    fn low_f32(simd: V3, a: __m256, b: __m256) -> __m256 {
        simd.avx._mm256_insertf128_ps::<1>(a, simd.avx._mm256_castps256_ps128(b))
    }

    #[inline(always)]
    fn high_f32(simd: V3, a: __m256, b: __m256) -> __m256 {
        simd.avx._mm256_permute2f128_ps::<0x31>(a, b)
    }

    /// In each half of the registers, four rows of four.
    #[inline(always)]
    fn transpose_quarters(simd: V3, [a, b, c, d]: [__m256; 4]) -> [__m256; 4] {
        let avx = simd.avx;
        let (ab_low, ab_high) = (avx._mm256_unpacklo_ps(a, b), avx._mm256_unpackhi_ps(a, b));
        let (cd_low, cd_high) = (avx._mm256_unpacklo_ps(c, d), avx._mm256_unpackhi_ps(c, d));
        [
            avx._mm256_shuffle_ps::<0b01_00_01_00>(ab_low, cd_low),
            avx._mm256_shuffle_ps::<0b11_10_11_10>(ab_low, cd_low),
            avx._mm256_shuffle_ps::<0b01_00_01_00>(ab_high, cd_high),
            avx._mm256_shuffle_ps::<0b11_10_11_10>(ab_high, cd_high),
        ]
    }

    /// Four rows of four.
    #[inline(always)]
    pub(super) fn transpose_f64(simd: V3, [r0, r1, r2, r3]: [__m256d; 4]) -> [__m256d; 4] {
        let avx = simd.avx;
        let a = avx._mm256_insertf128_pd::<1>(r0, avx._mm256_castpd256_pd128(r2));
        let b = avx._mm256_insertf128_pd::<1>(r1, avx._mm256_castpd256_pd128(r3));
        let c = avx._mm256_permute2f128_pd::<0x31>(r0, r2);
        let d = avx._mm256_permute2f128_pd::<0x31>(r1, r3);
        [
            avx._mm256_unpacklo_pd(a, b),
            avx._mm256_unpackhi_pd(a, b),
            avx._mm256_unpacklo_pd(c, d),
            avx._mm256_unpackhi_pd(c, d),
        ]
    }
}
