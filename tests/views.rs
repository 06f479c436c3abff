//! The views, as a person meets them.
