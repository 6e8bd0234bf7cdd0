"""Sobol' indices by sampling, on any model, streamed over blocks.

Two independent samples A and B; for each parameter i the sample A with column i from B, of which only what depends on i is computed
again. Sums are kept, no matrix: memory does not grow with the number of samples.

`azzini` also swaps B's column for A's, for twice the evaluations and much smaller errors:
    S1_i = 2 Σ (y_BAi − y_B)(y_A − y_ABi) / Σ [(y_A − y_B)² + (y_BAi − y_ABi)²]
    ST_i =   Σ [(y_B − y_BAi)² + (y_A − y_ABi)²] / Σ [(y_A − y_B)² + (y_BAi − y_ABi)²]
    (Azzini, Mara, Rosati 2021, Environmental Modelling & Software 144, 105167)
`saltelli` is what SALib computes, number for number:
    S1_i = mean[ y_B (y_ABi − y_A) ] / Var        (Saltelli et al. 2010, Computer Physics Communications 181, 259–270)
    ST_i = mean[ (y_A − y_ABi)² ] / (2 Var)       (Jansen 1999, Computer Physics Communications 117, 35–43)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_ml.distributions import Z90
from lca_ml.engine import Program
from lca_ml.magnitude import exponent, variance_of
from lca_ml.model import Model
from lca_ml.sampling import SEED, SobolUniforms, Stream
from lca_ml.sensitivity.outputs import Array, Indices, Output, need_independence, parameters

BASE = 4096
BLOCK = 4096
GROUPS = 32
HEADROOM = 300  # binary orders by which later samples may lie above the first block's without their squares overflowing

Pairs = Callable[[int, int], tuple[dict[str, Array], dict[str, Array]]]
"""Given a first sample and a count, the uniform numbers of A and of B for each parameter."""


@dataclass(frozen=True)
class Problem:
    """A function of independent parameters: what the estimators need to know of it.

    columns     for each parameter the names of the columns of x that are its own
    transform   from uniform numbers by parameter to columns of x
    evaluate    from columns of x and the number of the first sample to outputs, (outputs, samples)
    """

    columns: dict[str, tuple[str, ...]]
    transform: Callable[[dict[str, Array]], dict[str, Array]]
    evaluate: Callable[[dict[str, Array], int], Array]


def sampled(
    model: Model, outputs: Iterable[Output], base: int = BASE, seed: int = SEED, space: str = "value", pairs: Pairs | None = None, estimator: str = "azzini"
) -> list[Indices]:
    """Return estimated S1 and ST of outputs with 90 % intervals (batch means over groups of samples).

    base     samples in A and in B; (2 × parameters + 2) × base evaluations, for saltelli (parameters + 2) × base
    space    "value", or "log" for the logarithm of outputs that are all above zero
    pairs    the design; None draws A and B at random, each parameter from streams of its own
    estimator   "azzini" or "saltelli"
    Raises UsageError where parameters are correlated.
    """
    need_independence(model)
    wanted = list(outputs)
    stages = list(dict.fromkeys(o.stage for o in wanted))
    program = Program(model, groups=[Output(0, stage).flows(model) for stage in stages])
    made = parameters(model)

    def transform(uniforms: dict[str, Array]) -> dict[str, Array]:
        return {n.name: n.distribution.quantile(uniforms[name]) for name, nodes in made.items() for n in nodes if n.distribution is not None}

    def evaluate(x: dict[str, Array], start: int) -> Array:
        block = program.block(x, start, len(next(iter(x.values()))))
        rows = (block.impacts[stages.index(o.stage), o.indicator] / (block.reference if o.view == "functional_unit" else 1.0) for o in wanted)
        with np.errstate(all="ignore"):
            return np.array([np.log(row) if space == "log" else row for row in rows], dtype=np.float64)

    problem = Problem({name: tuple(n.name for n in nodes) for name, nodes in made.items()}, transform, evaluate)
    sums = estimate(problem, pairs or random_pairs(model, seed), base, estimator)
    return [sums.indices(k, output, tuple(made), space) for k, output in enumerate(wanted)]


def estimate(problem: Problem, pairs: Pairs, base: int, estimator: str = "azzini") -> Sums:
    """Return the sums from which S1 and ST of a problem are estimated, over a design of `base` samples in A and in B."""
    groups = min(GROUPS, base)
    group_of = np.arange(base) * groups // base
    sums: Sums | None = None
    powers = np.zeros(0, dtype=np.intp)

    def outputs(x: dict[str, Array], start: int) -> Array:
        return np.ldexp(problem.evaluate(x, start), -powers[:, None])

    for start in range(0, base, BLOCK):
        here = group_of[start : start + BLOCK]
        xa, xb = (problem.transform(u) for u in pairs(start, len(here)))
        if sums is None:
            first = np.hstack((problem.evaluate(xa, start), problem.evaluate(xb, start)))
            powers = np.array([exponent(row) + HEADROOM for row in first])
            sums = (Azzini if estimator == "azzini" else Saltelli)(powers, len(problem.columns), groups)
        ya, yb = outputs(xa, start), outputs(xb, start)
        sums.begin(here)
        sums.add_pair(ya, yb)
        for i, columns in enumerate(problem.columns.values()):
            yab = outputs(xa | {c: xb[c] for c in columns}, start)
            yba = outputs(xb | {c: xa[c] for c in columns}, start) if isinstance(sums, Azzini) else yb
            sums.add_swapped(i, ya, yb, yab, yba)
    assert sums is not None
    return sums


def random_pairs(model: Model, seed: int) -> Pairs:
    """Return a design of random numbers: sample A is that of `run`, sample B has streams of its own."""
    streams = {n: (Stream(seed, n), Stream(seed, f"{n}/second sample")) for n in parameters(model)}

    def pairs(start: int, count: int) -> tuple[dict[str, Array], dict[str, Array]]:
        drawn = {n: (a.uniforms(start, count), b.uniforms(start, count)) for n, (a, b) in streams.items()}
        return {n: a for n, (a, _b) in drawn.items()}, {n: b for n, (_a, b) in drawn.items()}

    return pairs


def sobol_pairs(model: Model, seed: int) -> Pairs:
    """Return a design of scrambled Sobol' points in twice as many dimensions as parameters: smaller errors for the same number of samples."""
    names = list(parameters(model))
    points = SobolUniforms(seed, [*(f"a/{n}" for n in names), *(f"b/{n}" for n in names)])

    def pairs(start: int, count: int) -> tuple[dict[str, Array], dict[str, Array]]:
        drawn = points.block(start, count)
        return {n: drawn[f"a/{n}"] for n in names}, {n: drawn[f"b/{n}"] for n in names}

    return pairs


