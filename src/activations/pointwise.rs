use crate::math::Scalar;

/// Replaces each `z` by the first result of `rule(z)`, its value; writes the second, its slope, to
/// `slopes` where given. The loop runs with the vectors of the processor; the bits do not depend on
/// them.
#[inline(always)]
pub(super) fn apply_to_each<T: Scalar>(
    values: &mut [T],
    slopes: Option<&mut [T]>,
    rule: impl Fn(T) -> (T, T),
) {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || match slopes {
            Some(slopes) => {
                assert_eq!(values.len(), slopes.len());
                for (value, slope) in values.iter_mut().zip(slopes) {
                    (*value, *slope) = rule(*value);
                }
            }
            None => {
                for value in values {
                    *value = rule(*value).0;
                }
            }
        },
    );
}
