use super::{Draw, Epoch};
use crate::math::random::Stream;

crate::settings! {
    /// Every epoch sees each sample once, in a new random order: the usual way.
    ///
    /// ```text
    /// an epoch = a permutation of 1 … n, all alike likely
    /// ```
    ///
    /// `n` is the number of training samples. As PyTorch's `RandomSampler`. The order is drawn
    /// afresh from that of the file, not from the order of the epoch before. It is kept in memory, 4 bytes
    /// for each sample.
    ///
    /// When to use: training in general: it makes the best use of an epoch and converges faster
    /// than draws with replacement. Leave it only for classes of very different sizes, or to follow
    /// a theory that assumes independent draws.
    ///
    /// Reference: R. A. Fisher & F. Yates, Statistical tables for biological, agricultural and
    /// medical research, 1938.
    pub struct WithoutReplacement("Without replacement") {}
}

impl Draw for WithoutReplacement {
    fn draw(&self, epoch: &mut Epoch, order: &mut [u32], stream: &mut Stream) -> usize {
        let order = epoch.room(order);
        order.iter_mut().zip(0..).for_each(|(sample, index)| *sample = index);
        stream.shuffle(order);
        order.len()
    }
}
