use serde::{Deserialize, Serialize};

use crate::data::batches::Batch;
use crate::data::{Augment, Images, Recipe, Sampling, Scaling, Source, Split, Transform};
use crate::losses::{ClassWeights, Loss, Penalty};
use crate::models::{Initialization, Model};
use crate::optimizers::Optimizer;
use crate::schedules::{Schedule, SchedulePer, Stage};
use crate::settings::Span;
use crate::techniques::{Averaging, Clip, GradientNoise};

/// The number type of parameters and arithmetic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Precision {
    /// 32 bits: about 7 digits, fast.
    F32,
    /// 64 bits: about 16 digits.
    #[default]
    F64,
}

/// How often something is done in the course of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Cadence {
    /// Often enough for a smooth curve, at most a few hundred times in a run.
    #[default]
    Auto,
    /// Every so many steps.
    Steps(u64),
    /// Every so many epochs.
    Epochs(f64),
}

/// Reasons to stop before the budget is spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stopping {
    /// Stop once the objective on the training part is at or below this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_loss: Option<f64>,
    /// Stop once the validation loss has not improved for this many evaluations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience: Option<u64>,
    /// Stop once the Euclidean norm of a step's gradient, penalty included and before any clipping,
    /// is at or below this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gradient_norm: Option<f64>,
    /// Stop once training has taken this many seconds. Where that is depends on the machine, so two
    /// runs may stop at different steps; what they trained until then is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

/// Is shown the parts of a variation, each with its type.
pub(crate) trait PartVisitor {
    /// A part called `name`.
    fn part<T: Serialize>(&mut self, name: &'static str, value: &T);
}

/// Declares the experiment and, with the same names, the variation that states only what differs.
macro_rules! experiment {
    ($($(#[doc = $help:literal])+ $field:ident: $type:ty = $default:expr;)*) => {
        /// The complete description of one training. Everything that can change a bit of the
        /// result is in it, but for the seed.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Experiment {
            $($(#[doc = $help])+ pub $field: $type,)*
        }

        impl Default for Experiment {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        /// An experiment of a study, as the settings in which it differs from the base.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Variation {
            /// The name on screen.
            pub label: String,
            /// The colour of its curves, such as `"#0072b2"`; empty for the next of the palette.
            #[serde(skip_serializing_if = "String::is_empty")]
            pub color: String,
            $(
                $(#[doc = $help])+
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }

        impl Variation {
            /// The names of all parts of an experiment, in order.
            pub const PARTS: &'static [&'static str] = &[$(stringify!($field)),*];

            /// The base with what this variation states put in place.
            pub fn applied_to(&self, base: &Experiment) -> Experiment {
                Experiment {
                    $($field: self.$field.clone().unwrap_or_else(|| base.$field.clone()),)*
                }
            }

            /// The variation that makes `experiment` of `base`.
            pub fn between(label: String, base: &Experiment, experiment: &Experiment) -> Self {
                Self {
                    label,
                    color: String::new(),
                    $($field: (base.$field != experiment.$field)
                        .then(|| experiment.$field.clone()),)*
                }
            }

            /// Shows each part that this variation states to `visitor`, in order.
            pub(crate) fn visit(&self, visitor: &mut impl PartVisitor) {
                $(if let Some(part) = &self.$field { visitor.part(stringify!($field), part); })*
            }

            /// The names of the parts that this variation states.
            pub fn stated(&self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(if self.$field.is_some() { names.push(stringify!($field)); })*
                names
            }
        }
    };
}

experiment! {
    /// Where the samples come from, or the surface.
    data: Source = Source::Bundled("iris".to_owned());
    /// Shares of the training, validation and test part.
    split: Split = Split::default();
    /// What is done to columns before they are features, in order; fitted on the training part.
    preprocessing: Vec<Transform> = Vec::new();
    /// How features and numeric targets are scaled.
    scaling: Scaling = Scaling::default();
    /// The model.
    model: Model = (Model::members()[0].default)();
    /// How the parameters start.
    initialization: Initialization = Initialization::default();
    /// What the model's outputs cost.
    loss: Loss = (Loss::members()[0].default)();
    /// How much the samples of each class count in the loss.
    class_weights: ClassWeights = ClassWeights::default();
    /// A cost on the weights.
    penalty: Penalty = Penalty::default();
    /// The rule for each step.
    optimizer: Optimizer = (Optimizer::members()[0].default)();
    /// How the learning rate changes.
    schedule: Schedule = (Schedule::members()[0].default)();
    /// Schedules that follow the first, each from a point of the budget on.
    then: Vec<Stage> = Vec::new();
    /// Whether schedules change the learning rate at every step or at every epoch.
    schedule_per: SchedulePer = SchedulePer::default();
    /// A stretch in which the learning rate rises from near 0, before the schedule begins.
    warmup: Span = Span::Steps(0);
    /// How many samples make one gradient.
    batch: Batch = Batch::Mini(32);
    /// Whether samples are seen in a new random order in each epoch.
    shuffle: bool = true;
    /// How the samples of an epoch are chosen.
    sampling: Sampling = (Sampling::members()[0].default)();
    /// Batches whose gradients are averaged into one step.
    accumulate: usize = 1;
    /// Whether the features are the pixels of pictures, and of which size.
    images: Images = Images::default();
    /// How training samples are changed, afresh in every step, in this order.
    augmentation: Vec<Augment> = Vec::new();
    /// A limit on the gradient.
    clip: Clip = (Clip::members()[0].default)();
    /// Noise added to the gradient.
    gradient_noise: GradientNoise = (GradientNoise::members()[0].default)();
    /// An average of the parameters, evaluated beside them.
    averaging: Averaging = (Averaging::members()[0].default)();
    /// Random starts, each trained for the whole budget; the best weights of all are kept.
    starts: usize = 1;
    /// How long to train.
    budget: Span = Span::Epochs(50.0);
    /// Reasons to stop earlier.
    stopping: Stopping = Stopping::default();
    /// The number type.
    precision: Precision = Precision::default();
    /// How often the model is evaluated on the whole training and validation part.
    evaluate_every: Cadence = Cadence::default();
    /// How often a step's loss, norms and learning rate are recorded.
    record_every: Cadence = Cadence::default();
}

impl Experiment {
    /// What is done to the data before training. A numeric target is scaled as the features are,
    /// unless the loss needs it as it is.
    pub fn recipe(&self) -> Recipe {
        let scales_target = self.loss.rule::<f64>().scales_target();
        Recipe {
            transforms: self.preprocessing.clone(),
            scaling: self.scaling,
            target_scaling: if scales_target { self.scaling } else { Scaling::Off },
        }
    }
}
