"""Distributions that are a formula of two or three numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from lca_ml.distributions.checks import Array, BadParameter, Distribution, cut, finite, log_ratio, not_negative, ordered, positive
from lca_ml.normal import cdf as normal_cdf
from lca_ml.normal import quantile as normal_quantile
from lca_ml.words import _

Z90 = 1.6448536269514722  # the standard normal quantile at 0.95: a central 90 % interval is ± Z90 standard deviations

LARGEST_GSD = 1e36  # the farthest draws are then 1e298 times the median and 1e-298 of it: beyond, their logarithm has no antilogarithm


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every value between low and high is as likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        ordered(low=self.low, high=self.high)

    @property
    def point(self) -> float:
        return self.low / 2 + self.high / 2

    def quantile(self, p: Array) -> Array:
        x = p * (self.high - self.low)
        x += self.low
        return x

    def cdf(self, x: float) -> float:
        return cut((x - self.low) / (self.high - self.low)) if self.high > self.low else float(x >= self.low)


@dataclass(frozen=True, slots=True)
class LogUniform:
    """Every order of magnitude between low and high, both above zero, is as likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        positive(low=self.low)
        ordered(low=self.low, high=self.high)

    @property
    def point(self) -> float:
        return min(max(math.sqrt(self.low) * math.sqrt(self.high), self.low), self.high)

    def quantile(self, p: Array) -> Array:
        exponent = math.log(self.low) + p * self._orders()  # in logarithms, as high / low may be no finite number
        return np.clip(np.exp(exponent), self.low, self.high)

    def cdf(self, x: float) -> float:
        return cut(log_ratio(x, self.low) / self._orders()) if x > 0 and self.high > self.low else float(x >= self.low)

    def _orders(self) -> float:
        return log_ratio(self.high, self.low)


