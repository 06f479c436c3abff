//! What cells say: numbers, dates, words and missing values, and the type of a column that they make.

pub(super) mod bare;
pub(super) mod builder;
pub(super) mod columns;
pub(super) mod dates;
pub(super) mod hints;
pub(super) mod loose;
pub(super) mod missing;
pub(super) mod values;
