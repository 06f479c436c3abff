use crate::math::{Scalar, reduce};

/// The last pairs of steps `s` and changes `y` of the gradient, which say how the objective curves.
/// They stand in rows of state vectors, in a ring: the newest takes the place of the oldest.
pub(super) struct CurvaturePairs<'a, T> {
    /// `history` rows.
    pub steps: &'a mut [T],
    /// `history` rows.
    pub changes: &'a mut [T],
    /// `1 / sᵀy` of each row, then room for one number for each.
    pub weights: &'a mut [T],
    pub n_params: usize,
    /// How many pairs there are.
    pub n_pairs: &'a mut f64,
    /// The row that the next pair goes to.
    pub next_row: &'a mut f64,
    /// The first estimate of the inverse curvature, `sᵀy / yᵀy` of the newest pair.
    pub scale: &'a mut f64,
}

impl<T: Scalar> CurvaturePairs<'_, T> {
    pub(super) fn is_empty(&self) -> bool {
        *self.n_pairs == 0.0
    }

    pub(super) fn clear(&mut self) {
        (*self.n_pairs, *self.next_row, *self.scale) = (0.0, 0.0, 0.0);
    }

    fn history(&self) -> usize {
        self.weights.len() / 2
    }

    /// Takes in a pair, unless `sᵀy` is not above `least`: then the objective does not curve upwards
    /// between its ends, and would turn the next direction uphill.
    pub(super) fn push(&mut self, step: &[T], change: &[T], least: f64) {
        let product = reduce::dot(step, change);
        let scale = (product / reduce::sum_of_squares(change)).to_f64();
        let weight = T::ONE / product;
        if !(product.to_f64() > least && scale.is_finite() && weight.is_finite()) {
            return;
        }
        let (row, history) = (*self.next_row as usize, self.history());
        let place = row * self.n_params..(row + 1) * self.n_params;
        self.steps[place.clone()].copy_from_slice(step);
        self.changes[place].copy_from_slice(change);
        self.weights[row] = weight;
        *self.next_row = ((row + 1) % history) as f64;
        *self.n_pairs = (*self.n_pairs + 1.0).min(history as f64);
        *self.scale = scale;
    }

    /// Turns `direction` into the inverse curvature times it, by the two loops over the pairs.
    pub(super) fn apply_to(&mut self, direction: &mut [T]) {
        if self.is_empty() {
            return;
        }
        let (n_pairs, history) = (*self.n_pairs as usize, self.history());
        let oldest = (*self.next_row as usize + history - n_pairs) % history;
        let (weights, parts) = self.weights.split_at_mut(history);
        for row in (0..n_pairs).rev().map(|age| (oldest + age) % history) {
            let place = row * self.n_params..(row + 1) * self.n_params;
            parts[row] = weights[row] * reduce::dot(&self.steps[place.clone()], direction);
            reduce::add_scaled(-parts[row], &self.changes[place], direction);
        }
        let scale = T::from_f64(*self.scale);
        for entry in direction.iter_mut() {
            *entry *= scale;
        }
        for row in (0..n_pairs).map(|age| (oldest + age) % history) {
            let place = row * self.n_params..(row + 1) * self.n_params;
            let part = weights[row] * reduce::dot(&self.changes[place.clone()], direction);
            reduce::add_scaled(parts[row] - part, &self.steps[place], direction);
        }
    }
}
