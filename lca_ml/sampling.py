"""Random numbers that compose: sample i of a name depends only on the seed, the name and i.

So adding a parameter leaves the draws of all others untouched, two variants share the draws of what they share, the first n of
2n samples are the n samples, and any cutting into blocks or workers gives the same bytes.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from lca_ml.normal import quantile

SEED = 42
SAMPLES = 10_000
SMALLEST = 2.0**-54  # what 0, one of the 2^53 numbers drawn, is read as: 0 is no probability here
PER_STEP = 4  # Philox4x64 gives four 64-bit numbers for each step of its counter

Array = NDArray[np.float64]


class Stream:
    """The uniform random numbers of one name, an endless sequence that can be read from anywhere.

    Philox4x64-10 keyed with the first 16 bytes of SHA-256(seed / name); number i of the sequence is number i of the generator.
    Source: Salmon, Moraes, Dror, Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, SC '11.
    """

    def __init__(self, seed: int, name: str) -> None:
        self.key = hashlib.sha256(f"{seed}/{name}".encode()).digest()[:16]
        self._generator: Generator | None = None
        self._next = 0

    def uniforms(self, start: int, count: int) -> Array:
        """Return numbers start … start + count - 1 of the sequence, each in the open interval (0, 1)."""
        skipped = start % PER_STEP
        if self._generator is None or start != self._next:
            self._generator = Generator(Philox(key=int.from_bytes(self.key, "little"), counter=(start - skipped) // PER_STEP))
            if skipped:
                self._generator.random(skipped)
        self._next = start + count
        drawn = self._generator.random(count)
        if count and drawn.min() == 0:
            np.maximum(drawn, SMALLEST, out=drawn)
        return drawn


class Uniforms:
    """The uniform numbers of several names together, those that are correlated made so by a Gaussian copula.

    correlations   pairs of names with their rank correlation (Spearman); the other names stay independent and untouched
    Source: Iman and Conover 1982, Communications in Statistics 11, 311–334; Pearson's ρ = 2 sin(π ρ_S / 6) for normal pairs.
    """

    def __init__(self, seed: int, names: Iterable[str], correlations: Iterable[tuple[str, str, float]] = ()) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._streams = {name: Stream(seed, name) for name in self._names}
        pairs = [c for c in correlations if c[0] in self._names and c[1] in self._names]
        self._correlated = tuple(sorted({name for a, b, _rank in pairs for name in (a, b)}))
        self._factor = cholesky(self._correlated, pairs)

    def block(self, start: int, count: int) -> dict[str, Array]:
        """Return numbers start … start + count - 1 of every name."""
        drawn = self._independent(start, count)
        if self._correlated:
            from scipy.special import ndtr  # 0.16 s of import, paid by scenarios that correlate

            single = [quantile(drawn[name]) for name in self._correlated]
            # summed one by one: a matrix product rounds differently for blocks of another size
            z = [np.add.reduce([weight * single[j] for j, weight in enumerate(row[: i + 1])]) for i, row in enumerate(self._factor)]
            drawn |= {name: np.clip(ndtr(row), SMALLEST, 1 - 2.0**-53) for name, row in zip(self._correlated, z, strict=True)}
        return drawn

    def _independent(self, start: int, count: int) -> dict[str, Array]:
        return {name: stream.uniforms(start, count) for name, stream in self._streams.items()}


class SobolUniforms(Uniforms):
    """Scrambled Sobol' points instead of random numbers: means settle with far fewer samples, quantiles with somewhat fewer.

    They fill the space of all names together, so that here a name's numbers do depend on the others (and on their order).
    Source: Owen 1998, Journal of Complexity 14, 466–489, as scipy.stats.qmc computes it.
    """

    def __init__(self, seed: int, names: Iterable[str], correlations: Iterable[tuple[str, str, float]] = ()) -> None:
        super().__init__(seed, names, correlations)
        from scipy.stats import qmc  # 0.6 s of import, paid by who asks for these points

        self._points = qmc.Sobol(max(len(self._names), 1), scramble=True, rng=np.random.default_rng(seed))
        self._next = 0

    def _independent(self, start: int, count: int) -> dict[str, Array]:
        if start < self._next:
            self._points.reset()
            self._next = 0
        if start > self._next:
            self._points.fast_forward(start - self._next)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # blocks need not be powers of two; the number of samples should be
            drawn = np.clip(self._points.random(count), SMALLEST, 1 - 2.0**-53)
        self._next = start + count
        return {name: drawn[:, i] for i, name in enumerate(self._names)}


SAMPLERS = {"random": Uniforms, "sobol": SobolUniforms}
"""The ways to draw, by the name `--sampler` gives them."""


def cholesky(names: tuple[str, ...], correlations: Iterable[tuple[str, str, float]]) -> Array:
    """Return the lower triangular factor of the copula's matrix. Raises ValueError where the correlations contradict each other."""
    matrix = np.eye(len(names))
    for a, b, rank in correlations:
        i, j = names.index(a), names.index(b)
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rank / 6)
    try:
        return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise ValueError from None


def uniforms(seed: int, name: str, start: int, count: int) -> Array:
    """Return numbers start … start + count - 1 of the sequence of a name; see `Stream`."""
    return Stream(seed, name).uniforms(start, count)
