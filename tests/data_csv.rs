//! CSV files as they come: dialects, encodings, repairs, and what hostile ones are told.

use std::path::Path;

use descent::data::{
    Cells, ColumnType, Comment, CsvSource, DataError, DecimalSign, Delimiter, Escape, Footer,
    Header, Loaded, MissingWords, OddRows, Quote, Quoting, Source, load,
};

/// Writes `bytes` to a file and reads it; what was decided, stated, gives the same again.
fn read_bytes(bytes: &[u8]) -> Result<std::sync::Arc<Loaded>, DataError> {
    let loaded = read_with(bytes, CsvSource::default())?;
    let decided = CsvSource::default().decided(&loaded.report.decisions);
    assert!(decided.is_decided(), "{decided:?}");
    let again = read_with(bytes, decided).expect("a table again");
    assert_eq!(again.report.decisions, loaded.report.decisions);
    // As text, where NaN is NaN; the fingerprint and Debug show all there is.
    assert!(format!("{:?}", again.table) == format!("{:?}", loaded.table));
    assert_eq!(again.fingerprint, loaded.fingerprint);
    Ok(loaded)
}

fn read_with(bytes: &[u8], settings: CsvSource) -> Result<std::sync::Arc<Loaded>, DataError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("table.csv"), bytes).expect("a file");
    let source = Source::Csv(CsvSource { path: "table.csv".into(), ..settings });
    load(&source, folder.path())
}

fn read(text: &str) -> Loaded {
    (*read_bytes(text.as_bytes()).expect("a readable table")).clone()
}

/// Line and message of the refusal.
fn refusal(bytes: &[u8]) -> (Option<u64>, String) {
    let error = read_bytes(bytes).expect_err("a refusal");
    assert!(error.path.as_ref().is_some_and(|path| path.ends_with("table.csv")));
    (error.line, error.message)
}

fn numbers(loaded: &Loaded, column: usize) -> Vec<f64> {
    match &loaded.table.columns[column].cells {
        Cells::Numeric(values) => values.clone(),
        other => panic!("column {column} is not numeric: {other:?}"),
    }
}

fn texts(loaded: &Loaded, column: usize) -> Vec<Option<String>> {
    match &loaded.table.columns[column].cells {
        Cells::Nominal { levels, codes } => {
            codes.iter().map(|code| code.map(|code| levels[code as usize].clone())).collect()
        }
        other => panic!("column {column} is not nominal: {other:?}"),
    }
}

fn names(loaded: &Loaded) -> Vec<&str> {
    loaded.table.columns.iter().map(|column| column.name.as_str()).collect()
}

#[test]
fn the_usual_file() {
    let loaded = read("age,colour,height\n31,red,1.75\n42,blue,1.80\n27,red,\n");
    let report = &loaded.report;
    assert_eq!((report.delimiter.as_str(), report.quote, report.header), (",", '"', true));
    assert_eq!((report.encoding.as_str(), report.n_rows, report.n_columns), ("UTF-8", 3, 3));
    assert_eq!(names(&loaded), ["age", "colour", "height"]);
    assert_eq!(numbers(&loaded, 0), [31.0, 42.0, 27.0]);
    assert_eq!(texts(&loaded, 1), [Some("red".into()), Some("blue".into()), Some("red".into())]);
    assert!(numbers(&loaded, 2)[2].is_nan());
    assert_eq!(loaded.target, 2);
    assert_eq!(loaded.name, "table");
    assert!(report.skipped.is_empty() && report.repaired.is_empty() && report.warnings.is_empty());
}

#[test]
fn line_ends_of_all_systems() {
    for end in ["\n", "\r\n", "\r"] {
        let loaded = read(&["x,y", "1,2", "3,4,5", "6", "7,8"].join(end));
        assert_eq!(numbers(&loaded, 0), [1.0, 6.0, 7.0], "{end:?}");
        assert_eq!(loaded.report.skipped, [(3, "3 fields instead of 2".to_owned())]);
        assert_eq!(
            loaded.report.repaired,
            [(4, "1 of 2 fields; the last 1 value made missing".to_owned())]
        );
    }
}

#[test]
fn line_numbers_count_blank_lines_and_lines_in_quotes() {
    let loaded = read("x,note\n\n1,\"two\nlines\"\n\n\n2,b,c\n3\n");
    assert_eq!(loaded.report.skipped[0].0, 7);
    assert_eq!(loaded.report.repaired[0].0, 8);
    assert_eq!(texts(&loaded, 1)[0].as_deref(), Some("two\nlines"));
}

#[test]
fn decimal_commas() {
    let loaded = read("x;y\n1,5;2\n-0,25;3\n1e3;4,5\n");
    assert_eq!(numbers(&loaded, 0), [1.5, -0.25, 1000.0]);
    assert_eq!(numbers(&loaded, 1), [2.0, 3.0, 4.5]);
    assert_eq!(loaded.report.delimiter, ";");
    assert_eq!(loaded.report.warnings, ["decimal commas in: `x`, `y`"]);
}

#[test]
fn a_few_bad_cells_are_repaired_and_said() {
    let loaded = read(&format!("x,y\n1,2\n2,oops\n3,4\n4,inf\n{}", "5,6\n".repeat(16)));
    assert_eq!(
        loaded.report.repaired,
        [
            (3, "`oops` in column `y` is not a number; made missing".to_owned()),
            (5, "`inf` in column `y` is infinite; made missing".to_owned()),
        ]
    );
    assert!(numbers(&loaded, 1)[1].is_nan() && numbers(&loaded, 1)[3].is_nan());
    assert_eq!(
        loaded.report.warnings,
        ["column `y`: 2 of 20 values are no finite numbers; made missing (lines 3, 5)"]
    );
}

