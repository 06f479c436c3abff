//! The order of samples against `tests/references/shuffled_order.py`, and its properties.

use descent::data::BatchOrder;
use descent::data::sampling::{Blocks, Classes, Sampling};
use descent::math::random::{Purpose, Stream};
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

/// An epoch as it is defined, drawn whole.
fn epoch(sampling: Option<&Sampling>, class_of_sample: &[u32], stream: &mut Stream) -> Vec<u32> {
    let n = class_of_sample.len();
    let groups = || {
        let of_class = |class| {
            (0..n as u32).filter(|i| class_of_sample[*i as usize] == class).collect::<Vec<_>>()
        };
        let most = class_of_sample.iter().max().copied().unwrap_or(0);
        (0..=most).map(of_class).filter(|group| !group.is_empty()).collect::<Vec<_>>()
    };
    let mut order: Vec<u32> = (0..n as u32).collect();
    match sampling {
        None => {}
        Some(Sampling::WithoutReplacement(_)) => stream.shuffle(&mut order),
        Some(Sampling::WithReplacement(_)) => order.fill_with(|| stream.below(n as u32)),
        Some(Sampling::ClassBalanced(_)) => {
            let groups = groups();
            order.fill_with(|| {
                let group = &groups[stream.below(groups.len() as u32) as usize];
                group[stream.below(group.len() as u32) as usize]
            });
        }
        Some(Sampling::Stratified(_)) => {
            let mut groups = groups();
            groups.iter_mut().for_each(|group| stream.shuffle(group));
            // The j-th of n stands at (2j − 1)/2n; of equals the first class comes first.
            let mut places = Vec::new();
            for group in &groups {
                let stand = |j: usize| (2 * j + 1, group.len());
                places.extend(group.iter().enumerate().map(|(j, sample)| (stand(j), *sample)));
            }
            places.sort_by(|((a, n), _), ((b, m), _)| (a * m).cmp(&(b * n)));
            order = places.into_iter().map(|(_, sample)| sample).collect();
        }
        Some(Sampling::Blocks(Blocks { block, window })) => {
            let mut blocks: Vec<&[u32]> = order.chunks(*block).collect();
            stream.shuffle(&mut blocks);
            let mut windows: Vec<Vec<u32>> =
                blocks.chunks(*window).map(|blocks| blocks.concat()).collect();
            windows.iter_mut().for_each(|window| stream.shuffle(window));
            order = windows.concat();
        }
    }
    order
}

/// Whatever is drawn at once, and wherever a batch ends: the order is that of whole epochs, and goes on
/// from each position.
fn assert_deals_whole_epochs(
    sampling: Option<Sampling>,
    class_of_sample: &[u32],
    batch_size: usize,
    seed: u64,
) {
    let n = class_of_sample.len();
    let new = || match &sampling {
        None => BatchOrder::in_order(n, batch_size),
        Some(sampling) => {
            let classes = Classes::new(&class_of_sample.iter().copied().collect()).unwrap();
            BatchOrder::new(n, batch_size, sampling.clone(), classes, seed)
        }
    };
    let mut stream = Stream::new(seed, Purpose::Shuffling);
    let (mut order, mut other) = (new(), new());
    for k in 0..3 {
        let start = stream.position();
        let expected = epoch(sampling.as_ref(), class_of_sample, &mut stream);
        for (index, batch) in expected.chunks(batch_size).enumerate() {
            // One that stood elsewhere goes where this one stands, and both go on.
            other.set_position(order.position());
            assert_eq!(order.next_batch(), batch, "{sampling:?} {n} {batch_size} {k} {index}");
            assert_eq!(other.next_batch(), batch, "{sampling:?} {n} {batch_size} {k} {index}");
            let position = order.position();
            assert_eq!(position, other.position());
            assert_eq!((position.epoch, position.stream_position), (k, start));
            assert_eq!(position.n_dealt as usize, index * batch_size + batch.len());
            for _ in 0..index % 4 {
                other.next_batch();
            }
        }
    }
}

#[test]
fn large_epochs_are_dealt_in_their_order() {
    let classes: Vec<u32> = (0..5000).map(|i| (i * i % 7) % 4).collect();
    let all = Sampling::NAMES.iter().map(|name| Sampling::named(name));
    for sampling in all.chain([None]) {
        for batch_size in [1000, 1024, 2500, 4999, 5000] {
            assert_deals_whole_epochs(sampling.clone(), &classes, batch_size, 3);
        }
    }
}

/// What is kept of an order of a million samples, in batches of a hundred.
#[test]
fn only_what_is_drawn_at_once_is_kept() {
    let bytes = |sampling: Option<&str>| {
        let sampling = sampling.map(|name| Sampling::named(name).unwrap());
        BatchOrder::n_bytes(1_000_000, 100, sampling.as_ref())
    };
    assert_eq!(bytes(None), 4 * (1024 + 99));
    assert_eq!(bytes(Some("WithReplacement")), 4 * (1024 + 99));
    assert_eq!(bytes(Some("Blocks")), 4 * (16 * 1024 + 99 + 977));
    assert_eq!(bytes(Some("WithoutReplacement")), 4_000_000);
    assert_eq!(bytes(Some("ClassBalanced")), 4 * (1024 + 99) + 4_000_000);
    assert_eq!(bytes(Some("Stratified")), 4 * (1024 + 99) + 8_000_000);
}

proptest! {
    #[test]
    fn epochs_are_drawn_a_part_at_a_time(
        classes in proptest::collection::vec(0u32..4, 1..120), size in 1usize..140,
        block in 1usize..60, window in 1usize..20, seed: u64,
    ) {
        for name in ["WithoutReplacement", "WithReplacement", "ClassBalanced", "Stratified"] {
            assert_deals_whole_epochs(Sampling::named(name), &classes, size, seed);
        }
        let blocks = Sampling::Blocks(Blocks { block, window });
        assert_deals_whole_epochs(Some(blocks), &classes, size, seed);
        assert_deals_whole_epochs(None, &classes, size, seed);
    }

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
