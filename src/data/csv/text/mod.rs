//! From the bytes of a file to its text: which encoding they are in, and the text itself, bit by bit.

pub(in crate::data) mod code_page;
pub(super) mod encoding;
mod guess;
pub(super) mod stream;
