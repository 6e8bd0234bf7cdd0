"""Results of any number of draws in the same memory: each total and each stage as a histogram of fine relative bins.

    stream(model, samples, seed, labels)   -> StreamedResults, with the tables of `run` and nothing sample by sample

Quantiles are right to one part in ten thousand; mean and stated values are exact.
Source: Masson, Rim, Lee 2019, DDSketch, Proceedings of the VLDB Endowment 12(12), 2195–2205.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from lca_ml import engine
from lca_ml.model import Model
from lca_ml.results import DOTS, VIEWS, Results, Summary
from lca_ml.sampling import SEED

RELATIVE = 1e-4
_LOG = math.log((1 + RELATIVE) / (1 - RELATIVE))

Array = NDArray[np.float64]


class Histogram:
    """Counts of values in bins whose edges grow by a constant factor, above and below zero apart."""

    def __init__(self) -> None:
        self.count, self.sum, self.zeros = 0, 0.0, 0
        self._sides = {1: _Bins(), -1: _Bins()}

    def add(self, values: Array) -> None:
        """Count some values."""
        self.count += values.size
        self.sum += float(values.sum())
        for sign, bins in self._sides.items():
            chosen = values[values > 0] if sign > 0 else -values[values < 0]
            self.zeros -= chosen.size
            bins.add(chosen)
        self.zeros += values.size

    def quantile(self, p: float) -> float:
        """Return the value below which a share p of those counted lies, to the relative width of a bin."""
        rank = p * (self.count - 1)
        below = self._sides[-1].counts.sum()
        if rank < below:
            return -self._sides[-1].value(below - 1 - rank)
        return 0.0 if rank < below + self.zeros else self._sides[1].value(rank - below - self.zeros)

    def above(self, value: float) -> float:
        """Return the share of the values counted above a value that is above zero, to the width of a bin."""
        return float(self._sides[1].above(value)) / self.count


class _Bins:
    def __init__(self) -> None:
        self.first, self.counts = 0, np.zeros(0, dtype=np.int64)

    def add(self, values: Array) -> None:
        if not values.size:
            return
        index = np.floor(np.log(values) / _LOG).astype(np.int64)
        low, high = int(index.min()), int(index.max()) + 1
        first = low if not self.counts.size else min(low, self.first)
        last = high if not self.counts.size else max(high, self.first + self.counts.size)
        if last - first != self.counts.size:
            grown = np.zeros(last - first, dtype=np.int64)
            grown[self.first - first : self.first - first + self.counts.size] = self.counts
            self.first, self.counts = first, grown
        self.counts[low - self.first : high - self.first] += np.bincount(index - low)

    def value(self, rank: float) -> float:
        position = int(np.searchsorted(np.cumsum(self.counts), rank, side="right"))
        return math.exp((self.first + min(position, self.counts.size - 1) + 0.5) * _LOG)

    def above(self, value: float) -> int:
        edge = math.floor(math.log(value) / _LOG) if value > 0 else self.first - 1
        return int(self.counts[max(edge + 1 - self.first, 0) :].sum())


class StreamedResults(Results):
    """Results without samples: the tables of the groupings that were asked for, and no others."""

    histograms: dict[tuple[tuple[str, ...], tuple[str, ...], str, int], Histogram]
    drawn: int

    @property
    def samples(self) -> int:
        """How many samples were drawn."""
        return self.drawn

    def rows(self, grains: Iterable[tuple[str, ...]] = ()) -> list[dict[str, str | float | None]]:
        """Return the rows of the result document for the groupings that were kept."""
        kept = dict.fromkeys(labels for labels, _key, _view, _k in self.histograms)
        return super().rows([g for g in kept if not grains or g in set(grains)] or kept)

    def quantiles(self, indicator: int, view: str = "functional_unit", count: int = DOTS) -> list[float]:
        """Return so many values of a total that split the draws evenly, to the relative width of a bin."""
        found = self.histograms[(), (), view, indicator]
        return [found.quantile((i + 0.5) / count) for i in range(count)]

    def above(self, indicator: int, value: float) -> float:
        """Return the share of draws in which a total per functional unit lies above a value."""
        return self.histograms[(), (), "functional_unit", indicator].above(value)

    def _summaries(self, labels: dict[str, str], flows: list[int], view: str) -> Iterator[Summary]:
        points = self.points[self._sorted(flows)].sum(axis=0) / (self.reference_point if view == "functional_unit" else 1.0)
        for k, indicator in enumerate(self.indicators):
            found = self.histograms.get((tuple(labels), tuple(labels.values()), view, k))
            if found is None or not self.model.knows(flows, k):
                yield Summary(indicator, labels, view, None, None, None, None, None)
                continue
            low, middle, high = (found.quantile(p) for p in (0.05, 0.5, 0.95))
            yield Summary(indicator, labels, view, float(points[k]), found.sum / found.count, middle, low, high)


def stream(
    model: Model, samples: int, seed: int = SEED, labels: Iterable[tuple[str, ...]] = (("stage",),), told: Callable[[int], None] = lambda _draws: None
) -> StreamedResults:
    """Return the results of so many draws, grouped in all and by each of some labels.

    told   called with the number of draws of each block
    Raises InputError where a sample is not a finite number.
    """
    stated = engine.point(model)
    empty = np.zeros((len(model.flows), len(model.indicators), 0))
    out = StreamedResults(model, seed, empty, stated.impacts[:, :, 0], np.zeros(0), float(stated.reference[0]))
    groups = [(grain, key, flows) for grain in dict.fromkeys([(), *labels]) for key, flows in out.groups(grain).items()]
    found = {(grain, key, view, k): Histogram() for grain, key, _f in groups for view in VIEWS for k in range(len(model.indicators))}
    for block in engine.blocks(model, samples, seed, groups=[flows for _grain, _key, flows in groups]):
        for (grain, key, _flows), together in zip(groups, block.impacts, strict=True):
            for view in VIEWS:
                values = together / block.reference if view == "functional_unit" else together
                for k in range(len(model.indicators)):
                    found[grain, key, view, k].add(values[k])
        told(block.reference.size)
    object.__setattr__(out, "histograms", found)
    object.__setattr__(out, "drawn", samples)
    return out
