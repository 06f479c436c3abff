use crate::math::Scalar;

/// The state of an optimizer between steps.
#[derive(Clone, Debug, PartialEq)]
pub struct OptimizerState<T> {
    /// Updates begun so far: 1 during the first.
    pub step: u64,
    /// The state vectors, in the order of [`super::UpdateRule::vectors`].
    pub vectors: Vec<Vec<T>>,
}

impl<T: Scalar> OptimizerState<T> {
    /// The state before the first step: every vector zero.
    pub fn new(n_vectors: usize, n_params: usize) -> Self {
        Self { step: 0, vectors: vec![vec![T::ZERO; n_params]; n_vectors] }
    }

    /// The state vectors as an array, to take apart: `let [m, v] = state.split();`.
    ///
    /// # Panics
    /// Where the rule declared another number of vectors; that is a mistake in the rule.
    pub fn split<const N: usize>(&mut self) -> [&mut [T]; N] {
        let mut vectors = self.vectors.iter_mut();
        let parts = std::array::from_fn(|_| {
            vectors.next().map(Vec::as_mut_slice).expect("the rule declares this many vectors")
        });
        assert!(vectors.next().is_none(), "the rule declares more vectors");
        parts
    }
}
