//! Where the table of a file begins and ends and what names its columns: titles above it, several
//! rows of names, rows with names of their own, further tables. Each kind of file that is taken apart
//! stands beside honest ones that look like it and are left whole.

use descent::data::{Cells, Column, CsvSource, Loaded, Source, load};

fn read(text: &str, settings: &CsvSource) -> std::sync::Arc<Loaded> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("t.csv"), text).expect("a file");
    let source = Source::Csv(CsvSource { path: "t.csv".into(), ..settings.clone() });
    load(&source, folder.path()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn cell(column: &Column, row: usize) -> String {
    match &column.cells {
        Cells::Numeric(values) if values[row].is_nan() => "_".to_owned(),
        Cells::Numeric(values) => values[row].to_string(),
        Cells::Nominal { levels, codes } => {
            codes[row].map_or("_".to_owned(), |code| levels[code as usize].clone())
        }
    }
}

/// `names: cells / cells`, then `-` and the lines that were left out.
fn summary(loaded: &Loaded) -> String {
    let columns = &loaded.table.columns;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let row = |row| columns.iter().map(|column| cell(column, row)).collect::<Vec<_>>().join(",");
    let rows: Vec<String> = (0..loaded.table.n_rows()).map(row).collect();
    let mut text = format!("{}: {}", names.join(","), rows.join(" / "));
    if !loaded.report.skipped.is_empty() {
        let lines: Vec<String> = loaded.report.skipped.iter().map(|(n, _)| n.to_string()).collect();
        text += &format!(" -{}", lines.join(","));
    }
    text
}

/// Holds a file to its [`summary`], as it is found out and as the decisions state it.
fn expect(text: &str, expected: &str) -> std::sync::Arc<Loaded> {
    let found = read(text, &CsvSource::default());
    assert_eq!(summary(&found), expected, "\n{text}\n{:#?}", found.report);
    let decided = CsvSource::default().decided(&found.report.decisions);
    let again = read(text, &decided);
    assert_eq!(summary(&again), expected, "stated: {decided:?}\n{text}");
    found
}

fn has_warning(loaded: &Loaded, words: &str) {
    let warnings = &loaded.report.warnings;
    assert!(warnings.iter().any(|warning| warning.contains(words)), "{words}: {warnings:?}");
}

const BY_YEAR: &str = "Year,2000,2001,2002\nWood,26,22,18\nGlass,31,29,26\nIron,22,20,18\n";

#[test]
fn titles_with_separators_stand_above_years() {
    let table = "Year,2000,2001,2002: Wood,26,22,18 / Glass,31,29,26 / Iron,22,20,18";
    expect(BY_YEAR, table);
    expect(&format!("Emissions,,,\n{BY_YEAR}"), &format!("{table} -1"));
    expect(&format!("Emissions,,,\nkilotonnes,,,\n,,,\n{BY_YEAR}"), &format!("{table} -1,2,3"));
    let corner = BY_YEAR.replace("Year", "");
    let table = table.replace("Year", "column 1");
    expect(&format!("Emissions,,,\n,,,\n{corner}"), &format!("{table} -1,2"));
    let unequal = BY_YEAR.replace("2001", "1993").replace("2000", "1985");
    let table = "Year,1985,1993,2002: Wood,26,22,18 / Glass,31,29,26 / Iron,22,20,18";
    expect(&format!("Emissions,,,\n{unequal}"), &format!("{table} -1"));
}

#[test]
fn years_of_rows_are_no_names() {
    let text = "Ann,1990,2005,2010\nBen,1985,2001,2007\nCyd,1979,2003,2004\n";
    expect(
        text,
        "column 1,column 2,column 3,column 4: Ann,1990,2005,2010 / Ben,1985,2001,2007 / Cyd,1979,2003,2004",
    );
    let text = "x,,,\nAnn,1990,2005,2010\nBen,1985,2001,2007\nCyd,1979,2003,2004\n";
    assert!(summary(&read(text, &CsvSource::default())).contains("Ann,1990"));
}

#[test]
fn titles_stand_above_names_with_gaps() {
    expect("Water,,\nuse,per head,cost\n44.5,13.9,68\n", "use,per head,cost: 44.5,13.9,68 -1");
    expect(
        "Meetings,,\nname,city,place\nAnn,x,Oslo\nBob,y,Lima\n",
        "name,city,place: Ann,x,Oslo / Bob,y,Lima -1",
    );
    expect("Stock,\nitem,n\npen,1\nink,2\npad,3\n", "item,n: pen,1 / ink,2 / pad,3 -1");
    let text = "Expenses,,,,,\nin 2012,,,,,\n,,,,,\nday,place,why,rail,,\nMon,Rome,a,1.5,,\nTue,Oslo,b,2.5,,3\nWed,Bern,c,3.5,,\n";
    expect(
        text,
        "day,place,why,rail,column 5,column 6: Mon,Rome,a,1.5,_,_ / Tue,Oslo,b,2.5,_,3 / Wed,Bern,c,3.5,_,_ -1,2,3",
    );
}

#[test]
fn first_rows_with_gaps_are_rows() {
    expect(
        "a,,\nb,1,2\nc,3,4\nd,5,6\n",
        "column 1,column 2,column 3: a,_,_ / b,1,2 / c,3,4 / d,5,6",
    );
    expect("name,x,y\nann,,\nben,1,2\ncyd,3,4\n", "name,x,y: ann,_,_ / ben,1,2 / cyd,3,4");
    let text = "name,address,\nann,rome,italy\nben,paris,france\ncyd,rome,italy\n";
    let found = read(text, &CsvSource::default());
    assert_eq!(found.report.skipped, [], "{}", summary(&found));
}

#[test]
fn a_preamble_may_stand_above_rows_without_names() {
    let text =
        "Sales report\nSource: an office, 2018\nCreated by hand\n1,2.5,3,4\n2,3.5,4,5\n3,4.5,5,6\n";
    expect(text, "column 1,column 2,column 3,column 4: 1,2.5,3,4 / 2,3.5,4,5 / 3,4.5,5,6 -1,2,3");
}

#[test]
fn rows_may_have_names_of_their_own() {
    let found = expect(
        "\"mpg\",\"cyl\",\"hp\"\n\"Mazda\",21,6,110\n\"Datsun\",22.8,4,93\n\"Hornet\",21.4,6,110\n",
        "row,mpg,cyl,hp: Mazda,21,6,110 / Datsun,22.8,4,93 / Hornet,21.4,6,110",
    );
    has_warning(&found, "the header on line 1 is one name short");
    expect(
        "\"mpg\" \"cyl\"\n\"Mazda RX4\" 21 6\n\"Hornet\" 22.8 4\n",
        "row,mpg,cyl: Mazda RX4,21,6 / Hornet,22.8,4",
    );
    expect("a,b\n0,1,2\n1,3,4\n2,5,6\n", "row,a,b: 0,1,2 / 1,3,4 / 2,5,6");
    expect("a,row\nx,1,2\ny,3,4\n", "column 1,a,row: x,1,2 / y,3,4");
    expect("a,b\n2020-01-01,1,2\n2020-01-02,3,4\n", "row,a,b: 18262,1,2 / 18263,3,4");
}

#[test]
fn a_last_column_may_have_no_name() {
    expect("kind,x\nred,1,2\nblue,3,4\nred,5,6\n", "kind,x,column 3: red,1,2 / blue,3,4 / red,5,6");
    expect("x,y\n1.5,1,2\n0.5,3,4\n", "x,y,column 3: 1.5,1,2 / 0.5,3,4");
    expect("x,y\na,2,\nb,4,\n", "x,y: a,2 / b,4");
}

#[test]
fn columns_may_be_counted() {
    expect(
        "0,1,2,3\n5,Ann,Oslo,2.5\n6,Bob,Lima,3.5\n7,Cyd,Rome,4.5\n",
        "0,1,2,3: 5,Ann,Oslo,2.5 / 6,Bob,Lima,3.5 / 7,Cyd,Rome,4.5",
    );
    expect("0,1,2\n0.5,1.5,2.5\n3.5,2.5,0.25\n", "0,1,2: 0.5,1.5,2.5 / 3.5,2.5,0.25");
    expect(",0,1\n0,7,8\n1,5,9\n", "column 1,0,1: 0,7,8 / 1,5,9");
    expect("0,1,2,3,4\n0,0,9,0,0\n0,7,9,7,0\n", "0,1,2,3,4: 0,0,9,0,0 / 0,7,9,7,0");
}

#[test]
fn rows_that_count_may_be_rows() {
    for text in [
        "0,1,2,3\n4,5,6,7\n8,9,10,11\n",
        "1,2,3\n2,4,6\n3,6,9\n",
        "1,2,3,4,5\n2,4,6,8,10\n3,6,9,12,15\n",
        "0,1,2,3,4\n1,0,1,2,3\n2,1,0,1,2\n3,2,1,0,1\n4,3,2,1,0\n",
        "1,2,3,4,5\n2,1,3,5,4\n5,4,3,1,2\n",
        "0,1,2\n3,3,1\n4,9,2\n",
        "1,2\n3,5\n",
        "1,2,3\n2,2.5,3.5\n3,1.5,0.5\n",
    ] {
        let found = read(text, &CsvSource::default());
        assert_eq!(found.table.n_rows(), text.lines().count(), "{text}");
        assert!(!found.report.header);
    }
}

#[test]
fn a_line_may_be_drawn_below_the_names() {
    expect("x1,x2,x3\n--,--,--\n1,2,3\n4,5,6\n", "x1,x2,x3: 1,2,3 / 4,5,6 -2");
    expect("name,city\n----,----\nAnn,Oslo\nBob,Oslo\n", "name,city: Ann,Oslo / Bob,Oslo -2");
    expect("name|n\n:--|--:\nAnn|1\nBob|2\n", "name,n: Ann,1 / Bob,2 -2");
    expect("x1,x2\n--,--\n1,2\n--,6\n", "x1,x2: _,_ / 1,2 / _,6");
    expect("x1,x2\n-,-\n1,2\n3,6\n", "x1,x2: _,_ / 1,2 / 3,6");
}

#[test]
fn names_may_stand_in_three_rows() {
    let text = "who,kind,staff,,,all\n,,low,,high,\n,,n,share,n,n\nA,x,164,1.5,277,441\nB,x,425,3.5,805,900\nC,y,116,1.2,269,300\n";
    let found = expect(
        text,
        "who,kind,staff low n,staff low share,staff high n,all n: A,x,164,1.5,277,441 / B,x,425,3.5,805,900 / C,y,116,1.2,269,300",
    );
    has_warning(&found, "joined from the first 3 rows");
    let text = "day,why,travel,,total\n,,,,\n,,air,rail,\n1,a,2,3,4\n2,b,3,4,5\n3,c,4,5,6\n";
    expect(text, "day,why,travel air,travel rail,total: 1,a,2,3,4 / 2,b,3,4,5 / 3,c,4,5,6");
    let text = "Rain,,,,\n,2020,,2021,\ntown,mm,days,mm,days\nA,1,2,3,4\nB,2,3,4,5\nC,3,4,5,6\n";
    expect(text, "town,2020 mm,2020 days,2021 mm,2021 days: A,1,2,3,4 / B,2,3,4,5 / C,3,4,5,6 -1");
}

#[test]
fn rows_of_words_below_the_names_are_rows() {
    let text = "name,note,x\na,,failed\nb,,failed\nc,ok,1\nd,ok,2\ne,ok,3\nf,ok,4\ng,ok,4\nh,ok,5\ni,ok,4\nj,ok,5\nk,ok,5\nl,ok,5\nm,ok,5\nn,ok,4\no,ok,5\np,ok,5\nq,ok,5\nr,ok,5\n";
    let found = read(text, &CsvSource::default());
    assert_eq!((found.table.n_rows(), found.report.skipped.len()), (18, 0));
}

#[test]
fn an_empty_name_too_many_is_left_out() {
    let found = expect("x1,,x2,x3\n1,2,3\n4,5,6\n7,8,9\n", "x1,x2,x3: 1,2,3 / 4,5,6 / 7,8,9");
    has_warning(&found, "field 2 of it");
    let found = read("x1,,x2,x3\n1,2,3\n4,5,6\n7,8,9,1\n", &CsvSource::default());
    assert_eq!(found.table.columns.len(), 4, "a row is as wide as the header");
}

#[test]
fn counts_of_rows_stand_below() {
    let rows = "name,city,place\nAnn,x,Oslo\nBob,y,Lima\nCyd,z,Rome\n";
    let table = "name,city,place: Ann,x,Oslo / Bob,y,Lima / Cyd,z,Rome -5";
    expect(&format!("{rows}(3 rows)\n"), table);
    expect(&format!("{rows}3 rows selected.\n"), table);
    expect(&format!("{rows}(3 rows affected)\n"), table);
}

#[test]
fn comments_may_name_the_columns() {
    let found = expect(
        "# time temp hum\n1,20.5,30\n2,21.5,31\n3,22.5,32\n",
        "time,temp,hum: 1,20.5,30 / 2,21.5,31 / 3,22.5,32",
    );
    has_warning(&found, "named by the comment on line 1");
    expect(
        "# made by hand\n# time temp hum\n1 20.5 30\n2 21.5 31\n3 22.5 32\n",
        "time,temp,hum: 1,20.5,30 / 2,21.5,31 / 3,22.5,32 -1",
    );
    expect("# time, temp\n1;20.5\n2;21.5\n3;22.5\n", "time,temp: 1,20.5 / 2,21.5 / 3,22.5");
    expect("# made by hand\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n", "x,y,z: 1,2,3 / 4,5,6 / 7,8,9 -1");
    expect(
        "# four words of remark\n1,20.5,30\n2,21.5,31\n3,22.5,32\n",
        "column 1,column 2,column 3: 1,20.5,30 / 2,21.5,31 / 3,22.5,32 -1",
    );
    expect(
        "# by the river\na,b,1\nc,d,2\ne,b,3\n",
        "column 1,column 2,column 3: a,b,1 / c,d,2 / e,b,3 -1",
    );
}

#[test]
fn a_wider_table_below_does_not_hide_the_first() {
    let text = "id,name,age\n1,Ann,20\n2,Bob,30\n3,Cyd,40\n4,Dan,50\nid,name,age,extra\n1,Ann,20,a\n2,Bob,30,b\n3,Cyd,40,c\n4,Dan,50,d\n";
    let found = read(text, &CsvSource::default());
    assert_eq!(
        summary(&found),
        "id,name,age: 1,Ann,20 / 2,Bob,30 / 3,Cyd,40 / 4,Dan,50 -6,7,8,9,10"
    );
}

#[test]
fn longer_rows_without_names_widen_a_table() {
    let text = "id,name,age\n1,Ann,20\n2,Bob,30\n1,Ann,20,a\n2,Bob,30,b\n3,Cyd,40,c\n4,Dan,50,d\n";
    let found = read(text, &CsvSource::default());
    assert_eq!((found.table.columns.len(), found.table.n_rows()), (4, 6), "{}", summary(&found));
}

#[test]
fn one_word_over_numbers_is_a_name() {
    for (text, table) in [
        (
            "2019;id;rate\n44763;1201;a1\n92617;598;b2\n30105;2466;c3\n",
            "2019,id,rate: 44763,1201,a1 / 92617,598,b2 / 30105,2466,c3",
        ),
        (
            "value,2020\n18961,-17.59\n14957,-14.6\n52954,-158.1\n",
            "value,2020: 18961,-17.59 / 14957,-14.6 / 52954,-158.1",
        ),
        ("a,b,c\n1,b,c\n2,b,c\n3,b,c\n", "a,b,c: 1,b,c / 2,b,c / 3,b,c"),
        (
            "id,100022,100025\nid1,TRUE,TRUE\nid2,TRUE,FALSE\nid3,FALSE,TRUE\n",
            "id,100022,100025: id1,TRUE,TRUE / id2,TRUE,FALSE / id3,FALSE,TRUE",
        ),
        (
            "Musei,2011,2010\nA,23.824,17.518\nB,in restauro,in restauro\nC,11.1,12.2\n",
            "Musei,2011,2010: A,23.824,17.518 / B,in restauro,in restauro / C,11.1,12.2",
        ),
    ] {
        expect(text, table);
    }
    let n_rows = |text| read(text, &CsvSource::default()).table.n_rows();
    assert_eq!(n_rows("63,unknown,5\n64,2,6\n65,3,7\n66,4,8\n"), 4, "a word for what is missing");
    assert_eq!(n_rows("63,LOD,5.5\n64,2,6.5\n65,3,7.5\n66,4,8.5\n"), 4, "a number that goes on");
    assert_eq!(n_rows("63,<5,a\n64,2,b\n65,3,c\n66,4,d\n"), 4, "a sign and a number");
    assert_eq!(n_rows("12,a\n12A,b\n7B,c\n9C,d\n"), 4, "a house without a letter");
    assert_eq!(n_rows("ann,2019,x\nbob,2018,2\ncyd,2017,3\ndan,2019,4\n"), 4, "a year over years");
}

#[test]
fn a_title_begins_another_table() {
    let table = "x1,x2,x3\n1,2.5,3\n4,5.5,6\n7,8.5,9\n";
    let first = "x1,x2,x3: 1,2.5,3 / 4,5.5,6 / 7,8.5,9 ";
    let found =
        expect(&format!("{table}\nTable 2\n\nx1,x2,x3\n1,2,3\n"), &format!("{first}-6,8,9"));
    has_warning(&found, "another table begins on line 6");
    expect(
        &format!("{table},,\nTable 2,,\nother,names,here\n1,2,3\n"),
        &format!("{first}-5,6,7,8"),
    );
    let n_rows = |text: &str| read(text, &CsvSource::default()).table.n_rows();
    assert_eq!(n_rows(&format!("{table}\nPage 2\n\nx1,x2,x3\n1,2,3\n")), 5, "a page");
    assert_eq!(
        n_rows(&format!("A report\n{table}\nA report\nx1,x2,x3\n1,2,3\n")),
        5,
        "its title again"
    );
    let groups = "name,town\nNorth,\nann,rome\nbob,bonn\n,\nSouth,\ncyd,oslo\ndan,lima\n";
    assert_eq!(n_rows(groups), 6, "a heading of rows");
}

#[test]
fn remarks_above_a_table_may_be_many() {
    let remarks = "# a remark, of some, words\n".repeat(90);
    let found = read(&format!("{remarks}a,b\n0,0\n1,1\n2,4\n3,9\n"), &CsvSource::default());
    let table = summary(&found);
    assert!(table.starts_with("a,b: 0,0 / 1,1 / 2,4 / 3,9 "), "{table}");
    let rows = "3,1,4,1,5,9,2\n".repeat(6);
    let found = read(&format!("6,7,no\n{rows}"), &CsvSource::default());
    assert_eq!((found.table.columns.len(), found.table.n_rows()), (7, 6), "how large it is");
    let found = read(
        "At: 1 N, 2 E, 3 m, 4 s\nx y z\n1 2 3\n4 5 6\n7 8 9\n4 4 4\n5 5 5\n",
        &CsvSource::default(),
    );
    assert_eq!((found.table.columns.len(), found.table.n_rows()), (3, 5), "prose");
}

#[test]
fn the_mark_at_the_end_of_a_text_is_no_row() {
    let rows = "name,score\nAnn,2\nBob,3\n";
    expect(&format!("{rows}\u{1a}"), "name,score: Ann,2 / Bob,3 -4");
    expect(&format!("{rows}\u{1a}\n"), "name,score: Ann,2 / Bob,3 -4");
    expect("x\n1\n2\n\u{1a}\n", "x: 1 / 2 -4");
}

#[test]
fn what_parts_every_line_alike_is_a_delimiter() {
    let table = "id,name,score: 1,Ann,2.5 / 2,_,3.5 / 3,Cyd,4.5";
    for sign in ["::", "\t\t", "||", "^", ":", "\u{1f}"] {
        let text = "id,name,score\n1,Ann,2.5\n2,,3.5\n3,Cyd,4.5\n".replace(',', sign);
        expect(&text, table);
    }
    let text = "day::time::name\n1::12:30::Ann\n2::12:45::Bob\n3::13:00::Cyd\n";
    assert_eq!(read(text, &CsvSource::default()).table.columns.len(), 3, "times");
    let text = "address\nfe80::1\nfe80::2\nfe80::3\n";
    assert_eq!(read(text, &CsvSource::default()).table.columns.len(), 1, "addresses alone");
    let text = "day::time::name::note\n1::12:30::Ann::\n2::12:45::\"Bob\"::\n3::13:00::\"C,d\"::\n";
    assert_eq!(read(text, &CsvSource::default()).table.columns.len(), 4, "quotes");
    let text = "id,address\n1,fe80::1\n2,fe80::2\n3,fe80::3\n";
    assert_eq!(read(text, &CsvSource::default()).table.columns.len(), 2, "addresses");
    let text = "Ort^n^Teil\nKöln^26,5^4,7\nBonn^265,4^25,5\nUlm^1,5^3,5\n";
    expect(text, "Ort,n,Teil: Köln,26.5,4.7 / Bonn,265.4,25.5 / Ulm,1.5,3.5");
    let text = "unit,sex,geo\\time\t2018\t2017\nNR,T,AT\t6874\t4852\nNR,T,BE\t5431\t7852\nNR,T,DE\t5502\t4902\n";
    assert_eq!(read(text, &CsvSource::default()).table.columns.len(), 3);
    let text = "a,,b\n1,,2\n3,,4\n";
    assert_eq!(read(text, &CsvSource::default()).table.columns.len(), 3, "an empty column");
}

#[test]
fn what_was_decided_reads_a_last_row_without_a_line_end() {
    for text in ["sep=;\n4;5", "sep=;\n4;5\n", "A title\n\nx,y,z\n1,2,3\n4,5,6", "a::b\n1::2\n3::4"]
    {
        let settings = CsvSource::default();
        let found = read(text, &settings);
        let again = read(text, &settings.decided(&found.report.decisions));
        assert_eq!(
            summary(&found).split(" -").next(),
            summary(&again).split(" -").next(),
            "{text}"
        );
    }
}

/// Where rows are written in different ways, lines above the table could speak for one of them. They
/// take no part, whether it is found out or stated that they stand there. (From the third on, what is
/// left of files that were made at random.)
#[test]
fn lines_above_a_table_say_nothing_about_its_odd_rows() {
    for text in [
        "Stock,,,\n,,,\nid;item;qty;price\n1,pen,10,1.5\n2;ink;20;2.5\n",
        "#,,,\n#,,,\n#,,,\nid,item,qty\n1,pen,10\n2;ink;20;3\n3;pad;30;4\n",
        ",,,\n,,y,e\n,,,\t\t\t,3",
        "sep=\n;;;\n;;;\n,,,\n,,0,\n,\n,",
        "i\n3\n\t\t\t\n5\n5\n4\n,,,\n,,,\n,,,\n5\n,,,\nr\r4",
        ",,\ni;m;,,,\n,n,",
        "#,,,\n,,,\n,,,,|||",
    ] {
        let settings = CsvSource::default();
        let found = read(text, &settings);
        assert!(found.report.decisions.skip > 0, "{text}");
        let again = read(text, &settings.decided(&found.report.decisions));
        assert_eq!(format!("{:?}", found.table), format!("{:?}", again.table), "{text}");
        assert_eq!(found.report.decisions, again.report.decisions, "{text}");
        assert_eq!(found.fingerprint, again.fingerprint, "{text}");
    }
}

/// Rows that look like names of another table and are none: the table goes on.
#[test]
fn short_rows_and_rows_of_words_stay_in_their_table() {
    let ids = (0..60).map(|i| match (i % 3, i % 5) {
        (0, _) => format!("A{i},green,large,seen\n"),
        (1, 0) => format!("A{i},blue,small\n"),
        _ => format!("{i},{},small\n", ["red", "blue"][i % 2]),
    });
    let text = format!("id,colour,size,note\n{}", ids.collect::<String>());
    assert_eq!(read(&text, &CsvSource::default()).table.n_rows(), 60);
    let towns = (0..60).map(|i| match i % 10 {
        5 => format!("\nt{i},unknown place,n/k\n"),
        _ => format!("c{i},{},{}\n", ["A", "B"][i % 2], i % 7),
    });
    let text = format!("city,country,pop\n{}", towns.collect::<String>());
    assert_eq!(read(&text, &CsvSource::default()).table.n_rows(), 60);
}

/// One quote that is never closed costs its row nothing, however many rows follow and wherever the next
/// quote stands; a text that goes over many lines is left whole.
#[test]
fn a_quote_that_is_not_closed_is_closed_in_its_row() {
    const NOT_CLOSED: &str = "the quote that opens in field 2 is not closed";
    let row = |i: usize| format!("{i},n{i},{}.5\n", i * 7 % 100);
    let table = |odd: &dyn Fn(usize) -> Option<String>| {
        let rows = (1..=400).map(|i| odd(i).unwrap_or_else(|| row(i)));
        format!("id,name,score\n{}", rows.collect::<String>())
    };
    let open = |i| (i == 5).then(|| "5,\"n5,35.5\n".to_owned());
    let closed_late = |i| match i {
        390 => Some("390,\"x, y\",30.5\n".to_owned()),
        i => open(i),
    };
    let right = read(&table(&|_| None), &CsvSource::default());
    for text in [table(&open), table(&closed_late)] {
        let found = read(&text, &CsvSource::default());
        assert_eq!(found.report.repaired, [(6, NOT_CLOSED.to_owned())]);
        assert_eq!(found.table.columns[0], right.table.columns[0]);
        assert_eq!(found.table.columns[2], right.table.columns[2]);
        let decided = CsvSource::default().decided(&found.report.decisions);
        assert_eq!(read(&text, &decided).table, found.table);
    }
    let long: String = (0..300).map(|i| format!("line {i}, of a letter\n")).collect();
    let text = table(&|i| (i == 7).then(|| format!("7,\"{long}\",1.5,more\n")));
    let found = read(&text, &CsvSource::default());
    assert_eq!(found.report.skipped, [(8, "4 fields instead of 3".to_owned())]);
    assert_eq!(found.table.n_rows(), 399);
}

#[test]
fn any_number_of_lines_of_prose_stands_above_a_table() {
    let rows: String = (1..=40).map(|i| format!("{i},{}\n", i * 7 % 50)).collect();
    let right = read(&format!("n,x\n{rows}"), &CsvSource::default());
    for n in [3, 58, 70, 300] {
        let prose: String = (0..n).map(|i| format!("a line of prose {i}\n")).collect();
        let text = format!("{prose}\nn,x\n{rows}");
        let found = read(&text, &CsvSource::default());
        assert_eq!(found.table, right.table, "{n}: {:?}", found.report.warnings);
        assert_eq!(found.report.skipped.len(), n, "{n}");
        let decided = CsvSource::default().decided(&found.report.decisions);
        assert_eq!(read(&text, &decided).table, right.table, "{n}, stated");
    }
    // Rows whose last cells are left out are no prose.
    let short: String = (0..70).map(|i| format!("town {i}\n")).collect();
    let found = read(&format!("town,n\n{short}{rows}"), &CsvSource::default());
    assert_eq!(found.table.n_rows(), 110);
}

#[test]
fn fields_behind_the_last_name_are_said() {
    let found = expect("x,y\n1,2,\n3,4,\n5,6,\n", "x,y: 1,2 / 3,4 / 5,6");
    let said = "the header names 2 columns, but most rows have 3 fields; the last, which is empty, is left out";
    assert_eq!(found.report.warnings, [said]);
    let found = expect("x,y,\n1,2\n3,4\n5,6\n", "x,y: 1,2 / 3,4 / 5,6");
    assert!(found.report.warnings.is_empty(), "the names alone have it");
}

#[test]
fn codes_with_letters_are_no_numbers_that_failed() {
    let code =
        |i: usize| if i % 20 == 7 { format!("2B{i:03}") } else { format!("{:05}", 1000 + i) };
    let text: String = (0..100).map(|i| format!("{},{}\n", code(i), i % 9)).collect();
    let found = read(&format!("commune,n\n{text}"), &CsvSource::default());
    assert!(
        matches!(&found.table.columns[0].cells, Cells::Nominal { levels, .. } if levels.len() == 100)
    );
    assert_eq!(found.report.repaired, []);
    has_warning(&found, "`commune` is read as text because of `2B007`, one of 5 codes");
    let again =
        read(&format!("commune,n\n{text}"), &CsvSource::default().decided(&found.report.decisions));
    assert_eq!(again.report.warnings, [""; 0], "nothing to say of a type that is stated");
}

#[test]
fn mistyped_cells_make_no_text_of_numbers() {
    let numbers = |first: usize, n: usize, step: usize| -> String {
        (0..n).map(|i| format!("{i},{}\n", first + i * step)).collect()
    };
    for (numbers, mistyped) in [
        (numbers(1000, 5000, 7), ["1O23", "2O45", "3O67"]), // letters for digits
        (numbers(1000, 5000, 1), ["1B23", "2B45", "3B67"]), // few
        (numbers(1000, 100, 1), ["100M0", "101M1", "102M2"]), // longer than the numbers
        (numbers(137, 200, 1000), ["1S234", "1S235", "4Z877"]), // numbers of any length
    ] {
        let bad: String = mistyped.map(|cell| format!("0,{cell}\n")).concat();
        let found = read(&format!("id,v\n{numbers}{bad}"), &CsvSource::default());
        let Cells::Numeric(values) = &found.table.columns[1].cells else {
            panic!("text because of {mistyped:?}");
        };
        assert_eq!(values.iter().filter(|value| value.is_nan()).count(), 3);
        has_warning(&found, "3 of");
    }
}

#[test]
fn a_line_drawn_below_short_names_is_no_row() {
    expect("x1,x2,y\n--,--,-\n1,2,3\n4,5,6\n7,8,9\n", "x1,x2,y: 1,2,3 / 4,5,6 / 7,8,9 -2");
    // Where `-` is a missing value further below, it is one above too.
    expect("x1,x2,y\n--,--,-\n1,2,3\n4,-,6\n7,8,9\n", "x1,x2,y: _,_,_ / 1,2,3 / 4,_,6 / 7,8,9");
}

#[test]
fn strokes_in_every_line_of_one_column_are_said() {
    let found = read("a/b/c\n1/2/x\n3/4/y\n5/6/z\n", &CsvSource::default());
    has_warning(&found, "`/` stands equally often in every line");
    let found = read("1/2/2020\n3/2/2020\n5/6/2020\n", &CsvSource::default());
    assert!(!found.report.warnings.iter().any(|warning| warning.contains("equally often")));
}

#[test]
fn notes_around_a_table_may_be_more_than_its_rows() {
    let rows: String = (1..=9).map(|i| format!("town {i};{i};2;3;{}\n", i * i)).collect();
    let notes = "a note, or two\n".repeat(7);
    let text = format!("{notes}Region:;all\ntown;a;b;c;d\n{rows}\n{notes}");
    let found = read(&text, &CsvSource::default());
    assert_eq!((found.table.columns.len(), found.table.n_rows()), (5, 9), "{:?}", found.report);
}

#[test]
fn one_column_with_commas_in_its_last_values_is_no_table_below_prose() {
    let column = |name: &str, first: &dyn Fn(usize) -> String, last: &dyn Fn(usize) -> String| {
        let first: String = (0..80).map(|i| first(i) + "\n").collect();
        let last: String = (0..40).map(|i| last(i) + "\n").collect();
        let found = read(&format!("{name}\n{first}{last}"), &CsvSource::default());
        assert_eq!(found.table.columns.len(), 1, "{name}: {:?}", found.report);
        assert_eq!(found.table.columns[0].name, name);
        found
    };
    let numbers = |name, first: &dyn Fn(usize) -> String, last: &dyn Fn(usize) -> String| {
        let found = column(name, first, last);
        assert!(matches!(&found.table.columns[0].cells, Cells::Numeric(_)), "{name}");
    };
    numbers("pop", &|i| (920 + i).to_string(), &|i| format!("1,{i:03}"));
    numbers("Wert", &|_| "0".to_owned(), &|i| format!("{i},{:02}", i + 10));
    column("amount", &|i| format!("${}", 920 + i), &|i| format!("$1,{i:03}"));
    column("name", &|i| format!("Mono{i}"), &|i| format!("Smith{i}, John"));
    // Words above a row of names are none of its rows.
    let words: String = (0..70).map(|i| format!("key{i}=x\n")).collect();
    let rows: String = (0..20).map(|i| format!("{i},{}\n", i * 7 % 5)).collect();
    let found = read(&format!("{words}n,x\n{rows}"), &CsvSource::default());
    assert_eq!((found.table.columns.len(), found.table.n_rows()), (2, 20));
}

#[test]
fn a_file_that_is_cut_off_inside_of_quotes_is_refused() {
    let refused = |text: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("t.csv"), text).expect("a file");
        let source = Source::Csv(CsvSource { path: "t.csv".into(), ..CsvSource::default() });
        load(&source, folder.path()).err().map(|error| error.to_string())
    };
    let rows: String = (1..50).map(|i| format!("{i},\"a, b\",{i}\n")).collect();
    for last in ["50,\"a, b", "50,\"a, b,50", "50,\"a", "\"Source: bureau, 2020\n"] {
        let error = refused(&format!("id,text,n\n{rows}{last}")).unwrap_or_default();
        assert!(error.contains("is never closed"), "{last}: {error}");
    }
    assert_eq!(refused(&format!("id,text,n\n{rows}50,\"a, b,50\n")), None, "all its fields");
}

#[test]
fn a_closed_field_with_many_rows_in_it_is_left_whole() {
    let rows =
        |from: usize| (from..from + 30).map(|i| format!("{i},x,{i},2\n")).collect::<String>();
    let inner: Vec<String> = (0..300).map(|i| format!("{i},p{i},{i},0")).collect();
    let text = format!("id,text,n,m\n{}2,\"{}\"\n{}", rows(1), inner.join("\n"), rows(40));
    let found = read(&text, &CsvSource::default());
    assert_eq!(found.table.n_rows(), 61, "{:?}", found.report.repaired);
    let decided = CsvSource::default().decided(&found.report.decisions);
    assert_eq!(read(&text, &decided).table.columns[..2], found.table.columns[..2], "stated");
}
