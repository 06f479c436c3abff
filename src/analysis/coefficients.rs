use crate::data::features::{Expression, Origin, Step, words::number};
use crate::losses::Loss;
use crate::models::Model;
use crate::training::Plan;

/// One coefficient of a linear model.
#[derive(Clone, Debug, PartialEq)]
pub struct Coefficient {
    /// What it adds to: the target, or the log-odds of a class.
    pub output: String,
    /// The feature; `(intercept)` for the constant.
    pub feature: String,
    /// What one unit of the feature adds: a unit of the file where `in_original_units`, else of what
    /// the transforms have made of it.
    pub value: f64,
    /// Whether the feature's unit is that of the file.
    pub in_original_units: bool,
    /// The weight as it was trained, for the scaled feature and the scaled target.
    pub scaled: f64,
    /// Where `value` holds, or how the feature is made; mostly empty.
    pub note: String,
}

/// The name of the constant among the features.
pub const INTERCEPT: &str = "(intercept)";

/// The coefficients of a linear, logistic or multinomial model, undone of all scaling; empty for
/// every other experiment.
///
/// ```text
/// z = b + Σⱼ wⱼ fⱼ,  fⱼ = aⱼ xⱼ + dⱼ,  y = s z + m
/// coefficient of xⱼ: s wⱼ aⱼ        intercept: m + s (b + Σⱼ wⱼ dⱼ)
/// ```
///
/// `xⱼ` is the column in the units of the file, `aⱼ` and `dⱼ` come of everything that shifts and divides
/// it, `s` and `m` of the scaling of a numeric target (1 and 0 for classes). Behind a logarithm, a
/// power, a code or a product there is no such coefficient; then `xⱼ` is what these have made. Behind
/// a clip it holds between the bounds.
pub fn coefficients(plan: &Plan, params: &[f64]) -> Vec<Coefficient> {
    let Some(data) = &plan.data else { return Vec::new() };
    let is_linear = matches!(
        plan.experiment.model,
        Model::Linear(_) | Model::Logistic(_) | Model::Multinomial(_)
    );
    let features = &data.pipeline.features;
    let (n_outputs, n_features) = (plan.n_outputs, features.len());
    if !is_linear || params.len() != n_outputs * (n_features + 1) || n_features == 0 {
        return Vec::new();
    }
    let (weights, biases) = params.split_at(n_outputs * n_features);
    let (target_shift, target_scale) = data.target_scaling;
    let units: Vec<Unit> = features.iter().map(|feature| Unit::of(&feature.expression)).collect();
    let mut found = Vec::with_capacity(params.len());
    for (output, (weights, bias)) in weights.chunks(n_features).zip(biases).enumerate() {
        let name = output_name(plan, output);
        let offsets = weights.iter().zip(&units).map(|(weight, unit)| weight * unit.offset);
        found.push(Coefficient {
            output: name.clone(),
            feature: INTERCEPT.to_owned(),
            value: target_shift + target_scale * (bias + offsets.sum::<f64>()),
            in_original_units: units.iter().all(|unit| unit.is_original),
            scaled: *bias,
            note: String::new(),
        });
        for ((weight, unit), feature) in weights.iter().zip(&units).zip(features) {
            found.push(Coefficient {
                output: name.clone(),
                feature: feature.name.clone(),
                value: target_scale * weight * unit.slope,
                in_original_units: unit.is_original,
                scaled: *weight,
                note: unit.note(&feature.expression),
            });
        }
    }
    found
}

/// What an output of the model is.
fn output_name(plan: &Plan, output: usize) -> String {
    let Some(data) = &plan.data else { return String::new() };
    let class = |index: usize| data.class_names.get(index).map_or("", String::as_str);
    match (&plan.experiment.model, &plan.experiment.loss) {
        (Model::Linear(_), Loss::Poisson(_)) => format!("ln of the mean of {}", data.target_name),
        (Model::Linear(_), _) => data.target_name.clone(),
        (Model::Logistic(_), Loss::BinaryCrossEntropy(_) | Loss::BinaryFocal(_)) => {
            format!("log-odds of {}", class(1))
        }
        (Model::Logistic(_), _) => format!("score of {}", class(1)),
        _ => format!("logit of {}", class(output)),
    }
}

/// How a feature follows from the last of its stages that can be read: `slope · x + offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Unit {
    slope: f64,
    offset: f64,
    /// Whether `x` is the column itself, or an indicator.
    is_original: bool,
    /// Where it holds.
    bounds: Option<(f64, f64)>,
}

impl Unit {
    fn of(expression: &Expression) -> Self {
        let is_original =
            matches!(expression.origin, Origin::Number { .. } | Origin::Indicator { .. });
        let mut unit = Self { slope: 1.0, offset: 0.0, is_original, bounds: None };
        for step in &expression.steps {
            match *step {
                Step::Fill { .. } => {}
                Step::Affine { shift, scale } => {
                    unit.slope /= scale;
                    unit.offset = (unit.offset - shift) / scale;
                }
                Step::Clip { low, high } => {
                    let [low, high] = [low, high].map(|end| (end - unit.offset) / unit.slope);
                    let (least, most) = unit.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
                    unit.bounds = Some((low.max(least), high.min(most)));
                }
                Step::IsMissing => {
                    unit = Self { slope: 1.0, offset: 0.0, is_original: true, bounds: None };
                }
                Step::Log | Step::YeoJohnson { .. } => {
                    unit = Self { slope: 1.0, offset: 0.0, is_original: false, bounds: None };
                }
            }
        }
        unit
    }

    fn note(&self, expression: &Expression) -> String {
        if !self.is_original {
            let bends = |step: &Step| !matches!(step, Step::Affine { .. });
            let n_kept = expression.steps.iter().rposition(bends).map_or(0, |last| last + 1);
            let steps = expression.steps[..n_kept].to_vec();
            let made = Expression { origin: expression.origin.clone(), steps };
            return format!("for the feature as it is made: {}", made.words());
        }
        match self.bounds {
            Some((low, high)) if low.is_finite() && high.is_finite() => {
                format!("between {} and {}", number(low), number(high))
            }
            _ => String::new(),
        }
    }
}
