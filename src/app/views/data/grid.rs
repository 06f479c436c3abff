use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align2, CursorIcon, Event, EventFilter, FontId, Galley, Id, Key, Modifiers, Pos2, Rect,
    Response, Sense, Stroke, StrokeKind, TextStyle, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::card::{CardSize, Role, Title, card_ui, in_words, kind};
use super::menu::{Action, cells_menu, column_menu};
use super::scroll::{BAR, Scroll};
use crate::analysis::format_value;
use crate::analysis::table::{
    ColumnSummary, Direction, Matcher, cell_text, copied, is_date, sorted_rows,
};
use crate::analysis::table::{Desk, Task};
use crate::app::theme::Theme;
use crate::app::words;
use crate::data::{Cells, Column, Loaded};

/// Height of a row.
const ROW: f32 = 22.0;
/// Width of a column until a person changes it.
const WIDTH: f32 = 118.0;
/// How narrow and how wide a column can be.
const WIDTHS: RangeInclusive<f32> = 44.0..=900.0;
/// Space between text and the edge of a cell.
const PADDING: f32 = 6.0;
/// Letters of a cell that are laid out; no column is as wide.
const MOST_LETTERS: usize = 160;
/// Cells that are copied at once.
const MOST_COPIED: usize = 2_000_000;

/// What the grid shows this time.
pub(super) struct Sheet<'a> {
    pub(super) theme: &'a Theme,
    pub(super) loaded: &'a Arc<Loaded>,
    /// What is known of a column so far.
    pub(super) summary: &'a dyn Fn(usize) -> Option<Arc<ColumnSummary>>,
    /// What a column is used for.
    pub(super) role: &'a dyn Fn(usize) -> Role,
    /// Whether the columns' use can be changed: not in sets that are no files.
    pub(super) is_file: bool,
    /// What is searched for.
    pub(super) matcher: &'a Matcher,
    /// The match that was gone to: place of the row, and column.
    pub(super) current: Option<(u32, u32)>,
}

/// A block of cells, by places of rows in the order shown and by columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Selection {
    anchor: [usize; 2],
    head: [usize; 2],
}

impl Selection {
    fn range(&self, axis: usize) -> RangeInclusive<usize> {
        let (a, b) = (self.anchor[axis], self.head[axis]);
        a.min(b)..=a.max(b)
    }

    fn contains(&self, place: usize, column: usize) -> bool {
        self.range(0).contains(&place) && self.range(1).contains(&column)
    }

    fn n_cells(&self) -> usize {
        self.range(0).count() * self.range(1).count()
    }
}

/// Rows in another order than the table's.
type Order = Arc<Vec<u32>>;

/// A table of any size, of which only what is in view is drawn.
#[derive(Default)]
pub(super) struct Grid {
    /// The widths of columns and for which they are.
    widths: Vec<f32>,
    names: Vec<String>,
    scroll: Scroll,
    /// The column that the rows are sorted by.
    pub(super) sorted: Option<(usize, Direction)>,
    order: Option<Order>,
    sorting: Option<Task<Option<Order>>>,
    selection: Option<Selection>,
}

/// Where things are this time.
struct Layout {
    whole: Rect,
    header: Rect,
    gutter: Rect,
    body: Rect,
    area: [f64; 2],
    /// The columns in view with their left and right ends.
    columns: Vec<(usize, [f32; 2])>,
    /// The places of rows in view.
    rows: std::ops::Range<usize>,
    /// The upper end of the first of them.
    top: f32,
    n_rows: usize,
}

impl Layout {
    fn row_rect(&self, place: usize) -> Rect {
        let top = self.top + (place - self.rows.start) as f32 * ROW;
        Rect::from_x_y_ranges(self.body.x_range(), top..=top + ROW)
    }

    /// The cell at a place on screen, the nearest where there is none.
    fn cell_at(&self, at: Pos2) -> Option<[usize; 2]> {
        let below = ((at.y - self.top) / ROW).floor() as i64 + self.rows.start as i64;
        let place = below.clamp(0, self.n_rows as i64 - 1);
        let (first, last) = (self.columns.first()?, self.columns.last()?);
        let found = self.columns.iter().find(|(_, [left, right])| (*left..*right).contains(&at.x));
        let column = match found {
            Some((column, _)) => *column,
            None if at.x < first.1[0] => first.0,
            None => last.0,
        };
        (self.n_rows > 0).then_some([place as usize, column])
    }
}

