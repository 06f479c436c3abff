use crate::math::Scalar;

/// Running sums over samples: sample `i` is added to sum `i mod LANES`, whatever the processor.
pub(super) const LANES: usize = 16;

/// The sum of `lanes`, the upper half added to the lower until one is left; their number must be a
/// power of two.
#[inline(always)]
pub(super) fn fold<T: Scalar, const N: usize>(mut lanes: [T; N]) -> T {
    let mut width = N / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// The mean over samples of the first result of `rule(output, target)`, the cost of one sample.
#[inline(always)]
pub(super) fn mean<T: Scalar, Y: Copy>(
    outputs: &[T],
    targets: &[Y],
    rule: impl Fn(T, Y) -> (T, T),
) -> T {
    assert_eq!(outputs.len(), targets.len(), "one output and one target for each sample");
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            let mut lanes = [T::ZERO; LANES];
            let (outputs_by_lane, last_outputs) = outputs.as_chunks::<LANES>();
            let (targets_by_lane, last_targets) = targets.as_chunks::<LANES>();
            for (outputs, targets) in outputs_by_lane.iter().zip(targets_by_lane) {
                for lane in 0..LANES {
                    lanes[lane] += rule(outputs[lane], targets[lane]).0;
                }
            }
            for ((lane, output), target) in lanes.iter_mut().zip(last_outputs).zip(last_targets) {
                *lane += rule(*output, *target).0;
            }
            fold(lanes) / T::from_f64(outputs.len() as f64)
        },
    )
}

/// The same [`mean`]; its gradient, the second result of `rule` divided by the number of samples,
/// is written to `gradient`.
#[inline(always)]
pub(super) fn mean_and_gradient<T: Scalar, Y: Copy>(
    outputs: &[T],
    targets: &[Y],
    gradient: &mut [T],
    rule: impl Fn(T, Y) -> (T, T),
) -> T {
    assert_eq!(outputs.len(), targets.len(), "one output and one target for each sample");
    assert_eq!(outputs.len(), gradient.len(), "one slope for each output");
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            let n_samples = T::from_f64(outputs.len() as f64);
            let share = T::ONE / n_samples;
            let mut lanes = [T::ZERO; LANES];
            let (outputs_by_lane, last_outputs) = outputs.as_chunks::<LANES>();
            let (targets_by_lane, last_targets) = targets.as_chunks::<LANES>();
            let (slopes_by_lane, last_slopes) = gradient.as_chunks_mut::<LANES>();
            for ((outputs, targets), slopes) in
                outputs_by_lane.iter().zip(targets_by_lane).zip(slopes_by_lane)
            {
                for lane in 0..LANES {
                    let (cost, slope) = rule(outputs[lane], targets[lane]);
                    lanes[lane] += cost;
                    slopes[lane] = share * slope;
                }
            }
            for (((lane, output), target), share_of_slope) in
                lanes.iter_mut().zip(last_outputs).zip(last_targets).zip(last_slopes)
            {
                let (cost, slope) = rule(*output, *target);
                *lane += cost;
                *share_of_slope = share * slope;
            }
            fold(lanes) / n_samples
        },
    )
}
