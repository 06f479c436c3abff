use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::followed::followed;
use super::reading::ReadingArguments;
use super::table::{TextTable, in_one_line, short_number};
use super::{Stop, Success};
use crate::data::{
    Cells, Column, ColumnOverview, Comment, DataError, DecimalSign, Escape, Footer, Header, Loaded,
    Quote, Quoting, ReadReport, Source, first_rows, json, load_with, overview,
};

#[derive(Debug, Args)]
pub(super) struct DataArguments {
    /// The CSV file, or one of pictures in the IDX format
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Print this many of the first rows as they are written, each a JSON array, instead of the
    /// report; with --json, put them into the object
    #[arg(long, value_name = "N", default_value_t = 0)]
    rows: usize,
    #[command(flatten)]
    reading: ReadingArguments,
}

pub(super) fn run(arguments: &DataArguments) -> Result<Success, Stop> {
    let path = arguments.file.to_str().ok_or_else(|| {
        Stop::input(format!("{}: the name of the file is not UTF-8", arguments.file.display()))
    })?;
    refuse_studies(&arguments.file)?;
    let settings = arguments.reading.settings(path)?;
    let folder = Path::new("");
    let source = match Source::of_file(&arguments.file) {
        Source::Csv(_) => Source::Csv(settings),
        pictures => pictures,
    };
    let load = |source: &Source| followed(false, |progress| load_with(source, folder, progress));
    let rows = match (arguments.rows, &source) {
        (0, _) => Vec::new(),
        (n, Source::Csv(settings)) => first_rows(settings, folder, n).map_err(Stop::input)?,
        (n, pictures) => {
            let loaded = load(pictures).map_err(Stop::input)?;
            rows_of(&loaded, n)
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.json || rows.is_empty() {
        // Without a row of data, reading the whole says why there is none.
        let loaded = load(&source).map_err(Stop::input)?;
        match arguments.json {
            true => writeln!(out, "{}", as_json(&loaded, &rows).map_err(Stop::input)?)?,
            false => {
                let known = overview(&loaded).map_err(Stop::input)?;
                write_text(&mut out, &loaded, &known)?;
            }
        }
    } else {
        for row in rows {
            writeln!(out, "{}", Value::from(row))?;
        }
    }
    out.flush()?;
    Ok(Success::Done)
}

/// Studies and records are text with commas too, but nobody means them as tables.
fn refuse_studies(path: &Path) -> Result<(), Stop> {
    let mut start = Vec::new();
    if path.is_file() {
        // What cannot be opened is explained by the reader of tables.
        let _ = File::open(path).and_then(|file| file.take(8).read_to_end(&mut start));
    }
    let advice = match start.as_slice() {
        [b'S', b't', b'u', b'd', b'y', b'(', ..] => "a study; `descent check STUDY` validates it",
        b"Record(\n" => "a record; `descent replay RECORD` trains it again",
        _ => return Ok(()),
    };
    Err(Stop::input(format!("{}: a CSV file is expected; this is {advice}", path.display())))
}

fn write_text(out: &mut impl Write, loaded: &Loaded, known: &[ColumnOverview]) -> io::Result<()> {
    let report = &loaded.report;
    if report.encoding.is_empty() {
        let shape = loaded.image_shape;
        let size = shape.map(|shape| format!(" of {} × {} pixels", shape.height, shape.width));
        writeln!(out, "pictures     {}{} (IDX)", report.n_rows, size.unwrap_or_default())?;
    } else {
        write_decisions(out, report)?;
    }
    writeln!(out, "rows         {}", report.n_rows)?;
    writeln!(out, "columns      {}", report.n_columns)?;
    writeln!(out, "fingerprint  {}\n", loaded.fingerprint)?;
    write_columns(out, loaded, known)?;
    let changes = [("repaired", &report.repaired), ("left out", &report.skipped)];
    for (what, lines) in changes {
        for (lines, reason) in causes(lines) {
            writeln!(out, "{what}: {}: {reason}", lines_in_words(&lines))?;
        }
    }
    // What stands above with its lines is not said again.
    let is_told = |warning: &&String| {
        report.repaired.len() == report.counts.n_repaired
            && warning.starts_with("column `")
            && warning.contains("; made missing (line")
    };
    for warning in report.warnings.iter().filter(|warning| !is_told(warning)) {
        writeln!(out, "note: {}", in_one_line(warning, LONGEST_REMARK))?;
    }
    Ok(())
}

/// Characters of a value or a name that are shown.
const LONGEST_VALUE: usize = 40;
/// Characters of a remark that are shown.
const LONGEST_REMARK: usize = 400;

/// What was done to lines, each cause once with all its lines, in the order of the first. Cells of a
/// column with the same flaw are one cause, whatever is written in them.
fn causes(changes: &[(u64, String)]) -> Vec<(Vec<u64>, String)> {
    const MOST_VALUES: usize = 3;
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut found: Vec<(Vec<u64>, &str, Vec<&str>)> = Vec::new();
    for (line, reason) in changes {
        let flaw = reason.starts_with('`').then(|| reason.find("` in column `")).flatten();
        let (value, cause) = match flaw {
            Some(end) => (&reason[..=end], &reason[end + 1..]),
            None => ("", reason.as_str()),
        };
        let place = *places.entry(cause).or_insert_with(|| {
            found.push((Vec::new(), cause, Vec::new()));
            found.len() - 1
        });
        let (lines, _, values) = &mut found[place];
        lines.push(*line);
        if values.len() <= MOST_VALUES && !values.contains(&value) {
            values.push(value);
        }
    }
    let told = |(lines, cause, values): (Vec<u64>, &str, Vec<&str>)| {
        let mut words = values.iter().take(MOST_VALUES).copied().collect::<Vec<_>>().join(", ");
        if values.len() > MOST_VALUES {
            words += ", …";
        }
        // `a`, `b` in column `x` are not numbers
        let cause = match (values.len(), cause.rfind("` is ")) {
            (2.., Some(is)) => format!("{}` are {}", &cause[..is], &cause[is + "` is ".len()..]),
            _ => cause.to_owned(),
        };
        (lines, in_one_line(&(words + &cause), LONGEST_REMARK))
    };
    found.into_iter().map(told).collect()
}

/// `line 7`, `lines 7–1006`, `lines 8, 15, 22, 29, … (150 lines)`; of a line that is named several
/// times, once.
fn lines_in_words(lines: &[u64]) -> String {
    const MOST: usize = 10;
    let mut lines = lines.to_vec();
    lines.sort_unstable();
    lines.dedup();
    if let [line] = lines[..] {
        return format!("line {line}");
    }
    let stretches: Vec<&[u64]> = lines.chunk_by(|a, b| a + 1 == *b).collect();
    let in_words = |stretch: &&[u64]| match stretch {
        [first, _, .., last] => format!("{first}–{last}"),
        _ => stretch.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    };
    let shown = stretches.iter().take(MOST).map(in_words).collect::<Vec<_>>().join(", ");
    match stretches.len() {
        0..=MOST => format!("lines {shown}"),
        _ => format!("lines {shown}, … ({} lines)", lines.len()),
    }
}

/// The levels of a column in the order in which training counts classes.
fn sorted(levels: &[String]) -> Vec<&str> {
    let mut levels: Vec<&str> = levels.iter().map(String::as_str).collect();
    levels.sort_unstable();
    levels
}

/// The first rows of a table as text.
fn rows_of(loaded: &Loaded, n: usize) -> Vec<Vec<String>> {
    let cell = |column: &Column, row: usize| match &column.cells {
        Cells::Numeric(values) => values[row].to_string(),
        Cells::Nominal { levels, codes } => {
            codes[row].map_or(String::new(), |code| levels[code as usize].clone())
        }
    };
    let columns = &loaded.table.columns;
    let n = n.min(loaded.table.n_rows());
    (0..n).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
}

/// What was decided about the reading of a table.
fn write_decisions(out: &mut impl Write, report: &ReadReport) -> io::Result<()> {
    let delimiter = match report.delimiter.as_str() {
        "," => "comma".to_owned(),
        ";" => "semicolon".to_owned(),
        "\t" => "tab".to_owned(),
        "|" => "vertical bar".to_owned(),
        " " => "space".to_owned(),
        "\t\t" => "two tabs".to_owned(),
        other => format!("{other:?}"),
    };
    let decisions = &report.decisions;
    let quote = match (decisions.quote, decisions.escape) {
        (Quote::None, _) => "no quotes".to_owned(),
        (_, Escape::Backslash) => format!("quote {}, escaped by a backslash", report.quote),
        _ => format!("quote {}", report.quote),
    };
    writeln!(out, "delimiter    {delimiter}, {quote}")?;
    writeln!(out, "encoding     {}", report.encoding)?;
    match decisions.quoting {
        Quoting::Rows => writeln!(out, "quotes       around whole rows")?,
        Quoting::Spaced => writeln!(out, "quotes       behind blanks too")?,
        _ => {}
    }
    let header = match decisions.header {
        Header::Absent => "is data".to_owned(),
        Header::Units => "names the columns, the second is left out".to_owned(),
        Header::Levels => "names the columns, together with the second".to_owned(),
        Header::Rows(n @ 2..) => format!("names the columns, together with the next {}", n - 1),
        _ if report.header => "names the columns".to_owned(),
        _ => "is data".to_owned(),
    };
    writeln!(out, "first row    {header}")?;
    if decisions.decimal == DecimalSign::Comma {
        writeln!(out, "decimal      comma")?;
    }
    if let Comment::Mark(mark) = &decisions.comment {
        writeln!(out, "comments     begin with {mark}")?;
    }
    match decisions.skip {
        0 => {}
        1 => writeln!(out, "above        1 line")?,
        n => writeln!(out, "above        {n} lines")?,
    }
    if let Footer::From(line) = decisions.footer {
        writeln!(out, "below        from line {line}")?;
    }
    if !report.missing.is_empty() {
        writeln!(out, "missing      {}", in_one_line(&spellings(report), LONGEST_REMARK))?;
    }
    Ok(())
}

/// `NA` 12 times, `-` 3 times: the words that were taken as missing values, in all columns.
fn spellings(report: &ReadReport) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for found in &report.missing {
        *counts.entry(&found.spelling).or_default() += found.n;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let words = counts.iter().map(|(spelling, n)| match n {
        1 => format!("`{spelling}` once"),
        n => format!("`{spelling}` {n} times"),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn write_columns(
    out: &mut impl Write,
    loaded: &Loaded,
    known: &[ColumnOverview],
) -> io::Result<()> {
    let mut table = TextTable::new(&[
        "<column", "<type", "missing", "minimum", "mean", "maximum", "<values", "<",
    ]);
    for ((index, column), known) in loaded.table.columns.iter().enumerate().zip(known) {
        let mut row = vec![in_one_line(&column.name, LONGEST_VALUE)];
        match &column.cells {
            Cells::Numeric(_) => {
                row.extend(["numeric".to_owned(), known.n_missing.to_string()]);
                // Blank where there is no number at all.
                let shown = known.numbers.map(|all| all.map(|x| short_number(Some(x))));
                row.extend(shown.unwrap_or_default());
                row.push(String::new());
            }
            Cells::Nominal { levels, .. } => {
                row.extend(["nominal".to_owned(), known.n_missing.to_string()]);
                row.extend([const { String::new() }; 3]);
                let first: Vec<_> = sorted(levels)
                    .into_iter()
                    .take(5)
                    .map(|level| in_one_line(level, LONGEST_VALUE))
                    .collect();
                let more = if levels.len() > 5 { ", …" } else { "" };
                row.push(format!("{}: {}{more}", levels.len(), first.join(", ")));
            }
        }
        row.push(if index == loaded.target { "target".to_owned() } else { String::new() });
        table.push(row);
    }
    table.write(out)
}

/// The words that were taken as missing values in a column, and how often.
fn words_of(report: &ReadReport, column: &str) -> Value {
    let own = report.missing.iter().filter(|found| found.column == column);
    own.map(|found| (found.spelling.clone(), Value::from(found.n))).collect()
}

/// The report, with what is known of each column beside its type.
fn as_json(loaded: &Loaded, rows: &[Vec<String>]) -> Result<Value, DataError> {
    let mut object = json(loaded)?;
    let known = overview(loaded)?;
    for (index, column) in loaded.table.columns.iter().enumerate() {
        let shown = &mut object["columns"][index];
        shown["missing_words"] = words_of(&loaded.report, &column.name);
        match &column.cells {
            Cells::Numeric(_) => {
                let numbers = known[index].numbers.unwrap_or([f64::NAN; 3]);
                for (name, number) in ["minimum", "mean", "maximum"].into_iter().zip(numbers) {
                    shown[name] = number.into();
                }
            }
            Cells::Nominal { levels, .. } => shown["levels"] = Value::from(sorted(levels)),
        }
    }
    let target = loaded.table.columns.get(loaded.target).map(|column| column.name.clone());
    object["target"] = target.into();
    object["fingerprint"] = loaded.fingerprint.clone().into();
    object["bytes"] = loaded.bytes.clone().into();
    if !rows.is_empty() {
        object["rows"] = rows.into();
    }
    Ok(object)
}
