//! Polluted files as people have them: each is read into the right table or refused with the right
//! sentence, and its damage is announced with its line. The kinds of pollution follow public
//! collections of such files (G. Vitagliano et al., Pollock: a data loading benchmark, 2023); the
//! files are our own.

use descent::data::{Cells, Column, CsvSource, DataError, Loaded, Source, load};

fn read(bytes: &[u8]) -> Result<std::sync::Arc<Loaded>, DataError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("t.csv"), bytes).expect("a file");
    let source = Source::Csv(CsvSource { path: "t.csv".into(), ..CsvSource::default() });
    load(&source, folder.path())
}

fn cell(column: &Column, row: usize) -> String {
    match &column.cells {
        Cells::Numeric(values) if values[row].is_nan() => "_".to_owned(),
        Cells::Numeric(values) => values[row].to_string(),
        Cells::Nominal { levels, codes } => {
            let word = codes[row].map_or("_", |code| &levels[code as usize]);
            word.chars().take(20).collect::<String>().replace('\n', "⏎")
        }
    }
}

/// The whole reading on one line: `names: cells / cells`, then `-` and the lines that were left
/// out, `~` and those that were repaired, `!` where something else was said.
fn summary(bytes: &[u8]) -> String {
    let loaded = match read(bytes) {
        Ok(loaded) => loaded,
        Err(error) => {
            let line = error.line.map_or(String::new(), |line| format!(" {line}"));
            let column = error.column.map_or(String::new(), |column| format!(":{column}"));
            return format!("refused{line}{column}: {}", error.message);
        }
    };
    const MOST: usize = 6;
    let columns = &loaded.table.columns[..loaded.table.columns.len().min(MOST)];
    let join = |words: Vec<String>| words.join(",");
    let names = join(columns.iter().map(|column| column.name.clone()).collect());
    let n_rows = loaded.table.n_rows();
    let rows: Vec<String> = (0..n_rows.min(MOST))
        .map(|row| join(columns.iter().map(|column| cell(column, row)).collect()))
        .collect();
    let mut text = format!("{names}: {}", rows.join(" / "));
    if n_rows > MOST || loaded.table.columns.len() > MOST {
        text += &format!(" … {n_rows} × {}", loaded.table.columns.len());
    }
    for (sign, lines) in [('-', &loaded.report.skipped), ('~', &loaded.report.repaired)] {
        if !lines.is_empty() {
            let lines: Vec<String> = lines.iter().map(|(line, _)| line.to_string()).collect();
            text += &format!(" {sign}{}", lines.join(","));
        }
    }
    if !loaded.report.warnings.is_empty() {
        text += " !";
    }
    text
}

