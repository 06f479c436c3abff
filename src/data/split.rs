use serde::{Deserialize, Serialize};

/// How samples are divided into parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Split {
    /// Share of samples to train on.
    pub train: f64,
    /// Share of samples to watch while training.
    pub validation: f64,
    /// Share of samples kept for one evaluation at the end.
    pub test: f64,
    /// Whether each class has the same share in every part.
    pub stratified: bool,
}

impl Default for Split {
    fn default() -> Self {
        Self { train: 0.7, validation: 0.15, test: 0.15, stratified: true }
    }
}

/// How features (and numeric targets) are scaled, fitted on the training part only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scaling {
    /// As they are.
    Off,
    /// To mean 0 and standard deviation 1.
    #[default]
    Standardize,
    /// To the range from 0 to 1.
    MinMax,
}
