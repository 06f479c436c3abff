use egui::{
    Align2, Rect, Response, Sense, Stroke, StrokeKind, TextStyle, Ui, UiBuilder, WidgetInfo, pos2,
};

use super::cells::{free_behind, laid_out, long, most_decimals, shown};
use super::selection::Selection;
use super::{Grid, Layout, PADDING, Sheet};
use crate::analysis::table::{cell_text, is_date};
use crate::app::views::data::card::Role;
use crate::app::words;
use crate::data::Cells;

/// How the cells of a column are drawn.
#[derive(Clone, Copy)]
struct Manner {
    index: usize,
    ends: [f32; 2],
    is_date: bool,
    is_number: bool,
    is_dim: bool,
    n_decimals: usize,
}

impl Grid {
    /// How the columns in view are drawn: found out once for all of their cells.
    fn manners(&mut self, sheet: &Sheet<'_>, layout: &Layout) -> Vec<Manner> {
        let columns = &sheet.loaded.table.columns;
        self.decimals.resize(columns.len(), None);
        let manner = |(index, ends): &(usize, [f32; 2])| {
            let column = &columns[*index];
            let is_date = is_date(sheet.loaded, *index);
            let known = &mut self.decimals[*index];
            Manner {
                index: *index,
                ends: *ends,
                is_date,
                is_number: matches!(column.cells, Cells::Numeric(_)),
                is_dim: (sheet.role)(*index) == Role::Ignored,
                n_decimals: *known.get_or_insert_with(|| most_decimals(column, is_date)),
            }
        };
        layout.columns.iter().map(manner).collect()
    }

    pub(super) fn body_ui(&mut self, ui: &mut Ui, sheet: &Sheet<'_>, layout: &Layout) -> Response {
        let theme = sheet.theme;
        let response = ui.interact(layout.body, self.id(ui), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Table, true, "Cells"));
        self.select_by_pointer(ui, layout, &response);
        let mut content = ui.new_child(UiBuilder::new().max_rect(layout.body));
        content.set_clip_rect(ui.clip_rect().intersect(layout.body));
        let painter = content.painter().clone();
        let pointer = response.hover_pos().filter(|_| response.hovered());
        let font = TextStyle::Body.resolve(ui.style());
        let small = TextStyle::Small.resolve(ui.style());
        let manners = self.manners(sheet, layout);
        let width = |sign: &str| laid_out(ui, sign, &font, theme.text, 90.0).size().x;
        let [digit, point] = [width("0000") / 4.0, width("0.0") - width("00")];
        for place in layout.rows.clone() {
            let area = layout.row_rect(place);
            let row = self.row(place);
            if pointer.is_some_and(|pointer| area.contains(pointer)) {
                painter.rect_filled(area, 0, theme.field);
            }
            for manner in &manners {
                let Manner { index, ends: [left, right], is_date, .. } = *manner;
                let column = &sheet.loaded.table.columns[index];
                let cell = Rect::from_x_y_ranges(left..=right, area.y_range());
                if self.selection.is_some_and(|selection| selection.contains(place, index)) {
                    painter.rect_filled(cell, 0, theme.accent_soft);
                }
                let text = shown(column, is_date, row);
                let is_match = !sheet.matcher.is_empty()
                    && cell_text(column, is_date, row)
                        .is_some_and(|text| sheet.matcher.is_in(&text));
                if is_match {
                    painter.rect_filled(cell.shrink(1.0), 3, theme.warn.gamma_multiply(0.22));
                }
                if sheet.current == Some((place as u32, index as u32)) {
                    let stroke = Stroke::new(1.5, theme.accent);
                    painter.rect_stroke(cell.shrink(1.0), 3, stroke, StrokeKind::Inside);
                }
                let color = if manner.is_dim { theme.faint } else { theme.text };
                let (words, font, color) = match &text {
                    Some(text) => (text.as_str(), &font, color),
                    None => ("missing", &small, theme.warn),
                };
                let room = cell.width() - 2.0 * PADDING;
                let galley = laid_out(ui, words, font, color, room);
                let y = cell.center().y - 0.5 * galley.size().y;
                let x = if manner.is_number {
                    let (n, is_whole) = match &text {
                        Some(text) => free_behind(text, manner.n_decimals),
                        None => (0, false),
                    };
                    let free = n as f32 * digit + if is_whole { point } else { 0.0 };
                    let free = free.min(room - galley.size().x).max(0.0);
                    cell.right() - PADDING - free - galley.size().x
                } else {
                    cell.left() + PADDING
                };
                let is_elided = galley.elided;
                painter.galley(pos2(x, y), galley, color);
                let id = response.id.with((place, index));
                let cell = content.interact(cell.intersect(layout.body), id, Sense::hover());
                cell.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, words));
                if is_elided {
                    cell.on_hover_text(long(column, is_date, row));
                }
            }
        }
        response
    }

    fn select_by_pointer(&mut self, ui: &Ui, layout: &Layout, response: &Response) {
        let pressed =
            response.is_pointer_button_down_on() && ui.input(|input| input.pointer.any_pressed());
        let extends = ui.input(|input| input.modifiers.shift);
        let is_primary = ui.input(|input| input.pointer.primary_down());
        let Some(head) = response.interact_pointer_pos().and_then(|at| layout.cell_at(at)) else {
            return;
        };
        match self.selection {
            Some(ref mut selection)
                if (pressed && extends) || (response.dragged() && is_primary) =>
            {
                selection.head = head;
            }
            // A second button on what is selected leaves it so.
            Some(selection) if !is_primary && selection.contains(head[0], head[1]) => {}
            _ if pressed || response.clicked() => {
                self.selection = Some(Selection::cell(head));
            }
            _ => {}
        }
        if pressed || response.clicked() {
            response.request_focus();
        }
        if response.dragged() && is_primary {
            self.reveal(head, layout.body.size());
            ui.ctx().request_repaint();
        }
    }

    /// The numbers of the rows, as they are in the table.
    pub(super) fn gutter_ui(&mut self, ui: &Ui, sheet: &Sheet<'_>, layout: &Layout) {
        let theme = sheet.theme;
        let painter = ui.painter().with_clip_rect(layout.gutter.intersect(ui.clip_rect()));
        let font = TextStyle::Small.resolve(ui.style());
        for place in layout.rows.clone() {
            let at = pos2(layout.gutter.right() - PADDING, layout.row_rect(place).center().y);
            let number = words::count(self.row(place) as u64 + 1);
            let is_selected =
                self.selection.is_some_and(|selection| selection.range(0).contains(&place));
            let color = if is_selected { theme.accent } else { theme.faint };
            painter.text(at, Align2::RIGHT_CENTER, number, font.clone(), color);
        }
        let response =
            ui.interact(layout.gutter, ui.scope_id().with("rows"), Sense::click_and_drag());
        let at = response.interact_pointer_pos().and_then(|at| layout.cell_at(at));
        let last = sheet.loaded.table.columns.len().saturating_sub(1);
        if let Some([place, _]) = at {
            let pressed = ui.input(|input| input.pointer.any_pressed());
            let anchor = match self.selection {
                Some(selection) if !pressed || ui.input(|input| input.modifiers.shift) => {
                    selection.anchor[0]
                }
                _ => place,
            };
            self.selection = Some(Selection { anchor: [anchor, 0], head: [place, last] });
            ui.memory_mut(|memory| memory.request_focus(self.id(ui)));
        }
    }
}
