//! Seeded random numbers, the same on every machine and for ever.
//!
//! A seed gives one independent stream per [`Purpose`], so that changing how one part of an
//! experiment draws (dropout, say) leaves the others (the split, the initial weights) as they were.
//! The generator is ChaCha8; the sampling code is this module's own, since libraries may change
//! theirs.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::elementary::double;

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
}

/// A stream of random numbers for one purpose.
#[derive(Clone, Debug)]
pub struct Stream {
    generator: ChaCha8Rng,
}

impl Stream {
    /// The stream of `seed` for `purpose`.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(purpose as u64);
        Self { generator }
    }

    /// Uniform in `[0, 1)`, a multiple of 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in `[low, high)`.
    pub fn uniform_in(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Uniform among `0 … n − 1`, without bias; `n` must not be 0.
    pub fn below(&mut self, n: u32) -> u32 {
        let threshold = n.wrapping_neg() % n;
        loop {
            let product = u64::from(self.generator.next_u32()) * u64::from(n);
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
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

    /// Puts `items` in random order, each order equally likely
    /// (R. A. Fisher & F. Yates, Statistical Tables, 1938).
    pub fn shuffle<I>(&mut self, items: &mut [I]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }

    /// Where the stream stands, for checkpoints.
    pub fn position(&self) -> u128 {
        self.generator.get_word_pos()
    }

    /// Goes back (or forward) to a [`position`](Self::position).
    pub fn set_position(&mut self, position: u128) {
        self.generator.set_word_pos(position);
    }
}
