//! Batches whose samples are changed as they are gathered.

use super::samples::{Gathered, OwnedSamples};
use crate::data::Prepared;
use crate::data::augmentation::{Augment, Augmenter};
use crate::experiment::Experiment;
use crate::math::Scalar;
use crate::math::team::Team;

/// Numbers that are worth waking another thread for: changing a sample costs far more than copying it.
const MIN_CHANGED_PER_THREAD: usize = 1 << 12;

/// What augmentation needs beside a batch: the rules, and room that is made once.
pub(super) struct Augmented<T> {
    augmenter: Augmenter<T>,
    n_features: usize,
    /// The samples of a chunk, and their features as they are.
    chosen: Vec<u32>,
    raw: Vec<T>,
    /// What a pass left for the next one; empty where there is one pass only.
    between: Vec<T>,
    /// The partners of the samples in a chunk, where samples are mixed.
    pub(super) partners: Option<Partners<T>>,
}

/// The samples that those of a batch are mixed with.
pub(super) struct Partners<T> {
    /// Those of a chunk, changed as they are in their own place.
    pub(super) samples: Gathered<T>,
    /// The gradient of their loss with respect to the outputs.
    pub(super) gradient: Vec<T>,
    /// The share that a sample keeps of itself in this step.
    pub(super) share: T,
    /// For each place in the batch the place of the partner.
    places: Vec<u32>,
    /// How many samples the batch of this step has, once the places are drawn.
    drawn_for: Option<usize>,
}

/// The samples of a chunk, by their places in the batch of the step.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    /// The training samples of the whole batch; `None` for all, in order.
    pub samples: Option<&'a [u32]>,
    /// The first place of the chunk, and the end of it.
    pub start: usize,
    /// The end of the chunk.
    pub end: usize,
    /// How many samples the batch has.
    pub n_in_batch: usize,
}

impl Places<'_> {
    fn sample(&self, place: usize) -> usize {
        self.samples.map_or(place, |samples| samples[place] as usize)
    }
}

impl<T: Scalar> Augmented<T> {
    /// Room for chunks as large as `room` has it; `batch_size` is that of the largest batch. `None` where
    /// nothing is changed.
    pub(super) fn new(
        experiment: &Experiment,
        data: &Prepared,
        seed: u64,
        batch_size: usize,
        room: &Gathered<T>,
        n_outputs: usize,
    ) -> Option<Self> {
        let list = &experiment.augmentation;
        if list.is_empty() {
            return None;
        }
        let pictures = Augment::pictures(list, experiment.images, data);
        let augmenter = Augmenter::new(list, pictures, seed);
        let n_features = data.n_features();
        let n_room = room.features.len() / n_features.max(1);
        let partners = augmenter.mixes().then(|| Partners {
            samples: room.clone(),
            gradient: vec![T::ZERO; n_room * n_outputs],
            share: T::ONE,
            places: vec![0; batch_size],
            drawn_for: None,
        });
        let is_long = augmenter.n_passes() > 1;
        let between = vec![T::ZERO; if is_long { room.features.len() } else { 0 }];
        let (chosen, raw) = (vec![0; n_room], room.features.clone());
        Some(Self { augmenter, n_features, chosen, raw, between, partners })
    }

    /// Says which step the coming chunks belong to.
    pub(super) fn begin_step(&mut self, step: u64) {
        self.augmenter.begin_step(step);
        if let Some(partners) = &mut self.partners {
            partners.drawn_for = None;
        }
    }

    /// Gathers a chunk of a batch of `n_in_batch` samples into `batch`, and what it is mixed with into
    /// the partners; the features of `batch` are then those of the mixtures.
    pub(super) fn gather(
        &mut self,
        from: &mut OwnedSamples<T>,
        batch: &mut Gathered<T>,
        chunk: Places<'_>,
        team: &Team,
    ) {
        let Self { augmenter, n_features, chosen, raw, between, partners } = self;
        let (width, n_in_batch) = (*n_features, chunk.n_in_batch);
        let mut gathering = Gathering { augmenter, width, chosen, raw, between, from, team };
        let place = |index: usize| chunk.start + index;
        let n = chunk.end - chunk.start;
        gathering.gather(batch, n, |index| (place(index), chunk.sample(place(index))));
        let Some(partners) = partners else { return };
        if partners.drawn_for != Some(n_in_batch) {
            let share = augmenter.mixing(&mut partners.places[..n_in_batch]);
            partners.share = T::from_f64(share.unwrap_or(1.0));
            partners.drawn_for = Some(n_in_batch);
        }
        let places = &partners.places;
        gathering.gather(&mut partners.samples, n, |index| {
            let partner = places[place(index)] as usize;
            (partner, chunk.sample(partner))
        });
        let (share, rest) = (partners.share, T::ONE - partners.share);
        let others = &partners.samples.features[..n * width];
        for (feature, other) in batch.features[..n * width].iter_mut().zip(others) {
            *feature = share * *feature + rest * *other;
        }
    }
}

