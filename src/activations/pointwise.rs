use crate::math::Scalar;

/// Numbers in work at a time: two vectors of `f32`, four of `f64` on common processors. They stay
/// in registers between loading and storing.
const CHUNK: usize = 16;

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
        || {
            let (chunks, rest) = values.as_chunks_mut::<CHUNK>();
            let Some(slopes) = slopes else {
                for chunk in chunks {
                    *chunk = chunk.map(|z| rule(z).0);
                }
                for value in rest {
                    *value = rule(*value).0;
                }
                return;
            };
            let (chunks_of_slopes, rest_of_slopes) = slopes.as_chunks_mut::<CHUNK>();
            assert_eq!(chunks.len(), chunks_of_slopes.len(), "one slope for each value");
            assert_eq!(rest.len(), rest_of_slopes.len(), "one slope for each value");
            for (chunk, slopes) in chunks.iter_mut().zip(chunks_of_slopes) {
                let mut values = [T::ZERO; CHUNK];
                for ((value, slope), z) in values.iter_mut().zip(slopes).zip(*chunk) {
                    (*value, *slope) = rule(z);
                }
                *chunk = values;
            }
            for (value, slope) in rest.iter_mut().zip(rest_of_slopes) {
                (*value, *slope) = rule(*value);
            }
        },
    );
}
