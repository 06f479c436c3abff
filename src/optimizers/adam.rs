use super::elementwise::elementwise_with_decay;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::math::power::power;
use crate::settings::Bounds;

crate::settings! {
    /// Steps along an average of recent gradients, each coordinate divided by its recent size. A good
    /// first choice for neural networks.
    ///
    /// ```text
    /// g ← g + λ θ
    /// m ← β₁ m + (1 − β₁) g
    /// v ← β₂ v + (1 − β₂) g²
    /// m̂ = m / (1 − β₁ᵗ)      v̂ = v / (1 − β₂ᵗ)
    /// θ ← θ − η m̂ / (√v̂ + ε)            element by element, t = 1, 2, …
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `m` its average and `v` that of its square. Both
    /// start at zero; the division by `1 − βᵗ` takes that start out of the averages. Without `λ`,
    /// multiplying the objective by a constant changes nothing but the part of `ε`. With amsgrad,
    /// `v̂` is made of the largest `v` so far, `vₘₐₓ`. The same as PyTorch's `Adam`. TensorFlow adds `ε` to
    /// the uncorrected `√v`.
    ///
    /// When to use: almost any network at first, and gradients that are sparse or badly scaled.
    /// Tune `η` by factors of 3 around 1e-3; lower `β₂` to 0.99 where gradients change quickly in
    /// size. On smooth convex problems tuned momentum ends lower, and for weight decay AdamW is the
    /// better form.
    ///
    /// Reference: D. P. Kingma & J. Ba, Adam: a method for stochastic optimization, 2015; S. J.
    /// Reddi, S. Kale & S. Kumar, On the convergence of Adam and beyond, 2018 (amsgrad).
    pub struct Adam("Adam") {
        /// About how far each coordinate moves in a step.
        learning_rate("η"): f64 = 0.001, Bounds::positive();
        /// How long the average of gradients remembers.
        beta1("β₁"): f64 = 0.9, Bounds::half_open(0.0, 1.0);
        /// How long the average of squares remembers.
        beta2("β₂"): f64 = 0.999, Bounds::half_open(0.0, 1.0);
        /// Keeps the division finite where gradients vanish.
        epsilon("ε"): f64 = 1e-8, Bounds::positive();
        /// Divides by the largest mean square so far, so that rates only ever fall.
        amsgrad(""): bool = false;
        /// How strongly parameters are pulled to zero, by a part of them added to the gradient.
        weight_decay("λ"): f64 = 0.0, Bounds::non_negative();
    }
}

impl<T: Scalar> UpdateRule<T> for Adam {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        vectors(self.amsgrad)
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let moments = Moments::new(self.beta1, self.beta2, self.epsilon, state.step);
        let rate = moments.corrected_rate(update.learning_rate);
        if self.amsgrad {
            elementwise_with_decay(
                update,
                self.weight_decay,
                state.split(),
                #[inline(always)]
                move |param, gradient, [m, v, largest]| {
                    let (direction, [m, v, largest]) =
                        moments.advance_with_largest(gradient, m, v, largest);
                    (param - rate * direction, [m, v, largest])
                },
            );
        } else {
            elementwise_with_decay(
                update,
                self.weight_decay,
                state.split(),
                #[inline(always)]
                move |param, gradient, [m, v]| {
                    let (direction, m, v) = moments.advance(gradient, m, v);
                    (param - rate * direction, [m, v])
                },
            );
        }
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, if self.amsgrad { &["m", "v", "vₘₐₓ"] } else { &["m", "v"] });
        lines.decay(self.weight_decay, false);
        add_moments(&mut lines, self.amsgrad);
        lines.add("θ", "θ − η m̂ / (√v̂ + ε)");
        lines.finish()
    }
}

/// The state vectors of Adam and of AdamW.
pub(super) fn vectors(amsgrad: bool) -> &'static [&'static str] {
    if amsgrad {
        &["first_moment", "second_moment", "largest_second_moment"]
    } else {
        &["first_moment", "second_moment"]
    }
}

/// The lines from the gradient to the effective rate, of Adam and of AdamW.
pub(super) fn add_moments(lines: &mut Lines, amsgrad: bool) {
    lines.add("m", "β₁ m + (1 − β₁) g");
    lines.add("v", "β₂ v + (1 − β₂) g²");
    lines.add("m̂", "m / (1 − β₁ᵗ)");
    if amsgrad {
        lines.add("vₘₐₓ", "max(vₘₐₓ, v)");
        lines.add("v̂", "vₘₐₓ / (1 − β₂ᵗ)");
    } else {
        lines.add("v̂", "v / (1 − β₂ᵗ)");
    }
    lines.effective_rate("η / (√v̂ + ε)");
}