/// What the file is, its bytes, and its [`summary`].
#[rustfmt::skip]
const FILES: [(&str, &[u8], &str); 153] = [
    (
        "plain",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "semicolons",
        b"id;item;qty;price\n1;pen;10;1.5\n2;ink;20;2.5\n3;pad;30;3.5\n4;cup;40;4.5\n5;map;50;5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "tabs",
        b"id\titem\tqty\tprice\n1\tpen\t10\t1.5\n2\tink\t20\t2.5\n3\tpad\t30\t3.5\n4\tcup\t40\t4.5\n5\tmap\t50\t5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "pipes",
        b"id|item|qty|price\n1|pen|10|1.5\n2|ink|20|2.5\n3|pad|30|3.5\n4|cup|40|4.5\n5|map|50|5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "carets",
        b"id^item^qty^price\n1^pen^10^1.5\n2^ink^20^2.5\n3^pad^30^3.5\n4^cup^40^4.5\n5^map^50^5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "spaces",
        b"id  item  qty  price\n1  pen  10  1.5\n2  ink  20  2.5\n3  pad  30  3.5\n4  cup  40  4.5\n5  map  50  5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "comma and space",
        b"id, item, qty, price\n1, pen, 10, 1.5\n2, ink, 20, 2.5\n3, pad, 30, 3.5\n4, cup, 40, 4.5\n5, map, 50, 5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a row with semicolons among commas",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3;pad;30;3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~4",
    ),
    (
        "a row with another delimiter and a decimal comma",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3;pad;30;3,5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,_ / 4,cup,40,4.5 / 5,map,50,5.5 ~4,4 !",
    ),
    (
        "a delimiter missing in one row",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink20,2.5,_ / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a delimiter twice in one row",
        b"id,item,qty,price\n1,pen,10,1.5\n2,,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "delimiters at the end of one row",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5,,\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a delimiter at the end of all rows",
        b"id,item,qty,price,\n1,pen,10,1.5,\n2,ink,20,2.5,\n3,pad,30,3.5,\n4,cup,40,4.5,\n5,map,50,5.5,\n",
        "id,item,qty,price,column 5: 1,pen,10,1.5,_ / 2,ink,20,2.5,_ / 3,pad,30,3.5,_ / 4,cup,40,4.5,_ / 5,map,50,5.5,_ !",
    ),
    (
        "a delimiter at the end of the header alone",
        b"id,item,qty,price,\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a delimiter at the end of the rows alone",
        b"id,item,qty,price\n1,pen,10,1.5,\n2,ink,20,2.5,\n3,pad,30,3.5,\n4,cup,40,4.5,\n5,map,50,5.5,\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "a delimiter at the beginning of all rows",
        b",id,item,qty,price\n,1,pen,10,1.5\n,2,ink,20,2.5\n,3,pad,30,3.5\n,4,cup,40,4.5\n,5,map,50,5.5\n",
        "column 1,id,item,qty,price: _,1,pen,10,1.5 / _,2,ink,20,2.5 / _,3,pad,30,3.5 / _,4,cup,40,4.5 / _,5,map,50,5.5 !",
    ),
    (
        "a row of delimiters alone",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n,,,\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -4",
    ),
    (
        "a delimiter that is stated",
        b"sep=;\nid;item;qty;price\n1;pen;10;1.5\n2;ink;20;2.5\n3;pad;30;3.5\n4;cup;40;4.5\n5;map;50;5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -1",
    ),
    (
        "a stated delimiter that is wrong",
        b"sep=|\nid;item;qty;price\n1;pen;10;1.5\n2;ink;20;2.5\n3;pad;30;3.5\n4;cup;40;4.5\n5;map;50;5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -1",
    ),
    (
        "all quoted",
        b"\"id\",\"item\",\"qty\",\"price\"\n\"1\",\"pen\",\"10\",\"1.5\"\n\"2\",\"ink\",\"20\",\"2.5\"\n\"3\",\"pad\",\"30\",\"3.5\"\n\"4\",\"cup\",\"40\",\"4.5\"\n\"5\",\"map\",\"50\",\"5.5\"\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "single quotes",
        b"'id','item','qty','price'\n'1','pen','10','1.5'\n'2','ink','20','2.5'\n'3','pad','30','3.5'\n'4','cup','40','4.5'\n'5','map','50','5.5'\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "some quoted",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"ink\",\"20\",2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a delimiter in quotes",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"ink, black\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink, black,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a line end in quotes",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"ink\nblack\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink⏎black,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a doubled quote",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"the \"\"ink\"\"\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,the \"ink\",20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a quote behind a backslash",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"the \\\"ink\\\", black\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,the \"ink\", black,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a quote inside of a plain field",
        b"id,item,qty,price\n1,pen,10,1.5\n2,5\" ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,5\" ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "text behind a closing quote",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"ink\"black,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,inkblack,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a quote that never closes",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a quote that never closes in the last row",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,\"map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~6",
    ),
    (
        "a quote that never closes in the header",
        b"id,\"item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~1",
    ),
    (
        "a quote that never closes in front of separators",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"ink, red,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink, red,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "two quotes that never close",
        b"id;item;qty;price\n1;pen;10;1.5\n\"2;ink;20;2.5\n3;pad;30;3.5\n4;cup;40;\"4.5\n5;map;50;5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3,5",
    ),
    (
        "a text of several lines, cut where the file ends",
        b"id,item,note\n1,pen,ok\n2,ink,\"Dear all,\nwe have no more\nof it, and none\nwill",
        "refused 3:7: the quote that opens in field 3 is never closed (the row begins on line 3)",
    ),
    (
        "a quote in the names that takes rows into its field",
        b"id,\"item,price\n1,\"pen\",1.5\n2,\"ink\",2.5\n3,\"pad\",3.5\n4,\"cup\",4.5\n",
        "id,item,price: 1,pen,1.5 / 2,ink,2.5 / 3,pad,3.5 / 4,cup,4.5 ~1",
    ),
    (
        "a stray closing quote",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink\",20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "empty quotes",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,_,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "spaces outside of quotes",
        b"id,item,qty,price\n1,pen,10,1.5\n2, \"ink\" ,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "typographic quotes",
        "id,item,qty,price\n1,pen,10,1.5\n2,“ink”,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n".as_bytes(),
        "id,item,qty,price: 1,pen,10,1.5 / 2,“ink”,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "three quotes",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"\"\"ink\"\"\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,\"ink\",20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "line ends of Windows",
        b"id,item,qty,price\r\n1,pen,10,1.5\r\n2,ink,20,2.5\r\n3,pad,30,3.5\r\n4,cup,40,4.5\r\n5,map,50,5.5\r\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "line ends of old Macs",
        b"id,item,qty,price\r1,pen,10,1.5\r2,ink,20,2.5\r3,pad,30,3.5\r4,cup,40,4.5\r5,map,50,5.5\r",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "mixed line ends",
        b"id,item,qty,price\r\n1,pen,10,1.5\n2,ink,20,2.5\r3,pad,30,3.5\r\n4,cup,40,4.5\n5,map,50,5.5",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "no line end at the end",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "two line ends at the end",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "many line ends at the end",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n\n\n\n\n\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "blank lines between all rows",
        b"id,item,qty,price\n\n1,pen,10,1.5\n\n2,ink,20,2.5\n\n3,pad,30,3.5\n\n4,cup,40,4.5\n\n5,map,50,5.5\n\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "blank lines above",
        b"\n\nid,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "doubled carriage returns",
        b"id,item,qty,price\r\r\n1,pen,10,1.5\r\r\n2,ink,20,2.5\r\r\n3,pad,30,3.5\r\r\n4,cup,40,4.5\r\r\n5,map,50,5.5\r\r\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a line of spaces",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n   \n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -4",
    ),
    (
        "an end-of-file sign of DOS",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n\x1a",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -7",
    ),
    (
        "a mark at the beginning",
        b"\xef\xbb\xbfid,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "two marks at the beginning",
        b"\xef\xbb\xbf\xef\xbb\xbfid,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a mark in the middle",
        b"id,item,qty,price\n1,pen,10,1.5\n\xef\xbb\xbf2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "UTF-16 with a mark",
        b"\xff\xfei\x00d\x00,\x00i\x00t\x00e\x00m\x00,\x00q\x00t\x00y\x00,\x00p\x00r\x00i\x00c\x00e\x00\n\x001\x00,\x00p\x00e\x00n\x00,\x001\x000\x00,\x001\x00.\x005\x00\n\x002\x00,\x00i\x00n\x00k\x00,\x002\x000\x00,\x002\x00.\x005\x00\n\x003\x00,\x00p\x00a\x00d\x00,\x003\x000\x00,\x003\x00.\x005\x00\n\x004\x00,\x00c\x00u\x00p\x00,\x004\x000\x00,\x004\x00.\x005\x00\n\x005\x00,\x00m\x00a\x00p\x00,\x005\x000\x00,\x005\x00.\x005\x00\n\x00",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "Latin-1",
        b"id,item,qty,price\n1,pen,10,1.5\n2,encre \xe0 l'\xe9t\xe9,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,encre à l'été,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "a byte that is no UTF-8 among such that are",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\xc3\xa9\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\xe9,20,2.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,Ã©,_,_ / 3,pad,30,3.5 / 4,cup,40,4.5 -6 ~3 !",
    ),
    (
        "a zero byte",
        b"id,item,qty,price\n1,pen,10,1.5\n2,i\x00nk,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "refused 3: there are zero bytes here, so this is not text; a CSV file is expected",
    ),
    (
        "zero bytes at the end",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n\x00\x00\x00\x00\x00\x00\x00\x00",
        "refused 7: there are zero bytes here, so this is not text; a CSV file is expected",
    ),
    (
        "control characters",
        b"id,item,qty,price\n1,pen,10,1.5\n2,i\x07nk,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,i\u{7}nk,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "spaces that do not break",
        b"id,\xc2\xa0item,\xc2\xa0qty,\xc2\xa0price\n1,\xc2\xa0pen,\xc2\xa010,\xc2\xa01.5\n2,\xc2\xa0ink,\xc2\xa020,\xc2\xa02.5\n3,\xc2\xa0pad,\xc2\xa030,\xc2\xa03.5\n4,\xc2\xa0cup,\xc2\xa040,\xc2\xa04.5\n5,\xc2\xa0map,\xc2\xa050,\xc2\xa05.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "invisible signs around numbers",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,\xe2\x80\x8b20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "full-width digits",
        "id,item,qty,price\n1,pen,10,1.5\n2,ink,２０,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n".as_bytes(),
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,_,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3 !",
    ),
    (
        "a short row",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,_,_ / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a long row",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5,9\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -3",
    ),
    (
        "a very short last row",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,_,_,_ ~6",
    ),
    (
        "a row cut off",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,5",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,5,_ ~6",
    ),
    (
        "the header again in the middle",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\nid,item,qty,price\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -5",
    ),
    (
        "the header again above every row",
        b"id,item,qty,price\n1,pen,10,1.5\nid,item,qty,price\n2,ink,20,2.5\nid,item,qty,price\n3,pad,30,3.5\nid,item,qty,price\n4,cup,40,4.5\nid,item,qty,price\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -3,5,7,9",
    ),
    (
        "a row twice",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "two tables",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n\nname,age\nann,31\nbob,42\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -8,9,10 !",
    ),
    (
        "two tables of one width",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n\nid,name,age,size\n1,ann,31,1.7\n2,bob,42,1.8\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -8,9,10 !",
    ),
    (
        "rows of words among numbers",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\nthree,pad,thirty,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / _,pad,_,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~4,4 !",
    ),
    (
        "no header",
        b"1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "column 1,column 2,column 3,column 4: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "an empty name",
        b"id,,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,column 2,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "the same name twice",
        b"id,item,qty,qty\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,qty (2): 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "a header in quotes over lines",
        b"id,item,\"qty\n(pieces)\",price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty (pieces),price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "units below the names",
        b"id,item,qty,price\n,,pieces,EUR\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -2",
    ),
    (
        "units in brackets",
        b"time,speed,note\n[s],[m/s],[]\n1,2.5,a\n2,3.5,b\n3,4.5,a\n",
        "time,speed,note: 1,2.5,a / 2,3.5,b / 3,4.5,a -2",
    ),
    (
        "two levels of names",
        b"item,2020,,2021,\n,qty,price,qty,price\npen,10,1.5,11,1.6\nink,20,2.5,21,2.6\npad,30,3.5,31,3.6\n",
        "item,2020 qty,2020 price,2021 qty,2021 price: pen,10,1.5,11,1.6 / ink,20,2.5,21,2.6 / pad,30,3.5,31,3.6",
    ),
    (
        "a short header",
        b"id,item,qty\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "row,id,item,qty: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "a long header",
        b"id,item,qty,price,note\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price,note: 1,pen,10,1.5,_ / 2,ink,20,2.5,_ / 3,pad,30,3.5,_ / 4,cup,40,4.5,_ / 5,map,50,5.5,_ ~2,3,4,5,6 !",
    ),
    (
        "names of numbers",
        b"item,2019,2020,2021\npen,1,2,3\nink,4,5,6\npad,7,8,9\n",
        "item,2019,2020,2021: pen,1,2,3 / ink,4,5,6 / pad,7,8,9",
    ),
    (
        "a comment sign before the names",
        b"#id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "spaces around names",
        b" id , item , qty , price \n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "a title above",
        b"Stock of the shop\nid,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -1",
    ),
    (
        "a title as wide as the table above",
        b"Stock of the shop,,,\nid,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -1",
    ),
    (
        "several lines above",
        b"Stock of the shop\nShop: Main Street\nDate: 2020-01-01\n\nid,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -1,2,3",
    ),
    (
        "keys and values above",
        b"Shop,Main Street,,\nDate,2020-01-01,,\n,,,\nid,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -1,2,3",
    ),
    (
        "comments above",
        b"# Stock, of the shop\n# by hand\nid,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -1,2",
    ),
    (
        "comments between",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n# a pause\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -4",
    ),
    (
        "a comment with a delimiter between",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n# a pause, of an hour\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -4",
    ),
    (
        "a total below",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\nTotal,,150,17.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -7",
    ),
    (
        "a total below names",
        b"item,qty,price\npen,10,1.5\nink,20,2.5\npad,30,3.5\ncup,40,4.5\nmap,50,5.5\nTotal,150,17.5\n",
        "item,qty,price: pen,10,1.5 / ink,20,2.5 / pad,30,3.5 / cup,40,4.5 / map,50,5.5 -7",
    ),
    (
        "a note below",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n\nSource: the shop\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -8",
    ),
    (
        "a long note below",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n\nThese figures were counted by hand, on a Sunday\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -8",
    ),
    (
        "blank rows below",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n,,,\n,,,\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -7,8",
    ),
    (
        "a mean and a total below",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\nMean,,30,3.5\nTotal,,150,17.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 -7,8",
    ),
    (
        "decimal commas",
        b"id;item;qty;price\n1;pen;10;1,5\n2;ink;20;2,5\n3;pad;30;3,5\n4;cup;40;4,5\n5;map;50;5,5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "decimal commas in quotes",
        b"id,item,qty,price\n1,pen,10,\"1,5\"\n2,ink,20,\"2,5\"\n3,pad,30,\"3,5\"\n4,cup,40,\"4,5\"\n5,map,50,\"5,5\"\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "one decimal comma in quotes",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,\"2,5\"\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,_ / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3 !",
    ),
    (
        "thousands",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,\"1,234\",2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,1234,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "thousands with points",
        b"id;item;qty;price\n1;pen;1.234,567;1,5\n2;ink;20;2,5\n3;pad;30;3,5\n4;cup;40;4,5\n5;map;50;5,5\n",
        "id,item,qty,price: 1,pen,1234.567,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "money",
        b"id,item,qty,price\n1,pen,10,$1.50\n2,ink,20,$2.50\n3,pad,30,$3.50\n4,cup,40,$4.50\n5,map,50,$5.50\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "an infinite number",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,1e999\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,_ / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3 !",
    ),
    (
        "numbers as hexadecimal",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,0x14,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,_,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3 !",
    ),
    (
        "missing in many spellings",
        b"x,y\n1,NA\n2,n/a\n3,-\n4,?\n5,NULL\n6,1\n7,2\n",
        "x,y: 1,_ / 2,_ / 3,_ / 4,_ / 5,_ / 6,1 … 7 × 2",
    ),
    (
        "a word in a column of numbers",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,many,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,_,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3 !",
    ),
    (
        "a date among numbers",
        b"id,item,qty,price\n1,pen,10,1.5\n2,ink,20,2020-01-01\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,_ / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3 !",
    ),
    (
        "dates in two orders",
        b"day,x\n13/02/2020,1\n02/14/2020,2\n15/02/2020,3\n16/02/2020,4\n",
        "day,x: 18305,1 / _,2 / 18307,3 / 18308,4 ~3 !",
    ),
    (
        "a column of nothing",
        b"id,gap,qty\n1,,10\n2,,20\n3,,30\n",
        "id,gap,qty: 1,_,10 / 2,_,20 / 3,_,30 !",
    ),
    (
        "a constant column",
        b"id,one,qty\n1,7,10\n2,7,20\n3,7,30\n",
        "id,one,qty: 1,7,10 / 2,7,20 / 3,7,30",
    ),
    (
        "spaces in front of numbers",
        b"id,   item,   qty,   price\n1,   pen,   10,   1.5\n2,   ink,   20,   2.5\n3,   pad,   30,   3.5\n4,   cup,   40,   4.5\n5,   map,   50,   5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5",
    ),
    (
        "nothing",
        b"",
        "refused: the file is empty; a table with a header is expected",
    ),
    (
        "one byte",
        b"x",
        "refused: there is a header but no rows of data below it",
    ),
    (
        "a line end alone",
        b"\n",
        "refused: there are only blank lines; a table with a header is expected",
    ),
    (
        "delimiters alone",
        b",,,\n,,,\n",
        "refused: there are only blank lines; a table with a header is expected",
    ),
    (
        "a header alone",
        b"id,item,qty,price\n",
        "refused: there is a header but no rows of data below it",
    ),
    (
        "a header and spaces",
        b"id,item,qty,price\n   \n\n",
        "refused: there is a header but no rows of data below it",
    ),
    (
        "one cell below a name",
        b"x\n1\n",
        "x: 1",
    ),
    (
        "one column of words",
        b"word\nred\nblue\nred\nblue\n",
        "word: red / blue / red / blue",
    ),
    (
        "one row of numbers",
        b"1,2,3\n",
        "column 1,column 2,column 3: 1,2,3",
    ),
    (
        "a web page",
        b"<!DOCTYPE html>\n<html><body>a,b</body></html>\n",
        "refused: this is a web page (HTML), not a table; a CSV file is expected",
    ),
    (
        "JSON",
        b"[{\"a\": 1, \"b\": 2},\n {\"a\": 3, \"b\": 4}]\n",
        "refused: this is JSON, not a table; a CSV file is expected",
    ),
    (
        "XML",
        b"<?xml version=\"1.0\"?>\n<a><b/></a>\n",
        "refused: this is an XML document, not a table; a CSV file is expected",
    ),
    (
        "a picture",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
        "refused: this is a PNG picture, not text; a CSV file is expected",
    ),
    (
        "a program",
        b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00",
        "refused: this is a program, not text; a CSV file is expected",
    ),
    (
        "an archive",
        b"PK\x03\x04\x14\x00\x00\x00",
        "refused: this is a spreadsheet (.xlsx, .ods) or a zip archive, not text; a CSV file is expected",
    ),
    (
        "noise",
        b"\x10q\xd28\x99\xfa`\xc1'\x88\xe9O\xb0\x16w\xd8>\x9f\x05f\xc7-\x8e\xefU\xb6\x1c}\xdeD\xa5\x0bl\xcd3\x94\xf5[\xbc\"\x83\xe4J\xab\x11r\xd39\x9a\xfba\xc2(\x89\xeaP\xb1\x17x\xd9?\xa0\x06g\xc8.\x8f\xf0V\xb7\x1d~\xdfE\xa6\x0cm\xce4\x95\xf6\\\xbd#\x84\xe5K\xac\x12s\xd4:\x9b\xfcb\xc3)\x8a\xebQ\xb2\x18y\xda@\xa1\x07h\xc9/\x90\xf1W\xb8\x1e\x7f\xe0F\xa7\rn\xcf5\x96\xf7]\xbe$\x85\xe6L\xad\x13t\xd5;\x9c\xfdc\xc4*\x8b\xecR\xb3\x19z\xdbA\xa2\x08i\xca0\x91\xf2X\xb9\x1f\x80\xe1G\xa8\x0eo\xd06\x97\xf8^\xbf%\x86\xe7M\xae\x14u\xd6<\x9d\x03d\xc5+\x8c\xedS\xb4\x1a{\xdcB\xa3\tj\xcb1\x92\xf3Y\xba \x81\xe2H\xa9\x0fp\xd17\x98\xf9_\xc0&\x87\xe8N\xaf\x15v\xd7=\x9e\x04e\xc6,\x8d\xeeT\xb5\x1b|\xddC\xa4\nk\xcc2\x93\xf4Z\xbb!\x82\xe3I\xaa\x10q\xd28\x99\xfa`\xc1'\x88\xe9O\xb0\x16w\xd8>\x9f\x05f\xc7-\x8e\xefU\xb6\x1c}\xdeD\xa5\x0bl\xcd3\x94\xf5[\xbc\"\x83\xe4J\xab\x11r\xd39\x9a\xfba\xc2(\x89\xeaP\xb1\x17x\xd9?\xa0\x06g\xc8.\x8f\xf0V\xb7\x1d~\xdfE\xa6\x0cm\xce4\x95\xf6\\\xbd#\x84\xe5K\xac\x12s\xd4:\x9b\xfcb\xc3)\x8a\xebQ\xb2\x18y\xda@\xa1\x07h\xc9/\x90\xf1W\xb8\x1e\x7f\xe0F\xa7\rn\xcf5\x96\xf7]\xbe$\x85\xe6L\xad\x13t\xd5;\x9c\xfdc\xc4*\x8b\xecR\xb3\x19z\xdbA",
        "refused 1: there are control characters here, so this is not text; a CSV file is expected",
    ),
    (
        "a text",
        b"It was the best of times, it was the worst of times,\nit was the age of wisdom.\nIt was the age of foolishness, it was the epoch of belief, it was so.\n",
        "column 1,column 2,column 3: It was the best of t,it was the worst of ,_ / it was the age of wi,_,_ / It was the age of fo,it was the epoch of ,it was so. ~2",
    ),
    (
        "a note with a separator below a table of two columns",
        b"a,b\n1,100\n2,200\n3,300\n\nSource: Statistics Office, 2024\n",
        "a,b: 1,100 / 2,200 / 3,300 -6",
    ),
    (
        "a line drawn below the names",
        b" id | name | score\n----+------+-------\n  0 | ab   |  6.89\n  1 | cd   |  8.78\n  2 | ab   |  8.96\n(3 rows)\n",
        "id,name,score: 0,ab,6.89 / 1,cd,8.78 / 2,ab,8.96 -2,6",
    ),
    (
        "rows quoted as a whole",
        b"\"id,item,qty,price\"\n\"1,pen,10,1.5\"\n\"2,\"\"ink, red\"\",20,2.5\"\n\"3,pad,30,3.5\"\n\"4,cup,40,4.5\"\n\"5,map,50,5.5\"\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink, red,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "rows quoted as a whole below a plain header",
        b"id,item,qty,price\n\"1,pen,10,1.5\"\n\"2,ink,20,2.5\"\n\"3,pad,30,3.5\"\n\"4,cup,40,4.5\"\n\"5,map,50,5.5\"\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "two rows quoted as a whole",
        b"id,item,qty,price\n1,pen,10,1.5\n\"2,\"\"ink, red\"\",20,2.5\"\n3,pad,30,3.5\n\"4,cup,40,4.5\"\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink, red,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3,5",
    ),
    (
        "quotes behind blanks around delimiters",
        b"id, item, qty, price\n1, \"pen, blue\", 10, 1.5\n2, \"ink, red\", 20, 2.5\n3, \"pad\", 30, 3.5\n4, \"cup\", 40, 4.5\n5, \"map\", 50, 5.5\n",
        "id,item,qty,price: 1,pen, blue,10,1.5 / 2,ink, red,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 !",
    ),
    (
        "a quote too many at the beginning of a row",
        b"id,item,qty,price\n1,pen,10,1.5\n\"2,\"ink, red\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink, red,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a quote too many in front of a quoted field",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"\"ink, red\",20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,\"ink, red,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a quote too many in the last field of a row",
        b"id,item,qty,note\n1,pen,10,a\n2,ink,20,\"b\n3,\"pad, red\",30,c\n4,cup,40,d\n5,map,50,e\n",
        "id,item,qty,note: 1,pen,10,a / 2,ink,20,\"b / 3,pad, red,30,c / 4,cup,40,d / 5,map,50,e ~3",
    ),
    (
        "quotes inside of quotes that are not doubled",
        b"id,item,qty,price\n1,pen,10,1.5\n2,\"so \"called\" ink, red\",20,2.5\n3,\"a 24\" pad, new\",30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,so \"called\" ink, red,20,2.5 / 3,a 24\" pad, new,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3,4",
    ),
    (
        "a closing quote that is missing",
        b"id,item,qty,price\n1,\"pen, blue\",10,1.5\n2,\"ink, red,20,2.5\n3,\"pad, new\",30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen, blue,10,1.5 / 2,ink, red,20,2.5 / 3,pad, new,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a delimiter missing in front of a quote",
        b"id,item,what,e\n1,pen,\"blue, new\",\n2,ink\"red, old\",\n3,pad,\"red, new\",\n4,cup,\"red, old\",\n",
        "id,item,what,e: 1,pen,blue, new,_ / 2,ink\"red,old\",_ / 3,pad,red, new,_ / 4,cup,red, old,_ ~3 !",
    ),
    (
        "a row in single quotes",
        b"id,item,qty,price\n1,\"pen, blue\",10,1.5\n2,\'ink, red\',20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen, blue,10,1.5 / 2,ink, red,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~3",
    ),
    (
        "a header with another delimiter",
        b"id;item;qty;price\n1,pen,10,1.5\n2,ink,20,2.5\n3,pad,30,3.5\n4,cup,40,4.5\n5,map,50,5.5\n",
        "id,item,qty,price: 1,pen,10,1.5 / 2,ink,20,2.5 / 3,pad,30,3.5 / 4,cup,40,4.5 / 5,map,50,5.5 ~1",
    ),
    (
        "an empty field too many above an empty column",
        b"id,item,qty,note\n1,pen,10,\n2,,ink,20,\n3,pad,30,\n4,cup,40,\n",
        "id,item,qty,note: 1,pen,10,_ / 2,ink,20,_ / 3,pad,30,_ / 4,cup,40,_ ~3 !",
    ),
    (
        "a wider table directly below",
        b"id,item,qty\n1,pen,10\n2,ink,20\n3,pad,30\n4,cup,40\n5,map,50\n6,bag,60\n7,pot,70\n8,tea,80\n9,jar,90\n10,box,100\n11,map,110\n12,cup,120\nid,item,qty,more\n1,pen,10,\n2,ink,20,\n",
        "id,item,qty: 1,pen,10 / 2,ink,20 / 3,pad,30 / 4,cup,40 / 5,map,50 / 6,bag,60 … 12 × 3 -14,15,16 !",
    ),
    (
        "Namibia",
        b"code,x\nNA,1\nDE,2\nFR,3\nUS,4\nNA,5\n",
        "code,x: NA,1 / DE,2 / FR,3 / US,4 / NA,5 !",
    ),
    (
        "answers that are missing",
        b"answer,x\nNA,1\nNO,2\nNO,3\nYES,4\nNA,5\n",
        "answer,x: _,1 / NO,2 / NO,3 / YES,4 / _,5",
    ),
    (
        "letters of DOS",
        b"town,x\nM\x81nchen,1\nK\x94ln,2\nW\x81rzburg,3\n",
        "town,x: München,1 / Köln,2 / Würzburg,3 !",
    ),
    (
        "letters of the old Macintosh",
        b"town,x\nM\x9fnchen,1\nK\x9aln,2\nW\x9frzburg,3\n",
        "town,x: München,1 / Köln,2 / Würzburg,3 !",
    ),
    (
        "pounds and dashes",
        b"from,x\n\xa3584 \x96 \xa3600,1\n\xa37 \x96 \xa38,2\n\xa39 \x96 \xa310,3\n",
        "from,x: £584 – £600,1 / £7 – £8,2 / £9 – £10,3 !",
    ),
    (
        "UTF-32",
        b"\xff\xfe\x00\x00a\x00\x00\x00",
        "refused: the text is UTF-32, which is not read; save it as UTF-8",
    ),
    (
        "one column of a sign that is no delimiter",
        b"a=b=c\n1=2=x\n3=4=y\n",
        "a=b=c: 1=2=x / 3=4=y !",
    ),
];

