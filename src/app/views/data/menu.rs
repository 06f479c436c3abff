use egui::Ui;

use super::card::Role;
use super::grid::Sheet;
use super::reading::TYPES;
use crate::analysis::table::{Direction, cell_text, is_date};
use crate::app::theme::{small, strong};
use crate::data::{Cells, ColumnType, Loaded};

/// What is to be done with the table.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// Sorts the rows by a column.
    Sort(usize, Option<Direction>),
    /// Makes a column the target.
    Target(usize),
    /// Leaves a column out, or uses it again.
    Ignore(usize, bool),
    /// Takes a column for something else; `None` for what it looks like.
    Type(usize, Option<ColumnType>),
    /// Lets a column say how much rows count, or not any more.
    Weights(usize, bool),
    /// Looks for the text of a cell.
    Search(String),
    /// Copies the selected cells; with the columns' names where that is wanted.
    Copy(bool),
    /// Says something in the message line.
    Tell(String),
}

/// The menu of a column.
pub(super) fn column_menu(
    ui: &mut Ui,
    sheet: &Sheet<'_>,
    (index, role): (usize, Role),
    sorted: Option<(usize, Direction)>,
    about: Option<String>,
    actions: &mut Vec<Action>,
) {
    let column = &sheet.loaded.table.columns[index];
    ui.set_min_width(190.0);
    ui.set_max_width(280.0);
    ui.add(egui::Label::new(strong(&column.name)).truncate());
    ui.separator();
    let now = sorted.filter(|(by, _)| *by == index).map(|(_, direction)| direction);
    for (words, direction) in [
        ("Sort, smallest first", Some(Direction::Ascending)),
        ("Sort, largest first", Some(Direction::Descending)),
        ("As in the file", None),
    ] {
        let is_on = now == direction && (direction.is_some() || sorted.is_none());
        if ui.selectable_label(is_on, words).clicked() {
            actions.push(Action::Sort(index, direction));
            ui.close();
        }
    }
    if sheet.is_file {
        ui.separator();
        let is_number = matches!(column.cells, Cells::Numeric(_));
        let mut offer = |ui: &mut Ui, words: &str, action: Action| {
            if ui.button(words).clicked() {
                actions.push(action);
                ui.close();
            }
        };
        if role != Role::Target {
            offer(ui, "Make it the target", Action::Target(index));
        }
        match role {
            Role::Feature => offer(ui, "Ignore it", Action::Ignore(index, true)),
            Role::Ignored => offer(ui, "Use it again", Action::Ignore(index, false)),
            Role::Weights => offer(ui, "No weights any more", Action::Weights(index, false)),
            Role::Target => {}
        }
        if role == Role::Feature && is_number {
            offer(ui, "Rows count by it", Action::Weights(index, true));
        }
        let found = sheet.loaded.report.decisions.types.get(index).map(|(_, kind)| *kind);
        ui.menu_button("Take it for", |ui| {
            for (kind, words) in TYPES {
                let is_on = kind.is_some() && kind == found;
                if ui.selectable_label(is_on, words).clicked() {
                    actions.push(Action::Type(index, kind));
                    ui.close();
                }
            }
        });
    }
    ui.separator();
    if ui.button("Copy name").clicked() {
        ui.ctx().copy_text(column.name.clone());
        ui.close();
    }
    if let Some(about) = about
        && ui.button("Copy summary").clicked()
    {
        ui.ctx().copy_text(about);
        ui.close();
    }
}

/// The menu of the cells; `selected` is a row of the table and a column.
pub(super) fn cells_menu(
    ui: &mut Ui,
    loaded: &Loaded,
    selected: Option<[usize; 2]>,
    actions: &mut Vec<Action>,
) {
    ui.set_min_width(170.0);
    let Some([row, column]) = selected else {
        ui.label(small("Select cells first."));
        return;
    };
    for (words, with_names) in [("Copy", false), ("Copy with names", true)] {
        if ui.button(words).clicked() {
            actions.push(Action::Copy(with_names));
            ui.close();
        }
    }
    let cells = loaded.table.columns.get(column);
    let text = cells.and_then(|cells| cell_text(cells, is_date(loaded, column), row));
    if let Some(text) = text.filter(|text| text.len() < 80) {
        ui.separator();
        if ui.button(format!("Search for {text}")).clicked() {
            actions.push(Action::Search(text.into_owned()));
            ui.close();
        }
    }
}
