//! A table that is larger than its limit of memory takes no more the more rows it has, from reading to the
//! end of training. Each measurement is made in a process of its own.
#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use descent::data::sampling::Blocks;
use descent::data::{Batch, CsvSource, Sampling, Source, load};
use descent::experiment::Experiment;
use descent::losses::Loss;
use descent::math::team::Team;
use descent::models::Model;
use descent::training::{Plan, trainer};

/// Says to this program that it is the one to be measured, and on what.
const FILE: &str = "DESCENT_MEASURED_FILE";
/// MiB that the rows may take.
const LIMIT: u32 = 1;

/// Numbers with gaps, words, weights, and what is to be predicted: a class or a number.
fn write_table(path: &Path, n_rows: usize) {
    let mut text = "a,b,colour,w,c,y\n".to_owned();
    for row in 0..n_rows {
        let (a, b) = (row * 7919 % 1000, row * 104_729 % 997);
        let gap = if row % 19 == 0 { String::new() } else { format!("0.{b:03}") };
        let colour = ["red", "green", "blue"][a % 3];
        let class = ["no", "yes"][usize::from(a + b > 1000)];
        writeln!(text, "{a},{gap},{colour},{},{class},{}", 1 + b % 3, a + 2 * b).unwrap();
    }
    std::fs::write(path, text).unwrap();
}

/// The most memory of this process so far, in KiB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches("kB").trim().parse().unwrap()
}

/// Trains on the file through an epoch, evaluations included, where one is to be measured.
#[test]
fn measured() {
    let Ok(path) = std::env::var(FILE) else { return };
    for (target, model, loss) in
        [("c", "Logistic", "BinaryCrossEntropy"), ("y", "Linear", "MeanSquaredError")]
    {
        let other = if target == "c" { "y" } else { "c" };
        let source = Source::Csv(CsvSource {
            path: path.clone(),
            target: target.to_owned(),
            ignore: vec![other.to_owned()],
            weights: "w".to_owned(),
            memory: Some(LIMIT),
            ..CsvSource::default()
        });
        let experiment = Experiment {
            data: source,
            model: Model::named(model).unwrap(),
            loss: Loss::named(loss).unwrap(),
            batch: Batch::Mini(512),
            sampling: Sampling::Blocks(Blocks { block: 256, window: 4 }),
            ..Experiment::default()
        };
        let loaded = load(&experiment.data, Path::new("")).unwrap();
        let plan = Arc::new(Plan::new("t", &experiment, 1, Some(&loaded), Path::new("")).unwrap());
        let n_steps = plan.steps_per_epoch;
        let mut trainer = trainer(plan);
        let team = Team::new(2);
        for _ in 0..n_steps {
            trainer.step(&team);
        }
        assert!(trainer.objective(&team).is_finite());
    }
    println!("peak {}", peak());
}

#[test]
fn memory_does_not_grow_with_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let of_rows = |n_rows: usize| -> usize {
        let path = folder.path().join(format!("{n_rows}.csv"));
        write_table(&path, n_rows);
        let mut program = Command::new(std::env::current_exe().unwrap());
        program.args(["--exact", "measured", "--nocapture"]).env(FILE, &path);
        let output = program.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let peak = said.split("peak ").nth(1).and_then(|said| said.lines().next());
        peak.unwrap_or_else(|| panic!("{said}\n{output:?}")).trim().parse().unwrap()
    };
    let (few, many) = (400_000, 1_200_000);
    let (small, large) = (of_rows(few), of_rows(many));
    // Blocks in flight between threads come to 5 to 11 MB, more or less as the machine is busy; two numbers
    // for each row would be 12.8 MB more.
    let n_bytes = large.saturating_sub(small) * 1024;
    assert!(n_bytes < 16_000_000, "{small} and {large} KiB");
}
