//! Every schedule, with and without warm-up, gives the rates of PyTorch's schedulers. The values and
//! the script that computed them are in `tests/references/schedules.csv` and `schedules.py`.

use descent::schedules::{Schedule, learning_rate_factor};

/// Relative. PyTorch carries its rates from step to step, multiplying and adding, while ours are
/// computed anew from the step: it gathers up to 120 roundings of 1.1e-16, magnified where a cosine
/// ends near zero. The largest difference was 5e-15.
const TOLERANCE: f64 = 5e-13;

/// `Name(field: value, …)`, as in a study file.
fn read(settings: &str) -> Schedule {
    use ron::extensions::Extensions;
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
        .from_str(settings)
        .unwrap_or_else(|error| panic!("{settings}: {error}"))
}

#[test]
fn factors_agree_with_pytorch() {
    let lines = include_str!("references/schedules.csv").lines();
    let mut seen = vec![];
    let mut worst = 0.0f64;
    for line in lines.filter(|line| !line.starts_with('#')).skip(1) {
        let cells: Vec<_> = line.split(';').collect();
        let count = |cell: usize| cells[cell].parse::<u64>().expect("a whole number");
        let expected: f64 = cells[5].parse().expect("a number");
        let schedule = read(cells[0]);
        let found = learning_rate_factor(&schedule, count(1), count(4), count(3), count(2));
        let error = (found - expected).abs() / expected;
        worst = worst.max(error);
        assert!(error < TOLERANCE, "{line}: {found}");
        seen.push(schedule.name());
    }
    println!("largest relative difference {worst:e}");
    for name in Schedule::NAMES {
        assert!(seen.contains(name), "{name} is not compared");
    }
}
