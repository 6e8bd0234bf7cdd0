"""Distributions: quantiles against fifty digits, moments against closed forms, parameters checked before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from lca_ml import distributions as d
from lca_ml import normal
from lca_ml.distributions import (
    KINDS,
    Affine,
    BadParameter,
    Beta,
    Choice,
    Distribution,
    Empirical,
    LogNormal,
    LogUniform,
    Normal,
    Pert,
    Triangular,
    Truncated,
    Uniform,
)
from lca_ml.distributions.checks import log_ratio

PROBABILITIES = [1e-9, 1e-6, 1e-3, 0.0749999, 0.05, 0.25, 0.4999999, 0.5, 0.5000001, 0.75, 0.925, 0.95, 0.999, 1 - 1e-6, 1 - 1e-9]


@pytest.fixture(scope="module", autouse=True)
def fifty_digits() -> Iterator[None]:
    with mp.workdps(50):
        yield


def z(p: Any) -> Any:
    """Return the standard normal quantile to fifty digits."""
    return mpmath.sqrt(2) * mpmath.erfinv(2 * mpf(p) - 1)


def triangular(low: float, mode: float, high: float) -> Callable[[Any], Any]:
    a, c, b = mpf(low), mpf(mode), mpf(high)
    return lambda p: a + mpmath.sqrt(p * (b - a) * (c - a)) if p < (c - a) / (b - a) else b - mpmath.sqrt((1 - p) * (b - a) * (b - c))


EXACT: list[tuple[Distribution, Callable[[Any], Any]]] = [
    (Uniform(2.0, 5.0), lambda p: 2 + 3 * p),
    (Uniform(-1.0, 1.0), lambda p: 2 * p - 1),
    (LogUniform(0.001, 1000.0), lambda p: mpf(0.001) * (1000 / mpf(0.001)) ** p),
    (Triangular(1.0, 2.0, 6.0), triangular(1, 2, 6)),
    (Triangular(1.0, 1.0, 6.0), triangular(1, 1, 6)),
    (Triangular(-3.0, 6.0, 6.0), triangular(-3, 6, 6)),
    (Normal(0.0, 1.0), z),
    (Normal(100.0, 3.0), lambda p: 100 + 3 * z(p)),
    (Normal(-5.0, 0.25), lambda p: -5 + z(p) / 4),
    (LogNormal(3.0, 1.4), lambda p: 3 * mpmath.exp(mpmath.log(mpf(1.4)) * z(p))),
    (LogNormal(1e-9, 10.0), lambda p: mpf(1e-9) * mpmath.exp(mpmath.log(10) * z(p))),
    (Affine(Triangular(1.0, 2.0, 6.0), 1000.0), lambda p: 1000 * triangular(1, 2, 6)(p)),
]
BETAS: list[tuple[Distribution, float, float, float, float]] = [  # distribution, a, b, low, high
    (Pert(1.0, 2.0, 6.0), 1 + 4 / 5, 1 + 16 / 5, 1.0, 6.0),
    (Pert(0.0, 0.0, 10.0), 1.0, 5.0, 0.0, 10.0),
    (Pert(-4.0, 0.0, 4.0), 3.0, 3.0, -4.0, 4.0),
    (Beta(0.25, 0.125), 0.25 * 11, 0.75 * 11, 0.0, 1.0),  # k = 0.25 × 0.75 / 0.125² − 1 = 11
    (Beta(0.5, 0.25), 0.5 * 3, 0.5 * 3, 0.0, 1.0),  # k = 0.25 / 0.0625 − 1 = 3
]
TRUNCATED = [
    Truncated(Normal(5.0, 1.0), 4.0, 7.0),
    Truncated(LogNormal(3.0, 1.4), None, 5.0),
    Truncated(Uniform(0.0, 10.0), 2.0, 4.0),
    Truncated(Normal(1.0, 5.0), 0.0, None),
]
ALL: list[Distribution] = [e[0] for e in EXACT] + [b[0] for b in BETAS] + TRUNCATED + [Empirical((1.0, 2.0, 4.0, 8.0))]


def named(parameter: Any) -> str:
    """Return what a test is called after, the same in every process."""
    return "exact" if callable(parameter) and not isinstance(parameter, type) else str(parameter)[:60]


def at(distribution: Distribution, *p: float) -> np.ndarray:
    return distribution.quantile(np.array(p, dtype=np.float64))


def scale(distribution: Distribution) -> float:
    low, middle, high = at(distribution, 0.05, 0.5, 0.95)
    return float(max(abs(middle), high - low))


@pytest.mark.parametrize(("distribution", "exact"), EXACT, ids=named)
def test_a_quantile_has_twelve_right_digits(distribution: Distribution, exact: Callable[[Any], Any]):
    """On [1e-9, 1 − 1e-9] the relative error against fifty digits is below 1e-12, near a zero the absolute one below 1e-15 of the scale."""
    found = at(distribution, *PROBABILITIES)

    for p, value in zip(PROBABILITIES, found, strict=True):
        true = exact(mpf(p))
        assert abs(mpf(float(value)) - true) <= 1e-12 * abs(true) + 1e-15 * scale(distribution), p


@pytest.mark.parametrize(("distribution", "a", "b", "low", "high"), BETAS, ids=named)
def test_a_beta_quantile_has_twelve_right_digits(distribution: Distribution, a: float, b: float, low: float, high: float):
    """The distance to the true quantile is (F(x) − p) / f(x), with mpmath's incomplete beta function for F."""
    for p, value in zip(PROBABILITIES, at(distribution, *PROBABILITIES), strict=True):
        share = (mpf(float(value)) - low) / (mpf(high) - low)
        above = mpmath.betainc(a, b, share, 1, regularized=True)
        density = share ** (a - 1) * (1 - share) ** (b - 1) / mpmath.beta(a, b)
        error = ((1 - mpf(p)) - above) / density * (high - low)
        assert abs(error) <= 1e-12 * abs(mpf(float(value))) + 1e-15 * (high - low), p


