//! What an optimizer minimises: a value and a gradient at a parameter vector.

use crate::data::{Prepared, Samples, TargetColumn};
use crate::experiment::Experiment;
use crate::losses::quality::{accuracy, r_squared};
use crate::losses::{Loss, Penalty, Targets};
use crate::math::Scalar;
use crate::math::team::Team;
use crate::models::{Layout, Network, Role};
use crate::surfaces::Surface;

/// Samples that pass through a network together. A larger batch, a full one for instance, is taken
/// in chunks of this many, so that memory does not grow with the data; the chunks' gradients are
/// added in order, weighted by their share.
pub(super) const CHUNK: usize = 2048;

/// Numbers that are worth waking another thread for when a batch is gathered.
const MIN_GATHERED_PER_THREAD: usize = 1 << 15;

/// The objective at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObjectiveValue<T> {
    /// The mean loss over the samples, or the height of the surface.
    pub loss: T,
    /// The penalty on the weights.
    pub penalty: T,
}

impl<T: Scalar> ObjectiveValue<T> {
    /// Loss and penalty together: what the gradient belongs to.
    pub fn total(self) -> T {
        self.loss + self.penalty
    }
}

/// The model's worth on a whole part of the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartValue<T> {
    /// The objective.
    pub value: ObjectiveValue<T>,
    /// Accuracy or R²; `None` for surfaces.
    pub quality: Option<f64>,
}

/// A function to be minimised.
pub trait Objective<T: Scalar>: Send {
    /// The value at `params` over the training samples with these indices (`None` for all, in
    /// order); overwrites `gradient`. Allocates nothing.
    fn value_and_gradient(
        &mut self,
        params: &[T],
        samples: Option<&[u32]>,
        gradient: &mut [T],
        team: &Team,
    ) -> ObjectiveValue<T>;

    /// The penalty alone.
    fn penalty(&self, _params: &[T]) -> T {
        T::ZERO
    }

    /// The value over a whole part of the data; `None` where there is no such part.
    fn evaluate(&mut self, params: &[T], part: EvaluatedPart, team: &Team) -> Option<PartValue<T>>;
}

/// A part of the data that can be evaluated whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvaluatedPart {
    /// The training part.
    Train,
    /// The validation part.
    Validation,
    /// The test part.
    Test,
}

/// A test surface as an objective: the parameters are its coordinates.
pub struct SurfaceObjective {
    surface: Surface,
}

impl SurfaceObjective {
    /// The objective of `surface`.
    pub fn new(surface: Surface) -> Self {
        Self { surface }
    }
}

impl<T: Scalar> Objective<T> for SurfaceObjective {
    fn value_and_gradient(
        &mut self,
        params: &[T],
        _: Option<&[u32]>,
        gradient: &mut [T],
        _: &Team,
    ) -> ObjectiveValue<T> {
        let loss = self.surface.rule::<T>().value_and_gradient(params, gradient);
        ObjectiveValue { loss, penalty: T::ZERO }
    }

    fn evaluate(&mut self, params: &[T], part: EvaluatedPart, _: &Team) -> Option<PartValue<T>> {
        (part == EvaluatedPart::Train).then(|| PartValue {
            value: ObjectiveValue {
                loss: self.surface.rule::<T>().value(params),
                penalty: T::ZERO,
            },
            quality: None,
        })
    }
}

/// Targets in the number type of the run.
enum OwnedTargets<T> {
    Numbers(Vec<T>),
    Classes(Vec<u32>),
}

impl<T: Scalar> OwnedTargets<T> {
    fn new(column: &TargetColumn) -> Self {
        match column {
            TargetColumn::Numbers(values) => {
                Self::Numbers(values.iter().map(|value| T::from_f64(*value)).collect())
            }
            TargetColumn::Classes(classes) => Self::Classes(classes.clone()),
        }
    }

    fn room_for(&self, n_samples: usize) -> Self {
        match self {
            Self::Numbers(_) => Self::Numbers(vec![T::ZERO; n_samples]),
            Self::Classes(_) => Self::Classes(vec![0; n_samples]),
        }
    }

