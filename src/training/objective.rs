//! What an optimizer minimises: a value and a gradient at a parameter vector.

use super::augmented::{Augmented, Places};
use super::sample_weights::class_weights;
use super::samples::{Gathered, Gathering, OwnedSamples};
use crate::data::Prepared;
use crate::data::store::unreadable;
use crate::experiment::Experiment;
use crate::losses::quality::{add_squared_errors, explained, n_correct};
use crate::losses::{Loss, Penalty, Samples, Targets};
use crate::math::Scalar;
use crate::math::team::Team;
use crate::models::{Layout, Network, Role};
use crate::surfaces::{Observation, Surface};

/// Samples that pass through a network together. A larger batch, a full one for instance, is taken
/// in chunks of this many, so that memory does not grow with the data; the chunks' gradients are
/// added in order, weighted by their share.
pub(super) const CHUNK: usize = 2048;

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

    /// Says which step the coming evaluations belong to.
    fn begin_step(&mut self, _step: u64) {}

    /// Whether the same parameters and samples give the same value and gradient again.
    fn is_exact(&self) -> bool {
        true
    }

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
    observation: Option<Observation>,
}

impl SurfaceObjective {
    /// The objective of `surface`.
    pub fn new(surface: Surface) -> Self {
        Self { surface, observation: None }
    }

    /// The same, seen through noise of this standard deviation; 0 for none. Evaluations of the whole
    /// ([`Objective::evaluate`]) stay without.
    pub fn observed(self, noise: f64, seed: u64) -> Self {
        let observation = (noise > 0.0).then(|| Observation::new(noise, seed));
        Self { observation, ..self }
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
        let mut loss = self.surface.rule::<T>().value_and_gradient(params, gradient);
        if let Some(observation) = &mut self.observation {
            loss = observation.add(loss, gradient);
        }
        ObjectiveValue { loss, penalty: T::ZERO }
    }

    fn begin_step(&mut self, step: u64) {
        if let Some(observation) = &mut self.observation {
            observation.begin_step(step);
        }
    }

    fn is_exact(&self) -> bool {
        self.observation.is_none()
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
    batch: Gathered<T>,
    /// How the samples of a batch are changed; `None` where they are not.
    augmented: Option<Augmented<T>>,
    output_gradient: Vec<T>,
    chunk_gradient: Vec<T>,
    /// What the outputs of some samples predict; empty for classes.
    predictions: Vec<T>,
}

impl<T: Scalar> DataObjective<T> {
    /// The objective of an experiment on prepared data. `layout` and `n_outputs` are those of the
    /// model; `batch_size` is that of the largest batch, `micro_batch_size` how much of it is taken
    /// at once. `seed` is that of the changes to samples, where there are any.
    ///
    /// # Panics
    /// Where a temporary file with samples can no longer be read, as in everything that reads them.
    pub fn new(
        experiment: &Experiment,
        data: &Prepared,
        layout: &Layout,
        n_outputs: usize,
        batch_size: usize,
        micro_batch_size: usize,
        seed: u64,
    ) -> Self {
        let n_features = data.n_features();
        let class_weights =
            class_weights(experiment, data).unwrap_or_else(|error| unreadable(&error));
        let gathering = Gathering::new(experiment, data.train.n_samples(), batch_size);
        let parts = [(&data.train, Some(gathering)), (&data.validation, None), (&data.test, None)]
            .map(|(part, gathering)| {
                OwnedSamples::<T>::new(part, n_features, class_weights.as_deref(), gathering)
            });
        let most = parts.iter().map(|part| part.n_samples).max().unwrap_or(0);
        let chunk = micro_batch_size.min(CHUNK);
        let room = batch_size.min(chunk);
        let batch = parts[0].room_for(room, n_features);
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
            augmented: Augmented::new(experiment, data, seed, batch_size, &batch, n_outputs),
            batch,
            output_gradient: vec![T::ZERO; room * n_outputs],
            chunk_gradient: if in_chunks { vec![T::ZERO; layout.n_params()] } else { Vec::new() },
            predictions: match data.is_classification() {
                true => Vec::new(),
                false => vec![T::ZERO; CHUNK.min(most) * n_outputs],
            },
            parts,
        }
    }

