//! Sums over vectors in an order fixed by the length alone: [`LANES`] running sums, element `i`
//! in lane `i mod LANES`, then a fixed tree over the lanes. Products are rounded before they are
//! added, so that short vectors need no special instructions and none depends on having them.

use super::Scalar;

/// Running sums kept side by side: four registers of eight `f32`, enough to hide the latency of
/// additions.
pub const LANES: usize = 32;

/// Terms of pairs computed at a time; a multiple of [`LANES`].
const STRETCH: usize = 8 * LANES;

/// Below this length the code of the oldest processors is as fast as asking for better.
const MIN_LEN_TO_DISPATCH: usize = 2 * LANES;

/// Runs `work` in the best vector code, if `len` makes it worth while.
#[inline(always)]
fn vectorized<R>(len: usize, work: impl Fn() -> R) -> R {
    if len < MIN_LEN_TO_DISPATCH { work() } else { pulp::Arch::new().dispatch(work) }
}

/// The sum over the lanes, a power of two of them: the upper half is added to the lower, until one
/// is left.
#[inline(always)]
pub(crate) fn fold<T: Scalar, const N: usize>(mut lanes: [T; N]) -> T {
    let mut width = N / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// Element `i` to lane `i mod LANES`.
#[inline(always)]
fn add_to_lanes<T: Scalar>(lanes: &mut [T; LANES], x: &[T], term: impl Fn(T) -> T) {
    let (blocks, rest) = x.as_chunks::<LANES>();
    for block in blocks {
        for (lane, &value) in lanes.iter_mut().zip(block) {
            *lane += term(value);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane += term(value);
    }
}

/// `Σᵢ term(xᵢ)` in the order of this module.
#[inline(always)]
fn sum_of<T: Scalar>(x: &[T], term: impl Fn(T) -> T + Copy) -> T {
    vectorized(
        x.len(),
        #[inline(always)]
        || {
            let mut lanes = [T::ZERO; LANES];
            add_to_lanes(&mut lanes, x, term);
            fold(lanes)
        },
    )
}

/// `Σᵢ term(xᵢ, yᵢ)` in the order of this module; both of the same length.
#[inline(always)]
fn sum_of_pairs<T: Scalar>(x: &[T], y: &[T], term: impl Fn(T, T) -> T + Copy) -> T {
    assert_eq!(x.len(), y.len());
    vectorized(
        x.len(),
        #[inline(always)]
        || {
            // First the terms of a stretch, then their sums: each of the two loops becomes vector
            // code, where a single one would not.
            let mut lanes = [T::ZERO; LANES];
            let mut terms = [T::ZERO; STRETCH];
            for (x, y) in x.chunks(STRETCH).zip(y.chunks(STRETCH)) {
                let terms = &mut terms[..x.len()];
                for ((value, &x), &y) in terms.iter_mut().zip(x).zip(y) {
                    *value = term(x, y);
                }
                add_to_lanes(
                    &mut lanes,
                    terms,
                    #[inline(always)]
                    |x| x,
                );
            }
            fold(lanes)
        },
    )
}

/// `Σᵢ xᵢ`.
pub fn sum<T: Scalar>(x: &[T]) -> T {
    sum_of(
        x,
        #[inline(always)]
        |x| x,
    )
}

/// `Σᵢ xᵢ yᵢ`; both vectors of the same length.
pub fn dot<T: Scalar>(x: &[T], y: &[T]) -> T {
    sum_of_pairs(
        x,
        y,
        #[inline(always)]
        |x, y| x * y,
    )
}

/// `Σᵢ xᵢ²`.
pub fn sum_of_squares<T: Scalar>(x: &[T]) -> T {
    sum_of(
        x,
        #[inline(always)]
        |x| x * x,
    )
}

/// `√(Σᵢ xᵢ²)`.
pub fn norm<T: Scalar>(x: &[T]) -> T {
    sum_of_squares(x).sqrt()
}

/// `√(Σᵢ (xᵢ − yᵢ)²)`; both vectors of the same length.
pub fn distance<T: Scalar>(x: &[T], y: &[T]) -> T {
    sum_of_pairs(
        x,
        y,
        #[inline(always)]
        |x, y| (x - y) * (x - y),
    )
    .sqrt()
}

/// `√(Σᵢ (xᵢ + a yᵢ)²)`; both vectors of the same length.
pub fn norm_of_sum<T: Scalar>(x: &[T], a: T, y: &[T]) -> T {
    sum_of_pairs(
        x,
        y,
        #[inline(always)]
        |x, y| (x + a * y) * (x + a * y),
    )
    .sqrt()
}

/// `Σᵢ |xᵢ|`.
pub fn sum_of_magnitudes<T: Scalar>(x: &[T]) -> T {
    sum_of(
        x,
        #[inline(always)]
        |x| x.abs(),
    )
}

#[inline(always)]
fn larger<T: Scalar>(a: T, b: T) -> T {
    if b > a { b } else { a }
}

/// `maxᵢ |xᵢ|`, and 0 for no elements; NaN are passed over.
pub fn largest_magnitude<T: Scalar>(x: &[T]) -> T {
    vectorized(
        x.len(),
        #[inline(always)]
        || {
            let mut lanes = [T::ZERO; LANES];
            let (blocks, rest) = x.as_chunks::<LANES>();
            for block in blocks {
                for (lane, &value) in lanes.iter_mut().zip(block) {
                    *lane = larger(*lane, value.abs());
                }
            }
            for (lane, &value) in lanes.iter_mut().zip(rest) {
                *lane = larger(*lane, value.abs());
            }
            lanes.into_iter().fold(T::ZERO, larger)
        },
    )
}

/// Whether no element is infinite or NaN.
pub fn all_finite<T: Scalar>(x: &[T]) -> bool {
    vectorized(
        x.len(),
        #[inline(always)]
        || {
            // Zero times a number is zero, except for infinity and NaN.
            let mut lanes = [T::ZERO; LANES];
            add_to_lanes(
                &mut lanes,
                x,
                #[inline(always)]
                |x| x * T::ZERO,
            );
            fold(lanes) == T::ZERO
        },
    )
}

/// `y += a x`; both vectors of the same length.
pub fn add_scaled<T: Scalar>(a: T, x: &[T], y: &mut [T]) {
    assert_eq!(x.len(), y.len());
    if x.len() < MIN_LEN_TO_DISPATCH {
        for (y, &x) in y.iter_mut().zip(x) {
            *y += a * x;
        }
    } else {
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || {
                for (y, &x) in y.iter_mut().zip(x) {
                    *y += a * x;
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::{Purpose, Stream};

    /// The law of this module, word for word.
    fn plain_sum<T: Scalar>(terms: impl Iterator<Item = T>) -> T {
        let mut lanes = [T::ZERO; LANES];
        for (i, term) in terms.enumerate() {
            lanes[i % LANES] += term;
        }
        for width in [16, 8, 4, 2, 1] {
            for lane in 0..width {
                lanes[lane] += lanes[lane + width];
            }
        }
        lanes[0]
    }

    fn compare<T: Scalar>() {
        let mut stream = Stream::new(7, Purpose::Generation);
        let mut random = || T::from_f64(stream.uniform_in(-1.0, 1.0));
        for len in (0..200).chain([1000, 4099]) {
            let x: Vec<T> = (0..len).map(|_| random()).collect();
            let y: Vec<T> = (0..len).map(|_| random()).collect();
            let pairs = || x.iter().copied().zip(y.iter().copied());
            let bits = |x: T| x.to_bits_u64();
            assert_eq!(bits(sum(&x)), bits(plain_sum(x.iter().copied())), "{len}");
            assert_eq!(bits(dot(&x, &y)), bits(plain_sum(pairs().map(|(x, y)| x * y))), "{len}");
            let squares = plain_sum(x.iter().map(|&x| x * x));
            assert_eq!(bits(sum_of_squares(&x)), bits(squares), "{len}");
            assert_eq!(bits(norm(&x)), bits(squares.sqrt()), "{len}");
            let magnitudes = plain_sum(x.iter().map(|&x| x.abs()));
            assert_eq!(bits(sum_of_magnitudes(&x)), bits(magnitudes), "{len}");
            let squares = plain_sum(pairs().map(|(x, y)| (x - y) * (x - y)));
            assert_eq!(bits(distance(&x, &y)), bits(squares.sqrt()), "{len}");
            let largest = x.iter().fold(T::ZERO, |largest, x| largest.max(x.abs()));
            assert_eq!(bits(largest_magnitude(&x)), bits(largest), "{len}");
            let a = random();
            let squares = plain_sum(pairs().map(|(x, y)| (x + a * y) * (x + a * y)));
            assert_eq!(bits(norm_of_sum(&x, a, &y)), bits(squares.sqrt()), "{len}");
            let mut moved = y.clone();
            add_scaled(a, &x, &mut moved);
            assert!(
                moved.iter().zip(pairs()).all(|(&moved, (x, y))| bits(moved) == bits(y + a * x))
            );
        }
    }

    #[test]
    fn sums_have_the_bits_of_the_plain_law() {
        compare::<f32>();
        compare::<f64>();
    }

    #[test]
    fn sums_of_small_integers_are_exact() {
        let x: Vec<f32> = (1..=1000).map(|i| i as f32).collect();
        assert_eq!(sum(&x), 500_500.0);
        assert_eq!(dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, -6.0]), -4.0);
        assert_eq!(norm(&[3.0, 4.0]), 5.0);
        assert_eq!(distance(&[1.0, 1.0], &[4.0, 5.0]), 5.0);
        assert_eq!(sum_of_magnitudes(&[1.0, -2.0]), 3.0);
        assert_eq!(largest_magnitude(&[1.0, -2.0, f64::NAN]), 2.0);
    }

    #[test]
    fn one_bad_number_anywhere_is_found() {
        for len in [1, 5, 63, 64, 65, 200] {
            let mut x = vec![f32::MAX; len];
            assert!(all_finite(&x));
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for i in 0..len {
                    x[i] = bad;
                    assert!(!all_finite(&x), "{bad} at {i} of {len}");
                    x[i] = -1.0;
                }
            }
        }
        assert!(all_finite::<f64>(&[]));
    }
}
