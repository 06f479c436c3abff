use super::curvature_pairs::CurvaturePairs;
use super::line_search::{Line, Probe, strong_wolfe};
use super::equation::Lines;
use super::{Coordinate, Equation, Arrival, OptimizerState, Search, Update, UpdateRule};
use crate::math::{Scalar, reduce};
use crate::settings::Bounds;

/// Pairs of a step and a change of the gradient whose product is no larger say nothing of curvature.
const LEAST_CURVATURE: f64 = 1e-10;

/// Fewer samples in a batch say more of themselves than of how the objective curves.
const MIN_BATCH: usize = 8;

crate::settings! {
    /// Quasi-Newton: learns from the last steps how the objective curves, walks straight towards the
    /// minimum of that bowl, and searches along the way for a point low and flat enough. By far the
    /// fastest on smooth problems with full batches.
    ///
    /// ```text
    /// d = H g                            H from the last m pairs (s, y), by the two loops
    /// θ ← θ − ηₜ d                       ηₜ found by a line search that starts at η
    /// s = −ηₜ d        y = g(θ) − g      kept where sᵀy > 10⁻¹⁰
    /// line search: f falls by 10⁻⁴ of what the slope promises, and the slope to 9/10 of itself,
    /// in at most n evaluations
    /// at rest: max |g| ≤ τ, or gᵀd, the change of f or max |s| no larger than δ
    /// ```
    ///
    /// `θ` are the parameters, `f` is the objective and `g` its gradient; `s` is the last step and
    /// `y` the change of the gradient over it; `H` stands for the inverse Hessian. `H` begins as
    /// `sᵀy / yᵀy` of the newest pair; before there is one, as 1, and the first search starts at `η
    /// · min(1, 1 / ‖g‖₁)`. One step is one pass of the loop inside PyTorch's `LBFGS` with
    /// `line_search_fn="strong_wolfe"`, and `max_iter` of those are as many steps here. A step
    /// evaluates the gradient several times. On full batches what a search found at its end is not
    /// evaluated again; a run at rest stays there and costs nothing more.
    ///
    /// On mini-batches each step first evaluates its own batch, and both gradients of `y` are of that
    /// same batch (PyTorch's are of two). Take large batches: what the search finds is for this batch
    /// alone. A direction that leads uphill, or a search that finds nothing, forgets all pairs.
    ///
    /// When to use: smooth problems on full batches with up to some hundred thousand parameters,
    /// where a minimum to many digits is wanted: regressions, small networks, test surfaces; in
    /// double precision. Leave `η` = 1 with the line search; an `m` of 10 to 20 is as good on most
    /// and needs less memory. Not for small batches, nor for losses with kinks, such as the hinge.
    ///
    /// Reference: D. C. Liu & J. Nocedal, On the limited memory BFGS method for large scale
    /// optimization, 1989; J. Nocedal & S. J. Wright, Numerical optimization, 2006.
    pub struct Lbfgs("L-BFGS") {
        /// The length along the direction that the search tries first; 1 is Newton's.
        learning_rate("η"): f64 = 1.0, Bounds::positive();
        /// How many pairs are kept.
        history("m"): usize = 100, Bounds::closed(1.0, 1000.0);
        /// Searches along the direction; else each step is as long as the learning rate says.
        line_search(""): bool = true;
        /// The most evaluations in the search of one step.
        max_evaluations("n"): usize = 25, Bounds::closed(1.0, 1000.0);
        /// No parameter moves where no slope is steeper than this.
        tolerance_gradient("τ"): f64 = 1e-7, Bounds::non_negative();
        /// Rests after a step that changes objective or parameters by no more than this.
        tolerance_change("δ"): f64 = 1e-9, Bounds::non_negative();
    }
}

/// The parts of the state by name, and the work space.
struct Parts<'a, T> {
    pairs: CurvaturePairs<'a, T>,
    direction: &'a mut [T],
    point: &'a mut [T],
    gradients: [&'a mut [T]; 3],
    /// Whether the run is at rest, and the value of the objective there.
    at_rest: &'a mut f64,
    rest_value: &'a mut f64,
    /// How far along the direction the step went.
    step_length: &'a mut f64,
}

