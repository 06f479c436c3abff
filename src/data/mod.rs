//! Data: reading files, bundled and generated sets, and what makes training samples of them:
//! encoding, splits, scaling, batches. Knows nothing of models.
//!
//! The way of data: a [`Source`] is read into a [`Table`] (columns as found, with a
//! [`ReadReport`]); [`prepare`](prepare::prepare) encodes, splits and scales it for one seed into
//! [`Prepared`] samples, ready to be trained on.

pub mod batches;
pub mod generated;
pub mod prepare;
mod source;
mod split;
mod table;

pub use generated::Generated;
pub use prepare::{Prepared, Samples, TargetColumn};
pub use source::{CsvSource, Source, Task};
pub use split::{Scaling, Split};
pub use table::{Cells, Column, ReadReport, Table};
