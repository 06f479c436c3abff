//! Training on a table in memory and on one in a file: time and the most memory, each in a process of
//! its own. `cargo bench --bench streaming -- [ROWS [MEMORY]]`, by default 2,000,000 rows of 20 numbers and a
//! class, and 64 MiB.
//!
//! The most memory is what Linux says of a process (`VmHWM`); elsewhere it is 0.

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use descent::data::batches::Batch;
use descent::data::{CsvSource, Sampling, Source, load};
use descent::experiment::{Experiment, Precision};
use descent::losses::Loss;
use descent::math::fingerprint::fingerprint_of_parameters;
use descent::math::random::{Purpose, Stream};
use descent::math::team::Team;
use descent::models::Model;
use descent::optimizers::Optimizer;
use descent::settings::Span;
use descent::training::{Plan, trainer};

const N_FEATURES: usize = 20;
/// The word that makes this program a process that measures.
const CHILD: &str = "measure";

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let number = |index: usize, usual: usize| {
        arguments.get(index).and_then(|word| word.parse().ok()).unwrap_or(usual)
    };
    if arguments.first().is_some_and(|word| word == CHILD) {
        measure(&arguments[1], number(2, 0));
        return;
    }
    let (n_rows, memory) = (number(0, 2_000_000), number(1, 64));
    let folder = tempfile::tempdir().expect("a folder for the table");
    let path = folder.path().join("table.csv");
    write_table(&path, n_rows).expect("room for the table");
    let size = std::fs::metadata(&path).map_or(0, |about| about.len());
    println!("{n_rows} rows of {N_FEATURES} numbers and a class, {} MB of text", size / 1_000_000);
    println!("logistic regression, batches of 256, f32, sampling Blocks, 2 threads\n");
    println!("rows in      reading  preparing  epochs 1, 2  most memory: read, prepared, trained");
    let mut hashes = Vec::new();
    for limit in [0, memory] {
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new(program);
        let child = child.args([CHILD, &path.to_string_lossy(), &limit.to_string()]);
        let output = child.output().expect("this program again");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let Some((line, hash)) = text.trim_end().split_once('#') else {
            println!("failed: {}", String::from_utf8_lossy(&output.stderr));
            continue;
        };
        println!("{line}");
        hashes.push(hash.to_owned());
    }
    let same = hashes.windows(2).all(|pair| pair[0] == pair[1]);
    println!("\nparameters: {}", if same { "the same bits" } else { "DIFFERENT" });
}

/// 20 numbers, normally distributed, and a class that depends on them.
fn write_table(path: &Path, n_rows: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    let mut stream = Stream::new(1, Purpose::Generation);
    let mut line: String = (0..N_FEATURES).map(|j| format!("x{j},")).collect();
    line += "class\n";
    for _ in 0..=n_rows {
        out.write_all(line.as_bytes())?;
        line.clear();
        let mut sum = 0.0;
        for column in 0..N_FEATURES {
            let value = 2.0 * stream.uniform() - 1.0;
            sum += value * (column as f64 - 9.5) / 10.0;
            let _ = write!(line, "{value:.5},");
        }
        line += if sum + stream.uniform() > 0.5 { "yes\n" } else { "no\n" };
    }
    out.flush()
}

fn measure(path: &str, limit: usize) {
    let source = Source::Csv(CsvSource {
        path: path.to_owned(),
        memory: (limit > 0).then_some(limit as u32),
        ..CsvSource::default()
    });
    let experiment = Experiment {
        data: source,
        model: Model::named("Logistic").expect("a member"),
        loss: Loss::named("BinaryCrossEntropy").expect("a member"),
        optimizer: Optimizer::named("Adam").expect("a member"),
        sampling: Sampling::named("Blocks").expect("a member"),
        batch: Batch::Mini(256),
        budget: Span::Epochs(2.0),
        precision: Precision::F32,
        ..Experiment::default()
    };
    let mut clock = Instant::now();
    let mut lap = || std::mem::replace(&mut clock, Instant::now()).elapsed().as_secs_f64();
    let folder = Path::new("");
    let loaded = load(&experiment.data, folder).unwrap_or_else(|error| panic!("{error}"));
    let (reading, read) = (lap(), most_memory());
    let plan = Plan::new("", &experiment, 1, Some(&loaded), folder);
    let plan = Arc::new(plan.unwrap_or_else(|error| panic!("{error}")));
    drop(loaded);
    let (preparing, prepared) = (lap(), most_memory());
    let team = Team::new(2);
    let n_steps = plan.steps_per_epoch;
    let mut trainer = trainer(plan);
    let mut epoch = || {
        team.run(|| (0..n_steps).for_each(|_| trainer.step(&team)));
        lap()
    };
    let epochs = [epoch(), epoch()];
    let trained = most_memory();
    let mut params = Vec::new();
    trainer.copy_params(&mut params);
    let place = if limit > 0 { format!("file, {limit} MiB") } else { "memory".to_owned() };
    println!(
        "{place:<12} {reading:>5.1} s    {preparing:>5.1} s   {:>4.2}, {:>4.2} s  {read:>17} MiB, {prepared} MiB, {trained} MiB #{:016x}",
        epochs[0],
        epochs[1],
        fingerprint_of_parameters(&params),
    );
}

/// The most memory that this process had, in MiB.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    kibibytes.map_or(0, |kibibytes: u64| kibibytes >> 10)
}