@given(st.floats(1e-9, 1 - 1e-9))
@settings(deadline=None, max_examples=200)
def test_the_normal_quantile_is_right_everywhere(p: float):
    """Algorithm AS 241 against fifty digits: 1e-14 relative, 1e-16 near the median, where the quantile is zero."""
    true = z(p)

    assert abs(mpf(float(normal.quantile(np.array([p]))[0])) - true) <= 1e-14 * abs(true) + 1e-16


@pytest.mark.parametrize("p", [5e-324, 1e-300, 1e-100, 1e-30, 1e-16, 2.0**-54, math.exp(-25), 0.075, 0.0750000001, 1 - 2**-53])
def test_the_normal_quantile_holds_in_the_far_tails(p: float):
    """Beyond the probabilities that can be drawn it is right too, to 1e-13."""
    with mp.workdps(400):
        true = z(p)

    assert float(normal.quantile(np.array([p]))[0]) == pytest.approx(float(true), rel=1e-13)


def test_the_normal_quantile_keeps_the_shape_and_leaves_its_argument_alone():
    """Any shape comes back as it went in, a column of a larger array too."""
    p = np.linspace(0.01, 0.99, 12).reshape(3, 4)
    before = p.copy()

    assert normal.quantile(p).shape == (3, 4)
    assert np.array_equal(normal.quantile(p[:, 1]), normal.quantile(p)[:, 1])
    assert np.array_equal(p, before)


@given(st.floats(1e-12, 0.5))
@settings(deadline=None, max_examples=100)
def test_the_normal_quantile_is_odd(p: float):
    """P and 1 − p have opposite quantiles wherever 1 − p is a float."""
    mirrored = 1 - p
    low, high = normal.quantile(np.array([1 - mirrored, mirrored]))

    assert low == pytest.approx(-high, rel=1e-15, abs=0)


@pytest.mark.parametrize("x", [-37.0, -8.0, -1.0, 0.0, 1e-9, 0.5, 1.959963984540054, 8.0])
def test_the_normal_distribution_function_is_right_in_both_tails(x: float):
    """P(Z ≤ z) against mpmath's, to 1e-13 relative even at −37."""
    assert normal.cdf(x) == pytest.approx(float(mpmath.ncdf(x)), rel=1e-13)


@pytest.mark.parametrize("distribution", ALL, ids=named)
def test_the_distribution_function_undoes_the_quantile(distribution: Distribution):
    """F(Q(p)) = p to 1e-12."""
    for p, x in zip(PROBABILITIES, at(distribution, *PROBABILITIES), strict=True):
        assert distribution.cdf(float(x)) == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize("distribution", ALL, ids=named)
def test_a_quantile_never_falls(distribution: Distribution):
    """Over 2,001 rising probabilities the values rise or stay, and the shape of the array is kept."""
    p = np.linspace(1e-9, 1 - 1e-9, 2001)

    assert np.all(np.diff(distribution.quantile(p)) >= 0)
    assert distribution.quantile(p.reshape(3, 667)).shape == (3, 667)


@pytest.mark.parametrize("distribution", [x for x in ALL if isinstance(x, (Uniform, LogUniform, Triangular, Pert, Beta))], ids=named)
def test_values_stay_between_the_ends(distribution: Any):
    """The smallest and the largest probability that can be drawn give values within the support, and F is 0 below it and 1 above."""
    low, high = (0.0, 1.0) if isinstance(distribution, Beta) else (distribution.low, distribution.high)
    first, last = at(distribution, 2.0**-54, 1 - 2.0**-53)

    assert low <= first < last <= high * (1 + 1e-15)
    assert distribution.cdf(low - 1) == 0
    assert distribution.cdf(high + 1) == 1


