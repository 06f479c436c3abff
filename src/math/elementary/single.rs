//! Functions of one `f32`.
//!
//! They compute in `f64` and round once at the end, so nearly every result is the number nearest to
//! the truth. Those used for each element of a batch (`exp`, `exp_m1`, `ln`, `ln_1p`, `tanh`,
//! `sigmoid`, `softplus`, `erf`) have no branches, so that loops over them become vector code.

use super::double::{self, choose, polynomial, power_of_2, round};

/// `e^x` from `x` of less than 200 in magnitude, to 11 digits.
#[inline(always)]
fn wide_exp(x: f64) -> f64 {
    const EXP: [f64; 10] = [
        1.0,
        1.0,
        1.0 / 2.0,
        1.0 / 6.0,
        1.0 / 24.0,
        1.0 / 120.0,
        1.0 / 720.0,
        1.0 / 5_040.0,
        1.0 / 40_320.0,
        1.0 / 362_880.0,
    ];
    let k = round(x * std::f64::consts::LOG2_E);
    polynomial(x - k * std::f64::consts::LN_2, &EXP) * power_of_2(k)
}

/// Bounds a number without stopping NaN.
#[inline(always)]
fn bounded(x: f64, low: f64, high: f64) -> f64 {
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

/// `e^x`; at most 1 unit in the last place from the truth.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    wide_exp(bounded(f64::from(x), -150.0, 100.0)) as f32
}

/// `e^x − 1`, accurate near zero; at most 1 unit in the last place from the truth.
#[inline(always)]
pub fn exp_m1(x: f32) -> f32 {
    let wide = bounded(f64::from(x), -150.0, 100.0);
    let near = wide + wide * wide * (0.5 + wide * (1.0 / 6.0));
    let result = choose(wide.abs() < 1.0 / 4096.0, near, wide_exp(wide) - 1.0);
    (result as f32).copysign(x)
}

/// `ln` of a positive, finite and normal number.
#[inline(always)]
fn wide_ln(x: f64) -> f64 {
    const LN: [f64; 6] = [2.0, 2.0 / 3.0, 2.0 / 5.0, 2.0 / 7.0, 2.0 / 9.0, 2.0 / 11.0];
    const ONE_BITS: u64 = 1.0f64.to_bits();
    const ROOT_HALF_BITS: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    // x = 2ᵏ m with √½ ≤ m < √2, as in `double::ln`.
    let bits = x.to_bits();
    let moved = bits.wrapping_add(ONE_BITS - ROOT_HALF_BITS);
    let power = moved & 0x7ff0_0000_0000_0000;
    let m = f64::from_bits(bits.wrapping_sub(power).wrapping_add(ONE_BITS));
    let k =
        f64::from_bits((moved >> 52) | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1023.0);
    let s = (m - 1.0) / (m + 1.0);
    k * std::f64::consts::LN_2 + s * polynomial(s * s, &LN)
}

/// Natural logarithm; at most 1 unit in the last place from the truth. `−∞` at zero, NaN below.
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    let result = wide_ln(f64::from(x)) as f32;
    let result = if x == f32::INFINITY { x } else { result };
    let result = if x == 0.0 { f32::NEG_INFINITY } else { result };
    if x >= 0.0 { result } else { f32::NAN }
}

/// `ln(1 + x)`, accurate near zero; at most 1 unit in the last place from the truth.
#[inline(always)]
pub fn ln_1p(x: f32) -> f32 {
    let wide = f64::from(x);
    let near = wide - wide * wide * (0.5 - wide * (1.0 / 3.0));
    let result = choose(wide.abs() < 1.0 / 4096.0, near, wide_ln(1.0 + wide));
    let result = (result as f32).copysign(x);
    let result = if x == f32::INFINITY { x } else { result };
    let result = if x == -1.0 { f32::NEG_INFINITY } else { result };
    if x >= -1.0 { result } else { f32::NAN }
}

/// Hyperbolic tangent; at most 1 unit in the last place from the truth.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let magnitude = bounded(f64::from(x.abs()), 0.0, 20.0);
    let e = wide_exp(2.0 * magnitude);
    let near = magnitude - magnitude * magnitude * magnitude * (1.0 / 3.0);
    let result = choose(magnitude < 1.0 / 1024.0, near, (e - 1.0) / (e + 1.0));
    (result as f32).copysign(x)
}

/// `1 / (1 + e^−x)`; at most 1 unit in the last place from the truth, down to the least numbers.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    (1.0 / (1.0 + wide_exp(bounded(-f64::from(x), -100.0, 150.0)))) as f32
}

/// `ln(1 + e^x)`, without overflow; at most 1 unit in the last place from the truth.
#[inline(always)]
pub fn softplus(x: f32) -> f32 {
    let wide = f64::from(x);
    let t = wide_exp(bounded(-wide.abs(), -150.0, 0.0));
    let near = t - t * t * (0.5 - t * (1.0 / 3.0));
    let rest = choose(t < 1.0 / 4096.0, near, wide_ln(1.0 + t));
    let result = choose(wide > 0.0, wide, 0.0) + rest;
    choose(wide.is_nan(), wide, result) as f32
}

/// `erf x / x` in powers of `x²`, for `|x| ≤ 1`.
const ERF: [f64; 10] = [
    1.128379167095494,
    -0.37612638902808615,
    0.11283791658548713,
    -0.026866169050599326,
    0.0052239671935439,
    -0.0008547933736519633,
    0.00012046261269779797,
    -1.4795031400662045e-05,
    1.5306373163641084e-06,
    -1.0469110332151208e-07,
];

/// `ln(1 − erf x)` in powers of `x`, for `1 ≤ x ≤ 4`.
const LN_ERFC: [f64; 10] = [
    0.0004163292177097496,
    -1.1306751441818166,
    -0.6309530298165722,
    -0.11105501737188005,
    0.027099523293990374,
    -0.0050649469202164845,
    0.0006858366830115038,
    -6.22983532516145e-05,
    3.321684590731722e-06,
    -7.582681969725275e-08,
];

/// The error function; at most 1 unit in the last place from the truth.
#[inline(always)]
pub fn erf(x: f32) -> f32 {
    // From 4 on the result rounds to 1.
    let magnitude = bounded(f64::from(x.abs()), 0.0, 4.0);
    let near = magnitude * polynomial(magnitude * magnitude, &ERF);
    let far = 1.0 - wide_exp(polynomial(magnitude, &LN_ERFC));
    (choose(magnitude < 1.0, near, far) as f32).copysign(x)
}

/// Sine of an angle in radians.
#[inline]
pub fn sin(x: f32) -> f32 {
    double::sin(f64::from(x)) as f32
}

/// Cosine of an angle in radians.
#[inline]
pub fn cos(x: f32) -> f32 {
    double::cos(f64::from(x)) as f32
}

/// `x^y`.
#[inline]
pub fn powf(x: f32, y: f32) -> f32 {
    double::powf(f64::from(x), f64::from(y)) as f32
}
