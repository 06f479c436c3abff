//! Functions of one `f64`.
//!
//! `exp`, `exp_m1`, `ln`, `ln_1p`, `tanh`, `sigmoid` and `softplus` have no branches, so that loops
//! over them become vector code; the rarer functions are the `libm` crate's.

/// Adding this to a number below 2⁵¹ in magnitude rounds it to an integer, which then stands in the
/// lowest bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²
const LN_2: f64 = std::f64::consts::LN_2;
/// ln 2 in two parts; the first has 32 bits, so that its products with exponents are exact.
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

/// `2^k` for an integer `−1022 ≤ k ≤ 1023`.
#[inline(always)]
pub(super) fn power_of_2(k: f64) -> f64 {
    f64::from_bits((k + (ROUNDER + 1023.0)).to_bits() << 52)
}

/// The nearest integer, halves to even.
#[inline(always)]
pub(super) fn round(x: f64) -> f64 {
    (x + ROUNDER) - ROUNDER
}

/// `a` or `b`. Written with masks, because for `if` the compiler may move what `a` and `b` take to
/// compute into branches, and then loops are not made into vector code.
#[inline(always)]
pub(super) fn choose(condition: bool, a: f64, b: f64) -> f64 {
    let mask = u64::from(condition).wrapping_neg();
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// `c[0] + c[1] x + c[2] x² + …`, from the last coefficient inwards (W. G. Horner, 1819).
#[inline(always)]
pub(super) fn polynomial<const N: usize>(x: f64, c: &[f64; N]) -> f64 {
    const { assert!(N <= 13) };
    let mut sum = c[N - 1];
    // Without a loop, so that loops around it become vector code.
    macro_rules! steps {
        ($($i:literal)*) => {$(
            if $i + 1 < N {
                sum = sum * x + c[$i];
            }
        )*};
    }
    steps!(11 10 9 8 7 6 5 4 3 2 1 0);
    sum
}

/// `1/2! + x/3! + … + x¹¹/13!`
const EXP: [f64; 12] = [
    1.0 / 2.0,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5_040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];

/// `x = k ln 2 + r` with `|r| ≤ ln 2 / 2`: returns `k` and `e^r − 1`.
#[inline(always)]
fn reduced_exp_m1(x: f64) -> (f64, f64) {
    let k = round(x * (1.0 / LN_2));
    let (high, low) = (x - k * LN_2_HIGH, k * LN_2_LOW);
    let r = high - low;
    (k, high - (low - r * r * polynomial(r, &EXP)))
}

/// `e^x`; at most 1 unit in the last place from the truth.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    // Beyond these the result is infinite or zero anyway. Comparisons let NaN through.
    let x = if x > 710.0 { 710.0 } else { x };
    let x = if x < -746.0 { -746.0 } else { x };
    let (k, m) = reduced_exp_m1(x);
    // In two factors, because the power may lie beyond the largest or below the least number.
    let half = round(k * 0.5);
    (1.0 + m) * power_of_2(half) * power_of_2(k - half)
}

/// `e^x − 1`, accurate near zero; at most 2 units in the last place from the truth.
#[inline(always)]
pub fn exp_m1(x: f64) -> f64 {
    let bounded = if x > 710.0 { 710.0 } else { x };
    let bounded = if bounded < -746.0 { -746.0 } else { bounded };
    let (k, m) = reduced_exp_m1(bounded);
    let half = round(k * 0.5);
    let (a, b) = (power_of_2(half), power_of_2(k - half));
    // 2ᵏ m + (2ᵏ − 1), with the second part exact where it matters.
    let result = (m * a + (a - 1.0 / b)) * b;
    choose(x.abs() < 1e-300, x, result)
}

