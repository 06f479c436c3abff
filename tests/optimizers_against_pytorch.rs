//! Every optimizer follows the trajectories of PyTorch's in f64, or where PyTorch has none those of
//! Optax's or of the paper's algorithm in NumPy. The values and the scripts that computed them are in
//! `tests/references/`: `optimizers.csv` and `optimizers.py`, `optimizers_optax.csv` and
//! `optimizers_optax.py`.

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

/// `Name(field: value, …)` or `Name`, as in a study file.
fn read<F: serde::de::DeserializeOwned>(settings: &str) -> F {
    use ron::extensions::Extensions;
    let options = ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES);
    options
        .from_str(settings)
        .or_else(|_| options.from_str(&format!("{settings}()")))
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

#[test]
fn every_optimizer_has_two_trajectories_on_each_surface() {
    let rows = rows();
    for name in Optimizer::NAMES {
        let of_this = rows.iter().filter(|row| row.optimizer.split('(').next() == Some(name));
        let different: BTreeSet<_> = of_this.map(|row| (row.optimizer, row.surface)).collect();
        assert!(different.len() >= 8 && different.len() % 4 == 0, "{name}: {}", different.len());
    }
}
