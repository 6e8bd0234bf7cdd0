"""What an uncertain value can be: a quantile function with checked parameters.

Each distribution is a frozen dataclass with `quantile(p)` for an array of probabilities in (0, 1), `cdf(x)` for one value, and
`point`, the value that stands for it when nothing is drawn: the mode where one was written (triangular, PERT), else the median.
Parameters are checked when it is made: a wrong one raises BadParameter, which names it, before anything is drawn.

`KINDS`, at the foot, lists the spellings a scenario may use and the parameters of each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lca_ml.errors import shown
from lca_ml.normal import cdf as normal_cdf
from lca_ml.normal import quantile as normal_quantile
from lca_ml.words import _

Array = NDArray[np.float64]

Z90 = 1.6448536269514722  # the standard normal quantile at 0.95: a central 90 % interval is ± Z90 standard deviations
WIDEST_GSD = 100.0


class BadParameter(ValueError):
    """A parameter of a distribution is impossible; `parameter` names it."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class Distribution(Protocol):
    """What the sampler asks of an uncertain value."""

    @property
    def point(self) -> float:
        """The value that stands for it when nothing is drawn."""

    def quantile(self, p: Array) -> Array:
        """Return the values at probabilities p, an array of the same shape, p in the open interval (0, 1)."""

    def cdf(self, x: float) -> float:
        """Return the probability of a value at most x."""


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every value between low and high is as likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _ordered(low=self.low, high=self.high)

    @property
    def point(self) -> float:
        return (self.low + self.high) / 2

    def quantile(self, p: Array) -> Array:
        return self.low + p * (self.high - self.low)

    def cdf(self, x: float) -> float:
        return _cut((x - self.low) / (self.high - self.low)) if self.high > self.low else float(x >= self.low)


@dataclass(frozen=True, slots=True)
class LogUniform:
    """Every order of magnitude between low and high, both above zero, is as likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _positive(low=self.low)
        _ordered(low=self.low, high=self.high)

    @property
    def point(self) -> float:
        return math.sqrt(self.low * self.high)

    def quantile(self, p: Array) -> Array:
        return self.low * np.exp(p * math.log(self.high / self.low))

    def cdf(self, x: float) -> float:
        return _cut(math.log(x / self.low) / math.log(self.high / self.low)) if x > 0 and self.high > self.low else float(x >= self.low)


@dataclass(frozen=True, slots=True)
class Triangular:
    """From low to high, the density rising in a straight line to the mode and falling after it."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _ordered(low=self.low, mode=self.mode, high=self.high)

    @property
    def point(self) -> float:
        return self.mode

    def quantile(self, p: Array) -> Array:
        width = self.high - self.low
        if width == 0:
            return np.full_like(p, self.low)
        left = np.sqrt(p * (width * (self.mode - self.low)))
        right = np.sqrt((1 - p) * (width * (self.high - self.mode)))
        return np.where(p < (self.mode - self.low) / width, self.low + left, self.high - right)

    def cdf(self, x: float) -> float:
        if not self.low < x < self.high:
            return float(x >= self.high)
        width = self.high - self.low
        if x <= self.mode:
            return (x - self.low) ** 2 / (width * (self.mode - self.low))
        return 1 - (self.high - x) ** 2 / (width * (self.high - self.mode))


@dataclass(frozen=True, slots=True)
class Normal:
    """Mean and standard deviation."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _finite(mean=self.mean, sd=self.sd)
        _not_negative(sd=self.sd)

    @property
    def point(self) -> float:
        return self.mean

    def quantile(self, p: Array) -> Array:
        return self.mean + self.sd * normal_quantile(p)

    def cdf(self, x: float) -> float:
        return normal_cdf((x - self.mean) / self.sd) if self.sd else float(x >= self.mean)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Median and geometric standard deviation (gsd ≥ 1): ln x is normal with mean ln median and standard deviation ln gsd."""

    median: float
    gsd: float

    def __post_init__(self) -> None:
        _finite(median=self.median, gsd=self.gsd)
        _positive(median=self.median)
        if self.gsd < 1:
            raise BadParameter("gsd", _("gsd must be at least 1; a geometric standard deviation of {gsd} is none").format(gsd=self.gsd))

    @property
    def point(self) -> float:
        return self.median

    def quantile(self, p: Array) -> Array:
        return self.median * np.exp(math.log(self.gsd) * normal_quantile(p))

    def cdf(self, x: float) -> float:
        if x <= 0 or self.gsd == 1:
            return float(x >= self.median)
        return normal_cdf(math.log(x / self.median) / math.log(self.gsd))


