"""Nodes and weights that integrate over a distribution: exact moments of what enters a result through one parameter.

    nodes(distribution)   -> values and weights with  E[f(X)] = Σ w f(x)

Normal and lognormal are integrated over z (Gauss–Hermite), a bounded density between its kinks (Gauss–Legendre), choices as the sums they are.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.polynomial.legendre import leggauss

from lca_ml.distributions import (
    Affine,
    Array,
    Beta,
    Choice,
    Distribution,
    Empirical,
    LogNormal,
    LogUniform,
    Normal,
    Pert,
    ScaledBeta,
    Triangular,
    Truncated,
    Uniform,
)
from lca_ml.normal import cdf as normal_cdf

HERMITE, LEGENDRE, LONG = 48, 32, 400
REACH = 9.0  # standard deviations beyond which nothing of a normal is left in double precision


def nodes(distribution: Distribution) -> tuple[Array, Array]:
    """Return values x and weights w, (nodes,) each, with Σ w = 1 and E[f(X)] = Σ w f(x) for smooth f.

    Source: Golub and Welsch 1969, Mathematics of Computation 23, 221–230 (Gauss rules), as NumPy computes them.
    """
    match distribution:
        case Affine(inner=inner, factor=factor):
            x, w = nodes(inner)
            return x * factor, w
        case Normal(mean=mean, sd=sd):
            z, w = _hermite()
            return mean + sd * z, w
        case LogNormal(median=median, gsd=gsd):
            z, w = _hermite()
            return median * np.exp(math.log(gsd) * z), w
        case Uniform(low=low, high=high):
            p, w = _legendre(0.0, 1.0, LEGENDRE)
            return low + (high - low) * p, w
        case LogUniform(low=low, high=high):
            p, w = _legendre(0.0, 1.0, LEGENDRE)
            return low * np.exp(p * (math.log(high) - math.log(low))), w
        case Triangular():
            return _triangular(distribution)
        case Choice(values=values, weights=weights):
            return np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
        case Empirical(values=values):
            return _empirical(np.asarray(values, dtype=np.float64))
        case Pert(low=low, high=high) | Beta(mean=low, sd=high) if low < high or isinstance(distribution, Beta):
            return _jacobi(distribution.scaled_beta())
        case Truncated(inner=Normal() | LogNormal() as inner):
            return _cut_normal(inner, distribution.min, distribution.max)
    p, w = _legendre(0.0, 1.0, LONG)
    return distribution.quantile(p), w


@lru_cache(maxsize=4)
def _hermite() -> tuple[Array, Array]:
    z, w = hermegauss(HERMITE)
    return z, w / w.sum()


_gauss = lru_cache(maxsize=8)(leggauss)


def _legendre(low: float, high: float, count: int) -> tuple[Array, Array]:
    x, w = _gauss(count)
    return low + (high - low) * (x + 1) / 2, w * (high - low) / 2


def _triangular(d: Triangular) -> tuple[Array, Array]:
    if d.high == d.low:
        return np.array([d.low]), np.array([1.0])
    power = math.frexp(max(abs(d.low), abs(d.high)))[1]  # widths are multiplied: the numbers are brought near 1 first, which is exact
    low, mode, high = (math.ldexp(v, -power) for v in (d.low, d.mode, d.high))
    width = high - low
    parts = []
    if mode > low:
        x, w = _legendre(low, mode, LEGENDRE)
        parts.append((x, w * 2 * (x - low) / (width * (mode - low))))
    if high > mode:
        x, w = _legendre(mode, high, LEGENDRE)
        parts.append((x, w * 2 * (high - x) / (width * (high - mode))))
    return np.ldexp(np.concatenate([x for x, _w in parts]), power), np.concatenate([w for _x, w in parts])


def _empirical(values: Array) -> tuple[Array, Array]:
    p, w = _legendre(0.0, 1.0, 4)
    low, high = values[:-1, None], values[1:, None]
    return (low + (high - low) * p).ravel(), np.tile(w, len(values) - 1) / (len(values) - 1)


def _jacobi(beta: ScaledBeta) -> tuple[Array, Array]:
    from scipy.special import roots_jacobi  # SciPy is imported already where a beta is drawn

    x, w = roots_jacobi(HERMITE, beta.b - 1, beta.a - 1)
    return beta.low + (beta.high - beta.low) * (x + 1) / 2, w / w.sum()


def _cut_normal(inner: Normal | LogNormal, low: float | None, high: float | None) -> tuple[Array, Array]:
    def standard(x: float) -> float:
        if isinstance(inner, Normal):
            return (x - inner.mean) / inner.sd if inner.sd else 0.0
        return math.log(x / inner.median) / math.log(inner.gsd) if x > 0 and inner.gsd > 1 else -REACH

    below = max(standard(low), -REACH) if low is not None else -REACH
    above = min(standard(high), REACH) if high is not None else REACH
    z, w = _legendre(below, above, 4 * LEGENDRE)
    w = w * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    share = normal_cdf(above) - normal_cdf(below)
    x = inner.mean + inner.sd * z if isinstance(inner, Normal) else inner.median * np.exp(math.log(inner.gsd) * z)
    return x, w / share
