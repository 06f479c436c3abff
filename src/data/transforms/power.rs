use super::{Fit, Fitting, Series};
use crate::data::DataError;
use crate::data::features::{Step, yeo_johnson};
use crate::math::elementary::double::{ln, ln_1p};

crate::settings! {
    /// Bends numbers by a power that is fitted, so that they come as near to a normal distribution
    /// as a power can bring them.
    ///
    /// ```text
    /// x ≥ 0:  x ← ((1 + x)^λ − 1) / λ                ln(1 + x) for λ = 0
    /// x < 0:  x ← −((1 − x)^(2 − λ) − 1) / (2 − λ)   −ln(1 − x) for λ = 2
    /// λ = argmax  −n/2 ln σ²(λ) + (λ − 1) Σ sgn(x) ln(1 + |x|)
    /// ```
    ///
    /// `λ` maximises the likelihood of the `n` values in the training part, `σ²(λ)` being the variance
    /// of what they become: one `λ` for each column. The likelihood has one maximum; `λ` is looked for
    /// from −20 to 20. A constant column stays. With no columns named, all numbers are meant but
    /// indicators. As scikit-learn's `PowerTransformer` without its scaling, which the setting
    /// `scaling` does.
    ///
    /// When to use: skewed numbers, of either sign, when it is not known whether a root, a logarithm
    /// or a square would set them right. Not for numbers with two humps, which no power makes normal.
    ///
    /// Reference: I.-K. Yeo & R. A. Johnson, A new family of power transformations to improve
    /// normality or symmetry, 2000.
    pub struct Power("Power (Yeo–Johnson)") {
        /// The columns that are changed; none for all numbers.
        columns(""): Vec<String> = Vec::new();
    }
}

/// Where λ is looked for.
const LARGEST: f64 = 20.0;

/// `−` the log-likelihood of `λ`, over the number of values.
struct Misfit<'a> {
    values: &'a [f64],
    /// The mean of `sgn(x) ln(1 + |x|)`.
    slope: f64,
}

impl<'a> Misfit<'a> {
    fn new(values: &'a [f64]) -> Self {
        let logs = values.iter().map(|x| ln_1p(x.abs()).copysign(*x));
        Self { values, slope: logs.sum::<f64>() / values.len() as f64 }
    }

    fn at(&self, lambda: f64) -> f64 {
        let n = self.values.len() as f64;
        // The variance does not mind a shift; taking away one value keeps it exact.
        let first = yeo_johnson(self.values[0], lambda);
        let (mut sum, mut squares) = (0.0, 0.0);
        for x in self.values {
            sum += yeo_johnson(*x, lambda) - first;
        }
        let mean = sum / n;
        for x in self.values {
            let away = yeo_johnson(*x, lambda) - first - mean;
            squares += away * away;
        }
        let misfit = 0.5 * ln(squares / n) - (lambda - 1.0) * self.slope;
        if misfit.is_nan() { f64::INFINITY } else { misfit }
    }
}

/// The exponent of greatest likelihood; 1 for constant values.
fn likeliest(values: &[f64]) -> f64 {
    if values.iter().all(|value| *value == values[0]) {
        return 1.0;
    }
    let misfit = Misfit::new(values);
    minimum(|lambda| misfit.at(lambda), [-LARGEST, LARGEST])
}

/// Where a function with one minimum is lowest between two points: by the parabola through the three
/// best points where that leads inwards fast enough, else by golden section.
///
/// Reference: R. P. Brent, Algorithms for minimization without derivatives, 1973.
fn minimum(f: impl Fn(f64) -> f64, [mut low, mut high]: [f64; 2]) -> f64 {
    const GOLDEN: f64 = 0.381_966_011_250_105_1; // (3 − √5) / 2
    const TOLERANCE: f64 = 1e-9;
    // The best point, the second, and the one that was second before.
    let mut best = 1.0; // the identity, which is never far
    let mut second = best;
    let mut third = best;
    let mut at_best = f(best);
    let (mut at_second, mut at_third) = (at_best, at_best);
    let (mut step, mut step_before): (f64, f64) = (0.0, 0.0);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        let least = TOLERANCE * (best.abs() + 0.1);
        if (best - middle).abs() <= 2.0 * least - 0.5 * (high - low) {
            break;
        }
        // The vertex of the parabola lies at best + p / q.
        let r = (best - second) * (at_best - at_third);
        let s = (best - third) * (at_best - at_second);
        let p = (best - second) * r - (best - third) * s;
        let q = 2.0 * (r - s);
        let vertex = -p / q;
        let is_inside = best + vertex > low + least && best + vertex < high - least;
        let is_short = vertex.abs() < 0.5 * step_before.abs();
        let is_good = is_inside && is_short && vertex.is_finite();
        step_before = step;
        step = if is_good {
            vertex
        } else {
            let rest = if best < middle { high - best } else { low - best };
            step_before = rest;
            GOLDEN * rest
        };
        let tried = best + if step.abs() >= least { step } else { least.copysign(step) };
        let at_tried = f(tried);
        if at_tried <= at_best {
            if tried < best { high = best } else { low = best }
            (third, at_third) = (second, at_second);
            (second, at_second) = (best, at_best);
            (best, at_best) = (tried, at_tried);
        } else {
            if tried < best { low = tried } else { high = tried }
            if at_tried <= at_second || second == best {
                (third, at_third) = (second, at_second);
                (second, at_second) = (tried, at_tried);
            } else if at_tried <= at_third || third == best || third == second {
                (third, at_third) = (tried, at_tried);
            }
        }
    }
    best
}

impl Fit for Power {
    fn fit(&self, fitting: &mut Fitting<'_>) -> Result<(), DataError> {
        let fit = |series: &Series<'_>| {
            let (values, name) = (series.all()?, series.name());
            let lambda = likeliest(&values);
            let ends = values.iter().map(|value| yeo_johnson(*value, lambda));
            match ends.into_iter().all(f64::is_finite) {
                true => Ok(Step::YeoJohnson { lambda }),
                false => Err(DataError::new(format!(
                    "the values of `{name}` are too large for the power λ = {lambda}; take their logarithm"
                ))),
            }
        };
        let changed = fitting.add_steps(&self.columns, fit)?;
        fitting.rename(&changed, "power");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minima_are_found_inside_and_at_the_ends() {
        let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-6, "{x} {y}");
        near(minimum(|x| (x - 3.0) * (x - 3.0), [-20.0, 20.0]), 3.0);
        near(minimum(|x| (x + 7.5).abs(), [-20.0, 20.0]), -7.5);
        near(minimum(|x| x, [-20.0, 20.0]), -20.0);
        near(minimum(|x| -x, [-20.0, 20.0]), 20.0);
    }

    #[test]
    fn constant_values_keep_their_place() {
        assert_eq!(likeliest(&[4.0; 5]), 1.0);
    }
}
