use super::{Classes, Draw, Epoch, PAGE};
use crate::math::random::Stream;

crate::settings! {
    /// Every epoch sees each sample once, with the classes spread evenly: every batch has the shares
    /// of the whole, as nearly as whole samples can. Steadies the gradients of small batches where
    /// some classes are rare.
    ///
    /// ```text
    /// the j-th sample of class c stands at (2j − 1)/(2n_c) of the epoch, j = 1 … n_c
    /// ```
    ///
    /// `n_c` is how many training samples have class `c`. Which sample of a class is the j-th is
    /// drawn afresh for each epoch. For classes only; PyTorch has no such sampler. Two lists of the samples
    /// by class are kept in memory, 8 bytes for each sample, also where the samples are in a file.
    ///
    /// When to use: classification with small batches, or with classes so rare that many batches
    /// would have none of them. It leaves the shares as they are; to give rare classes more say,
    /// take class-balanced sampling. With batches of hundreds it changes little.
    ///
    /// Reference: P. Zhao & T. Zhang, Accelerating minibatch stochastic gradient descent using
    /// stratified sampling, 2014.
    pub struct Stratified("Stratified") {}
}

impl Draw for Stratified {
    fn needs_classes(&self) -> bool {
        true
    }

    fn n_at_once(&self, n_samples: usize) -> usize {
        n_samples.min(PAGE)
    }

    fn n_remembered(&self, n_samples: usize) -> usize {
        2 * n_samples
    }

    fn draw(&self, epoch: &mut Epoch, order: &mut [u32], stream: &mut Stream) -> usize {
        let order = epoch.room(order);
        let Classes { samples, starts, drawn, placed } = &mut epoch.classes;
        if epoch.n_drawn == 0 {
            drawn.clone_from(samples);
            for ends in starts.windows(2) {
                stream.shuffle(&mut drawn[ends[0]..ends[1]]);
            }
            placed.fill(0);
        }
        for place in &mut *order {
            // Where the next sample of a class stands, as a fraction of whole numbers below 2³².
            let stand = |class: &usize| {
                let n = starts[class + 1] - starts[*class];
                (2 * placed[*class] as u64 + 1, n as u64)
            };
            let waiting = (0..placed.len()).filter(|class| placed[*class] < stand(class).1 as usize);
            let next = waiting.min_by(|a, b| {
                let ((above_a, below_a), (above_b, below_b)) = (stand(a), stand(b));
                (above_a * below_b).cmp(&(above_b * below_a))
            });
            let class = next.expect("an epoch has as many places as samples");
            *place = drawn[starts[class] + placed[class]];
            placed[class] += 1;
        }
        order.len()
    }
}