#[test]
fn numbers_as_people_write_them() {
    let loaded = read(
        "day;price;share;change;state\n13/02/2020;$1,234.50;12.5%;(3);unknown\n01/03/2020;$950;5%;2;on\n-;unknown;;--;off\n02/03/2020;£2,000;100 %;-1;on\n",
    );
    assert_eq!(numbers(&loaded, 0)[..2], [18305.0, 18322.0]);
    assert_eq!(numbers(&loaded, 1)[..2], [1234.5, 950.0]);
    assert_eq!(numbers(&loaded, 2)[..2], [0.125, 0.05]);
    assert_eq!(numbers(&loaded, 3)[..2], [-3.0, 2.0]);
    for column in 0..4 {
        assert!(numbers(&loaded, column)[2].is_nan(), "{column}");
    }
    assert_eq!(texts(&loaded, 4)[0].as_deref(), Some("unknown"));
    assert_eq!(loaded.report.repaired, []);
    assert_eq!(
        loaded.report.warnings,
        [
            "thousands separators left out in: `price`",
            "percent signs (12.5% is read as 0.125) in: `share`",
            "signs of money left out in: `price`",
            "numbers in parentheses or with the minus behind them read as negative in: `change`",
            "dates read as days since 1970-01-01 in: `day`",
            "different signs of money read as if they were one in: `price`",
        ]
    );
}

#[test]
fn columns_agree_on_the_decimal_sign() {
    let german = read("amount;price\n37.214;20,79\n1.234;13,5\n950;1,25\n");
    assert_eq!(numbers(&german, 0), [37_214.0, 1234.0, 950.0]);
    assert!(
        german.report.warnings.contains(&"thousands separators left out in: `amount`".to_owned())
    );
    let english = read("amount;price\n37,214;20.79\n1,234;13.5\n");
    assert_eq!(numbers(&english, 0), [37_214.0, 1234.0]);
    let both = read("amount;price;rate\n37.214;20.79;0,5\n1.234;13.5;1,5\n");
    assert_eq!(numbers(&both, 0), [37.214, 1.234], "where they do not agree");
}

#[test]
fn what_the_decimal_sign_is_may_show_nowhere() {
    let note =
        "nothing shows whether `1.234` is 1234 or a fraction; read as a fraction in: `amount`";
    let warnings = |text: &str| read(text).report.warnings.clone();
    assert_eq!(warnings("amount;n\n37.214;20\n1.234;13\n"), [note]);
    assert!(warnings("amount;n\n37.214;20\n1.5;13\n").is_empty());
    assert!(warnings("amount,n\n37.214,20\n1.234,13\n").is_empty(), "usual points");
}

#[test]
fn what_numbers_and_dates_lose_is_said() {
    let warnings = |text: &str| read(text).report.warnings.clone();
    assert_eq!(
        warnings("plz,id\n02533,9007199254740993\n93578,9007199254740995\n"),
        [
            "leading zeros are lost in: `plz`; the type Nominal keeps them",
            "of more than 15 digits the last are not exact in: `id`; the type Nominal keeps them",
        ]
    );
    assert!(warnings("a,b\n0,0.5\n10,123456789012345\n").is_empty());
    let years = warnings("day,n\n31/12/20,1\n30/11/69,2\n");
    assert!(years.contains(&"years of two digits read as 1970 to 2069 in: `day`".to_owned()));
}

#[test]
fn a_quote_that_swallows_rows_is_announced() {
    let row = |i: usize| match i {
        20 => "20,\"small,40\n".to_owned(),
        60 => "60,5\",120\n".to_owned(),
        _ => format!("{i},mid,{}\n", 2 * i),
    };
    let loaded = read(&format!("id,size,v\n{}", (0..80).map(row).collect::<String>()));
    assert_eq!(numbers(&loaded, 2), (0..80).map(|i| 2.0 * f64::from(i)).collect::<Vec<_>>());
    assert_eq!(
        loaded.report.repaired,
        [(
            22,
            "the quote that opens in field 2 spans 41 lines that look like rows of the table; they are read as rows; is a quote not closed?"
                .to_owned()
        )]
    );
    let letters = "id,text,v\n1,\"Dear all,\nhello, world\n\nyours, A\nB\",2\n2,\"a\nb\",3\n";
    assert_eq!(read(letters).report.repaired, []);
}

#[test]
fn a_few_bytes_that_are_not_utf_8_leave_the_rest() {
    let mut bytes = b"a,b\n".to_vec();
    for i in 0..20 {
        bytes.extend(format!("{i},caf\u{e9}\n").bytes());
    }
    bytes.extend(b"20,caf\xe9\n21,x\n");
    let loaded = read_bytes(&bytes).unwrap();
    assert_eq!(loaded.report.encoding, "UTF-8");
    assert_eq!(texts(&loaded, 1)[19..21], [Some("café".into()), Some("caf\u{fffd}".into())]);
    let what = "not UTF-8; what cannot be read became \u{fffd}";
    assert_eq!(loaded.report.repaired, [(22, what.to_owned())]);
}

#[test]
fn letters_of_old_systems_are_not_japanese() {
    for (rows, encoding) in [
        (&b"M\x9fnchen;0,5\nK\x9aln;1,5\nW\x9frzburg;2,5\n"[..], "macintosh"),
        (b"M\x81nchen;0,5\nK\x94ln;1,5\nW\x81rzburg;2,5\n", "cp850"),
    ] {
        let loaded = read_bytes(&[b"Ort;Wert\n", &rows.repeat(5)[..]].concat()).unwrap();
        assert_eq!(loaded.report.encoding, encoding);
        assert_eq!(texts(&loaded, 0)[1].as_deref(), Some("Köln"));
        assert_eq!(loaded.report.decisions.encoding, encoding);
    }
    let stated = CsvSource { encoding: "IBM437".into(), ..CsvSource::default() };
    let loaded = read_with(b"sign;x\n\xe3;1\n\xe1;2\n", stated).unwrap();
    assert_eq!(texts(&loaded, 0)[0].as_deref(), Some("π"));
}

