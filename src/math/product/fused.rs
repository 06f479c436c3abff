//! Fused multiply-add for processors without the instruction.

/// `a · b + c`, rounded once.
///
/// The product of two `f32` is exact in `f64`. The sum is not, but if it is rounded "to odd" (to the
/// neighbour whose last bit is set, unless exact), then rounding it again, to `f32`, gives what one
/// rounding would have given: no tie can be mistaken, since `f64` has more than two further bits.
///
/// Reference: S. Boldo & G. Melquiond, Emulation of a FMA and correctly rounded sums: proved
/// algorithms using rounding to odd, 2008.
#[inline(always)]
pub(super) fn fused_f32(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    // What rounding took away: exact, and NaN only where the sum is infinite or NaN.
    let of_c = sum - product;
    let error = (product - (sum - of_c)) + (c - of_c);
    let bits = sum.to_bits();
    let inexact = error.abs() > 0.0;
    let odd = if inexact && bits & 1 == 0 {
        // One step away from zero, or towards it.
        if (error > 0.0) == (sum > 0.0) { bits + 1 } else { bits - 1 }
    } else {
        bits
    };
    f64::from_bits(odd) as f32
}

/// `a · b + c`, rounded once: the `libm` crate's, in integer arithmetic.
#[inline(always)]
pub(super) fn fused_f64(a: f64, b: f64, c: f64) -> f64 {
    libm::fma(a, b, c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::{Purpose, Stream};

    #[test]
    fn the_bits_are_those_of_the_instruction() {
        let mut stream = Stream::new(1, Purpose::Generation);
        let edges = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            f32::EPSILON,
            f32::MIN_POSITIVE,
            f32::from_bits(1),
            f32::MAX,
            f32::INFINITY,
            f32::NAN,
            1.0 + f32::EPSILON,
            16_777_215.0,
        ];
        let mut number = || match stream.below(4) {
            0 => edges[stream.below(edges.len() as u32) as usize],
            1 => f32::from_bits(stream.below(u32::MAX)),
            // Few bits, so that exact results, ties and cancellation are common.
            2 => (stream.below(64) as f32 - 32.0) * f32::from_bits(stream.below(250) << 23),
            _ => stream.uniform_in(-2.0, 2.0) as f32,
        };
        for _ in 0..100_000 {
            let (a, b, mut c) = (number(), number(), number());
            for _ in 0..2 {
                let (found, expected) = (fused_f32(a, b, c), a.mul_add(b, c));
                assert!(
                    found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(),
                    "{a:e} · {b:e} + {c:e} = {expected:e}, not {found:e}"
                );
                // Again with what nearly cancels.
                c = -(a * b);
            }
        }
    }
}