class Sums(ABC):
    """What an estimator needs, added up group by group; values are shifted by the first block's mean so that nothing cancels.

    powers   for each output, the power of two its values were divided by before they are added
    """

    def __init__(self, powers: NDArray[np.intp], parameters: int, groups: int) -> None:
        self.powers, outputs = powers, len(powers)
        self.count = np.zeros(groups)
        self.sum, self.square = (np.zeros((groups, outputs)) for _ in range(2))
        self.shift: Array | None = None
        self.parts = np.zeros((self.KEPT, groups, outputs, parameters))

    KEPT = 0

    def begin(self, groups: NDArray[np.intp]) -> None:
        """Say to which group each sample of the next block belongs, in rising order."""
        self._starts = np.flatnonzero(np.diff(groups, prepend=-1))
        self._groups = groups[self._starts]
        self.count[self._groups] += np.diff(self._starts, append=len(groups))

    def _by_group(self, values: Array) -> Array:
        """Return the sums of values, (outputs, samples), over the groups of the block, (groups, outputs)."""
        return np.asarray(np.add.reduceat(values, self._starts, axis=1).T)

    def add_pair(self, ya: Array, yb: Array) -> None:
        """Add the outputs of A and B, (outputs, samples) each."""
        if self.shift is None:
            self.shift = (ya.mean(axis=1) + yb.mean(axis=1)) / 2
        a, b = ya - self.shift[:, None], yb - self.shift[:, None]
        self.sum[self._groups] += self._by_group(a + b)
        self.square[self._groups] += self._by_group(a * a + b * b)

    @abstractmethod
    def add_swapped(self, i: int, ya: Array, yb: Array, yab: Array, yba: Array) -> None:
        """Add the outputs of A with the column of parameter i from B, and of B with that from A."""

    @abstractmethod
    def estimates(self, k: int, groups: slice) -> tuple[Array, Array]:
        """Return S1 and ST of output k from some groups."""

    def moments(self, k: int) -> tuple[float, float]:
        """Return mean (less the shift) and variance of output k over A and B."""
        n = 2 * self.count.sum()
        mean = self.sum[:, k].sum() / n
        return float(mean), float(self.square[:, k].sum() / n - mean**2)

    def indices(self, k: int, output: Output, names: tuple[str, ...], space: str = "value") -> Indices:
        """Return the estimates for output k, with half the width of their 90 % intervals."""
        assert self.shift is not None
        power = int(self.powers[k])
        spread, variance = self.moments(k)
        centre = spread + float(self.shift[k])
        with np.errstate(all="ignore"):
            mean = float(np.ldexp(centre, power))
        if variance <= 1e-24 * max(centre**2, 1e-300):
            none = np.full(len(names), np.nan)
            return Indices(output, names, none, none, none, none, mean, 0.0, "sampled", space)
        whole = self.estimates(k, slice(None))
        groups = [self.estimates(k, slice(g, g + 1)) for g in range(len(self.count))]
        weights = (self.count / self.count.sum())[:, None]
        s1_half, st_half = (Z90 * np.sqrt(np.sum((weights * (np.array([g[j] for g in groups]) - whole[j])) ** 2, axis=0)) for j in (0, 1))
        return Indices(output, names, *whole, s1_half, st_half, mean, variance_of(variance, power), "sampled", space)


