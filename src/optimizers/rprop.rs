use super::elementwise::elementwise;
use super::equation::Lines;
use super::{Coordinate, Equation, OptimizerState, Update, UpdateRule};
use crate::math::Scalar;
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// Uses the signs of the gradient alone: the step of each coordinate grows while its sign stays
    /// and shrinks when it turns. For full batches; the noise of small ones turns signs too often.
    ///
    /// ```text
    /// ηᵢ ← η⁺ ηᵢ                     where g g′ > 0
    /// ηᵢ ← η⁻ ηᵢ,  g ← 0              where g g′ < 0
    /// ηᵢ ← min(max(ηᵢ, ηₘᵢₙ), ηₘₐₓ)
    /// θ ← θ − ηᵢ sign(g)             element by element
    /// g′ ← g
    /// ```
    ///
    /// `g` is the gradient at the parameters `θ`, `g′` that of the step before, and `ηᵢ` the step
    /// of each coordinate. Every `ηᵢ` starts at `η`, and `g′` at zero. A schedule multiplies the
    /// steps taken, not the `ηᵢ` that are kept. The same as PyTorch's `Rprop` (where schedules
    /// change nothing): the form of 2000, which stands still for a step after a turn and takes
    /// nothing back.
    ///
    /// When to use: regressions and small networks trained on all their data at once, where no rate
    /// is to be tuned: `η` is the first step alone, and 0.01 does for scaled features. Never with
    /// mini-batches: take Adam or Lion there. On noisy surfaces too it freezes early.
    ///
    /// Reference: M. Riedmiller & H. Braun, A direct adaptive method for faster backpropagation
    /// learning: the RPROP algorithm, 1993; C. Igel & M. Hüsken, Improving the Rprop learning
    /// algorithm, 2000 (iRprop⁻).
    pub struct Rprop("Rprop") {
        /// The length of the first step in each coordinate.
        learning_rate("η"): f64 = 0.01, Bounds::positive();
        /// What a step is multiplied with when the sign turns.
        eta_minus("η⁻"): f64 = 0.5, Bounds { low_included: false, ..Bounds::half_open(0.0, 1.0) };
        /// What a step is multiplied with while the sign stays.
        eta_plus("η⁺"): f64 = 1.2, Bounds { low_included: false, ..Bounds::at_least(1.0) };
        /// No step gets shorter than this.
        min_step("ηₘᵢₙ"): f64 = 1e-6, Bounds::positive();
        /// No step gets longer than this.
        max_step("ηₘₐₓ"): f64 = 50.0, Bounds::positive();
    } check Rprop::check_steps
}

impl Rprop {
    fn check_steps(&self) -> Result<(), SettingError> {
        if self.min_step <= self.max_step {
            return Ok(());
        }
        let expected = format!("a number up to max_step, {}", self.max_step);
        Err(SettingError::new("min_step", self.min_step, expected))
    }
}

impl<T: Scalar> UpdateRule<T> for Rprop {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &["previous_gradient", "step_size"]
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        if state.step == 1 {
            state.vectors[1].fill(T::from_f64(self.learning_rate));
        }
        let factor = T::from_f64(update.learning_rate / self.learning_rate);
        let (minus, plus) = (T::from_f64(self.eta_minus), T::from_f64(self.eta_plus));
        let (min, max) = (T::from_f64(self.min_step), T::from_f64(self.max_step));
        elementwise(
            update,
            state.split(),
            #[inline(always)]
            move |param, gradient, [previous, size]| {
                let agreement = gradient * previous;
                let turned = agreement < T::ZERO;
                let grown = if agreement > T::ZERO { size * plus } else { size };
                let size = (if turned { size * minus } else { grown }).max(min).min(max);
                let gradient = if turned { T::ZERO } else { gradient };
                (param - factor * size * gradient.sign(), [gradient, size])
            },
        );
    }

    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &["g′", "ηᵢ"]);
        let factor = at.learning_rate / self.learning_rate;
        let agreement = at.gradient[at.index] * at.before.vectors[0][at.index];
        lines.know("ηₜ", at.learning_rate);
        lines.know("η", self.learning_rate);
        if at.step() == 1 {
            lines.know("ηᵢ", self.learning_rate);
        }
        if agreement < 0.0 {
            lines.add("ηᵢ", "min(max(η⁻ ηᵢ, ηₘᵢₙ), ηₘₐₓ)");
            lines.add("g", "0");
        } else if agreement > 0.0 {
            lines.add("ηᵢ", "min(max(η⁺ ηᵢ, ηₘᵢₙ), ηₘₐₓ)");
        } else {
            lines.add("ηᵢ", "min(max(ηᵢ, ηₘᵢₙ), ηₘₐₓ)");
        }
        lines.add("g′", "g");
        if factor == 1.0 {
            lines.effective_rate("ηᵢ / |g|");
            lines.add("θ", "θ − ηᵢ sign(g)");
        } else {
            // What the schedule makes of the steps.
            lines.add("f", "ηₜ / η");
            lines.effective_rate("f ηᵢ / |g|");
            lines.add("θ", "θ − f ηᵢ sign(g)");
        }
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::{advance, descend};

    /// By head, from 1 with η⁺ = 2 and η⁻ = ½: steps 1, 2, 4; a turn halves to 2 and stands still;
    /// then 2 back, and 4.
    #[test]
    fn steps_grow_while_the_sign_stays_and_halve_when_it_turns() {
        let rprop = Rprop { learning_rate: 1.0, eta_plus: 2.0, ..Rprop::default() };
        let (mut state, mut params) = (OptimizerState::new(&rprop, 1), [0.0f64]);
        let mut path = Vec::new();
        for slope in [0.1, 7.0, 0.3, -1.0, -1.0, -0.2] {
            advance(&rprop, &mut params, &mut state, 1, |_, g| g[0] = slope);
            path.push(params[0]);
        }
        assert_eq!(path, [-1.0, -3.0, -7.0, -7.0, -5.0, -1.0]);
    }

    #[test]
    fn steps_stay_between_their_bounds() {
        let rprop = Rprop { max_step: 0.011, ..Rprop::default() };
        let end = descend(&rprop, &[0.0], 3, |_: &[f64], g: &mut [f64]| g[0] = 1.0)[0];
        assert!((end + 0.01 + 2.0 * 0.011).abs() < 1e-15, "{end}");
    }

    #[test]
    fn bounds_in_the_wrong_order_are_refused() {
        use crate::settings::Settings;
        let error = Rprop { min_step: 2.0, max_step: 1.0, ..Rprop::default() }.check().unwrap_err();
        assert_eq!(error.to_string(), "min_step is 2; it must be a number up to max_step, 1");
    }
}