    /// The mean loss over one chunk: rows `start..end` of the training part, or the gathered batch; and how
    /// much the chunk counts. Where samples are mixed, the loss has its share of the `whole` batch already,
    /// unless it is all of it.
    fn chunk(
        &mut self,
        params: &[T],
        chunk: Chunk<'_>,
        whole: Option<f64>,
        gradient: &mut [T],
        team: &Team,
    ) -> (T, f64) {
        let (width, train, batch) = (self.n_features, &mut self.parts[0], &mut self.batch);
        let n_samples = chunk.n_samples();
        let (features, targets, weights) = match chunk {
            Chunk::Rows(start, end) => train.range(start, end, team),
            Chunk::Picked(samples) => {
                let Gathered { features, targets, weights } = &mut *batch;
                train.features.gather(samples, &mut features[..n_samples * width], team);
                train.gather_targets(samples, targets, weights, team);
                batch.first(n_samples, width)
            }
            Chunk::Changed(places) => {
                if let Some(augmented) = &mut self.augmented {
                    augmented.gather(train, batch, places, team);
                }
                batch.first(n_samples, width)
            }
        };
        let outputs = self.network.forward(params, features, n_samples, team);
        let output_gradient = &mut self.output_gradient[..outputs.len()];
        let rule = self.loss.rule::<T>();
        let samples = Samples { outputs, n_outputs: self.n_outputs, targets, weights };
        let mut loss = rule.value(samples, Some(&mut *output_gradient));
        if let Some(partners) = self.augmented.as_mut().and_then(|it| it.partners.as_mut()) {
            // Of mixtures, each of both targets has its share, and the chunk has its share of each.
            let (_, targets, other_weights) = partners.samples.first(n_samples, width);
            let of_chunk = |weights| match whole {
                Some(whole) => share_of(total_weight(weights, n_samples), whole),
                None => T::ONE,
            };
            let own = partners.share * of_chunk(weights);
            let other = (T::ONE - partners.share) * of_chunk(other_weights);
            let slopes = &mut partners.gradient[..outputs.len()];
            let others = Samples { targets, weights: other_weights, ..samples };
            let more = rule.value(others, Some(&mut *slopes));
            loss = own * loss + other * more;
            for (slope, more) in output_gradient.iter_mut().zip(slopes) {
                *slope = own * *slope + other * *more;
            }
        }
        self.network.backward(params, features, output_gradient, gradient, team);
        // Of a batch that is one chunk nobody asks.
        (loss, whole.map_or(0.0, |_| total_weight(weights, n_samples)))
    }
}

/// How much so many samples count together.
fn total_weight<T: Scalar>(weights: Option<&[T]>, n_samples: usize) -> f64 {
    match weights {
        Some(weights) => weights.iter().map(|weight| weight.to_f64()).sum(),
        None => n_samples as f64,
    }
}

/// The part of the whole; none of nothing.
fn share_of<T: Scalar>(part: f64, whole: f64) -> T {
    if whole > 0.0 { T::from_f64(part / whole) } else { T::ZERO }
}

/// Which training samples a chunk consists of.
enum Chunk<'a> {
    Rows(usize, usize),
    Picked(&'a [u32]),
    /// Samples that are changed as they are gathered.
    Changed(Places<'a>),
}

impl Chunk<'_> {
    fn n_samples(&self) -> usize {
        match self {
            Self::Rows(start, end) | Self::Changed(Places { start, end, .. }) => end - start,
            Self::Picked(samples) => samples.len(),
        }
    }
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
        let is_changed = self.augmented.is_some();
        let mixes = self.augmented.as_ref().is_some_and(|it| it.partners.is_some());
        let chunk_at = |start: usize, end: usize| match samples {
            _ if is_changed => {
                Chunk::Changed(Places { samples, start, end, n_in_batch: n_samples })
            }
            Some(samples) => Chunk::Picked(&samples[start..end]),
            None => Chunk::Rows(start, end),
        };
        let mut loss;
        if n_samples <= self.chunk_size {
            loss = self.chunk(params, chunk_at(0, n_samples), None, gradient, team).0;
        } else {
            loss = T::ZERO;
            gradient.fill(T::ZERO);
            let mut part = std::mem::take(&mut self.chunk_gradient);
            let whole = match samples {
                Some(samples) => self.parts[0].weight_of(samples, &mut self.batch, team),
                None => self.parts[0].total_weight,
            };
            let mut start = 0;
            while start < n_samples {
                let end = (start + self.chunk_size).min(n_samples);
                let chunk = chunk_at(start, end);
                let (mean, weight) = self.chunk(params, chunk, Some(whole), &mut part, team);
                let share: T = if mixes { T::ONE } else { share_of(weight, whole) };
                loss += share * mean;
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

    fn begin_step(&mut self, step: u64) {
        if let Some(augmented) = &mut self.augmented {
            augmented.begin_step(step);
        }
    }

    fn is_exact(&self) -> bool {
        self.augmented.is_none()
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
        let samples = &mut self.parts[part as usize];
        let n_samples = samples.n_samples;
        if n_samples == 0 {
            return None;
        }
        let (mut loss, mut n_right, mut unexplained) = (T::ZERO, 0, 0.0);
        let rule = self.loss.rule::<T>();
        let whole = samples.total_weight;
        let mut start = 0;
        while start < n_samples {
            let end = (start + CHUNK).min(n_samples);
            let (features, targets, weights) = samples.range(start, end, team);
            let outputs = self.network.forward(params, features, end - start, team);
            let share: T = share_of(total_weight(weights, end - start), whole);
            let answered = Samples { outputs, n_outputs: self.n_outputs, targets, weights };
            loss += share * rule.value(answered, None);
            match targets {
                Targets::Classes(classes) => n_right += n_correct(outputs, self.n_outputs, classes),
                Targets::Numbers(numbers) => {
                    let predictions = &mut self.predictions[..outputs.len()];
                    predictions.copy_from_slice(outputs);
                    rule.predict(predictions);
                    let predictions = predictions.iter().map(|y| y.to_f64());
                    unexplained = add_squared_errors(unexplained, numbers, predictions);
                }
            }
            start = end;
        }
        let quality = match self.predictions.is_empty() {
            true => n_right as f64 / n_samples as f64,
            false => explained(unexplained, samples.variance),
        };
        let value = ObjectiveValue { loss, penalty: self.penalty(params) };
        Some(PartValue { value, quality: Some(quality) })
    }
}
