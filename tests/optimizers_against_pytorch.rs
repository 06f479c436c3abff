//! Every optimizer follows the trajectories of PyTorch's in f64, or where PyTorch has none those of
//! Optax's or of the paper's algorithm in NumPy. The values and the scripts that computed them are in
//! `tests/references/`: `optimizers.csv` and `optimizers.py`, `optimizers_optax.csv` and
//! `optimizers_optax.py`; and `optimizers_blocks.csv` and `optimizers_blocks.py` for the optimizers
//! that treat each block of parameters by itself.

use std::collections::{BTreeMap, BTreeSet};

use descent::math::team::Team;
use descent::optimizers::{Optimizer, OptimizerState, Update};
use descent::surfaces::Surface;

/// Relative. Both sides round each operation to 1.1e-16 but do not order them alike (PyTorch
/// interpolates its averages, differentiates automatically and divides in another order), so each
/// of 200 steps adds a few 1e-16. No surface pulls neighbours apart for long at these rates: the
/// largest difference was 6e-15, and 5e-14 for `RAdam`, whose rectification takes large numbers
/// from each other. Ten times that is still far below a wrong term.
const TOLERANCE: f64 = 5e-13;

/// `Name(field: value, …)`, as in a study file.
fn read<F: serde::de::DeserializeOwned>(settings: &str) -> F {
    use ron::extensions::Extensions;
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
        .from_str(settings)
        .unwrap_or_else(|error| panic!("{settings}: {error}"))
}

struct Row<'a> {
    optimizer: &'a str,
    surface: &'a str,
    step: u64,
    point: [f64; 2],
}

fn rows() -> Vec<Row<'static>> {
    let files = [
        include_str!("references/optimizers.csv"),
        include_str!("references/optimizers_optax.csv"),
    ];
    files
        .into_iter()
        .flat_map(|file| file.lines().filter(|line| !line.starts_with('#')).skip(1))
        .map(|line| {
            let cells: Vec<_> = line.split(';').collect();
            let number = |cell: &str| cell.parse::<f64>().expect("a number");
            Row {
                optimizer: cells[0],
                surface: cells[1],
                step: cells[2].parse().expect("a step"),
                point: [number(cells[3]), number(cells[4])],
            }
        })
        .collect()
}

#[test]
fn trajectories_agree() {
    let (rows, team) = (rows(), Team::solo());
    let mut worst = BTreeMap::<_, f64>::new();
    // Rows of one trajectory stand together, in the order of their steps.
    for rows in rows.chunk_by(|a, b| (a.optimizer, a.surface) == (b.optimizer, b.surface)) {
        let optimizer: Optimizer = read(rows[0].optimizer);
        let surface: Surface = read(rows[0].surface);
        let (rule, surface) = (optimizer.rule::<f64>(), surface.rule::<f64>());
        let mut params = surface.start();
        let mut gradient = vec![0.0; params.len()];
        let mut state = OptimizerState::new(rule, params.len());
        for row in rows {
            while state.step < row.step {
                surface.value_and_gradient(&params, &mut gradient);
                state.step += 1;
                let learning_rate = rule.learning_rate();
                let params = &mut params;
                rule.update(&mut state, Update::new(params, &gradient, learning_rate, &team));
            }
            for (found, expected) in params.iter().zip(row.point) {
                let error = (found - expected).abs() / expected.abs();
                let worst = worst.entry(optimizer.name()).or_default();
                *worst = worst.max(error);
                assert!(
                    error < TOLERANCE,
                    "{} on {}, step {}: {found}, not {expected}",
                    row.optimizer,
                    row.surface,
                    row.step
                );
            }
        }
    }
    for (name, worst) in worst {
        println!("{name}: largest relative difference {worst:e}");
    }
}

/// A weight matrix of 2 × 3 and a bias of 3, with the gradient that the script states.
#[test]
fn blocks_are_treated_each_by_itself() {
    let (team, blocks) = (Team::solo(), [0..6, 6..9]);
    let file = include_str!("references/optimizers_blocks.csv");
    let lines: Vec<_> = file.lines().filter(|line| !line.starts_with('#')).skip(1).collect();
    let settings_of = |line: &str| line.split(';').next().map(str::to_owned);
    let mut n_trajectories = 0;
    for lines in lines.chunk_by(|a, b| settings_of(a) == settings_of(b)) {
        let optimizer: Optimizer = read(&settings_of(lines[0]).expect("settings"));
        let rule = optimizer.rule::<f64>();
        let mut params: Vec<_> =
            (0..9).map(|i| if i < 6 { 0.5 - 0.2 * f64::from(i) } else { 0.0 }).collect();
        let mut gradient = vec![0.0; 9];
        let mut state = OptimizerState::new(rule, 9);
        for line in lines {
            let mut cells = line.split(';').skip(1);
            let step: u64 = cells.next().expect("a step").parse().expect("a step");
            while state.step < step {
                for (i, (slope, param)) in gradient.iter_mut().zip(&params).enumerate() {
                    let target = (i % 3) as f64 - 1.0 + i as f64 / 10.0;
                    *slope = (1.0 + i as f64 / 4.0) * (param - target);
                }
                state.step += 1;
                let update = Update::new(&mut params, &gradient, rule.learning_rate(), &team);
                rule.update(&mut state, Update { blocks: &blocks, ..update });
            }
            for (found, expected) in params.iter().zip(cells) {
                let expected: f64 = expected.parse().expect("a number");
                let error = (found - expected).abs() / expected.abs().max(1e-3);
                assert!(error < TOLERANCE, "{optimizer:?}, step {step}: {found}, not {expected}");
            }
        }
        n_trajectories += 1;
    }
    assert_eq!(n_trajectories, 4);
}

#[test]
fn every_optimizer_has_two_trajectories_on_each_surface() {
    let rows = rows();
    for member in Optimizer::members() {
        // Those that search for the length of their step have tests of their own.
        if (member.default)().rule::<f64>().searches() {
            continue;
        }
        let name = member.name;
        let of_this = rows.iter().filter(|row| row.optimizer.split('(').next() == Some(name));
        let different: BTreeSet<_> = of_this.map(|row| (row.optimizer, row.surface)).collect();
        assert!(different.len() >= 8 && different.len() % 4 == 0, "{name}: {}", different.len());
    }
}