def moments(distribution: Distribution) -> tuple[float, float]:
    """Return mean and standard deviation by Gauss–Legendre on panels that halve toward p = 0 and p = 1."""
    nodes, weights = np.polynomial.legendre.leggauss(16)
    edges = np.concatenate([[0.0], 2.0 ** np.arange(-45, 0), 1 - 2.0 ** np.arange(-2, -46, -1), [1.0]])
    middle, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
    p, w = (middle[:, None] + half[:, None] * nodes).ravel(), (half[:, None] * weights).ravel()
    values = distribution.quantile(p)
    mean = float(w @ values)
    return mean, math.sqrt(float(w @ (values - mean) ** 2))


SIGMA = math.log(1.8)
PHI = math.exp(-0.5) / math.sqrt(2 * math.pi)
MASS = math.erf(1 / math.sqrt(2))


@pytest.mark.parametrize(
    ("distribution", "mean", "sd"),
    [
        (Uniform(2.0, 5.0), 3.5, 3 / math.sqrt(12)),
        (LogUniform(1.0, math.e), math.e - 1, math.sqrt((math.e**2 - 1) / 2 - (math.e - 1) ** 2)),
        (Triangular(1.0, 2.0, 6.0), 3.0, math.sqrt(7 / 6)),
        (Normal(10.0, 2.0), 10.0, 2.0),
        (LogNormal(3.0, 1.8), 3 * math.exp(SIGMA**2 / 2), 3 * math.exp(SIGMA**2 / 2) * math.sqrt(math.exp(SIGMA**2) - 1)),
        (Pert(1.0, 2.0, 6.0), (1 + 4 * 2 + 6) / 6, math.sqrt((2.5 - 1) * (6 - 2.5) / 7)),
        (Pert(0.0, 6.0, 6.0), 5.0, math.sqrt(5.0 * 1.0 / 7)),
        (Beta(0.2, 0.1), 0.2, 0.1),
        (Beta(0.9, 0.05), 0.9, 0.05),
        (Truncated(Normal(0.0, 1.0), -1.0, 1.0), 0.0, math.sqrt(1 - 2 * PHI / MASS)),
        (Truncated(Normal(0.0, 1.0), 0.0, None), math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)),
        (Truncated(Uniform(0.0, 10.0), 2.0, 4.0), 3.0, 2 / math.sqrt(12)),
        (Affine(Triangular(1.0, 2.0, 6.0), 1000.0), 3000.0, 1000 * math.sqrt(7 / 6)),
    ],
    ids=named,
)
def test_mean_and_spread_are_those_of_the_textbook(distribution: Distribution, mean: float, sd: float):
    """Integrals of the quantile function over p against the closed forms, to 1e-6; triangular (1, 2, 6) has mean 3 and variance 7/6."""
    found = moments(distribution)

    assert found[0] == pytest.approx(mean, rel=1e-6, abs=1e-9)
    assert found[1] == pytest.approx(sd, rel=1e-6)


@pytest.mark.parametrize(
    ("distribution", "point"),
    [
        (Uniform(2.0, 5.0), 3.5),
        (LogUniform(1.0, 100.0), 10.0),
        (Triangular(1.0, 2.0, 6.0), 2.0),
        (Pert(1.0, 2.0, 6.0), 2.0),
        (Normal(-3.0, 1.0), -3.0),
        (LogNormal(3.0, 1.4), 3.0),
        (Beta(0.5, 0.1), 0.5),
        (Choice((10.0, 20.0, 30.0), (0.2, 0.5, 0.3)), 20.0),
        (Empirical((1.0, 2.0, 4.0, 8.0)), 3.0),
        (Empirical((1.0, 2.0, 10.0)), 2.0),
        (Affine(Triangular(1.0, 2.0, 6.0), 1000.0), 2000.0),
        (Truncated(Triangular(1.0, 2.0, 6.0), 3.0, None), 3.0),
        (Truncated(Triangular(1.0, 2.0, 6.0), None, 5.0), 2.0),
        (Truncated(Normal(5.0, 1.0), 4.0, 6.0), 5.0),
        (Truncated(Uniform(0.0, 10.0), 2.0, 4.0), 3.0),
        (d.central(1.0, 9.0), 3.0),
        (d.central(-1.0, 3.0), 1.0),
    ],
    ids=named,
)
def test_the_point_value_is_the_mode_that_was_written_else_the_median(distribution: Distribution, point: float):
    """Triangular and PERT stand for their mode, all others for their median; cut, the mode moves to the nearest end that is left."""
    assert distribution.point == pytest.approx(point, rel=1e-12)