/// What samples are gathered with.
struct Gathering<'a, T> {
    augmenter: &'a Augmenter<T>,
    width: usize,
    chosen: &'a mut [u32],
    raw: &'a mut [T],
    between: &'a mut [T],
    from: &'a mut OwnedSamples<T>,
    team: &'a Team,
}

impl<T: Scalar> Gathering<'_, T> {
    /// Gathers `n` samples; `at` says the place in the batch of the step, and the training sample, of each.
    fn gather(
        &mut self,
        to: &mut Gathered<T>,
        n: usize,
        at: impl Fn(usize) -> (usize, usize) + Sync + Send,
    ) {
        let (augmenter, width) = (self.augmenter, self.width);
        for (index, sample) in self.chosen[..n].iter_mut().enumerate() {
            *sample = at(index).1 as u32;
        }
        self.from.features.gather(&self.chosen[..n], &mut self.raw[..n * width], self.team);
        let raw = &*self.raw;
        let min_rows = MIN_CHANGED_PER_THREAD.div_ceil(width.max(1));
        let n_passes = augmenter.n_passes();
        for pass in 0..n_passes {
            // They go to and fro, and the last ends in the batch.
            let (target, last): (&mut [T], &[T]) = match (n_passes - pass) % 2 {
                1 => (&mut to.features[..n * width], self.between),
                _ => (&mut self.between[..n * width], &to.features),
            };
            self.team.for_each_rows(target, width, min_rows, |first, rows| {
                for (index, row) in (first..).zip(rows.chunks_exact_mut(width.max(1))) {
                    let source = if pass == 0 { raw } else { last };
                    augmenter.pass(pass, at(index).0, &source[index * width..][..width], row);
                }
            });
        }
        let chosen = &self.chosen[..n];
        self.from.gather_targets(chosen, &mut to.targets, &mut to.weights, self.team);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::objective::{DataObjective, EvaluatedPart, Objective};
    use super::super::plan::Plan;
    use super::*;
    use crate::data::augmentation::{Mixup, Noise, Shift};
    use crate::data::{Batch, Generated, Scaling, Source, load};
    use crate::losses::{ClassWeights, Loss, Penalty};
    use crate::models::Model;

    const SEED: u64 = 3;

    fn experiment(data: Source, model: &str, loss: &str, augmentation: &[Augment]) -> Experiment {
        Experiment {
            data,
            scaling: Scaling::Together,
            augmentation: augmentation.to_vec(),
            model: Model::named(model).unwrap(),
            loss: Loss::named(loss).unwrap(),
            batch: Batch::Full,
            ..Experiment::default()
        }
    }

    fn plan(experiment: &Experiment) -> Plan {
        let loaded = load(&experiment.data, Path::new("")).unwrap();
        Plan::new("t", experiment, SEED, Some(&loaded), Path::new("")).unwrap()
    }

    /// The objective of a plan, in chunks of `chunk` samples.
    fn objective(plan: &Plan, chunk: usize) -> DataObjective<f64> {
        let (data, n_train) = (plan.data.as_ref().unwrap(), plan.n_train);
        let experiment = &plan.experiment;
        DataObjective::new(experiment, data, &plan.layout, plan.n_outputs, n_train, chunk, SEED)
    }

    fn params(plan: &Plan) -> Vec<f64> {
        (0..plan.n_params()).map(|index| ((index * 37 % 19) as f64 - 9.0) / 40.0).collect()
    }

    fn value(
        objective: &mut DataObjective<f64>,
        params: &[f64],
        samples: Option<&[u32]>,
    ) -> (f64, Vec<f64>) {
        let mut gradient = vec![0.0; params.len()];
        objective.begin_step(5);
        let team = Team::solo();
        let value = objective.value_and_gradient(params, samples, &mut gradient, &team);
        (value.total(), gradient)
    }

    fn mixup() -> Augment {
        Augment::Mixup(Mixup { alpha: 2.0 })
    }

    /// On a fixed draw the gradient is that of the value, for losses of every kind of target, with weights
    /// of classes and in chunks.
    #[test]
    fn the_gradient_of_a_mixture_is_that_of_its_value() {
        let noisy = Source::Generated(Generated::named("NoisyLine").unwrap());
        let moons = Source::Generated(Generated::named("Moons").unwrap());
        let iris = Source::Bundled("iris".to_owned());
        let cases = [
            (noisy, "Linear", "Huber", ClassWeights::Off),
            (moons, "Logistic", "BinaryCrossEntropy", ClassWeights::Balanced),
            (iris.clone(), "Multinomial", "CrossEntropy", ClassWeights::Off),
            (iris, "Multinomial", "Focal", ClassWeights::Explicit(vec![0.3, 2.0, 1.0])),
        ];
        for (data, model, loss, class_weights) in cases {
            let list = [Augment::Noise(Noise::default()), mixup()];
            let mut experiment = experiment(data, model, loss, &list);
            experiment.class_weights = class_weights;
            experiment.penalty = Penalty::L2(0.01);
            let plan = plan(&experiment);
            let (params, step) = (params(&plan), 1e-5);
            for chunk in [usize::MAX, 17] {
                let mut objective = objective(&plan, chunk);
                let (_, gradient) = value(&mut objective, &params, None);
                for index in 0..params.len() {
                    let mut at = |sign: f64| {
                        let mut moved = params.clone();
                        moved[index] += sign * step;
                        value(&mut objective, &moved, None).0
                    };
                    let slope = (at(1.0) - at(-1.0)) / (2.0 * step);
                    // The error of a central difference: 10⁻¹⁰ of the third derivative, and 10⁻¹¹ of rounding.
                    let error = (slope - gradient[index]).abs();
                    assert!(error < 1e-8, "{loss} {chunk} {index}: {slope} {}", gradient[index]);
                }
            }
        }
    }

    /// A batch in chunks is the batch as a whole, but for rounding, with weights as well.
    #[test]
    fn chunks_change_nothing_but_the_rounding() {
        let digits = Source::Bundled("digits".to_owned());
        let list = [Augment::Shift(Shift::default()), Augment::Noise(Noise::default()), mixup()];
        for n_members in 1..=3 {
            let mut experiment =
                experiment(digits.clone(), "Multinomial", "CrossEntropy", &list[..n_members]);
            experiment.class_weights =
                ClassWeights::Explicit((0..10).map(|class| 0.2 + f64::from(class)).collect());
            let plan = plan(&experiment);
            let params = params(&plan);
            let picked: Vec<u32> = (0..200).rev().collect();
            let whole = value(&mut objective(&plan, usize::MAX), &params, Some(&picked));
            for chunk in [1, 64, 199] {
                let parts = value(&mut objective(&plan, chunk), &params, Some(&picked));
                assert!((whole.0 - parts.0).abs() < 1e-12, "{chunk}: {} {}", whole.0, parts.0);
                for (a, b) in whole.1.iter().zip(&parts.1) {
                    assert!((a - b).abs() < 1e-12, "{chunk}: {a} {b}");
                }
            }
            // The same places of the batch, the same samples: picked or in order.
            let all: Vec<u32> = (0..plan.n_train as u32).collect();
            let (picked, rows) = (Some(&all[..]), None);
            let [picked, rows] = [picked, rows]
                .map(|samples| value(&mut objective(&plan, usize::MAX), &params, samples));
            assert_eq!(picked, rows);
        }
    }

    /// With the squared error, the gradient is that of mixed targets.
    #[test]
    fn regression_mixes_targets() {
        let noisy = Source::Generated(Generated::named("NoisyLine").unwrap());
        let plan = plan(&experiment(noisy, "Linear", "MeanSquaredError", &[mixup()]));
        let params = params(&plan);
        let (_, gradient) = value(&mut objective(&plan, usize::MAX), &params, None);
        let mut augmenter = Augmenter::<f64>::new(&[mixup()], None, SEED);
        augmenter.begin_step(5);
        let train = &plan.data.as_ref().unwrap().train;
        let crate::data::TargetColumn::Numbers(targets) = &train.targets else { panic!() };
        let mut partners = vec![0; plan.n_train];
        let share = augmenter.mixing(&mut partners).unwrap();
        let mut expected = [0.0, 0.0];
        for (place, partner) in partners.iter().enumerate() {
            let mixed =
                |values: &[f64]| share * values[place] + (1.0 - share) * values[*partner as usize];
            let (x, y) = (mixed(&train.features), mixed(targets));
            let slope = 2.0 * (params[0] * x + params[1] - y) / plan.n_train as f64;
            expected[0] += slope * x;
            expected[1] += slope;
        }
        assert_eq!(plan.n_params(), 2);
        for (a, b) in gradient.iter().zip(expected) {
            assert!((a - b).abs() < 1e-12, "{gradient:?} {expected:?}");
        }
    }

    #[test]
    fn evaluations_see_samples_as_they_are() {
        let digits = Source::Bundled("digits".to_owned());
        let list = [Augment::Shift(Shift::default()), mixup()];
        let changed = plan(&experiment(digits.clone(), "Multinomial", "CrossEntropy", &list));
        let plain = plan(&experiment(digits, "Multinomial", "CrossEntropy", &[]));
        let params = params(&plain);
        let (mut changed, mut plain) = (objective(&changed, 64), objective(&plain, 64));
        assert!(plain.is_exact() && !changed.is_exact());
        assert_ne!(value(&mut changed, &params, None).0, value(&mut plain, &params, None).0);
        for part in [EvaluatedPart::Train, EvaluatedPart::Validation, EvaluatedPart::Test] {
            let of = |objective: &mut DataObjective<f64>| {
                objective.evaluate(&params, part, &Team::solo())
            };
            assert_eq!(of(&mut changed), of(&mut plain));
        }
    }
}
