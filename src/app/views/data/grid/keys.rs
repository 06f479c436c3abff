use egui::{Event, EventFilter, Key, Modifiers, Response, Ui};

use super::header::next;
use super::selection::{KEYS, Selection, Strides, moved};
use super::{Grid, Layout, ROW, Sheet};
use crate::app::views::data::menu::Action;

impl Grid {
    /// Follows the keys while the cells have the focus: arrows, pages and ends move (with Shift they
    /// extend), Ctrl A selects all, Ctrl C copies, Enter sorts by the column.
    pub(super) fn take_keys(
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
        if let Some(selection) = self.selection
            && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter))
        {
            let column = selection.head[1];
            actions.push(Action::Sort(column, next(self.sorted, column)));
        }
        let page = ((layout.body.height() / ROW) as usize).max(2) - 1;
        let (extends, jumps) = ui.input(|input| (input.modifiers.shift, input.modifiers.command));
        let strides = Strides { last, page, jumps, extends };
        for key in KEYS {
            if ui.input(|input| input.key_pressed(key)) {
                let selection = moved(self.selection, key, &strides);
                self.selection = Some(selection);
                // A page turns the view as well as it moves the cell.
                let turned = page as f64 * f64::from(ROW);
                self.scroll.at[1] += match key {
                    Key::PageDown => turned,
                    Key::PageUp => -turned,
                    _ => 0.0,
                };
                self.reveal(selection.head, layout.body.size());
                ui.ctx().request_repaint();
            }
        }
    }
}
