use serde::{Deserialize, Serialize};

use crate::math::{Scalar, reduce};
use crate::settings::{Bounds, SettingError};

/// A cost on the weights `w` (never on biases), added to the data term and reported apart from it.
///
/// ```text
/// L1(λ):              λ Σ |w|
/// L2(λ):              λ/2 Σ w²
/// ElasticNet(a, b):   a Σ |w| + b/2 Σ w²
/// ```
///
/// L2 of `λ` is what other libraries call a coupled weight decay of `λ`: its gradient is `λ w`.
/// The gradient of `|w|` at 0 is taken as 0.
///
/// Reference: H. Zou & T. Hastie, Regularization and variable selection via the elastic net, 2005.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Penalty {
    /// No penalty.
    #[default]
    Off,
    /// The sum of magnitudes, which drives weights to exactly zero.
    L1(f64),
    /// Half the sum of squares, which keeps weights small.
    L2(f64),
    /// Both.
    ElasticNet {
        /// Strength of the L1 part.
        l1: f64,
        /// Strength of the L2 part.
        l2: f64,
    },
}

crate::pages! {
    Penalty {
        /// A cost on the magnitudes of the weights. It drives weights that help little to exactly
        /// zero, and so says which features a model needs.
        ///
        /// ```text
        /// P(w) = λ Σ |w|
        /// g ← g + λ sign(w)
        /// ```
        ///
        /// `w` are the weights, without biases; `λ` is the strength; `g` is the gradient of the
        /// loss. The gradient of `|w|` at 0 is taken as 0. The penalty is recorded apart from the
        /// loss. Written `penalty: L1(1e-3)`. The same as scikit-learn's `Lasso` of `alpha: λ`, but
        /// for the factor of its loss.
        ///
        /// When to use: many features of which few matter. Try strengths from 1e-4 up by threes
        /// until the validation loss rises. Gradient steps bring weights near zero and seldom onto
        /// it: read small ones as none.
        ///
        /// Reference: R. Tibshirani, Regression shrinkage and selection via the lasso, 1996.
        L1("L1 penalty");

        /// A cost on the squares of the weights. It keeps all of them small and smooth, and none at
        /// exactly zero; ridge regression is this penalty on a linear model.
        ///
        /// ```text
        /// P(w) = λ/2 Σ w²
        /// g ← g + λ w
        /// ```
        ///
        /// `w` are the weights, without biases; `λ` is the strength; `g` is the gradient of the
        /// loss. What other libraries call a coupled weight decay of `λ`. With Adam and others that
        /// scale each coordinate it is not the decay of `AdamW`, which passes the scaling by.
        /// Written `penalty: L2(1e-3)`.
        ///
        /// When to use: more parameters than samples can settle, features that go together, or a
        /// gap between training and validation loss. Start from 1e-4; 1e-2 is strong where features
        /// are scaled. With Adam prefer the decay of `AdamW`.
        ///
        /// Reference: A. E. Hoerl & R. W. Kennard, Ridge regression: biased estimation for
        /// nonorthogonal problems, 1970.
        L2("L2 penalty");

        /// Both penalties at once: zeros as L1 makes them, and groups of related features that stay
        /// together as L2 keeps them.
        ///
        /// ```text
        /// P(w) = a Σ |w| + b/2 Σ w²
        /// g ← g + a sign(w) + b w
        /// ```
        ///
        /// `w` are the weights, without biases; `a` is the strength of the L1 part (`l1`), `b` that
        /// of the L2 part (`l2`); `g` is the gradient of the loss. Written
        /// `penalty: ElasticNet(l1: 1e-3, l2: 1e-3)`.
        ///
        /// When to use: many features in groups that go together, of which L1 alone would keep one
        /// at random. Find `l1` first, with `l2` as large; then halve or double one of them.
        ///
        /// Reference: H. Zou & T. Hastie, Regularization and variable selection via the elastic net,
        /// 2005.
        ElasticNet("Elastic net");
    }
}

impl Penalty {
    /// The name in files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Off => "Off",
            Self::L1(_) => "L1",
            Self::L2(_) => "L2",
            Self::ElasticNet { .. } => "ElasticNet",
        }
    }

    /// The strengths of the L1 and the L2 part.
    pub fn strengths(&self) -> (f64, f64) {
        match *self {
            Self::Off => (0.0, 0.0),
            Self::L1(strength) => (strength, 0.0),
            Self::L2(strength) => (0.0, strength),
            Self::ElasticNet { l1, l2 } => (l1, l2),
        }
    }

    /// Every strength is finite and not negative.
    pub fn check(&self) -> Result<(), SettingError> {
        let strengths: &[(&str, f64)] = match self {
            Self::Off => &[],
            Self::L1(strength) => &[("L1", *strength)],
            Self::L2(strength) => &[("L2", *strength)],
            Self::ElasticNet { l1, l2 } => &[("ElasticNet.l1", *l1), ("ElasticNet.l2", *l2)],
        };
        let bounds = Bounds::non_negative();
        match strengths.iter().find(|(_, strength)| !bounds.contains(*strength)) {
            None => Ok(()),
            Some((name, strength)) => Err(SettingError::new(*name, strength, bounds.to_string())),
        }
    }

    /// The penalty of `weights`.
    pub fn value<T: Scalar>(&self, weights: &[T]) -> T {
        let (l1, l2) = self.strengths();
        let mut value = T::ZERO;
        if l1 != 0.0 {
            value += T::from_f64(l1) * reduce::sum_of_magnitudes(weights);
        }
        if l2 != 0.0 {
            value += T::from_f64(l2) * (T::from_f64(0.5) * reduce::dot(weights, weights));
        }
        value
    }

    /// The penalty of `weights`; its gradient is added to `gradient`.
    pub fn add_gradient<T: Scalar>(&self, weights: &[T], gradient: &mut [T]) -> T {
        assert_eq!(weights.len(), gradient.len());
        let (l1, l2) = self.strengths();
        if l1 != 0.0 {
            let l1 = T::from_f64(l1);
            add(gradient, weights, |weight| l1 * weight.sign());
        }
        if l2 != 0.0 {
            let l2 = T::from_f64(l2);
            add(gradient, weights, |weight| l2 * weight);
        }
        self.value(weights)
    }
}

#[inline(always)]
fn add<T: Scalar>(gradient: &mut [T], weights: &[T], slope: impl Fn(T) -> T) {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            for (gradient, weight) in gradient.iter_mut().zip(weights) {
                *gradient += slope(*weight);
            }
        },
    );
}