impl Grid {
    /// Another table: sorting and selection begin anew; widths stay where the columns do.
    pub(super) fn reset(&mut self, loaded: &Loaded) {
        let columns = &loaded.table.columns;
        let is_same = self.names.len() == columns.len()
            && self.names.iter().zip(columns).all(|(name, column)| *name == column.name);
        (self.order, self.sorting, self.sorted) = (None, None, None);
        if !is_same {
            self.names = columns.iter().map(|column| column.name.clone()).collect();
            self.widths = vec![WIDTH; columns.len()];
            self.scroll = Scroll::default();
        }
        self.selection = None;
    }

    /// The order of the rows shown, `None` for the table's.
    pub(super) fn order(&self) -> Option<&Order> {
        self.order.as_ref()
    }

    /// Sorts by a column, in the background.
    pub(super) fn sort(
        &mut self,
        ctx: &egui::Context,
        loaded: &Arc<Loaded>,
        by: Option<(usize, Direction)>,
    ) {
        self.sorted = by;
        self.selection = None;
        let Some((column, direction)) = by else {
            (self.sorting, self.order) = (None, None);
            return;
        };
        let (ctx, loaded) = (ctx.clone(), Arc::clone(loaded));
        let work = move |desk: &Desk<Option<Order>>| {
            if let Some(column) = loaded.table.columns.get(column) {
                let order = Arc::new(sorted_rows(column, direction));
                desk.update(|found| *found = Some(order));
            }
        };
        self.sorting = Some(Task::start("sort", move || ctx.request_repaint(), work));
    }

    /// Takes over an order that is ready. Whether it is new.
    pub(super) fn update(&mut self) -> bool {
        let ready = self.sorting.as_ref().and_then(|task| task.look(Option::take));
        if let Some(order) = ready {
            (self.order, self.sorting) = (Some(order), None);
            return true;
        }
        false
    }

    /// Scrolls a cell into view and selects it.
    pub(super) fn go_to(&mut self, ui: &Ui, [place, column]: [usize; 2], size: CardSize) {
        let view = ui.available_size() - vec2(56.0 + BAR, size.height() + BAR);
        self.selection = Some(Selection { anchor: [place, column], head: [place, column] });
        self.reveal([place, column], view);
    }

    /// Selects a column and scrolls it into view as soon as the table is drawn.
    pub(super) fn show_column(&mut self, column: usize) {
        if column < self.widths.len() {
            self.scroll.at[0] = self.widths[..column].iter().map(|width| f64::from(*width)).sum();
            self.selection = Some(Selection { anchor: [0, column], head: [0, column] });
        }
    }

    fn reveal(&mut self, [place, column]: [usize; 2], view: egui::Vec2) {
        let left: f64 = self.widths[..column].iter().map(|width| f64::from(*width)).sum();
        let width = f64::from(self.widths[column]);
        self.scroll.reveal(0, [left, left + width], view.x);
        let top = place as f64 * f64::from(ROW);
        self.scroll.reveal(1, [top, top + f64::from(ROW)], view.y);
    }

    /// The cells selected, in words: `row 12 · height = 0.25`.
    pub(super) fn selected_words(&self, loaded: &Loaded) -> Option<String> {
        let selection = self.selection?;
        if selection.n_cells() > 1 {
            let [rows, columns] = [0, 1].map(|axis| selection.range(axis).count() as u64);
            return Some(format!(
                "{} × {} selected",
                words::counted(rows, "row", "rows"),
                words::counted(columns, "column", "columns")
            ));
        }
        let [place, index] = selection.head;
        let column = loaded.table.columns.get(index)?;
        let row = self.row(place);
        let text = cell_text(column, is_date(loaded, index), row).unwrap_or("missing".into());
        let text: String = text.chars().take(MOST_LETTERS).collect();
        Some(format!("row {} · {} = {text}", words::count(row as u64 + 1), column.name))
    }

