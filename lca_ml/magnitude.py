"""Very large and very small numbers, divided by a power of two before they are squared: exact, and neither overflows nor vanishes."""

from __future__ import annotations

import math
import sys

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def exponent(values: Array) -> int:
    """Return the power of two next above the largest of some numbers, 0 where there is none; divided by it, their squares are finite."""
    largest = float(np.max(np.abs(values), initial=0.0))
    return math.frexp(largest)[1] if math.isfinite(largest) else 0


def variance_of(quotients: float, power: int) -> float:
    """Return the variance of numbers that were divided by 2**power from that of the quotients, at most the largest number; above zero where theirs is."""
    if quotients <= 0:
        return 0.0
    with np.errstate(all="ignore"):
        return float(np.clip(np.ldexp(quotients, 2 * power), sys.float_info.min, sys.float_info.max))


def deviation(values: Array, axis: int) -> Array:
    """Return the standard deviation along an axis, also where squares would be no finite numbers."""
    power = np.frexp(np.max(np.abs(values), axis=axis, keepdims=True))[1]
    quotients = np.std(np.ldexp(values, -power), axis=axis, ddof=1, keepdims=True)
    return np.asarray(np.squeeze(np.ldexp(quotients, power), axis=axis), dtype=np.float64)
