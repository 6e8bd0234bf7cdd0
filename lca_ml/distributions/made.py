"""Distributions made of values, or of another distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lca_ml.distributions.checks import FARTHEST, Array, BadParameter, Distribution, cut, finite
from lca_ml.distributions.simple import Beta, LogNormal, LogUniform, Normal, Pert, Triangular, Uniform
from lca_ml.normal import cdf as normal_cdf
from lca_ml.normal import quantile as normal_quantile
from lca_ml.words import _

WIDEST_GSD = 100.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, each with its probability; the quantile takes them in the order given, and rises where they do."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise BadParameter("values", _("the values of a choice are empty"))
        if not all(math.isfinite(v) for v in self.values):
            raise BadParameter("values", _("the values of a choice must be finite"))
        if len(self.weights) != len(self.values):
            raise BadParameter("weight", _("a choice needs a weight for each of its values"))
        for weight in self.weights:
            if not 0 <= weight <= 1:
                raise BadParameter("weight", _("a weight of a choice must lie between 0 and 1; {weight:g} does not").format(weight=weight))
        total = math.fsum(self.weights)
        if abs(total - 1) > 1e-9:
            raise BadParameter("weight", _("the weights of a choice must sum to 1; they sum to {total:g}").format(total=total))

    @property
    def point(self) -> float:
        return self.values[max(range(len(self.weights)), key=self.weights.__getitem__)]

    def quantile(self, p: Array) -> Array:
        edges = np.cumsum(self.weights)[:-1]
        return np.asarray(self.values, dtype=np.float64)[np.searchsorted(edges, p, side="right")]

    def cdf(self, x: float) -> float:
        return math.fsum(w for v, w in zip(self.values, self.weights, strict=True) if v <= x)


@dataclass(frozen=True, slots=True)
class Empirical:
    """Measured values, sorted; between two of them the quantile is a straight line (Hyndman and Fan 1996, type 7)."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) < 2:
            raise BadParameter("values", _("an empirical distribution needs at least 2 values"))
        if not all(math.isfinite(v) for v in self.values):
            raise BadParameter("values", _("the values of an empirical distribution must be finite"))
        if any(a > b for a, b in pairwise(self.values)):
            raise BadParameter("values", _("the values of an empirical distribution must be sorted"))

    @property
    def point(self) -> float:
        return float(self.quantile(np.array([0.5]))[0])

    def quantile(self, p: Array) -> Array:
        return np.interp(p, np.linspace(0, 1, len(self.values)), self.values)

    def cdf(self, x: float) -> float:
        return float(np.interp(x, self.values, np.linspace(0, 1, len(self.values))))


@dataclass(frozen=True, slots=True)
class Truncated:
    """Another distribution, kept between min and max; either may be missing (None).

    What is left of a normal or a lognormal is counted from the nearer of its two tails, so that its quantiles are as exact at the upper
    end as at the lower one: a probability just below 1 cannot be told from 1, its complement can. Close to min and max a normal's are
    counted from there, as they may be close to zero.
    """

    inner: Distribution
    min: float | None
    max: float | None

    def __post_init__(self) -> None:
        finite(**{name: end for name, end in (("min", self.min), ("max", self.max)) if end is not None})
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise BadParameter("min", _("min {min:g} must lie below max {max:g}").format(min=self.min, max=self.max))
        if self.parts()[1] < 1e-9:
            raise BadParameter("min", _("almost nothing of the distribution lies between min and max (far in the tail: a probability below 1e-9)"))

    @property
    def point(self) -> float:
        low, high = self.min if self.min is not None else -math.inf, self.max if self.max is not None else math.inf
        return min(max(self.inner.point, low), high) if _has_mode(self.inner) else float(self.quantile(np.array([0.5]))[0])

    def quantile(self, p: Array) -> Array:
        below, between, above = self.parts()
        lower, upper = below + p * between, above + (1 - p) * between
        if isinstance(self.inner, (Normal, LogNormal)):
            z = normal_quantile(np.maximum(np.minimum(lower, upper), 1e-300))
            with np.errstate(over="ignore"):  # what overflows lies beyond max, or beyond the end that is missing, and is told when it is read
                drawn = self.inner.at(np.where(lower <= upper, z, -z))
            if isinstance(self.inner, Normal) and self.inner.sd:
                drawn = _close_to(self.min, drawn, p * between, self.inner)
                drawn = _close_to(self.max, drawn, -(1 - p) * between, self.inner)
        else:
            drawn = self.inner.quantile(np.clip(lower, 1e-300, 1 - 2**-53))
        return np.clip(drawn, self.min, self.max)

    def cdf(self, x: float) -> float:
        below, between, above = self.parts()
        at_most = self.inner.cdf(x)
        return cut((at_most - below) / between if at_most <= 0.5 else 1 - (_exceeding(self.inner, x) - above) / between)

    def parts(self) -> tuple[float, float, float]:
        """Return the probabilities of a value of the other distribution below min, between min and max, and above max."""
        if self.min is not None and is_constant(self.inner) and self.inner.point == self.min:
            return 0.0, 1.0, 0.0  # the one value there is lies on the end, which belongs to what is kept
        low, high = (0.0 if self.min is None else self.inner.cdf(self.min), 1.0 if self.max is None else self.inner.cdf(self.max))
        above_low, above = (1.0 if self.min is None else _exceeding(self.inner, self.min), 0.0 if self.max is None else _exceeding(self.inner, self.max))
        return low, high - low if low < above else above_low - above, above