#[test]
fn words_for_missing_values_can_be_stated() {
    let text = b"code,size,note\nNA,1,none\nDE,-,red\nFR,3,?\nUS,4,blue\n";
    let read = |missing_words, missing: &[&str]| {
        let missing = missing.iter().map(|word| (*word).to_owned()).collect();
        let settings = CsvSource { missing_words, missing, ..CsvSource::default() };
        read_with(text, settings).unwrap()
    };
    let missing = |loaded: &Loaded| -> Vec<usize> {
        loaded.table.columns.iter().map(|column| column.n_missing()).collect()
    };
    let auto = read(MissingWords::Auto, &[]);
    assert_eq!(missing(&auto), [0, 1, 2]);
    assert_eq!(auto.report.decisions.missing_words, MissingWords::Codes);
    assert_eq!(missing(&read(MissingWords::Usual, &[])), [1, 1, 2]);
    let none = read(MissingWords::Stated, &[]);
    assert_eq!(missing(&none), [0, 1, 0], "a sign among numbers cannot be kept");
    assert_eq!(none.report.repaired[0].0, 3);
    assert_eq!(missing(&read(MissingWords::Stated, &["?", "-"])), [0, 1, 1]);
    let found: Vec<_> =
        auto.report.missing.iter().map(|m| (m.column.as_str(), m.spelling.as_str(), m.n)).collect();
    assert_eq!(found, [("size", "-", 1), ("note", "?", 1), ("note", "none", 1)]);
}

#[test]
fn quotes_and_odd_rows_can_be_stated() {
    let whole = b"\"a,b\"\n\"1,2\"\n\"3,4\"\n";
    let strict = CsvSource { quoting: Quoting::Strict, ..CsvSource::default() };
    assert_eq!(names(&read_bytes(whole).unwrap()), ["a", "b"]);
    assert_eq!(read_bytes(whole).unwrap().report.decisions.quoting, Quoting::Rows);
    assert_eq!(names(&read_with(whole, strict.clone()).unwrap()), ["a,b"]);
    let spaced = b"a, b, c\n1, \"x\ny, z\", 2\n3, \"u, v\", 4\n";
    let loaded = read_bytes(spaced).unwrap();
    assert_eq!(loaded.report.decisions.quoting, Quoting::Spaced);
    assert_eq!(texts(&loaded, 1)[0].as_deref(), Some("x\ny, z"));
    let odd = b"a,b,c\n1,2,3\n4;5;6\n7,8,9\n";
    let loaded = read_bytes(odd).unwrap();
    assert_eq!(numbers(&loaded, 1), [2.0, 5.0, 8.0]);
    assert_eq!(loaded.report.decisions.odd_rows, OddRows::Mended);
    assert_eq!(loaded.report.repaired, [(3, "fields separated by `;`, not `,`".to_owned())]);
    let kept = CsvSource { odd_rows: OddRows::Kept, ..CsvSource::default() };
    assert!(numbers(&read_with(odd, kept).unwrap(), 1)[1].is_nan());
    // What was decided before there were these decisions stays as it was.
    let mut decided = CsvSource::default().decided(&loaded.report.decisions);
    decided.odd_rows = OddRows::Auto;
    assert!(numbers(&read_with(odd, decided).unwrap(), 1)[1].is_nan());
}

#[test]
fn encodings() {
    let text = "größe,naïve\n1,été\n2,mañana\n3,été\n";
    let utf_8 = read(text);
    let with_mark = read(&format!("\u{feff}{text}"));
    let utf_16 = |big: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let latin: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let all = [
        (with_mark, "UTF-8"),
        ((*read_bytes(&utf_16(false, true)).unwrap()).clone(), "UTF-16LE"),
        ((*read_bytes(&utf_16(true, true)).unwrap()).clone(), "UTF-16BE"),
        ((*read_bytes(&utf_16(false, false)).unwrap()).clone(), "UTF-16LE"),
        ((*read_bytes(&latin).unwrap()).clone(), "Windows-1252"),
    ];
    for (loaded, encoding) in all {
        assert_eq!(loaded.report.encoding, encoding);
        assert_eq!(loaded.table, utf_8.table, "{encoding}");
        if encoding == "Windows-1252" {
            assert_eq!(
                loaded.report.warnings,
                [
                    "line 1 is not UTF-8; the file was read as Windows-1252 (if letters look wrong, save it as UTF-8 or state its encoding with `--encoding`, such as `macintosh`)"
                ]
            );
        }
    }
}

#[test]
fn files_that_are_no_tables_are_refused() {
    let cases: [(&[u8], Option<u64>, &str); 9] = [
        (b"", None, "the file is empty; a table with a header is expected"),
        (b"\n\n\r\n", None, "there are only blank lines; a table with a header is expected"),
        (b"x,y,z\n", None, "there is a header but no rows of data below it"),
        (b"\x89PNG\r\n\x1a\n\0\0", None, "this is a PNG picture, not text; a CSV file is expected"),
        (
            b"\xff\xd8\xff\xe0\0\x10JFIF",
            None,
            "this is a JPEG picture, not text; a CSV file is expected",
        ),
        (
            b"PK\x03\x04\x14\0",
            None,
            "this is a spreadsheet (.xlsx, .ods) or a zip archive, not text; a CSV file is expected",
        ),
        (
            b"x,y\n1,2\n\0\0\0,4\n",
            Some(3),
            "there are zero bytes here, so this is not text; a CSV file is expected",
        ),
        (
            b"x,y\n1,\"a\nb\"\n2,\"open\nthree\n",
            Some(4),
            "the quote that opens in field 2 is never closed (the row begins on line 4)",
        ),
        (
            b"x,y\n\"a\nb\",\"open\n3,4",
            Some(3),
            "the quote that opens in field 2 is never closed (the row begins on line 2)",
        ),
    ];
    for (bytes, line, message) in cases {
        assert_eq!(
            refusal(bytes),
            (line, message.to_owned()),
            "{:?}",
            bytes.escape_ascii().to_string()
        );
    }
}

