//! The page on how a file is read.

mod choices;
mod remarks;

use std::sync::Arc;

use egui::{DragValue, Frame, Label, Margin, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::card::{CardSize, Role};
use super::grid::{Grid, Sheet};
use super::{edit_file, file};
use crate::analysis::table::{Desk, Matcher, Task};
use crate::app::theme::{Theme, space, strong};
use crate::app::views::ViewContext;
use crate::app::views::axes::empty_ui;
use crate::app::widgets::link;
use crate::data::{Comment, CsvSource, Footer, Header, Loaded, first_lines, head};
use choices::{
    DECIMALS, ESCAPES, HEADERS, MISSING_WORDS, ODD_ROWS, QUOTES, QUOTINGS, choice, delimiters,
    encoding_ui, footer_ui, row, types_ui,
};
pub(super) use choices::{TYPES, set_type};
use remarks::report_ui;

/// Lines shown as they are written, and letters of each.
const LINES: (usize, usize) = (12, 400);
/// Rows shown as they were read.
const ROWS: f32 = 6.0;
/// From this width on the settings stand beside what they do.
const WIDE: f32 = 640.0;
/// Width of the settings then.
const SETTINGS: f32 = 290.0;

/// How the file is read: every decision, to be changed, beside the first lines as they are written and
/// as they were read, and what was left out or repaired.
#[derive(Default)]
pub(super) struct ReadingPage {
    grid: Grid,
    lines: Option<(CsvSource, Task<Option<Vec<String>>>)>,
    shown: Vec<String>,
    /// What is typed as spellings of a missing value.
    missing: Option<String>,
}

impl ReadingPage {
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        context: &mut ViewContext<'_>,
        loaded: Option<&Arc<Loaded>>,
        problem: Option<&str>,
    ) {
        let theme = context.theme;
        let Some(entry) = context.session.selected_entry() else { return };
        let Some(csv) = file(&entry.experiment).cloned() else {
            let text = "Sets that come with the program, and generated ones, are as they are.";
            return empty_ui(ui, theme, "Nothing was read from a file", text);
        };
        self.take_lines(ui, context, &csv);
        let mut changed = csv.clone();
        let is_wide = ui.available_width() >= WIDE;
        let mut restates = false;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            Frame::NONE.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
                if let Some(problem) = problem {
                    ui.add(Label::new(RichText::new(problem).color(theme.bad)).wrap());
                    ui.add_space(space::NORMAL);
                }
                if is_wide {
                    ui.horizontal_top(|ui| {
                        ui.allocate_ui(vec2(SETTINGS, 10.0), |ui| {
                            ui.vertical(|ui| {
                                ui.set_width(SETTINGS);
                                restates = self.settings_ui(ui, theme, &mut changed, loaded);
                            });
                        });
                        ui.add_space(space::GROUP);
                        ui.vertical(|ui| self.seen_ui(ui, theme, loaded));
                    });
                } else {
                    self.seen_ui(ui, theme, loaded);
                    ui.add_space(space::GROUP);
                    restates = self.settings_ui(ui, theme, &mut changed, loaded);
                }
            });
        });
        if changed != csv {
            if restates {
                restate(&mut changed, context.session.document().folder());
            }
            edit_file(context, |csv| *csv = changed);
        }
    }

    /// Fetches the first lines in the background, anew where they are read otherwise.
    fn take_lines(&mut self, ui: &Ui, context: &ViewContext<'_>, csv: &CsvSource) {
        let is_known = self
            .lines
            .as_ref()
            .is_some_and(|(known, _)| known.path == csv.path && known.encoding == csv.encoding);
        if !is_known {
            let folder = context.session.document().folder().to_owned();
            let (wanted, ctx) = (csv.clone(), ui.ctx().clone());
            let work = move |desk: &Desk<Option<Vec<String>>>| {
                let lines = first_lines(&wanted, &folder, &wanted.encoding, LINES);
                desk.update(|found| *found = lines.ok());
            };
            let task = Task::start("first lines", move || ctx.request_repaint(), work);
            self.lines = Some((csv.clone(), task));
        }
        let lines = self.lines.as_ref().and_then(|(_, task)| task.look(Option::take));
        if let Some(lines) = lines {
            self.shown = lines;
        }
    }

    /// The first lines as written, the first rows as read, and the remarks.
    fn seen_ui(&mut self, ui: &mut Ui, theme: &Theme, loaded: Option<&Arc<Loaded>>) {
        title(ui, theme, "As it is written");
        lines_ui(ui, theme, &self.shown);
        let Some(loaded) = loaded else { return };
        ui.add_space(space::NORMAL);
        title(ui, theme, "As it is read");
        let sheet = Sheet {
            theme,
            loaded,
            summary: &|_| None,
            role: &|index| if index == loaded.target { Role::Target } else { Role::Feature },
            is_file: false,
            matcher: &Matcher::default(),
            current: None,
        };
        let n_rows = (loaded.table.n_rows() as f32).min(ROWS);
        let height = CardSize::Low.height() + 22.0 * n_rows + 12.0;
        ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
            ui.set_min_height(height);
            self.grid.ui(ui, &sheet, CardSize::Low, &mut Vec::new());
        });
        ui.add_space(space::NORMAL);
        report_ui(ui, theme, &loaded.report);
    }

    /// The decisions; whether one was changed on which the names and types of the columns depend.
    fn settings_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        csv: &mut CsvSource,
        loaded: Option<&Arc<Loaded>>,
    ) -> bool {
        ui.horizontal(|ui| {
            title(ui, theme, "How it is read");
            let again = link(ui, theme, "Find out again");
            let help = "Forgets what is stated here and finds everything out from the file.";
            if again.on_hover_text(help).clicked() {
                *csv = csv.undecided();
                csv.missing.clear();
            }
        });
        let before = csv.clone();
        let found = loaded.map(|loaded| &loaded.report.decisions);
        choice(ui, theme, "Fields end at", &mut csv.delimiter, &delimiters(before.delimiter));
        choice(ui, theme, "Quotes", &mut csv.quote, &QUOTES);
        choice(ui, theme, "A quote inside", &mut csv.escape, &ESCAPES);
        choice(ui, theme, "Quotes stand", &mut csv.quoting, &QUOTINGS);
        choice(ui, theme, "Odd rows", &mut csv.odd_rows, &ODD_ROWS);
        encoding_ui(ui, theme, csv);
        let mut headers = HEADERS.to_vec();
        if let Header::Rows(n) = csv.header
            && n != 3
        {
            headers.push((csv.header, "names, with more rows"));
        }
        choice(ui, theme, "First row", &mut csv.header, &headers);
        row(ui, theme, "Lines above", |ui| {
            let mut n = csv.skip.or(found.map(|found| found.skip)).unwrap_or(0);
            let field = DragValue::new(&mut n).range(0..=100_000).speed(0.1);
            if ui.add(field).on_hover_text("Lines above the table that are left out").changed() {
                csv.skip = Some(n);
            }
        });
        let mut marks = vec![
            (Comment::Auto, "as they look"),
            (Comment::None, "none"),
            (Comment::Mark("#".to_owned()), "begin with #"),
            (Comment::Mark("%".to_owned()), "begin with %"),
            (Comment::Mark("//".to_owned()), "begin with //"),
            (Comment::Mark(";".to_owned()), "begin with ;"),
            (Comment::Mark("--".to_owned()), "begin with --"),
        ];
        let own = match &before.comment {
            Comment::Mark(mark) => format!("begin with {mark}"),
            _ => String::new(),
        };
        if !marks.iter().any(|(mark, _)| *mark == before.comment) {
            marks.push((before.comment.clone(), &own));
        }
        choice(ui, theme, "Comments", &mut csv.comment, &marks);
        row(ui, theme, "Below", |ui| footer_ui(ui, csv, loaded));
        choice(ui, theme, "Decimal sign", &mut csv.decimal, &DECIMALS);
        self.missing_ui(ui, theme, csv);
        choice(ui, theme, "Missing words", &mut csv.missing_words, &MISSING_WORDS);
        let restates = (before.delimiter != csv.delimiter)
            || before.quote != csv.quote
            || before.escape != csv.escape
            || before.quoting != csv.quoting
            || before.odd_rows != csv.odd_rows
            || before.encoding != csv.encoding
            || before.header != csv.header
            || before.skip != csv.skip
            || before.comment != csv.comment;
        let before_words = (before.missing, before.missing_words);
        if before.decimal != csv.decimal || before_words != (csv.missing.clone(), csv.missing_words)
        {
            // Types follow from the spellings of numbers.
            csv.types.clear();
        }
        if let Some(loaded) = loaded {
            types_ui(ui, theme, csv, loaded);
        }
        restates
    }

    /// Spellings of missing values beside the usual ones; taken over when the field is left.
    fn missing_ui(&mut self, ui: &mut Ui, theme: &Theme, csv: &mut CsvSource) {
        row(ui, theme, "Also missing", |ui| {
            let mut text = self.missing.clone().unwrap_or_else(|| csv.missing.join(", "));
            let width = ui.available_width() - 16.0;
            let field = TextEdit::singleline(&mut text).hint_text("-999, unknown");
            let response = ui.add(field.desired_width(width)).on_hover_text(
                "Spellings of a missing value beside the words below, with commas between them",
            );
            if response.changed() {
                self.missing = Some(text);
            } else if response.lost_focus()
                && let Some(typed) = self.missing.take()
            {
                let spellings = typed.split(',').map(str::trim).filter(|text| !text.is_empty());
                csv.missing = spellings.map(str::to_owned).collect();
            }
        });
    }
}

