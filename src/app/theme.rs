//! Colours, spaces and type of the window, light and dark.

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Visuals};

use super::fonts::STRONG;

/// The distances everything is laid out on.
pub mod space {
    /// Between things that belong together.
    pub const TIGHT: f32 = 4.0;
    /// Between neighbours.
    pub const NORMAL: f32 = 8.0;
    /// Panel margins.
    pub const WIDE: f32 = 12.0;
    /// Between groups.
    pub const GROUP: f32 = 16.0;
    /// Height of buttons.
    pub const CONTROL: f32 = 28.0;
    /// Height of fields in forms.
    pub const FIELD: f32 = 26.0;
    /// Radius of corners.
    pub const CORNER: u8 = 6;
}

/// The colours of the window. Run colours are for runs alone: [`run`](Self::run).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Whether the background is dark.
    pub dark: bool,
    /// Behind the panels.
    pub background: Color32,
    /// Panels and cards.
    pub panel: Color32,
    /// Hairlines.
    pub line: Color32,
    /// Text.
    pub text: Color32,
    /// Labels and secondary text.
    pub dim: Color32,
    /// Hints and axes.
    pub faint: Color32,
    /// The selected, the changed and the clickable.
    pub accent: Color32,
    /// The background of the selected.
    pub accent_soft: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Good news.
    pub ok: Color32,
    /// Something to know.
    pub warn: Color32,
    /// Errors.
    pub bad: Color32,
    /// Behind curves and pictures.
    pub plot: Color32,
    /// Grid lines of plots.
    pub grid: Color32,
    /// Fields, bars, formulas.
    pub field: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Theme {
    /// The light theme.
    pub const LIGHT: Self = Self {
        dark: false,
        background: rgb(0xf6_f7_f9),
        panel: rgb(0xff_ff_ff),
        line: rgb(0xe3_e6_ea),
        text: rgb(0x1d_23_30),
        dim: rgb(0x5f_68_78),
        faint: rgb(0x8a_93_a3),
        accent: rgb(0x2f_62_d9),
        accent_soft: rgb(0xe8_ee_fc),
        on_accent: rgb(0xff_ff_ff),
        ok: rgb(0x2c_8a_57),
        warn: rgb(0xa0_68_00),
        bad: rgb(0xc3_40_2f),
        plot: rgb(0xff_ff_ff),
        grid: rgb(0xee_f0_f3),
        field: rgb(0xf3_f4_f7),
    };

    /// The dark theme.
    pub const DARK: Self = Self {
        dark: true,
        background: rgb(0x15_18_1e),
        panel: rgb(0x1c_20_28),
        line: rgb(0x2b_31_3c),
        text: rgb(0xe4_e8_ef),
        dim: rgb(0x97_a1_b3),
        faint: rgb(0x6c_76_89),
        accent: rgb(0x6f_9b_ff),
        accent_soft: rgb(0x24_30_4b),
        on_accent: rgb(0x0e_13_20),
        ok: rgb(0x5f_c0_8c),
        warn: rgb(0xe2_b0_5c),
        bad: rgb(0xf0_80_6f),
        plot: rgb(0x1a_1e_25),
        grid: rgb(0x27_2d_37),
        field: rgb(0x25_2a_34),
    };

    /// The theme that `ctx` shows now.
    pub fn of(ctx: &egui::Context) -> Self {
        match ctx.theme() {
            egui::Theme::Light => Self::LIGHT,
            egui::Theme::Dark => Self::DARK,
        }
    }

    /// A run's colour, moved towards black or white just as far as this background needs it.
    pub fn run(&self, [r, g, b]: [u8; 3]) -> Color32 {
        const CONTRAST: f32 = 2.8;
        let color = Color32::from_rgb(r, g, b);
        let end = if self.dark { Color32::WHITE } else { Color32::BLACK };
        (0..=10)
            .map(|tenths| color.lerp_to_gamma(end, tenths as f32 / 10.0))
            .find(|mixed| contrast(*mixed, self.plot) >= CONTRAST)
            .unwrap_or(end)
    }

    fn visuals(&self) -> Visuals {
        let mut visuals = if self.dark { Visuals::dark() } else { Visuals::light() };
        let corner = CornerRadius::same(space::CORNER);
        let line = Stroke::new(1.0, self.line);
        let widgets = &mut visuals.widgets;
        for (widget, fill, stroke, text) in [
            (&mut widgets.noninteractive, self.panel, line, self.text),
            (&mut widgets.inactive, self.panel, line, self.text),
            (&mut widgets.hovered, self.field, Stroke::new(1.0, self.faint), self.text),
            (&mut widgets.active, self.accent_soft, Stroke::new(1.0, self.accent), self.text),
            (&mut widgets.open, self.field, Stroke::new(1.0, self.accent), self.text),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = stroke;
            widget.fg_stroke = Stroke::new(1.0, text);
            widget.corner_radius = corner;
            widget.expansion = 0.0;
        }
        widgets.inactive.bg_fill = self.line;
        widgets.hovered.bg_fill = self.faint;
        visuals.weak_text_color = Some(self.dim);
        visuals.selection.bg_fill = self.accent_soft;
        visuals.selection.stroke = Stroke::new(1.0, self.accent);
        visuals.hyperlink_color = self.accent;
        visuals.faint_bg_color = self.field;
        visuals.extreme_bg_color = self.field;
        visuals.text_edit_bg_color = Some(self.field);
        visuals.code_bg_color = self.field;
        visuals.warn_fg_color = self.warn;
        visuals.error_fg_color = self.bad;
        visuals.window_corner_radius = CornerRadius::same(10);
        visuals.menu_corner_radius = CornerRadius::same(8);
        visuals.window_fill = self.panel;
        visuals.window_stroke = line;
        visuals.panel_fill = self.panel;
        let shadow = Color32::from_black_alpha(if self.dark { 110 } else { 36 });
        visuals.window_shadow = Shadow { offset: [0, 8], blur: 28, spread: 0, color: shadow };
        visuals.popup_shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: shadow };
        visuals.slider_trailing_fill = true;
        visuals.handle_shape = egui::style::HandleShape::Circle;
        visuals.striped = false;
        visuals
    }
}