#[test]
fn files_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("measurements.csv"), "x,y\n1,2\n").unwrap();
    let message = |path: &str| {
        let source = Source::Csv(CsvSource { path: path.into(), ..CsvSource::default() });
        load(&source, folder.path()).unwrap_err().message
    };
    assert_eq!(message(""), "no file is named; give the path of a CSV file");
    assert_eq!(
        message("mesurements.csv"),
        "there is no such file; did you mean `measurements.csv`?"
    );
    assert_eq!(message("nowhere/x.csv"), "there is no such file");
    assert_eq!(message("."), "this is a folder; a CSV file is expected");
    let source = Source::Csv(CsvSource { path: "zzz".into(), ..CsvSource::default() });
    let error = load(&source, Path::new("folder")).unwrap_err();
    assert_eq!(error.to_string(), "folder/zzz: there is no such file");
}

#[test]
fn targets_and_ignored_columns_must_exist() {
    let table = b"id,height,weight\n1,1.7,70\n2,1.8,80\n";
    let message = |target: &str, ignore: &[&str]| {
        let ignore = ignore.iter().map(|name| (*name).to_owned()).collect();
        let settings = CsvSource { target: target.into(), ignore, ..CsvSource::default() };
        read_with(table, settings).unwrap_err().message
    };
    assert_eq!(
        message("wieght", &[]),
        "the target `wieght` is not a column; did you mean `weight`?"
    );
    assert_eq!(
        message("q", &[]),
        "the target `q` is not a column; there are `id`, `height`, `weight`"
    );
    assert_eq!(
        message("", &["ids"]),
        "the ignored column `ids` is not a column; did you mean `id`?"
    );
    assert_eq!(
        message("id", &["id"]),
        "the target `id` is also listed among the ignored columns; take it off that list"
    );
    assert_eq!(
        message("", &["id", "height", "weight"]),
        "all columns are ignored; one must be the target"
    );
    let settings = CsvSource { ignore: vec!["weight".into()], ..CsvSource::default() };
    assert_eq!(read_with(table, settings).unwrap().target, 1);
}

#[test]
fn the_fingerprint_is_of_the_bytes_and_the_decisions() {
    // b3sum of the same bytes: BLAKE3 of "x,y\n1,2\n".
    let one = read("x,y\n1,2\n");
    assert_eq!(one.bytes, blake3::hash(b"x,y\n1,2\n").to_hex().to_string());
    let decisions = "decisions 1\ndelimiter Comma\nquote Double\nescape Doubled\nencoding \"utf-8\"\n\
        header Present\ndecimal Point\nskip 0\ncomment None\nfooter Kept\n\
        column \"x\" Numeric\ncolumn \"y\" Numeric\n";
    assert_eq!(one.report.decisions.text(), decisions);
    let both = format!("{}\n{decisions}", one.bytes);
    assert_eq!(one.fingerprint, blake3::hash(both.as_bytes()).to_hex().to_string());
    let nominal =
        CsvSource { types: [("x".to_owned(), ColumnType::Nominal)].into(), ..CsvSource::default() };
    let other = read_with(b"x,y\n1,2\n", nominal).unwrap();
    assert_eq!(other.bytes, one.bytes);
    assert_ne!(other.fingerprint, one.fingerprint);
    assert_ne!(one.fingerprint, read("x,y\n1,3\n").fingerprint);
    assert_ne!(one.fingerprint, read("x,y\r\n1,2\r\n").fingerprint);
    assert_eq!(one.table, read("x,y\r\n1,2\r\n").table);
}

#[test]
fn a_quote_that_swallows_the_file_is_stopped() {
    let mut text = "x,y\n1,2\n3,\"4\n".to_owned();
    text.push_str(&"five\n".repeat(4 << 20));
    let (line, message) = refusal(text.as_bytes());
    assert_eq!(line, Some(3));
    assert_eq!(message, "the row that begins here is longer than 16 MiB; is a quote not closed?");
}

