//! How the samples of an epoch are chosen.

use crate::math::random::Stream;

/// The samples of the training part, by class.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    /// The samples of the first class in the order of the file, then those of the second, ...
    samples: Vec<u32>,
    /// Where each class starts, and where the last one ends. Classes without samples are left out.
    starts: Vec<usize>,
    /// The same samples in a random order within each class.
    drawn: Vec<u32>,
    /// How many samples of each class are placed.
    placed: Vec<usize>,
}

impl Classes {
    /// Sorts samples by their class.
    pub fn new(class_of_sample: &[u32]) -> Self {
        let mut samples: Vec<u32> = (0..class_of_sample.len() as u32).collect();
        samples.sort_by_key(|sample| class_of_sample[*sample as usize]);
        let class = |sample: &u32| class_of_sample[*sample as usize];
        let mut starts = vec![0];
        for group in samples.chunk_by(|a, b| class(a) == class(b)) {
            starts.push(starts[starts.len() - 1] + group.len());
        }
        let (drawn, placed) = (samples.clone(), vec![0; starts.len() - 1]);
        Self { samples, starts, drawn, placed }
    }

    /// The classes, each as the samples it has.
    fn groups(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        self.starts.windows(2).map(|ends| &self.samples[ends[0]..ends[1]])
    }
}

/// The rule of a way to choose.
pub trait Draw {
    /// Whether it asks for the class of each sample.
    fn needs_classes(&self) -> bool {
        false
    }

    /// Fills `order`, which is as long as the training part, with the samples of an epoch. Everything
    /// random comes from `stream`, so that an epoch can be repeated from where the stream stood.
    fn draw(&self, order: &mut [u32], classes: &mut Classes, stream: &mut Stream);
}

crate::family! {
    /// A way to choose the samples of an epoch, with its settings.
    pub enum Sampling = Draw {
        without_replacement::WithoutReplacement,
        with_replacement::WithReplacement,
        stratified::Stratified,
        class_balanced::ClassBalanced,
        blocks::Blocks,
    }
}

impl Sampling {
    /// Whether it is the usual way: each sample once in an epoch, all orders alike likely.
    pub fn is_usual(&self) -> bool {
        matches!(self, Self::WithoutReplacement(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::Purpose;

    /// 8 samples of class 0 and 4 of class 2, mixed.
    const CLASSES: [u32; 12] = [0, 2, 0, 0, 2, 0, 0, 0, 2, 0, 2, 0];

    fn epochs(sampling: &Sampling, n: usize) -> Vec<Vec<u32>> {
        let mut stream = Stream::new(5, Purpose::Shuffling);
        let mut classes = Classes::new(&CLASSES);
        let draw = |_| {
            let mut order = vec![99; CLASSES.len()];
            sampling.rule().draw(&mut order, &mut classes, &mut stream);
            order
        };
        (0..n).map(draw).collect()
    }

    fn sorted(order: &[u32]) -> Vec<u32> {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        sorted
    }

    #[test]
    fn without_replacement_each_sample_comes_once() {
        for name in ["WithoutReplacement", "Stratified", "Blocks"] {
            let all: Vec<u32> = (0..12).collect();
            let epochs = epochs(&Sampling::named(name).unwrap(), 3);
            assert!(epochs.iter().all(|order| sorted(order) == all), "{name}");
            assert!(epochs[0] != epochs[1] && epochs[1] != epochs[2], "{name}");
        }
    }

    /// Two of one class to one of the other, in every three samples.
    #[test]
    fn stratified_batches_have_the_shares_of_the_whole() {
        for order in epochs(&Sampling::named("Stratified").unwrap(), 20) {
            for batch in order.chunks(3) {
                let n_rare = batch.iter().filter(|sample| CLASSES[**sample as usize] == 2).count();
                assert_eq!(n_rare, 1, "{order:?}");
            }
        }
    }

    /// 2,400 draws: the standard deviation of a share of ½ is 0.01, of 1/12 0.006.
    #[test]
    fn with_replacement_all_samples_are_as_likely_and_balanced_all_classes() {
        let share = |orders: &[Vec<u32>], is_so: fn(u32) -> bool| {
            let n = orders.iter().flatten().filter(|sample| is_so(**sample)).count();
            n as f64 / 2400.0
        };
        let free = epochs(&Sampling::named("WithReplacement").unwrap(), 200);
        assert!((share(&free, |sample| sample == 7) - 1.0 / 12.0).abs() < 0.03);
        assert!((share(&free, |sample| CLASSES[sample as usize] == 2) - 1.0 / 3.0).abs() < 0.05);
        assert!(free.iter().any(|order| sorted(order).windows(2).any(|pair| pair[0] == pair[1])));
        let balanced = epochs(&Sampling::named("ClassBalanced").unwrap(), 200);
        assert!((share(&balanced, |sample| CLASSES[sample as usize] == 2) - 0.5).abs() < 0.05);
        assert!((share(&balanced, |sample| sample == 1) - 0.125).abs() < 0.03);
    }
}
