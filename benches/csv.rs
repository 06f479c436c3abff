//! Reading large CSV files: to the table, and straight to a matrix of f32. `csv_peers.py` reads the
//! same files with other libraries.
//!
//! ```sh
//! cargo bench --no-default-features --bench csv                  # two files of 162 and 324 MB, and words
//! cargo bench --no-default-features --bench csv -- --only orders # one of them
//! cargo bench --no-default-features --bench csv -- --keep DIR    # leaves them in DIR for csv_peers.py
//! cargo bench --no-default-features --bench csv -- --long        # 10 million rows, 1.6 GB
//! ```
//!
//! Each measurement is made by a process of its own, so that its largest memory is its own too.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use descent::data::{CsvSource, Progress, Source, load_with, read_matrix};
use descent::math::random::{Purpose, Stream};

struct Case {
    name: &'static str,
    n_rows: usize,
    n_columns: usize,
    content: Content,
}

/// What the cells of a file hold.
#[derive(Clone, Copy, PartialEq)]
enum Content {
    Numbers,
    /// Every fourth column is one of words, and every tenth cell missing.
    Mixed,
    /// What a shop exports: numbers of orders, codes, words, quoted text, dates, amounts with gaps.
    Orders,
    /// The same, with one quote in the middle that opens and is not closed where it should be.
    Stray,
}

const CASES: [Case; 6] = [
    Case { name: "long", n_rows: 1_000_000, n_columns: 20, content: Content::Numbers },
    Case { name: "wide", n_rows: 20_000, n_columns: 2_000, content: Content::Numbers },
    Case { name: "mixed", n_rows: 500_000, n_columns: 20, content: Content::Mixed },
    Case { name: "orders", n_rows: 1_000_000, n_columns: 10, content: Content::Orders },
    Case { name: "stray", n_rows: 1_000_000, n_columns: 10, content: Content::Stray },
    Case { name: "longer", n_rows: 10_000_000, n_columns: 20, content: Content::Numbers },
];

/// The largest case, which is measured on demand alone.
const LONGER: usize = 5;

const N_TIMES: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1).map(PathBuf::from)
    };
    if let Some(path) = after("--read") {
        return measure(&path, arguments.iter().any(|argument| argument == "--table"));
    }
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = after("--keep").unwrap_or(temporary.path().to_owned());
    std::fs::create_dir_all(&folder).expect("a folder");
    let is_long = arguments.iter().any(|argument| argument == "--long");
    println!("{:<24}{:>8}  {:<8}{:>8}{:>8}{:>10}", "file", "MB", "to", "s", "MB/s", "peak MB");
    for (index, case) in CASES.iter().enumerate() {
        let is_wanted = after("--only").is_none_or(|only| only.as_os_str() == case.name);
        if is_long != (index == LONGER) || !is_wanted {
            continue;
        }
        let path = folder.join(format!("{}.csv", case.name));
        if !path.exists() {
            match case.content {
                Content::Numbers | Content::Mixed => write(case, &path),
                Content::Orders | Content::Stray => write_orders(case, &path),
            }
        }
        let megabytes = std::fs::metadata(&path).expect("the file").len() as f64 / 1e6;
        for target in ["matrix", "table"] {
            if case.content != Content::Numbers && target == "matrix" {
                continue;
            }
            let program = std::env::current_exe().expect("this program");
            let mut command = Command::new(program);
            command.arg(format!("--{target}")).arg("--read").arg(&path);
            let output = command.output().expect("a measurement");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let mut words = text.split_whitespace();
            let mut number = || words.next().and_then(|word| word.parse::<f64>().ok());
            let (Some(seconds), Some(peak)) = (number(), number()) else {
                panic!("{}", String::from_utf8_lossy(&output.stderr));
            };
            println!(
                "{:<24}{megabytes:>8.0}  {target:<8}{seconds:>8.3}{:>8.0}{peak:>10.0}",
                format!("{}: {} × {}", case.name, case.n_rows, case.n_columns),
                megabytes / seconds
            );
        }
        if is_long {
            std::fs::remove_file(&path).expect("the file is removed");
        }
    }
}

