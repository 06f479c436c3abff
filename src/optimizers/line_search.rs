//! A line search for the strong Wolfe conditions: where along a direction the objective has fallen
//! enough and its slope has become flat enough.

use crate::math::{Scalar, reduce};

/// How far the objective has to fall, as a share of what the slope at the start promises.
const SUFFICIENT_DECREASE: f64 = 1e-4;

/// How steep it may still be, as a share of the slope at the start.
const CURVATURE: f64 = 0.9;

/// A trial nearer to an end of the bracket than this share of its width makes little progress.
const NEAR_END: f64 = 0.1;

/// A point on the line.
pub(super) struct Probe<'a, T> {
    /// How far along the direction, in lengths of it.
    pub length: f64,
    /// The objective there.
    pub value: f64,
    /// Its slope along the direction.
    pub slope: f64,
    /// Its gradient.
    pub gradient: &'a mut [T],
}

impl<T> Probe<'_, T> {
    fn is_finite(&self) -> bool {
        self.value.is_finite() && self.slope.is_finite()
    }
}

/// The line from `start` along `direction`, and the way to the objective on it.
pub(super) struct Line<'a, T> {
    pub start: &'a [T],
    pub direction: &'a [T],
    /// Where trial points are written.
    pub point: &'a mut [T],
    pub evaluate: &'a mut dyn FnMut(&[T], &mut [T]) -> T,
    /// How many evaluations are left.
    pub n_left: u64,
}

impl<T: Scalar> Line<'_, T> {
    /// Evaluates the objective at `length`.
    pub(super) fn probe(&mut self, length: f64, probe: &mut Probe<'_, T>) {
        self.n_left = self.n_left.saturating_sub(1);
        self.point.copy_from_slice(self.start);
        reduce::add_scaled(T::from_f64(length), self.direction, self.point);
        probe.length = length;
        probe.value = (self.evaluate)(self.point, probe.gradient).to_f64();
        probe.slope = reduce::dot(probe.gradient, self.direction).to_f64();
    }
}

/// Searches along `line` from `low`, which holds the start (length 0, with a slope below zero), with
/// `length` as the first trial; `high` and `trial` are work space. Afterwards `low` is the best point
/// found: one that meets the conditions, or where evaluations run out or the bracket becomes
/// narrower than `narrowest` (in parameters) the lowest so far, which may be the start.
///
/// First trials go outwards until they enclose a point that meets the conditions, then the bracket
/// is narrowed; each trial is at the minimum of the cubic through the two ends, kept away from them.
/// A trial where the objective is not finite counts as too high, and halves the bracket.
///
/// Reference: J. Nocedal & S. J. Wright, Numerical optimization, 2006, algorithms 3.5 and 3.6.
pub(super) fn strong_wolfe<'b, T: Scalar>(
    line: &mut Line<'_, T>,
    length: f64,
    narrowest: f64,
    low: &mut Probe<'b, T>,
    high: &mut Probe<'b, T>,
    trial: &mut Probe<'b, T>,
) {
    let (start_value, start_slope) = (low.value, low.slope);
    // Written so that what is not a number has not fallen.
    let has_fallen = |probe: &Probe<'_, T>| {
        probe.is_finite()
            && probe.value <= start_value + SUFFICIENT_DECREASE * probe.length * start_slope
    };
    let is_flat = |probe: &Probe<'_, T>| probe.slope.abs() <= -CURVATURE * start_slope;

    line.probe(length, trial);
    let mut n_trials = 1;
    loop {
        // The second trial may be higher than the first, as in PyTorch.
        if !has_fallen(trial) || (n_trials > 2 && trial.value >= low.value) {
            break;
        }
        if is_flat(trial) || line.n_left == 0 {
            return std::mem::swap(low, trial);
        }
        if trial.slope >= 0.0 {
            break;
        }
        let bounds = [trial.length + 0.01 * (trial.length - low.length), 10.0 * trial.length];
        let next = cubic_minimum(low, trial, bounds);
        std::mem::swap(low, trial);
        line.probe(next, trial);
        n_trials += 1;
    }
    std::mem::swap(high, trial);
    if high.value.is_finite() && high.value < low.value {
        std::mem::swap(low, high);
    }

    let direction_size = reduce::largest_magnitude(line.direction).to_f64();
    let mut was_near_end = false;
    while line.n_left > 0 {
        let (left, right) = (low.length.min(high.length), low.length.max(high.length));
        let width = right - left;
        if width * direction_size < narrowest || width == 0.0 {
            return;
        }
        let mut next = cubic_minimum(low, high, [left, right]);
        let margin = NEAR_END * width;
        let is_near_end = (right - next).min(next - left) < margin;
        let is_outside = next >= right || next <= left;
        if is_near_end && (was_near_end || is_outside) {
            next = if right - next < next - left { right - margin } else { left + margin };
            was_near_end = false;
        } else {
            was_near_end = is_near_end;
        }
        line.probe(next, trial);
        if !has_fallen(trial) || trial.value >= low.value {
            std::mem::swap(high, trial);
            if high.is_finite() && high.value < low.value {
                std::mem::swap(low, high);
            }
        } else {
            if is_flat(trial) {
                return std::mem::swap(low, trial);
            }
            if trial.slope * (high.length - low.length) >= 0.0 {
                std::mem::swap(low, high);
            }
            std::mem::swap(low, trial);
        }
    }
}

