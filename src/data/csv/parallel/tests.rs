//! The two readers agree on every file.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::data::csv::read::read_in_turn;
use crate::data::{Comment, Header, Matrix, Table};

type Outcome = Result<(Table, ReadReport, String), DataError>;

/// Bits instead of numbers, since missing ones are NaN.
fn bits(table: &Table) -> Vec<Vec<u64>> {
    let column = |column: &Column| match &column.cells {
        Cells::Numeric(values) => values.iter().map(|value| value.to_bits()).collect(),
        Cells::Nominal { .. } => Vec::new(),
    };
    table.columns.iter().map(column).collect()
}

/// Reads `bytes` in both ways; whether the quick way was taken.
fn both(bytes: &[u8], settings: &CsvSource, limits: Limits) -> bool {
    let progress = Progress::default();
    let slow: Outcome = read_in_turn(Cursor::new(bytes), settings, &progress);
    let quick = read(&mut Cursor::new(bytes), settings, limits, &progress).unwrap();
    let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned();
    let matrix = read_rows(&mut Cursor::new(bytes), settings, limits, &progress).unwrap();
    let Some((columns, report, fingerprint)) = quick else {
        assert!(matrix.is_none(), "{}", shown());
        return false;
    };
    let (table, slow_report, slow_fingerprint) = slow.unwrap_or_else(|error| {
        panic!("the quick reader takes what is refused: {error}\n{}", shown())
    });
    assert_eq!(report, slow_report, "{}", shown());
    let quick = Table { columns };
    assert_eq!(bits(&quick), bits(&table), "{}", shown());
    for (a, b) in quick.columns.iter().zip(&table.columns) {
        assert_eq!(a.name, b.name);
        if let Cells::Nominal { .. } = a.cells {
            assert_eq!(a, b, "{}", shown());
        }
    }
    assert_eq!(fingerprint, slow_fingerprint);
    if let Some(((names, values), report, fingerprint)) = matrix {
        let found = Matrix::of(table, slow_report, slow_fingerprint, &settings.ignore).unwrap();
        assert_eq!(
            (&names, &report, &fingerprint),
            (&found.names, &found.report, &found.fingerprint)
        );
        let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&values), bits(&found.values), "{}", shown());
    }
    true
}

fn few(block_bytes: usize, n_threads: usize) -> Limits {
    Limits { block_bytes, n_threads, ..Limits::default() }
}

/// Reads in both ways, in blocks of several sizes; whether the quick way was taken each time.
fn agree(text: &str) -> bool {
    let settings = CsvSource::default();
    let sizes = [(1 << 20, 1), (64, 1), (7, 3), (200, 2)];
    let taken = sizes.map(|(size, threads)| both(text.as_bytes(), &settings, few(size, threads)));
    if let Ok((_, report, _)) = read_in_turn(Cursor::new(text), &settings, &Progress::default()) {
        let decided = settings.decided(&report.decisions);
        for (size, threads) in sizes {
            both(text.as_bytes(), &decided, few(size, threads));
        }
    }
    taken.iter().all(|taken| *taken)
}

#[test]
fn plain_tables_are_read_quickly() {
    let rows: String = (0..100).map(|i| format!("{i},{}.5,-{i}e-3\n", i * 7)).collect();
    assert!(agree(&format!("x,y,z\n{rows}")));
    assert!(agree(&rows), "without a header");
    assert!(agree(&format!("\u{feff}x,y,z\r\n{}", rows.replace('\n', "\r\n"))), "with a mark");
    assert!(agree(&format!("x,y,z\r{}", rows.replace('\n', "\r"))), "of the old Macintosh");
    assert!(agree(&format!("x;y;z\n{}", rows.replace(',', ";").replace('.', ","))));
    assert!(agree(&format!("x,y,z\n{rows}\n\n1,,3\n4,5, 6 \n,,\n,2,3\n7,8,9")), "gaps");
}

#[test]
fn tables_of_words_are_read_quickly() {
    let rows: String = (0..60)
        .map(|i| {
            format!("town {},\"{} \"\"x\"\", y\",{},2020-01-{:02}\n", i % 7, i % 5, i, i % 28 + 1)
        })
        .collect();
    assert!(agree(&format!("town,what,n,day\n{rows}")));
    let quoted: String = (0..60).map(|i| format!("'a\nb {}', 'c','{i}'\n", i % 3)).collect();
    assert!(agree(&format!("'p','q','r'\n{quoted}")));
}