#[test]
fn rows_that_no_table_has_are_refused_with_their_line() {
    let (line, message) = refusal(&b",".repeat((1 << 20) + 1));
    assert_eq!(line, Some(1));
    assert!(message.starts_with("there are more than 1048576 fields here"), "{message}");
    let (line, message) = refusal(&b"word ".repeat(1 << 20));
    assert_eq!(line, Some(1));
    assert!(message.starts_with("this line is longer than 4 MiB"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_called_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let link = folder.path().join("link.csv");
    std::os::unix::fs::symlink("nowhere.csv", &link).expect("a link");
    let settings = CsvSource { path: "link.csv".into(), ..CsvSource::default() };
    let error = load(&Source::Csv(settings), folder.path()).expect_err("a refusal");
    assert_eq!(error.message, "this link leads to no file");
}

#[test]
fn studies_that_state_all_keep_their_columns() {
    let text = b"x,y\nann,1,2\nbob,3,4\ncid,5,7\n";
    assert_eq!(names(&read_bytes(text).unwrap()), ["row", "x", "y"]);
    let types = [("x", ColumnType::Nominal), ("column 3", ColumnType::Numeric)];
    let types = types.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect();
    let stated = CsvSource { header: Header::Present, types, ..CsvSource::default() };
    assert_eq!(names(&read_with(text, stated).unwrap()), ["x", "y", "column 3"]);
    // Here the name stands in the file.
    let loaded = read("x,column 3\nann,1,2\nbob,3,4\ncid,5,7\n");
    assert_eq!(names(&loaded), ["row", "x", "column 3"]);
}

#[test]
fn fingerprints_cover_spellings_that_were_not_always_read() {
    for recent in ["5-", "1.5D+02", "\"1,00,000\""] {
        let loaded = read(&format!("x,y\n1,1\n2,2\n3,3\n4,4\n{recent},5\n"));
        assert!(loaded.report.decisions.recent_spellings, "{recent}");
        assert!(loaded.report.decisions.text().ends_with("spellings 2\n"));
    }
    assert!(!read("x,y\n1,1\n$2,5-a\n(3),3\n").report.decisions.recent_spellings);
}

#[test]
fn times_are_not_called_dates() {
    let loaded = read("t,d\n06:00,2020-01-01 12:00\n18:30:00,2020-01-02\n30:00:00,2020-01-03\n");
    assert_eq!(numbers(&loaded, 0), [0.25, 18.5 / 24.0, 1.25]);
    assert_eq!(
        loaded.report.warnings,
        ["dates read as days since 1970-01-01 in: `d`", "times read as fractions of a day in: `t`"]
    );
}

#[test]
fn nines_that_may_mean_missing_are_pointed_out() {
    let column = |nines: &str| {
        let mut text = "t,y\n".to_owned();
        (0..20).for_each(|i| text += &format!("{}.5,{i}\n", i % 7));
        read(&(text + &format!("{nines},1\n{nines},2\n"))).report.warnings
    };
    for nines in ["-999", "9999", "-9999"] {
        let expected = format!(
            "{nines} stands far from all other values of `t`; if it means a missing value, state it (`--missing {nines}`)"
        );
        assert_eq!(column(nines), [expected]);
    }
    assert!(column("9").is_empty() && column("5.5").is_empty() && column("-1").is_empty());
}

#[test]
fn an_empty_column_is_said() {
    let loaded = read("x,gap,y\n1,,2\n3,NA,4\n");
    assert_eq!(
        loaded.report.warnings,
        ["column `gap` is empty: all 2 values are missing; it is not used"]
    );
}

#[test]
fn habits_of_spreadsheets_and_hands() {
    let loaded = read("sep=;\nx;y\n1;2\n3;4\n   \n5;6\n");
    assert_eq!(names(&loaded), ["x", "y"]);
    assert_eq!(
        loaded.report.skipped,
        [(1, "stands above the table: `sep=`".to_owned()), (5, "nothing but spaces".to_owned())]
    );
    let loaded = read("\"age\", \"town\"\n31, \"Rome\"\n42, \"Oslo\"\n27, \"Rome\"\n");
    assert_eq!(names(&loaded), ["age", "town"]);
    assert_eq!(texts(&loaded, 1)[1].as_deref(), Some("Oslo"));
}

#[test]
fn what_stands_around_the_table_is_left_out_and_said() {
    let loaded = read(
        "Report of 2020,,\nStation,Oslo,\n,,\nday,rain,note\n1,2.5,a\n2,3.5,b\n3,4.5,a\n\nTotal,10.5,\n,,\nSource: a bureau\n",
    );
    assert_eq!(names(&loaded), ["day", "rain", "note"]);
    assert_eq!(numbers(&loaded, 0), [1.0, 2.0, 3.0]);
    assert_eq!(loaded.report.n_rows, 3);
    let skipped: Vec<(u64, &str)> =
        loaded.report.skipped.iter().map(|(line, reason)| (*line, reason.as_str())).collect();
    assert_eq!(
        skipped,
        [
            (1, "stands above the table: `Report of 2020`"),
            (2, "stands above the table: `Station Oslo`"),
            (3, "nothing but separators above the table"),
            (9, "stands below the table: `Total 10.5`"),
            (10, "nothing but separators below the table"),
            (11, "stands below the table: `Source: a bureau`"),
        ]
    );
    let loaded = read("# by hand\nx,y\n1,2\n# a pause, of an hour\n3,4\n# the end\n");
    assert_eq!(numbers(&loaded, 0), [1.0, 3.0]);
    assert_eq!(loaded.report.skipped[1], (4, "a comment: `# a pause`".to_owned()));
    assert_eq!(loaded.report.skipped.len(), 3);
}

#[test]
fn rarer_separators_and_escapes() {
    let loaded = read("  x   y  word\n 1.5  2  \"a b\"\n10.5 20  c\n");
    assert_eq!((names(&loaded), loaded.report.delimiter.as_str()), (vec!["x", "y", "word"], " "));
    assert_eq!(texts(&loaded, 2)[0].as_deref(), Some("a b"));
    let loaded = read("a||b||c\n1||2,3 m||x\n4||||y\n");
    assert_eq!((numbers(&loaded, 0), loaded.report.delimiter.as_str()), (vec![1.0, 4.0], "||"));
    assert_eq!(texts(&loaded, 1), [Some("2,3 m".into()), None]);
    let loaded = read("a,b\n\"say \\\"x, y\\\" now\",1\nplain,2\n");
    assert_eq!(texts(&loaded, 0)[0].as_deref(), Some("say \"x, y\" now"));
    let loaded = read("x,y\r\n1,2\r3,4\n5,6");
    assert_eq!(numbers(&loaded, 1), [2.0, 4.0, 6.0]);
}

#[test]
fn encodings_of_other_countries() {
    let chinese = "城市,人口\n北京,2154\n上海,2424\n广州,1490\n";
    let japanese = "都市,人口\n東京,1396\n大阪,275\nとうきょう,233\n";
    let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for (text, bytes, name) in [
        (chinese, encoding_rs::GB18030.encode(chinese).0.into_owned(), "GB18030"),
        (japanese, encoding_rs::SHIFT_JIS.encode(japanese).0.into_owned(), "Shift-JIS"),
        (chinese, units(chinese), "UTF-16LE"),
        (
            "城市,人口,說明\n臺北,2603,首都\n高雄,2733,港口\n臺中,2816,中部\n",
            encoding_rs::BIG5
                .encode("城市,人口,說明\n臺北,2603,首都\n高雄,2733,港口\n臺中,2816,中部\n")
                .0
                .into_owned(),
            "Big5",
        ),
        (
            "도시,인구\n서울특별시,941\n부산광역시,334\n인천광역시,296\n대구광역시,238\n",
            encoding_rs::EUC_KR
                .encode("도시,인구\n서울특별시,941\n부산광역시,334\n인천광역시,296\n대구광역시,238\n")
                .0
                .into_owned(),
            "EUC-KR",
        ),
        (
            "都市,人口,よみ\n東京,1396,とうきょう\n大阪,275,おおさか\n京都,146,きょうと\n",
            encoding_rs::EUC_JP
                .encode("都市,人口,よみ\n東京,1396,とうきょう\n大阪,275,おおさか\n京都,146,きょうと\n")
                .0
                .into_owned(),
            "EUC-JP",
        ),
        (
            "город,население\nМосква,13010\nКазань,1308\nОмск,1125\n",
            encoding_rs::WINDOWS_1251
                .encode("город,население\nМосква,13010\nКазань,1308\nОмск,1125\n")
                .0
                .into_owned(),
            "Windows-1251",
        ),
        (
            "город,население\nМосква,13010\nКазань,1308\nОмск,1125\n",
            encoding_rs::KOI8_R
                .encode("город,население\nМосква,13010\nКазань,1308\nОмск,1125\n")
                .0
                .into_owned(),
            "KOI8-U",
        ),
        (
            "miasto,ludność\nŁódź,661\nGdańsk,487\nCzęstochowa,213\nRzeszów,197\nWąchock,2\n",
            encoding_rs::WINDOWS_1250
                .encode("miasto,ludność\nŁódź,661\nGdańsk,487\nCzęstochowa,213\nRzeszów,197\nWąchock,2\n")
                .0
                .into_owned(),
            "Windows-1250",
        ),
    ] {
        let loaded = read_bytes(&bytes).unwrap();
        assert_eq!(loaded.report.encoding, name);
        assert_eq!(loaded.table, read(text).table);
    }
}

/// However many there are, and however small they are packed.
#[test]
fn nothing_but_line_ends() {
    use std::io::Write;
    let blank = "\r\n".repeat(3 << 20);
    let expected =
        "the first 4 MiB are nothing but line ends; a table with a header is expected".to_owned();
    assert_eq!(refusal(blank.as_bytes()), (None, expected.clone()));
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    (0..8).for_each(|_| packer.write_all(blank.as_bytes()).unwrap());
    let bytes = packer.finish().unwrap();
    // The end of the file is not needed, and not asked for.
    assert_eq!(refusal(&bytes[..bytes.len() / 2]), (None, expected));
}

#[test]
fn compressed_files() {
    use std::io::Write;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(b"x,y\n1,2\n").unwrap();
    let bytes = packer.finish().unwrap();
    let loaded = read_bytes(&bytes).unwrap();
    assert_eq!(loaded.fingerprint, read("x,y\n1,2\n").fingerprint);
    let (_, message) = refusal(&bytes[..bytes.len() - 9]);
    assert!(message.starts_with("the file is compressed (gzip) and cannot be unpacked: "));
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    let frame = |text: &str| compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
    let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec();
    let bytes = [frame("x,y\n1,2\n"), skipped, frame("3,4\n")].concat();
    assert_eq!(read_bytes(&bytes).unwrap().fingerprint, read("x,y\n1,2\n3,4\n").fingerprint);
    for damaged in [&bytes[..12], &bytes[..bytes.len() - 3], b"\x28\xb5\x2f\xfd\x04\0"] {
        let (_, message) = refusal(damaged);
        assert!(message.starts_with("the file is compressed (zstd) and cannot be unpacked: "));
    }
    for (start, what) in [
        (&b"\xfd7zXZ\0\0"[..], "compressed (xz), which is not unpacked here"),
        (b"BZh91AY&SY\0", "compressed (bzip2), which is not unpacked here"),
        (b"7z\xbc\xaf\x27\x1c\0", "a 7-Zip archive"),
    ] {
        assert_eq!(refusal(start).1, format!("this is {what}, not text; a CSV file is expected"));
    }
}

#[test]
fn wide_tables_are_read_whole() {
    let n = 60_000;
    let header: Vec<String> = (0..n).map(|j| format!("measurement {j}")).collect();
    let row = |value: usize| vec![value.to_string(); n].join(",");
    let loaded = read(&format!("{}\n{}\n{}\n", header.join(","), row(1), row(2)));
    assert_eq!((loaded.report.n_columns, loaded.report.n_rows), (n, 2));
    assert_eq!(loaded.table.columns[n - 1].name, "measurement 59999");
}

#[test]
fn reports_stay_small() {
    let text = format!("x,y\n{}{}", "1,2\n".repeat(3000), "1,2,3\n".repeat(1500));
    let loaded = read(&text);
    assert_eq!(loaded.report.skipped.len(), 1000);
    assert_eq!(
        loaded.report.warnings,
        ["500 more rows were skipped than are listed (1500 in all)"]
    );
}

#[test]
fn the_report_as_json() {
    let loaded = read("age;colour\n31;red\n;blue\n27;red;9\n40\n");
    let expected = serde_json::json!({
        "delimiter": ";",
        "quote": "\"",
        "encoding": "UTF-8",
        "header": true,
        "n_rows": 3,
        "n_columns": 2,
        "columns": [
            { "name": "age", "type": "numeric", "missing": 1 },
            { "name": "colour", "type": "nominal", "missing": 1 },
        ],
        "skipped": [{ "line": 4, "reason": "3 fields instead of 2" }],
        "repaired": [{ "line": 5, "what": "1 of 2 fields; the last 1 value made missing" }],
        "warnings": [],
    });
    let mut found = descent::data::json(&loaded).unwrap();
    let decisions = found.as_object_mut().unwrap().remove("decisions").unwrap();
    assert_eq!(found, expected);
    assert_eq!(
        decisions,
        serde_json::json!({
            "delimiter": "Semicolon",
            "quote": "Double",
            "escape": "Doubled",
            "encoding": "utf-8",
            "header": "Present",
            "decimal": "Point",
            "skip": 0,
            "comment": "None",
            "missing": [],
            "footer": "Kept",
            "types": [["age", "Numeric"], ["colour", "Nominal"]],
        })
    );
}

#[test]
fn first_rows_are_as_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), "x,y\n1.50,NA\n2\n3,4,5\n4,\"a\"\n").unwrap();
    let source = CsvSource { path: "t.csv".into(), ..CsvSource::default() };
    let rows = descent::data::first_rows(&source, folder.path(), 3).unwrap();
    assert_eq!(rows, [["1.50", "NA"], ["2", ""], ["4", "a"]]);
}