    fn row(&self, place: usize) -> usize {
        self.order.as_ref().map_or(place, |order| order[place] as usize)
    }

    fn layout(&mut self, ui: &mut Ui, loaded: &Loaded, size: CardSize) -> Layout {
        let whole = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(whole);
        let n_rows = loaded.table.n_rows();
        let digits = words::count(n_rows as u64).len().max(3);
        let gutter = 7.5 * digits as f32 + 2.0 * PADDING;
        let corner = whole.min + vec2(gutter, size.height());
        let body = Rect::from_min_max(corner, (whole.max - vec2(BAR, BAR)).max(corner));
        let width: f64 = self.widths.iter().map(|width| f64::from(*width)).sum();
        let area = [width, n_rows as f64 * f64::from(ROW)];
        self.scroll.take_wheel(ui, whole);
        self.scroll.limit(area, body.size());
        let first = ((self.scroll.at[1] / f64::from(ROW)) as usize).min(n_rows);
        let above = self.scroll.at[1] - first as f64 * f64::from(ROW);
        let n_shown = (body.height() / ROW).ceil() as usize + 1;
        let mut columns = Vec::new();
        let mut left = f64::from(body.left()) - self.scroll.at[0];
        for (index, width) in self.widths.iter().enumerate() {
            let right = left + f64::from(*width);
            if right > f64::from(body.left()) && left < f64::from(body.right()) {
                columns.push((index, [left as f32, right as f32]));
            }
            left = right;
        }
        Layout {
            whole,
            header: Rect::from_min_max(pos2(body.left(), whole.top()), body.right_top()),
            gutter: Rect::from_min_max(pos2(whole.left(), body.top()), body.left_bottom()),
            body,
            area,
            columns,
            rows: first..(first + n_shown).min(n_rows),
            top: body.top() - above as f32,
            n_rows,
        }
    }

