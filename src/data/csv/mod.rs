//! Reading CSV files: finds out encoding, delimiter, quotes, header and the type of each column,
//! and reports every decision and every repair. The usual kind of file is
//! read once, on all cores ([`parallel`]); any other is streamed three times ([`read`](mod@read)): to find its
//! encoding, to find the types, to fill the columns.

mod cells;
mod dialect;
mod findings;
mod outline;
mod overrides;
mod parallel;
mod read;
mod remarks;
mod rows;
mod table;
mod text;

pub(super) use read::{Found, first_rows, read, read_matrix};
pub(super) use text::code_page::{CODE_PAGES, CodePage};

/// Largest file that is read, in bytes, unless the source says how much of it may be in memory.
pub(super) const LARGEST_FILE: u64 = 4 << 30;
/// Largest table that is kept, in bytes.
pub(super) const LARGEST_TABLE: u64 = 4 << 30;
/// Rows of a table in a file that are kept in memory too, to look at.
const HEAD_ROWS: usize = 10_000;
/// Largest single row, in bytes: a missing quote must not swallow the memory.
const LARGEST_ROW: u64 = 16 << 20;
/// Most fields of a single row.
const MOST_FIELDS: usize = 1 << 20;
/// How much text is looked at to find dialect and header.
const SAMPLE_BYTES: u64 = 256 << 10;
/// How much is looked at where rows are long.
pub(super) const LARGEST_SAMPLE: u64 = 4 << 20;
/// How many skipped and how many repaired rows are reported one by one.
const MOST_REPORTED: usize = 1000;
/// How many remarks on a file are kept.
const MOST_WARNINGS: usize = 100;
/// The most rows that may stand above a table, and below it.
const MOST_OUTSIDE: usize = 60;
