//! The order of samples against `tests/references/shuffled_order.py`, and its properties.

use descent::data::BatchOrder;
use descent::data::sampling::{Classes, Sampling};
use proptest::prelude::*;

fn shuffled(n_samples: usize, batch_size: usize, seed: u64) -> BatchOrder {
    let sampling = Sampling::named("WithoutReplacement").unwrap();
    BatchOrder::new(n_samples, batch_size, sampling, Classes::default(), seed)
}

#[test]
fn the_shuffled_order_is_what_it_always_was() {
    let references = [
        (0, [1, 2, 5, 6, 7, 8, 4, 0, 3, 9], [0, 2, 7, 5, 9, 8, 4, 6, 1, 3]),
        (42, [7, 8, 5, 2, 1, 9, 6, 0, 3, 4], [1, 5, 7, 3, 8, 0, 6, 4, 9, 2]),
    ];
    for (seed, first, second) in references {
        let mut order = shuffled(10, 4, seed);
        for expected in [first, second] {
            let mut epoch = Vec::new();
            (0..3).for_each(|_| epoch.extend_from_slice(order.next_batch()));
            assert_eq!(epoch, expected, "seed {seed}");
        }
    }
    let mut order = shuffled(1000, 1, 7);
    let epoch: Vec<u32> = (0..1000).map(|_| order.next_batch()[0]).collect();
    assert_eq!(epoch[..5], [868, 81, 510, 43, 986]);
    assert_eq!(epoch[995..], [243, 439, 503, 621, 575]);
    let sum: u64 = epoch.iter().zip(0..).map(|(sample, k)| u64::from(*sample) * k).sum();
    assert_eq!(sum, 249_530_497);
}

#[test]
fn unshuffled_batches_keep_the_order_of_the_file() {
    for batch_size in [5, 99] {
        let mut order = BatchOrder::in_order(5, batch_size);
        for epoch in 0..3 {
            assert_eq!(order.next_batch(), [0, 1, 2, 3, 4]);
            assert_eq!(order.epoch(), epoch);
        }
    }
    let mut order = BatchOrder::in_order(3, 1);
    let dealt: Vec<u32> = (0..6).map(|_| order.next_batch()[0]).collect();
    assert_eq!(dealt, [0, 1, 2, 0, 1, 2]);
}

proptest! {
    #[test]
    fn every_epoch_sees_every_sample_once(
        n in 1usize..200, size in 1usize..50, seed: u64,
    ) {
        let mut order = shuffled(n, size, seed);
        for _ in 0..3 {
            let mut seen = vec![0; n];
            for k in 0..order.n_batches() {
                let is_last = k + 1 == order.n_batches();
                let batch = order.next_batch();
                prop_assert!(batch.len() == size.min(n) || (is_last && !batch.is_empty()));
                batch.iter().for_each(|sample| seen[*sample as usize] += 1);
            }
            prop_assert!(seen.iter().all(|times| *times == 1));
        }
    }

    #[test]
    fn an_order_goes_on_from_any_position(
        n in 1usize..100, size in 1usize..20, seed: u64, before in 0usize..60,
    ) {
        let mut straight = shuffled(n, size, seed);
        (0..before).for_each(|_| { straight.next_batch(); });
        let mut resumed = shuffled(n, size, seed);
        (0..7).for_each(|_| { resumed.next_batch(); });
        resumed.set_position(straight.position());
        for _ in 0..40 {
            prop_assert_eq!(straight.next_batch(), resumed.next_batch());
            prop_assert_eq!(straight.position(), resumed.position());
        }
    }
}
