//! How the samples of an epoch are chosen.

use super::DataError;
use super::store::Values;
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
    ///
    /// # Errors
    /// Where the classes are in a file that can no longer be read.
    pub fn new(class_of_sample: &Values<u32>) -> Result<Self, DataError> {
        let mut counts: Vec<usize> = Vec::new();
        class_of_sample.for_each_rows(|classes| {
            for class in classes.iter().map(|class| *class as usize) {
                counts.resize(counts.len().max(class + 1), 0);
                counts[class] += 1;
            }
        })?;
        let mut starts = vec![0];
        // Where the next sample of each class has its place.
        let mut next = vec![0; counts.len()];
        for (next, n) in next.iter_mut().zip(&counts).filter(|(_, n)| **n > 0) {
            *next = starts[starts.len() - 1];
            starts.push(*next + n);
        }
        let mut samples = vec![0; starts[starts.len() - 1]];
        let mut sample = 0;
        class_of_sample.for_each_rows(|classes| {
            for class in classes {
                let place = &mut next[*class as usize];
                samples[*place] = sample;
                (*place, sample) = (*place + 1, sample + 1);
            }
        })?;
        let placed = vec![0; starts.len() - 1];
        Ok(Self { samples, starts, drawn: Vec::new(), placed })
    }

    /// The classes, each as the samples it has.
    fn groups(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        self.starts.windows(2).map(|ends| &self.samples[ends[0]..ends[1]])
    }
}

/// An epoch as far as it is drawn, and what the rule that draws it remembers.
#[derive(Clone, Debug)]
pub struct Epoch {
    n_samples: usize,
    /// How many of them are drawn.
    n_drawn: usize,
    /// The samples by class, for a rule that asks for them.
    classes: Classes,
    /// The order of the blocks, for a rule that keeps neighbours together.
    blocks: Vec<u32>,
}

impl Epoch {
    /// One of `n_samples`, of which none is drawn.
    pub fn new(n_samples: usize, classes: Classes) -> Self {
        Self { n_samples, n_drawn: 0, classes, blocks: Vec::new() }
    }

    /// Begins the next one.
    pub(super) fn begin(&mut self) {
        self.n_drawn = 0;
    }

    /// Draws some more to the front of `order`; how many.
    pub(super) fn draw(
        &mut self,
        rule: &dyn Draw,
        order: &mut [u32],
        stream: &mut Stream,
    ) -> usize {
        let n = rule.draw(self, order, stream);
        self.n_drawn += n;
        n
    }

    /// The places that are filled where a rule draws as many as there is room for.
    fn room<'a>(&self, order: &'a mut [u32]) -> &'a mut [u32] {
        let n = order.len().min(self.n_samples - self.n_drawn);
        &mut order[..n]
    }
}

/// Samples that are drawn at once where each could be drawn by itself.
const PAGE: usize = 1024;

/// The rule of a way to choose.
pub trait Draw {
    /// Whether it asks for the class of each sample.
    fn needs_classes(&self) -> bool {
        false
    }

    /// How many samples it has to draw at once, at most, in an epoch of `n_samples`: all, unless it says
    /// otherwise.
    fn n_at_once(&self, n_samples: usize) -> usize {
        n_samples
    }

    /// How many samples, or blocks of them, it remembers from one draw to the next.
    fn n_remembered(&self, _n_samples: usize) -> usize {
        0
    }

    /// Fills the front of `order` with the samples that come next in the epoch, which is not at its end, and
    /// returns how many these are. There is room for as many as it draws at once, or for all that are left.
    ///
    /// Everything random comes from `stream`, so that an epoch can be repeated from where the stream stood.
    /// How an epoch is cut into draws, which depends on the room, makes no difference.
    fn draw(&self, epoch: &mut Epoch, order: &mut [u32], stream: &mut Stream) -> usize;
}

/// The order of the file.
pub(super) struct InOrder;

impl Draw for InOrder {
    fn n_at_once(&self, n_samples: usize) -> usize {
        n_samples.min(PAGE)
    }

    fn draw(&self, epoch: &mut Epoch, order: &mut [u32], _: &mut Stream) -> usize {
        let order = epoch.room(order);
        let samples = epoch.n_drawn as u32..;
        order.iter_mut().zip(samples).for_each(|(place, sample)| *place = sample);
        order.len()
    }
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
        let mut epoch = Epoch::new(CLASSES.len(), classes(&CLASSES));
        (0..n).map(|_| epoch.all(sampling.rule(), &mut stream)).collect()
    }

    fn classes(of_samples: &[u32]) -> Classes {
        Classes::new(&of_samples.iter().copied().collect()).unwrap()
    }

    impl Epoch {
        /// The samples of a whole epoch.
        pub(super) fn all(&mut self, rule: &dyn Draw, stream: &mut Stream) -> Vec<u32> {
            self.begin();
            let mut order = vec![99; self.n_samples];
            let mut n = 0;
            while n < order.len() {
                n += self.draw(rule, &mut order[n..], stream);
            }
            order
        }
    }

    /// In the order of the file within each class; classes without samples are none.
    #[test]
    fn samples_are_sorted_by_class() {
        let sorted = classes(&CLASSES);
        assert_eq!(sorted.samples, [0, 2, 3, 5, 6, 7, 9, 11, 1, 4, 8, 10]);
        assert_eq!(sorted.starts, [0, 8, 12]);
        assert_eq!(classes(&[]).groups().len(), 0);
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
