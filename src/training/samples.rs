//! Parts of the data in the number type of a run, and what is gathered of them for a batch. Whatever there
//! is of each sample, features, target or weight, may be in memory or in a file.

use super::objective::CHUNK;
use super::sample_weights::Weights;
use crate::data::store::{Kept, Reading, Rows};
use crate::data::{BatchOrder, Samples, Sampling, TargetColumn};
use crate::experiment::Experiment;
use crate::losses::Targets;
use crate::losses::quality::add_squared_errors;
use crate::math::Scalar;
use crate::math::team::Team;

/// The targets of a part.
enum TargetRows<T> {
    Numbers(Rows<T>),
    Classes(Rows<u32, u32>),
}

impl<T: Scalar> TargetRows<T> {
    fn new(column: &TargetColumn, kept: Option<Kept>) -> Self {
        match column {
            TargetColumn::Numbers(values) => Self::Numbers(Rows::new(values, 1, CHUNK, kept)),
            TargetColumn::Classes(classes) => Self::Classes(Rows::new(classes, 1, CHUNK, kept)),
        }
    }

    fn range(&mut self, start: usize, end: usize, team: &Team) -> Targets<'_, T> {
        match self {
            Self::Numbers(rows) => Targets::Numbers(rows.range(start, end, team)),
            Self::Classes(rows) => Targets::Classes(rows.range(start, end, team)),
        }
    }

    #[inline]
    fn gather(&mut self, samples: &[u32], to: &mut GatheredTargets<T>, team: &Team) {
        match (self, to) {
            (Self::Numbers(from), GatheredTargets::Numbers(to)) => {
                from.gather(samples, &mut to[..samples.len()], team);
            }
            (Self::Classes(from), GatheredTargets::Classes(to)) => {
                from.gather(samples, &mut to[..samples.len()], team);
            }
            _ => unreachable!("both are made from the same column"),
        }
    }
}

/// Targets that were gathered.
#[derive(Clone)]
pub(super) enum GatheredTargets<T> {
    Numbers(Vec<T>),
    Classes(Vec<u32>),
}

impl<T: Scalar> GatheredTargets<T> {
    /// The first of them.
    #[inline]
    pub(super) fn first(&self, n_samples: usize) -> Targets<'_, T> {
        match self {
            Self::Numbers(values) => Targets::Numbers(&values[..n_samples]),
            Self::Classes(classes) => Targets::Classes(&classes[..n_samples]),
        }
    }
}

/// A part of the data in the number type of the run.
pub(super) struct OwnedSamples<T> {
    pub(super) n_samples: usize,
    pub(super) features: Rows<T>,
    targets: TargetRows<T>,
    weights: Weights<T>,
    /// How much all samples count together.
    pub(super) total_weight: f64,
    /// The sum over all samples of `(yᵢ − ȳ)²`; 0 for classes.
    pub(super) variance: f64,
}

/// Samples that were gathered for a gradient.
#[derive(Clone)]
pub(super) struct Gathered<T> {
    pub(super) features: Vec<T>,
    pub(super) targets: GatheredTargets<T>,
    /// How much each sample counts; empty where all count alike.
    pub(super) weights: Vec<T>,
}

impl<T: Scalar> Gathered<T> {
    /// Features, `width` of each, targets and, unless all count alike, weights of the first samples.
    #[inline]
    pub(super) fn first(
        &self,
        n_samples: usize,
        width: usize,
    ) -> (&[T], Targets<'_, T>, Option<&[T]>) {
        let weights = (!self.weights.is_empty()).then(|| &self.weights[..n_samples]);
        (&self.features[..n_samples * width], self.targets.first(n_samples), weights)
    }
}

/// How samples are gathered.
#[derive(Clone, Copy)]
pub(super) struct Gathering {
    /// How the part is gone through.
    reading: Reading,
    /// Bytes that the order of the samples takes.
    pub(super) order_bytes: u64,
}

impl Gathering {
    /// That of the training part, of `n_samples` dealt `batch_size` at a time.
    pub(super) fn new(experiment: &Experiment, n_samples: usize, batch_size: usize) -> Self {
        let reading = match &experiment.sampling {
            _ if !experiment.shuffle => Reading::InOrder,
            Sampling::Blocks(blocks) => {
                Reading::Blocks { block: blocks.block, window: blocks.window }
            }
            _ => Reading::Anywhere,
        };
        let sampling = experiment.shuffle.then_some(&experiment.sampling);
        let is_dealt = batch_size < n_samples || !experiment.sampling.is_usual();
        let order_bytes = match is_dealt {
            true => BatchOrder::n_bytes(n_samples, batch_size, sampling),
            false => 0,
        };
        Self { reading, order_bytes }
    }

    /// What is kept in memory of features, targets and weights, of which a row in a file takes so many bytes,
    /// where all have `memory` bytes together with the order.
    fn kept(self, memory: u64, n_rows: usize, row_bytes: [u64; 3]) -> [Option<Kept>; 3] {
        let memory = memory.saturating_sub(self.order_bytes);
        if self.reading != Reading::Anywhere {
            // The same blocks of each: each has the share of its width.
            let together = row_bytes.iter().sum::<u64>() as usize;
            return [Kept::new(memory, n_rows, together, self.reading); 3];
        }
        // One is of use only whole: the narrowest first.
        let (mut kept, mut left) = ([None; 3], memory);
        let mut by_width = [0, 1, 2];
        by_width.sort_by_key(|index| row_bytes[*index]);
        for index in by_width.into_iter().filter(|index| row_bytes[*index] > 0) {
            kept[index] = Kept::new(left, n_rows, row_bytes[index] as usize, self.reading);
            let n_kept = kept[index].map_or(0, |kept| kept.n_rows() as u64);
            left = left.saturating_sub(n_kept * row_bytes[index]);
        }
        kept
    }
}

