"""Reference values and polynomial coefficients for `src/math/elementary`; the values are compared by
`src/verification/functions.rs`.

    python3 elementary.py > elementary.csv    rows `function,precision,argument,value`: the bits of
                                              both in hexadecimal; the value is the true one,
                                              rounded once to the precision
    python3 elementary.py coefficients        the polynomials, as Chebyshev fits

Written with mpmath 1.3 at 60 decimal digits.
"""

import random
import struct
import sys

import mpmath as mp

mp.mp.dps = 60


def polynomial(function, degree, low, high):
    """Coefficients, lowest first, of a Chebyshev fit in the plain variable."""
    low, high = mp.mpf(low), mp.mpf(high)
    n = degree + 1
    nodes = [mp.cos(mp.pi * (k + mp.mpf(1) / 2) / n) for k in range(n)]
    values = [function((high - low) / 2 * t + (high + low) / 2) for t in nodes]
    matrix = mp.matrix(n, n)
    for row, t in enumerate(nodes):
        x = (high - low) / 2 * t + (high + low) / 2
        for column in range(n):
            matrix[row, column] = x**column
    coefficients = list(mp.lu_solve(matrix, mp.matrix(values)))
    worst = mp.mpf(0)
    for i in range(1, 2000):
        x = low + (high - low) * i / 2000
        error = mp.polyval(coefficients[::-1], x) - function(x)
        worst = max(worst, abs(error))
    return coefficients, worst


def print_polynomial(name, function, degree, low, high):
    coefficients, worst = polynomial(function, degree, low, high)
    print(f"// {name}: largest error {mp.nstr(worst, 3)}")
    for c in coefficients:
        print(f"    {float(c)!r},")


def print_coefficients():
    def tanh_rest(u):
        x = mp.sqrt(u)
        return (mp.tanh(x) / x - 1) / u

    def erf_rest(u):
        x = mp.sqrt(u)
        return mp.erf(x) / x

    print_polynomial("TANH, of u = x^2: (tanh x / x - 1) / u", tanh_rest, 10, "1e-20", "0.3025")
    print_polynomial("ERF, of u = x^2: erf x / x", erf_rest, 9, "1e-20", "1")
    print_polynomial("ERFC, of x: ln erfc x", lambda x: mp.log(mp.erfc(x)), 9, "1", "4")


FUNCTIONS = {
    "exp": mp.exp,
    "exp_m1": mp.expm1,
    "ln": mp.log,
    "ln_1p": mp.log1p,
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "erf": mp.erf,
    "sin": mp.sin,
    "cos": mp.cos,
}


def to_bits(x, precision):
    return struct.unpack("<I" if precision == "f32" else "<Q", struct.pack("<f" if precision == "f32" else "<d", x))[0]


def from_bits(bits, precision):
    return struct.unpack("<f" if precision == "f32" else "<d", struct.pack("<I" if precision == "f32" else "<Q", bits))[0]


def rounded(value, precision):
    """The nearest number of the precision, ties to even, subnormal ones included."""
    digits, least, largest = (24, -149, 128) if precision == "f32" else (53, -1074, 1024)
    if value == 0:
        return 0.0
    exponent = max(int(mp.floor(mp.log(abs(value), 2))) + 1 - digits, least)
    scaled = mp.nint(mp.ldexp(value, -exponent))
    result = mp.ldexp(scaled, exponent)
    if abs(result) >= mp.ldexp(1, largest):
        return float("inf") if result > 0 else float("-inf")
    return float(result)


def arguments(name, precision):
    generator = random.Random(f"{name} {precision}")
    tiny = [to_bits(x, precision) for x in (1e-5, 1e-8, 1e-12, 1e-20, 1e-38)]
    subnormal = [1, 2, 12345, 0x7FFFFF if precision == "f32" else 0xFFFFFFFFFFFFF]
    fixed = [0.0, 0.5, 1.0, 2.0, 3.0, 10.0, 20.0, 50.0, 87.0, 88.0, 89.0, 100.0, 103.9, 104.5, 0.3466, 0.55, 0.35]
    fixed += [0.99999, 1.00001, 3.9, 4.1, 6.0, 1000.0, 1e6, 1e30, 16.6, 17.5, 36.0, 37.5, 0.001, 0.0009765]
    if precision == "f64":
        fixed += [700.0, 709.7, 709.79, 708.3, 720.0, 744.9, 745.2, 746.0, 1e300]
    bits = [to_bits(x, precision) for x in fixed] + tiny + subnormal
    values = [from_bits(b, precision) for b in bits]
    values += [-x for x in values]
    spread = 20 if name in ("tanh", "erf") else 100 if precision == "f32" else 740
    for _ in range(30):
        values.append(generator.uniform(-1, 1))
        values.append(generator.uniform(-5, 5))
        values.append(generator.uniform(-spread, spread))
        values.append(generator.choice((-1, 1)) * 10 ** generator.uniform(-8, 2))
    if name in ("ln", "ln_1p"):
        values += [10 ** generator.uniform(-37, 37) for _ in range(40)]
        values += [generator.uniform(0.5, 2) for _ in range(40)]
    values = [from_bits(to_bits(x, precision), precision) for x in values]
    if name == "ln":
        values = [x for x in values if x > 0]
    if name == "ln_1p":
        values = [x for x in values if x > -1]
    return values


def print_values():
    print(f"# mpmath {mp.__version__}")
    print("function,precision,argument,value")
    for name, function in FUNCTIONS.items():
        for precision in ("f32", "f64"):
            for x in arguments(name, precision):
                if x == 0 and name in ("exp_m1", "ln_1p", "tanh", "erf", "sin"):
                    value = x  # odd, or like x: the sign of zero stays
                else:
                    # Exponentials of large arguments need no more digits than overflow does.
                    mp.mp.dps = 60 if abs(x) < 1e6 else 400
                    if name in ("exp", "exp_m1", "softplus", "sigmoid", "tanh") and abs(x) > 2000:
                        limit = {"exp": (mp.inf, 0), "exp_m1": (mp.inf, -1), "softplus": (x, 0), "sigmoid": (1, 0), "tanh": (1, -1)}
                        value = limit[name][0 if x > 0 else 1]
                        value = float(value) if value in (mp.inf,) else rounded(mp.mpf(value), precision)
                    else:
                        value = rounded(function(mp.mpf(x)), precision)
                digits = 8 if precision == "f32" else 16
                print(f"{name},{precision},{to_bits(x, precision):0{digits}x},{to_bits(value, precision):0{digits}x}")


if __name__ == "__main__":
    if sys.argv[1:] == ["coefficients"]:
        print_coefficients()
    else:
        print_values()
