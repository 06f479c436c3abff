use crate::math::Scalar;

/// Replaces each `z` by the first result of `rule(z)`, its value; writes the second, its slope, to
/// `slopes` where given. The loop runs with the vectors of the processor; the bits do not depend on
/// them.
///
/// `CHUNK` numbers are in work at a time. Their results go to a place of their own before they are
/// stored, so that the compiler need not fear that a store changes what is loaded next. A rule of a
/// few operations is fastest with 16, which stay in registers; a longer one needs 64, so that the
/// compiler keeps the loop and makes it one over vectors.
#[inline(always)]
pub(super) fn apply_to_each<const CHUNK: usize, T: Scalar>(
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
                    let mut values = [T::ZERO; CHUNK];
                    for (value, z) in values.iter_mut().zip(chunk.iter()) {
                        *value = rule(*z).0;
                    }
                    *chunk = values;
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
                if CHUNK <= 16 {
                    for ((value, slope), z) in values.iter_mut().zip(slopes).zip(*chunk) {
                        (*value, *slope) = rule(z);
                    }
                } else {
                    // The slopes too, or a long rule is not made one over vectors.
                    let mut new_slopes = [T::ZERO; CHUNK];
                    let results = values.iter_mut().zip(&mut new_slopes);
                    for ((value, slope), z) in results.zip(chunk.iter()) {
                        (*value, *slope) = rule(*z);
                    }
                    *slopes = new_slopes;
                }
                *chunk = values;
            }
            for (value, slope) in rest.iter_mut().zip(rest_of_slopes) {
                (*value, *slope) = rule(*value);
            }
        },
    );
}
