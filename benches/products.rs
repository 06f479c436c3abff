//! The arithmetic: matrix products in billions of operations per second (a multiply-add is two),
//! functions and sums in nanoseconds; best of many.

use std::hint::black_box;
use std::time::Instant;

use descent::math::Scalar;
use descent::math::elementary;
use descent::math::fingerprint::fingerprint_of_parameters;
use descent::math::product::{MatrixView, Workspace, multiply_add};
use descent::math::random::{Purpose, Stream};
use descent::math::reduce;
use descent::math::team::Team;

/// Makes the compiler believe that a result is needed.
fn keep<T>(value: T) {
    let _ = black_box(value);
}

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
    team.run(|| {
        best_secs(|| {
            multiply_add(black_box(a), black_box(b), black_box(&mut c), &mut workspace, team)
        })
    })
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

    println!("\n{:<22} {:>9} {:>9}", "ns per element", "f32", "f64");
    let functions: [(&str, SliceFunction<f32>, SliceFunction<f64>); 8] = [
        ("exp", elementary::exp_slice, elementary::exp_slice),
        ("exp_m1", elementary::exp_m1_slice, elementary::exp_m1_slice),
        ("ln", elementary::ln_slice, elementary::ln_slice),
        ("ln_1p", elementary::ln_1p_slice, elementary::ln_1p_slice),
        ("tanh", elementary::tanh_slice, elementary::tanh_slice),
        ("sigmoid", elementary::sigmoid_slice, elementary::sigmoid_slice),
        ("softplus", elementary::softplus_slice, elementary::softplus_slice),
        ("erf", elementary::erf_slice, elementary::erf_slice),
    ];
    for (name, single, double) in functions {
        println!("{name:<22} {:>9.2} {:>9.2}", per_element(single), per_element(double));
    }
    println!("\n{:<22} {:>9} {:>9} {:>9}", "ns, f32", "20", "26,000", "669,000");
    let vectors = |name: &str, work: &dyn Fn(&[f32])| {
        print!("{name:<22}");
        for len in [20, 26_000, 669_000] {
            let x: Vec<f32> = (0..len).map(|i| (i % 100) as f32).collect();
            print!(" {:>9.1}", best_secs(|| work(black_box(&x))) * 1e9);
        }
        println!();
    };
    vectors("sum", &|x| keep(reduce::sum(x)));
    vectors("dot", &|x| keep(reduce::dot(x, x)));
    vectors("norm", &|x| keep(reduce::norm(x)));
    vectors("all_finite", &|x| keep(reduce::all_finite(x)));
    vectors("fingerprint", &|x| keep(fingerprint_of_parameters(x)));
    let mut stream = Stream::new(1, Purpose::Shuffling);
    let mut order: Vec<u32> = (0..1500).collect();
    let secs = best_secs(|| stream.shuffle(black_box(&mut order)));
    println!("\nshuffle, per item      {:>9.2} ns", secs * 1e9 / 1500.0);
    println!("normal                 {:>9.2} ns", best_secs(|| keep(stream.normal())) * 1e9);
    let team = Team::new(2);
    let secs = best_secs(|| team.join(|| keep(0), || keep(1)));
    println!("two empty parts        {:>9.0} ns from outside the team", secs * 1e9);
    let secs = team.run(|| best_secs(|| team.join(|| keep(0), || keep(1))));
    println!("two empty parts        {:>9.0} ns from inside", secs * 1e9);
}

type SliceFunction<T> = fn(&mut [T]);

fn per_element<T: Scalar>(function: SliceFunction<T>) -> f64 {
    let values: Vec<T> = (0..8192).map(|i| T::from_f64((i * 37 % 1000) as f64 * 0.006)).collect();
    let mut results = values.clone();
    let secs = best_secs(|| {
        results.copy_from_slice(&values);
        function(black_box(&mut results));
    });
    secs * 1e9 / values.len() as f64
}