@pytest.mark.parametrize("distribution", [x for x in ALL if not isinstance(x, (Triangular, Pert, Affine))], ids=named)
def test_a_point_value_without_a_mode_splits_the_draws_in_half(distribution: Distribution):
    """The quantile at 0.5 is the point."""
    assert distribution.point == pytest.approx(float(at(distribution, 0.5)[0]), rel=1e-12, abs=1e-15)


NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("make", "parameters", "guilty"),
    [
        (Uniform, (5.0, 2.0), "low"),
        (Uniform, (NAN, 2.0), "low"),
        (Uniform, (1.0, INF), "high"),
        (LogUniform, (0.0, 2.0), "low"),
        (LogUniform, (-1.0, 2.0), "low"),
        (LogUniform, (3.0, 2.0), "low"),
        (LogUniform, (1.0, NAN), "high"),
        (Triangular, (1.0, 9.0, 5.0), "mode"),
        (Triangular, (3.0, 1.0, 5.0), "mode"),
        (Triangular, (1.0, NAN, 5.0), "mode"),
        (Triangular, (-INF, 1.0, 5.0), "low"),
        (Pert, (1.0, 9.0, 5.0), "mode"),
        (Pert, (1.0, 2.0, INF), "high"),
        (Normal, (5.0, -1.0), "sd"),
        (Normal, (5.0, NAN), "sd"),
        (Normal, (5.0, INF), "sd"),
        (Normal, (NAN, 1.0), "mean"),
        (LogNormal, (0.0, 1.4), "median"),
        (LogNormal, (-1.0, 1.4), "median"),
        (LogNormal, (INF, 1.4), "median"),
        (LogNormal, (1.0, 0.9), "gsd"),
        (LogNormal, (1.0, 0.0), "gsd"),
        (LogNormal, (1.0, NAN), "gsd"),
        (Beta, (0.0, 0.1), "mean"),
        (Beta, (1.0, 0.1), "mean"),
        (Beta, (1.5, 0.1), "mean"),
        (Beta, (0.5, -0.1), "sd"),
        (Beta, (0.5, 0.5), "sd"),
        (Beta, (0.5, NAN), "sd"),
        (Choice, ((), ()), "values"),
        (Choice, ((1.0, 2.0), (0.5, 0.6)), "weight"),
        (Choice, ((1.0, 2.0), (1.5, -0.5)), "weight"),
        (Choice, ((1.0, 2.0), (NAN, 0.5)), "weight"),
        (Choice, ((1.0, 2.0), (1.0,)), "weight"),
        (Choice, ((1.0,), (0.5, 0.5)), "weight"),
        (Choice, ((NAN, 2.0), (0.5, 0.5)), "values"),
        (Empirical, ((),), "values"),
        (Empirical, ((1.0,),), "values"),
        (Empirical, ((3.0, 1.0, 2.0),), "values"),
        (Empirical, ((3.0, NAN),), "values"),
        (Empirical, ((3.0, INF),), "values"),
        (Uniform, (-1e308, 1e308), "high"),
        (Triangular, (-1e308, 0.0, 1e308), "high"),
        (Pert, (-1e308, 0.0, 1e308), "high"),
        (Beta, (0.5, 1e-200), "sd"),
        (Truncated, (Normal(5.0, 1.0), NAN, None), "min"),
        (Truncated, (Normal(5.0, 1.0), None, NAN), "max"),
        (Truncated, (Normal(5.0, 1.0), -INF, 5.0), "min"),
        (Truncated, (Normal(5.0, 0.0), 6.0, None), "min"),
        (Truncated, (Normal(5.0, 0.0), None, 4.0), "min"),
        (d.central, (1e-200, 1e200), "high"),
        (d.central, (-1e308, 1e308), "high"),
        (Truncated, (Normal(5.0, 1.0), 9.0, 7.0), "min"),
        (Truncated, (Normal(5.0, 1.0), 7.0, 7.0), "min"),
        (Truncated, (Normal(5.0, 1.0), 1000.0, 1001.0), "min"),
        (Truncated, (Normal(5.0, 1.0), None, -5.0), "min"),
        (Truncated, (Uniform(0.0, 1.0), 2.0, None), "min"),
        (d.central, (1.0, INF), "high"),
        (d.central, (NAN, 1.0), "low"),
    ],
    ids=lambda given: getattr(given, "__name__", str(given)[:60]),
)
def test_a_bad_parameter_is_refused_when_the_distribution_is_made(make: Callable[..., Distribution], parameters: tuple[Any, ...], guilty: str):
    """SciPy answers NaN when it draws; here the parameter is named, in the error and in its message, before anything is drawn."""
    with pytest.raises(BadParameter) as stopped:
        make(*parameters)

    assert stopped.value.parameter == guilty
    assert guilty in str(stopped.value)


