"""The normal distribution's quantile function over arrays, without the import of SciPy.

`scipy.special.ndtri` is as exact and about as fast, but costs 0.16 s of import, a third of what a whole `lca-ml run` may
take (`docs/dependencies.md`). A test compares this one with mpmath.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

# Wichura 1988, Algorithm AS 241 (PPND16), Applied Statistics 37(3), 477–484: numerators and denominators, highest power first.
CENTRAL = (
    (
        2509.0809287301226727,
        33430.575583588128105,
        67265.770927008700853,
        45921.953931549871457,
        13731.693765509461125,
        1971.5909503065514427,
        133.14166789178437745,
        3.387132872796366608,
    ),
    (
        5226.495278852545925,
        28729.085735721942674,
        39307.89580009271061,
        21213.794301586595867,
        5394.1960214247511077,
        687.1870074920579083,
        42.313330701600911252,
        1.0,
    ),
)
MIDDLE = (
    (
        7.7454501427834140764e-4,
        0.0227238449892691845833,
        0.24178072517745061177,
        1.27045825245236838258,
        3.64784832476320460504,
        5.7694972214606914055,
        4.6303378461565452959,
        1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9,
        5.475938084995344946e-4,
        0.0151986665636164571966,
        0.14810397642748007459,
        0.68976733498510000455,
        1.6763848301838038494,
        2.05319162663775882187,
        1.0,
    ),
)
FAR = (
    (
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        0.0012426609473880784386,
        0.026532189526576123093,
        0.29656057182850489123,
        1.7848265399172913358,
        5.4637849111641143699,
        6.6579046435011037772,
    ),
    (
        2.04426310338993978564e-15,
        1.4215117583164458887e-7,
        1.8463183175100546818e-5,
        7.868691311456132591e-4,
        0.0148753612908506148525,
        0.13692988092273580531,
        0.59983220655588793769,
        1.0,
    ),
)

Array = NDArray[np.float64]
Coefficients = tuple[list[Array], list[Array]]


def quantile(p: Array) -> Array:
    """Return z with P(Z ≤ z) = p for a standard normal Z.

    p         any shape, in the open interval (0, 1)
    returns   the same shape; relative error below 1e-15 but for the rounding of p itself

    Source: Wichura 1988, Applied Statistics 37(3), 477–484, Algorithm AS 241.
    """
    q = p - 0.5
    r = np.multiply(q, q)
    np.subtract(0.180625, r, out=r)
    z = _ratio(_CENTRAL, r)
    z *= q
    outside = np.flatnonzero(r < 0)
    if outside.size:
        tail = p.take(outside)
        r = np.minimum(tail, 1 - tail)
        np.log(r, out=r)
        np.negative(r, out=r)
        np.sqrt(r, out=r)
        found = _ratio(_MIDDLE, r - 1.6)
        if r.max() > 5:
            far = np.flatnonzero(r > 5)
            found[far] = _ratio(_FAR, r[far] - 5)
        z.put(outside, np.copysign(found, tail - 0.5, out=found))
    return z


def cdf(z: float) -> float:
    """Return P(Z ≤ z) for a standard normal Z, exact in both tails (the complementary error function of the C library)."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _ratio(coefficients: Coefficients, x: Array) -> Array:
    above, below = coefficients
    numerator = above[0] * x
    denominator = below[0] * x
    for a, b in zip(above[1:-1], below[1:-1], strict=True):
        numerator += a
        numerator *= x
        denominator += b
        denominator *= x
    numerator += above[-1]
    denominator += below[-1]
    numerator /= denominator
    return numerator


def _arrays(coefficients: tuple[tuple[float, ...], tuple[float, ...]]) -> Coefficients:
    """Return coefficients as arrays of no dimension: NumPy takes them up in half the time of a float."""
    above, below = coefficients
    return [np.array(a) for a in above], [np.array(b) for b in below]


_CENTRAL, _MIDDLE, _FAR = (_arrays(c) for c in (CENTRAL, MIDDLE, FAR))