/// Reads the file some times; prints the shortest time in seconds and the largest memory in MB.
fn measure(path: &Path, to_table: bool) {
    let path = path.to_string_lossy().into_owned();
    let settings = CsvSource { path, ..CsvSource::default() };
    let mut best = f64::INFINITY;
    for _ in 0..N_TIMES {
        let start = Instant::now();
        let progress = Progress::default();
        let n_rows = match to_table {
            true => {
                let source = Source::Csv(settings.clone());
                load_with(&source, "".as_ref(), &progress).map(|loaded| loaded.report.n_rows)
            }
            false => read_matrix(&settings, "".as_ref(), &progress).map(|matrix| matrix.n_rows),
        };
        let n_rows = n_rows.expect("a readable file");
        best = best.min(start.elapsed().as_secs_f64());
        assert_eq!(progress.n_rows(), n_rows as u64);
    }
    println!("{best} {}", peak_megabytes());
}

fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes * 1024.0 / 1e6)
}

/// Normal numbers with five digits, as measurements have them.
fn write(case: &Case, path: &Path) {
    const WORDS: [&str; 6] = ["north", "south", "east", "west", "New York", "nowhere"];
    let mut stream = Stream::new(1, Purpose::Generation);
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    let mixed = case.content == Content::Mixed;
    let is_words = |j: usize| mixed && j % 4 == 3;
    let names: Vec<String> = (0..case.n_columns).map(|j| format!("x{j}")).collect();
    writeln!(out, "{}", names.join(",")).expect("room on the disk");
    let mut line = String::new();
    for _ in 0..case.n_rows {
        line.clear();
        for j in 0..case.n_columns {
            if j > 0 {
                line.push(',');
            }
            if mixed && j > 0 && stream.below(10) == 0 {
                continue;
            }
            if is_words(j) {
                line += WORDS[stream.below(WORDS.len() as u32) as usize];
                continue;
            }
            let value = stream.normal();
            let n_digits = if value.abs() >= 1.0 { 4 } else { 5 };
            use std::fmt::Write as _;
            let start = line.len();
            write!(line, "{value:.n_digits$}").expect("room in memory");
            let n = line[start..].trim_end_matches('0').len();
            line.truncate(start + n);
            if line.ends_with('.') {
                line.pop();
            }
        }
        line.push('\n');
        out.write_all(line.as_bytes()).expect("room on the disk");
    }
    out.flush().expect("room on the disk");
}

/// Ids, codes, towns, quoted names with commas, dates, times, words, and numbers of which some are missing.
fn write_orders(case: &Case, path: &Path) {
    const TOWNS: [&str; 8] =
        ["Lyon", "Oslo", "New York", "Graz", "Turin", "Porto", "San Sebastian", "Gent"];
    const THINGS: [&str; 10] =
        ["lamp", "desk", "chair", "shelf", "mirror", "rug", "clock", "vase", "stool", "bench"];
    const COLOURS: [&str; 6] = ["red", "dark blue", "oak", "white", "steel", "grey"];
    const STATES: [&str; 4] = ["paid", "open", "returned", "cancelled"];
    let mut stream = Stream::new(1, Purpose::Generation);
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    let head = "order,customer,town,item,day,time,amount,weight,discount,state";
    writeln!(out, "{head}").expect("room on the disk");
    for row in 0..case.n_rows {
        let mut below = |n: u32| stream.below(n);
        let customer = below(50_000);
        let town = TOWNS[below(8) as usize];
        let (thing, colour, size) = (below(10) as usize, below(6) as usize, 20 + below(40));
        let (thing, colour) = (THINGS[thing], COLOURS[colour]);
        let (year, month, day) = (2015 + below(10), 1 + below(12), 1 + below(28));
        let (hour, minute) = (below(24), below(60));
        let (amount, weight, discount) = (below(500_000), below(40_000), below(30));
        let gap = |is_there: bool, text: String| if is_there { text } else { String::new() };
        let amount = gap(below(20) > 0, format!("{}.{:02}", amount / 100, amount % 100));
        let weight = gap(below(10) > 0, format!("{}.{:03}", weight / 1000, weight % 1000));
        let discount = gap(below(3) > 0, format!("0.{discount:02}"));
        let state = STATES[below(4) as usize];
        let is_stray = case.content == Content::Stray && row == case.n_rows / 2;
        let end = if is_stray { "" } else { "\"" };
        writeln!(
            out,
            "{},C{customer:05},{town},\"{thing}, {colour} ({size} cm){end},{year}-{month:02}-{day:02},\
             {hour:02}:{minute:02},{amount},{weight},{discount},{state}",
            100_000 + row
        )
        .expect("room on the disk");
    }
    out.flush().expect("room on the disk");
}
