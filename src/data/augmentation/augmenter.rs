use super::{Augment, Kind, Movement};
use crate::data::ImageShape;
use crate::math::Scalar;
use crate::math::random::{Purpose, Stream};

/// 32-bit words of a step's stream for one sample, and of those for one pass: more than any picture
/// needs.
const WORDS_OF_SAMPLE: u64 = 1 << 32;
const WORDS_OF_PASS: u64 = 1 << 28;
/// The place in a batch that stands for the batch as a whole; samples have lower ones.
const BATCH: u64 = 1 << 31;

/// Changes training samples as a list of augmentations says.
///
/// What happens to a sample depends on the seed, the step and its place in the batch of the step alone:
/// not on threads, on chunks, or on how often the batch is looked at. Compared experiments, which see the
/// same batches, move the same samples alike.
///
/// The list is done in passes, each from one buffer into another: first all movements of a picture, as
/// one, then what changes features. A movement after a change begins the next pass.
#[derive(Clone, Debug)]
pub struct Augmenter<T> {
    passes: Vec<Vec<Augment>>,
    mixing: Option<Augment>,
    pictures: Option<(ImageShape, T)>,
    seed: u64,
    step: u64,
}

impl<T: Scalar> Augmenter<T> {
    /// Does what `list` says. `pictures` are those that are moved, and the value of what comes in from
    /// outside of them.
    pub fn new(list: &[Augment], pictures: Option<(ImageShape, f64)>, seed: u64) -> Self {
        let mut passes = vec![Vec::new()];
        let mut has_changed = false;
        for member in list {
            let moves = member.kind() == Kind::Movement;
            if moves && has_changed {
                passes.push(Vec::new());
            }
            has_changed = !moves;
            if member.kind() != Kind::Mixing {
                let last = passes.len() - 1;
                passes[last].push(member.clone());
            }
        }
        Self {
            passes,
            mixing: list.iter().find(|member| member.kind() == Kind::Mixing).cloned(),
            pictures: pictures.map(|(shape, background)| (shape, T::from_f64(background))),
            seed,
            step: 0,
        }
    }

    /// Says which step what follows belongs to.
    pub fn begin_step(&mut self, step: u64) {
        self.step = step;
    }

    /// How many passes there are, at least one.
    pub fn n_passes(&self) -> usize {
        self.passes.len()
    }

    /// Whether samples are mixed.
    pub fn mixes(&self) -> bool {
        self.mixing.is_some()
    }

    fn stream(&self, place: u64, pass: usize) -> Stream {
        let mut stream = Stream::numbered(self.seed, Purpose::Augmentation, self.step);
        stream.set_position(place * WORDS_OF_SAMPLE + pass as u64 * WORDS_OF_PASS);
        stream
    }

    /// One pass over the sample at this place (from 0) of the step's batch.
    pub fn pass(&self, pass: usize, place: usize, from: &[T], to: &mut [T]) {
        let mut stream = self.stream(place as u64, pass);
        let members = &self.passes[pass];
        let moving = members.iter().filter(|member| member.kind() == Kind::Movement);
        let movement = moving.fold(Movement::NONE, |movement, member| {
            movement.then(member.rule::<T>().movement(&mut stream))
        });
        match self.pictures {
            Some((shape, background)) => movement.draw(shape, background, from, to),
            None => to.copy_from_slice(from),
        }
        for member in members {
            member.rule::<T>().change(to, &mut stream);
        }
    }

    /// Draws with which sample of the batch each is mixed, and the share that it keeps of itself; `None`
    /// where nothing is mixed.
    pub fn mixing(&self, partners: &mut [u32]) -> Option<f64> {
        let mixing = self.mixing.as_ref()?;
        let mut stream = self.stream(BATCH, 0);
        let share = mixing.rule::<T>().share(&mut stream);
        partners.iter_mut().zip(0..).for_each(|(partner, place)| *partner = place);
        stream.shuffle(partners);
        Some(share)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Mixup, Noise, Rotate, Shift};
    use super::*;

    const SHAPE: ImageShape = ImageShape::new(5, 5);

    fn drawn(list: &[Augment], seed: u64, step: u64, place: usize) -> Vec<f64> {
        let mut augmenter = Augmenter::<f64>::new(list, Some((SHAPE, 0.0)), seed);
        augmenter.begin_step(step);
        let mut from: Vec<f64> = (1..=25).map(f64::from).collect();
        let mut to = vec![f64::NAN; 25];
        for pass in 0..augmenter.n_passes() {
            if pass > 0 {
                from.copy_from_slice(&to);
            }
            augmenter.pass(pass, place, &from, &mut to);
        }
        to
    }

    fn list() -> Vec<Augment> {
        vec![Augment::Rotate(Rotate { degrees: 40.0 }), Augment::Noise(Noise { deviation: 0.1 })]
    }

    #[test]
    fn a_sample_depends_on_seed_step_and_place_alone() {
        assert_eq!(drawn(&list(), 1, 7, 2), drawn(&list(), 1, 7, 2));
        let all = [(1, 7, 2), (2, 7, 2), (1, 8, 2), (1, 7, 3), (1, 0, 0)]
            .map(|(seed, step, place)| drawn(&list(), seed, step, place));
        for (index, one) in all.iter().enumerate() {
            assert!(all[..index].iter().all(|other| other != one), "{index}");
        }
    }

    /// Noise that is moved afterwards is moved with the picture; what is behind has no say before.
    #[test]
    fn the_list_is_done_in_order() {
        let noise = || Augment::Noise(Noise { deviation: 0.1 });
        let shift = || Augment::Shift(Shift { pixels: 4.0, whole: true });
        let passes = |list: &[Augment]| Augmenter::<f64>::new(list, None, 1).n_passes();
        assert_eq!(passes(&[]), 1);
        assert_eq!(passes(&[shift(), shift(), noise(), noise()]), 1);
        assert_eq!(passes(&[noise(), shift(), noise(), shift()]), 3);
        // The background stays clean where the noise comes before the shift.
        let clean = |list: &[Augment]| {
            let samples = (0..20).flat_map(|place| drawn(list, 1, 0, place));
            samples.filter(|value| *value == 0.0).count()
        };
        assert!(clean(&[noise(), shift()]) > 100);
        assert_eq!(clean(&[shift(), noise()]), 0);
        // The same noise, wherever the list goes on.
        assert_eq!(drawn(&[noise()], 1, 3, 4), {
            let still = Augment::Shift(Shift { pixels: 0.9, whole: true });
            drawn(&[noise(), still], 1, 3, 4)
        });
    }

    #[test]
    fn partners_are_the_batch_in_another_order() {
        let mixup = [Augment::Mixup(Mixup::default())];
        let mut augmenter = Augmenter::<f64>::new(&mixup, None, 3);
        augmenter.begin_step(5);
        let mut partners = vec![0; 50];
        let share = augmenter.mixing(&mut partners).unwrap();
        assert!((0.0..=1.0).contains(&share));
        let first = partners.clone();
        assert_eq!(augmenter.mixing(&mut partners), Some(share));
        assert_eq!(partners, first);
        augmenter.begin_step(6);
        assert_ne!(augmenter.mixing(&mut partners), Some(share));
        assert_ne!(partners, first);
        partners.sort_unstable();
        assert_eq!(partners, (0..50).collect::<Vec<_>>());
        assert_eq!(Augmenter::<f64>::new(&list(), None, 3).mixing(&mut partners), None);
    }
}
