//! The time to compute pictures of a large table: what a person waits for (on a thread beside the
//! window) after opening it. Nothing of this is done in a frame.

use std::sync::Arc;
use std::time::Instant;

use descent::analysis::{
    Cloud, CloudQuestion, Coordinate, CorrelationKind, Correlations, LazyMembers,
    PrincipalComponents, Tint,
};
use descent::data::prepare::Loaded;
use descent::data::{Cells, Column, Prepared, Samples, Table, TargetColumn};

const N_ROWS: usize = 2_000_000;
const N_COLUMNS: usize = 30;

fn main() {
    // Irregular numbers with a common part, so that columns depend on one another.
    let noise = |row: usize, j: usize| {
        let mixed = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ (j as u64 + 1) << 17);
        (mixed >> 40) as f64 / (1 << 24) as f64
    };
    let column = |j: usize| Column {
        name: format!("x{j}"),
        cells: Cells::Numeric(
            (0..N_ROWS).map(|row| noise(row, j) + 0.5 * noise(row, 99)).collect(),
        ),
    };
    let table = Table { columns: (0..N_COLUMNS).map(column).collect() };
    let part = |from: usize, to: usize| Samples {
        rows: (from..to).collect(),
        targets: TargetColumn::Classes((from..to).map(|row| (row % 3) as u32).collect()),
        ..Samples::default()
    };
    let prepared = Arc::new(Prepared {
        class_names: ["a", "b", "c"].map(str::to_owned).to_vec(),
        target_scaling: (0.0, 1.0),
        train: part(0, N_ROWS * 7 / 10),
        validation: part(N_ROWS * 7 / 10, N_ROWS),
        ..Prepared::default()
    });
    let loaded = Arc::new(Loaded { table: Arc::new(table), ..Loaded::default() });
    let members = Arc::new(LazyMembers::new(Arc::clone(&prepared), N_ROWS));
    let axes = [Coordinate::Column(1), Coordinate::Column(2)];
    let mut question = CloudQuestion::new(&loaded, &members, axes);
    (question.tint, question.cells) = (Tint::Class, [480, 320]);
    timed("parts and classes of the rows", || members.get().parts.len());
    timed("density of two columns", || Cloud::of(&question).n_rows);
    question.window = Some([[0.4, 0.7], [0.4, 0.7]]);
    timed("density of a part in view", || Cloud::of(&question).n_rows);
    let columns: Vec<usize> = (1..N_COLUMNS).collect();
    let table = &loaded.table;
    timed("principal components", || {
        let fit = PrincipalComponents::fit(table, &columns, &prepared.train.rows.to_vec());
        fit.map_or(0, |fit| fit.scores(table).len())
    });
    for kind in [CorrelationKind::Pearson, CorrelationKind::Spearman] {
        timed(&format!("correlations ({kind:?})"), || {
            let found = Correlations::of(table, 0, &columns, &prepared, members.get(), kind);
            found.n() + found.stride
        });
    }
}

fn timed<T: std::fmt::Debug>(what: &str, work: impl FnOnce() -> T) {
    let start = Instant::now();
    let result = work();
    println!("{what:32} {:7.1} ms   ({result:?})", 1e3 * start.elapsed().as_secs_f64());
}
