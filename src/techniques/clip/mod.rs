//! Limits on the gradient, so that one steep place cannot throw the parameters far away.

use crate::math::Scalar;

/// The rule of a limit.
pub trait GradientLimit<T: Scalar>: Sync {
    /// Limits `gradient`, whose Euclidean norm is `norm`, in place; whether anything changed.
    fn limit(&self, gradient: &mut [T], norm: T) -> bool;
}

crate::family! {
    /// A limit on the gradient with its settings.
    pub enum Clip = GradientLimit<T> {
        off::Off,
        norm::Norm,
        value::Value,
    }
}

impl Clip {
    /// Whether it changes nothing.
    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::reduce;

    fn clipped(clip: &Clip, gradient: [f64; 2]) -> ([f64; 2], bool) {
        let mut limited = gradient;
        let changed = clip.rule::<f64>().limit(&mut limited, reduce::norm(&gradient));
        (limited, changed)
    }

    /// (3, 4) is 5 long.
    #[test]
    fn limits_by_hand() {
        assert_eq!(clipped(&Clip::Off(Off {}), [3.0, -4.0]), ([3.0, -4.0], false));
        let value = Clip::Value(Value { limit: 3.5 });
        assert_eq!(clipped(&value, [3.0, -4.0]), ([3.0, -3.5], true));
        assert_eq!(clipped(&value, [3.5, -3.5]), ([3.5, -3.5], false));
        let norm = Clip::Norm(Norm { limit: 1.0 });
        let ([x, y], changed) = clipped(&norm, [3.0, -4.0]);
        assert!(changed && (x - 0.6).abs() < 2e-7 && (y + 0.8).abs() < 2e-7);
        assert_eq!(clipped(&norm, [0.3, -0.4]), ([0.3, -0.4], false));
        assert_eq!(clipped(&norm, [0.0, 0.0]), ([0.0, 0.0], false));
    }
}
