"""Sobol' indices by sampling, on any model: Saltelli's and Jansen's estimators, streamed over blocks.

Two independent samples A and B; for each parameter i the sample A with column i from B, of which only what depends on i is computed
again. Sums are kept, no matrix: memory does not grow with the number of samples.

    S1_i = mean[ y_B (y_ABi − y_A) ] / Var        (Saltelli et al. 2010, Computer Physics Communications 181, 259–270, eq. b)
    ST_i = mean[ (y_A − y_ABi)² ] / (2 Var)       (Jansen 1999, Computer Physics Communications 117, 35–43)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from lca_ml.distributions import Z90
from lca_ml.engine import Block, Program
from lca_ml.model import Model, Node
from lca_ml.sampling import SEED, Stream
from lca_ml.sensitivity.outputs import Array, Indices, Output, need_independence, parameters

BASE = 4096
BLOCK = 512
GROUPS = 32

Pairs = Callable[[int, int], tuple[dict[str, Array], dict[str, Array]]]
"""Given a first sample and a count, the uniform numbers of A and of B for each parameter."""


def sampled(model: Model, outputs: Iterable[Output], base: int = BASE, seed: int = SEED, space: str = "value", pairs: Pairs | None = None) -> list[Indices]:
    """Return estimated S1 and ST of outputs with 90 % intervals (batch means over groups of samples).

    base     samples in A and in B; (parameters + 2) × base evaluations of what depends on each parameter
    space    "value", or "log" for the logarithm of outputs that are all above zero
    pairs    the design; None draws A and B at random, each parameter from streams of its own
    """
    need_independence(model)
    wanted = list(outputs)
    names = list(parameters(model))
    sums = _Sums(len(wanted), len(names), min(GROUPS, base))
    for group, a, b, swapped in _evaluations(model, base, pairs or random_pairs(model, seed)):
        ya, yb = (_transformed(wanted, model, block, space) for block in (a, b))
        sums.add_pair(group, ya, yb)
        for i, block in swapped:
            sums.add_swapped(group, i, ya, yb, _transformed(wanted, model, block, space))
    return [sums.indices(k, output, tuple(names), space) for k, output in enumerate(wanted)]


def random_pairs(model: Model, seed: int) -> Pairs:
    """Return a design of random numbers: sample A is that of `run`, sample B has streams of its own."""
    streams = {n: (Stream(seed, n), Stream(seed, f"{n}/second sample")) for n in parameters(model)}

    def pairs(start: int, count: int) -> tuple[dict[str, Array], dict[str, Array]]:
        drawn = {n: (a.uniforms(start, count), b.uniforms(start, count)) for n, (a, b) in streams.items()}
        return {n: a for n, (a, _b) in drawn.items()}, {n: b for n, (_a, b) in drawn.items()}

    return pairs


def sobol_pairs(model: Model, seed: int) -> Pairs:
    """Return a design of scrambled Sobol' points in twice as many dimensions as parameters: smaller errors for the same number of samples.

    Source: Owen 1998, Journal of Complexity 14, 466–489, as scipy.stats.qmc computes it.
    """
    from scipy.stats import qmc  # 0.6 s of import, paid by who asks for these points

    names = list(parameters(model))
    points = qmc.Sobol(2 * len(names), scramble=True, rng=np.random.default_rng(seed))

    def pairs(start: int, count: int) -> tuple[dict[str, Array], dict[str, Array]]:
        points.reset()
        if start:
            points.fast_forward(start)
        drawn = np.clip(points.random(count), 2.0**-54, 1 - 2.0**-53)
        return {n: drawn[:, i] for i, n in enumerate(names)}, {n: drawn[:, len(names) + i] for i, n in enumerate(names)}

    return pairs


def _evaluations(model: Model, base: int, pairs: Pairs) -> Iterator[tuple[int, Block, Block, Iterator[tuple[int, Block]]]]:
    program = Program(model)
    made = parameters(model)
    groups = min(GROUPS, base)
    edges = [base * g // groups for g in range(groups + 1)]
    for group in range(groups):
        for start in range(edges[group], edges[group + 1], BLOCK):
            count = min(BLOCK, edges[group + 1] - start)
            ua, ub = pairs(start, count)
            xa, xb = (_values(made, u) for u in (ua, ub))
            a, b = program.block(xa, start, count), program.block(xb, start, count)
            yield group, a, b, _swapped(program, made, xa, xb, start, count)


def _swapped(
    program: Program, made: dict[str, tuple[Node, ...]], xa: dict[str, Array], xb: dict[str, Array], start: int, count: int
) -> Iterator[tuple[int, Block]]:
    for i, nodes in enumerate(made.values()):
        yield i, program.block(xa | {n.name: xb[n.name] for n in nodes}, start, count)


def _values(made: dict[str, tuple[Node, ...]], uniforms: dict[str, Array]) -> dict[str, Array]:
    drawn = ((n, n.distribution, uniforms[name]) for name, nodes in made.items() for n in nodes)
    return {n.name: distribution.quantile(u) for n, distribution, u in drawn if distribution is not None}


def _transformed(outputs: list[Output], model: Model, block: Block, space: str) -> Array:
    """Return the outputs of a block, (outputs, samples), as logarithms where asked."""
    values = np.array([o.of(model, block) for o in outputs])
    if space == "log":
        with np.errstate(all="ignore"):
            values = np.log(values)
    return np.asarray(values, dtype=np.float64)


class _Sums:
    """What the estimators need, added up group by group; values are shifted by the first block's mean so that nothing cancels."""

    def __init__(self, outputs: int, parameters: int, groups: int) -> None:
        self.count = np.zeros(groups)
        self.ya, self.yb, self.square = (np.zeros((groups, outputs)) for _ in range(3))
        self.difference, self.product, self.jansen = (np.zeros((groups, outputs, parameters)) for _ in range(3))
        self.shift: Array | None = None

    def add_pair(self, group: int, ya: Array, yb: Array) -> None:
        if self.shift is None:
            self.shift = (ya.mean(axis=1) + yb.mean(axis=1)) / 2
        a, b = ya - self.shift[:, None], yb - self.shift[:, None]
        self.count[group] += a.shape[1]
        self.ya[group] += a.sum(axis=1)
        self.yb[group] += b.sum(axis=1)
        self.square[group] += (a * a).sum(axis=1) + (b * b).sum(axis=1)

    def add_swapped(self, group: int, i: int, ya: Array, yb: Array, yab: Array) -> None:
        assert self.shift is not None
        step = yab - ya
        self.difference[group, :, i] += step.sum(axis=1)
        self.product[group, :, i] += ((yb - self.shift[:, None]) * step).sum(axis=1)
        self.jansen[group, :, i] += (step * step).sum(axis=1)

    def indices(self, k: int, output: Output, names: tuple[str, ...], space: str) -> Indices:
        assert self.shift is not None
        n = self.count.sum()
        total = self.ya[:, k].sum() + self.yb[:, k].sum()
        mean = total / (2 * n)
        variance = self.square[:, k].sum() / (2 * n) - mean**2
        s1, st = self._estimates(k, slice(None), mean, variance)
        per_group = [self._estimates(k, slice(g, g + 1), mean, variance) for g in range(len(self.count))]
        weights = self.count / n
        half = [Z90 * np.sqrt(np.sum((weights[:, None] * (np.array([p[j] for p in per_group]) - whole)) ** 2, axis=0)) for j, whole in enumerate((s1, st))]
        return Indices(output, names, s1, st, half[0], half[1], float(mean + self.shift[k]), float(variance), "sampled", space)

    def _estimates(self, k: int, groups: slice, mean: float, variance: float) -> tuple[Array, Array]:
        n = self.count[groups].sum()
        product = self.product[groups, k].sum(axis=0) - mean * self.difference[groups, k].sum(axis=0)
        with np.errstate(all="ignore"):
            return product / n / variance, self.jansen[groups, k].sum(axis=0) / n / (2 * variance)