/// `2/3, 2/5, 2/7, …`: `ln((1 + s) / (1 − s)) = 2s + s³ · polynomial(s²)`.
const LN: [f64; 10] = [
    2.0 / 3.0,
    2.0 / 5.0,
    2.0 / 7.0,
    2.0 / 9.0,
    2.0 / 11.0,
    2.0 / 13.0,
    2.0 / 15.0,
    2.0 / 17.0,
    2.0 / 19.0,
    2.0 / 21.0,
];

const ONE_BITS: u64 = 1.0f64.to_bits();
const ROOT_HALF_BITS: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
const EXPONENT_MASK: u64 = 0x7ff0_0000_0000_0000;

/// Natural logarithm; at most 1 unit in the last place from the truth. `−∞` at zero, NaN below.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = if subnormal { x * 18_014_398_509_481_984.0 } else { x }; // 2⁵⁴
    // x = 2ᵏ m with √½ ≤ m < √2: adding moves the exponent up where m would be below √2.
    let bits = scaled.to_bits();
    let moved = bits.wrapping_add(ONE_BITS - ROOT_HALF_BITS);
    let m = f64::from_bits(bits.wrapping_sub(moved & EXPONENT_MASK).wrapping_add(ONE_BITS));
    // An integer below 2⁵² becomes a number by standing in the lowest bits of 2⁵².
    let exponent = f64::from_bits((moved >> 52) | 0x4330_0000_0000_0000) - 4_503_599_627_370_496.0;
    let k = exponent - if subnormal { 1023.0 + 54.0 } else { 1023.0 };
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let half_square = 0.5 * f * f;
    let rest = s * (half_square + z * polynomial(z, &LN));
    let result = k * LN_2_HIGH - ((half_square - (rest + k * LN_2_LOW)) - f);
    let result = choose(x == f64::INFINITY, x, result);
    let result = choose(x == 0.0, f64::NEG_INFINITY, result);
    choose(x >= 0.0, result, f64::NAN)
}

/// `ln(1 + x)`, accurate near zero; at most 2 units in the last place from the truth.
#[inline(always)]
pub fn ln_1p(x: f64) -> f64 {
    let u = 1.0 + x;
    // What rounding took from 1 + x, to first order.
    let correction = (x - (u - 1.0)) / u;
    let correction = choose((u > 0.0) & (u < f64::INFINITY), correction, 0.0);
    let result = ln(u) + correction;
    choose(x.abs() < 1e-300, x, result)
}

/// `(tanh x / x − 1) / x²` in powers of `x²`, for `|x| ≤ 0.55`.
const TANH: [f64; 11] = [
    -0.3333333333333333,
    0.13333333333332714,
    -0.053968253967434016,
    0.021869488493666944,
    -0.008863234397814355,
    0.003592110378689024,
    -0.001455661830100716,
    0.0005889360520074057,
    -0.0002346347410887237,
    8.511313685577672e-05,
    -2.060276537636634e-05,
];

/// Hyperbolic tangent; at most 2 units in the last place from the truth.
#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    let magnitude = x.abs();
    let far = 1.0 - 2.0 / (exp(2.0 * magnitude) + 1.0);
    let square = magnitude * magnitude;
    let near = magnitude + magnitude * (square * polynomial(square, &TANH));
    choose(magnitude < 0.55, near, far).copysign(x)
}

/// `1 / (1 + e^−x)`; at most 2 units in the last place from the truth, down to the least numbers.
#[inline(always)]
pub fn sigmoid(x: f64) -> f64 {
    let t = exp(-x.abs());
    choose(x < 0.0, t, 1.0) / (1.0 + t)
}

/// `ln(1 + e^x)`, without overflow; at most 2 units in the last place from the truth.
#[inline(always)]
pub fn softplus(x: f64) -> f64 {
    let positive = choose(x > 0.0, x, 0.0);
    let result = positive + ln_1p(exp(-x.abs()));
    choose(x.is_nan(), x, result)
}

/// The error function; at most 1 unit in the last place from the truth.
#[inline]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// Sine of an angle in radians.
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// `x^y`.
#[inline]
pub fn powf(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}
