use super::Samples;
use crate::math::Scalar;
use crate::math::reduce::{self, LANES, fold};

/// Costs and slopes of a whole block of samples: one loop over vectors.
#[inline(always)]
fn block<T: Scalar, Y: Copy>(
    outputs: &[T; LANES],
    targets: &[Y; LANES],
    rule: impl Fn(T, Y) -> (T, T),
) -> ([T; LANES], [T; LANES]) {
    let (mut costs, mut slopes) = ([T::ZERO; LANES], [T::ZERO; LANES]);
    for lane in 0..LANES {
        (costs[lane], slopes[lane]) = rule(outputs[lane], targets[lane]);
    }
    (costs, slopes)
}

/// The sum over samples of the costs, the first result of `rule(output, target)`. The slopes, the
/// second, are handed to `keep` block by block, with the index of the block.
#[inline(always)]
fn sum<T: Scalar, Y: Copy>(
    outputs: &[T],
    targets: &[Y],
    rule: impl Fn(T, Y) -> (T, T),
    mut keep: impl FnMut(usize, &[T]),
) -> T {
    assert_eq!(outputs.len(), targets.len(), "one output and one target for each sample");
    let mut lanes = [T::ZERO; LANES];
    let (outputs, last_outputs) = outputs.as_chunks::<LANES>();
    let (targets, last_targets) = targets.as_chunks::<LANES>();
    for (index, (outputs, targets)) in outputs.iter().zip(targets).enumerate() {
        let (costs, slopes) = block(outputs, targets, &rule);
        for (lane, cost) in lanes.iter_mut().zip(costs) {
            *lane += cost;
        }
        keep(index, &slopes);
    }
    if let Some(target) = last_targets.first() {
        // The rest as a block too, filled up with samples that are not counted.
        let n_left = last_targets.len();
        let (mut filled_outputs, mut filled_targets) = ([T::ZERO; LANES], [*target; LANES]);
        filled_outputs[..n_left].copy_from_slice(last_outputs);
        filled_targets[..n_left].copy_from_slice(last_targets);
        let (costs, slopes) = block(&filled_outputs, &filled_targets, &rule);
        for (lane, cost) in lanes.iter_mut().zip(costs).take(n_left) {
            *lane += cost;
        }
        keep(outputs.len(), &slopes[..n_left]);
    }
    fold(lanes)
}

/// The mean over samples of the first result of `rule(output, target)`, the cost of one sample. Its
/// gradient, the second result divided by the number of samples, is written to `gradient` if given.
/// `targets` are those of `samples`, as numbers or classes.
///
/// With weights, one for each sample, it is the weighted mean `Σᵢ wᵢ cᵢ / Σᵢ wᵢ`. A sample of weight 0
/// counts for nothing, whatever its cost; where all are 0, value and gradient are 0.
#[inline(always)]
pub(super) fn mean<T: Scalar, Y: Copy>(
    samples: Samples<'_, T>,
    targets: &[Y],
    gradient: Option<&mut [T]>,
    rule: impl Fn(T, Y) -> (T, T),
) -> T {
    let outputs = samples.outputs;
    if let Some(weights) = samples.weights {
        return weighted_mean(outputs, targets, weights, gradient, rule);
    }
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            let n_samples = T::from_f64(outputs.len() as f64);
            let share = T::ONE / n_samples;
            let sum = match gradient {
                None => sum(outputs, targets, rule, |_, _| {}),
                Some(gradient) => {
                    assert_eq!(outputs.len(), gradient.len(), "one slope for each output");
                    sum(outputs, targets, rule, |index, slopes| {
                        for (kept, slope) in gradient[LANES * index..].iter_mut().zip(slopes) {
                            *kept = share * *slope;
                        }
                    })
                }
            };
            sum / n_samples
        },
    )
}

/// [`mean`] where samples have weights.
#[inline(always)]
fn weighted_mean<T: Scalar, Y: Copy>(
    outputs: &[T],
    targets: &[Y],
    weights: &[T],
    mut gradient: Option<&mut [T]>,
    rule: impl Fn(T, Y) -> (T, T),
) -> T {
    assert_eq!(outputs.len(), targets.len(), "one output and one target for each sample");
    assert_eq!(outputs.len(), weights.len(), "one weight for each sample");
    if let Some(gradient) = &gradient {
        assert_eq!(outputs.len(), gradient.len(), "one slope for each output");
    }
    let total = reduce::sum(weights);
    if total == T::ZERO {
        if let Some(gradient) = gradient {
            gradient.fill(T::ZERO);
        }
        return T::ZERO;
    }
    let times = |weight: T, x: T| if weight > T::ZERO { weight * x } else { T::ZERO };
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            let share = T::ONE / total;
            let mut lanes = [T::ZERO; LANES];
            let pieces = outputs.chunks(LANES).zip(targets.chunks(LANES));
            for (index, ((outputs, targets), weights)) in
                pieces.zip(weights.chunks(LANES)).enumerate()
            {
                // The last block is filled up with samples of weight 0.
                let (mut some_outputs, mut some_targets) = ([T::ZERO; LANES], [targets[0]; LANES]);
                let mut some_weights = [T::ZERO; LANES];
                some_outputs[..outputs.len()].copy_from_slice(outputs);
                some_targets[..targets.len()].copy_from_slice(targets);
                some_weights[..weights.len()].copy_from_slice(weights);
                let (costs, slopes) = block(&some_outputs, &some_targets, &rule);
                for lane in 0..LANES {
                    lanes[lane] += times(some_weights[lane], costs[lane]);
                }
                if let Some(gradient) = &mut gradient {
                    let kept = &mut gradient[LANES * index..][..weights.len()];
                    for ((kept, slope), weight) in kept.iter_mut().zip(slopes).zip(weights) {
                        *kept = times(share * *weight, slope);
                    }
                }
            }
            fold(lanes) / total
        },
    )
}