#[test]
fn the_structure_is_found_alike() {
    let rows: String = (0..60).map(|i| format!("town {i},{i},{}.5,{}\n", i * 7, i * i)).collect();
    for above in [
        "Title,,,\ntown,2000,2001,2002\n",
        "Title,,,\n,2000,1993,1985\n",
        "n,x,y\n",
        "town,a,,b\n,n,share,n\n,here,there,all\n",
        "town,n,,x,y\n",
        "town,n,x,y\n--,--,--,--\n",
        "0,1,2,3\n",
        "Title, two\nanother\n",
    ] {
        agree(&format!("{above}{rows}"));
        agree(&format!("{above}{rows}(60 rows)\n"));
    }
    let numbers: String = (0..60).map(|i| format!("{i},{}.5\n", i * 7)).collect();
    agree(&format!("# time temp\n{numbers}"));
    assert!(agree(&format!("a\n{numbers}")));
}

/// Lines above a table are left out before its rows are cut into blocks, if they end outside quotes.
#[test]
fn quotes_above_a_table_are_read_quickly() {
    let rows: String = (0..60).map(|i| format!("town {i},{i},{}.5\n", i * 7)).collect();
    let whole = Limits::default();
    for above in ["\"Source\",\"a, b\"\n\n", "\"in two\nlines\"\n", "'it's' 5\" wide\n"] {
        let text = format!("{above}town,n,x\n{rows}");
        let found = CsvSource::default();
        let slow = read_in_turn(Cursor::new(&text), &found, &Progress::default());
        let decided = found.decided(&slow.unwrap().1.decisions);
        assert_eq!(decided.skip, Some(above.lines().count() as u64), "{above}");
        for settings in [found, decided] {
            assert!(both(text.as_bytes(), &settings, whole), "{above}");
        }
    }
    let stated = CsvSource { skip: Some(1), ..CsvSource::default() };
    let open = format!("\"a quote\ntown,n,x\n{rows}");
    assert!(!both(open.as_bytes(), &stated, whole));
}

#[test]
fn stray_quotes_are_read_quickly() {
    let rows: String = (0..40).map(|i| format!("{i},mid,{}\n", i * 2)).collect();
    for between in [
        "40,\"small,40\nROWS41,5\",160\n",
        "40,\"small,40\n1,2\n1,2,3\n\n1,2,3\n1,2,3\n41,5\",160\n",
        "40,\"small,40\n1,2,3\n\nhello\n41,5\",160\n",
        "40,\"ink\"black,40\n",
        "40,\"ink\"black\"x\",\"4\"0\n",
        "\"total\"s,\"ink\" black,40\n",
        "40,\"two\nlines\" ,40\n",
        "40,\"two\nlines\"x ,40\n",
    ] {
        let between = between.replace("ROWS", &rows);
        assert!(agree(&format!("id,size,v\n{rows}{between}{rows}")), "{between}");
        assert!(agree(&format!("id,size,v\n{rows}{between}")), "{between}");
        assert!(agree(&format!("id,size,v\n{between}{rows}")), "{between}");
    }
    assert!(!agree(&format!("id,size,v\n{rows}40,\"ink\" \"black\",40\n{rows}")));
    let many = rows.repeat(6);
    assert!(!agree(&format!("id,size,v\n{rows}40,\"small,40\n{many}")), "never closed");
    let late = format!("id,size,v\n{rows}40,\"small,40\n{many}41,\"a, b\",160\n{rows}");
    assert!(!agree(&late), "closed after many rows");
}

#[test]
fn rows_of_every_kind_are_read_quickly() {
    let days = ["2020-01-31", "2020-02-29 12:30", "1999-12-31T23:59:59", "2020-02-30", ""];
    let towns = ["Lyon", "Gent", "NA", "", "San \"\"S\"\"", " Graz ", "\u{c9}vora", "total", "#1"];
    for order in 0..3 {
        let rows = (0..200usize).map(|i| {
            let (day, town) = (days[i % 5 % (3 + i / 100)], towns[i % 9 % (4 + i / 40)]);
            let gap = if i % 7 == 0 { "" } else { "4.5" };
            match order {
                0 => format!("{i},\"{town}\",{day},{gap},\"{}\"\n", i * 3),
                1 => format!("\"{town}\",{day},{gap},{i},x\n"),
                _ => format!("{day},{gap},\"{town}\",$ {i},{}/12/2020\n", 1 + i % 28),
            }
        });
        let text = rows.collect::<String>();
        assert!(agree(&format!("a,b,c,d,e\n{text}")));
        agree(&format!("\"Lyon\",b,c,d,e\n{text}Lyon,b,c,d,e\n{text}"));
    }
}

/// Numbers that begin like comments, and names that are numbers.
#[test]
fn numbers_may_be_something_else() {
    let rows: String = (0..60).map(|i| format!("{i},{},{}\n", i + 1, i + 2)).collect();
    let comment = Comment::Mark("1".into());
    let settings = CsvSource { header: Header::Present, comment, ..CsvSource::default() };
    both(format!("a,b,c\n{rows}").as_bytes(), &settings, few(64, 2));
    let settings = CsvSource { header: Header::Present, ..CsvSource::default() };
    both(format!("20,21,22\n{rows}").as_bytes(), &settings, few(64, 2));
}

