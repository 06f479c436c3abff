//! The rows of a text and the fields in them, also where quotes or delimiters of a row are not as they
//! should be.

pub(super) mod odd_rows;
pub(super) mod open_quote;
pub(super) mod records;
mod splitter;
pub(super) mod stray_quotes;
pub(super) mod widths;
