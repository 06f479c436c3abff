use egui::{Align2, CursorIcon, Rect, Sense, Stroke, TextStyle, Ui, UiBuilder, WidgetInfo, vec2};

use super::cells::{laid_out, shown};
use super::{Grid, Layout, PADDING, Sheet, WIDTHS};
use crate::analysis::table::{Direction, is_date};
use crate::app::views::data::card::{CardSize, Title, card_ui, in_words, kind};
use crate::app::views::data::menu::{Action, column_menu};

impl Grid {
    /// The cards of the columns in view: a click sorts, a drag at the right edge widens.
    pub(super) fn header_ui(
        &mut self,
        ui: &mut Ui,
        sheet: &Sheet<'_>,
        layout: &Layout,
        size: CardSize,
        actions: &mut Vec<Action>,
    ) {
        let theme = sheet.theme;
        let corner = Rect::from_min_max(layout.whole.min, layout.header.left_bottom());
        let font = TextStyle::Small.resolve(ui.style());
        let at = corner.right_top() + vec2(-PADDING, 7.0);
        ui.painter().text(at, Align2::RIGHT_TOP, "row", font, theme.faint);
        let mut content = ui.new_child(UiBuilder::new().max_rect(layout.header));
        content.set_clip_rect(ui.clip_rect().intersect(layout.header));
        let ui = &mut content;
        for (index, [left, right]) in &layout.columns {
            let column = &sheet.loaded.table.columns[*index];
            let rect = Rect::from_x_y_ranges(*left..=*right, layout.header.y_range());
            let sign = match self.sorted {
                Some((sorted, direction)) if sorted == *index => {
                    let sign = ["▴", "▾"][usize::from(direction == Direction::Descending)];
                    let waits = if self.sorting.is_some() { " …" } else { "" };
                    format!(" {sign}{waits}")
                }
                _ => String::new(),
            };
            let id = ui.scope_id().with(("column", *index));
            let response = ui.interact(rect.intersect(layout.header), id, Sense::click());
            response.widget_info(|| {
                WidgetInfo::labeled(
                    egui::Role::ColumnHeader,
                    true,
                    format!("{}{sign}", column.name),
                )
            });
            if response.hovered() {
                ui.painter().rect_filled(rect, 0, theme.field);
            }
            let summary = (sheet.summary)(*index);
            let role = (sheet.role)(*index);
            let word = kind(column, is_date(sheet.loaded, *index));
            let title = Title { column, kind: word, role, sign: &sign };
            card_ui(ui, theme, rect, size, &title, summary.as_deref());
            if response.clicked() {
                actions.push(Action::Sort(*index, next(self.sorted, *index)));
            }
            response.context_menu(|ui| {
                let kind = kind(column, is_date(sheet.loaded, *index));
                let about = summary.as_deref().map(|summary| in_words(column, kind, role, summary));
                column_menu(ui, sheet, (*index, role), self.sorted, about, actions);
            });
            if !response.context_menu_opened() {
                response.on_hover_ui(|ui| {
                    let words = match &summary {
                        Some(summary) => {
                            let kind = kind(column, is_date(sheet.loaded, *index));
                            in_words(column, kind, role, summary)
                        }
                        None => column.name.clone(),
                    };
                    ui.label(words);
                });
            }
        }
        let bottom = layout.header.bottom();
        let line = Stroke::new(1.0, theme.line);
        ui.painter().with_clip_rect(layout.whole.expand(1.0)).hline(
            layout.whole.x_range(),
            bottom,
            line,
        );
        for (index, [_, right]) in &layout.columns {
            self.handle_ui(ui, sheet, layout, *index, *right);
        }
    }

    /// The right edge of a column: a drag makes it wider, a double click as wide as what is in view.
    fn handle_ui(&mut self, ui: &Ui, sheet: &Sheet<'_>, layout: &Layout, index: usize, right: f32) {
        let rect = Rect::from_x_y_ranges(right - 4.0..=right + 3.0, layout.header.y_range());
        let id = ui.scope_id().with(("width", index));
        let response = ui.interact(rect.intersect(layout.header), id, Sense::click_and_drag());
        let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
        let (least, most) = (*WIDTHS.start(), *WIDTHS.end());
        if response.dragged() {
            let width = self.widths[index] + response.drag_delta().x;
            self.widths[index] = width.clamp(least, most);
        }
        if response.double_clicked() {
            let column = &sheet.loaded.table.columns[index];
            let font = TextStyle::Body.resolve(ui.style());
            let color = sheet.theme.text;
            let width = |text: &str| laid_out(ui, text, &font, color, most).size().x;
            let cells = layout.rows.clone();
            let is_date = is_date(sheet.loaded, index);
            let cells = cells.filter_map(|place| shown(column, is_date, self.row(place)));
            let widest = cells.map(|text| width(&text)).fold(width(&column.name), f32::max);
            self.widths[index] = (widest + 2.0 * PADDING + 4.0).clamp(least, most);
        }
        if response.hovered() || response.dragged() {
            let stroke = Stroke::new(2.0, sheet.theme.accent);
            ui.painter().vline(right - 0.5, layout.header.y_range(), stroke);
        }
    }
}

/// Up, down, off.
pub(super) fn next(sorted: Option<(usize, Direction)>, column: usize) -> Option<Direction> {
    match sorted {
        Some((now, Direction::Ascending)) if now == column => Some(Direction::Descending),
        Some((now, Direction::Descending)) if now == column => None,
        _ => Some(Direction::Ascending),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_sorts_up_then_down_then_not_at_all() {
        let up = next(None, 2);
        assert_eq!(up, Some(Direction::Ascending));
        let down = next(up.map(|up| (2, up)), 2);
        assert_eq!(down, Some(Direction::Descending));
        assert_eq!(next(down.map(|down| (2, down)), 2), None);
        assert_eq!(next(down.map(|down| (2, down)), 1), Some(Direction::Ascending));
    }
}
