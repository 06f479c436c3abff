use crate::math::Scalar;

/// From this many parameters on, choosing the processor's widest vectors at run time (some
/// nanoseconds) pays for itself.
const MIN_FOR_DISPATCH: usize = 256;

/// Applies `rule` to every parameter by itself: it is given a parameter, its gradient and its
/// entries in the `N` state vectors, and returns the new parameter and the new entries.
///
/// The loop is compiled for narrow and for wide vectors. `rule` must be `#[inline(always)]` and use
/// plain `+ − × ÷ √`, so that both give the same bits.
///
/// # Panics
/// Where the lengths differ.
#[inline(always)]
pub(super) fn elementwise<T: Scalar, const N: usize>(
    params: &mut [T],
    gradient: &[T],
    vectors: [&mut [T]; N],
    rule: impl Fn(T, T, [T; N]) -> (T, [T; N]),
) {
    assert_eq!(params.len(), gradient.len());
    if params.len() < MIN_FOR_DISPATCH {
        apply(params, gradient, vectors, rule);
    } else {
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || apply(params, gradient, vectors, rule),
        );
    }
}

#[inline(always)]
fn apply<T: Scalar, const N: usize>(
    params: &mut [T],
    gradient: &[T],
    vectors: [&mut [T]; N],
    rule: impl Fn(T, T, [T; N]) -> (T, [T; N]),
) {
    // Equal lengths, visible to the compiler, take the bounds checks out of the loop.
    let n = params.len();
    let gradient = &gradient[..n];
    let vectors = vectors.map(|vector| &mut vector[..n]);
    for i in 0..n {
        let (param, entries) = rule(params[i], gradient[i], std::array::from_fn(|k| vectors[k][i]));
        params[i] = param;
        for k in 0..N {
            vectors[k][i] = entries[k];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::{Purpose, Stream};

    #[inline(always)]
    fn rule<T: Scalar>(param: T, gradient: T, [a, b]: [T; 2]) -> (T, [T; 2]) {
        let a = a * T::from_f64(0.9) + gradient * T::from_f64(0.1);
        let b = b * b + gradient * gradient;
        (param - a / (b.sqrt() + T::EPSILON), [a, b])
    }

    /// One call on a long vector (dispatched) against one call per parameter (plain).
    fn wide_equals_narrow<T: Scalar>() {
        let n = 3 * MIN_FOR_DISPATCH + 5;
        let mut random = Stream::new(1, Purpose::Generation);
        let mut draw = || (0..n).map(|_| T::from_f64(random.normal())).collect::<Vec<T>>();
        let (params, gradient, first, second) = (draw(), draw(), draw(), draw());
        let mut wide = [params.clone(), first.clone(), second.clone()];
        let [p, a, b] = &mut wide;
        elementwise(p, &gradient, [a, b], rule);
        let mut narrow = [params, first, second];
        let [p, a, b] = &mut narrow;
        for i in 0..n {
            let one = i..i + 1;
            let vectors = [&mut a[one.clone()], &mut b[one.clone()]];
            elementwise(&mut p[one.clone()], &gradient[one], vectors, rule);
        }
        for (wide, narrow) in wide.iter().flatten().zip(narrow.iter().flatten()) {
            assert_eq!(wide.to_bits_u64(), narrow.to_bits_u64());
        }
    }

    #[test]
    fn long_vectors_get_the_bits_of_short_ones() {
        wide_equals_narrow::<f32>();
        wide_equals_narrow::<f64>();
    }
}