/// Letters of several bytes, line ends of two and quoted fields lie across the borders of the
/// pieces in which a file is read.
#[test]
fn long_files_are_read_like_short_ones() {
    let n = 10_000u64;
    for (shift, end) in [("", "\r\n"), ("a", "\r\n"), ("ab", "\n"), ("abc", "\r")] {
        let rows: String = (0..n).map(|k| format!("日本𝄞é,\"a, {k}\",{k}{end}")).collect();
        let text = format!("{shift}word,note,y{end}{rows}1,2{end}");
        let utf_16: Vec<u8> =
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [text.clone().into_bytes(), utf_16] {
            let loaded = read_bytes(&bytes).unwrap();
            assert_eq!(loaded.report.n_rows as u64, n + 1);
            assert_eq!(loaded.report.repaired.len(), 1, "{:?}", loaded.report.repaired);
            assert_eq!(loaded.report.repaired[0].0, n + 2);
            assert_eq!(loaded.report.warnings, [""; 0]);
            let words = texts(&loaded, 0);
            assert!(words[..n as usize].iter().all(|word| word.as_deref() == Some("日本𝄞é")));
            assert_eq!(texts(&loaded, 1)[9_999].as_deref(), Some("a, 9999"));
            assert_eq!(numbers(&loaded, 2)[9_999], 9_999.0);
        }
    }
}