@pytest.mark.parametrize(
    ("distribution", "constant"),
    [
        (Uniform(3.0, 3.0), 3.0),
        (LogUniform(3.0, 3.0), 3.0),
        (Triangular(3.0, 3.0, 3.0), 3.0),
        (Pert(3.0, 3.0, 3.0), 3.0),
        (Normal(3.0, 0.0), 3.0),
        (LogNormal(3.0, 1.0), 3.0),
        (Beta(0.3, 0.0), 0.3),
        (Choice((3.0,), (1.0,)), 3.0),
        (Empirical((3.0, 3.0)), 3.0),
        (Truncated(Normal(3.0, 0.0), 3.0, None), 3.0),
        (Truncated(Normal(3.0, 0.0), None, 3.0), 3.0),
        (Truncated(LogNormal(3.0, 1.0), 3.0, 4.0), 3.0),
        (Truncated(Uniform(3.0, 3.0), 2.0, 4.0), 3.0),
    ],
    ids=named,
)
def test_a_spread_of_zero_is_a_constant(distribution: Distribution, constant: float):
    """Every draw is the value itself, exactly, and its distribution function is a step."""
    assert np.array_equal(at(distribution, 1e-9, 0.3, 0.5, 1 - 1e-9), np.full(4, constant))
    assert distribution.point == constant
    assert distribution.cdf(constant - 1e-9) == 0
    assert distribution.cdf(constant + 1e-9) == 1


@pytest.mark.parametrize("distribution", TRUNCATED, ids=named)
def test_a_truncated_distribution_stays_inside_and_keeps_its_proportions(distribution: Truncated):
    """Between min and max, P(X ≤ x) is (F(x) − F(min)) / (F(max) − F(min)); outside, nothing."""
    low = -INF if distribution.min is None else distribution.min
    high = INF if distribution.max is None else distribution.max
    drawn = at(distribution, 2.0**-54, *PROBABILITIES, 1 - 2.0**-53)
    below = 0.0 if distribution.min is None else distribution.inner.cdf(low)
    above = 1.0 if distribution.max is None else distribution.inner.cdf(high)
    x = float(at(distribution, 0.3)[0])

    assert np.all((low <= drawn) & (drawn <= high))
    assert (distribution.inner.cdf(x) - below) / (above - below) == pytest.approx(0.3, rel=1e-12)


CUT = [(5.0, 1.0, 4.0, None), (5.0, 1.0, 0.0, None), (-5.0, 1.0, None, 0.0), (1.0, 5.0, 0.0, None), (5.0, 1.0, 0.0, 9.0), (5.0, 1.0, 10.0, None)]


@pytest.mark.parametrize("make", [Normal, LogNormal])
@pytest.mark.parametrize("p", PROBABILITIES)
@pytest.mark.parametrize(("mean", "sd", "low", "high"), CUT)
def test_a_truncated_normal_against_fifty_digits(make: Any, mean: float, sd: float, low: float | None, high: float | None, p: float):
    """Normal (5, 1) kept above 0: Q(p) = 5 + z(Φ(−5) + p (1 − Φ(−5))), to 1e-12 of itself at both ends, close to zero too; its exponential as well."""
    below, above = (mpf(0) if low is None else mpmath.ncdf((low - mpf(mean)) / sd), mpf(1) if high is None else mpmath.ncdf((high - mpf(mean)) / sd))
    true = mean + sd * z(below + mpf(p) * (above - below))
    if make is LogNormal:
        ends = (math.exp(end) if end is not None else None for end in (low, high))
        found, true = Truncated(LogNormal(math.exp(mean), math.exp(sd)), *ends), mpmath.exp(true)
    else:
        found = Truncated(Normal(mean, sd), low, high)

    assert float(at(found, p)[0]) == pytest.approx(float(true), rel=1e-12 if make is Normal else 1e-11, abs=0)
    assert found.cdf(float(true)) == pytest.approx(p, abs=1e-12 if make is Normal else 1e-10)


