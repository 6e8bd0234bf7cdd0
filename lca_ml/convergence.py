"""Are the draws enough? Blocks of draws until the digits that are shown no longer move.

    enough(model, digits)   -> how many draws the intervals need, and how they settled
Source: JCGM 101:2008 (GUM supplement 1), 7.9, an adaptive Monte Carlo procedure, with at least ten blocks.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_ml import engine
from lca_ml.magnitude import deviation
from lca_ml.model import Model
from lca_ml.sampling import SEED

BLOCK = 10_000
FEWEST, MOST = 10, 1000


@dataclass(frozen=True, slots=True)
class Convergence:
    """How the totals per functional unit settled.

    samples     the draws taken
    settled     whether every total reached its tolerance before the most draws allowed
    tolerance   (indicators,), half a unit of the last digit asked for, of the standard uncertainty
    error       (indicators, 4), twice the standard error of mean, standard deviation, P5 and P95
    """

    samples: int
    settled: bool
    tolerance: NDArray[np.float64]
    error: NDArray[np.float64]


def enough(model: Model, digits: int, seed: int = SEED, told: Callable[[int], None] = lambda _draws: None) -> Convergence:
    """Return how many draws are enough for so many stable digits of the standard uncertainty, mean and interval of every known total.

    told   called with the number of draws of each block
    """
    known = [k for k in range(len(model.indicators)) if model.knows(range(len(model.flows)), k)]
    seen: list[NDArray[np.float64]] = []
    tolerance = error = np.zeros(0)
    for h in range(1, MOST + 1):
        seen.append(_block(model, known, seed, (h - 1) * BLOCK))
        told(BLOCK)
        if h < FEWEST:
            continue
        blocks = np.array(seen)
        spread = blocks[:, :, 1].mean(axis=0)
        tolerance = np.array([_half_digit(s, digits) for s in spread])
        error = 2 * deviation(blocks, 0) / math.sqrt(h)
        if (error <= tolerance[:, None]).all():
            return Convergence(h * BLOCK, True, tolerance, error)
    return Convergence(MOST * BLOCK, False, tolerance, error)


def _block(model: Model, known: list[int], seed: int, start: int) -> NDArray[np.float64]:
    """Return mean, standard deviation, P5 and P95 of each known total per functional unit over one block of draws."""
    parts = [b.impacts[:, known].sum(axis=0) / b.reference for b in engine.blocks(model, BLOCK, seed, start=start)]
    draws = np.concatenate(parts, axis=1)
    low, high = np.percentile(draws, (5, 95), axis=1)
    return np.stack([draws.mean(axis=1), deviation(draws, 1), low, high], axis=1)


def _half_digit(spread: float, digits: int) -> float:
    """Return half a unit of the last of so many digits of a standard uncertainty; a constant is always settled."""
    if spread <= 0:
        return math.inf
    return 0.5 * 10.0 ** (math.floor(math.log10(spread)) - digits + 1)
