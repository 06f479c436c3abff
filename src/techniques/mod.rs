//! Techniques that go with any optimizer: limits on the gradient, noise added to it, averages of the
//! parameters. Each is a family; its first member changes nothing.

pub mod averaging;
pub mod clip;
pub mod gradient_noise;

pub use averaging::Averaging;
pub use clip::Clip;
pub use gradient_noise::GradientNoise;
