//! What is done to a number on its way from a cell to a feature.

use super::words::number;
use crate::math::elementary::double::{exp_m1, ln_1p};

/// One step of the way. A missing value (NaN) stays missing, but for the steps that say otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A missing value becomes `value`.
    Fill {
        /// What it becomes.
        value: f64,
        /// What `value` is: `mean`, `median`.
        what: &'static str,
        /// How many of the rows at hand were missing when it was fitted.
        n_missing: usize,
    },
    /// 1 where the value is missing, else 0.
    IsMissing,
    /// At least `low` and at most `high`.
    Clip {
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
    /// `sgn(x) ln(1 + |x|)`.
    Log,
    /// The Yeo–Johnson power with this exponent.
    YeoJohnson {
        /// The exponent.
        lambda: f64,
    },
    /// `(x − shift) / scale`.
    Affine {
        /// What is taken away.
        shift: f64,
        /// What is divided by; above 0.
        scale: f64,
    },
}

impl Step {
    /// Does the step to every value, in place.
    pub fn apply(&self, values: &mut [f64]) {
        match *self {
            Self::Fill { value, .. } => {
                for x in values {
                    *x = if x.is_nan() { value } else { *x };
                }
            }
            Self::IsMissing => {
                for x in values {
                    *x = f64::from(u8::from(x.is_nan()));
                }
            }
            Self::Clip { low, high } => {
                for x in values {
                    *x = if *x < low { low } else { *x };
                    *x = if *x > high { high } else { *x };
                }
            }
            Self::Log => {
                for x in values {
                    *x = ln_1p(x.abs()).copysign(*x);
                }
            }
            Self::YeoJohnson { lambda } => {
                for x in values {
                    *x = yeo_johnson(*x, lambda);
                }
            }
            Self::Affine { shift, scale } => {
                for x in values {
                    *x = (*x - shift) / scale;
                }
            }
        }
    }

    /// The step in words with its numbers; none where it has not changed anything.
    pub(super) fn words(&self) -> Option<String> {
        Some(match self {
            Self::Fill { n_missing: 0, .. } => return None,
            Self::Fill { value, what, .. } => format!("missing → {} ({what})", number(*value)),
            Self::IsMissing => "1 where missing, else 0".to_owned(),
            Self::Clip { low, high } => format!("clipped to {}…{}", number(*low), number(*high)),
            Self::Log => "sgn(x) ln(1 + |x|)".to_owned(),
            Self::YeoJohnson { lambda } => format!("Yeo–Johnson, λ = {}", number(*lambda)),
            Self::Affine { shift, scale } => {
                let sign = if *shift < 0.0 { '+' } else { '−' };
                format!("(x {sign} {}) / {}", number(shift.abs()), number(*scale))
            }
        })
    }
}

/// The Yeo–Johnson power of `x`.
///
/// ```text
/// x ≥ 0:  ((1 + x)^λ − 1) / λ,  ln(1 + x) for λ = 0
/// x < 0:  −((1 − x)^(2 − λ) − 1) / (2 − λ),  −ln(1 − x) for λ = 2
/// ```
///
/// Reference: I.-K. Yeo & R. A. Johnson, A new family of power transformations to improve normality
/// or symmetry, 2000.
pub fn yeo_johnson(x: f64, lambda: f64) -> f64 {
    let (exponent, sign) = if x < 0.0 { (2.0 - lambda, -1.0) } else { (lambda, 1.0) };
    sign * power(ln_1p(x.abs()), exponent)
}

/// `(eᵏᵗ − 1) / k`, and its limit `t` for `k` near 0.
fn power(t: f64, k: f64) -> f64 {
    if k.abs() < 1e-12 { t } else { exp_m1(k * t) / k }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(step: &Step, values: &[f64]) -> Vec<f64> {
        let mut values = values.to_vec();
        step.apply(&mut values);
        values
    }

    #[test]
    fn steps_by_hand() {
        let missing = f64::NAN;
        let fill = Step::Fill { value: 3.0, what: "mean", n_missing: 1 };
        assert_eq!(after(&fill, &[1.0, missing]), [1.0, 3.0]);
        assert_eq!(after(&Step::IsMissing, &[1.0, missing]), [0.0, 1.0]);
        assert_eq!(
            after(&Step::Clip { low: -1.0, high: 2.0 }, &[-5.0, 0.5, 9.0]),
            [-1.0, 0.5, 2.0]
        );
        assert_eq!(after(&Step::Affine { shift: 1.0, scale: 2.0 }, &[5.0]), [2.0]);
        let e = std::f64::consts::E;
        let logs = after(&Step::Log, &[e - 1.0, 1.0 - e, 0.0]);
        assert!((logs[0] - 1.0).abs() < 1e-15 && logs[1] == -logs[0] && logs[2] == 0.0, "{logs:?}");
        for step in
            [Step::Clip { low: 0.0, high: 1.0 }, Step::Log, Step::YeoJohnson { lambda: 0.5 }]
        {
            assert!(after(&step, &[missing])[0].is_nan(), "{step:?}");
        }
    }

    /// λ = 1 is the identity, 2 the square beyond 0, 0 the logarithm; below 0 they mirror at 2 − λ.
    #[test]
    fn powers_by_hand() {
        let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-14 * y.abs().max(1.0), "{x} {y}");
        for x in [-3.0, -0.5, 0.0, 0.25, 7.0] {
            near(yeo_johnson(x, 1.0), x);
        }
        near(yeo_johnson(3.0, 2.0), (16.0 - 1.0) / 2.0);
        near(yeo_johnson(3.0, 0.5), (2.0 - 1.0) / 0.5);
        near(yeo_johnson(-3.0, 0.0), -(16.0 - 1.0) / 2.0);
        near(yeo_johnson(-3.0, 1.5), -(2.0 - 1.0) / 0.5);
        near(yeo_johnson(1.0, 0.0), std::f64::consts::LN_2);
        near(yeo_johnson(-1.0, 2.0), -std::f64::consts::LN_2);
        // The next term of the series, t² λ / 2.
        let ln_2 = std::f64::consts::LN_2;
        near(yeo_johnson(1.0, 1e-9), ln_2 + ln_2 * ln_2 * 0.5e-9);
    }
}