class Saltelli(Sums):
    """Saltelli's S1 and Jansen's ST, as SALib computes them."""

    KEPT = 4

    def add_swapped(self, i: int, ya: Array, yb: Array, yab: Array, yba: Array) -> None:
        """Add what the two estimators need; B with A's column is not used."""
        assert self.shift is not None
        step = yab - ya
        kept = (yab - self.shift[:, None], step, (yb - self.shift[:, None]) * step, step * step)
        for j, values in enumerate(kept):
            self.parts[j, self._groups, :, i] += self._by_group(values)

    def estimates(self, k: int, groups: slice) -> tuple[Array, Array]:
        """Return S1 and ST of output k from some groups, centred with the mean of all evaluations, as SALib does."""
        evaluations = (self.parts.shape[3] + 2) * self.count.sum()
        centre = (self.sum[:, k].sum() + self.parts[0, :, k].sum()) / evaluations
        n, variance = self.count[groups].sum(), self.moments(k)[1]
        step, product, square = (self.parts[j, groups, k].sum(axis=0) for j in (1, 2, 3))
        with np.errstate(all="ignore"):
            return (product - centre * step) / n / variance, square / n / (2 * variance)


class Azzini(Sums):
    """The innovative estimators of Azzini, Mara and Rosati."""

    KEPT = 3

    def add_swapped(self, i: int, ya: Array, yb: Array, yab: Array, yba: Array) -> None:
        """Add the two numerators and their common denominator."""
        kept = (2 * (yba - yb) * (ya - yab), (yb - yba) ** 2 + (ya - yab) ** 2, (ya - yb) ** 2 + (yba - yab) ** 2)
        for j, values in enumerate(kept):
            self.parts[j, self._groups, :, i] += self._by_group(values)

    def estimates(self, k: int, groups: slice) -> tuple[Array, Array]:
        """Return S1 and ST of output k from some groups."""
        first, total, whole = (self.parts[j, groups, k].sum(axis=0) for j in range(3))
        with np.errstate(all="ignore"):
            return first / whole, total / whole
