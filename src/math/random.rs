//! Seeded random numbers, the same on every machine and for ever.
//!
//! A seed gives one independent stream per [`Purpose`], so that changing how one part of an
//! experiment draws (dropout, say) leaves the others (the split, the initial weights) as they were.
//! The generator is ChaCha8; the sampling code is this module's own, since libraries may change
//! theirs.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::elementary::double;

/// The key of a seed's streams is the seed's 8 bytes, the lowest first, and these.
const KEY: &[u8; 24] = b"descent random streams 1";

/// What a stream of random numbers is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Dividing samples into train, validation and test.
    Split = 1,
    /// Initial parameters.
    Initialization = 2,
    /// The order of samples in each epoch.
    Shuffling = 3,
    /// Generated data sets.
    Generation = 4,
    /// Noise added to gradients.
    GradientNoise = 5,
    /// Noise on the values and gradients of surfaces.
    SurfaceNoise = 6,
    /// Changes of training samples.
    Augmentation = 7,
}

/// A stream of random numbers for one purpose.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
}

impl Stream {
    /// The stream of `seed` for `purpose`.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        Self::numbered(seed, purpose, 0)
    }

    /// One of many streams of `seed` for `purpose`: of a step, say. Number 0 is the one that
    /// [`new`](Self::new) gives; numbers are below 2⁵⁶.
    pub fn numbered(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..].copy_from_slice(KEY);
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(purpose as u64 | number << 8);
        Self { generator }
    }

    /// Uniform in `[0, 1)`, a multiple of 2⁻⁵³.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in `[low, high)`, for finite `low < high`.
    #[inline]
    pub fn uniform_in(&mut self, low: f64, high: f64) -> f64 {
        // Rounding may reach the upper end, which does not belong to the range.
        let x = low + (high - low) * self.uniform();
        if x < high { x } else { high.next_down() }
    }

    /// Uniform among `0 … n − 1`, without bias; `n` must not be 0
    /// (D. Lemire, Fast random integer generation in an interval, 2019).
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        assert_ne!(n, 0, "no number is below 0");
        let mut product = u64::from(self.generator.next_u32()) * u64::from(n);
        // Division is slow, and only this few values could be more frequent than others.
        if (product as u32) < n {
            let threshold = n.wrapping_neg() % n;
            while (product as u32) < threshold {
                product = u64::from(self.generator.next_u32()) * u64::from(n);
            }
        }
        (product >> 32) as u32
    }

    /// Normal with mean 0 and standard deviation 1, by the polar method
    /// (G. Marsaglia & T. A. Bray, A convenient method for generating normal variables, 1964).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = x * x + y * y;
            if s > 0.0 && s < 1.0 {
                return x * (-2.0 * double::ln(s) / s).sqrt();
            }
        }
    }

    /// The logarithm of a number from the gamma distribution with the shape `alpha` above 0 and the scale
    /// 1, which itself may be too small for an `f64`
    /// (G. Marsaglia & W. W. Tsang, A simple method for generating gamma variables, 2000).
    fn ln_gamma(&mut self, alpha: f64) -> f64 {
        if alpha < 1.0 {
            let ln_power = double::ln(1.0 - self.uniform()) / alpha;
            return self.ln_gamma(alpha + 1.0) + ln_power;
        }
        let d = alpha - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let ln_v = double::ln(v);
            if double::ln(1.0 - self.uniform()) < 0.5 * x * x + d - d * v + d * ln_v {
                return double::ln(d) + ln_v;
            }
        }
    }

    /// From the beta distribution with both shapes `alpha`, above 0: symmetric about ½, from near 0 and 1
    /// alone where `alpha` is small to near ½ alone where it is large. As a share of two gamma variables.
    pub fn beta(&mut self, alpha: f64) -> f64 {
        let ln_first = self.ln_gamma(alpha);
        double::sigmoid(ln_first - self.ln_gamma(alpha))
    }

    /// Puts `items` (fewer than 2³²) in random order, each order equally likely
    /// (R. A. Fisher & F. Yates, Statistical Tables, 1938).
    pub fn shuffle<I>(&mut self, items: &mut [I]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }

    /// How many 32-bit words of the stream have been used, for checkpoints. (At a billion words per
    /// second the count would overflow after five centuries.)
    pub fn position(&self) -> u64 {
        self.generator.get_word_pos() as u64
    }

    /// Goes back (or forward) to a [`position`](Self::position).
    pub fn set_position(&mut self, position: u64) {
        self.generator.set_word_pos(u128::from(position));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PURPOSES: [Purpose; 4] =
        [Purpose::Split, Purpose::Initialization, Purpose::Shuffling, Purpose::Generation];

    /// First, second and 24th 64-bit word; from `tests/references/streams.py`.
    const WORDS: [(u64, Purpose, [u64; 3]); 8] = [
        (1, Purpose::Split, [0xe6f1475b998d842c, 0x89a359de0dd349aa, 0x1b60168cdc828f5a]),
        (1, Purpose::Initialization, [0xbcdf7e03adb72518, 0xf01186d89c58e1b0, 0x35459ebec1604be9]),
        (1, Purpose::Shuffling, [0x1ec6325188e4c938, 0x805b2f12d9061ede, 0xf61bd4dda0678a41]),
        (1, Purpose::Generation, [0x743ff66e1bf1df4d, 0x13260c1c06565327, 0x052e6678c5a2f628]),
        (
            9223372036854775813,
            Purpose::Split,
            [0x021ee452cbcfc10f, 0x74711f8c3b12c092, 0xb05c37f83c80e34e],
        ),
        (
            9223372036854775813,
            Purpose::Initialization,
            [0x70cfc344f97fe006, 0x166d1737a9a64863, 0xac17a5080fa7c4f4],
        ),
        (
            9223372036854775813,
            Purpose::Shuffling,
            [0x2c738aa101594eac, 0x95f28facd7da6ec3, 0xbf03f6d733e162eb],
        ),
        (
            9223372036854775813,
            Purpose::Generation,
            [0xf23f37561a7b627e, 0xfe40421af65a5250, 0x31952f82770c469e],
        ),
    ];

    #[test]
    fn streams_are_those_of_the_definition() {
        for (seed, purpose, words) in WORDS {
            let mut stream = Stream::new(seed, purpose);
            let found: Vec<u64> = (0..24).map(|_| stream.generator.next_u64()).collect();
            assert_eq!([found[0], found[1], found[23]], words, "{seed} {purpose:?}");
        }
    }

    /// What a user of a stream sees: three uniforms, three normals (in bits), and a shuffled deck.
    fn sample(stream: &mut Stream) -> ([u64; 6], [u32; 10]) {
        let mut deck = std::array::from_fn(|i| i as u32);
        let uniform = [(); 3].map(|()| stream.uniform().to_bits());
        let normal = [(); 3].map(|()| stream.normal().to_bits());
        stream.shuffle(&mut deck);
        let [a, b, c] = uniform;
        let [d, e, f] = normal;
        ([a, b, c, d, e, f], deck)
    }

    #[test]
    fn recorded_values_hold_for_ever() {
        let found = PURPOSES.map(|purpose| sample(&mut Stream::new(1, purpose)));
        assert_eq!(found, RECORDED, "{found:#x?}");
    }

    const RECORDED: [([u64; 6], [u32; 10]); 4] = [
        (
            [
                0x3fecde28eb7331b0,
                0x3fe1346b3bc1ba69,
                0x3fbd7004ec06d010,
                0xbfd3953db1618fee,
                0xbfd5606eb85eb7a4,
                0xbfe6e64d0c40cf89,
            ],
            [8, 3, 6, 1, 7, 9, 0, 4, 5, 2],
        ),
        (
            [
                0x3fe79befc075b6e4,
                0x3fee0230db138b1c,
                0x3fea2773a034cb31,
                0x3ff60deaf33e488b,
                0xbfca36791b7b361a,
                0xbfd7694fbdd0bf66,
            ],
            [7, 3, 2, 8, 9, 0, 5, 6, 4, 1],
        ),
        (
            [
                0x3fbec6325188e4c8,
                0x3fe00b65e25b20c3,
                0x3feb1109c3b084bb,
                0xbfd567851e71193b,
                0x3fc2729412eb2aff,
                0x3fe7e52128a792ce,
            ],
            [9, 7, 5, 3, 8, 4, 2, 6, 0, 1],
        ),
        (
            [
                0x3fdd0ffd9b86fc76,
                0x3fb3260c1c065650,
                0x3fb7d32251884c00,
                0x4004e95e9272d8bb,
                0xbff14b0637c4d5a3,
                0x3fb801793450f522,
            ],
            [9, 8, 6, 7, 2, 5, 0, 1, 3, 4],
        ),
    ];

    #[test]
    fn a_stream_continues_from_any_position() {
        let mut stream = Stream::new(3, Purpose::Shuffling);
        for step in 0..300 {
            let position = stream.position();
            assert_eq!(stream.clone().position(), position);
            let mut restored = Stream::new(3, Purpose::Shuffling);
            restored.set_position(position);
            let mut straight = stream.clone();
            assert_eq!(sample(&mut straight), sample(&mut restored), "position {position}");
            assert_eq!(straight.position(), restored.position());
            // Odd and even numbers of 32-bit words.
            if step % 3 == 0 {
                stream.uniform();
            } else {
                stream.below(1000);
            }
            assert_eq!(stream.position(), position + if step % 3 == 0 { 2 } else { 1 });
        }
    }

    #[test]
    fn numbers_below_a_bound_are_equally_likely() {
        let mut stream = Stream::new(5, Purpose::Split);
        // A sixth of 2³² would be left over without the rejections: 3 · 2³⁰ has the largest bias.
        let n = 3 << 30;
        let mut counts = [0; 3];
        for _ in 0..30_000 {
            counts[(stream.below(n) >> 30) as usize] += 1;
        }
        // Standard deviation 82; without rejections the first count would be 15,000.
        assert!(counts.iter().all(|&count: &i32| (count - 10_000).abs() < 400), "{counts:?}");
        let mut counts = [0; 7];
        for _ in 0..70_000 {
            counts[stream.below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|&count: &i32| (count - 10_000).abs() < 450), "{counts:?}");
        assert_eq!(stream.below(1), 0);
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut stream = Stream::new(6, Purpose::Generation);
        let n = 100_000;
        let moments = |values: &[f64]| {
            let mean = values.iter().sum::<f64>() / n as f64;
            let power = |k: i32| {
                values.iter().map(|x| (0..k).fold(1.0, |p, _| p * (x - mean))).sum::<f64>()
                    / n as f64
            };
            [mean, power(2), power(3), power(4)]
        };
        let close = |found: [f64; 4], expected: [f64; 4], tolerances: [f64; 4]| {
            for i in 0..4 {
                assert!((found[i] - expected[i]).abs() < tolerances[i], "{found:?}");
            }
        };
        // Tolerances: five standard deviations of the estimates.
        let uniform: Vec<f64> = (0..n).map(|_| stream.uniform()).collect();
        assert!(uniform.iter().all(|x| (0.0..1.0).contains(x)));
        close(
            moments(&uniform),
            [0.5, 1.0 / 12.0, 0.0, 1.0 / 80.0],
            [0.005, 0.0012, 0.0006, 0.0003],
        );
        let normal: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        close(moments(&normal), [0.0, 1.0, 0.0, 3.0], [0.016, 0.023, 0.04, 0.16]);
    }

    /// Mean ½, variance 1/(4 (2α + 1)), fourth central moment 3/(16 (2α + 1) (2α + 3)).
    #[test]
    fn beta_has_its_moments_for_small_and_large_shapes() {
        let n = 100_000;
        for alpha in [0.01, 0.2, 0.9, 1.0, 3.5, 100.0] {
            let mut stream = Stream::new(7, Purpose::Augmentation);
            let values: Vec<f64> = (0..n).map(|_| stream.beta(alpha)).collect();
            assert!(values.iter().all(|x| (0.0..=1.0).contains(x)), "{alpha}");
            let power = |k: i32| {
                let central = |x: &f64| (0..k).fold(1.0, |p, _| p * (x - 0.5));
                values.iter().map(central).sum::<f64>() / n as f64
            };
            let variance = 0.25 / (2.0 * alpha + 1.0);
            let fourth = 0.1875 / ((2.0 * alpha + 1.0) * (2.0 * alpha + 3.0));
            // Five standard errors.
            let within = |found: f64, expected: f64, spread: f64| {
                let error = 5.0 * (spread / n as f64).sqrt();
                assert!((found - expected).abs() < error, "{alpha}: {found} {expected} {error}");
            };
            within(power(1), 0.0, variance);
            within(power(2), variance, fourth - variance * variance + 1e-12);
            assert!((power(4) / fourth - 1.0).abs() < 0.05, "{alpha}: {} {fourth}", power(4));
        }
    }

    #[test]
    fn every_order_of_three_is_equally_likely() {
        let mut stream = Stream::new(8, Purpose::Shuffling);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..60_000 {
            let mut items = [0, 1, 2];
            stream.shuffle(&mut items);
            *counts.entry(items).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|&count: &i32| (count - 10_000).abs() < 460), "{counts:?}");
    }

    #[test]
    fn the_upper_end_of_a_range_is_never_reached() {
        let mut stream = Stream::new(9, Purpose::Generation);
        let (low, high) = (1.0, 1.0f64.next_up());
        assert!((0..100).all(|_| stream.uniform_in(low, high) == low));
    }
}
