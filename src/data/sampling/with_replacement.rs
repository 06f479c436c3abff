use super::{Draw, Epoch, PAGE};
use crate::math::random::Stream;

crate::settings! {
    /// Every sample is drawn from all of them: some come several times in an epoch, about 37 in 100
    /// not at all. What the theory of stochastic gradient descent assumes.
    ///
    /// ```text
    /// P(sample i) = 1/n            for each place of each batch
    /// ```
    ///
    /// An epoch is `n` draws, with `n` the number of training samples. As PyTorch's `RandomSampler`
    /// with `replacement=True`.
    ///
    /// When to use: experiments that are to agree with theory: noise levels, convergence rates,
    /// averages. For results take sampling without replacement, which needs fewer epochs; on large
    /// sets the difference is small.
    ///
    /// Reference: H. Robbins & S. Monro, A stochastic approximation method, 1951.
    pub struct WithReplacement("With replacement") {}
}

impl Draw for WithReplacement {
    fn n_at_once(&self, n_samples: usize) -> usize {
        n_samples.min(PAGE)
    }

    fn draw(&self, epoch: &mut Epoch, order: &mut [u32], stream: &mut Stream) -> usize {
        let order = epoch.room(order);
        order.fill_with(|| stream.below(epoch.n_samples as u32));
        order.len()
    }
}
