use super::Update;
use crate::math::Scalar;
use crate::math::team::Team;

/// From this many parameters on, choosing the processor's widest vectors at run time (some
/// nanoseconds) pays for itself.
const MIN_FOR_DISPATCH: usize = 256;

/// From this many parameters on for each, more threads pay for being woken.
const MIN_PER_THREAD: usize = 1 << 15;

/// Applies `rule` to every parameter by itself: it is given a parameter, its gradient and its
/// entries in the `N` state vectors, and returns the new parameter and the new entries.
///
/// The loop is compiled for narrow and for wide vectors, and shared among the team. `rule` must be
/// `#[inline(always)]`, own what it needs (`move`) and use plain `+ − × ÷ √`, so that all of them
/// give the same bits.
///
/// # Panics
/// Where the lengths differ.
#[inline(always)]
pub(super) fn elementwise<T: Scalar, const N: usize>(
    update: Update<'_, T>,
    vectors: [&mut [T]; N],
    rule: impl Fn(T, T, [T; N]) -> (T, [T; N]) + Copy + Send,
) {
    let Update { params, gradient, team, .. } = update;
    assert_eq!(params.len(), gradient.len());
    if params.len() < MIN_FOR_DISPATCH {
        apply(params, gradient, vectors, rule);
    } else {
        let n_parts = (params.len() / MIN_PER_THREAD).clamp(1, team.n_threads());
        share(params, gradient, vectors, rule, n_parts, team);
    }
}

/// The same on the gradient of the objective plus ½ `decay` ‖θ‖²: `rule` is given `g + decay θ` in
/// place of `g`. Without decay it is given `g` itself, bit for bit.
///
/// # Panics
/// Where the lengths differ.
#[inline(always)]
pub(super) fn elementwise_with_decay<T: Scalar, const N: usize>(
    update: Update<'_, T>,
    decay: f64,
    vectors: [&mut [T]; N],
    rule: impl Fn(T, T, [T; N]) -> (T, [T; N]) + Copy + Send,
) {
    if decay == 0.0 {
        return elementwise(update, vectors, rule);
    }
    let decay = T::from_f64(decay);
    elementwise(
        update,
        vectors,
        #[inline(always)]
        move |param, gradient, entries| rule(param, gradient + decay * param, entries),
    );
}

/// A weight decay as what is added to the gradient and what each parameter keeps of itself.
pub(super) fn split_decay(weight_decay: f64, decoupled: bool, rate: f64) -> (f64, f64) {
    if decoupled { (0.0, 1.0 - rate * weight_decay) } else { (weight_decay, 1.0) }
}

fn share<T: Scalar, const N: usize>(
    params: &mut [T],
    gradient: &[T],
    vectors: [&mut [T]; N],
    rule: impl Fn(T, T, [T; N]) -> (T, [T; N]) + Copy + Send,
    n_parts: usize,
    team: &Team,
) {
    if n_parts == 1 {
        return pulp::Arch::new().dispatch(
            #[inline(always)]
            move || apply(params, gradient, vectors, rule),
        );
    }
    let n_left = n_parts / 2;
    let middle = params.len() / n_parts * n_left;
    let (left, right) = params.split_at_mut(middle);
    let (left_gradient, right_gradient) = gradient.split_at(middle);
    let mut halves = vectors.map(|vector| vector.split_at_mut(middle));
    let left_vectors = halves.each_mut().map(|(left, _)| std::mem::take(left));
    let right_vectors = halves.map(|(_, right)| right);
    team.join(
        move || share(left, left_gradient, left_vectors, rule, n_left, team),
        move || share(right, right_gradient, right_vectors, rule, n_parts - n_left, team),
    );
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

    /// One call on a long vector (dispatched, shared) against one call per parameter (plain).
    fn wide_equals_narrow<T: Scalar>(n: usize, team: &Team) {
        let mut random = Stream::new(1, Purpose::Generation);
        let mut draw = || (0..n).map(|_| T::from_f64(random.normal())).collect::<Vec<T>>();
        let (params, gradient, first, second) = (draw(), draw(), draw(), draw());
        let mut wide = [params.clone(), first.clone(), second.clone()];
        let [p, a, b] = &mut wide;
        let update = Update::new(p, &gradient, 1.0, team);
        elementwise(update, [a, b], rule);
        let mut narrow = [params, first, second];
        let [p, a, b] = &mut narrow;
        for i in 0..n {
            let one = i..i + 1;
            let vectors = [&mut a[one.clone()], &mut b[one.clone()]];
            let (params, gradient) = (&mut p[one.clone()], &gradient[one]);
            elementwise(Update::new(params, gradient, 1.0, team), vectors, rule);
        }
        for (wide, narrow) in wide.iter().flatten().zip(narrow.iter().flatten()) {
            assert_eq!(wide.to_bits_u64(), narrow.to_bits_u64());
        }
    }

    #[test]
    fn long_vectors_get_the_bits_of_short_ones() {
        let n = 3 * MIN_FOR_DISPATCH + 5;
        wide_equals_narrow::<f32>(n, &Team::solo());
        wide_equals_narrow::<f64>(n, &Team::solo());
    }

    #[test]
    fn shared_vectors_get_the_bits_of_short_ones() {
        for n_threads in [2, 3, 8] {
            wide_equals_narrow::<f32>(9 * MIN_PER_THREAD + 7, &Team::new(n_threads));
        }
    }
}
