use super::adam::{Moments, add_moments, vectors};
use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::Bounds;

crate::settings! {
    /// Adam that also shrinks every parameter a little at each step, apart from the gradient, so that
    /// the shrinking is not divided by the gradient's size as an L2 penalty's would be.
    ///
    /// ```text
    /// θ ← θ − η λ θ
    /// m ← β₁ m + (1 − β₁) g
    /// v ← β₂ v + (1 − β₂) g²
    /// m̂ = m / (1 − β₁ᵗ)      v̂ = v / (1 − β₂ᵗ)
    /// θ ← θ − η m̂ / (√v̂ + ε)            element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average and `v` that of its square. Both
    /// start at zero; with `λ = 0` it is Adam. Biases shrink too. With amsgrad, `v̂` is made of the
    /// largest `v` so far, `vₘₐₓ`. The same as PyTorch's `AdamW`. The paper's decay is not multiplied by
    /// `η`, but by the schedule alone.
    ///
    /// When to use: networks that need weight decay against overfitting, transformers above all,
    /// because here `λ` and `η` can be tuned nearly apart. Start from `η` = 1e-3 with a warm-up and
    /// cosine, and `λ` = 0.01, up to 0.1 for large networks. Not where biases must not shrink: then
    /// leave `λ` at 0 and take an L2 penalty.
    ///
    /// Reference: I. Loshchilov & F. Hutter, Decoupled weight decay regularization, 2019.
    pub struct AdamW("AdamW") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of squares remembers.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
        /// How strongly parameters shrink: by this part of themselves times the learning rate.
        weight_decay("λ"): f64 = 0.01, Bounds::non_negative();
        /// Divides by the largest mean square so far, so that rates only ever fall.
        amsgrad(""): bool = false;
    }
}

impl<T: Scalar> UpdateRule<T> for AdamW {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        vectors(self.amsgrad)
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let moments = Moments::new(self.beta1, self.beta2, self.epsilon, state.step);
        let rate = moments.corrected_rate(update.learning_rate);
        let kept = T::from_f64(1.0 - update.learning_rate * self.weight_decay);
        if self.amsgrad {
            elementwise(
                update,
                state.split(),
                #[inline(always)]
                move |param, gradient, [m, v, largest]| {
                    let (direction, [m, v, largest]) =
                        moments.advance_with_largest(gradient, m, v, largest);
                    (param * kept - rate * direction, [m, v, largest])
                },
            );
        } else {
            elementwise(
                update,
                state.split(),
                #[inline(always)]
                move |param, gradient, [m, v]| {
                    let (direction, m, v) = moments.advance(gradient, m, v);
                    (param * kept - rate * direction, [m, v])
                },
            );
        }
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, if self.amsgrad { &["m", "v", "vₘₐₓ"] } else { &["m", "v"] });
        lines.decay(self.weight_decay, true);
        add_moments(&mut lines, self.amsgrad);
        lines.add("θ", "θ − η m̂ / (√v̂ + ε)");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::Adam;
    use crate::optimizers::test_support::descend;

    #[test]
    fn without_decay_it_is_adam() {
        let valley = |x: &[f64], g: &mut [f64]| g[0] = x[0] * x[0] * x[0];
        let adam_w = AdamW { weight_decay: 0.0, ..AdamW::default() };
        let plain = descend(&Adam::default(), &[2.0], 50, valley);
        assert_eq!(descend(&adam_w, &[2.0], 50, valley), plain);
    }

    /// Without gradient only the decay is left: θ ← θ (1 − ηλ) = 1 · ¾ · ¾.
    #[test]
    fn decay_does_not_pass_through_the_averages() {
        let adam_w = AdamW { learning_rate: 0.5, weight_decay: 0.5, ..AdamW::default() };
        assert_eq!(descend(&adam_w, &[1.0], 2, |_: &[f64], _: &mut [f64]| {}), [0.5625]);
    }
}
