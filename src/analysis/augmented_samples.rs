use crate::data::augmentation::{Augment, Augmenter};
use crate::data::{Images, Prepared, TargetColumn};

/// Samples as augmentation makes them in the first steps, were they the whole batch.
#[derive(Clone, Debug, PartialEq)]
pub struct AugmentedSamples {
    /// How many samples of the training part there are.
    pub n_samples: usize,
    /// The scaled features as they are, and then of each draw, `[n_samples × n_features]`.
    pub features: Vec<Vec<f64>>,
    /// Numeric targets alike; empty for classes.
    pub targets: Vec<Vec<f64>>,
    /// For each draw the share that a mixed sample keeps of itself; `None` where nothing is mixed.
    pub shares: Vec<Option<f64>>,
}

impl AugmentedSamples {
    /// Draws `n_draws` times for the first `n_samples` of the training part, or all. The list must be one
    /// that these data can have.
    pub fn new(
        list: &[Augment],
        images: Images,
        data: &Prepared,
        seed: u64,
        n_samples: usize,
        n_draws: usize,
    ) -> Self {
        let first: Vec<usize> = (0..n_samples.min(data.train.n_samples())).collect();
        Self::of(list, images, data, seed, &first, n_draws)
    }

    /// The same for these samples of the training part, as if they were the batch. Where a temporary file
    /// with them can no longer be read, they are zeros.
    pub fn of(
        list: &[Augment],
        images: Images,
        data: &Prepared,
        seed: u64,
        samples: &[usize],
        n_draws: usize,
    ) -> Self {
        let width = data.n_features();
        let n_samples = samples.len();
        let mut augmenter =
            Augmenter::<f64>::new(list, Augment::pictures(list, images, data), seed);
        let mut originals = vec![0.0; n_samples * width];
        for (row, sample) in originals.chunks_exact_mut(width.max(1)).zip(samples) {
            let _ = data.train.features.read((sample * width) as u64, row);
        }
        let mut values = Vec::new();
        if let TargetColumn::Numbers(targets) = &data.train.targets {
            values.resize(n_samples, 0.0);
            for (value, sample) in values.iter_mut().zip(samples) {
                let _ = targets.read(*sample as u64, std::slice::from_mut(value));
            }
        }
        let (mut features, mut targets, mut shares) = (vec![], vec![], vec![]);
        let mut partners = vec![0; n_samples];
        for step in 0..n_draws {
            augmenter.begin_step(step as u64);
            let mut drawn = originals.clone();
            let mut before = vec![0.0; width];
            for (place, row) in drawn.chunks_exact_mut(width.max(1)).enumerate() {
                for pass in 0..augmenter.n_passes() {
                    before.copy_from_slice(row);
                    augmenter.pass(pass, place, &before, row);
                }
            }
            let share = augmenter.mixing(&mut partners);
            let mut mixed_targets = values.clone();
            if let Some(share) = share {
                mix(&mut drawn, width, &partners, share);
                if !values.is_empty() {
                    mix(&mut mixed_targets, 1, &partners, share);
                }
            }
            features.push(drawn);
            targets.push(mixed_targets);
            shares.push(share);
        }
        features.insert(0, originals);
        targets.insert(0, values);
        Self { n_samples, features, targets, shares }
    }
}

/// Mixes rows of `width` numbers with those of their partners.
fn mix(rows: &mut [f64], width: usize, partners: &[u32], share: f64) {
    let unmixed = rows.to_vec();
    for (row, partner) in rows.chunks_exact_mut(width.max(1)).zip(partners) {
        let others = &unmixed[*partner as usize * width..][..width];
        for (value, other) in row.iter_mut().zip(others) {
            *value = share * *value + (1.0 - share) * other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Scaling, Source, Split, load, prepare};

    #[test]
    fn draws_differ_and_mixtures_keep_the_mean() {
        let source = Source::Bundled("penguins".to_owned());
        let loaded = load(&source, std::path::Path::new("")).unwrap();
        let data = prepare(&loaded, &source, &Split::default(), Scaling::Standardize, 1).unwrap();
        let list = [Augment::named("Mixup").unwrap()];
        let samples = AugmentedSamples::new(&list, Images::Auto, &data, 1, 20, 3);
        assert_eq!((samples.n_samples, samples.features.len(), samples.shares.len()), (20, 4, 3));
        assert_ne!(samples.features[1], samples.features[2]);
        // A mixture of all with all of them in another order.
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        for all in [&samples.features, &samples.targets] {
            for draw in &all[1..] {
                assert!((sum(draw) - sum(&all[0])).abs() < 1e-9);
            }
        }
        let none = AugmentedSamples::new(&[], Images::Auto, &data, 1, 20, 1);
        assert_eq!(none.features[0], none.features[1]);
        let some = AugmentedSamples::of(&[], Images::Auto, &data, 1, &[7, 3], 1);
        let width = data.n_features();
        assert_eq!(some.features[1][..width], none.features[0][7 * width..8 * width]);
        assert_eq!(some.targets[1].len(), none.targets[0].len().min(2));
        let many = AugmentedSamples::new(&[], Images::Auto, &data, 1, usize::MAX, 0);
        assert_eq!(many.n_samples, data.train.n_samples());
    }
}
