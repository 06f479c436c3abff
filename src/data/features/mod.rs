//! Features as expressions over the columns of a table, with the fitted numbers in them and no
//! other state: what was learnt on one table's rows is evaluated on any rows of any table with the
//! same columns. Knows neither splits nor what the transforms that write the expressions are for.

mod expression;
mod nominal;
mod pipeline;
pub mod quantile;
pub(super) mod scale;
mod step;
pub mod words;

pub use expression::{Expression, Origin};
pub use nominal::{Nominal, Place};
pub use pipeline::{Feature, Pipeline, Unseen};
pub use step::{Step, yeo_johnson};