@pytest.mark.parametrize("distribution", [LogUniform(1e-200, 1e200), LogUniform(5e-324, 1.7e308)], ids=named)
def test_a_loguniform_over_all_orders_of_magnitude_is_finite(distribution: LogUniform):
    """Its quantile at a quarter is a quarter of the way in logarithms, though high / low is no finite number."""
    drawn = at(distribution, 2.0**-54, 0.25, 0.5, 1 - 2.0**-53)
    orders = np.log(distribution.low), np.log(distribution.high)

    assert np.all((distribution.low <= drawn) & (drawn <= distribution.high))
    assert np.log(drawn[1:3]) == pytest.approx([0.75 * orders[0] + 0.25 * orders[1], (orders[0] + orders[1]) / 2], rel=1e-12, abs=1e-10)
    assert distribution.point == pytest.approx(drawn[2], rel=1e-12)
    assert distribution.cdf(float(drawn[1])) == pytest.approx(0.25, abs=1e-12)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_a_triangular_of_any_size_keeps_its_shape(size: float):
    """Triangular (0, 1, 2) has its quarter points at √½ and 2 − √½, times its size, whose square is no finite number or zero."""
    assert at(Triangular(0.0, size, 2 * size), 0.25, 0.75) / size == pytest.approx([math.sqrt(0.5), 2 - math.sqrt(0.5)], rel=1e-12)
    assert Triangular(0.0, size, 2 * size).cdf(0.5 * size) == pytest.approx(0.125, rel=1e-12)


def test_a_truncation_that_cuts_nothing_changes_nothing():
    """Uniform (2, 5) kept between 0 and 10 is uniform (2, 5)."""
    assert at(Truncated(Uniform(2.0, 5.0), 0.0, 10.0), *PROBABILITIES) == pytest.approx(at(Uniform(2.0, 5.0), *PROBABILITIES), rel=1e-15)


def test_a_choice_gives_each_value_its_share():
    """Of 1,000 evenly spaced probabilities 200 are 10, 500 are 20 and 300 are 30."""
    choice = Choice((10.0, 20.0, 30.0), (0.2, 0.5, 0.3))
    drawn = choice.quantile((np.arange(1000) + 0.5) / 1000)

    assert [int(np.sum(drawn == v)) for v in choice.values] == [200, 500, 300]
    assert [choice.cdf(x) for x in (9.0, 10.0, 25.0, 30.0)] == pytest.approx([0.0, 0.2, 0.7, 1.0], abs=1e-15)


def test_a_choice_of_weight_zero_is_never_drawn():
    """Weights 0, 1, 0: only the second value, at the ends too; the point of equal weights is the first."""
    assert set(at(Choice((1.0, 2.0, 3.0), (0.0, 1.0, 0.0)), 2.0**-54, 0.5, 1 - 2.0**-53)) == {2.0}
    assert Choice((5.0, 4.0), (0.5, 0.5)).point == 5.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=5))
@settings(deadline=None, max_examples=100)
def test_an_empirical_quantile_is_the_one_of_numpy(values: list[float], p: list[float]):
    """Hyndman and Fan's type 7 is numpy.quantile's default."""
    found = at(Empirical(tuple(sorted(values))), *p)

    assert found == pytest.approx(np.quantile(values, p), rel=1e-12, abs=1e-12 * (1 + max(map(abs, values))))


@pytest.mark.parametrize(("low", "high"), [(0.2, 0.6), (1.0, 9.0), (1e-9, 1e9), (-5.0, 5.0), (0.0, 3.0), (-9.0, -1.0), (99.0, 101.0)])
def test_a_central_interval_has_the_stated_fifth_and_ninety_fifth_percentile(low: float, high: float):
    """The draws below low and above high are 5 % each."""
    distribution = d.central(low, high)

    assert at(distribution, 0.05, 0.95) == pytest.approx([low, high], rel=1e-12, abs=1e-12 * (high - low))
    assert isinstance(distribution, LogNormal if low > 0 else Normal)


@pytest.mark.parametrize(("low", "high"), [(5.0, 1.0), (1.0, 1.0), (0.0, 0.0), (-1.0, -2.0)])
def test_a_central_interval_must_rise(low: float, high: float):
    """5 to 1 is no interval, nor is 1 to 1: low is the parameter at fault."""
    with pytest.raises(BadParameter, match=f"must rise: {low:g} to {high:g}") as stopped:
        d.central(low, high)

    assert stopped.value.parameter == "low"


def test_a_central_interval_is_lognormal_when_positive():
    """0.2 to 0.6 has the median √0.12 and the gsd 3^(1 / (2 × 1.6449)): 0.34641 and 1.39650."""
    found = d.central(0.2, 0.6)

    assert found.median == pytest.approx(math.sqrt(0.12), rel=1e-15)
    assert found.gsd == pytest.approx(3 ** (0.5 / 1.6448536269514722), rel=1e-15)
    assert pytest.approx(1.3965, abs=5e-5) == found.gsd


