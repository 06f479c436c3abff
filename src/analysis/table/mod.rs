//! A table as a person looks at it: what stands in its columns, in which order its rows are shown,
//! where a text occurs, what should be looked at before training on it. All of it can take a while
//! on a large table and is computed by a [`Task`] in the background.

mod change;
mod findings;
mod order;
mod search;
mod summary;
mod task;
mod text;

pub use change::Change;
pub use findings::{Finding, findings};
pub use order::{Direction, sorted_rows};
pub use search::{Found, Matcher, find};
pub use summary::{ClassCodes, ColumnSummary};
pub use task::{Desk, Task};
pub use text::{cell_text, copied, date_text, is_date};

#[cfg(test)]
mod test_support {
    use std::sync::Arc;

    use crate::data::{Column, Loaded, ReadReport, Table};

    /// A table as if it had been read, whose last column is the target.
    pub(super) fn loaded(columns: Vec<Column>) -> Loaded {
        Loaded {
            name: "test".into(),
            target: columns.len() - 1,
            table: Arc::new(Table { columns }),
            report: ReadReport { encoding: "UTF-8".into(), ..ReadReport::default() },
            ..Loaded::default()
        }
    }
}
