//! The arithmetic under everything: number types, matrix products, sums in a fixed order, seeded
//! random streams. The same input gives the same bits on every 64-bit processor and with any
//! number of threads. Knows nothing of data, models or experiments.

pub mod elementary;
pub mod fingerprint;
pub mod finite_difference;
pub mod power;
pub mod product;
pub mod random;
pub mod reduce;
mod scalar;
pub mod team;

pub use scalar::{Number, Scalar};
