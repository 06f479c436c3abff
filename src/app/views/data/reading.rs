use std::sync::Arc;

use egui::{ComboBox, DragValue, Frame, Label, Margin, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::card::{CardSize, Role};
use super::grid::{Grid, Sheet};
use super::{edit_file, file};
use crate::analysis::table::{Desk, Matcher, Task};
use crate::app::theme::{Theme, small, space, strong};
use crate::app::views::ViewContext;
use crate::app::views::axes::empty_ui;
use crate::app::widgets::{link, note};
use crate::app::words;
use crate::data::{
    ColumnType, Comment, CsvSource, DecimalSign, Delimiter, Escape, Footer, Header, Loaded,
    MissingWords, OddRows, Quote, Quoting, ReadReport, first_lines, head,
};

/// Lines shown as they are written, and letters of each.
const LINES: (usize, usize) = (12, 400);
/// Rows shown as they were read.
const ROWS: f32 = 6.0;
/// From this width on the settings stand beside what they do.
const WIDE: f32 = 640.0;
/// Width of the settings then.
const SETTINGS: f32 = 290.0;
/// Height of the list of columns.
const TYPES_HEIGHT: f32 = 240.0;
/// Width of their names.
const LABELS: f32 = 88.0;
/// Remarks shown; a copy has all.
const SHOWN: usize = 300;

/// Encodings to choose from.
const ENCODINGS: [&str; 24] = [
    "UTF-8",
    "UTF-16LE",
    "UTF-16BE",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "ISO-8859-2",
    "ISO-8859-15",
    "macintosh",
    "cp850",
    "cp437",
    "KOI8-R",
    "IBM866",
    "Shift_JIS",
    "EUC-JP",
    "EUC-KR",
    "Big5",
    "GBK",
    "gb18030",
];

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

const QUOTES: [(Quote, &str); 4] = [
    (Quote::Auto, "as they look"),
    (Quote::Double, "double: \"a, b\""),
    (Quote::Single, "single: 'a, b'"),
    (Quote::None, "none: letters like others"),
];

const ESCAPES: [(Escape, &str); 3] = [
    (Escape::Auto, "as it looks"),
    (Escape::Doubled, "is written twice"),
    (Escape::Backslash, "is behind a backslash"),
];

const QUOTINGS: [(Quoting, &str); 4] = [
    (Quoting::Auto, "as they look"),
    (Quoting::Strict, "directly around fields"),
    (Quoting::Spaced, "behind blanks too"),
    (Quoting::Rows, "around whole rows"),
];

const ODD_ROWS: [(OddRows, &str); 3] = [
    (OddRows::Auto, "as they look"),
    (OddRows::Mended, "are taken apart"),
    (OddRows::Kept, "are read like others"),
];

const MISSING_WORDS: [(MissingWords, &str); 4] = [
    (MissingWords::Auto, "as they look"),
    (MissingWords::Usual, "usual: NA, null, ?, -"),
    (MissingWords::Codes, "usual; NA is a country"),
    (MissingWords::Stated, "none but these"),
];

const HEADERS: [(Header, &str); 6] = [
    (Header::Auto, "as it looks"),
    (Header::Present, "names the columns"),
    (Header::Absent, "is data"),
    (Header::Units, "names; units follow"),
    (Header::Levels, "names, with the second"),
    (Header::Rows(3), "names, with the next two"),
];

const DECIMALS: [(DecimalSign, &str); 3] = [
    (DecimalSign::Auto, "as each column looks"),
    (DecimalSign::Point, "point: 1.5"),
    (DecimalSign::Comma, "comma: 1,5"),
];

/// What a column can be taken for.
pub(super) const TYPES: [(Option<ColumnType>, &str); 9] = [
    (None, "as it looks"),
    (Some(ColumnType::Numeric), "number"),
    (Some(ColumnType::NumericPoint), "number such as 1.5"),
    (Some(ColumnType::NumericComma), "number such as 1,5"),
    (Some(ColumnType::Nominal), "name"),
    (Some(ColumnType::Date), "date"),
    (Some(ColumnType::DayFirst), "date, day first"),
    (Some(ColumnType::MonthFirst), "date, month first"),
    (Some(ColumnType::Text), "text, left out"),
];

fn delimiters(now: Delimiter) -> Vec<(Delimiter, &'static str)> {
    let mut all = vec![
        (Delimiter::Auto, "what looks like a table"),
        (Delimiter::Comma, "comma ,"),
        (Delimiter::Semicolon, "semicolon ;"),
        (Delimiter::Tab, "tab"),
        (Delimiter::Pipe, "bar |"),
        (Delimiter::Bars, "two bars ||"),
        (Delimiter::Space, "spaces"),
        (Delimiter::Gap, "two spaces or more"),
        (Delimiter::Other(':'), "colon :"),
        (Delimiter::Other('^'), "caret ^"),
        (Delimiter::Other('~'), "tilde ~"),
        (Delimiter::Other('!'), "exclamation mark !"),
    ];
    if !all.iter().any(|(delimiter, _)| *delimiter == now) {
        all.push((now, "another sign"));
    }
    all
}

fn title(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.label(strong(text).color(theme.dim));
}

/// A label with something beside it.
fn row<R>(ui: &mut Ui, theme: &Theme, label: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(vec2(LABELS, space::FIELD), layout, |ui| {
            ui.set_min_width(LABELS);
            ui.add(Label::new(small(label).color(theme.dim)).truncate());
        });
        add(ui)
    })
    .inner
}

