//! Small things of which the panels are made.

use egui::{
    Align, Color32, CornerRadius, Frame, Label, Layout, Margin, Rect, Response, RichText, Sense,
    Stroke, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};

use super::theme::{Theme, small, space, strong};

/// A heading of a panel's section, with what can be done there at its right end.
pub(super) fn heading(ui: &mut Ui, theme: &Theme, text: &str, actions: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let height = 22.0;
        ui.set_height(height);
        let title = strong(text.to_uppercase()).size(11.0).color(theme.dim);
        ui.add(Label::new(title).truncate());
        ui.with_layout(Layout::right_to_left(Align::Center), actions);
    });
}

/// Text to click.
pub(super) fn link(ui: &mut Ui, theme: &Theme, text: &str) -> Response {
    let text = small(text).color(theme.accent);
    let response = ui.add(egui::Button::new(text).frame(false).small());
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}

/// A box around things that belong together.
pub(super) fn card<R>(ui: &mut Ui, theme: &Theme, content: impl FnOnce(&mut Ui) -> R) -> R {
    Frame::new()
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::symmetric(10, 9))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 3.0;
            content(ui)
        })
        .inner
}

/// A thin bar that fills from left to right.
pub(super) fn bar(
    ui: &mut Ui,
    size: Vec2,
    fraction: f32,
    color: Color32,
    track: Color32,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let corner = CornerRadius::same((size.y / 2.0) as u8);
    ui.painter().rect_filled(rect, corner, track);
    if fraction > 0.0 {
        let width = (rect.width() * fraction.clamp(0.0, 1.0)).max(size.y);
        let done = Rect::from_min_size(rect.min, vec2(width, size.y));
        ui.painter().rect_filled(done, corner, color);
    }
    response
}

/// A square of a run's colour; the name is for those who do not see it.
pub(super) fn chip(ui: &mut Ui, color: Color32, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(14.0), Sense::click());
    let square = Rect::from_center_size(rect.center(), Vec2::splat(12.0));
    ui.painter().rect_filled(square, CornerRadius::same(3), color);
    if response.hovered() || response.has_focus() {
        let ring = Stroke::new(1.5, ui.visuals().text_color());
        let corner = CornerRadius::same(4);
        ui.painter().rect_stroke(square.expand(1.5), corner, ring, egui::StrokeKind::Outside);
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), name));
    response
}

/// The one button that matters most.
pub(super) fn primary_button(theme: &Theme, text: &str, shortcut: &str) -> egui::Button<'static> {
    let label = RichText::new(text.to_owned()).color(theme.on_accent);
    let mut button = egui::Button::new(label)
        .fill(theme.accent)
        .stroke(Stroke::new(1.0, theme.accent))
        .min_size(vec2(0.0, space::CONTROL));
    if !shortcut.is_empty() {
        let shortcut = small(shortcut).size(11.0).color(theme.on_accent.gamma_multiply(0.75));
        button = button.right_text(shortcut);
    }
    button
}

/// A button of the toolbar or a dialog.
pub(super) fn button(text: &str) -> egui::Button<'static> {
    egui::Button::new(text.to_owned()).min_size(vec2(0.0, space::CONTROL))
}

/// A formula, or anything else in the monospaced face, on a quiet ground.
pub(super) fn formula(ui: &mut Ui, theme: &Theme, text: &str) {
    if text.is_empty() {
        return;
    }
    Frame::new()
        .fill(theme.field)
        .corner_radius(CornerRadius::same(space::CORNER))
        .inner_margin(Margin::symmetric(10, 7))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            egui::ScrollArea::horizontal().id_salt(text).auto_shrink([false, true]).show(
                ui,
                |ui| {
                    let text = RichText::new(text.trim_end())
                        .text_style(TextStyle::Monospace)
                        .line_height(Some(19.0))
                        .color(theme.text);
                    ui.add(Label::new(text).extend().selectable(true));
                },
            );
        });
}

/// A few words of explanation.
pub(super) fn note(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add(Label::new(small(text).color(theme.dim)).wrap());
}

/// A strip of choices of which one is on; the index of a new one.
pub(super) fn segments(
    ui: &mut Ui,
    theme: &Theme,
    names: &[&str],
    on: Option<usize>,
) -> Option<usize> {
    let mut chosen = None;
    let gap = 2.0;
    let n = names.len().max(1) as f32;
    let width = ((ui.available_width() - gap * (n - 1.0)) / n).max(16.0);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        ui.spacing_mut().button_padding = vec2(1.0, 2.0);
        ui.horizontal(|ui| {
            for (index, name) in names.iter().enumerate() {
                let is_on = on == Some(index);
                let (fill, color) =
                    if is_on { (theme.accent, theme.on_accent) } else { (theme.field, theme.dim) };
                let button = egui::Button::new(RichText::new(*name).size(11.0).color(color))
                    .fill(fill)
                    .stroke(Stroke::NONE)
                    .corner_radius(CornerRadius::same(5))
                    .min_size(vec2(width, 22.0))
                    .selected(is_on);
                if ui.add(button).clicked() && !is_on {
                    chosen = Some(index);
                }
            }
        });
    });
    chosen
}

/// Draws into a part of the ui without moving its cursor.
pub(super) fn within<R>(
    ui: &mut Ui,
    rect: Rect,
    layout: Layout,
    content: impl FnOnce(&mut Ui) -> R,
) -> R {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    content(&mut child)
}