#[test]
fn polluted_files_are_read_or_refused_rightly() {
    let mut wrong = String::new();
    for (name, bytes, expected) in FILES {
        let found = summary(bytes);
        if found != expected {
            wrong += &format!("{name}\n  expected {expected}\n  found    {found}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Bytes are changed, doubled and taken out at random; whatever becomes of a file, it is read or
/// refused, and what was decided about it gives the same table again. `cargo fuzz run csv` looks for
/// more (see `fuzz/`).
#[test]
fn damaged_files_never_panic_and_decisions_hold() {
    const ROUNDS: usize = 4;
    let folder = tempfile::tempdir().unwrap();
    let settings = || CsvSource { path: "t.csv".into(), ..CsvSource::default() };
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |n: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n.max(1)
    };
    let signs = b",;|\t\"'\\\n\r #-.0159aNe\0\xe9\xff\xef\xbb\xbf";
    for (name, bytes, _) in FILES {
        for round in 0..ROUNDS {
            let mut bytes = bytes.to_vec();
            for _ in 0..=round {
                let (at, sign) = (random(bytes.len()), signs[random(signs.len())]);
                match random(4) {
                    0 if !bytes.is_empty() => drop(bytes.remove(at)),
                    1 => bytes.insert(at, sign),
                    2 if !bytes.is_empty() => bytes[at] = sign,
                    _ => bytes.extend_from_within(at..),
                }
            }
            std::fs::write(folder.path().join("t.csv"), &bytes).unwrap();
            let read = |settings| load(&Source::Csv(settings), folder.path());
            let Ok(loaded) = read(settings()) else { continue };
            let shown = String::from_utf8_lossy(&bytes);
            let decided = settings().decided(&loaded.report.decisions);
            let again = read(decided).unwrap_or_else(|error| panic!("{name}: {error}: {shown:?}"));
            assert_eq!(
                format!("{:?}", again.table),
                format!("{:?}", loaded.table),
                "{name}: {shown:?}"
            );
            assert_eq!(again.fingerprint, loaded.fingerprint, "{name}: {shown:?}");
        }
    }
}