#[test]
fn the_meaning_of_points_and_commas_is_found_alike() {
    let table = |cells: &[&str]| -> String {
        (0..60).map(|i| format!("{};{};{i}\n", cells[i % cells.len()], i * 1000)).collect()
    };
    for cells in [
        &["37.214", "1.234"][..],
        &["37.214", "950"],
        &["37.214", "1.5"],
        &["37,214", "1,234"],
        &["02533", "9007199254740993"],
    ] {
        assert!(agree(&format!("a;b;c\n{}", table(cells))), "{cells:?}");
        for late in ["1,5;0,25;3", "1;0,25;3", "1;0.25;3", "1.5;2;3", "1;1.234;2", "1;1,234;2"] {
            agree(&format!("a;b;c\n{}{late}\n", table(cells)));
            agree(&format!("a;b;c\n{late}\n{}", table(cells)));
        }
    }
}

#[test]
fn damage_is_reported_alike() {
    let rows: Vec<String> = (0..80).map(|i| format!("{i},{},w{}", i * 3, i % 4)).collect();
    for damage in [
        "1,2",
        "1,2,a,b",
        "1,x,a",
        "inf,1,b",
        "\"1,234\",5,c",
        "$5,7,d",
        "NA,nil,-",
        "1e999,2,e",
        "   ",
        "",
        "#1,2,x",
        "1,2,a,,",
        "12%,1,f",
        "2020-01-01,3,g",
        "total,,",
        "\" 1 \",\"2\",h",
        " \"7\", 8 , \" w1\"",
        "1,2,",
        ",,",
        ",1,2",
        "source: x,,",
    ] {
        for at in [1, 40, 80] {
            let mut all = rows.clone();
            all.insert(at, damage.to_owned());
            agree(&format!("a,b,c\n{}\n", all.join("\n")));
            agree(&format!("# title\na,b,c\n{}\n{damage}\n\n{damage}", all.join("\n")));
        }
    }
}

#[test]
fn a_misleading_beginning_is_corrected() {
    // The first 256 KiB tell of numbers, the rest of words.
    let rows = (0..60_000).map(|i| match i < 40_000 {
        true => format!("{i},{}\n", 2 * i),
        false => format!("{i},w{}\n", i % 5),
    });
    let text = format!("x,y\n{}", rows.collect::<String>());
    let limits = few(10_000, 2);
    assert!(both(text.as_bytes(), &CsvSource::default(), limits));
    let comma = text.replace(",w", ";7,").replace(',', ";");
    both(comma.as_bytes(), &CsvSource::default(), limits);
}

#[test]
fn late_codes_among_numbers_are_found_alike() {
    let file = |first: usize| -> String {
        let code = |i: usize| match i >= 50_000 && i.is_multiple_of(10) {
            true => format!("2B{:03}", i % 997),
            false => (first + i).to_string(),
        };
        let rows: String = (0..60_000).map(|i| format!("{i},{}\n", code(i))).collect();
        format!("x,y\n{rows}")
    };
    let limits = few(10_000, 3);
    let settings = CsvSource::default();
    let said = |text: &str| {
        let progress = Progress::default();
        let (_, report, _) = read_in_turn(Cursor::new(text), &settings, &progress).unwrap();
        report.warnings.iter().any(|warning| warning.contains("because of `2B150`"))
    };
    let (codes, mistyped) = (file(10_000), file(99_000));
    assert!(both(codes.as_bytes(), &settings, limits) && said(&codes));
    both(mistyped.as_bytes(), &settings, limits);
    assert!(!said(&mistyped), "numbers of two lengths, the codes of the lesser");
}

#[test]
fn files_of_the_tree_are_read_alike() {
    for set in crate::data::BUNDLED_SETS {
        for limits in [Limits::default(), few(1000, 2)] {
            assert!(both(set.bytes, &CsvSource::default(), limits), "{}", set.name);
        }
    }
}

#[test]
fn weights_and_ignored_columns() {
    let text = "a,b,w\n1,2,1\n3,4,0.5\n5,x,2\n";
    let weighted = CsvSource { weights: "w".into(), ..CsvSource::default() };
    assert!(both(text.as_bytes(), &weighted, few(8, 2)));
    assert!(!both(text.replace("0.5", "-1").as_bytes(), &weighted, few(8, 2)));
    let ignoring = CsvSource { ignore: vec!["b".into()], ..CsvSource::default() };
    let text = "a,b,c\n1,u,2\n3,v,4\n5,w,6\n";
    let found = read_rows(&mut Cursor::new(text), &ignoring, few(8, 2), &Progress::default());
    let ((names, values), ..) = found.unwrap().unwrap();
    assert_eq!((names, values), (vec!["a".into(), "c".into()], vec![1., 2., 3., 4., 5., 6.]));
}

