use super::UpdateRule;
use crate::math::Scalar;

/// The state of an optimizer between steps.
#[derive(Clone, Debug, PartialEq)]
pub struct OptimizerState<T> {
    /// Updates begun so far: 1 during the first.
    pub step: u64,
    /// The state vectors, in the order of [`super::UpdateRule::vectors`].
    pub vectors: Vec<Vec<T>>,
    /// Single numbers, in the order of [`super::UpdateRule::scalars`]; `f64` whatever the precision.
    pub scalars: Vec<f64>,
}

impl<T: Scalar> OptimizerState<T> {
    /// The state of `rule` before its first step: all zero.
    pub fn new(rule: &(impl UpdateRule<T> + ?Sized), n_params: usize) -> Self {
        let n_vectors = rule.vectors().len();
        let vectors =
            (0..n_vectors).map(|index| vec![T::ZERO; rule.vector_length(index, n_params)]);
        Self { step: 0, vectors: vectors.collect(), scalars: vec![0.0; rule.scalars().len()] }
    }

    /// The state vectors as an array, to take apart: `let [m, v] = state.split();`.
    ///
    /// # Panics
    /// Where the rule declared another number of vectors; that is a mistake in the rule.
    pub fn split<const N: usize>(&mut self) -> [&mut [T]; N] {
        parts_of(&mut self.vectors)
    }

    /// The state vectors and the single numbers, to take apart:
    /// `let ([m, v], [product]) = state.split_all();`.
    ///
    /// # Panics
    /// Where the rule declared other numbers of them; that is a mistake in the rule.
    pub fn split_all<const N: usize, const M: usize>(&mut self) -> ([&mut [T]; N], &mut [f64; M]) {
        let scalars = self.scalars.as_mut_slice().try_into();
        (parts_of(&mut self.vectors), scalars.expect("the rule declares this many scalars"))
    }
}

fn parts_of<T, const N: usize>(vectors: &mut [Vec<T>]) -> [&mut [T]; N] {
    let mut vectors = vectors.iter_mut();
    let parts = std::array::from_fn(|_| {
        vectors.next().map(Vec::as_mut_slice).expect("the rule declares this many vectors")
    });
    assert!(vectors.next().is_none(), "the rule declares more vectors");
    parts
}