#[test]
fn a_late_letter_decides_the_encoding() {
    let mut bytes = format!("word,y\n{}", "caf,1\n".repeat(100_000)).into_bytes();
    bytes.extend_from_slice(b"caf\xe9,2\n");
    let loaded = read_bytes(&bytes).unwrap();
    assert_eq!(loaded.report.encoding, "Windows-1252");
    assert_eq!(texts(&loaded, 0)[100_000].as_deref(), Some("café"));
    assert_eq!(
        loaded.report.warnings,
        [
            "line 100002 is not UTF-8; the file was read as Windows-1252 (if letters look wrong, save it as UTF-8 or state its encoding with `--encoding`, such as `macintosh`)"
        ]
    );
}

#[test]
fn what_is_stated_is_obeyed() {
    let with = |text: &[u8], settings: CsvSource| (*read_with(text, settings).unwrap()).clone();
    let default = CsvSource::default;
    let delimiter = |delimiter| CsvSource { delimiter, ..default() };
    for (text, stated) in [
        ("a,b;c\n1,2;3\n", Delimiter::Semicolon),
        ("a,b^c\n1,2^3\n", Delimiter::Other('^')),
        ("a,b||c\n1,2||3\n", Delimiter::Bars),
        ("a,b  c\n1,2 3\n", Delimiter::Space),
        ("a, b  c\n1, 2   3\n", Delimiter::Gap),
    ] {
        let loaded = with(text.as_bytes(), delimiter(stated));
        assert_eq!(loaded.report.n_columns, 2, "{stated:?}");
        assert_eq!(loaded.report.decisions.delimiter, stated);
    }
    let quote = |quote| CsvSource { quote, ..default() };
    let loaded = with(b"a,b\n'x, y',1\n", quote(Quote::Single));
    assert_eq!(texts(&loaded, 0)[0].as_deref(), Some("x, y"));
    let loaded = with(b"size,n\n\"5,1\n\"6,2\n", quote(Quote::None));
    assert_eq!(texts(&loaded, 0)[0].as_deref(), Some("\"5"));
    let escape = CsvSource { escape: Escape::Backslash, ..default() };
    let loaded = with(b"a,b\n\"x \\\", y\",1\n", escape);
    assert_eq!(texts(&loaded, 0)[0].as_deref(), Some("x \", y"));
    let encoding = CsvSource { encoding: "iso-8859-2".into(), ..default() };
    let loaded = with(b"a,b\n\xb1,1\n", encoding);
    assert_eq!(
        (texts(&loaded, 0)[0].as_deref(), &*loaded.report.encoding),
        (Some("ą"), "ISO-8859-2")
    );
    let decimal = |decimal| CsvSource { decimal, ..default() };
    let text = b"a;b\n1,234;1\n2,345;2\n";
    assert_eq!(numbers(&with(text, decimal(DecimalSign::Point)), 0), [1234.0, 2345.0]);
    assert_eq!(numbers(&with(text, decimal(DecimalSign::Comma)), 0), [1.234, 2.345]);
    let loaded = with(b"one, two\n\"three\nx,y\n1,2\n", CsvSource { skip: Some(2), ..default() });
    assert_eq!((names(&loaded), numbers(&loaded, 1)), (vec!["x", "y"], vec![2.0]));
    assert_eq!(
        loaded.report.skipped,
        [
            (1, "stands above the table: `one, two`".to_owned()),
            (2, "stands above the table: `\"three`".to_owned())
        ]
    );
    let comment = |comment| CsvSource { comment, ..default() };
    let loaded = with(b"x,y\n1,2\n!3,4\n5,6\n", comment(Comment::Mark("!".into())));
    assert_eq!(numbers(&loaded, 0), [1.0, 5.0]);
    let loaded = with(b"#x,y\n#1,2\n#3,4\n", comment(Comment::None));
    assert_eq!(loaded.report.n_rows, 2);
    let missing = CsvSource { missing: vec!["-999".into(), "weird".into()], ..default() };
    let loaded = with(b"x,y\n-999,weird\n1,2\n", missing);
    assert!(numbers(&loaded, 0)[0].is_nan() && numbers(&loaded, 1)[0].is_nan());
    let footer = |footer| CsvSource { footer, ..default() };
    let text = b"x,y\n1,2\n3,4\nTotal,6\n";
    assert_eq!(with(text, footer(Footer::Kept)).report.n_rows, 3);
    assert_eq!(numbers(&with(text, footer(Footer::From(3))), 0), [1.0]);
    let header = |header| CsvSource { header, ..default() };
    let text = b"a,b,b\nm,s,t\n1,2,3\n";
    assert_eq!(names(&with(text, header(Header::Units))), ["a", "b", "b (2)"]);
    assert_eq!(names(&with(text, header(Header::Levels))), ["a m", "b s", "b t"]);
    assert_eq!(names(&with(text, header(Header::Absent))), ["column 1", "column 2", "column 3"]);
}

