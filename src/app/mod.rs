//! The window: panels around the views, menus, dialogs, theme. It reads a
//! [`Session`](crate::session::Session) and sends it commands; nothing is computed here that a
//! record does not hold.

mod fonts;
pub mod theme;
pub mod views;
