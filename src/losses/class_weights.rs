use serde::{Deserialize, Serialize};

use crate::settings::SettingError;

/// How much the samples of each class count in the loss, so that rare classes are not forgotten.
///
/// ```text
/// Balanced:        w_c = n / (k n_c)
/// Explicit([…]):   w_c as stated, in the order of the class names
/// L = Σᵢ wᵢ lᵢ / Σᵢ wᵢ        wᵢ the weight of the class of sample i
/// ```
///
/// `n` is the number of training samples, `n_c` how many of them have class `c`, and `k` how many
/// classes there are among them; a class that is not among them has weight 0. The same as
/// scikit-learn's `class_weight="balanced"`, and the mean is PyTorch's for `weight=`. Where samples have
/// weights of their own, the two are multiplied. The weights are those of the training part in the
/// losses of all parts; accuracy counts every sample alike.
///
/// Reference: G. King & L. Zeng, Logistic regression in rare events data, 2001.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum ClassWeights {
    /// All samples count alike.
    #[default]
    Off,
    /// All classes count alike, however many samples they have.
    Balanced,
    /// These weights, one for each class.
    Explicit(Vec<f64>),
}

crate::pages! {
    ClassWeights {
        /// Lets all classes count alike in the loss, however many samples they have, so that rare
        /// ones are not forgotten.
        ///
        /// ```text
        /// w_c = n / (k n_c)
        /// L = Σᵢ wᵢ lᵢ / Σᵢ wᵢ
        /// ```
        ///
        /// `n` is the number of training samples, `n_c` how many of them have class `c`, `k` how many
        /// classes there are among them; `wᵢ` is the weight of the class of sample `i` and `lᵢ` its
        /// loss. Written `class_weights: Balanced`. The same as scikit-learn's
        /// `class_weight="balanced"`. The weights of the training part hold for the losses of all
        /// parts; accuracy counts every sample alike.
        ///
        /// When to use: a class that matters has a few percent of the samples, and the model answers
        /// with the common one. Expect more false alarms for fewer misses, and probabilities that
        /// are no longer those of the data.
        ///
        /// Reference: G. King & L. Zeng, Logistic regression in rare events data, 2001.
        Balanced("Balanced class weights");

        /// A weight of one's own for each class: what a mistake on it costs.
        ///
        /// ```text
        /// w_c = as stated
        /// L = Σᵢ wᵢ lᵢ / Σᵢ wᵢ
        /// ```
        ///
        /// `wᵢ` is the weight of the class of sample `i` and `lᵢ` its loss; weights are numbers of 0
        /// or more in the order of the class names, and only their ratios matter. Written
        /// `class_weights: Explicit([1, 5])`. The mean is that of PyTorch's `weight=`. Samples with
        /// weights of their own have the product of both.
        ///
        /// When to use: it is known what a miss and a false alarm cost. State the ratio of the costs
        /// and look at the confusion matrix, not at accuracy.
        ///
        /// Reference: C. Elkan, The foundations of cost-sensitive learning, 2001.
        Explicit("Stated class weights");
    }
}

impl ClassWeights {
    /// The name in files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::Balanced => "Balanced",
            Self::Explicit(_) => "Explicit",
        }
    }

    /// Each weight is finite and not negative, and one is above 0.
    pub fn check(&self) -> Result<(), SettingError> {
        let Self::Explicit(weights) = self else { return Ok(()) };
        let wrong = |name: String, found: String, expected: &str| {
            Err(SettingError::new(name, found, expected))
        };
        if weights.is_empty() {
            let expected = "a list with one number for each class";
            return wrong("class_weights".to_owned(), "an empty list".to_owned(), expected);
        }
        let is_right = |weight: &f64| weight.is_finite() && *weight >= 0.0;
        if let Some(index) = weights.iter().position(|weight| !is_right(weight)) {
            let name = format!("class_weights[{index}]");
            return wrong(name, weights[index].to_string(), "a finite number of 0 or more");
        }
        if weights.iter().all(|weight| *weight == 0.0) {
            let expected = "a list with a number above 0";
            return wrong("class_weights".to_owned(), "all 0".to_owned(), expected);
        }
        Ok(())
    }

    /// The weight of each class, of which there are so many training samples; `None` where all count alike.
    pub fn of_counts(&self, counts: &[usize]) -> Option<Vec<f64>> {
        match self {
            Self::Off => None,
            Self::Explicit(weights) => Some(weights.clone()),
            Self::Balanced => {
                let n_samples: usize = counts.iter().sum();
                let n_present = counts.iter().filter(|count| **count > 0).count();
                let weight = |count: &usize| match count {
                    0 => 0.0,
                    count => n_samples as f64 / (n_present * count) as f64,
                };
                Some(counts.iter().map(weight).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_weights_are_those_of_scikit_learn() {
        // compute_class_weight("balanced", classes=[0, 1, 2], y=[0, 0, 1, 2, 2, 2, 2, 2]).
        let counts = [2, 1, 5];
        let found = ClassWeights::Balanced.of_counts(&counts).unwrap();
        assert_eq!(found, [8.0 / 6.0, 8.0 / 3.0, 8.0 / 15.0]);
        // A class that is not there counts for nothing, and not among the classes.
        let found = ClassWeights::Balanced.of_counts(&[1, 0, 3]).unwrap();
        assert_eq!(found, [2.0, 0.0, 2.0 / 3.0]);
        assert_eq!(ClassWeights::Off.of_counts(&counts), None);
    }

    #[test]
    fn lists_that_cannot_be_weights_are_refused() {
        let message =
            |list: &[f64]| ClassWeights::Explicit(list.to_vec()).check().unwrap_err().to_string();
        assert_eq!(
            message(&[]),
            "class_weights is an empty list; it must be a list with one number for each class"
        );
        let expected = "it must be a finite number of 0 or more";
        assert_eq!(message(&[1.0, -0.5]), format!("class_weights[1] is -0.5; {expected}"));
        assert_eq!(message(&[f64::INFINITY]), format!("class_weights[0] is inf; {expected}"));
        assert_eq!(
            message(&[0.0, 0.0]),
            "class_weights is all 0; it must be a list with a number above 0"
        );
        assert_eq!(ClassWeights::Explicit(vec![0.0, 2.0]).check(), Ok(()));
    }
}
