//! Which rows of a file are the table: what stands above it, how its columns are called, how many there
//! are, and what stands below it.

pub(super) mod fate;
pub(super) mod footer;
mod header;
mod names;
mod preamble;
mod row_names;
pub(super) mod second_table;
pub(super) mod shape;
