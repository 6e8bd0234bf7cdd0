"""Distributions made of values, or of another distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lca_ml.distributions.checks import Array, BadParameter, Distribution, cut
from lca_ml.distributions.simple import Beta, LogNormal, LogUniform, Normal, Pert, Triangular, Uniform
from lca_ml.normal import cdf as normal_cdf
from lca_ml.words import _

WIDEST_GSD = 100.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, each with its probability."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise BadParameter("values", _("the values of a choice are empty"))
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

    @property
    def point(self) -> float:
        return float(self.quantile(np.array([0.5]))[0])

    def quantile(self, p: Array) -> Array:
        return np.interp(p, np.linspace(0, 1, len(self.values)), self.values)

    def cdf(self, x: float) -> float:
        return float(np.interp(x, self.values, np.linspace(0, 1, len(self.values))))


@dataclass(frozen=True, slots=True)
class Truncated:
    """Another distribution, kept between min and max; either may be missing (None)."""

    inner: Distribution
    min: float | None
    max: float | None

    def __post_init__(self) -> None:
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise BadParameter("min", _("min {min:g} must lie below max {max:g}").format(min=self.min, max=self.max))
        if self._span()[1] - self._span()[0] < 1e-9:
            raise BadParameter("min", _("almost nothing of the distribution lies between min and max (far in the tail: a probability below 1e-9)"))

    @property
    def point(self) -> float:
        low, high = self.min if self.min is not None else -math.inf, self.max if self.max is not None else math.inf
        return min(max(self.inner.point, low), high) if _has_mode(self.inner) else float(self.quantile(np.array([0.5]))[0])

    def quantile(self, p: Array) -> Array:
        low, high = self._span()
        return np.clip(self.inner.quantile(np.clip(low + p * (high - low), 1e-300, 1 - 2**-53)), self.min, self.max)

    def cdf(self, x: float) -> float:
        low, high = self._span()
        return cut((self.inner.cdf(x) - low) / (high - low))

    def _span(self) -> tuple[float, float]:
        return (0.0 if self.min is None else self.inner.cdf(self.min), 1.0 if self.max is None else self.inner.cdf(self.max))


@dataclass(frozen=True, slots=True)
class Affine:
    """Another distribution times a factor above zero: the change of its unit."""

    inner: Distribution
    factor: float

    @property
    def point(self) -> float:
        return self.inner.point * self.factor

    def quantile(self, p: Array) -> Array:
        return self.inner.quantile(p) * self.factor

    def cdf(self, x: float) -> float:
        return self.inner.cdf(x / self.factor)


def warnings(distribution: Distribution) -> list[str]:
    """Return what is allowed but probably not meant: a constant, a very wide spread, negative values where none were expected."""
    match distribution:
        case Normal(mean=mean, sd=sd) if mean > 0 and sd and normal_cdf(-mean / sd) > 0.01:
            return [_("{share:.0%} of its values are negative; add min=0, or use a lognormal").format(share=normal_cdf(-mean / sd))]
        case LogNormal(gsd=gsd) if gsd > WIDEST_GSD:
            return [_("a gsd of {gsd:g} is very large (wide); did you mean a standard deviation?").format(gsd=gsd)]
        case Normal(sd=0) | LogNormal(gsd=1) | Beta(sd=0):
            return [_("a spread of zero: sd 0 or gsd 1 makes this a constant")]
        case Uniform(low=low, high=high) | Triangular(low=low, high=high) | Pert(low=low, high=high) | LogUniform(low=low, high=high) if low == high:
            return [_("low (min) and high (max) are equal: this is a constant")]
        case Truncated(inner=inner):
            return [w for w in warnings(inner) if not isinstance(inner, Normal)]
    return []


def _has_mode(distribution: Distribution) -> bool:
    return isinstance(distribution, (Triangular, Pert, Choice))