#[test]
fn types_that_are_stated_are_obeyed() {
    let types = [
        ("zip", ColumnType::Nominal),
        ("when", ColumnType::DayFirst),
        ("note", ColumnType::Text),
        ("price", ColumnType::NumericComma),
        ("hight", ColumnType::Numeric),
    ];
    let types = types.map(|(name, kind)| (name.to_owned(), kind)).into();
    let settings = CsvSource { types, ..CsvSource::default() };
    let text =
        b"zip;when;price;height;note\n10115;01/02/2020;1,234;x;a\n20095;02/02/2020;2,345;y;b\n";
    let loaded = read_with(text, settings.clone()).unwrap();
    assert_eq!(texts(&loaded, 0)[0].as_deref(), Some("10115"));
    assert_eq!(numbers(&loaded, 1), [18293.0, 18294.0]);
    assert_eq!(numbers(&loaded, 2), [1.234, 2.345]);
    assert_eq!(loaded.target, 3, "text is no target");
    let said = |what: &str| loaded.report.warnings.iter().any(|warning| warning == what);
    assert!(said("a type is stated for `hight`, which is not a column; did you mean `height`?"));
    assert!(said("column `note` is stated to be text; it is not used"));
    let settings = CsvSource { target: "note".into(), ..settings };
    assert_eq!(
        read_with(text, settings).unwrap_err().message,
        "the target `note` is stated to be text, which is not used; give it the type Nominal or Numeric"
    );
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let message = |settings: CsvSource| read_with(b"x,y\n1,2\n", settings).unwrap_err().message;
    let default = CsvSource::default;
    for (settings, expected) in [
        (
            CsvSource { encoding: "windws-1250".into(), ..default() },
            "encoding is \"windws-1250\"; it must be an encoding such as utf-8 or windows-1252; did you mean `windows-1250`?",
        ),
        (
            CsvSource { delimiter: Delimiter::Other('x'), ..default() },
            "delimiter is 'x'; it must be an ASCII character that is no letter, digit, quote, space or line end",
        ),
        (
            CsvSource { comment: Comment::Mark(" ".into()), ..default() },
            "comment is \" \"; it must be signs with which comments begin, such as \"#\"",
        ),
        (
            CsvSource { skip: Some(3), footer: Footer::From(3), ..default() },
            "footer is 3; it must be a line below the beginning of the table, counted from 1",
        ),
        (
            CsvSource { skip: Some(5), ..default() },
            "there is no row of data below the 5 lines that are left out above the table",
        ),
    ] {
        assert_eq!(message(settings), expected);
    }
}

#[test]
fn decisions_about_wide_tables_stay_short() {
    let n = 100;
    let header: Vec<String> = (0..n).map(|j| format!("m{j}")).collect();
    let text = format!("{},kind\n{}a\n", header.join(","), "1,".repeat(n));
    let loaded = read_bytes(text.as_bytes()).unwrap();
    let decided = CsvSource::default().decided(&loaded.report.decisions);
    let types = [("*", ColumnType::Numeric), ("kind", ColumnType::Nominal)];
    assert_eq!(decided.types, types.map(|(name, kind)| (name.to_owned(), kind)).into());
}

#[test]
fn an_open_quote_is_placed() {
    let place = |text: &str| {
        let error = read_bytes(text.as_bytes()).unwrap_err();
        (error.line, error.column)
    };
    assert_eq!(place("x,y\n1,2\n3,\"four\nfive\n"), (Some(3), Some(3)));
    assert_eq!(place("x,y\n\"é, a\",\"b\"\"c\n5,6\n"), (Some(2), Some(8)));
    let error = read_bytes(b"x,y\n1,2\n3,\"four\nfive\n").unwrap_err().to_string();
    assert!(error.contains("table.csv, line 3, column 3: the quote that opens"), "{error}");
}
