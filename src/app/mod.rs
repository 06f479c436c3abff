//! The window: panels around the views, menus, dialogs, theme. It reads a
//! [`Session`](crate::session::Session) and sends it commands; nothing is computed here that a
//! record does not hold.

mod centre;
mod data_card;
pub mod dialogs;
mod experiments;
mod fonts;
mod help;
mod inspector;
mod messages;
mod modals;
mod orders;
mod palette;
mod reading;
mod record_card;
mod reference_check;
mod shell;
pub mod theme;
mod toolbar;
pub mod views;
mod widgets;
mod words;

use std::path::PathBuf;

pub use shell::{App, Options};

use crate::session::Preferences;

/// Opens the window on these files, or on the study that was open last, and returns once it is
/// closed.
///
/// # Errors
/// Where no window can be opened: no display, or no OpenGL.
pub fn run(files: Vec<PathBuf>) -> eframe::Result {
    let options = Options { files, ..Options::default() };
    let remembered = options.folder.as_deref().map(Preferences::read).unwrap_or_default();
    let [width, height] = remembered.window.size;
    let native = eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        viewport: egui::ViewportBuilder::default()
            .with_title("Descent")
            .with_app_id("descent")
            .with_inner_size([width.clamp(1024.0, 7680.0), height.clamp(700.0, 4320.0)])
            .with_min_inner_size([1024.0, 700.0])
            .with_clamp_size_to_monitor_size(true)
            .with_drag_and_drop(true),
        ..eframe::NativeOptions::default()
    };
    let create: eframe::AppCreator<'_> =
        Box::new(|creation| Ok(Box::new(App::new(&creation.egui_ctx, options))));
    eframe::run_native("descent", native, create)
}