/// Where the cubic with the values and slopes of two points is least, within `bounds`; their middle
/// where it has no minimum.
///
/// ```text
/// d = s₁ + s₂ − 3 (f₁ − f₂) / (x₁ − x₂)        w = √(d² − s₁ s₂)
/// x = x₂ − (x₂ − x₁) (s₂ + w − d) / (s₂ − s₁ + 2 w)        x₁ < x₂
/// ```
fn cubic_minimum<T>(a: &Probe<'_, T>, b: &Probe<'_, T>, bounds: [f64; 2]) -> f64 {
    let (left, right) = if a.length <= b.length { (a, b) } else { (b, a) };
    let rise = (left.value - right.value) / (left.length - right.length);
    let d = left.slope + right.slope - 3.0 * rise;
    let w = (d * d - left.slope * right.slope).sqrt();
    let part = (right.slope + w - d) / (right.slope - left.slope + 2.0 * w);
    let minimum = right.length - (right.length - left.length) * part;
    let [least, most] = bounds;
    if minimum.is_nan() { least + 0.5 * (most - least) } else { minimum.max(least).min(most) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(length: f64, value: f64, slope: f64, gradient: &mut [f64]) -> Probe<'_, f64> {
        Probe { length, value, slope, gradient }
    }

    /// x³ − 3 x has its minimum at 1, whatever the two points and their order.
    #[test]
    fn the_minimum_of_a_cubic_is_exact() {
        let at = |x: f64| probe(x, x * x * x - 3.0 * x, 3.0 * x * x - 3.0, &mut []);
        for (a, b) in [(0.0, 3.0), (3.0, 0.0), (-0.5, 1.25)] {
            assert!((cubic_minimum(&at(a), &at(b), [-9.0, 9.0]) - 1.0).abs() < 1e-14);
        }
        assert_eq!(cubic_minimum(&at(0.0), &at(3.0), [2.0, 3.0]), 2.0);
        // No minimum, and no number.
        assert_eq!(cubic_minimum(&at(0.0), &probe(3.0, 1.0, f64::NAN, &mut []), [0.0, 3.0]), 1.5);
    }

    /// The search on f(x) = `f`, with its slope, from `start` along `direction`: where it ends and the
    /// number of evaluations.
    fn search(
        f: impl Fn(f64) -> (f64, f64),
        [start, direction]: [f64; 2],
        length: f64,
        n_left: u64,
    ) -> (f64, u64) {
        let mut evaluate = |x: &[f64], g: &mut [f64]| {
            let (value, slope) = f(x[0]);
            g[0] = slope;
            value
        };
        let mut gradients = [[0.0]; 3];
        let [first, second, third] = &mut gradients;
        let value = evaluate(&[start], first);
        let slope = first[0] * direction;
        let mut low = probe(0.0, value, slope, first);
        let (mut high, mut trial) = (probe(0.0, 0.0, 0.0, second), probe(0.0, 0.0, 0.0, third));
        let (from, along, mut point) = ([start], [direction], [0.0]);
        let mut line = Line {
            start: &from,
            direction: &along,
            point: &mut point,
            evaluate: &mut evaluate,
            n_left,
        };
        strong_wolfe(&mut line, length, 1e-9, &mut low, &mut high, &mut trial);
        let n_evaluations = n_left - line.n_left;
        let (value, slope) = f(start + low.length * direction);
        assert_eq!((low.value, low.gradient[0]), (value, slope), "the ends belong together");
        (start + low.length * direction, n_evaluations)
    }

    #[test]
    fn what_it_finds_meets_the_conditions() {
        let f = |x: f64| (x * x * x * x - 3.0 * x * x + x, 4.0 * x * x * x - 6.0 * x + 1.0);
        for start in [-3.0, -1.0, 0.5, 4.0] {
            let direction = -f(start).1;
            for length in [1e-6, 1e-3, 0.1, 1.0, 100.0] {
                let (end, _) = search(f, [start, direction], length, 25);
                let (length, slope) = ((end - start) / direction, f(start).1 * direction);
                assert!(f(end).0 <= f(start).0 + 1e-4 * length * slope * (1.0 - 1e-9));
                assert!((f(end).1 * direction).abs() <= -0.9 * slope, "{start}, {length}: {end}");
            }
        }
    }

    /// −ln(1 − x) − 2 x is no number beyond 1: trials there halve the way.
    #[test]
    fn it_turns_back_from_where_there_is_no_number() {
        let f = |x: f64| {
            let value = if x < 1.0 { -<f64 as Scalar>::ln(1.0 - x) - 2.0 * x } else { f64::NAN };
            (value, 1.0 / (1.0 - x) - 2.0)
        };
        let (end, n_evaluations) = search(f, [0.0, 1.0], 64.0, 25);
        assert!(end < 1.0 && f(end).1.abs() <= 0.9 && n_evaluations < 12, "{end}, {n_evaluations}");
        let nowhere = |x: f64| (if x == 0.0 { 0.0 } else { f64::INFINITY }, -1.0);
        assert_eq!(search(nowhere, [0.0, 1.0], 1.0, 25), (0.0, 25));
    }

    #[test]
    fn evaluations_are_limited() {
        let falling = |x: f64| (-x, -1.0);
        assert_eq!(search(falling, [0.0, 1.0], 1.0, 1), (1.0, 1));
        assert_eq!(search(falling, [0.0, 1.0], 1.0, 3), (100.0, 3));
        let (_, n_evaluations) = search(|x: f64| (x.abs(), x.sign()), [-1.0, 1.0], 1e9, 4);
        assert_eq!(n_evaluations, 4);
    }
}
