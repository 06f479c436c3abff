use super::{Draw, Epoch};
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Every epoch sees each sample once, in an order that jumps about little: blocks of neighbouring
    /// samples come in random order, and a few blocks at a time are mixed with one another. For
    /// files larger than memory, which can be read block by block.
    ///
    /// ```text
    /// an epoch = a permutation of ⌈n/b⌉ blocks, w at a time; a permutation of the samples of each w
    /// ```
    ///
    /// `n` is the number of training samples, `b` the samples of a block, `w` the blocks that are
    /// mixed. The order is the same wherever the samples are kept. As the shuffle buffer of
    /// TensorFlow's `Dataset.shuffle`, but drawn anew by blocks and without a preference for early
    /// samples. With one block for all, or all blocks mixed, it is sampling without replacement. Of the
    /// order only the samples that are mixed are kept in memory, and the permutation of the blocks.
    ///
    /// When to use: tables that are kept in a file because of the source's limit `memory`. Where
    /// everything is in memory, sampling without replacement mixes better for the same time. A
    /// file that is sorted, by class or by time, needs many blocks at a time.
    ///
    /// Reference: Q. Meng et al., Convergence analysis of distributed stochastic gradient descent with
    /// shuffling, 2019.
    pub struct Blocks("Blocks") {
        /// Neighbouring samples that stay together.
        block("b"): usize = 1024, Bounds::closed(1.0, 16_777_216.0);
        /// Blocks that are mixed with one another; they have to fit into memory together.
        window("w"): usize = 16, Bounds::closed(1.0, 65_536.0);
    }
}

impl Draw for Blocks {
    fn n_at_once(&self, n_samples: usize) -> usize {
        self.block.saturating_mul(self.window).min(n_samples)
    }

    fn n_remembered(&self, n_samples: usize) -> usize {
        n_samples.div_ceil(self.block.max(1))
    }

    fn draw(&self, epoch: &mut Epoch, order: &mut [u32], stream: &mut Stream) -> usize {
        let (n, block) = (epoch.n_samples, self.block.clamp(1, epoch.n_samples.max(1)));
        if epoch.n_drawn == 0 {
            epoch.blocks.clear();
            epoch.blocks.extend(0..n.div_ceil(block) as u32);
            stream.shuffle(&mut epoch.blocks);
        }
        // Also where the short block, the last of the file, is among those that were.
        let n_blocks_drawn = epoch.n_drawn.div_ceil(block);
        let mut end = 0;
        for index in epoch.blocks[n_blocks_drawn..].iter().take(self.window) {
            let first = *index as usize * block;
            let samples = first as u32..(first + block).min(n) as u32;
            let start = end;
            end += samples.len();
            order[start..end].iter_mut().zip(samples).for_each(|(to, sample)| *to = sample);
        }
        stream.shuffle(&mut order[..end]);
        end
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::Classes;
    use super::*;
    use crate::math::random::Purpose;

    fn draw(rule: Blocks, n: usize, seed: u64) -> Vec<u32> {
        let mut stream = Stream::new(seed, Purpose::Shuffling);
        Epoch::new(n, Classes::default()).all(&rule, &mut stream)
    }

    #[test]
    fn each_sample_comes_once_and_a_window_has_few_blocks() {
        for (n, block, window) in
            [(0, 3, 2), (1, 5, 1), (100, 7, 3), (100, 10, 4), (9, 1, 4), (50, 50, 1), (12, 5, 9)]
        {
            for seed in 0..20 {
                let order = draw(Blocks { block, window }, n, seed);
                let mut sorted = order.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, (0..n as u32).collect::<Vec<_>>(), "{n} {block} {window}");
                // Windows are closed: a new block comes only where the blocks before are used up.
                let (mut open, mut seen) = (BTreeSet::new(), 0);
                for sample in order {
                    open.insert(sample as usize / block);
                    seen += 1;
                    let size = |index: &usize| block.min(n - index * block);
                    assert!(open.len() <= window, "{n} {block} {window}");
                    if open.iter().map(size).sum::<usize>() == seen && open.len() == window {
                        open.clear();
                        seen = 0;
                    }
                }
            }
        }
    }

    /// One block, or all mixed: each of the 24 orders of four comes 400 times in 9,600 draws, with a
    /// standard deviation of 20.
    #[test]
    fn where_all_are_mixed_all_orders_are_as_likely() {
        for (block, window) in [(4, 1), (1, 4), (3, 2), (2, 7)] {
            let mut counts = std::collections::BTreeMap::new();
            for seed in 0..9_600 {
                *counts.entry(draw(Blocks { block, window }, 4, seed)).or_insert(0) += 1;
            }
            assert_eq!(counts.len(), 24);
            assert!(counts.values().all(|n: &i32| (n - 400).abs() < 100), "{counts:?}");
        }
    }
}
