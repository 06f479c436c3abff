//! Descent: gradient-descent experiments that train side by side and replay to the same bits.

pub mod math;