fn title(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.label(strong(text).color(theme.dim));
}

/// After a change on which the names of the columns depend: what was found out from them is found
/// out again, and columns that are no more are not named.
fn restate(csv: &mut CsvSource, folder: &std::path::Path) {
    csv.types.clear();
    csv.footer = Footer::Auto;
    let Ok(head) = head(csv, folder) else { return };
    let is_there = |name: &String| head.table.columns.iter().any(|column| column.name == *name);
    csv.ignore.retain(&is_there);
    for name in [&mut csv.target, &mut csv.weights] {
        if !is_there(name) {
            name.clear();
        }
    }
}

fn lines_ui(ui: &mut Ui, theme: &Theme, lines: &[String]) {
    Frame::new()
        .fill(theme.field)
        .corner_radius(egui::CornerRadius::same(space::CORNER))
        .inner_margin(Margin::symmetric(10, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ScrollArea::both().id_salt("lines").max_height(150.0).auto_shrink([false, true]).show(
                ui,
                |ui| {
                    ui.spacing_mut().item_spacing.y = 1.0;
                    ui.spacing_mut().interact_size.y = 16.0;
                    for (index, line) in lines.iter().enumerate() {
                        ui.horizontal(|ui| {
                            let number = RichText::new(format!("{:>3}", index + 1)).monospace();
                            ui.label(number.color(theme.faint));
                            let line: String = line.chars().map(visible).collect();
                            ui.add(Label::new(RichText::new(line).monospace()).extend());
                        });
                    }
                },
            );
        });
}

/// A letter as it is shown: tabs as arrows, what is no letter at all as points.
fn visible(letter: char) -> char {
    match letter {
        '\t' => '→',
        char::REPLACEMENT_CHARACTER => '·',
        other if other.is_control() => '·',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{ColumnType, Header};

    #[test]
    fn columns_that_are_no_more_are_not_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), "a,b\n1,2\n3,4\n").unwrap();
        let mut csv = CsvSource {
            path: "a.csv".into(),
            target: "a".into(),
            ignore: vec!["b".into(), "column 1".into()],
            types: [("a".to_owned(), ColumnType::Nominal)].into(),
            ..CsvSource::default()
        };
        restate(&mut csv, folder.path());
        assert_eq!(
            (csv.target.as_str(), &*csv.ignore, csv.types.len()),
            ("a", &["b".into()][..], 0)
        );
        csv.header = Header::Absent;
        restate(&mut csv, folder.path());
        assert_eq!((csv.target.as_str(), csv.ignore.len()), ("", 0));
    }
}