fn choice<T: Clone + PartialEq>(
    ui: &mut Ui,
    theme: &Theme,
    label: &str,
    now: &mut T,
    options: &[(T, &str)],
) {
    row(ui, theme, label, |ui| {
        let shown = options.iter().find(|(value, _)| value == now).map_or("", |(_, text)| text);
        let response = ComboBox::from_id_salt(label)
            .selected_text(shown)
            .width(ui.available_width().min(190.0) - 8.0)
            .truncate()
            .show_ui(ui, |ui| {
                for (value, text) in options {
                    if ui.selectable_label(now == value, *text).clicked() {
                        *now = value.clone();
                    }
                }
            })
            .response;
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{label}: {shown}"))
        });
    });
}

fn encoding_ui(ui: &mut Ui, theme: &Theme, csv: &mut CsvSource) {
    let now = csv.encoding.clone();
    let known = ENCODINGS.iter().find(|name| name.eq_ignore_ascii_case(&now));
    let mut names: Vec<(String, &str)> = vec![(String::new(), "as it looks")];
    names.extend(ENCODINGS.map(|name| (name.to_owned(), name)));
    if known.is_none() && !now.is_empty() {
        names.push((now.clone(), &now));
    }
    let mut chosen = known.map_or(now.clone(), |name| (*name).to_owned());
    let before = chosen.clone();
    choice(ui, theme, "Encoding", &mut chosen, &names);
    if chosen != before {
        csv.encoding = chosen;
    }
}

fn footer_ui(ui: &mut Ui, csv: &mut CsvSource, loaded: Option<&Arc<Loaded>>) {
    let name = |footer| match footer {
        Footer::Auto => "as it looks",
        Footer::Kept => "all are rows",
        Footer::From(_) => "left out from line",
    };
    let now = csv.footer;
    ComboBox::from_id_salt("below").selected_text(name(now)).width(110.0).show_ui(ui, |ui| {
        let n = loaded.map_or(2, |loaded| loaded.report.n_rows as u64 + 2);
        for footer in [Footer::Auto, Footer::Kept, Footer::From(n)] {
            let is_on = std::mem::discriminant(&footer) == std::mem::discriminant(&now);
            if ui.selectable_label(is_on, name(footer)).clicked() && !is_on {
                csv.footer = footer;
            }
        }
    });
    if let Footer::From(mut line) = csv.footer {
        let least = csv.skip.unwrap_or(0) + 1;
        if ui.add(DragValue::new(&mut line).range(least..=u64::MAX).speed(0.2)).changed() {
            csv.footer = Footer::From(line);
        }
    }
}