#[test]
fn wide_tables_and_long_fields() {
    let line =
        |i: usize| (0..10_000).map(|j| (i * j % 100).to_string()).collect::<Vec<_>>().join(",");
    let text: String = (0..12).map(|i| line(i) + "\n").collect();
    assert!(both(text.as_bytes(), &CsvSource::default(), few(1 << 16, 2)));
    let long = format!("x,y\n{}1,\"{}\"\n2,b\n", "3,a\n".repeat(5000), "long ".repeat(200_000));
    assert!(both(long.as_bytes(), &CsvSource::default(), few(1 << 16, 2)));
}

/// Cells of clean columns, with some that do not fit.
fn cell(kind: u8) -> BoxedStrategy<String> {
    let number = prop_oneof![
        8 => (-1000i32..1000).prop_map(|n| n.to_string()),
        8 => (-100_000i32..100_000).prop_map(|n| format!("{}", f64::from(n) / 100.0)),
        2 => any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(|x| x.to_string()),
        1 => Just(String::new()),
    ];
    let word = "(north|south|east|west|Total|é)";
    let odd = prop_oneof![
        prop::sample::select(vec![
            "NA",
            "?",
            "nil",
            "inf",
            "1e999",
            "\"1,234\"",
            "$7",
            "5%",
            "2020-02-03",
            "12:30",
            "x",
            " 5",
            "6 ",
            "\t7",
            "\"8\"",
            "\"a \"\"b\"\" c\"",
            "\"two\nlines\"",
            "1.234",
            "(3)",
            "+4",
            " \"9\"",
            "1,2",
            "#",
            "note",
            "total",
            "",
        ])
        .prop_map(str::to_owned),
        "[0-9a-z,\" .;#\t-]{0,6}",
    ];
    match kind {
        0 => number.boxed(),
        1 => word.boxed(),
        2 => prop_oneof![60 => number, 1 => odd].boxed(),
        3 => prop_oneof![60 => word, 1 => odd].boxed(),
        _ => prop_oneof![1 => number, 1 => odd].boxed(),
    }
}

fn file() -> impl Strategy<Value = String> {
    let kinds = prop::collection::vec(0u8..5, 1..5);
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let oddities = prop::collection::vec(
        (
            0usize..60,
            prop::sample::select(vec!["", "  ", "1", "# a", "total,1", ",", "a,b,c,d,e,f"]),
        ),
        0..3,
    );
    (kinds, 1usize..60, ends, oddities, any::<bool>())
        .prop_flat_map(|(kinds, n_rows, end, oddities, has_header)| {
            let row: Vec<_> = kinds.iter().map(|kind| cell(*kind)).collect();
            let rows = prop::collection::vec(row, n_rows);
            (rows, Just(kinds.len()), Just(end), Just(oddities), Just(has_header))
        })
        .prop_map(|(rows, width, end, oddities, has_header)| {
            let mut lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
            for (at, line) in oddities {
                lines.insert(at.min(lines.len()), line.to_owned());
            }
            if has_header {
                let names: Vec<String> = (0..width).map(|j| format!("name {j}")).collect();
                lines.insert(0, names.join(","));
            }
            lines.join(end)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_tables_are_read_alike(text in file(), size in 1usize..400) {
        both(text.as_bytes(), &CsvSource::default(), few(size, 2));
    }

    #[test]
    fn noise_is_read_alike(text in "[0-3a,\"\n\r;.'#\u{e9} -]{0,200}", size in 1usize..100) {
        both(text.as_bytes(), &CsvSource::default(), few(size, 2));
    }
}

/// What is kept in a file may be larger than what is kept in memory.
#[test]
fn limits_of_memory_do_not_hold_for_a_file() {
    let settings = CsvSource::default();
    let text: String = (0..2000).map(|i| format!("{i},{}\n", 2 * i)).collect();
    let text = format!("x,y\n{text}");
    let named: String = (0..2000).map(|i| format!("{i},{}\n", ["a", "b"][i % 2])).collect();
    let named = format!("x,y\n{named}");
    let progress = Progress::default();
    // A limit below the file's size, and one below the table's.
    for (largest, text) in [10_000, 20_000].into_iter().flat_map(|n| [(n, &text), (n, &named)]) {
        let limits = Limits { largest, ..few(4096, 2) };
        let open = || Cursor::new(text.as_bytes());
        assert!(read(&mut open(), &settings, limits, &progress).unwrap().is_none());
        assert!(read_rows(&mut open(), &settings, limits, &progress).unwrap().is_none());
        let found = read_to_file(&mut open(), &settings, limits, &progress).unwrap();
        assert_eq!(found.expect("the quick way").0.n_rows(), 2000);
    }
}
