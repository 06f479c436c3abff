use crate::math::elementary::double::{exp, ln};

/// Heights below this share of the whole are drawn about linearly on a logarithmic scale.
const SOFTNESS: f64 = 1e-3;

/// From how much steeper than its middle a surface's highest place is on, its heights are drawn
/// logarithmically.
const LARGE_RANGE: f64 = 8.0;

/// How heights above the floor of a surface become shares from 0 to 1, for shades and reliefs.
///
/// ```text
/// linear         share = h / H
/// logarithmic    share = ln(1 + h/s) / ln(1 + H/s)       h = value − floor,  s = 10⁻³ H
/// ```
///
/// `H` is the largest height in view. The logarithmic scale lets the floor of a valley show as much
/// as its walls; near the floor it is linear, so that a minimum stays round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeightScale {
    floor: f64,
    full: f64,
    is_log: bool,
}

impl HeightScale {
    /// The scale from `floor` to the largest of these values; those that are not finite are left out.
    pub fn new(floor: f64, values: &[f64], is_log: bool) -> Self {
        let finite = values.iter().copied().filter(|value| value.is_finite());
        let highest = finite.fold(f64::NEG_INFINITY, f64::max);
        let full = if highest > floor { highest - floor } else { 1.0 };
        Self { floor, full, is_log }
    }

    /// Whether most of the values lie so far below the largest one that a linear scale would show
    /// nothing but the walls.
    pub fn suits_log(floor: f64, values: &[f64]) -> bool {
        let mut finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        if finite.is_empty() {
            return false;
        }
        finite.sort_by(f64::total_cmp);
        let (middle, highest) = (finite[finite.len() / 2], finite[finite.len() - 1]);
        highest - floor > LARGE_RANGE * (middle - floor)
    }

    /// The share of a value: 0 on the floor, 1 at the highest place or above. What is not a number
    /// has none.
    pub fn share(&self, value: f64) -> f64 {
        let height = ((value - self.floor) / self.full).clamp(0.0, 1.0);
        if self.is_log { ln(1.0 + height / SOFTNESS) / ln(1.0 + 1.0 / SOFTNESS) } else { height }
    }

    /// The value of a share: the inverse of [`share`](Self::share).
    pub fn value(&self, share: f64) -> f64 {
        let height = if self.is_log {
            SOFTNESS * (exp(share * ln(1.0 + 1.0 / SOFTNESS)) - 1.0)
        } else {
            share
        };
        self.floor + height * self.full
    }

    /// Whether it is logarithmic.
    pub fn is_log(&self) -> bool {
        self.is_log
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_rise_with_the_value_and_spread_near_the_floor() {
        let heights = [0.0, 1e-3, 1e-2, 0.1, 1.0, f64::NAN, f64::INFINITY];
        let log = HeightScale::new(0.0, &heights, true);
        let shares = heights.map(|height| log.share(height));
        assert_eq!((shares[0], shares[4], shares[6]), (0.0, 1.0, 1.0));
        assert!(shares[5].is_nan());
        assert!(shares[..5].windows(2).all(|pair| pair[1] > pair[0] + 0.09), "{shares:?}");
        let linear = HeightScale::new(-1.0, &[1.0], false);
        assert_eq!([-2.0, -1.0, 0.0, 1.0].map(|x| linear.share(x)), [0.0, 0.0, 0.5, 1.0]);
    }

    #[test]
    fn a_share_has_its_value() {
        for is_log in [false, true] {
            let scale = HeightScale::new(-2.0, &[0.0, 500.0], is_log);
            for share in [0.0, 0.2, 0.7, 1.0] {
                assert!((scale.share(scale.value(share)) - share).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn steep_walls_call_for_a_logarithmic_scale() {
        let bowl: Vec<f64> = (-50..=50).map(|x| f64::from(x * x)).collect();
        let valley: Vec<f64> = bowl.iter().map(|square| square * square * square).collect();
        assert!(!HeightScale::suits_log(0.0, &bowl));
        assert!(HeightScale::suits_log(0.0, &valley));
    }
}