    /// Draws the table into all of `ui`; what is to be done with columns goes to `actions`.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        sheet: &Sheet<'_>,
        size: CardSize,
        actions: &mut Vec<Action>,
    ) {
        if self.widths.len() != sheet.loaded.table.columns.len() {
            self.reset(sheet.loaded);
        }
        let layout = self.layout(ui, sheet.loaded, size);
        let response = self.body_ui(ui, sheet, &layout);
        response.context_menu(|ui| {
            let selected = self.selection.map(|selection| self.row_and_column(selection));
            cells_menu(ui, sheet.loaded, selected, actions);
        });
        self.gutter_ui(ui, sheet, &layout);
        self.header_ui(ui, sheet, &layout, size, actions);
        self.take_keys(ui, sheet, &layout, &response, actions);
        self.bars_ui(ui, sheet.theme, &layout);
    }

    fn row_and_column(&self, selection: Selection) -> [usize; 2] {
        [self.row(selection.head[0]), selection.head[1]]
    }

    fn body_ui(&mut self, ui: &mut Ui, sheet: &Sheet<'_>, layout: &Layout) -> Response {
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
        for place in layout.rows.clone() {
            let area = layout.row_rect(place);
            let row = self.row(place);
            if pointer.is_some_and(|pointer| area.contains(pointer)) {
                painter.rect_filled(area, 0, theme.field);
            }
            for (index, [left, right]) in &layout.columns {
                let column = &sheet.loaded.table.columns[*index];
                let cell = Rect::from_x_y_ranges(*left..=*right, area.y_range());
                if self.selection.is_some_and(|selection| selection.contains(place, *index)) {
                    painter.rect_filled(cell, 0, theme.accent_soft);
                }
                let is_date = is_date(sheet.loaded, *index);
                let text = shown(column, is_date, row);
                let is_match = !sheet.matcher.is_empty()
                    && cell_text(column, is_date, row)
                        .is_some_and(|text| sheet.matcher.is_in(&text));
                if is_match {
                    painter.rect_filled(cell.shrink(1.0), 3, theme.warn.gamma_multiply(0.22));
                }
                if sheet.current == Some((place as u32, *index as u32)) {
                    let stroke = Stroke::new(1.5, theme.accent);
                    painter.rect_stroke(cell.shrink(1.0), 3, stroke, StrokeKind::Inside);
                }
                let is_dim = (sheet.role)(*index) == Role::Ignored;
                let color = if is_dim { theme.faint } else { theme.text };
                let (words, font, color) = match &text {
                    Some(text) => (text.as_str(), &font, color),
                    None => ("missing", &small, theme.warn),
                };
                let galley = laid_out(ui, words, font, color, cell.width() - 2.0 * PADDING);
                let is_number = matches!(column.cells, Cells::Numeric(_));
                let y = cell.center().y - 0.5 * galley.size().y;
                let x = if is_number {
                    cell.right() - PADDING - galley.size().x
                } else {
                    cell.left() + PADDING
                };
                let is_elided = galley.elided;
                painter.galley(pos2(x, y), galley, color);
                let id = response.id.with((place, *index));
                let cell = content.interact(cell.intersect(layout.body), id, Sense::hover());
                cell.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, words));
                if is_elided {
                    cell.on_hover_text(long(column, is_date, row));
                }
            }
        }
        response
    }

    fn id(&self, ui: &Ui) -> Id {
        ui.scope_id().with("cells")
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
                self.selection = Some(Selection { anchor: head, head });
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
    fn gutter_ui(&mut self, ui: &Ui, sheet: &Sheet<'_>, layout: &Layout) {
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

    fn header_ui(
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

    fn take_keys(
        &mut self,
        ui: &Ui,
        sheet: &Sheet<'_>,
        layout: &Layout,
        response: &Response,
        actions: &mut Vec<Action>,
    ) {
        if !response.has_focus() || layout.n_rows == 0 || self.widths.is_empty() {
            return;
        }
        ui.memory_mut(|memory| {
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            memory.set_focus_lock_filter(response.id, filter);
        });
        let last = [layout.n_rows - 1, self.widths.len() - 1];
        if ui.input(|input| input.events.contains(&Event::Copy)) {
            self.copy(ui, sheet, false, actions);
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::A)) {
            self.selection = Some(Selection { anchor: [0, 0], head: last });
        }
        let page = ((layout.body.height() / ROW) as usize).max(2) - 1;
        let (extends, jumps) = ui.input(|input| (input.modifiers.shift, input.modifiers.command));
        let now = self.selection.map_or([0, 0], |selection| selection.head);
        let moves = [
            (Key::ArrowDown, [if jumps { last[0] } else { now[0] + 1 }, now[1]]),
            (Key::ArrowUp, [if jumps { 0 } else { now[0].saturating_sub(1) }, now[1]]),
            (Key::ArrowRight, [now[0], if jumps { last[1] } else { now[1] + 1 }]),
            (Key::ArrowLeft, [now[0], if jumps { 0 } else { now[1].saturating_sub(1) }]),
            (Key::PageDown, [now[0] + page, now[1]]),
            (Key::PageUp, [now[0].saturating_sub(page), now[1]]),
            (Key::Home, if jumps { [0, 0] } else { [now[0], 0] }),
            (Key::End, if jumps { last } else { [now[0], last[1]] }),
        ];
        for (key, to) in moves {
            if ui.input(|input| input.key_pressed(key)) {
                let head = [to[0].min(last[0]), to[1].min(last[1])];
                let anchor = match self.selection {
                    Some(selection) if extends => selection.anchor,
                    _ => head,
                };
                self.selection = Some(Selection { anchor, head });
                self.reveal(head, layout.body.size());
                ui.ctx().request_repaint();
            }
        }
    }

    /// Copies what is selected.
    pub(super) fn copy(
        &self,
        ui: &Ui,
        sheet: &Sheet<'_>,
        with_names: bool,
        actions: &mut Vec<Action>,
    ) {
        let Some(selection) = self.selection else { return };
        let n = selection.n_cells();
        if n > MOST_COPIED {
            let most = words::count(MOST_COPIED as u64);
            return actions.push(Action::Tell(format!(
                "Nothing was copied: {} cells are selected, at most {most} are copied at once.",
                words::count(n as u64)
            )));
        }
        let order = self.order.as_ref().map(|order| order.as_slice());
        let (rows, columns) = (selection.range(0), selection.range(1));
        let mut text = copied(sheet.loaded, order, rows, columns, with_names);
        if n == 1 && !with_names {
            text.pop();
        }
        ui.ctx().copy_text(text);
    }

    fn bars_ui(&mut self, ui: &Ui, theme: &Theme, layout: &Layout) {
        let body = layout.body;
        let beside = Rect::from_min_max(
            pos2(body.right(), body.top()),
            pos2(layout.whole.right(), body.bottom()),
        );
        let below = Rect::from_min_max(
            pos2(body.left(), body.bottom()),
            pos2(body.right(), layout.whole.bottom()),
        );
        let [x, y] = [0, 1].map(|axis| [layout.area[axis], f64::from(body.size()[axis])]);
        self.scroll.bar_ui(ui, theme, 0, below, x);
        if self.scroll.bar_ui(ui, theme, 1, beside, y) {
            // Which rows come, while they fly past.
            let text = format!("row {}", words::count(layout.rows.start as u64 + 1));
            let font = TextStyle::Body.resolve(ui.style());
            let galley = laid_out(ui, &text, &font, theme.on_accent, 200.0);
            let y = ui.input(|input| input.pointer.latest_pos()).map_or(body.top(), |at| at.y);
            let y = y.clamp(body.top() + 14.0, (body.bottom() - 14.0).max(body.top() + 14.0));
            let size = galley.size() + vec2(16.0, 8.0);
            let rect = Align2::RIGHT_CENTER.anchor_size(pos2(body.right() - 6.0, y), size);
            ui.painter().rect_filled(rect, 6, theme.accent);
            ui.painter().galley(rect.min + vec2(8.0, 4.0), galley, theme.on_accent);
        }
    }
}

/// Up, down, off.
fn next(sorted: Option<(usize, Direction)>, column: usize) -> Option<Direction> {
    match sorted {
        Some((now, Direction::Ascending)) if now == column => Some(Direction::Descending),
        Some((now, Direction::Descending)) if now == column => None,
        _ => Some(Direction::Ascending),
    }
}

/// A cell as it is drawn: short, on one line.
fn shown(column: &Column, is_date: bool, row: usize) -> Option<String> {
    match &column.cells {
        Cells::Numeric(_) if is_date => cell_text(column, true, row).map(Cow::into_owned),
        Cells::Numeric(values) => {
            let value = values[row];
            // As short as it is exact, where that is short.
            let exact = || Some(value.to_string()).filter(|exact| exact.len() <= 12);
            let rounded = || format_value(value, 6).replace(',', "");
            (!value.is_nan()).then(|| exact().unwrap_or_else(rounded))
        }
        Cells::Nominal { .. } => {
            let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
            let text = cell_text(column, false, row)?;
            Some(text.chars().take(MOST_LETTERS).map(plain).collect())
        }
    }
}

/// A cell with all that a tooltip has room for.
fn long(column: &Column, is_date: bool, row: usize) -> String {
    const MOST: usize = 2000;
    let text = cell_text(column, is_date, row).unwrap_or_default();
    let mut long: String = text.chars().take(MOST).collect();
    if long.len() < text.len() {
        long.push('…');
    }
    long
}

fn laid_out(ui: &Ui, text: &str, font: &FontId, color: egui::Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font.clone(), color);
    job.wrap = TextWrapping::truncate_at_width(width.max(8.0));
    ui.painter().layout_job(job)
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

    #[test]
    fn cells_are_drawn_short_on_one_line() {
        let values = vec![0.1, 1.0 / 3.0, f64::NAN, -12345678.0];
        let column = Column { name: "x".into(), cells: Cells::Numeric(values) };
        let texts: Vec<_> = (0..4).map(|row| shown(&column, false, row)).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(texts, [some("0.1"), some("0.333333"), None, some("-12345678")]);
        let levels = vec!["two\nlines".to_owned(), "x".repeat(5000)];
        let codes = vec![Some(0), Some(1)];
        let column = Column { name: "y".into(), cells: Cells::Nominal { levels, codes } };
        assert_eq!(shown(&column, false, 0), some("two lines"));
        assert_eq!(shown(&column, false, 1).map(|text| text.len()), Some(MOST_LETTERS));
    }
}
