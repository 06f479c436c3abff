use std::ops::Range;

use crate::math::Scalar;
use crate::math::reduce;

/// The ranges of the blocks of `n_params` parameters: all of them, where no blocks are stated.
pub(super) fn ranges(
    blocks: &[Range<usize>],
    n_params: usize,
) -> impl Iterator<Item = Range<usize>> {
    let whole = blocks.is_empty().then_some(0..n_params);
    blocks.iter().cloned().chain(whole)
}

/// The trust ratio of a block: how long its parameters are, measured by the step they are to take,
/// `coefficient · ‖θ‖ / (‖u‖ + ε)`. 1 where one of the norms is zero, so that what is zero can move.
pub(super) fn trust_ratio<T: Scalar>(
    params: &[T],
    step_norm: T,
    coefficient: f64,
    epsilon: f64,
) -> f64 {
    let (length, step) = (reduce::norm(params).to_f64(), step_norm.to_f64());
    if length == 0.0 || step == 0.0 { 1.0 } else { coefficient * length / (step + epsilon) }
}
