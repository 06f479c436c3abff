use egui::{Rect, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::app::theme::Theme;

/// Width of a scroll bar.
pub(super) const BAR: f32 = 10.0;
/// Least length of its thumb.
const THUMB: f64 = 28.0;

/// A place in an area larger than its view. In double precision: a table of millions of rows is so
/// high that single precision would let the rows jump.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Scroll {
    /// What lies at the upper left corner of the view, in points.
    pub(super) at: [f64; 2],
}

impl Scroll {
    /// Stays within the area.
    pub(super) fn limit(&mut self, area: [f64; 2], view: Vec2) {
        for axis in 0..2 {
            let most = (area[axis] - f64::from(view[axis])).max(0.0);
            self.at[axis] = self.at[axis].clamp(0.0, most);
        }
    }

    /// Moves just as far as it takes to have a stretch in view.
    pub(super) fn reveal(&mut self, axis: usize, [from, to]: [f64; 2], view: f32) {
        let first = to - f64::from(view);
        self.at[axis] = self.at[axis].max(first).min(from);
    }

    /// Follows the wheel where the pointer is over `rect`.
    pub(super) fn take_wheel(&mut self, ui: &Ui, rect: Rect) {
        if !ui.rect_contains_pointer(rect) {
            return;
        }
        let delta = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta));
        if delta != Vec2::ZERO {
            self.at[0] -= f64::from(delta.x);
            self.at[1] -= f64::from(delta.y);
        }
    }

    /// Draws the bar of an axis into `rect` and follows drags on it; whether one goes on.
    pub(super) fn bar_ui(
        &mut self,
        ui: &Ui,
        theme: &Theme,
        axis: usize,
        rect: Rect,
        [area, view]: [f64; 2],
    ) -> bool {
        if area <= view || view <= 0.0 {
            return false;
        }
        let name = ["Scroll sideways", "Scroll"][axis];
        let response = ui.interact(rect, ui.scope_id().with(name), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::ScrollBar, true, name));
        let track = f64::from(rect.size()[axis]);
        let thumb = (track * view / area).max(THUMB.min(0.5 * track));
        let per_point = (area - view) / (track - thumb).max(1.0);
        if let Some(pointer) = response.interact_pointer_pos() {
            let start = f64::from(rect.min[axis]);
            let along = f64::from(pointer[axis]) - start;
            let now = self.at[axis] / per_point;
            if response.dragged() && !response.drag_started() {
                self.at[axis] += f64::from(response.drag_delta()[axis]) * per_point;
            } else if !(now..=now + thumb).contains(&along) {
                // A press beside the thumb brings its middle there.
                self.at[axis] = (along - 0.5 * thumb) * per_point;
            }
            self.at[axis] = self.at[axis].clamp(0.0, area - view);
        }
        let offset = (self.at[axis] / per_point) as f32;
        let is_held = response.dragged() || response.is_pointer_button_down_on();
        let width = if response.hovered() || is_held { 8.0 } else { 5.0 };
        let inset = 0.5 * (BAR - width);
        let thumb = if axis == 0 {
            let corner = pos2(rect.left() + offset, rect.top() + inset);
            Rect::from_min_size(corner, vec2(thumb as f32, width))
        } else {
            let corner = pos2(rect.left() + inset, rect.top() + offset);
            Rect::from_min_size(corner, vec2(width, thumb as f32))
        };
        let color = if is_held { theme.dim } else { theme.faint.gamma_multiply(0.7) };
        ui.painter().rect_filled(thumb, width / 2.0, color);
        is_held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_moves_no_further_than_needed_and_stays_inside() {
        let mut scroll = Scroll::default();
        scroll.reveal(1, [44e6 - 22.0, 44e6], 200.0);
        assert_eq!(scroll.at[1], 44e6 - 200.0);
        scroll.reveal(1, [44e6 - 44.0, 44e6 - 22.0], 200.0);
        assert_eq!(scroll.at[1], 44e6 - 200.0);
        scroll.reveal(1, [0.0, 22.0], 200.0);
        assert_eq!(scroll.at[1], 0.0);
        scroll.at = [-5.0, 1e9];
        scroll.limit([100.0, 1000.0], vec2(300.0, 200.0));
        assert_eq!(scroll.at, [0.0, 800.0]);
    }
}
