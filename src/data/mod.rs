//! Data: reading files, bundled and generated sets, and what makes training samples of them:
//! encoding, splits, scaling, batches. Knows nothing of models.
//!
//! The way of data: a [`Source`] is read into a [`Table`] (columns as found, with a
//! [`ReadReport`]); [`prepare`](prepare::prepare) splits it for one seed, fits the
//! [`transforms`] to the training part, and evaluates the [`features`] that they make into
//! [`Prepared`] samples, ready to be trained on.

pub mod augmentation;
pub mod batches;
mod bundled;
mod csv;
mod error;
pub mod features;
pub mod generated;
mod head;
mod idx;
pub mod images;
mod limit;
mod load;
mod matrix;
mod overview;
mod packed;
pub mod prepare;
mod progress;
mod report;
mod row_set;
pub mod sampling;
mod source;
mod split;
mod stamp;
pub mod statistics;
pub mod store;
mod table;
pub mod transforms;

pub use augmentation::Augment;
pub use batches::{Batch, BatchOrder};
pub use bundled::{BUNDLED_SETS, BundledSet};
pub use error::DataError;
pub use features::{Feature, Pipeline};
pub use generated::Generated;
pub use head::{first_lines, head, head_of_pictures};
pub use images::{ImageShape, Images};
pub use limit::{ProposedLimit, proposed_limit};
pub use load::{Loaded, first_rows, load, load_again, load_with, reads_alike};
pub use matrix::{Matrix, read_matrix};
pub use overview::{ColumnOverview, overview};
pub use prepare::{Prepared, Recipe, Samples, TargetColumn, prepare, prepare_as, prepare_with};
pub use progress::{Progress, Stage};
pub use report::json;
pub use row_set::RowSet;
pub use sampling::Sampling;
pub use source::{
    ColumnType, Comment, CsvSource, DecimalSign, Decisions, Delimiter, Escape, Footer, Header,
    IdxSource, MissingWords, OddRows, Quote, Quoting, Source, Task,
};
pub use split::{Fold, Scaling, Split, SplitBy, Subsample, seeds_in_words};
pub use statistics::Statistics;
pub use table::{Cells, Column, MissingSpelling, ReadCounts, ReadReport, Table};
pub use transforms::Transform;
