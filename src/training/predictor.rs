use std::sync::Arc;

use super::Plan;
use crate::math::team::Team;
use crate::models::Network;

/// Rows that pass through the network together.
const CHUNK: usize = 256;

/// Computes a model's outputs at given parameters, for pictures and predictions, in `f64`.
pub struct Predictor {
    plan: Arc<Plan>,
    network: Option<Box<dyn Network<f64>>>,
    outputs: Vec<f64>,
}

impl Predictor {
    /// A predictor for the model of a plan. A surface has no model and gives no outputs.
    pub fn new(plan: Arc<Plan>) -> Self {
        let network = plan.data.as_ref().map(|data| {
            let rule = plan.experiment.model.rule::<f64>();
            rule.build(data.n_features(), plan.n_outputs, CHUNK)
        });
        Self { plan, network, outputs: Vec::new() }
    }

    /// The outputs `[n × n_outputs]` for encoded and scaled `features` `[n × n_features]`: logits
    /// for classifiers, scaled predictions for regression.
    ///
    /// # Panics
    /// Where `params` are not as many as the plan has.
    pub fn outputs(&mut self, params: &[f64], features: &[f64]) -> &[f64] {
        assert_eq!(params.len(), self.plan.n_params());
        self.outputs.clear();
        let (Some(network), Some(data)) = (&mut self.network, &self.plan.data) else {
            return &self.outputs;
        };
        let n_features = data.n_features();
        let team = Team::solo();
        for rows in features.chunks(CHUNK * n_features) {
            let n_samples = rows.len() / n_features;
            self.outputs.extend_from_slice(network.forward(params, rows, n_samples, &team));
        }
        if !data.is_classification() {
            self.plan.experiment.loss.rule::<f64>().predict(&mut self.outputs);
        }
        &self.outputs
    }
}