@dataclass(frozen=True, slots=True)
class Affine:
    """Another distribution times a factor above zero: the change of its unit."""

    inner: Distribution
    factor: float

    @property
    def point(self) -> float:
        return self.inner.point * self.factor

    def quantile(self, p: Array) -> Array:
        x = self.inner.quantile(p)
        x *= self.factor
        return x

    def cdf(self, x: float) -> float:
        return self.inner.cdf(x / self.factor)


def warnings(distribution: Distribution) -> list[str]:
    """Return what is allowed but probably not meant: a constant, a very wide spread, negative values where none were expected."""
    match distribution:
        case Normal(mean=mean, sd=sd) if mean > 0 and sd and normal_cdf(-mean / sd) > 0.01:
            return [_("{share} % of its values are negative; add min=0, or use a lognormal").format(share=round(100 * normal_cdf(-mean / sd)))]
        case LogNormal(gsd=gsd) if gsd > WIDEST_GSD:
            return [_("a gsd of {gsd:g} is very large (wide); did you mean a standard deviation?").format(gsd=gsd)]
        case Normal() | LogNormal() | Beta() if is_constant(distribution):
            return [_("a spread of zero: sd 0 or gsd 1 makes this a constant")]
        case Uniform() | Triangular() | Pert() | LogUniform() if is_constant(distribution):
            return [_("low (min) and high (max) are equal: this is a constant")]
        case Truncated(inner=inner):
            return [w for w in warnings(inner) if not isinstance(inner, Normal)]
    return []


def outside(distribution: Distribution, x: float) -> bool:
    """Whether a value lies beyond the ends of a distribution, or where it has none, in one of the two tails that hold a thousandth of it."""
    match distribution:
        case Affine(inner=inner, factor=factor):
            return outside(inner, x / factor)
        case Truncated(inner=inner, min=low, max=high):
            return (low is not None and x < low) or (high is not None and x > high) or outside(inner, x)
        case Pert(low=low_, high=high_):
            return not low_ <= x <= high_
        case Beta():
            return not 0 <= x <= 1
        case Normal() | LogNormal() if not is_constant(distribution):
            return min(distribution.cdf(x), _exceeding(distribution, x)) < 1e-3
    low_, high_ = distribution.quantile(np.array(FARTHEST))
    slack = 1e-9 * max(abs(low_), abs(high_))
    return not low_ - slack <= x <= high_ + slack


def is_constant(distribution: Distribution) -> bool:
    """Whether a distribution of two or three numbers has no spread."""
    match distribution:
        case Normal(sd=0) | LogNormal(gsd=1) | Beta(sd=0):
            return True
        case Uniform(low=low, high=high) | LogUniform(low=low, high=high) | Triangular(low=low, high=high) | Pert(low=low, high=high):
            return low == high
    return False


def _close_to(end: float | None, drawn: Array, passed: Array, inner: Normal) -> Array:
    """Return the draws, those within 0.01 sd of an end corrected by one step of Newton's method on their distance to it.

    passed   the probability from the end to each draw, negative where the draw lies below it
    The probability over so small a distance is nearly straight: one step gives all digits, where mean + sd z has those of the mean.
    """
    if end is None:
        return drawn
    close = np.abs(drawn - end) < 0.01 * inner.sd
    start, distance = inner.score(end), (drawn[close] - end) / inner.sd
    x, w = np.polynomial.legendre.leggauss(4)
    found = distance * (_density(start + distance[:, None] * (x + 1) / 2) @ w) / 2
    distance -= (found - passed[close]) / _density(start + distance)
    drawn[close] = end + inner.sd * distance
    return drawn


def _density(z: Array) -> Array:
    return np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def _exceeding(distribution: Distribution, x: float) -> float:
    """Return the probability of a value above x, exact in the upper tail of a normal and a lognormal."""
    return normal_cdf(-distribution.score(x)) if isinstance(distribution, (Normal, LogNormal)) else 1 - distribution.cdf(x)


def _has_mode(distribution: Distribution) -> bool:
    return isinstance(distribution, (Triangular, Pert, Choice))
