//! The table itself: only what is in view is laid out and drawn.

mod body;
mod cells;
mod header;
mod keys;
mod selection;

use std::ops::RangeInclusive;
use std::sync::Arc;

use egui::{Align2, Id, Pos2, Rect, TextStyle, Ui, pos2, vec2};

use super::card::{CardSize, Role};
use super::menu::{Action, cells_menu};
use super::scroll::{BAR, Scroll};
use crate::analysis::table::{
    ColumnSummary, Desk, Direction, Matcher, Task, cell_text, copied, is_date, sorted_rows,
};
use crate::app::theme::Theme;
use crate::app::words;
use crate::data::Loaded;
use cells::{MOST_LETTERS, fitting_width, laid_out};
use selection::Selection;

/// Height of a row.
const ROW: f32 = 22.0;
/// Cells that are looked at for the widths of all columns.
const MEASURED: usize = 4_000;
/// How narrow and how wide a column can be.
const WIDTHS: RangeInclusive<f32> = 44.0..=900.0;
/// Space between text and the edge of a cell.
const PADDING: f32 = 6.0;
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

/// Rows in another order than the table's.
type Order = Arc<Vec<u32>>;

/// A table of any size, of which only what is in view is drawn.
#[derive(Default)]
pub(super) struct Grid {
    /// The widths of columns and for which they are.
    widths: Vec<f32>,
    names: Vec<String>,
    /// Decimals of a column's numbers, once it has been in view.
    decimals: Vec<Option<usize>>,
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
            let n = (MEASURED / columns.len().max(1)).clamp(2, 60);
            let width = |(index, column)| fitting_width(column, is_date(loaded, index), n);
            self.widths = columns.iter().enumerate().map(width).collect();
            self.scroll = Scroll::default();
        }
        self.decimals.clear();
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
        // The first row comes into view, in the column that was selected.
        self.scroll.at[1] = 0.0;
        self.selection = self.selection.map(|selection| Selection::cell([0, selection.head[1]]));
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
        self.selection = Some(Selection::cell([place, column]));
        self.reveal([place, column], view);
    }

    /// Selects a column and scrolls it into view as soon as the table is drawn.
    pub(super) fn show_column(&mut self, column: usize) {
        if column < self.widths.len() {
            self.scroll.at[0] = self.widths[..column].iter().map(|width| f64::from(*width)).sum();
            self.selection = Some(Selection::cell([0, column]));
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

    fn id(&self, ui: &Ui) -> Id {
        ui.scope_id().with("cells")
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
