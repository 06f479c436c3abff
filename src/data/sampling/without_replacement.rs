use super::{Classes, Draw};
use crate::math::random::Stream;

crate::settings! {
    /// Every epoch sees each sample once, in a new random order: the usual way.
    ///
    /// ```text
    /// an epoch = a permutation of 1 … n, all alike likely
    /// ```
    ///
    /// The order is drawn afresh from that of the file, not from the order of the epoch before.
    ///
    /// Reference: R. A. Fisher & F. Yates, Statistical tables for biological, agricultural and
    /// medical research, 1938.
    pub struct WithoutReplacement("Without replacement") {}
}

impl Draw for WithoutReplacement {
    fn draw(&self, order: &mut [u32], _: &mut Classes, stream: &mut Stream) {
        order.iter_mut().zip(0..).for_each(|(sample, index)| *sample = index);
        stream.shuffle(order);
    }
}
