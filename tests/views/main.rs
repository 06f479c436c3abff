//! The views as a person meets them: found by their words, clicked, and read.

mod data;
mod pictures;
mod stage;
mod step;
mod study;
mod surface;
