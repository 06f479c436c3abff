//! A table written as CSV in any dialect is read back as it was.

use descent::data::{Cells, CsvSource, Delimiter, Header, Source, load};
use proptest::prelude::*;

/// A written cell and what it means.
#[derive(Clone, Debug)]
enum Cell {
    Number(f64),
    Text(String),
    Missing(&'static str),
}

fn missing() -> impl Strategy<Value = Cell> {
    prop::sample::select(vec!["", "NA", "NaN", "null", "?", "-", "n/a", "None"])
        .prop_map(Cell::Missing)
}

fn numeric() -> impl Strategy<Value = Cell> {
    let number = prop_oneof![
        any::<f64>().prop_filter("finite", |value| value.is_finite()),
        (-1000i32..1000).prop_map(f64::from),
        (-100_000i32..100_000).prop_map(|value| f64::from(value) / 100.0),
    ];
    prop_oneof![9 => number.prop_map(Cell::Number), 1 => missing()]
}

/// Words that are neither numbers nor missing, with anything inside that quotes can hold.
fn nominal() -> impl Strategy<Value = Cell> {
    let text = "[a-zé日][ ,;|\"\t\na-z0-9]{0,8}[a-zü本]"
        .prop_filter("no missing spelling", |text| {
            !["na", "nan", "null", "none"].contains(&text.as_str())
        });
    prop_oneof![9 => text.prop_map(Cell::Text), 1 => missing()]
}

fn table() -> impl Strategy<Value = Vec<Vec<Cell>>> {
    (2usize..5, 5usize..12, any::<u32>()).prop_flat_map(|(n_columns, n_rows, kinds)| {
        let columns: Vec<BoxedStrategy<Vec<Cell>>> = (0..n_columns)
            .map(|j| {
                let cell = match j == 0 || kinds >> j & 1 == 0 {
                    true => numeric().boxed(),
                    false => nominal().boxed(),
                };
                prop::collection::vec(cell, n_rows).boxed()
            })
            .collect();
        columns
    })
}

#[derive(Clone, Copy, Debug)]
struct Style {
    delimiter: char,
    comma: bool,
    quote_all: bool,
    line_end: &'static str,
    encoding: &'static str,
    final_line_end: bool,
}

fn style() -> impl Strategy<Value = Style> {
    (
        prop::sample::select(vec![',', ';', '\t', '|']),
        any::<bool>(),
        any::<bool>(),
        prop::sample::select(vec!["\n", "\r\n", "\r"]),
        prop::sample::select(vec!["UTF-8", "UTF-8 with mark", "UTF-16LE", "UTF-16BE"]),
        any::<bool>(),
    )
        .prop_map(|(delimiter, comma, quote_all, line_end, encoding, final_line_end)| Style {
            delimiter,
            comma: comma && delimiter != ',',
            quote_all,
            line_end,
            encoding,
            final_line_end,
        })
}

fn write(columns: &[Vec<Cell>], style: Style) -> Vec<u8> {
    let field = |text: &str| {
        let special = [style.delimiter, '"', '\n', '\r'];
        match style.quote_all || text.contains(special) {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text.to_owned(),
        }
    };
    let mut lines: Vec<Vec<String>> =
        vec![(0..columns.len()).map(|j| field(&format!("name {j}"))).collect()];
    for row in 0..columns[0].len() {
        let cell = |column: &Vec<Cell>| match &column[row] {
            Cell::Number(value) => {
                let text = format!("{value:?}");
                field(&if style.comma { text.replace('.', ",") } else { text })
            }
            Cell::Text(text) => field(text),
            Cell::Missing(text) => field(text),
        };
        lines.push(columns.iter().map(cell).collect());
    }
    let separator = style.delimiter.to_string();
    let mut text =
        lines.iter().map(|line| line.join(&separator)).collect::<Vec<_>>().join(style.line_end);
    if style.final_line_end {
        text += style.line_end;
    }
    match style.encoding {
        "UTF-8" => text.into_bytes(),
        "UTF-8 with mark" => format!("\u{feff}{text}").into_bytes(),
        "UTF-16LE" => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}

/// Whether a row has no value; such rows are left out and said.
fn is_blank(columns: &[Vec<Cell>], row: usize) -> bool {
    columns.iter().all(|column| matches!(column[row], Cell::Missing("")))
}

fn check(columns: &[Vec<Cell>], style: Style, settings: CsvSource) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("t.csv"), write(columns, style)).expect("a file");
    let source = Source::Csv(CsvSource { path: "t.csv".into(), ..settings });
    let loaded = load(&source, folder.path()).map_err(|e| TestCaseError::fail(e.to_string()))?;
    let report = &loaded.report;
    prop_assert_eq!(&report.delimiter, &style.delimiter.to_string());
    prop_assert!(report.header);
    prop_assert!(style.encoding.starts_with(&report.encoding));
    prop_assert_eq!(report.n_columns, columns.len());
    let n_written = columns[0].len();
    let kept: Vec<usize> = (0..n_written).filter(|row| !is_blank(columns, *row)).collect();
    prop_assert_eq!(report.n_rows, kept.len());
    prop_assert_eq!(report.skipped.len(), n_written - kept.len(), "{:?}", report);
    prop_assert!(report.repaired.is_empty(), "{report:?}");
    for (j, (written, column)) in columns.iter().zip(&loaded.table.columns).enumerate() {
        prop_assert_eq!(&column.name, &format!("name {j}"));
        for (row, written_row) in kept.iter().enumerate() {
            match (&column.cells, &written[*written_row]) {
                (Cells::Numeric(values), Cell::Number(value)) => {
                    prop_assert_eq!(values[row].to_bits(), value.to_bits());
                }
                (Cells::Numeric(values), Cell::Missing(_)) => prop_assert!(values[row].is_nan()),
                (Cells::Nominal { levels, codes }, Cell::Text(text)) => {
                    let code = codes[row].expect("a level");
                    prop_assert_eq!(&levels[code as usize], text);
                }
                (Cells::Nominal { codes, .. }, Cell::Missing(_)) => {
                    prop_assert_eq!(codes[row], None);
                }
                (cells, cell) => prop_assert!(false, "{:?} read as {:?}", cell, cells),
            }
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn with_the_dialect_stated(columns in table(), style in style()) {
        let delimiter = match style.delimiter {
            ',' => Delimiter::Comma,
            ';' => Delimiter::Semicolon,
            '\t' => Delimiter::Tab,
            _ => Delimiter::Pipe,
        };
        check(&columns, style, CsvSource { delimiter, header: Header::Present, ..CsvSource::default() })?;
    }

    /// Numbers under names leave nothing to doubt, so the dialect is found out.
    #[test]
    fn with_the_dialect_found_out(
        columns in prop::collection::vec(
            prop::collection::vec(numeric().prop_filter("a number", |cell| matches!(cell, Cell::Number(_))), 8),
            2..5,
        ),
        style in style(),
    ) {
        check(&columns, style, CsvSource::default())?;
    }
}

#[test]
fn a_row_without_values_is_left_out_wherever_it_stands() {
    let column = [0.0, 1.0, f64::NAN, 2.0, 3.0]
        .map(|x| if x.is_nan() { Cell::Missing("") } else { Cell::Number(x) });
    let style = Style {
        delimiter: ',',
        comma: false,
        quote_all: false,
        line_end: "\n",
        encoding: "UTF-8",
        final_line_end: false,
    };
    let stated =
        CsvSource { delimiter: Delimiter::Comma, header: Header::Present, ..CsvSource::default() };
    check(&[column.to_vec(), column.to_vec()], style, stated).expect("the table as written");
}

/// Words as they stand in tables, among them those that begin notes elsewhere.
fn word() -> impl Strategy<Value = String> {
    let notes = ["total", "Source", "note", "end", "*", "mean"];
    prop_oneof![
        4 => "[a-z]{2,6}".prop_filter("no missing spelling", |text| {
            !["na", "nan", "null", "none", "nil"].contains(&text.as_str())
        }),
        1 => prop::sample::select(notes.to_vec()).prop_map(str::to_owned),
    ]
}

proptest! {
    /// Rows that have a value in each column are rows of the table, whatever the words.
    #[test]
    fn rows_of_words_are_kept(
        rows in (1usize..5).prop_flat_map(|width| {
            prop::collection::vec(prop::collection::vec(word(), width), 1..12)
        }),
    ) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let lines: Vec<String> = rows.iter().map(|row| row.join(",") + "\n").collect();
        std::fs::write(folder.path().join("t.csv"), lines.concat()).expect("a file");
        let source = CsvSource {
            path: "t.csv".into(),
            header: Header::Absent,
            delimiter: Delimiter::Comma,
            ..CsvSource::default()
        };
        let read = descent::data::first_rows(&source, folder.path(), 99).expect("rows");
        prop_assert_eq!(&read, &rows);
        let loaded = load(&Source::Csv(source), folder.path()).expect("a table");
        prop_assert_eq!(loaded.report.n_rows, rows.len());
        prop_assert!(loaded.report.skipped.is_empty());
    }

    /// Rows that were cut after a value are repaired and not lost.
    #[test]
    fn ragged_rows_are_kept(cut in prop::collection::vec(1usize..4, 1..30)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let row = |n: &usize| ["7,red,2.5", "7,red", "7"][3 - n].to_owned() + "\n";
        let text = "id,colour,x\n1,red,2.5\n2,blue,3.5\n".to_owned();
        let text = text + &cut.iter().map(row).collect::<String>();
        std::fs::write(folder.path().join("t.csv"), text).expect("a file");
        let source = CsvSource {
            path: "t.csv".into(),
            header: Header::Present,
            delimiter: Delimiter::Comma,
            ..CsvSource::default()
        };
        let loaded = load(&Source::Csv(source), folder.path()).expect("a table");
        let report = &loaded.report;
        prop_assert_eq!(report.n_rows + report.skipped.len(), cut.len() + 2);
        if cut.iter().filter(|n| **n == 3).count() + 2 > cut.len() / 2 {
            prop_assert_eq!(report.n_columns, 3);
        }
        if report.n_columns == 3 {
            prop_assert_eq!(report.skipped.len(), 0);
        }
    }
}

proptest! {
    /// Whatever the bytes, reading answers: a table or a refusal, never a panic.
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("t.csv"), bytes).expect("a file");
        let source = Source::Csv(CsvSource { path: "t.csv".into(), ..CsvSource::default() });
        match load(&source, folder.path()) {
            Ok(loaded) => prop_assert!(loaded.table.n_rows() > 0),
            Err(error) => prop_assert!(!error.message.is_empty()),
        }
    }

    /// The same for text made of what tables are made of.
    #[test]
    fn any_text_is_answered(text in "[a1.,;\t|\"'\n\r -]{0,200}") {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("t.csv"), text).expect("a file");
        let source = Source::Csv(CsvSource { path: "t.csv".into(), ..CsvSource::default() });
        if let Ok(loaded) = load(&source, folder.path()) {
            let rows = loaded.table.columns.iter().map(|column| column.n_rows());
            prop_assert!(rows.clone().min() == rows.max());
        }
    }
}
