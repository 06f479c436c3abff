//! The order in which samples are seen.

use serde::{Deserialize, Serialize};

use super::sampling::{Classes, Draw, Epoch, InOrder, Sampling};
use crate::math::random::{Purpose, Stream};

/// How many samples make one gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Batch {
    /// All of the training part: classic gradient descent.
    Full,
    /// This many, the last of an epoch smaller where it does not divide.
    Mini(usize),
    /// One: stochastic gradient descent.
    Stochastic,
}

impl Batch {
    /// Samples in a batch when the training part has `n_samples`.
    pub fn size(&self, n_samples: usize) -> usize {
        match *self {
            Self::Full => n_samples,
            Self::Mini(size) => size.min(n_samples),
            Self::Stochastic => 1,
        }
    }
}

/// Deals the samples of the training part in batches, epoch after epoch.
///
/// What an epoch is made of is drawn by a [`Sampling`], from the position of the random stream alone,
/// so an epoch can be repeated. Without one the order is that of the file and nothing is drawn. Of an
/// epoch only what a rule has to draw at once is kept, beside one batch.
///
/// ```
/// use descent::data::BatchOrder;
/// let mut order = BatchOrder::in_order(5, 2);
/// assert_eq!(order.next_batch(), [0, 1]);
/// assert_eq!(order.next_batch(), [2, 3]);
/// assert_eq!(order.next_batch(), [4]);
/// assert_eq!(order.next_batch(), [0, 1]);
/// assert_eq!(order.epoch(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct BatchOrder {
    /// Room for a batch and for what a rule draws at once.
    order: Vec<u32>,
    /// Of it, the samples that are drawn and not dealt yet.
    next: usize,
    end: usize,
    n_samples: usize,
    batch_size: usize,
    sampling: Option<Sampling>,
    drawn: Epoch,
    stream: Stream,
    /// Where the stream stood before this epoch was drawn.
    epoch_start: u64,
    epoch: u64,
    n_dealt: usize,
}

/// Where a [`BatchOrder`] stands, for checkpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchPosition {
    /// Epochs completed before the current one.
    pub epoch: u64,
    /// Samples of the current epoch already dealt.
    pub n_dealt: u64,
    /// Where the random stream stood before the current epoch's order was drawn.
    pub stream_position: u64,
}

impl BatchOrder {
    /// Starts the first epoch over `n_samples` (up to 2³¹) samples for one seed, dealt `batch_size` at
    /// a time. `classes` are those of the samples, for a sampling that needs them.
    ///
    /// # Panics
    /// Where there are no samples, a batch has none, or there are more than 2³¹: the experiment's
    /// validation and [`prepare`](super::prepare::prepare) let none of these through.
    pub fn new(
        n_samples: usize,
        batch_size: usize,
        sampling: Sampling,
        classes: Classes,
        seed: u64,
    ) -> Self {
        Self::with(n_samples, batch_size, Some(sampling), classes, seed)
    }

    /// As [`new`](Self::new), in the order of the file.
    pub fn in_order(n_samples: usize, batch_size: usize) -> Self {
        Self::with(n_samples, batch_size, None, Classes::default(), 0)
    }

    fn with(
        n_samples: usize,
        batch_size: usize,
        sampling: Option<Sampling>,
        classes: Classes,
        seed: u64,
    ) -> Self {
        let batch_size = batch_size.min(n_samples);
        assert!(batch_size > 0, "a batch of no samples");
        assert!(n_samples <= 1 << 31, "more than 2³¹ samples");
        let room = room(n_samples, batch_size, rule(sampling.as_ref()));
        let mut order = Self {
            order: vec![0; room],
            next: 0,
            end: 0,
            n_samples,
            batch_size,
            sampling,
            drawn: Epoch::new(n_samples, classes),
            stream: Stream::new(seed, Purpose::Shuffling),
            epoch_start: 0,
            epoch: 0,
            n_dealt: 0,
        };
        order.begin_epoch();
        order
    }

    /// The bytes that an order takes, whatever its samples are.
    pub fn n_bytes(n_samples: usize, batch_size: usize, sampling: Option<&Sampling>) -> u64 {
        let rule = rule(sampling);
        let n = room(n_samples, batch_size, rule) + rule.n_remembered(n_samples);
        (n * size_of::<u32>()) as u64
    }

    /// Indices (in the training part) of the next batch; begins the next epoch where one is done.
    #[inline]
    pub fn next_batch(&mut self) -> &[u32] {
        if self.n_dealt == self.n_samples {
            self.epoch += 1;
            self.begin_epoch();
        }
        let size = self.batch_size.min(self.n_samples - self.n_dealt);
        if self.end - self.next < size {
            self.draw(size);
        }
        let start = self.next;
        self.next += size;
        self.n_dealt += size;
        &self.order[start..self.next]
    }

    /// Epochs completed before the one of the latest batch.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Samples in a batch, but for the last of an epoch.
    pub fn batch_size(&self) -> usize {
        self.batch_size
    }

    /// Batches in an epoch.
    pub fn n_batches(&self) -> usize {
        self.n_samples.div_ceil(self.batch_size)
    }

    /// Where the order stands.
    pub fn position(&self) -> BatchPosition {
        BatchPosition {
            epoch: self.epoch,
            n_dealt: self.n_dealt as u64,
            stream_position: self.epoch_start,
        }
    }

    /// Goes to a [`position`](Self::position) of an order with the same samples and seed.
    pub fn set_position(&mut self, position: BatchPosition) {
        self.epoch = position.epoch;
        self.stream.set_position(position.stream_position);
        self.begin_epoch();
        let n_dealt = position.n_dealt.min(self.n_samples as u64) as usize;
        while self.n_dealt < n_dealt {
            if self.next == self.end {
                self.draw(1);
            }
            let n = (n_dealt - self.n_dealt).min(self.end - self.next);
            self.next += n;
            self.n_dealt += n;
        }
    }

    /// Begins an epoch from where the stream stands.
    fn begin_epoch(&mut self) {
        self.epoch_start = self.stream.position();
        self.drawn.begin();
        (self.next, self.end, self.n_dealt) = (0, 0, 0);
        // Rules make the room that they need when they first draw.
        self.draw(1);
    }

    /// Draws until at least `n` samples are there: what is left moves to the front.
    fn draw(&mut self, n: usize) {
        self.order.copy_within(self.next..self.end, 0);
        (self.next, self.end) = (0, self.end - self.next);
        let rule = rule(self.sampling.as_ref());
        while self.end < n {
            self.end += self.drawn.draw(rule, &mut self.order[self.end..], &mut self.stream);
        }
    }
}

fn rule(sampling: Option<&Sampling>) -> &dyn Draw {
    sampling.map_or(&InOrder, Sampling::rule)
}

/// How many samples are kept: those drawn at once, behind what is left of less than a batch.
fn room(n_samples: usize, batch_size: usize, rule: &dyn Draw) -> usize {
    (batch_size.max(1) - 1).saturating_add(rule.n_at_once(n_samples)).min(n_samples)
}
