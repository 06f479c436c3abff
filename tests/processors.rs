//! The arithmetic gives recorded bits: on every processor, debug or release, with any number of
//! threads. Run the same test program under an emulator of a processor without AVX and fused
//! multiply-add to see that it does:
//!
//! ```text
//! qemu-x86_64 -cpu Nehalem target/debug/deps/processors-…
//! ```

use descent::math::Scalar;
use descent::math::elementary;
use descent::math::fingerprint::fingerprint_of_parameters;
use descent::math::product::{MatrixView, Workspace, multiply_add};
use descent::math::random::{Purpose, Stream};
use descent::math::reduce;
use descent::math::team::Team;

fn random<T: Scalar>(len: usize, seed: u64) -> Vec<T> {
    let mut stream = Stream::new(seed, Purpose::Generation);
    (0..len).map(|_| T::from_f64(stream.normal())).collect()
}

/// One hash over products of many shapes, each with both layouts of both factors.
fn hash_of_products<T: Scalar>(team: &Team) -> u64 {
    let mut results = Vec::new();
    let mut workspace = Workspace::default();
    for (m, depth, n) in [(1, 9, 1), (1, 30, 21), (33, 20, 1), (5, 3, 2), (13, 19, 37), (7, 270, 9)]
    {
        let (a, b) = (random::<T>(m * depth, 1), random::<T>(depth * n, 2));
        for a in
            [MatrixView::row_major(&a, m, depth), MatrixView::row_major(&a, depth, m).transposed()]
        {
            for b in [
                MatrixView::row_major(&b, depth, n),
                MatrixView::row_major(&b, n, depth).transposed(),
            ] {
                let mut c = random(m * n, 3);
                multiply_add(a, b, &mut c, &mut workspace, team);
                results.extend(c);
            }
        }
    }
    fingerprint_of_parameters(&results)
}

fn hash_of_sums<T: Scalar>() -> u64 {
    let (x, y) = (random::<T>(1000, 4), random::<T>(1000, 5));
    let mut results = Vec::new();
    for len in [0, 1, 20, 63, 64, 500, 1000] {
        let (x, y) = (&x[..len], &y[..len]);
        results.extend([
            reduce::sum(x),
            reduce::dot(x, y),
            reduce::norm(x),
            reduce::distance(x, y),
            reduce::sum_of_magnitudes(x),
            reduce::largest_magnitude(x),
        ]);
    }
    let mut moved = y.clone();
    reduce::add_scaled(T::from_f64(0.3), &x, &mut moved);
    results.extend(moved);
    fingerprint_of_parameters(&results)
}

type SliceFunction<T> = fn(&mut [T]);

fn hash_of_functions<T: Scalar>() -> u64 {
    let ten = T::from_f64(10.0);
    let x: Vec<T> = random::<T>(500, 6).into_iter().map(|x| x * ten).collect();
    let positive: Vec<T> = x.iter().map(|x| x.abs() + T::EPSILON).collect();
    let mut results = Vec::new();
    let slices: [(SliceFunction<T>, &[T]); 8] = [
        (elementary::exp_slice, &x),
        (elementary::exp_m1_slice, &x),
        (elementary::ln_slice, &positive),
        (elementary::ln_1p_slice, &positive),
        (elementary::tanh_slice, &x),
        (elementary::sigmoid_slice, &x),
        (elementary::softplus_slice, &x),
        (elementary::erf_slice, &x),
    ];
    for (function, arguments) in slices {
        let mut values = arguments.to_vec();
        function(&mut values);
        results.extend(values);
    }
    for (&x, &positive) in x.iter().zip(&positive) {
        results.extend([x.sin(), x.cos(), positive.powf(x), x.exp(), positive.ln(), x.tanh()]);
    }
    fingerprint_of_parameters(&results)
}

fn hash_of_random_numbers() -> u64 {
    let mut stream = Stream::new(7, Purpose::Shuffling);
    let mut order: Vec<u32> = (0..1000).collect();
    stream.shuffle(&mut order);
    let mut numbers: Vec<f64> = order.into_iter().map(f64::from).collect();
    numbers.extend((0..1000).map(|_| stream.uniform_in(-3.0, 5.0)));
    numbers.extend((0..1000).map(|_| stream.normal()));
    fingerprint_of_parameters(&numbers)
}

#[test]
fn results_have_the_recorded_bits() {
    let solo = Team::solo();
    let found = [
        ("products f32", hash_of_products::<f32>(&solo)),
        ("products f64", hash_of_products::<f64>(&solo)),
        ("sums f32", hash_of_sums::<f32>()),
        ("sums f64", hash_of_sums::<f64>()),
        ("functions f32", hash_of_functions::<f32>()),
        ("functions f64", hash_of_functions::<f64>()),
        ("random numbers", hash_of_random_numbers()),
    ];
    assert_eq!(found, RECORDED, "{found:#018x?}");
}

#[test]
fn threads_do_not_change_the_bits() {
    // Large enough to be split.
    let (m, depth, n) = (80, 230, 115);
    let (a, b) = (random::<f32>(m * depth, 8), random::<f32>(depth * n, 9));
    let (a, b) = (MatrixView::row_major(&a, m, depth), MatrixView::row_major(&b, depth, n));
    let product = |team: &Team| {
        let mut c = random(m * n, 10);
        multiply_add(a, b, &mut c, &mut Workspace::default(), team);
        fingerprint_of_parameters(&c)
    };
    for n_threads in [2, 8] {
        assert_eq!(product(&Team::new(n_threads)), LARGE_PRODUCT, "{n_threads} threads");
    }
}

const LARGE_PRODUCT: u64 = 0x68140528b5007fd2;

const RECORDED: [(&str, u64); 7] = [
    ("products f32", 0xbdd3cf7c23014445),
    ("products f64", 0x3b5662829d3c529a),
    ("sums f32", 0xd975380c55baa0ae),
    ("sums f64", 0xe36cbe0530500d68),
    ("functions f32", 0x83267bbbe93c322d),
    ("functions f64", 0x126a4d8d56bbad75),
    ("random numbers", 0x18c7e721ec7a6ed1),
];
