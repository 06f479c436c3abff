//! Elementary functions with the same bits everywhere. The platform's own (`f64::exp`, …) differ
//! between systems and versions, so nothing that reaches a result may use them.

macro_rules! from_libm {
    ($module:ident, $type:ident, $exp:ident, $ln:ident, $ln_1p:ident, $tanh:ident, $erf:ident, $sin:ident, $cos:ident, $powf:ident) => {
        /// Functions of one number of this type.
        pub mod $module {
            /// `e^x`.
            #[inline]
            pub fn exp(x: $type) -> $type {
                libm::$exp(x)
            }
            /// Natural logarithm.
            #[inline]
            pub fn ln(x: $type) -> $type {
                libm::$ln(x)
            }
            /// `ln(1 + x)`.
            #[inline]
            pub fn ln_1p(x: $type) -> $type {
                libm::$ln_1p(x)
            }
            /// Hyperbolic tangent.
            #[inline]
            pub fn tanh(x: $type) -> $type {
                libm::$tanh(x)
            }
            /// `1 / (1 + e^−x)`.
            #[inline]
            pub fn sigmoid(x: $type) -> $type {
                1.0 / (1.0 + exp(-x))
            }
            /// The error function.
            #[inline]
            pub fn erf(x: $type) -> $type {
                libm::$erf(x)
            }
            /// Sine.
            #[inline]
            pub fn sin(x: $type) -> $type {
                libm::$sin(x)
            }
            /// Cosine.
            #[inline]
            pub fn cos(x: $type) -> $type {
                libm::$cos(x)
            }
            /// `x^y`.
            #[inline]
            pub fn powf(x: $type, y: $type) -> $type {
                libm::$powf(x, y)
            }
        }
    };
}

from_libm!(single, f32, expf, logf, log1pf, tanhf, erff, sinf, cosf, powf);
from_libm!(double, f64, exp, log, log1p, tanh, erf, sin, cos, pow);