    fn slice(&self, start: usize, end: usize) -> Targets<'_, T> {
        match self {
            Self::Numbers(values) => Targets::Numbers(&values[start..end]),
            Self::Classes(classes) => Targets::Classes(&classes[start..end]),
        }
    }

    fn gather(&mut self, from: &Self, samples: &[u32]) {
        match (self, from) {
            (Self::Numbers(to), Self::Numbers(from)) => {
                for (value, sample) in to.iter_mut().zip(samples) {
                    *value = from[*sample as usize];
                }
            }
            (Self::Classes(to), Self::Classes(from)) => {
                for (class, sample) in to.iter_mut().zip(samples) {
                    *class = from[*sample as usize];
                }
            }
            _ => unreachable!("both are made from the same column"),
        }
    }
}

/// A part of the data in the number type of the run.
struct OwnedSamples<T> {
    n_samples: usize,
    features: Vec<T>,
    targets: OwnedTargets<T>,
}

impl<T: Scalar> OwnedSamples<T> {
    fn new(samples: &Samples) -> Self {
        Self {
            n_samples: samples.rows.len(),
            features: samples.features.iter().map(|value| T::from_f64(*value)).collect(),
            targets: OwnedTargets::new(&samples.targets),
        }
    }
}

/// Data × model × loss + penalty as an objective.
pub struct DataObjective<T> {
    n_features: usize,
    n_outputs: usize,
    /// Samples taken at once for a gradient.
    chunk_size: usize,
    parts: [OwnedSamples<T>; 3],
    network: Box<dyn Network<T>>,
    loss: Loss,
    penalty: Penalty,
    weights: Vec<std::ops::Range<usize>>,
    batch: OwnedSamples<T>,
    output_gradient: Vec<T>,
    chunk_gradient: Vec<T>,
    /// All outputs of the part being evaluated, for measures that need them together.
    outputs: Vec<T>,
}

impl<T: Scalar> DataObjective<T> {
    /// The objective of an experiment on prepared data. `layout` and `n_outputs` are those of the
    /// model; `batch_size` is that of the largest batch, `micro_batch_size` how much of it is taken
    /// at once.
    pub fn new(
        experiment: &Experiment,
        data: &Prepared,
        layout: &Layout,
        n_outputs: usize,
        batch_size: usize,
        micro_batch_size: usize,
    ) -> Self {
        let n_features = data.n_features();
        let parts = [&data.train, &data.validation, &data.test].map(OwnedSamples::<T>::new);
        let most = parts.iter().map(|part| part.n_samples).max().unwrap_or(0);
        let chunk = micro_batch_size.min(CHUNK);
        let room = batch_size.min(chunk);
        let batch = OwnedSamples {
            n_samples: 0,
            features: vec![T::ZERO; room * n_features],
            targets: parts[0].targets.room_for(room),
        };
        let in_chunks = batch_size > chunk;
        Self {
            n_features,
            n_outputs,
            chunk_size: chunk,
            network: experiment.model.rule::<T>().build(n_features, n_outputs, CHUNK.min(most)),
            loss: experiment.loss.clone(),
            penalty: experiment.penalty,
            weights: layout
                .blocks()
                .iter()
                .filter(|block| block.role == Role::Weight)
                .map(|block| block.range.clone())
                .collect(),
            batch,
            output_gradient: vec![T::ZERO; room * n_outputs],
            chunk_gradient: if in_chunks { vec![T::ZERO; layout.n_params()] } else { Vec::new() },
            outputs: vec![T::ZERO; most * n_outputs],
            parts,
        }
    }