impl<T: Scalar> OwnedSamples<T> {
    /// `class_weights` are those of the classes, if they have any; `gathering` is how samples are
    /// gathered, if they are.
    ///
    /// # Panics
    /// Where a temporary file can no longer be read, as in everything that reads samples.
    pub(super) fn new(
        samples: &Samples,
        n_features: usize,
        class_weights: Option<&[f64]>,
        gathering: Option<Gathering>,
    ) -> Self {
        let n_samples = samples.n_samples();
        let row_bytes = [
            samples.features.memory().map(|_| n_features * size_of::<T>()),
            match &samples.targets {
                TargetColumn::Numbers(values) => values.memory().map(|_| size_of::<T>()),
                TargetColumn::Classes(classes) => classes.memory().map(|_| size_of::<u32>()),
            },
            samples.weights.memory().map(|_| size_of::<f64>()),
        ];
        let row_bytes = row_bytes.map(|bytes| bytes.unwrap_or(0) as u64);
        let memory = memory(samples).unwrap_or(0);
        let kept = gathering.map(|gathering| gathering.kept(memory, n_samples, row_bytes));
        let [of_features, of_targets, of_weights] = kept.unwrap_or_default();
        let mut made = Self {
            n_samples,
            features: Rows::new(&samples.features, n_features, CHUNK, of_features),
            targets: TargetRows::new(&samples.targets, of_targets),
            weights: Weights::new(samples, class_weights, of_weights),
            total_weight: 0.0,
            variance: 0.0,
        };
        made.sum_up();
        made
    }

    /// Finds out what is the same in every evaluation.
    fn sum_up(&mut self) {
        let (team, n) = (Team::solo(), self.n_samples);
        let pages = || (0..n).step_by(CHUNK).map(|start| (start, (start + CHUNK).min(n)));
        for (start, end) in pages() {
            let targets = self.targets.range(start, end, &team);
            match self.weights.range(start, end, targets, &team) {
                Some(weights) => weights.iter().for_each(|w| self.total_weight += w.to_f64()),
                None => self.total_weight += (end - start) as f64,
            }
        }
        if let TargetRows::Numbers(rows) = &mut self.targets {
            let mut sum = 0.0;
            for (start, end) in pages() {
                rows.range(start, end, &team).iter().for_each(|y| sum += y.to_f64());
            }
            let mean = sum / n as f64;
            for (start, end) in pages() {
                let targets = rows.range(start, end, &team);
                let means = std::iter::repeat(mean);
                self.variance = add_squared_errors(self.variance, targets, means);
            }
        }
    }

    /// Room for so many gathered samples.
    pub(super) fn room_for(&self, n_samples: usize, n_features: usize) -> Gathered<T> {
        Gathered {
            features: vec![T::ZERO; n_samples * n_features],
            targets: match &self.targets {
                TargetRows::Numbers(_) => GatheredTargets::Numbers(vec![T::ZERO; n_samples]),
                TargetRows::Classes(_) => GatheredTargets::Classes(vec![0; n_samples]),
            },
            weights: vec![T::ZERO; if self.weights.are_alike() { 0 } else { n_samples }],
        }
    }

    /// Features, targets and, unless all count alike, weights of the samples `start..end`, at most
    /// [`CHUNK`].
    pub(super) fn range(
        &mut self,
        start: usize,
        end: usize,
        team: &Team,
    ) -> (&[T], Targets<'_, T>, Option<&[T]>) {
        let targets = self.targets.range(start, end, team);
        let weights = self.weights.range(start, end, targets, team);
        (self.features.range(start, end, team), targets, weights)
    }

    /// Copies targets and weights of these samples, at most [`CHUNK`], to `targets` and `weights`.
    #[inline]
    pub(super) fn gather_targets(
        &mut self,
        samples: &[u32],
        targets: &mut GatheredTargets<T>,
        weights: &mut [T],
        team: &Team,
    ) {
        self.targets.gather(samples, targets, team);
        self.weights.gather(samples, targets, weights, team);
    }

    /// How much these samples count together: their weights, or their number. `room` is for some of them.
    pub(super) fn weight_of(
        &mut self,
        samples: &[u32],
        room: &mut Gathered<T>,
        team: &Team,
    ) -> f64 {
        let mut total = 0.0;
        match &self.weights {
            Weights::Alike => return samples.len() as f64,
            Weights::Memory(weights) => {
                samples.iter().for_each(|sample| total += weights[*sample as usize].to_f64());
                return total;
            }
            Weights::Product(_) => {}
        }
        for samples in samples.chunks(room.weights.len().max(1)) {
            self.gather_targets(samples, &mut room.targets, &mut room.weights, team);
            room.weights[..samples.len()].iter().for_each(|weight| total += weight.to_f64());
        }
        total
    }
}

/// Bytes of samples that may be in memory at a time; `None` where all are.
pub(super) fn memory(samples: &Samples) -> Option<u64> {
    let of_targets = match &samples.targets {
        TargetColumn::Numbers(values) => values.memory(),
        TargetColumn::Classes(classes) => classes.memory(),
    };
    [samples.features.memory(), of_targets, samples.weights.memory()].into_iter().flatten().min()
}