@pytest.mark.parametrize(
    ("distribution", "word"),
    [
        (Normal(1.0, 5.0), "42 % of its values are negative"),
        (LogNormal(5.0, 1000.0), "gsd of 1000"),
        (Normal(5.0, 0.0), "constant"),
        (LogNormal(5.0, 1.0), "constant"),
        (Beta(0.5, 0.0), "constant"),
        (Uniform(1.0, 1.0), "constant"),
        (LogUniform(1.0, 1.0), "constant"),
        (Triangular(1.0, 1.0, 1.0), "constant"),
        (Pert(1.0, 1.0, 1.0), "constant"),
        (Truncated(LogNormal(5.0, 1000.0), None, 9.0), "gsd of 1000"),
    ],
    ids=named,
)
def test_what_is_probably_not_meant_is_warned_of(distribution: Distribution, word: str):
    """Normal (1, 5) is negative in 42 of 100 draws, a gsd of 1000 is no gsd, a spread of zero is a constant."""
    (warning,) = d.warnings(distribution)

    assert word in warning


@pytest.mark.parametrize(
    "distribution",
    [
        Normal(5.0, 1.0),
        Normal(-5.0, 10.0),
        LogNormal(5.0, 3.0),
        Truncated(Normal(1.0, 5.0), 0.0, None),
        Triangular(1.0, 2.0, 6.0),
        Beta(0.5, 0.1),
        Empirical((1.0, 2.0)),
        Choice((1.0,), (1.0,)),
    ],
    ids=named,
)
def test_what_is_ordinary_is_not_warned_of(distribution: Distribution):
    """A normal kept above zero, or with a negative mean, is meant as it is."""
    assert d.warnings(distribution) == []


def test_the_spellings_of_a_scenario_are_the_distributions():
    """Each kind is made from the parameters it names, in that order."""
    assert {kind: names for kind, (_maker, names) in KINDS.items()} == {
        "uniform": ("low", "high"),
        "loguniform": ("low", "high"),
        "triangular": ("low", "mode", "high"),
        "pert": ("low", "mode", "high"),
        "normal": ("mean", "sd"),
        "lognormal": ("median", "gsd"),
        "beta": ("mean", "sd"),
    }
    assert KINDS["pert"][0](low=1.0, mode=2.0, high=6.0) == Pert(1.0, 2.0, 6.0)


def test_a_gsd_whose_draws_have_no_antilogarithm_is_refused():
    """At 8.3 standard deviations a gsd of 1e36 is 1e298; of 1e37 it would be 1e306, and 1e-306 on the other side has lost its digits."""
    assert LogNormal(1.0, 1e36).quantile(np.array(d.FARTHEST)) == pytest.approx([1e36**-8.2920, 1e36**8.2095], rel=0.02)
    with pytest.raises(BadParameter, match=r"gsd is too large to draw from: the limit is 1e\+36") as wrong:
        LogNormal(1.0, 1.1e36)
    assert wrong.value.parameter == "gsd"


def test_an_interval_wider_than_that_is_refused():
    """1e-59 to 1e59: a gsd of 1e118^(1 / 3.29) = 7.4e35; 1e-60 to 1e60 would be one of 3e36."""
    assert d.central(1e-59, 1e59).quantile(np.array([0.05, 0.95])) == pytest.approx([1e-59, 1e59], rel=1e-12)
    with pytest.raises(BadParameter, match="too wide") as wrong:
        d.central(1e-60, 1e60)
    assert wrong.value.parameter == "high"


def test_the_normal_quantile_far_out_is_exact():
    """1e-9 and 1e-10 lie in the middle of the tail; 1e-11 to 1e-300 in its far part, each among the others: z to fourteen digits."""
    far = [0.3, 0.05, 1e-9, 1e-10, 1e-11, 2e-13, 1e-15, 1e-16, 1e-20, 1e-100, 0.4, 1e-300]

    with mp.workdps(320):  # 1 - 2e-300 needs as many
        exact = [float(z(p)) for p in far]
    assert normal.quantile(np.array(far)) == pytest.approx(exact, rel=2e-15)
    for p, expected in zip(far, exact, strict=True):
        assert normal.quantile(np.array([0.3, p]))[1] == pytest.approx(expected, rel=2e-15)


def test_a_ratio_of_polynomials_of_other_lengths_is_none():
    """Seven coefficients above and eight below are a mistake, and not cut to fit."""
    longer, shorter = [np.array(1.0)] * 8, [np.array(1.0)] * 7
    with pytest.raises(ValueError, match="zip"):
        normal._ratio((shorter, longer), np.array([0.5]))


def test_coefficients_become_arrays_of_no_dimension():
    """Above and below, in their order."""
    above, below = normal._arrays(((1.0, 2.0), (3.0, 4.0)))

    assert [a.shape for a in (*above, *below)] == [()] * 4
    assert ([float(a) for a in above], [float(b) for b in below]) == ([1.0, 2.0], [3.0, 4.0])