@dataclass(frozen=True, slots=True)
class Triangular:
    """From low to high, the density rising in a straight line to the mode and falling after it."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        ordered(low=self.low, mode=self.mode, high=self.high)

    @property
    def point(self) -> float:
        return self.mode

    def quantile(self, p: Array) -> Array:
        width = self.high - self.low
        if width == 0:
            return np.full_like(p, self.low)
        rising = p < (self.mode - self.low) / width
        side = np.where(rising, p * ((self.mode - self.low) / width), (1 - p) * ((self.high - self.mode) / width))
        np.sqrt(side, out=side)
        side *= width  # the width itself is never squared: it may be very large or small
        return np.where(rising, self.low + side, self.high - side)

    def cdf(self, x: float) -> float:
        if not self.low < x < self.high:
            return float(x >= self.high)
        width = self.high - self.low
        if x <= self.mode:
            return (x - self.low) / width * ((x - self.low) / (self.mode - self.low))
        return 1 - (self.high - x) / width * ((self.high - x) / (self.high - self.mode))


@dataclass(frozen=True, slots=True)
class Normal:
    """Mean and standard deviation."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        finite(mean=self.mean, sd=self.sd)
        not_negative(sd=self.sd)

    @property
    def point(self) -> float:
        return self.mean

    def quantile(self, p: Array) -> Array:
        return self.at(normal_quantile(p))

    def at(self, z: Array) -> Array:
        """Return the values so many standard deviations above the mean."""
        x = z * self.sd
        x += self.mean
        return x

    def score(self, x: float) -> float:
        """Return how many standard deviations a value lies above the mean."""
        return (x - self.mean) / self.sd if self.sd else math.copysign(math.inf, x - self.mean)

    def cdf(self, x: float) -> float:
        return normal_cdf(self.score(x))


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Median and geometric standard deviation (gsd ≥ 1): ln x is normal with mean ln median and standard deviation ln gsd."""

    median: float
    gsd: float

    def __post_init__(self) -> None:
        finite(median=self.median, gsd=self.gsd)
        positive(median=self.median)
        if self.gsd < 1:
            raise BadParameter("gsd", _("gsd must be at least 1; a geometric standard deviation of {gsd} is none").format(gsd=self.gsd))
        if self.gsd > LARGEST_GSD:
            raise BadParameter("gsd", _("gsd is too large to draw from: the limit is {limit:g}").format(limit=LARGEST_GSD))

    @property
    def point(self) -> float:
        return self.median

    def quantile(self, p: Array) -> Array:
        return self.at(normal_quantile(p))

    def at(self, z: Array) -> Array:
        """Return the values whose logarithm lies so many standard deviations above that of the median."""
        x = z * math.log(self.gsd)
        np.exp(x, out=x)
        x *= self.median
        return x

    def score(self, x: float) -> float:
        """Return how many standard deviations the logarithm of a value lies above that of the median."""
        if x <= 0 or self.gsd == 1:
            return math.copysign(math.inf, x - self.median)
        return log_ratio(x, self.median) / math.log(self.gsd)

    def cdf(self, x: float) -> float:
        return normal_cdf(self.score(x))


@dataclass(frozen=True, slots=True)
class ScaledBeta:
    """Beta(a, b) stretched from (0, 1) to (low, high)."""

    a: float
    b: float
    low: float
    high: float

    def quantile(self, p: Array) -> Array:
        from scipy.special import betaincinv  # 0.16 s of import, paid by the models that use it

        return self.low + (self.high - self.low) * np.asarray(betaincinv(self.a, self.b, p), dtype=np.float64)

    def cdf(self, x: float) -> float:
        from scipy.special import betainc

        return float(betainc(self.a, self.b, cut((x - self.low) / (self.high - self.low))))


@dataclass(frozen=True, slots=True)
class Pert:
    """Low, mode and high, smoother than the triangular: a beta distribution with mean (low + 4 mode + high) / 6.

    Source: Malcolm et al. 1959, Operations Research 7(5), 646–669.
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        ordered(low=self.low, mode=self.mode, high=self.high)

    @property
    def point(self) -> float:
        return self.mode

    def quantile(self, p: Array) -> Array:
        return self.scaled_beta().quantile(p) if self.high > self.low else np.full_like(p, self.low)

    def cdf(self, x: float) -> float:
        return self.scaled_beta().cdf(x) if self.high > self.low else float(x >= self.low)

    def scaled_beta(self) -> ScaledBeta:
        """Return the same distribution as a beta stretched over its range."""
        width = self.high - self.low
        return ScaledBeta(1 + 4 * (self.mode - self.low) / width, 1 + 4 * (self.high - self.mode) / width, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Beta:
    """A share between 0 and 1, by its mean and standard deviation."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        finite(mean=self.mean, sd=self.sd)
        not_negative(sd=self.sd)
        if not 0 < self.mean < 1:
            raise BadParameter("mean", _("the mean of a beta must lie between 0 and 1"))
        if self.sd and self.sd**2 >= self.mean * (1 - self.mean):
            raise BadParameter(
                "sd", _("sd is too large: a share of mean {mean} has at most {sd:.4g}").format(mean=self.mean, sd=math.sqrt(self.mean * (1 - self.mean)))
            )
        if self.sd and not math.isfinite(self._precision()):
            raise BadParameter("sd", _("sd {sd:g} is too small to draw from; write 0 for a constant").format(sd=self.sd))

    @property
    def point(self) -> float:
        return float(self.quantile(np.array([0.5]))[0])

    def quantile(self, p: Array) -> Array:
        return self.scaled_beta().quantile(p) if self.sd else np.full_like(p, self.mean)

    def cdf(self, x: float) -> float:
        return self.scaled_beta().cdf(x) if self.sd else float(x >= self.mean)

    def _precision(self) -> float:
        return self.mean * (1 - self.mean) / self.sd / self.sd

    def scaled_beta(self) -> ScaledBeta:
        """Return the same distribution as a beta stretched over its range."""
        k = self._precision() - 1
        return ScaledBeta(self.mean * k, (1 - self.mean) * k, 0.0, 1.0)


def central(low: float, high: float) -> Distribution:
    """Return the distribution whose central 90 % interval is low to high: lognormal when both are positive, normal otherwise."""
    finite(low=low, high=high)
    if low >= high:
        raise BadParameter("low", _("the interval must rise: {low:g} to {high:g} does not").format(low=low, high=high))
    gsd = (high / low) ** (0.5 / Z90) if low > 0 else 1.0
    if gsd > LARGEST_GSD or not math.isfinite(high - low):
        raise BadParameter("high", _("high lies too far above low: the interval {low:g} to {high:g} is too wide").format(low=low, high=high))
    if low > 0:
        return LogNormal(math.sqrt(low) * math.sqrt(high), gsd)
    return Normal((low + high) / 2, (high - low) / (2 * Z90))


KINDS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "uniform": (Uniform, ("low", "high")),
    "loguniform": (LogUniform, ("low", "high")),
    "triangular": (Triangular, ("low", "mode", "high")),
    "pert": (Pert, ("low", "mode", "high")),
    "normal": (Normal, ("mean", "sd")),
    "lognormal": (LogNormal, ("median", "gsd")),
    "beta": (Beta, ("mean", "sd")),
}
"""The distributions made of numbers, with the names of their parameters; `choice` and `empirical` are read apart."""
