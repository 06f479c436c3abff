//! The order of samples against `tests/references/shuffled_order.py`, and its properties.

use descent::data::{Batch, BatchOrder};
use proptest::prelude::*;

#[test]
fn the_shuffled_order_is_what_it_always_was() {
    let references = [
        (0, [9, 3, 4, 7, 5, 1, 8, 6, 0, 2], [4, 3, 2, 5, 6, 9, 8, 1, 0, 7]),
        (42, [0, 6, 1, 2, 7, 8, 4, 9, 3, 5], [5, 9, 3, 4, 8, 7, 0, 6, 1, 2]),
    ];
    for (seed, first, second) in references {
        let mut order = BatchOrder::new(10, Batch::Mini(4), true, seed);
        for expected in [first, second] {
            let mut epoch = Vec::new();
            (0..3).for_each(|_| epoch.extend_from_slice(order.next_batch()));
            assert_eq!(epoch, expected, "seed {seed}");
        }
    }
    let mut order = BatchOrder::new(1000, Batch::Mini(1), true, 7);
    let epoch: Vec<u32> = (0..1000).map(|_| order.next_batch()[0]).collect();
    assert_eq!(epoch[..5], [863, 984, 82, 430, 809]);
    assert_eq!(epoch[995..], [716, 92, 521, 181, 525]);
    let sum: u64 = epoch.iter().zip(0..).map(|(sample, k)| u64::from(*sample) * k).sum();
    assert_eq!(sum, 252_528_710);
}

#[test]
fn full_batches_and_unshuffled_ones_keep_the_order_of_the_file() {
    for (batch, shuffle) in [(Batch::Full, true), (Batch::Mini(99), true), (Batch::Full, false)] {
        let mut order = BatchOrder::new(5, batch, shuffle, 3);
        for epoch in 0..3 {
            assert_eq!(order.next_batch(), [0, 1, 2, 3, 4]);
            assert_eq!(order.epoch(), epoch);
        }
    }
    let mut order = BatchOrder::new(3, Batch::Stochastic, false, 3);
    let dealt: Vec<u32> = (0..6).map(|_| order.next_batch()[0]).collect();
    assert_eq!(dealt, [0, 1, 2, 0, 1, 2]);
}

proptest! {
    #[test]
    fn every_epoch_sees_every_sample_once(
        n in 1usize..200, size in 1usize..50, seed: u64, shuffle: bool,
    ) {
        let mut order = BatchOrder::new(n, Batch::Mini(size), shuffle, seed);
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
        let mut straight = BatchOrder::new(n, Batch::Mini(size), true, seed);
        (0..before).for_each(|_| { straight.next_batch(); });
        let mut resumed = BatchOrder::new(n, Batch::Mini(size), true, seed);
        (0..7).for_each(|_| { resumed.next_batch(); });
        resumed.set_position(straight.position());
        for _ in 0..40 {
            prop_assert_eq!(straight.next_batch(), resumed.next_batch());
            prop_assert_eq!(straight.position(), resumed.position());
        }
    }
}
