use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::elementary;

/// A number type that data can have: [`f32`], [`f64`], and [`u32`] for classes.
pub trait Number: Copy + Debug + Default + PartialEq + Send + Sync + 'static {
    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number as `f64`; exact.
    fn to_f64(self) -> f64;
}

impl Number for u32 {
    fn from_f64(value: f64) -> Self {
        value as Self
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

/// A number type that experiments can train in: [`f32`] or [`f64`].
///
/// Every operation here gives the same bits on every 64-bit processor: `+ − × ÷ √` and fused
/// multiply-add are exact by the IEEE 754 standard, and the elementary functions are this crate's
/// own ([`super::elementary`]), never those of the platform.
pub trait Scalar:
    Number
    + Display
    + PartialOrd
    + Sum
    + Add<Output = Self>
    + AddAssign
    + Div<Output = Self>
    + DivAssign
    + Mul<Output = Self>
    + MulAssign
    + Neg<Output = Self>
    + Sub<Output = Self>
    + SubAssign
    + super::product::Kernel
{
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// Distance from 1 to the next larger number.
    const EPSILON: Self;

    /// The bits, widened to 64: what hashes of parameters are made of.
    fn to_bits_u64(self) -> u64;
    /// `self · a + b`, rounded once.
    fn mul_add(self, a: Self, b: Self) -> Self;
    /// `√self`.
    fn sqrt(self) -> Self;
    /// `|self|`.
    fn abs(self) -> Self;
    /// The larger of two numbers; the other one where one is NaN.
    fn max(self, other: Self) -> Self;
    /// The smaller of two numbers; the other one where one is NaN.
    fn min(self, other: Self) -> Self;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// `1` with the sign of `self`, and `0` for zero (unlike the standard library's `signum`).
    fn sign(self) -> Self;
    /// `e^self`.
    fn exp(self) -> Self;
    /// `e^self − 1`, accurate near zero.
    fn exp_m1(self) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// `ln(1 + self)`, accurate near zero.
    fn ln_1p(self) -> Self;
    /// Hyperbolic tangent.
    fn tanh(self) -> Self;
    /// `1 / (1 + e^−self)`.
    fn sigmoid(self) -> Self;
    /// `ln(1 + e^self)`, without overflow.
    fn softplus(self) -> Self;
    /// The error function `2/√π ∫₀ˣ e^−t² dt`.
    fn erf(self) -> Self;
    /// Sine of an angle in radians.
    fn sin(self) -> Self;
    /// Cosine of an angle in radians.
    fn cos(self) -> Self;
    /// `self^exponent`.
    fn powf(self, exponent: Self) -> Self;
}

macro_rules! scalar {
    ($type:ident, $elementary:ident) => {
        impl Number for $type {
            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $type
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
        }

        impl Scalar for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const EPSILON: Self = $type::EPSILON;

            #[inline(always)]
            fn to_bits_u64(self) -> u64 {
                u64::from(self.to_bits())
            }
            #[inline(always)]
            fn mul_add(self, a: Self, b: Self) -> Self {
                <$type>::mul_add(self, a, b)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                <$type>::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <$type>::abs(self)
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                <$type>::max(self, other)
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                <$type>::min(self, other)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                <$type>::is_finite(self)
            }
            #[inline(always)]
            fn sign(self) -> Self {
                if self > 0.0 {
                    1.0
                } else if self < 0.0 {
                    -1.0
                } else {
                    0.0
                }
            }
            #[inline(always)]
            fn exp(self) -> Self {
                elementary::$elementary::exp(self)
            }
            #[inline(always)]
            fn exp_m1(self) -> Self {
                elementary::$elementary::exp_m1(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                elementary::$elementary::ln(self)
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                elementary::$elementary::ln_1p(self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                elementary::$elementary::tanh(self)
            }
            #[inline(always)]
            fn sigmoid(self) -> Self {
                elementary::$elementary::sigmoid(self)
            }
            #[inline(always)]
            fn softplus(self) -> Self {
                elementary::$elementary::softplus(self)
            }
            #[inline(always)]
            fn erf(self) -> Self {
                elementary::$elementary::erf(self)
            }
            #[inline(always)]
            fn sin(self) -> Self {
                elementary::$elementary::sin(self)
            }
            #[inline(always)]
            fn cos(self) -> Self {
                elementary::$elementary::cos(self)
            }
            #[inline(always)]
            fn powf(self, exponent: Self) -> Self {
                elementary::$elementary::powf(self, exponent)
            }
        }
    };
}

scalar!(f32, single);
scalar!(f64, double);
