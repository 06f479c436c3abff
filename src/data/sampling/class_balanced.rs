use super::{Draw, Epoch, PAGE};
use crate::math::random::Stream;

crate::settings! {
    /// Every class is as likely as any other, however rare: its samples come more often. For data
    /// with few samples of the class that matters.
    ///
    /// ```text
    /// P(sample i) = 1/(k n_c)            k classes, n_c samples in the class of i
    /// ```
    ///
    /// An epoch is `n` draws, with replacement, `n` the number of training samples. For classes
    /// only. What is evaluated stays as it is in the data. The same as PyTorch's
    /// `WeightedRandomSampler` with the weights `1/n_c`. A list of the samples of each class is kept in
    /// memory, 4 bytes for each sample, also where the samples are in a file.
    ///
    /// When to use: data in which one class is ten or more times as frequent as the one that
    /// matters. Rare samples are repeated often, so watch for overfitting; and predicted
    /// probabilities are too high for rare classes, so not where they are read. Class weights in
    /// the loss are the calmer alternative.
    ///
    /// Reference: H. He & E. A. Garcia, Learning from imbalanced data, 2009.
    pub struct ClassBalanced("Class-balanced") {}
}

impl Draw for ClassBalanced {
    fn needs_classes(&self) -> bool {
        true
    }

    fn n_at_once(&self, n_samples: usize) -> usize {
        n_samples.min(PAGE)
    }

    fn n_remembered(&self, n_samples: usize) -> usize {
        n_samples
    }

    fn draw(&self, epoch: &mut Epoch, order: &mut [u32], stream: &mut Stream) -> usize {
        let order = epoch.room(order);
        let classes = &epoch.classes;
        let n_classes = classes.groups().len() as u32;
        for place in &mut *order {
            let class = stream.below(n_classes) as usize;
            let group = &classes.samples[classes.starts[class]..classes.starts[class + 1]];
            *place = group[stream.below(group.len() as u32) as usize];
        }
        order.len()
    }
}