def test_the_logarithm_of_a_ratio_near_one_keeps_its_digits():
    """1e10 over 1e10 (1 + 2^-40) is -2^-40 in logarithms, above or below one; each logarithm alone has lost a third of these digits."""
    assert log_ratio(1e10, 1e10 * (1 + 2**-40)) == pytest.approx(-(2**-40), rel=2e-4)
    assert log_ratio(1e10 * (1 + 2**-40), 1e10) == pytest.approx(2**-40, rel=2e-4)
    assert log_ratio(1e300, 1e-300) == pytest.approx(600 * math.log(10), rel=1e-15)
    assert log_ratio(1e-300, 1e300) == pytest.approx(-600 * math.log(10), rel=1e-15)


@pytest.mark.parametrize("constant", [Uniform(5, 5), LogUniform(5, 5), Triangular(5, 5, 5), Pert(5, 5, 5), Normal(5, 0), LogNormal(5, 1)], ids=named)
def test_the_cdf_of_a_constant_is_a_step_at_it(constant: Distribution):
    """Nothing below 5, everything at 5."""
    assert [constant.cdf(x) for x in (4.999, 5.0, 5.001)] == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("positive", [LogUniform(1, 2), LogNormal(1, 2)], ids=named)
def test_nothing_lies_at_zero_or_below_of_what_is_positive(positive: Distribution):
    """Zero has no logarithm, and probability zero."""
    assert [positive.cdf(x) for x in (-1.0, -0.0, 0.0)] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Choice((), ()), "the values of a choice are empty"),
        (lambda: Choice((1.0, math.inf), (0.5, 0.5)), "the values of a choice must be finite"),
        (lambda: Choice((1.0, 2.0), (1.0,)), "a choice needs a weight for each of its values"),
        (lambda: Choice((1.0, 2.0), (-0.5, 1.5)), "a weight of a choice must lie between 0 and 1; -0.5 does not"),
        (lambda: Choice((1.0, 2.0), (0.5, 0.25)), "the weights of a choice must sum to 1; they sum to 0.75"),
        (lambda: Empirical((1.0,)), "an empirical distribution needs at least 2 values"),
        (lambda: Empirical((1.0, math.nan)), "the values of an empirical distribution must be finite"),
        (lambda: Empirical((2.0, 1.0)), "the values of an empirical distribution must be sorted"),
        (lambda: Uniform(math.nan, 1), "low must be finite; nan is not"),
        (lambda: LogUniform(0, 1), "low must be positive (above zero); 0 is not"),
        (lambda: Normal(0, -2), "sd must not be negative (positive or zero is possible); -2 is"),
        (lambda: Triangular(0, 3, 2), "mode must not lie above high (3 > 2)"),
        (lambda: Uniform(3, 2), "low must not lie above high (3 > 2)"),
        (lambda: Uniform(-1e308, 1e308), "high lies too far above low: the range -1e+308 to 1e+308 is no finite number"),
    ],
)
def test_a_wrong_parameter_is_told_in_these_words(make: Callable[[], Distribution], message: str):
    """The whole sentence: which, what must hold, and what was given."""
    with pytest.raises(BadParameter) as wrong:
        make()
    assert str(wrong.value) == message


@pytest.mark.parametrize(
    ("distribution", "inside", "beyond"),
    [
        (d.Uniform(3, 4), (3.0, 3.5, 4.0), (2.999, 4.001)),
        (d.Normal(5, 1), (1.92, 5.0, 8.08), (1.9, 8.1)),  # a thousandth lies 3.0902 standard deviations out
        (d.LogNormal(1, math.e), (0.05, 1.0, 20.0), (0.045, 22.0, -1.0)),  # exp(3.09) = 21.98
        (d.Normal(5, 0), (5.0,), (4.9, 5.1)),
        (d.Pert(1, 2, 3), (1.0, 3.0), (0.99, 3.01)),
        (d.Beta(0.5, 0.1), (0.0, 1.0), (-0.1, 1.1)),
        (d.Choice((1.0, 2.0), (0.5, 0.5)), (1.0, 2.0), (0.5, 2.5)),
        (d.Truncated(d.Normal(5, 1), 4.0, None), (4.0, 8.0), (3.9, 8.1)),
        (d.Truncated(d.Normal(5, 1), None, 6.0), (2.0, 6.0), (1.9, 6.1)),
        (d.Affine(d.Uniform(3, 4), 10.0), (30.0, 40.0), (29.0, 3.5)),
    ],
    ids=repr,
)
def test_a_value_outside_a_distribution_is_told_from_one_at_its_end(distribution, inside, beyond):
    """Beyond the ends, or in a tail of a thousandth where there are none."""
    assert [d.outside(distribution, x) for x in inside] == [False] * len(inside)
    assert [d.outside(distribution, x) for x in beyond] == [True] * len(beyond)
