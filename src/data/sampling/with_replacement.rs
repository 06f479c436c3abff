use super::{Classes, Draw};
use crate::math::random::Stream;

crate::settings! {
    /// Every sample is drawn from all of them: some come several times in an epoch, about 37 in 100
    /// not at all. What the theory of stochastic gradient descent assumes.
    ///
    /// ```text
    /// P(sample i) = 1/n            for each place of each batch
    /// ```
    ///
    /// An epoch is `n` draws.
    ///
    /// Reference: H. Robbins & S. Monro, A stochastic approximation method, 1951.
    pub struct WithReplacement("With replacement") {}
}

impl Draw for WithReplacement {
    fn draw(&self, order: &mut [u32], _: &mut Classes, stream: &mut Stream) {
        let n = order.len() as u32;
        order.fill_with(|| stream.below(n));
    }
}
