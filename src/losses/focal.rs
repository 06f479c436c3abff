use super::{CrossEntropy, LossFunction, Samples, TargetKind};
use crate::math::Scalar;
use crate::math::reduce::{LANES, fold};
use crate::settings::Bounds;

crate::settings! {
    /// Cross-entropy in which samples that the model already gets right count less and less, so that the
    /// many easy ones do not drown the few hard ones. With one output for each class, the logits.
    ///
    /// ```text
    /// L = 1/n Σᵢ (1 − pᵢ)^γ (−ln pᵢ)        pᵢ = softmax(zᵢ)_yᵢ, yᵢ the class of sample i
    /// ∂L/∂zᵢₖ = 1/n (1 − pᵢ)^γ (1 − γ pᵢ ln pᵢ/(1 − pᵢ)) (softmax(zᵢ)ₖ − [k = yᵢ])
    /// ```
    ///
    /// `n` is the number of samples in the batch, `softmax(z)ₖ = e^(zₖ) / Σₗ e^(zₗ)`. For classes
    /// of very different sizes. With `γ = 0` it is cross-entropy. The factors `α` of the paper are
    /// class weights (the mean is then the weighted one). It is computed from the logits, less
    /// their largest, so it stays finite for logits of any size.
    ///
    /// When to use: many classes of which a few easy ones have most samples, once cross-entropy
    /// with class weights has been tried. Start from `γ` = 2, and 1 where training becomes slow.
    /// Probabilities come out less certain than they should be; with wrong labels it dwells on just
    /// those, so take smoothing there.
    ///
    /// Reference: T.-Y. Lin, P. Goyal, R. Girshick, K. He & P. Dollár, Focal loss for dense object
    /// detection, 2017.
    pub struct Focal("Focal") {
        /// How fast samples lose weight as the model gets them right; at 0 they do not.
        gamma("γ"): f64 = 2.0, Bounds::at_least(0.0);
    }
}

/// Cost of a sample, and the factor by which `softmax(z)ₖ − [k = y]` becomes its slope. `missed` is
/// what `e^(z − largest)` sums to over the other classes, `own` that of the class itself, whose logit
/// less the largest is `logit`.
#[inline(always)]
fn rule<T: Scalar>(missed: T, own: T, logit: T, gamma: T) -> (T, T) {
    let sum = missed + own;
    let (p, miss) = (own / sum, missed / sum);
    // Where the class has the largest logit, the form that keeps the digits of small costs.
    let cost = if own == T::ONE { missed.ln_1p() } else { sum.ln() - logit };
    // A miss too small for a number has neither cost nor slope; a NaN goes on as such.
    if miss == T::ZERO {
        return (T::ZERO, T::ZERO);
    }
    let factor = (gamma * miss.ln()).exp();
    (factor * cost, factor * (T::ONE + gamma * p * cost / miss))
}

impl<T: Scalar> LossFunction<T> for Focal {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn value(&self, samples: Samples<'_, T>, mut gradient: Option<&mut [T]>) -> T {
        if self.gamma == 0.0 {
            return CrossEntropy::default().value(samples, gradient);
        }
        let Samples { outputs, n_outputs, targets, weights } = samples;
        let classes = targets.classes();
        if let Some(gradient) = &mut gradient {
            assert_eq!(outputs.len(), gradient.len(), "one slope for each output");
            gradient.fill(T::ZERO);
        }
        let total_weight = samples.total_weight(classes.len());
        if total_weight == T::ZERO {
            return T::ZERO;
        }
        let gamma = T::from_f64(self.gamma);
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || {
                let mut lanes = [T::ZERO; LANES];
                for (i, (logits, class)) in outputs.chunks_exact(n_outputs).zip(classes).enumerate()
                {
                    let weight = weights.map_or(T::ONE, |weights| weights[i]);
                    if weight == T::ZERO {
                        continue;
                    }
                    let class = *class as usize;
                    let mut largest = logits[0];
                    for logit in &logits[1..] {
                        largest = if *logit > largest { *logit } else { largest };
                    }
                    let own = (logits[class] - largest).exp();
                    let mut missed = T::ZERO;
                    for (k, logit) in logits.iter().enumerate() {
                        if k != class {
                            let power = (*logit - largest).exp();
                            missed += power;
                            if let Some(gradient) = &mut gradient {
                                gradient[i * n_outputs + k] = power;
                            }
                        }
                    }
                    let (cost, factor) = rule(missed, own, logits[class] - largest, gamma);
                    lanes[i % LANES] += weight * cost;
                    if let Some(gradient) = &mut gradient {
                        let slopes = &mut gradient[i * n_outputs..][..n_outputs];
                        slopes[class] = -missed;
                        let share = weight / total_weight * factor / (missed + own);
                        for slope in slopes {
                            *slope *= share;
                        }
                    }
                }
                fold(lanes) / total_weight
            },
        )
    }
}