/// The columns with what they are taken for.
fn types_ui(ui: &mut Ui, theme: &Theme, csv: &mut CsvSource, loaded: &Loaded) {
    ui.add_space(space::NORMAL);
    title(ui, theme, "Columns");
    let decided = &loaded.report.decisions.types;
    let area = ScrollArea::vertical().id_salt("types").max_height(TYPES_HEIGHT);
    let area = area.min_scrolled_height(TYPES_HEIGHT);
    area.auto_shrink([false, true]).show_rows(ui, space::FIELD, decided.len(), |ui, rows| {
        for (name, found) in &decided[rows] {
            type_row(ui, theme, csv, name, *found);
        }
    });
}

fn type_row(ui: &mut Ui, theme: &Theme, csv: &mut CsvSource, name: &str, found: ColumnType) {
    row(ui, theme, name, |ui| {
        let response = ComboBox::from_id_salt(("type", name))
            .selected_text(type_name(found))
            .width(150.0)
            .truncate()
            .show_ui(ui, |ui| {
                for (kind, text) in TYPES {
                    if ui.selectable_label(kind == Some(found), text).clicked() {
                        set_type(csv, name, kind);
                    }
                }
            })
            .response;
        let words = format!("{name}: {}", type_name(found));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &words));
    });
}

/// The word for a type.
fn type_name(kind: ColumnType) -> &'static str {
    let known = TYPES.iter().find(|(other, _)| *other == Some(kind));
    known.map_or(kind.name(), |(_, text)| text)
}

/// Takes a column for something else.
pub(super) fn set_type(csv: &mut CsvSource, name: &str, kind: Option<ColumnType>) {
    match kind {
        Some(kind) => drop(csv.types.insert(name.to_owned(), kind)),
        None => drop(csv.types.remove(name)),
    }
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
                            let line: String =
                                line.chars().map(|c| if c == '\t' { '→' } else { c }).collect();
                            ui.add(Label::new(RichText::new(line).monospace()).extend());
                        });
                    }
                },
            );
        });
}

/// All that is to be said about the reading, as text.
fn in_words(report: &ReadReport) -> String {
    let mut text = String::new();
    for warning in &report.warnings {
        text.push_str(&format!("{warning}\n"));
    }
    for (kind, lines) in [("left out", &report.skipped), ("repaired", &report.repaired)] {
        for (line, what) in lines {
            text.push_str(&format!("line {line} {kind}: {what}\n"));
        }
    }
    text
}

/// What was left out, repaired and remarked.
fn report_ui(ui: &mut Ui, theme: &Theme, report: &ReadReport) {
    let text = in_words(report);
    let n = report.warnings.len() + report.skipped.len() + report.repaired.len();
    ui.horizontal(|ui| {
        title(ui, theme, "Remarks");
        if n > 0 && link(ui, theme, "Copy all").clicked() {
            ui.ctx().copy_text(text.clone());
        }
    });
    if n == 0 {
        return note(ui, theme, "Every line of the file was read as it is.");
    }
    let count = |n: usize, what: &str| format!("{} {what}", words::count(n as u64));
    let counts = [
        (report.warnings.len(), "on the whole file"),
        (report.skipped.len(), "left out"),
        (report.repaired.len(), "repaired"),
    ];
    let counts = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(*n, what));
    note(ui, theme, &counts.collect::<Vec<_>>().join(" · "));
    for line in text.lines().take(SHOWN) {
        ui.add(Label::new(small(line)).wrap().selectable(true));
    }
    if n > SHOWN {
        note(
            ui,
            theme,
            &format!("… and {} more; a copy has all.", words::count((n - SHOWN) as u64)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn remarks_are_copied_with_their_lines() {
        let report = ReadReport {
            warnings: vec!["odd".into()],
            skipped: vec![(3, "short".into())],
            repaired: vec![(9, "filled".into())],
            ..ReadReport::default()
        };
        assert_eq!(in_words(&report), "odd\nline 3 left out: short\nline 9 repaired: filled\n");
    }
}
