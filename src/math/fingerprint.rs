//! Short hashes of parameters, taken along the way of a run and compared by a replay.

use super::Scalar;

/// Independent 32-bit states, so that a vector unit can advance many at once.
const LANES: usize = 64;

/// Odd, near 2³² / golden ratio.
const LANE_FACTOR: u32 = 0x9e37_79b1;
/// Odd, near 2³² · (√2 − 1).
const WORD_FACTOR: u32 = 0x6a09_e667;
/// Odd, near 2⁶⁴ / golden ratio.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash of the bits of `parameters`, in their order; the same on every machine.
///
/// ```text
/// w₀, w₁, …  32-bit words: the bits of an f32, or the lower, then the upper half of an f64
/// lⱼ ← (j + 1) · a                                for lanes j = 0 … 63, modulo 2³²
/// lⱼ ← rotate(lⱼ + wᵢ · c, 13) · a,  j = i mod 64,  for every word in order
/// h  ← number of words · b
/// h  ← (rotate(h, 29) xor lⱼ) · b                 for every lane in order, modulo 2⁶⁴
/// h  ← h xor (h >> 32);  h ← h · b;  h ← h xor (h >> 29)
/// a = 9e3779b1₁₆,  b = 9e3779b97f4a7c15₁₆,  c = 6a09e667₁₆;  rotate moves bits to the left
/// ```
///
/// The step of a lane has the form of Y. Collet's xxHash (2012). Every step is invertible, so a change of any one word always changes the hash; other changes go
/// unseen with a probability near 2⁻³² within a lane. It guards against error, not against
/// malice.
pub fn fingerprint_of_parameters<T: Scalar>(parameters: &[T]) -> u64 {
    let mut lanes: [u32; LANES] =
        std::array::from_fn(|lane| (lane as u32 + 1).wrapping_mul(LANE_FACTOR));
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || match size_of::<T>() {
            4 => advance::<T, LANES, 1>(&mut lanes, parameters),
            _ => advance::<T, { LANES / 2 }, 2>(&mut lanes, parameters),
        },
    );
    let n_words = parameters.len() * (size_of::<T>() / 4);
    let mut hash = (n_words as u64).wrapping_mul(FACTOR);
    for lane in lanes {
        hash = (hash.rotate_left(29) ^ u64::from(lane)).wrapping_mul(FACTOR);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(FACTOR);
    hash ^ (hash >> 29)
}

/// Takes `BLOCK` numbers of `WORDS` words at a time.
#[inline(always)]
fn advance<T: Scalar, const BLOCK: usize, const WORDS: usize>(lanes: &mut [u32; LANES], x: &[T]) {
    let (blocks, rest) = x.as_chunks::<BLOCK>();
    for block in blocks {
        let mut words = [0; LANES];
        for (words, &x) in words.as_chunks_mut::<WORDS>().0.iter_mut().zip(block) {
            *words = words_of(x);
        }
        for (lane, word) in lanes.iter_mut().zip(words) {
            *lane = step(*lane, word);
        }
    }
    for (lanes, &x) in lanes.as_chunks_mut::<WORDS>().0.iter_mut().zip(rest) {
        for (lane, word) in lanes.iter_mut().zip(words_of::<T, WORDS>(x)) {
            *lane = step(*lane, word);
        }
    }
}

#[inline(always)]
fn step(lane: u32, word: u32) -> u32 {
    lane.wrapping_add(word.wrapping_mul(WORD_FACTOR)).rotate_left(13).wrapping_mul(LANE_FACTOR)
}

#[inline(always)]
fn words_of<T: Scalar, const WORDS: usize>(x: T) -> [u32; WORDS] {
    let bits = x.to_bits_u64();
    std::array::from_fn(|word| (bits >> (32 * word)) as u32)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The formula of the documentation, without blocks.
    fn plain(words: &[u32]) -> u64 {
        let mut lanes: Vec<u32> = (1..=64).map(|j: u32| j.wrapping_mul(0x9e37_79b1)).collect();
        for (i, word) in words.iter().enumerate() {
            let lane = &mut lanes[i % 64];
            let sum = u64::from(*lane) + u64::from(*word) * 0x6a09_e667;
            *lane = (sum as u32).rotate_left(13).wrapping_mul(0x9e37_79b1);
        }
        let b = 0x9e37_79b9_7f4a_7c15;
        let mut h = (words.len() as u64).wrapping_mul(b);
        for lane in lanes {
            h = (h.rotate_left(29) ^ u64::from(lane)).wrapping_mul(b);
        }
        h ^= h >> 32;
        h = h.wrapping_mul(b);
        h ^ (h >> 29)
    }

    #[test]
    fn hashes_follow_the_formula() {
        for len in [0, 1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 500] {
            let single: Vec<f32> = (0..len).map(|i| i as f32 * 0.37 - 11.0).collect();
            let words: Vec<u32> = single.iter().map(|x| x.to_bits()).collect();
            assert_eq!(fingerprint_of_parameters(&single), plain(&words), "{len}");
            let double: Vec<f64> = single.iter().map(|&x| f64::from(x).sqrt() + 0.1).collect();
            let words: Vec<u32> = double
                .iter()
                .flat_map(|x| [x.to_bits() as u32, (x.to_bits() >> 32) as u32])
                .collect();
            assert_eq!(fingerprint_of_parameters(&double), plain(&words), "{len}");
        }
    }

    #[test]
    fn recorded_hashes_hold_for_ever() {
        let single: Vec<f32> = (0..1000).map(|i| i as f32 / 8.0).collect();
        let double: Vec<f64> = (0..1000).map(|i| f64::from(i) / 8.0).collect();
        let hashes = [fingerprint_of_parameters(&single), fingerprint_of_parameters(&double)];
        assert_eq!(hashes, RECORDED, "{hashes:#018x?}");
    }

    const RECORDED: [u64; 2] = [0x30d767b8db9dd446, 0xcacf998d4f8ed1c1];

    #[test]
    fn any_flipped_bit_any_exchange_and_any_length_change_the_hash() {
        let x: Vec<f32> = (0..200).map(|i| (i as f32 + 0.5).sqrt()).collect();
        let mut seen = HashSet::from([fingerprint_of_parameters(&x)]);
        for i in 0..x.len() {
            for bit in 0..32 {
                let mut changed = x.clone();
                changed[i] = f32::from_bits(changed[i].to_bits() ^ (1 << bit));
                assert!(seen.insert(fingerprint_of_parameters(&changed)), "bit {bit} of {i}");
            }
            // Two signs in the same lane, and two neighbours exchanged.
            let mut changed = x.clone();
            let other = (i + 64) % x.len();
            (changed[i], changed[other]) = (-changed[i], -changed[other]);
            assert!(seen.insert(fingerprint_of_parameters(&changed)), "signs at {i}");
            let mut changed = x.clone();
            changed.swap(i, (i + 64) % x.len());
            assert!(seen.insert(fingerprint_of_parameters(&changed)), "exchange at {i}");
        }
        for len in 0..x.len() {
            assert!(seen.insert(fingerprint_of_parameters(&x[..len])), "length {len}");
        }
        assert!(seen.insert(fingerprint_of_parameters(&[0.0f32; 3])));
        assert!(seen.insert(fingerprint_of_parameters(&[0.0f32; 4])));
        assert!(seen.insert(fingerprint_of_parameters(&[-0.0f32; 4])));
    }
}