@dataclass(frozen=True, slots=True)
class _ScaledBeta:
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

        return float(betainc(self.a, self.b, _cut((x - self.low) / (self.high - self.low))))


@dataclass(frozen=True, slots=True)
class Pert:
    """Low, mode and high, smoother than the triangular: a beta distribution with mean (low + 4 mode + high) / 6.

    Source: Malcolm et al. 1959, Operations Research 7(5), 646–669.
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _ordered(low=self.low, mode=self.mode, high=self.high)

    @property
    def point(self) -> float:
        return self.mode

    def quantile(self, p: Array) -> Array:
        return self._beta().quantile(p) if self.high > self.low else np.full_like(p, self.low)

    def cdf(self, x: float) -> float:
        return self._beta().cdf(x) if self.high > self.low else float(x >= self.low)

    def _beta(self) -> _ScaledBeta:
        width = self.high - self.low
        return _ScaledBeta(1 + 4 * (self.mode - self.low) / width, 1 + 4 * (self.high - self.mode) / width, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Beta:
    """A share between 0 and 1, by its mean and standard deviation."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _finite(mean=self.mean, sd=self.sd)
        _not_negative(sd=self.sd)
        if not 0 < self.mean < 1:
            raise BadParameter("mean", _("the mean of a beta must lie between 0 and 1"))
        if self.sd and self.sd**2 >= self.mean * (1 - self.mean):
            raise BadParameter("sd", _("sd is too large: a share of mean {mean} has at most {sd:.4g}").format(mean=self.mean, sd=math.sqrt(self.mean * (1 - self.mean))))

    @property
    def point(self) -> float:
        return float(self.quantile(np.array([0.5]))[0])

    def quantile(self, p: Array) -> Array:
        return self._beta().quantile(p) if self.sd else np.full_like(p, self.mean)

    def cdf(self, x: float) -> float:
        return self._beta().cdf(x) if self.sd else float(x >= self.mean)

    def _beta(self) -> _ScaledBeta:
        k = self.mean * (1 - self.mean) / self.sd**2 - 1
        return _ScaledBeta(self.mean * k, (1 - self.mean) * k, 0.0, 1.0)


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
        return _cut((self.inner.cdf(x) - low) / (high - low))

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


def central(low: float, high: float) -> Distribution:
    """Return the distribution whose central 90 % interval is low to high: lognormal when both are positive, normal otherwise."""
    _finite(low=low, high=high)
    if low >= high:
        raise BadParameter("low", _("the interval must rise: {low:g} to {high:g} does not").format(low=low, high=high))
    if low > 0:
        return LogNormal(math.sqrt(low) * math.sqrt(high), (high / low) ** (0.5 / Z90))
    return Normal((low + high) / 2, (high - low) / (2 * Z90))


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


def _cut(p: float) -> float:
    return min(max(p, 0.0), 1.0)


def _finite(**parameters: float) -> None:
    for name, value in parameters.items():
        if not math.isfinite(value):
            raise BadParameter(name, _("{name} must be finite; {value} is not").format(name=name, value=value))


def _positive(**parameters: float) -> None:
    _finite(**parameters)
    for name, value in parameters.items():
        if value <= 0:
            raise BadParameter(name, _("{name} must be positive (above zero); {value:g} is not").format(name=name, value=value))


def _not_negative(**parameters: float) -> None:
    for name, value in parameters.items():
        if value < 0:
            raise BadParameter(name, _("{name} must not be negative (positive or zero is possible); {value:g} is").format(name=name, value=value))


def _ordered(**parameters: float) -> None:
    _finite(**parameters)
    rising = list(parameters.items())
    for (below, a), (above, b) in zip(rising, rising[1:], strict=False):
        if a > b:
            guilty = "mode" if "mode" in parameters else below
            raise BadParameter(guilty, _("{below} must not lie above {above} ({a:g} > {b:g})").format(below=below, above=above, a=a, b=b))


def check_text(text: str) -> str:
    """Return a distribution's spelling fit for a message."""
    return shown(text, 40)


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
