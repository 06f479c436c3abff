//! Sums over vectors in an order fixed by the length alone: [`LANES`] running sums, element `i`
//! in lane `i mod LANES`, then a fixed tree over the lanes.

use super::Scalar;

/// Running sums kept side by side.
pub const LANES: usize = 16;

fn fold<T: Scalar>(mut lanes: [T; LANES]) -> T {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// `Σᵢ xᵢ`.
pub fn sum<T: Scalar>(x: &[T]) -> T {
    let mut lanes = [T::ZERO; LANES];
    for (i, &value) in x.iter().enumerate() {
        lanes[i % LANES] += value;
    }
    fold(lanes)
}

/// `Σᵢ xᵢ yᵢ`, each product fused into its lane.
pub fn dot<T: Scalar>(x: &[T], y: &[T]) -> T {
    assert_eq!(x.len(), y.len());
    let mut lanes = [T::ZERO; LANES];
    for (i, (&a, &b)) in x.iter().zip(y).enumerate() {
        lanes[i % LANES] = a.mul_add(b, lanes[i % LANES]);
    }
    fold(lanes)
}

/// `√(Σᵢ xᵢ²)`.
pub fn norm<T: Scalar>(x: &[T]) -> T {
    dot(x, x).sqrt()
}

/// `Σᵢ |xᵢ|`.
pub fn sum_of_magnitudes<T: Scalar>(x: &[T]) -> T {
    let mut lanes = [T::ZERO; LANES];
    for (i, &value) in x.iter().enumerate() {
        lanes[i % LANES] += value.abs();
    }
    fold(lanes)
}