/// The two moving averages that Adam and its relatives share, for one step.
///
/// The corrections are taken out of the loop: with `c = √(1 − β₂ᵗ)`,
///
/// ```text
/// η m̂ / (√v̂ + ε) = (η c / (1 − β₁ᵗ)) · m / (√v + c ε)
/// ```
#[derive(Clone, Copy)]
pub(super) struct Moments<T> {
    beta1: T,
    rest1: T,
    beta2: T,
    rest2: T,
    epsilon: T,
    correction: f64,
}

impl<T: Scalar> Moments<T> {
    pub(super) fn new(beta1: f64, beta2: f64, epsilon: f64, step: u64) -> Self {
        let root = (1.0 - power(beta2, step)).sqrt();
        Self {
            beta1: T::from_f64(beta1),
            rest1: T::from_f64(1.0 - beta1),
            beta2: T::from_f64(beta2),
            rest2: T::from_f64(1.0 - beta2),
            epsilon: T::from_f64(root * epsilon),
            correction: root / (1.0 - power(beta1, step)),
        }
    }

    /// `η c / (1 − β₁ᵗ)`, to multiply the direction with.
    pub(super) fn corrected_rate(&self, learning_rate: f64) -> T {
        T::from_f64(learning_rate * self.correction)
    }

    /// `m / (√v + c ε)` with the new averages `m` and `v`.
    #[inline(always)]
    pub(super) fn advance(&self, gradient: T, m: T, v: T) -> (T, T, T) {
        let m = self.beta1 * m + self.rest1 * gradient;
        let v = self.beta2 * v + self.rest2 * (gradient * gradient);
        (m / (v.sqrt() + self.epsilon), m, v)
    }

    /// `m / (√vₘₐₓ + c ε)` with the new averages `m` and `v` and the largest `v` so far.
    #[inline(always)]
    pub(super) fn advance_with_largest(&self, gradient: T, m: T, v: T, largest: T) -> (T, [T; 3]) {
        let (_, m, v) = self.advance(gradient, m, v);
        let largest = largest.max(v);
        (m / (largest.sqrt() + self.epsilon), [m, v, largest])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::{advance, descend};

    /// θ moves by η per step under a steady gradient, because m̂ = g and v̂ = g² at every t.
    #[test]
    fn a_steady_gradient_moves_by_the_learning_rate() {
        let adam = Adam { learning_rate: 0.25, ..Adam::default() };
        let ten = descend(&adam, &[0.0], 10, |_: &[f64], g: &mut [f64]| g[0] = 3.0)[0];
        assert!((ten + 2.5).abs() < 1e-7, "{ten}");
    }

    /// With β₁ = 0 and β₂ = ½, gradients 2 and 0 give v = 2, 1; m = 2, 0; then gradient 1 gives
    /// v = 1 while the largest stays 2, and the step is √(1 − ½³) / √2.
    #[test]
    fn amsgrad_never_forgets_the_largest_mean_square() {
        let adam = Adam {
            learning_rate: 1.0,
            beta1: 0.0,
            beta2: 0.5,
            epsilon: 1e-15,
            amsgrad: true,
            ..Adam::default()
        };
        let mut state = OptimizerState::new(&adam, 1);
        let mut params = [0.0f64];
        for gradient in [2.0, 0.0, 1.0] {
            params[0] = 0.0;
            advance(&adam, &mut params, &mut state, 1, |_, g| g[0] = gradient);
        }
        assert!((params[0] + (0.875f64 / 2.0).sqrt()).abs() < 1e-12, "{params:?}");
        assert_eq!(state.vectors, [[1.0], [1.0], [2.0]]);
    }

    #[test]
    fn the_scale_of_the_objective_does_not_matter() {
        let adam = Adam { learning_rate: 0.05, ..Adam::default() };
        let path = |scale: f64| {
            let valley = move |x: &[f64], g: &mut [f64]| {
                g[0] = scale * (x[0] - 4.0 * x[1]);
                g[1] = scale * (x[1] * x[1] * x[1] + x[0]);
            };
            descend(&adam, &[3.0, 2.0], 60, valley)
        };
        // Only ε tells the scales apart: about 1e-8 of a gradient near 1.
        for (one, thousand) in path(1.0).iter().zip(path(1000.0)) {
            assert!((one - thousand).abs() < 1e-6, "{one} {thousand}");
        }
    }
}
