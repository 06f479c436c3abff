//! Descent: gradient-descent experiments that train side by side and replay to the same bits.

pub mod activations;
pub mod analysis;
#[cfg(feature = "gui")]
#[allow(clippy::disallowed_methods, reason = "pictures may differ in the last bit")]
pub mod app;
#[allow(clippy::disallowed_methods, reason = "only rounds numbers for the eye")]
pub mod cli;
pub mod data;
pub mod experiment;
pub mod losses;
pub mod math;
pub mod models;
pub mod optimizers;
pub mod record;
pub mod schedules;
pub mod session;
pub mod settings;
pub mod surfaces;
pub mod techniques;
pub mod training;
pub mod verification;
