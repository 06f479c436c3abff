//! How settings describe themselves. One declaration per setting states its name, type, default,
//! permitted range and help; the study file, validation, forms, help pages and `descent list` all
//! follow from it. Knows nothing of what the settings are for.
//!
//! - [`settings!`](crate::settings!) declares a struct of settings;
//! - [`family!`](crate::family!) gathers such structs into a family: an enum with one variant per
//!   member, in the order of the menu.

mod bounds;
mod choice;
mod family;
mod field;
mod page;
mod span;
mod structure;

pub use bounds::{Bounds, Scale};
pub use family::Member;
pub use field::{Field, FieldValue, Kind, SettingError, Value};
pub use page::Page;
pub use span::Span;
pub use structure::Settings;

pub use crate::{choice, family, settings};