    /// The mean loss over one chunk: rows `start..end` of the training part, or the gathered batch.
    fn chunk(&mut self, params: &[T], chunk: Chunk<'_>, gradient: &mut [T], team: &Team) -> T {
        let (features, targets, n_samples) = match chunk {
            Chunk::Rows(start, end) => {
                let train = &self.parts[0];
                let features = &train.features[start * self.n_features..end * self.n_features];
                (features, train.targets.slice(start, end), end - start)
            }
            Chunk::Picked(samples) => {
                let width = self.n_features;
                let from = &self.parts[0].features;
                let batch = &mut self.batch.features[..samples.len() * width];
                let min_rows = MIN_GATHERED_PER_THREAD.div_ceil(width.max(1));
                team.for_each_rows(batch, width, min_rows, |first, rows| {
                    let rows = rows.chunks_exact_mut(width.max(1));
                    for (row, sample) in rows.zip(&samples[first..]) {
                        row.copy_from_slice(&from[*sample as usize * width..][..width]);
                    }
                });
                self.batch.targets.gather(&self.parts[0].targets, samples);
                let features = &self.batch.features[..samples.len() * width];
                (features, self.batch.targets.slice(0, samples.len()), samples.len())
            }
        };
        let outputs = self.network.forward(params, features, n_samples, team);
        let output_gradient = &mut self.output_gradient[..outputs.len()];
        let rule = self.loss.rule::<T>();
        let loss = rule.value(outputs, self.n_outputs, targets, Some(&mut *output_gradient));
        self.network.backward(params, features, output_gradient, gradient, team);
        loss
    }
}

/// Which training samples a chunk consists of.
enum Chunk<'a> {
    Rows(usize, usize),
    Picked(&'a [u32]),
}

impl<T: Scalar> Objective<T> for DataObjective<T> {
    fn value_and_gradient(
        &mut self,
        params: &[T],
        samples: Option<&[u32]>,
        gradient: &mut [T],
        team: &Team,
    ) -> ObjectiveValue<T> {
        let n_samples = samples.map_or(self.parts[0].n_samples, <[u32]>::len);
        let chunk_at = |start: usize, end: usize| match samples {
            Some(samples) => Chunk::Picked(&samples[start..end]),
            None => Chunk::Rows(start, end),
        };
        let mut loss;
        if n_samples <= self.chunk_size {
            loss = self.chunk(params, chunk_at(0, n_samples), gradient, team);
        } else {
            loss = T::ZERO;
            gradient.fill(T::ZERO);
            let mut part = std::mem::take(&mut self.chunk_gradient);
            let mut start = 0;
            while start < n_samples {
                let end = (start + self.chunk_size).min(n_samples);
                let share = T::from_f64((end - start) as f64 / n_samples as f64);
                loss += share * self.chunk(params, chunk_at(start, end), &mut part, team);
                for (total, more) in gradient.iter_mut().zip(&part) {
                    *total += share * *more;
                }
                start = end;
            }
            self.chunk_gradient = part;
        }
        let mut penalty = T::ZERO;
        if self.penalty != Penalty::Off {
            for range in &self.weights {
                let weights = &params[range.clone()];
                penalty += self.penalty.add_gradient(weights, &mut gradient[range.clone()]);
            }
        }
        ObjectiveValue { loss, penalty }
    }

    fn penalty(&self, params: &[T]) -> T {
        let mut penalty = T::ZERO;
        if self.penalty != Penalty::Off {
            for range in &self.weights {
                penalty += self.penalty.value(&params[range.clone()]);
            }
        }
        penalty
    }

    fn evaluate(&mut self, params: &[T], part: EvaluatedPart, team: &Team) -> Option<PartValue<T>> {
        let samples = &self.parts[part as usize];
        let n_samples = samples.n_samples;
        if n_samples == 0 {
            return None;
        }
        let mut loss = T::ZERO;
        let mut start = 0;
        while start < n_samples {
            let end = (start + CHUNK).min(n_samples);
            let features = &samples.features[start * self.n_features..end * self.n_features];
            let outputs = self.network.forward(params, features, end - start, team);
            let targets = samples.targets.slice(start, end);
            let share = T::from_f64((end - start) as f64 / n_samples as f64);
            loss += share * self.loss.rule::<T>().value(outputs, self.n_outputs, targets, None);
            self.outputs[start * self.n_outputs..end * self.n_outputs].copy_from_slice(outputs);
            start = end;
        }
        let outputs = &self.outputs[..n_samples * self.n_outputs];
        let quality = match &samples.targets {
            OwnedTargets::Classes(classes) => accuracy(outputs, self.n_outputs, classes),
            OwnedTargets::Numbers(numbers) => r_squared(outputs, numbers),
        };
        let value = ObjectiveValue { loss, penalty: self.penalty(params) };
        Some(PartValue { value, quality: Some(quality) })
    }
}
