//! Elementary functions with the same bits everywhere. The platform's own (`f64::exp`, …) differ
//! between systems and versions, so nothing that reaches a result may use them.
//!
//! What training computes for every element of a batch is written here: without branches, and with
//! plain additions, multiplications and divisions only, so that one source gives vector and scalar
//! code with the same bits, and none of it depends on fused multiply-add. The rest is the `libm`
//! crate's (0.2.16, read for this purpose: on x86-64 and 64-bit ARM its processor-specific parts are
//! square roots and fused multiply-add, which IEEE 754 fixes to the bit, and roundings to integers,
//! which are exact; nothing depends on the optimisation level, since Rust never fuses or reorders).

pub mod double;
pub mod single;

use super::Scalar;

/// Below this length the code of the oldest processors is as fast as asking for better.
const MIN_LEN_TO_DISPATCH: usize = 8;

/// Replaces every element by `function` of it: in vector code, if `function` has no branches and is
/// a closure marked `#[inline(always)]`. The bits are those of a plain loop.
#[inline(always)]
pub fn map_slice<T: Scalar>(values: &mut [T], function: impl Fn(T) -> T) {
    if values.len() < MIN_LEN_TO_DISPATCH {
        values.iter_mut().for_each(|value| *value = function(*value));
    } else {
        pulp::Arch::new().dispatch(
            #[inline(always)]
            || {
                for value in values.iter_mut() {
                    *value = function(*value);
                }
            },
        );
    }
}

macro_rules! slice_functions {
    ($($(#[$doc:meta])* $name:ident = $function:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name<T: Scalar>(values: &mut [T]) {
            map_slice(values, #[inline(always)] |x| x.$function());
        }
    )*};
}

slice_functions! {
    /// Replaces every element by `e^x`.
    exp_slice = exp;
    /// Replaces every element by `e^x − 1`.
    exp_m1_slice = exp_m1;
    /// Replaces every element by its natural logarithm.
    ln_slice = ln;
    /// Replaces every element by `ln(1 + x)`.
    ln_1p_slice = ln_1p;
    /// Replaces every element by its hyperbolic tangent.
    tanh_slice = tanh;
    /// Replaces every element by `1 / (1 + e^−x)`.
    sigmoid_slice = sigmoid;
    /// Replaces every element by `ln(1 + e^x)`.
    softplus_slice = softplus;
    /// Replaces every element by its error function.
    erf_slice = erf;
}

/// The names of the functions of one argument.
pub const NAMES: &[&str] =
    &["exp", "exp_m1", "ln", "ln_1p", "tanh", "sigmoid", "softplus", "erf", "sin", "cos"];

/// The function called `name`.
pub fn named<T: Scalar>(name: &str) -> Option<fn(T) -> T> {
    Some(match name {
        "exp" => T::exp,
        "exp_m1" => T::exp_m1,
        "ln" => T::ln,
        "ln_1p" => T::ln_1p,
        "tanh" => T::tanh,
        "sigmoid" => T::sigmoid,
        "softplus" => T::softplus,
        "erf" => T::erf,
        "sin" => T::sin,
        "cos" => T::cos,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate<T: Scalar>(name: &str, x: T) -> T {
        named(name).expect("there is such a function")(x)
    }

    fn edges<T: Scalar>() {
        let of = T::from_f64;
        let [inf, nan, zero, minus_zero] = [f64::INFINITY, f64::NAN, 0.0, -0.0].map(of);
        let bits = |x: T| x.to_bits_u64();
        let is_nan = |x: T| x.to_f64().is_nan();
        for name in NAMES {
            assert!(is_nan(evaluate(name, nan)), "{name} of NaN");
        }
        for (name, at_minus_infinity, at_infinity) in [
            ("exp", 0.0, f64::INFINITY),
            ("exp_m1", -1.0, f64::INFINITY),
            ("tanh", -1.0, 1.0),
            ("sigmoid", 0.0, 1.0),
            ("softplus", 0.0, f64::INFINITY),
            ("erf", -1.0, 1.0),
        ] {
            assert_eq!(bits(evaluate(name, -inf)), bits(of(at_minus_infinity)), "{name}(−∞)");
            assert_eq!(bits(evaluate(name, inf)), bits(of(at_infinity)), "{name}(∞)");
        }
        assert_eq!(bits(inf.ln()), bits(inf));
        assert_eq!(bits(inf.ln_1p()), bits(inf));
        assert_eq!(bits(zero.ln()), bits(-inf));
        assert_eq!(bits(minus_zero.ln()), bits(-inf));
        assert_eq!(bits(of(-1.0).ln_1p()), bits(-inf));
        for below in [of(-1.0), -inf, of(-1e-30)] {
            assert!(is_nan(below.ln()), "ln {below}");
            assert!(is_nan((below + of(-1.0) - T::EPSILON).ln_1p()), "ln_1p {below}");
        }
        for name in ["exp_m1", "ln_1p", "tanh", "erf", "sin"] {
            assert_eq!(bits(evaluate(name, zero)), bits(zero), "{name}(0)");
            assert_eq!(bits(evaluate(name, minus_zero)), bits(minus_zero), "{name}(−0)");
        }
        assert_eq!(bits(zero.exp()), bits(T::ONE));
        assert_eq!(bits(T::ONE.ln()), bits(zero));
        assert_eq!(bits(zero.sigmoid()), bits(of(0.5)));
    }

    #[test]
    fn functions_are_right_at_zeros_infinities_and_nan() {
        edges::<f32>();
        edges::<f64>();
    }

    type SliceFunction<T> = fn(&mut [T]);

    fn slices_are_scalars<T: Scalar>() {
        // From far below to far above every switch inside the functions.
        let values: Vec<T> = (-4000..4000)
            .map(|i| T::from_f64(f64::from(i) * 0.0391 + 1e-5 / f64::from(2 * i + 1)))
            .chain(
                [0.0, -0.0, 1e-40, 1e-310, -1e-310, 1e30, -1e30, f64::INFINITY, f64::NEG_INFINITY]
                    .map(T::from_f64),
            )
            .collect();
        let slice_functions: [(&str, SliceFunction<T>); 8] = [
            ("exp", exp_slice),
            ("exp_m1", exp_m1_slice),
            ("ln", ln_slice),
            ("ln_1p", ln_1p_slice),
            ("tanh", tanh_slice),
            ("sigmoid", sigmoid_slice),
            ("softplus", softplus_slice),
            ("erf", erf_slice),
        ];
        for (name, function) in slice_functions {
            for len in [values.len(), 3] {
                let mut results = values[..len].to_vec();
                function(&mut results);
                for (&x, result) in values.iter().zip(results) {
                    let scalar = evaluate(name, x);
                    let both_nan = scalar.to_f64().is_nan() && result.to_f64().is_nan();
                    assert!(
                        both_nan || scalar.to_bits_u64() == result.to_bits_u64(),
                        "{name}({x})"
                    );
                }
            }
        }
    }

    #[test]
    fn slices_have_the_bits_of_scalars() {
        slices_are_scalars::<f32>();
        slices_are_scalars::<f64>();
    }
}
