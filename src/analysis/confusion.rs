use crate::losses::quality::predicted_class;

/// How often samples of each class were taken for each class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Number of classes.
    pub n_classes: usize,
    counts: Vec<u32>,
}

impl Confusion {
    /// Counts the predictions that follow from a model's outputs `[n_samples × n_outputs]`
    /// against the true classes.
    pub fn new(outputs: &[f64], classes: &[u32], n_classes: usize) -> Self {
        let mut counts = vec![0; n_classes * n_classes];
        let n_outputs = outputs.len() / classes.len().max(1);
        for (row, actual) in outputs.chunks(n_outputs.max(1)).zip(classes) {
            let place = *actual as usize * n_classes + predicted_class(row) as usize;
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        Self { n_classes, counts }
    }

    /// Samples of class `actual` that were taken for class `predicted`.
    pub fn count(&self, actual: usize, predicted: usize) -> u32 {
        self.counts[actual * self.n_classes + predicted]
    }

    /// Samples of class `actual`.
    pub fn row_sum(&self, actual: usize) -> u32 {
        self.counts[actual * self.n_classes..][..self.n_classes].iter().sum()
    }

    /// All samples, and those classified rightly.
    pub fn totals(&self) -> (u32, u32) {
        let right = (0..self.n_classes).map(|class| self.count(class, class)).sum();
        (self.counts.iter().sum(), right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_at_actual_and_predicted() {
        let outputs = [2.0, 1.0, 0.0, /**/ 0.0, 0.0, 3.0, /**/ 0.0, 1.0, 0.5];
        let confusion = Confusion::new(&outputs, &[0, 1, 1], 3);
        assert_eq!(confusion.count(0, 0), 1);
        assert_eq!(confusion.count(1, 2), 1);
        assert_eq!(confusion.count(1, 1), 1);
        assert_eq!((confusion.row_sum(1), confusion.row_sum(2)), (2, 0));
        assert_eq!(confusion.totals(), (3, 2));
    }

    #[test]
    fn one_logit_tells_two_classes_apart() {
        let confusion = Confusion::new(&[-1.0, 0.5, 2.0], &[0, 0, 1], 2);
        assert_eq!(
            (confusion.count(0, 0), confusion.count(0, 1), confusion.count(1, 1)),
            (1, 1, 1)
        );
    }
}
