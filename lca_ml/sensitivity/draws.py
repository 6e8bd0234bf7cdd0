"""First-order indices from the draws of a run that were made anyway: no further evaluation of the model.

The range of each parameter is cut into equally likely bins; the variance of the output's mean between bins, less what the scatter
within bins adds to it, over the output's variance. Source: Plischke 2010, Reliability Engineering & System Safety 95, 354–360.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lca_ml.distributions import Z90
from lca_ml.engine import Program
from lca_ml.magnitude import exponent, variance_of
from lca_ml.results import Results
from lca_ml.sampling import SAMPLERS
from lca_ml.sensitivity.outputs import Array, Indices, Output, parameters

PER_BIN = 160


def from_draws(results: Results, outputs: Iterable[Output]) -> list[Indices]:
    """Return S1 of each parameter for outputs of a run, with approximate 90 % intervals; ST is None."""
    names = tuple(parameters(results.model))
    n = results.samples
    bins = max(2, min(64, n // PER_BIN))
    uniforms = SAMPLERS[results.sampler](results.seed, (n.stream or n.name for n in Program(results.model).drawn), results.model.correlations).block(0, n)
    cells = {name: np.minimum((uniforms[name] * bins).astype(np.intp), bins - 1) for name in uniforms}
    out = []
    for output in outputs:
        drawn = results.draws(output.flows(results.model), output.view)[output.indicator]
        power = exponent(drawn)
        y = np.ldexp(drawn, -power)
        centred = y - y.mean()
        variance = float(centred @ centred) / (n - 1)
        s1 = (
            np.array([_between(cells[name], centred, bins, variance) if name in cells else 0.0 for name in names])
            if variance > 0
            else np.full(len(names), np.nan)
        )
        half = np.full(len(names), Z90 * np.sqrt(2 * bins) / n) + Z90 * 2 * np.sqrt(np.abs(s1) / n)
        out.append(Indices(output, names, s1, None, half, None, float(np.ldexp(y.mean(), power)), variance_of(variance, power), "from draws"))
    return out


def _between(cell: NDArray[np.intp], y: Array, bins: int, variance: float) -> float:
    count = np.bincount(cell, minlength=bins)
    total = np.bincount(cell, weights=y, minlength=bins)
    square = np.bincount(cell, weights=y * y, minlength=bins)
    filled = count > 1
    mean = total[filled] / count[filled]
    within = (square[filled] - count[filled] * mean**2) / (count[filled] - 1)
    between = float(np.sum(count[filled] * mean**2 - within)) / len(y)
    return between / variance
