//! L-BFGS comes to the points of PyTorch's in as many steps and evaluations. The values and the script
//! that computed them are `optimizers_lbfgs.csv` and `optimizers_lbfgs.py` in `tests/references/`.

use std::path::Path;
use std::sync::Arc;

use descent::data::Source;
use descent::experiment::{Experiment, Precision};
use descent::math::team::Team;
use descent::models::Initialization;
use descent::settings::Span;
use descent::surfaces::Surface;
use descent::training::{Plan, trainer};

/// `Name(field: value, …)`, as in a study file; a surface may stand by its name alone.
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
    start: Vec<f64>,
    passes: u64,
    passes_needed: u64,
    evaluations: u64,
    end: Vec<f64>,
}

fn rows() -> Vec<Row<'static>> {
    let lines = include_str!("references/optimizers_lbfgs.csv").lines();
    let rows = lines.filter(|line| !line.starts_with('#')).skip(1).map(|line| {
        let cells: Vec<_> = line.split(';').collect();
        let number = |cell: &str| cell.parse::<f64>().expect("a number");
        let count = |cell: &str| cell.parse::<u64>().expect("a count");
        Row {
            optimizer: cells[0],
            surface: cells[1],
            start: vec![number(cells[2]), number(cells[3])],
            passes: count(cells[4]),
            passes_needed: count(cells[5]),
            evaluations: count(cells[6]),
            end: vec![number(cells[7]), number(cells[8])],
        }
    });
    rows.collect()
}

/// Where a run of as many steps ends, and its evaluations.
fn run(row: &Row<'_>) -> (Vec<f64>, u64) {
    let experiment = Experiment {
        data: Source::Surface(
            Surface::named(row.surface).unwrap_or_else(|| read::<Surface>(row.surface)),
        ),
        optimizer: read(row.optimizer),
        initialization: Initialization::Explicit(row.start.clone()),
        budget: Span::Steps(row.passes),
        precision: Precision::F64,
        ..Experiment::default()
    };
    let plan = Plan::new("L-BFGS", &experiment, 1, None, Path::new(".")).expect("a plan");
    let (mut trainer, team) = (trainer(Arc::new(plan)), Team::solo());
    while trainer.ending().is_none() {
        trainer.step(&team);
    }
    let mut end = Vec::new();
    trainer.copy_params(&mut end);
    (end, trainer.clocks().evaluations)
}

/// The largest difference of points that is due to rounding.
///
/// Both sides round to 1.1e-16 and do not order sums alike. 2 pairs for a bowl a million times
/// steeper one way than the other, or along Rosenbrock's valley, say so little that after some ten
/// steps rounding decides about the next; both then come to the minimum by other ways. From (−1, ½)
/// Beale's function falls for ever towards −∞, where nothing holds two runs together.
fn allowed_error(row: &Row<'_>) -> f64 {
    match row.passes {
        200 if (row.surface, row.start[0]) == ("Beale", -1.0) => f64::INFINITY,
        10.. if row.optimizer.contains("history: 2") => 2e-3,
        _ => 1e-9,
    }
}

/// The evaluations are PyTorch's own, but where rounding has driven the two apart: there the worst
/// was 264 against our 252, of a run that never ends, and 30 against 31 of one that does.
#[test]
fn points_and_evaluations_agree() {
    for row in rows() {
        let name = format!("{} on {} from {:?}", row.optimizer, row.surface, row.start);
        let (end, evaluations) = run(&row);
        let allowed = allowed_error(&row);
        for (found, expected) in end.iter().zip(&row.end) {
            let error = (found - expected).abs();
            assert!(error <= allowed, "{name}, step {}: {error:e}", row.passes);
        }
        // Without a search, the last point is evaluated for its pair; PyTorch leaves that out.
        let has_run_out = row.passes_needed == row.passes;
        let at_end = u64::from(row.optimizer.contains("line_search: false") && has_run_out);
        let expected = row.evaluations + at_end;
        let difference = evaluations.abs_diff(expected);
        let most = if allowed > 1e-9 { expected / 20 + 1 } else { 0 };
        assert!(difference <= most, "{name}, step {}: {evaluations}, not {expected}", row.passes);
    }
}

/// With tolerances of zero it goes on, to the last bit of the objective.
#[test]
fn without_tolerances_it_reaches_the_minimum() {
    for (surface, start, minimum) in [
        ("Rosenbrock", [-1.2, 1.0], [1.0, 1.0]),
        ("Booth", [-8.0, 8.0], [1.0, 3.0]),
        ("Beale", [1.0, 1.0], [3.0, 0.5]),
        ("Quadratic(condition: 1e6)", [-4.0, 1.5], [0.0, 0.0]),
    ] {
        let row = Row {
            optimizer: "Lbfgs(tolerance_gradient: 0.0, tolerance_change: 0.0)",
            surface,
            start: start.to_vec(),
            passes: 60,
            passes_needed: 0,
            evaluations: 0,
            end: minimum.to_vec(),
        };
        let (end, evaluations) = run(&row);
        for (found, expected) in end.iter().zip(&row.end) {
            assert!((found - expected).abs() < 1e-9, "{surface}: {end:?}");
        }
        assert!(evaluations < 200, "{surface}: {evaluations}");
    }
}