fn parts<T: Scalar>(state: &mut OptimizerState<T>, n_params: usize) -> Parts<'_, T> {
    let (
        [steps, changes, weights, direction, point, first, second, third],
        [n_pairs, next_row, scale, at_rest, rest_value, step_length],
    ) = state.split_all();
    Parts {
        pairs: CurvaturePairs { steps, changes, weights, n_params, n_pairs, next_row, scale },
        direction,
        point,
        gradients: [first, second, third],
        at_rest,
        rest_value,
        step_length,
    }
}

/// Leaves the parameters where they are; what is known of them still holds in the next step.
fn stay<T: Scalar>(value: T, gradient: &[T], arrival: &mut Arrival<T>) {
    arrival.value = Some(value);
    arrival.gradient.copy_from_slice(gradient);
}

impl Lbfgs {
    /// Goes as far as the learning rate says, and half as far while the objective is no number there.
    fn fixed_step<'b, T: Scalar>(
        line: &mut Line<'_, T>,
        length: f64,
        low: &mut Probe<'b, T>,
        trial: &mut Probe<'b, T>,
    ) {
        let mut length = length;
        while line.n_left > 0 {
            line.probe(length, trial);
            if trial.value.is_finite() && reduce::all_finite(trial.gradient) {
                return std::mem::swap(low, trial);
            }
            length *= 0.5;
        }
    }
}