/// The contrast of two colours after WCAG 2: from 1 to 21.
fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |color: Color32| {
        let rgba = egui::Rgba::from(color);
        0.2126 * rgba.r() + 0.7152 * rgba.g() + 0.0722 * rgba.b() + 0.05
    };
    let (a, b) = (luminance(a), luminance(b));
    a.max(b) / a.min(b)
}

/// Strong text: titles and names.
pub fn strong(text: impl Into<String>) -> egui::RichText {
    egui::RichText::new(text).family(FontFamily::Name(STRONG.into()))
}

/// Secondary text, one size smaller.
pub fn small(text: impl Into<String>) -> egui::RichText {
    egui::RichText::new(text).text_style(TextStyle::Small)
}

/// Gives `ctx` the styles of both themes.
pub fn install(ctx: &egui::Context) {
    for (theme, which) in [(Theme::LIGHT, egui::Theme::Light), (Theme::DARK, egui::Theme::Dark)] {
        ctx.style_mut_of(which, |style| {
            style.visuals = theme.visuals();
            style.text_styles = [
                (TextStyle::Body, FontId::proportional(13.0)),
                (TextStyle::Button, FontId::proportional(13.0)),
                (TextStyle::Small, FontId::proportional(12.0)),
                (TextStyle::Monospace, FontId::monospace(12.5)),
                (TextStyle::Heading, FontId::new(16.0, FontFamily::Name(STRONG.into()))),
            ]
            .into();
            let spacing = &mut style.spacing;
            spacing.item_spacing = egui::vec2(space::NORMAL, space::TIGHT);
            spacing.button_padding = egui::vec2(10.0, 4.0);
            spacing.interact_size = egui::vec2(40.0, space::FIELD);
            spacing.menu_margin = Margin::same(6);
            spacing.window_margin = Margin::same(16);
            spacing.combo_height = 360.0;
            spacing.tooltip_width = 320.0;
            spacing.slider_rail_height = 4.0;
            spacing.scroll.bar_width = 8.0;
            spacing.scroll.floating = true;
            style.interaction.selectable_labels = false;
            style.interaction.tooltip_delay = 0.4;
            style.animation_time = 0.1;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_run_colors_stand_out_on_both_backgrounds() {
        for theme in [Theme::LIGHT, Theme::DARK] {
            assert!(contrast(theme.text, theme.panel) > 10.0);
            assert!(contrast(theme.dim, theme.panel) > 4.5, "{}", contrast(theme.dim, theme.panel));
            assert!(contrast(theme.on_accent, theme.accent) > 4.5);
            for color in crate::session::PALETTE {
                assert!(contrast(theme.run(color), theme.plot) >= 2.8, "{color:?}");
            }
        }
    }

    #[test]
    fn contrast_of_black_and_white_is_21() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-3);
    }
}
