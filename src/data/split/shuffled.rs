//! Where shuffled items come to lie, without a list of them.

use crate::math::random::Stream;

/// Places that are drawn at once on the way back.
const AT_ONCE: usize = 1 << 12;
/// Labels of a word, two bits each.
const IN_WORD: usize = 32;

/// Two bits for each of many items.
pub(super) struct Labels(Vec<u64>);

impl Labels {
    fn of(n: usize, label: impl Fn(usize) -> u8) -> Self {
        let word = |start: usize| {
            let items = start..(start + IN_WORD).min(n);
            items.rev().fold(0, |word, item| word << 2 | u64::from(label(item) & 3))
        };
        Self((0..n).step_by(IN_WORD).map(word).collect())
    }

    pub(super) fn get(&self, item: usize) -> u8 {
        (self.0[item / IN_WORD] >> (item % IN_WORD * 2) & 3) as u8
    }

    fn swap(&mut self, a: usize, b: usize) {
        let differ = u64::from(self.get(a) ^ self.get(b));
        self.0[a / IN_WORD] ^= differ << (a % IN_WORD * 2);
        self.0[b / IN_WORD] ^= differ << (b % IN_WORD * 2);
    }
}

/// For each of `n` items the label (0 to 3) of the place where [`Stream::shuffle`] of all of them would put it. The
/// stream ends where that would leave it.
///
/// A shuffle is a series of swaps. The labels of the places are swapped back, from the last swap to the
/// first, which takes two bits an item where a list of the items takes 32. The draws are made once forwards, to
/// know where in the stream they are, and once more backwards.
pub(super) fn shuffled(n: usize, stream: &mut Stream, label: impl Fn(usize) -> u8) -> Labels {
    let mut labels = Labels::of(n, label);
    // Swaps of place `n − 1`, `n − 2`, …, 1; the first of each stretch with the stream's position.
    let mut stretches = Vec::new();
    for last in (1..n).rev() {
        if (n - 1 - last).is_multiple_of(AT_ONCE) {
            stretches.push((last, stream.position()));
        }
        stream.below(last as u32 + 1);
    }
    let end = stream.position();
    let mut others = Vec::with_capacity(AT_ONCE);
    for (first, position) in stretches.into_iter().rev() {
        stream.set_position(position);
        let places = (1..=first).rev().take(AT_ONCE);
        others.clear();
        others.extend(places.map(|place| (place, stream.below(place as u32 + 1) as usize)));
        others.iter().rev().for_each(|(place, other)| labels.swap(*place, *other));
    }
    stream.set_position(end);
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::Purpose;

    /// A list that is shuffled says the same, and leaves the stream at the same place.
    #[test]
    fn labels_are_those_of_a_shuffled_list() {
        for n in [0, 1, 2, 3, 31, 32, 33, 1000, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 77] {
            for seed in 0..3 {
                let [mut a, mut b] = [(); 2].map(|()| Stream::new(seed, Purpose::Split));
                let mut list: Vec<usize> = (0..n).collect();
                a.shuffle(&mut list);
                let label = |place: usize| (place * 4 / n.max(1)) as u8;
                let labels = shuffled(n, &mut b, label);
                for (place, item) in list.iter().enumerate() {
                    assert_eq!(labels.get(*item), label(place), "{n} {seed} {item}");
                }
                assert_eq!((a.position(), a.below(100)), (b.position(), b.below(100)));
            }
        }
    }
}
