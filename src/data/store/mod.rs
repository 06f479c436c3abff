//! Tables and features that need not fit into memory. What is too large for the limit that the
//! source states goes to a temporary file without a name, which the system removes when it is
//! closed, however the program ends. Numbers in a file are the same 64 bits as in memory, so
//! nothing that is computed from them can tell the difference.

mod loaded;
mod rows;
mod scratch;
mod table;
mod values;

pub(crate) use rows::unreadable;
pub use rows::{Kept, Reading, Rows};
pub(super) use scratch::{check_room, unnamed};
pub use table::{Part, StoredColumn, TableStore, TableWriter};
pub(crate) use values::rows_at_once;
pub use values::{Values, ValuesWriter};
