"""Parameters of distributions, checked before anything is drawn."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lca_ml.words import _

Array = NDArray[np.float64]

FARTHEST = (2.0**-54, 1 - 2.0**-53)
"""The smallest and the largest probability at which a quantile is ever asked for: those `lca_ml.sampling` can draw."""


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


def cut(p: float) -> float:
    """Return a probability kept between 0 and 1."""
    return min(max(p, 0.0), 1.0)


def log_ratio(a: float, b: float) -> float:
    """Return ln(a / b) of two numbers above zero, also where their quotient is no finite number."""
    return math.log(ratio) if 0 < (ratio := a / b) < math.inf else math.log(a) - math.log(b)


def finite(**parameters: float) -> None:
    """Raise BadParameter for the first that is not a finite number."""
    for name, value in parameters.items():
        if not math.isfinite(value):
            raise BadParameter(name, _("{name} must be finite; {value} is not").format(name=name, value=value))


def positive(**parameters: float) -> None:
    """Raise BadParameter for the first that is not above zero."""
    finite(**parameters)
    for name, value in parameters.items():
        if value <= 0:
            raise BadParameter(name, _("{name} must be positive (above zero); {value:g} is not").format(name=name, value=value))


def not_negative(**parameters: float) -> None:
    """Raise BadParameter for the first that is below zero."""
    for name, value in parameters.items():
        if value < 0:
            raise BadParameter(name, _("{name} must not be negative (positive or zero is possible); {value:g} is").format(name=name, value=value))


def ordered(**parameters: float) -> None:
    """Raise BadParameter where one lies above the next, or where the last is so far above the first that the range is no finite number."""
    finite(**parameters)
    rising = list(parameters.items())
    for (below, a), (above, b) in pairwise(rising):
        if a > b:
            guilty = "mode" if "mode" in parameters else below
            raise BadParameter(guilty, _("{below} must not lie above {above} ({a:g} > {b:g})").format(below=below, above=above, a=a, b=b))
    (first, lowest), (last, highest) = rising[0], rising[-1]
    if not math.isfinite(highest - lowest):
        message = _("{above} lies too far above {below}: the range {low:g} to {high:g} is no finite number")
        raise BadParameter(last, message.format(above=last, below=first, low=lowest, high=highest))
