//! Matrix products: billions of operations per second (a multiply-add is two), best of many.

use std::hint::black_box;
use std::time::Instant;

use descent::math::Scalar;
use descent::math::product::{MatrixView, Workspace, multiply_add};
use descent::math::team::Team;

fn best_secs(mut run: impl FnMut()) -> f64 {
    run();
    let start = Instant::now();
    run();
    let n = (2e-4 / start.elapsed().as_secs_f64().max(1e-9)).ceil() as usize;
    let mut best = f64::INFINITY;
    for _ in 0..150 {
        let start = Instant::now();
        for _ in 0..n {
            run();
        }
        best = best.min(start.elapsed().as_secs_f64() / n as f64);
    }
    best
}

fn measure<T: Scalar>(
    m: usize,
    k: usize,
    n: usize,
    a_turned: bool,
    b_turned: bool,
    team: &Team,
) -> f64 {
    let fill = |len: usize| -> Vec<T> {
        (0..len).map(|i| T::from_f64((i * 7919 % 1000) as f64 * 1e-3 - 0.5)).collect()
    };
    let (a, b, mut c) = (fill(m * k), fill(k * n), fill(m * n));
    let mut workspace = Workspace::default();
    let a = if a_turned {
        MatrixView::row_major(&a, k, m).transposed()
    } else {
        MatrixView::row_major(&a, m, k)
    };
    let b = if b_turned {
        MatrixView::row_major(&b, n, k).transposed()
    } else {
        MatrixView::row_major(&b, k, n)
    };
    best_secs(|| multiply_add(black_box(a), black_box(b), black_box(&mut c), &mut workspace, team))
}

fn main() {
    let teams: Vec<Team> = [1, 2].map(Team::new).into();
    println!(
        "{:<22} {:>9} {:>9} {:>9} {:>9} {:>11}",
        "m x k x n", "f32 1t", "f32 2t", "f64 1t", "f64 2t", "ns f32 1t"
    );
    let layers = [
        (64, 64, 128),
        (64, 128, 128),
        (64, 128, 10),
        (128, 784, 512),
        (128, 512, 512),
        (128, 512, 10),
        (512, 512, 512),
        (32, 20, 1),
        (32, 30, 1),
        (32, 784, 10),
        (1000, 784, 10),
        (1000, 784, 1),
        (1, 784, 512),
        (4, 2, 16),
    ];
    for (batch, inputs, outputs) in layers {
        for (name, m, k, n, a_turned, b_turned) in [
            ("X Wt", batch, inputs, outputs, false, true),
            ("dY W", batch, outputs, inputs, false, false),
            ("dYt X", outputs, batch, inputs, true, false),
        ] {
            let flop = 2.0 * (m * k * n) as f64;
            let mut line = format!("{:<22}", format!("{m}x{k}x{n} {name}"));
            let mut nanoseconds = 0.0;
            for team in &teams {
                let secs = measure::<f32>(m, k, n, a_turned, b_turned, team);
                if team.n_threads() == 1 {
                    nanoseconds = secs * 1e9;
                }
                line += &format!(" {:>9.1}", flop / secs * 1e-9);
            }
            for team in &teams {
                line += &format!(
                    " {:>9.1}",
                    flop / measure::<f64>(m, k, n, a_turned, b_turned, team) * 1e-9
                );
            }
            println!("{line} {nanoseconds:>11.1}");
        }
    }
}