impl<T: Scalar> UpdateRule<T> for Lbfgs {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn vectors(&self) -> &'static [&'static str] {
        &[
            "steps",
            "gradient_changes",
            "pair_weights",
            "direction",
            "trial_point",
            "low_gradient",
            "high_gradient",
            "trial_gradient",
        ]
    }

    fn vector_length(&self, vector: usize, n_params: usize) -> usize {
        match vector {
            0 | 1 => self.history * n_params,
            2 => 2 * self.history,
            _ => n_params,
        }
    }

    fn is_work_space(&self, vector: usize) -> bool {
        vector > 3
    }

    fn scalars(&self) -> &'static [&'static str] {
        &["n_pairs", "next_pair", "scale", "at_rest", "rest_value", "step_length"]
    }

    fn searches(&self) -> bool {
        true
    }

    fn min_batch(&self) -> usize {
        MIN_BATCH
    }

    fn update(&self, state: &mut OptimizerState<T>, update: Update<'_, T>) {
        let Update { params, gradient, learning_rate, search, .. } = update;
        let Search { value, evaluate, arrival } =
            search.expect("a rule that searches is given the way to the objective");
        let is_first = state.step == 1;
        let Parts { mut pairs, direction, point, gradients, at_rest, rest_value, step_length } =
            parts(state, params.len());
        *step_length = 0.0;

        // The same value as where it came to rest: the same batch, at the same parameters.
        let rests = *at_rest != 0.0 && *rest_value == value.to_f64();
        *at_rest = 0.0;
        let flat = reduce::largest_magnitude(gradient).to_f64() <= self.tolerance_gradient;
        if rests || flat || !reduce::all_finite(gradient) {
            (*at_rest, *rest_value) = (f64::from(u8::from(rests)), value.to_f64());
            return stay(value, gradient, arrival);
        }

        let mut is_fresh = is_first || (self.line_search && pairs.is_empty());
        let slope = loop {
            for (entry, &slope) in direction.iter_mut().zip(gradient) {
                *entry = -slope;
            }
            pairs.apply_to(direction);
            let slope = reduce::dot(gradient, direction).to_f64();
            let leads_down = slope < 0.0 && slope.is_finite() && reduce::all_finite(direction);
            if leads_down || pairs.is_empty() {
                break slope;
            }
            pairs.clear();
            is_fresh = true;
        };
        let length = match is_fresh {
            true => (1.0 / reduce::sum_of_magnitudes(gradient).to_f64()).min(1.0) * learning_rate,
            false => learning_rate,
        };
        // Written so that what is not a number does not move either. A schedule may begin at zero.
        if !(slope <= -self.tolerance_change && slope < 0.0 && length > 0.0) {
            return stay(value, gradient, arrival);
        }

        let [first, second, third] = gradients;
        first.copy_from_slice(gradient);
        let start = value.to_f64();
        let mut low = Probe { length: 0.0, value: start, slope, gradient: first };
        let mut high = Probe { length: 0.0, value: start, slope, gradient: second };
        let mut trial = Probe { length: 0.0, value: start, slope, gradient: third };
        let n_left = self.max_evaluations as u64;
        let mut line = Line { start: params, direction, point: &mut *point, evaluate, n_left };
        if self.line_search {
            let narrowest = self.tolerance_change;
            strong_wolfe(&mut line, length, narrowest, &mut low, &mut high, &mut trial);
        } else {
            Self::fixed_step(&mut line, length, &mut low, &mut trial);
        }

        // The step and the change of the gradient, in work space that is free now.
        let (step, change) = (point, high.gradient);
        *step_length = low.length;
        let length = T::from_f64(low.length);
        for i in 0..params.len() {
            step[i] = length * direction[i];
            change[i] = low.gradient[i] - gradient[i];
        }
        reduce::add_scaled(length, direction, params);
        arrival.value = Some(T::from_f64(low.value));
        arrival.gradient.copy_from_slice(low.gradient);

        let moved = reduce::largest_magnitude(step).to_f64();
        if moved == 0.0 {
            // Nothing lower that way. Without the pairs there may be; if there were none, there is
            // nothing lower at all.
            (*at_rest, *rest_value) = (f64::from(u8::from(pairs.is_empty())), low.value);
            return pairs.clear();
        }
        pairs.push(step, change, LEAST_CURVATURE);
        let gained = (low.value - start).abs();
        if moved <= self.tolerance_change || gained < self.tolerance_change {
            (*at_rest, *rest_value) = (1.0, low.value);
        }
    }
    fn equations(&self, at: &Coordinate<'_>) -> Vec<Equation> {
        let mut lines = Lines::new(self, at, &[]);
        let length = at.after.scalars[5];
        if length == 0.0 {
            // At rest, or a search that found nothing lower.
            lines.add("θ", "θ");
            return lines.finish();
        }
        lines.given("d", "H g", -at.after.vectors[3][at.index]);
        lines.given("ηₜ", "found by the line search", length);
        lines.effective_rate("ηₜ d / g");
        lines.add("θ", "θ − ηₜ d");
        lines.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::test_support::{advance, descend};

    /// On f = ½ θ² the first step is −g · min(1, 1/|g|): from 4 to 3, where the slope 3 is flat
    /// enough (9/10 of 4). Then H is the true inverse curvature 1, and the second step is Newton's.
    #[test]
    fn two_steps_by_hand() {
        let parabola = |x: &[f64], g: &mut [f64]| {
            g[0] = x[0];
            0.5 * x[0] * x[0]
        };
        assert_eq!(descend(&Lbfgs::default(), &[4.0], 1, parabola), [3.0]);
        assert_eq!(descend(&Lbfgs::default(), &[4.0], 2, parabola), [0.0]);
        let fixed = Lbfgs { line_search: false, learning_rate: 0.5, ..Lbfgs::default() };
        assert_eq!(descend(&fixed, &[4.0], 2, parabola), [1.75]);
    }

    /// Where a schedule begins at zero there is nowhere to search, and yet it has not come to rest.
    #[test]
    fn a_rate_of_zero_waits() {
        let parabola = |x: &[f64], g: &mut [f64]| {
            g[0] = x[0];
            0.5 * x[0] * x[0]
        };
        let waiting = Lbfgs { learning_rate: 0.0, ..Lbfgs::default() };
        let (mut params, mut state) = ([4.0], OptimizerState::new(&waiting, 1));
        advance(&waiting, &mut params, &mut state, 3, parabola);
        assert_eq!(params, [4.0]);
        advance(&Lbfgs::default(), &mut params, &mut state, 4, parabola);
        assert!(params[0].abs() < 1e-9, "{params:?}");
    }

    /// A quadratic in n dimensions has no more than n directions to learn.
    #[test]
    fn a_long_bowl_is_learnt() {
        let bowl = |x: &[f64], g: &mut [f64]| {
            let mut value = 0.0;
            for (i, (g, &x)) in g.iter_mut().zip(x).enumerate() {
                *g = (1 + i * i) as f64 * (x - 1.0);
                value += 0.5 * *g * (x - 1.0);
            }
            value
        };
        let rule = Lbfgs { tolerance_change: 0.0, ..Lbfgs::default() };
        let end = descend(&rule, &[0.0; 20], 60, bowl);
        assert!(end.iter().all(|x| (x - 1.0).abs() < 1e-5), "{end:?}");
        // Older pairs give way to new ones.
        let end = descend(&Lbfgs { history: 3, ..rule }, &[0.0; 20], 300, bowl);
        assert!(end.iter().all(|x| (x - 1.0).abs() < 1e-5), "{end:?}");
    }

    /// From a finite start no parameter becomes infinite or NaN, whatever the objective does.
    fn stays_finite<T: Scalar>(objective: impl Fn(&[T], &mut [T]) -> T + Copy) {
        for line_search in [true, false] {
            let rule = Lbfgs { line_search, ..Lbfgs::default() };
            for start in [0.5, -0.5, 1.0, 3.0] {
                let start = [T::from_f64(start), T::ONE];
                let end = descend(&rule, &start, 100, objective);
                assert!(end.iter().all(|x| x.is_finite()), "{start:?}: {end:?}");
            }
        }
    }

    fn stays_finite_in<T: Scalar>() {
        // No number below zero, and a slope that has none at zero.
        stays_finite(|x: &[T], g: &mut [T]| {
            g.copy_from_slice(&[T::ONE - T::ONE / x[0], x[1]]);
            x[0] - x[0].ln() + x[1] * x[1]
        });
        // Falls for ever, faster and faster.
        stays_finite(|x: &[T], g: &mut [T]| {
            g.copy_from_slice(&[-x[0].exp(), T::ZERO]);
            -x[0].exp()
        });
        // A gradient that leads uphill, and one that is no number.
        stays_finite(|x: &[T], g: &mut [T]| {
            g.copy_from_slice(&[-x[0], x[1]]);
            x[0] * x[0]
        });
        stays_finite(|x: &[T], g: &mut [T]| {
            g.fill(T::from_f64(f64::NAN));
            x[0]
        });
        // A kink at the minimum, and an objective without one.
        stays_finite(|x: &[T], g: &mut [T]| {
            g.copy_from_slice(&[x[0].sign(), x[1].sign()]);
            x[0].abs() + x[1].abs()
        });
        stays_finite(|x: &[T], g: &mut [T]| {
            g.copy_from_slice(&[T::from_f64(1e30), T::ONE]);
            T::from_f64(1e30) * x[0] + x[1]
        });
    }

    #[test]
    fn parameters_stay_finite() {
        stays_finite_in::<f32>();
        stays_finite_in::<f64>();
    }

    /// At rest nothing moves while the value is the same, and another batch wakes it.
    #[test]
    fn another_batch_ends_the_rest() {
        let bowl = |at: f64| {
            move |x: &[f64], g: &mut [f64]| {
                g[0] = x[0] - at;
                0.5 * g[0] * g[0]
            }
        };
        let rule = Lbfgs { tolerance_gradient: 0.0, tolerance_change: 0.2, ..Lbfgs::default() };
        let (mut params, mut state) = ([1.5], OptimizerState::new(&rule, 1));
        advance(&rule, &mut params, &mut state, 20, bowl(1.0));
        let resting = params;
        assert_eq!(state.scalars[3], 1.0);
        advance(&rule, &mut params, &mut state, 5, bowl(1.0));
        assert_eq!(params, resting);
        advance(&rule, &mut params, &mut state, 5, bowl(7.0));
        assert!((params[0] - 7.0).abs() < 1e-9, "{params:?}");
    }
}
