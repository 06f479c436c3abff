use std::sync::Arc;

use egui::{ComboBox, DragValue, Label, ScrollArea, Ui, vec2};

use super::title;
use crate::app::theme::{Theme, small, space};
use crate::data::{
    ColumnType, CsvSource, DecimalSign, Delimiter, Escape, Footer, Header, Loaded, MissingWords,
    OddRows, Quote, Quoting,
};

/// Height of the list of columns.
const TYPES_HEIGHT: f32 = 240.0;
/// Width of the words before a field.
const LABELS: f32 = 88.0;
/// Width of a field at most.
const FIELDS: f32 = 182.0;

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

pub(super) const QUOTES: [(Quote, &str); 4] = [
    (Quote::Auto, "as they look"),
    (Quote::Double, "double: \"a, b\""),
    (Quote::Single, "single: 'a, b'"),
    (Quote::None, "none: letters like others"),
];

pub(super) const ESCAPES: [(Escape, &str); 3] = [
    (Escape::Auto, "as it looks"),
    (Escape::Doubled, "is written twice"),
    (Escape::Backslash, "is behind a backslash"),
];

pub(super) const QUOTINGS: [(Quoting, &str); 4] = [
    (Quoting::Auto, "as they look"),
    (Quoting::Strict, "directly around fields"),
    (Quoting::Spaced, "behind blanks too"),
    (Quoting::Rows, "around whole rows"),
];

pub(super) const ODD_ROWS: [(OddRows, &str); 3] = [
    (OddRows::Auto, "as they look"),
    (OddRows::Mended, "are taken apart"),
    (OddRows::Kept, "are read like others"),
];

pub(super) const MISSING_WORDS: [(MissingWords, &str); 4] = [
    (MissingWords::Auto, "as they look"),
    (MissingWords::Usual, "usual: NA, null, ?, -"),
    (MissingWords::Codes, "usual; NA is a country"),
    (MissingWords::Stated, "none but these"),
];

pub(super) const HEADERS: [(Header, &str); 6] = [
    (Header::Auto, "as it looks"),
    (Header::Present, "names the columns"),
    (Header::Absent, "is data"),
    (Header::Units, "names; units follow"),
    (Header::Levels, "names, with the second"),
    (Header::Rows(3), "names, with the next two"),
];

pub(super) const DECIMALS: [(DecimalSign, &str); 3] = [
    (DecimalSign::Auto, "as each column looks"),
    (DecimalSign::Point, "point: 1.5"),
    (DecimalSign::Comma, "comma: 1,5"),
];

/// What a column can be taken for.
pub(in crate::app::views::data) const TYPES: [(Option<ColumnType>, &str); 9] = [
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

pub(super) fn delimiters(now: Delimiter) -> Vec<(Delimiter, &'static str)> {
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

/// A label with something beside it.
pub(super) fn row<R>(ui: &mut Ui, theme: &Theme, label: &str, add: impl FnOnce(&mut Ui) -> R) -> R {
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

pub(super) fn choice<T: Clone + PartialEq>(
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
            .width((ui.available_width() - 8.0).min(FIELDS))
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

pub(super) fn encoding_ui(ui: &mut Ui, theme: &Theme, csv: &mut CsvSource) {
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

pub(super) fn footer_ui(ui: &mut Ui, csv: &mut CsvSource, loaded: Option<&Arc<Loaded>>) {
    let name = |footer| match footer {
        Footer::Auto => "as it looks",
        Footer::Kept => "all are rows",
        Footer::From(_) => "left out from line",
    };
    let now = csv.footer;
    ComboBox::from_id_salt("below").selected_text(name(now)).width(112.0).show_ui(ui, |ui| {
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
pub(super) fn types_ui(ui: &mut Ui, theme: &Theme, csv: &mut CsvSource, loaded: &Loaded) {
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
            .width(FIELDS)
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
pub(in crate::app::views::data) fn set_type(
    csv: &mut CsvSource,
    name: &str,
    kind: Option<ColumnType>,
) {
    match kind {
        Some(kind) => drop(csv.types.insert(name.to_owned(), kind)),
        None => drop(csv.types.remove(name)),
    }
}
