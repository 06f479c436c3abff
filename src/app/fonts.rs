//! The typefaces of the window, all bundled: Inter with tabular figures in two weights, DejaVu Sans
//! Mono for formulas, and Noto Sans CJK as the last resort for names in Chinese, Japanese and
//! Korean. What they lack comes from the system.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

/// The name of the strong family.
pub(super) const STRONG: &str = "strong";

/// Gives `ctx` the typefaces.
pub(super) fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let bundled: [(&str, &'static [u8]); 4] = [
        ("inter", include_bytes!("../../assets/fonts/inter-regular.otf")),
        ("inter-strong", include_bytes!("../../assets/fonts/inter-semibold.otf")),
        ("mono", include_bytes!("../../assets/fonts/dejavu-sans-mono.ttf")),
        ("cjk", include_bytes!("../../assets/fonts/noto-sans-cjk.otf")),
    ];
    for (name, bytes) in bundled {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let defaults = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let chain = |first: &[&str]| {
        let own = first.iter().map(|name| (*name).to_owned());
        let icons = defaults.iter().filter(|name| name.contains("icon")).cloned();
        own.chain(icons).chain(["cjk".to_owned()]).collect::<Vec<_>>()
    };
    fonts.families.insert(FontFamily::Proportional, chain(&["inter", "mono"]));
    fonts.families.insert(FontFamily::Name(STRONG.into()), chain(&["inter-strong", "mono"]));
    fonts.families.insert(FontFamily::Monospace, chain(&["mono"]));
    ctx.set_fonts(fonts);
}
