use super::{LossFunction, Samples, TargetKind};
use crate::math::Scalar;
use crate::math::reduce::{LANES, fold};
use crate::settings::Bounds;

crate::settings! {
    /// How surprising the true classes are to a model that gives class `k` the probability
    /// `softmax(z)ₖ`, with one output `zₖ` for each class, the logits.
    ///
    /// ```text
    /// L = 1/n Σᵢ (ln Σₖ e^(zᵢₖ) − zᵢ_yᵢ)        yᵢ the class of sample i
    /// ∂L/∂zᵢₖ = 1/n (softmax(zᵢ)ₖ − [k = yᵢ])        softmax(z)ₖ = e^(zₖ) / Σₗ e^(zₗ)
    /// with smoothing ε:
    /// L = 1/n Σᵢ (ln Σₖ e^(zᵢₖ) − (1 − ε) zᵢ_yᵢ − ε/K Σₖ zᵢₖ)
    /// ∂L/∂zᵢₖ = 1/n (softmax(zᵢ)ₖ − (1 − ε) [k = yᵢ] − ε/K)
    /// ```
    ///
    /// With smoothing `ε`, a part `ε` of each sample is said to be of all `K` classes alike, so that the
    /// model is never rewarded for being certain. `n` is the number of samples in the batch.
    ///
    /// The same as PyTorch's `CrossEntropyLoss` with `label_smoothing = ε`. With class weights and smoothing
    /// together it is not: here a sample counts as a whole by the weight of its class, there the part
    /// that is spread counts for each class by the weight of that one.
    ///
    /// It is computed from the logits, less their largest, so it stays finite for logits of any
    /// size.
    ///
    /// When to use: more than two classes, as the first choice. Set `ε` to 0.1 where a network
    /// grows certain of wrong answers or some labels are wrong; leave it at 0 where losses are
    /// compared or probabilities are read. For classes of very different sizes add class weights.
    ///
    /// Reference: J. S. Bridle, Probabilistic interpretation of feedforward classification network
    /// outputs, 1990; C. Szegedy et al., Rethinking the Inception architecture for computer vision,
    /// 2016 (smoothing).
    pub struct CrossEntropy("Cross-entropy") {
        /// The part of each sample that is spread over all classes.
        label_smoothing("ε"): f64 = 0.0, Bounds::half_open(0.0, 1.0);
    }
}

/// Logits in work at a time, and running sums over the classes of a sample.
const CHUNK: usize = 16;

/// The largest of `logits`, and the sum of `e^(z − largest)` over them. Each chunk of such powers is
/// handed to `keep`, with its index.
#[inline(always)]
fn largest_and_sum<T: Scalar>(logits: &[T], mut keep: impl FnMut(usize, &[T])) -> (T, T) {
    let mut largest = logits[0];
    for logit in &logits[1..] {
        largest = if *logit > largest { *logit } else { largest };
    }
    let mut lanes = [T::ZERO; CHUNK];
    for (index, chunk) in logits.chunks(CHUNK).enumerate() {
        // A whole chunk at once, whatever its length: one vector and no loop over the rest.
        let mut powers = [largest; CHUNK];
        powers[..chunk.len()].copy_from_slice(chunk);
        for power in &mut powers {
            *power = (*power - largest).exp();
        }
        for (lane, power) in lanes.iter_mut().zip(powers).take(chunk.len()) {
            *lane += power;
        }
        keep(index, &powers[..chunk.len()]);
    }
    (largest, fold(lanes))
}

/// `ln Σₖ e^(zₖ) − z_y`.
#[inline(always)]
fn cost<T: Scalar>(logit: T, largest: T, sum: T) -> T {
    sum.ln() - (logit - largest)
}

impl<T: Scalar> LossFunction<T> for CrossEntropy {
    fn target_kind(&self) -> TargetKind {
        TargetKind::Classes
    }

    fn value(&self, samples: Samples<'_, T>, mut gradient: Option<&mut [T]>) -> T {
        let Samples { outputs, n_outputs, targets, weights } = samples;
        let classes = targets.classes();
        if let Some(gradient) = &gradient {
            assert_eq!(outputs.len(), gradient.len(), "one slope for each output");
        }
        let total_weight = samples.total_weight(classes.len());
        if total_weight == T::ZERO {
            if let Some(gradient) = gradient {
                gradient.fill(T::ZERO);
            }
            return T::ZERO;
        }
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || {
                let one_share = T::ONE / total_weight;
                let smoothing = T::from_f64(self.label_smoothing);
                let certain = T::ONE - smoothing;
                let part = smoothing / T::from_f64(n_outputs as f64);
                let mut lanes = [T::ZERO; LANES];
                for (i, (logits, class)) in outputs.chunks_exact(n_outputs).zip(classes).enumerate()
                {
                    let class = *class as usize;
                    // Times one changes no bit of those without weights.
                    let weight = weights.map_or(T::ONE, |weights| weights[i]);
                    if weight == T::ZERO {
                        if let Some(gradient) = &mut gradient {
                            gradient[i * n_outputs..][..n_outputs].fill(T::ZERO);
                        }
                        continue;
                    }
                    let share = one_share * weight;
                    let (largest, sum) = match &mut gradient {
                        None => largest_and_sum(logits, |_, _| {}),
                        Some(gradient) => {
                            let slopes = &mut gradient[i * n_outputs..][..n_outputs];
                            let found = largest_and_sum(logits, |index, powers| {
                                slopes[CHUNK * index..][..powers.len()].copy_from_slice(powers);
                            });
                            let factor = share / found.1;
                            for slope in slopes.iter_mut() {
                                *slope *= factor;
                            }
                            if smoothing > T::ZERO {
                                for slope in slopes.iter_mut() {
                                    *slope -= share * part;
                                }
                            }
                            slopes[class] -= share * certain;
                            found
                        }
                    };
                    let mut total = cost(logits[class], largest, sum);
                    if smoothing > T::ZERO {
                        let mut sum_of_costs = T::ZERO;
                        for logit in logits {
                            sum_of_costs += cost(*logit, largest, sum);
                        }
                        total = certain * total + part * sum_of_costs;
                    }
                    lanes[i % LANES] += weight * total;
                }
                fold(lanes) / total_weight
            },
        )
    }
}
